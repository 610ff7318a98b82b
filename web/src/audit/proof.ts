import type { LedgerProof } from '@/api/types';

/** One step on the way from a leaf to the root: the neighbour, the side it stands on, the hash of both. */
export interface ProofStep {
  sibling: string;
  side: 'left' | 'right';
  result: string;
}

export interface ProofCheck {
  ok: boolean;
  steps: ProofStep[];
}

/** Bytes of a hash written in hex or base64: checkpoints carry base64, proofs hex. */
export function hashBytes(text: string): Uint8Array<ArrayBuffer> {
  if (/^[0-9a-f]*$/i.test(text) && text.length % 2 === 0) {
    return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  }
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The hash of an inner node of the tree (RFC 9162 §2.1.1): SHA-256 of 0x01, left, right. */
async function nodeHash(left: Uint8Array, right: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const input = new Uint8Array(1 + left.length + right.length);
  input[0] = 1;
  input.set(left, 1);
  input.set(right, 1 + left.length);
  return new Uint8Array(await crypto.subtle.digest('SHA-256', input));
}

/**
 * Walks from the leaf to the root in this browser (RFC 9162 §2.1.3.2), so that the answer does not rest on the
 * server's word. `index` is the leaf's place in the tree, counted from 0.
 */
export async function checkInclusion(proof: LedgerProof, index: number): Promise<ProofCheck> {
  const steps: ProofStep[] = [];
  let node = index;
  let last = proof.size - 1;
  let hash = hashBytes(proof.leaf_hash);
  if (index < 0 || index > last) return { ok: false, steps };
  for (const sibling of proof.path) {
    if (last === 0) return { ok: false, steps };
    const neighbour = hashBytes(sibling);
    const isLeft = node % 2 === 1 || node === last;
    hash = isLeft ? await nodeHash(neighbour, hash) : await nodeHash(hash, neighbour);
    steps.push({ sibling: hex(neighbour), side: isLeft ? 'left' : 'right', result: hex(hash) });
    if (isLeft) {
      // A right edge without a partner moves up unhashed until it becomes a right child.
      while (node % 2 === 0 && node !== 0) {
        node /= 2;
        last = Math.floor(last / 2);
      }
    }
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  return { ok: last === 0 && hex(hash) === hex(hashBytes(proof.root)), steps };
}
