import { describe, expect, it } from 'vitest';
import type { LedgerProof } from '@/api/types';
import { checkInclusion, hashBytes, hex } from './proof';

async function sha256(...parts: Uint8Array[]): Promise<Uint8Array> {
  const all = new Uint8Array(parts.flatMap((part) => Array.from(part)));
  return new Uint8Array(await crypto.subtle.digest('SHA-256', all));
}

const leaf = (text: string) => sha256(Uint8Array.of(0), new TextEncoder().encode(text));
const node = (left: Uint8Array, right: Uint8Array) => sha256(Uint8Array.of(1), left, right);

/** The tree of RFC 9162 §2.1.1 and its audit path, written recursively: another shape than the code under test. */
async function rootOf(leaves: Uint8Array[]): Promise<Uint8Array> {
  if (leaves.length === 1) return leaves[0] ?? new Uint8Array();
  const k = 2 ** Math.ceil(Math.log2(leaves.length) - 1);
  return node(await rootOf(leaves.slice(0, k)), await rootOf(leaves.slice(k)));
}

async function pathOf(index: number, leaves: Uint8Array[]): Promise<Uint8Array[]> {
  if (leaves.length === 1) return [];
  const k = 2 ** Math.ceil(Math.log2(leaves.length) - 1);
  return index < k
    ? [...(await pathOf(index, leaves.slice(0, k))), await rootOf(leaves.slice(k))]
    : [...(await pathOf(index - k, leaves.slice(k))), await rootOf(leaves.slice(0, k))];
}

async function proofOf(index: number, size: number): Promise<LedgerProof> {
  const leaves = await Promise.all(Array.from({ length: size }, (_, i) => leaf(`entry ${i}`)));
  return {
    seq: index,
    leaf_hash: hex(leaves[index] ?? new Uint8Array()),
    size,
    root: btoa(String.fromCharCode(...(await rootOf(leaves)))),
    path: (await pathOf(index, leaves)).map(hex),
  };
}

describe('inclusion proofs', () => {
  it('hold for every leaf of every tree up to 17 entries', async () => {
    for (let size = 1; size <= 17; size += 1) {
      for (let index = 0; index < size; index += 1) {
        const proof = await proofOf(index, size);
        expect((await checkInclusion(proof, index)).ok, `leaf ${index} of ${size}`).toBe(true);
      }
    }
  });

  it('fail for another leaf, another place, another root, a cut path', async () => {
    const proof = await proofOf(5, 11);
    const other = await proofOf(6, 11);
    expect((await checkInclusion({ ...proof, leaf_hash: other.leaf_hash }, 5)).ok).toBe(false);
    expect((await checkInclusion(proof, 4)).ok).toBe(false);
    expect((await checkInclusion({ ...proof, root: other.leaf_hash }, 5)).ok).toBe(false);
    expect((await checkInclusion({ ...proof, path: proof.path.slice(1) }, 5)).ok).toBe(false);
    expect((await checkInclusion(proof, 11)).ok).toBe(false);
  });

  it('shows the neighbour and the side of every step', async () => {
    const { steps } = await checkInclusion(await proofOf(2, 4), 2);
    expect(steps.map((step) => step.side)).toEqual(['right', 'left']);
  });

  it('reads hashes in hex and in base64', () => {
    expect(hex(hashBytes('00ff'))).toBe('00ff');
    expect(hex(hashBytes(btoa('\x00\xff\x10')))).toBe('00ff10');
  });
});
