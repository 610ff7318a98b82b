// The tree of RFC 9162 over the entries of the mock, so that proofs hold in the browser.
import { createHash } from 'node:crypto';

const node = (left, right) => createHash('sha256').update(Buffer.of(1)).update(left).update(right).digest();
const split = (size) => 2 ** Math.ceil(Math.log2(size) - 1);

export function rootOf(leaves) {
  if (leaves.length === 1) return leaves[0];
  const k = split(leaves.length);
  return node(rootOf(leaves.slice(0, k)), rootOf(leaves.slice(k)));
}

export function pathOf(index, leaves) {
  if (leaves.length === 1) return [];
  const k = split(leaves.length);
  return index < k
    ? [...pathOf(index, leaves.slice(0, k)), rootOf(leaves.slice(k))]
    : [...pathOf(index - k, leaves.slice(k)), rootOf(leaves.slice(0, k))];
}
