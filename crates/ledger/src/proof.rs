//! Proofs over the tree: this entry is in it, and this tree grew out of that one.

use crate::hash::{Hash, node_hash};
use crate::tile::perfect_root;

/// Where the hashes of complete subtrees come from (tiles in the database, or a vector in a test).
pub trait Subtrees {
    /// What can go wrong.
    type Error;
    /// The roots of `count` neighbouring complete subtrees of 256^level entries each, from position `first` on.
    /// All lie within one tile.
    fn roots(&mut self, level: u8, first: u64, count: usize) -> Result<Vec<Hash>, Self::Error>;
}

/// The path that proves entry `index` in a tree of `size` (RFC 9162 §2.1.3.1), lowest neighbour first.
/// `index` must be below `size`.
pub fn inclusion<S: Subtrees>(tree: &mut S, index: u64, size: u64) -> Result<Vec<Hash>, S::Error> {
    debug_assert!(index < size, "only entries of the tree can be proved");
    let mut path = Vec::new();
    let (mut start, mut len) = (0, size);
    while len > 1 {
        let left = split(len);
        if index - start < left {
            path.push(root_of(tree, start + left, len - left)?);
            len = left;
        } else {
            path.push(root_of(tree, start, left)?);
            start += left;
            len -= left;
        }
    }
    path.reverse();
    Ok(path)
}

/// The proof that the tree of `old` entries is a prefix of that of `size` (RFC 9162 §2.1.4.1).
/// Empty when they are the same or the old one is empty. `old` must not be above `size`.
pub fn consistency<S: Subtrees>(tree: &mut S, old: u64, size: u64) -> Result<Vec<Hash>, S::Error> {
    debug_assert!(old <= size, "a tree does not shrink");
    let mut path = Vec::new();
    if old == 0 || old == size {
        return Ok(path);
    }
    let (mut start, mut len, mut rest) = (0, size, old);
    // `rest` entries of the current subtree belong to the old tree; the walk ends where they fill it.
    let mut whole_old_tree = true;
    while rest < len {
        let left = split(len);
        if rest <= left {
            path.push(root_of(tree, start + left, len - left)?);
            len = left;
        } else {
            path.push(root_of(tree, start, left)?);
            start += left;
            len -= left;
            rest -= left;
            whole_old_tree = false;
        }
    }
    if !whole_old_tree {
        path.push(root_of(tree, start, len)?);
    }
    path.reverse();
    Ok(path)
}

/// The root of the first `size` entries.
pub fn root<S: Subtrees>(tree: &mut S, size: u64) -> Result<Hash, S::Error> {
    if size == 0 { Ok(crate::hash::empty_root()) } else { root_of(tree, 0, size) }
}

/// Checks an inclusion proof against a root (RFC 9162 §2.1.3.2).
#[must_use]
pub fn verify_inclusion(leaf: &Hash, index: u64, size: u64, path: &[Hash], root: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut position, mut last) = (index, size - 1);
    let mut hash = *leaf;
    for step in path {
        if last == 0 {
            return false;
        }
        if position & 1 == 1 || position == last {
            hash = node_hash(step, &hash);
            while position & 1 == 0 && position != 0 {
                position >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, step);
        }
        position >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *root
}

/// Checks a consistency proof between two roots (RFC 9162 §2.1.4.2).
#[must_use]
pub fn verify_consistency(old: u64, size: u64, old_root: &Hash, root: &Hash, path: &[Hash]) -> bool {
    if old > size {
        return false;
    }
    if old == size {
        return path.is_empty() && old_root == root;
    }
    if old == 0 {
        return path.is_empty() && *old_root == crate::hash::empty_root();
    }
    // Where the old tree is a perfect subtree, its root starts the path and is not sent.
    let mut steps = path.iter();
    let first = if old.is_power_of_two() { Some(old_root) } else { steps.next() };
    let Some(first) = first else { return false };
    let (mut position, mut last) = (old - 1, size - 1);
    while position & 1 == 1 {
        position >>= 1;
        last >>= 1;
    }
    let (mut from_old, mut from_new) = (*first, *first);
    for step in steps {
        if last == 0 {
            return false;
        }
        if position & 1 == 1 || position == last {
            from_old = node_hash(step, &from_old);
            from_new = node_hash(step, &from_new);
            while position & 1 == 0 && position != 0 {
                position >>= 1;
                last >>= 1;
            }
        } else {
            from_new = node_hash(&from_new, step);
        }
        position >>= 1;
        last >>= 1;
    }
    last == 0 && from_old == *old_root && from_new == *root
}

/// The largest power of two below `len` (`len` > 1).
fn split(len: u64) -> u64 {
    1 << (63 - (len - 1).leading_zeros())
}

