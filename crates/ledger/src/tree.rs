//! The growing edge of the Merkle tree: all that must be in memory to go on appending.

use crate::hash::{Hash, empty_root, node_hash};
use crate::tile::{TileId, WIDTH, complete_at, perfect_root};

/// An append-only Merkle tree (RFC 9162 §2.1) of which only the incomplete tiles are held: at most 255 hashes
/// per level, 40 kB for 2^40 entries. Completed tiles are handed out to be stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    size: u64,
    /// `edge[l]`: the hashes of the incomplete tile of level l.
    edge: Vec<Vec<Hash>>,
    /// The perfect subtrees that make up the tree, left to right: one per bit of its size.
    peaks: Vec<Hash>,
}

impl Tree {
    /// The tree of no entries.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A tree read back from storage: `edge[l]` are the hashes of the incomplete tile of level l. `None` when
    /// they cannot be the edge of a tree of that size.
    pub(crate) fn restore(size: u64, edge: Vec<Vec<Hash>>) -> Option<Self> {
        let fits = (0u8..8).all(|level| {
            let held = edge.get(usize::from(level)).map_or(0, Vec::len);
            held == edge_width(level, size)
        });
        // Higher levels lie to the left; within a tile the larger subtrees do.
        let mut peaks = Vec::new();
        for mut tile in edge.iter().rev().map(Vec::as_slice) {
            while !tile.is_empty() {
                let (subtree, rest) = tile.split_at(1 << tile.len().ilog2());
                peaks.push(perfect_root(subtree));
                tile = rest;
            }
        }
        fits.then_some(Self { size, edge, peaks })
    }

    /// How many entries it holds.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf: one hash on average. Every tile that becomes complete is handed to `completed`, lowest level
    /// first.
    pub fn push(&mut self, leaf: Hash, mut completed: impl FnMut(TileId, &[Hash])) {
        let (mut hash, mut position, mut height) = (leaf, self.size, 0u8);
        self.hold(0, hash);
        while position & 1 == 1
            && let Some(left) = self.peaks.pop()
        {
            hash = node_hash(&left, &hash);
            position >>= 1;
            height += 1;
            if height.is_multiple_of(8) {
                let level = height / 8;
                let tile = &mut self.edge[usize::from(level) - 1];
                completed(TileId { level: level - 1, index: position }, tile);
                tile.clear();
                self.hold(level, hash);
            }
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    fn hold(&mut self, level: u8, hash: Hash) {
        if self.edge.len() <= usize::from(level) {
            self.edge.push(Vec::with_capacity(WIDTH));
        }
        self.edge[usize::from(level)].push(hash);
    }

    /// The root of the whole tree: MTH(D\[n\]) of RFC 9162 §2.1.1.
    #[must_use]
    pub fn root(&self) -> Hash {
        let right_to_left = self.peaks.iter().rev().copied();
        right_to_left.reduce(|right, left| node_hash(&left, &right)).unwrap_or_else(empty_root)
    }
}

/// How many hashes the incomplete tile of a level has in a tree of `size`.
pub(crate) fn edge_width(level: u8, size: u64) -> usize {
    usize::try_from(complete_at(level, size) % 256).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::leaf_hash;

    /// The leaves of the test tree that all Certificate Transparency implementations share.
    pub(crate) const SHARED_LEAVES: [&str; 8] =
        ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

    #[test]
    fn roots_are_the_known_ones_of_rfc_6962() {
        let known = [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ];
        let mut tree = Tree::new();
        assert_eq!(
            hex::encode(tree.root()),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        for (leaf, root) in SHARED_LEAVES.iter().zip(known) {
            tree.push(leaf_hash(&hex::decode(leaf).unwrap()), |_, _| panic!("no tile is complete yet"));
            assert_eq!(hex::encode(tree.root()), root);
        }
    }

    #[test]
    fn complete_tiles_come_out_in_order_and_the_edge_restores() {
        let mut tree = Tree::new();
        let mut tiles = Vec::new();
        for n in 0u64..70_000 {
            tree.push(leaf_hash(&n.to_be_bytes()), |id, hashes| {
                assert_eq!(hashes.len(), WIDTH);
                tiles.push(id);
            });
        }
        assert_eq!(tiles.len(), 274);
        assert_eq!(tiles[255], TileId { level: 0, index: 255 });
        assert_eq!(tiles[256], TileId { level: 1, index: 0 });
        assert_eq!(Tree::restore(70_000, tree.edge.clone()), Some(tree.clone()));
        assert_eq!(Tree::restore(70_001, tree.edge.clone()), None);
    }
}