/// MTH of `len` entries from `start` on, where the range is a node's left or right side.
fn root_of<S: Subtrees>(tree: &mut S, start: u64, len: u64) -> Result<Hash, S::Error> {
    if len.is_power_of_two() {
        let height = len.trailing_zeros();
        let level = u8::try_from(height / 8).unwrap_or(u8::MAX);
        let hashes = tree.roots(level, start >> (8 * u32::from(level)), 1 << (height % 8))?;
        return Ok(perfect_root(&hashes));
    }
    let left = split(len);
    let (left_root, right_root) = (root_of(tree, start, left)?, root_of(tree, start + left, len - left)?);
    Ok(node_hash(&left_root, &right_root))
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use proptest::prelude::*;

    use super::*;
    use crate::hash::leaf_hash;
    use crate::tree::Tree;

    struct Leaves(Vec<Hash>);

    impl Leaves {
        fn of(size: u64) -> Self {
            Self((0..size).map(|n| leaf_hash(&n.to_be_bytes())).collect())
        }

        fn tree(&self, size: u64) -> Tree {
            let mut tree = Tree::new();
            self.0.iter().take(usize::try_from(size).unwrap()).for_each(|leaf| tree.push(*leaf, |_, _| ()));
            tree
        }
    }

    impl Subtrees for Leaves {
        type Error = Infallible;
        fn roots(&mut self, level: u8, first: u64, count: usize) -> Result<Vec<Hash>, Infallible> {
            assert!(first % 256 + count as u64 <= 256, "within one tile");
            let width = 256usize.pow(u32::from(level));
            let first = usize::try_from(first).unwrap() * width;
            Ok((0..count)
                .map(|i| perfect_root(&self.0[first + i * width..first + (i + 1) * width]))
                .collect())
        }
    }

    #[test]
    fn paths_of_the_rfc_6962_tree_of_seven() {
        // RFC 6962 §2.1.3: PATH(0, D[7]) = [b, h, l]; PROOF(3, D[7]) = [c, d, g, l]; PROOF(4, D[7]) = [l].
        let mut leaves = Leaves::of(7);
        let d: Vec<Hash> = leaves.0.clone();
        let g = node_hash(&d[0], &d[1]);
        let h = node_hash(&d[2], &d[3]);
        let l = node_hash(&node_hash(&d[4], &d[5]), &d[6]);
        assert_eq!(inclusion(&mut leaves, 0, 7), Ok(vec![d[1], h, l]));
        assert_eq!(consistency(&mut leaves, 3, 7), Ok(vec![d[2], d[3], g, l]));
        assert_eq!(consistency(&mut leaves, 4, 7), Ok(vec![l]));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn every_entry_of_every_tree_can_be_proved_and_nothing_else(size in 1u64..1_500, pick in any::<u64>(), bit in 0usize..256, other in any::<u64>()) {
            let index = pick % size;
            let mut leaves = Leaves::of(size);
            let root = leaves.tree(size).root();
            let leaf = leaves.0[usize::try_from(index).unwrap()];
            let path = inclusion(&mut leaves, index, size).unwrap();
            prop_assert!(verify_inclusion(&leaf, index, size, &path, &root));
            prop_assert_eq!(super::root(&mut leaves, size).unwrap(), root);
            let flip = |hash: &Hash| { let mut h = *hash; h[bit / 8] ^= 1 << (bit % 8); h };
            prop_assert!(!verify_inclusion(&flip(&leaf), index, size, &path, &root));
            prop_assert!(!verify_inclusion(&leaf, index, size, &path, &flip(&root)));
            let wrong = other % (size + 3);
            prop_assert!(wrong == index || !verify_inclusion(&leaf, wrong, size, &path, &root));
            for i in 0..path.len() {
                let mut bad = path.clone();
                bad[i] = flip(&bad[i]);
                prop_assert!(!verify_inclusion(&leaf, index, size, &bad, &root));
                bad.remove(i);
                prop_assert!(!verify_inclusion(&leaf, index, size, &bad, &root));
            }
            let mut longer = path.clone();
            longer.push(root);
            prop_assert!(!verify_inclusion(&leaf, index, size, &longer, &root));
        }

        #[test]
        fn growth_can_be_proved_and_rewriting_cannot(size in 1u64..1_500, pick in any::<u64>(), bit in 0usize..256) {
            let old = pick % (size + 1);
            let mut leaves = Leaves::of(size);
            let (old_root, root) = (leaves.tree(old).root(), leaves.tree(size).root());
            let path = consistency(&mut leaves, old, size).unwrap();
            prop_assert!(verify_consistency(old, size, &old_root, &root, &path));
            let flip = |hash: &Hash| { let mut h = *hash; h[bit / 8] ^= 1 << (bit % 8); h };
            prop_assert!(!verify_consistency(old, size, &flip(&old_root), &root, &path));
            prop_assert!(old == 0 || !verify_consistency(old, size, &old_root, &flip(&root), &path));
            for i in 0..path.len() {
                let mut bad = path.clone();
                bad[i] = flip(&bad[i]);
                prop_assert!(!verify_consistency(old, size, &old_root, &root, &bad));
                bad.remove(i);
                prop_assert!(!verify_consistency(old, size, &old_root, &root, &bad));
            }
            let mut longer = path.clone();
            longer.push(root);
            prop_assert!(!verify_consistency(old, size, &old_root, &root, &longer));
        }
    }
}
