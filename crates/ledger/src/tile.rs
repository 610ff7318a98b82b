//! Tiles: the tree cut into pieces of height 8, as C2SP tlog-tiles names and serves them.

use crate::hash::{Hash, node_hash};

/// Hashes in a complete tile.
pub const WIDTH: usize = 256;
const WIDTH_U64: u64 = 256;

/// Where a tile lies: hash `i` of it covers the 256^level entries from `(index * 256 + i) * 256^level` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TileId {
    /// 0 holds leaf hashes; a hash of level l + 1 is the root of a complete tile of level l.
    pub level: u8,
    /// Position within the level.
    pub index: u64,
}

impl TileId {
    /// The tile at a level that holds the hash with this position.
    pub(crate) fn holding(level: u8, position: u64) -> Self {
        Self { level, index: position / WIDTH_U64 }
    }

    /// How many hashes the tile has in a tree of `size` entries; 0 when it does not exist yet.
    #[must_use]
    pub fn width_at(self, size: u64) -> usize {
        let Some(first) = self.index.checked_mul(WIDTH_U64) else { return 0 };
        let at_level = complete_at(self.level, size);
        usize::try_from(at_level.saturating_sub(first).min(WIDTH_U64)).unwrap_or(0)
    }

    /// The path below the log's prefix: `tile/0/x001/234`, with `.p/<width>` when partial.
    #[must_use]
    pub fn path(self, width: usize) -> String {
        format!("tile/{}/{}", self.level, index_path(self.index, width))
    }
}

/// The path of a bundle of 256 entries: `tile/entries/x001/234`, with `.p/<width>` when partial.
#[must_use]
pub fn entries_path(index: u64, width: usize) -> String {
    format!("tile/entries/{}", index_path(index, width))
}

fn index_path(index: u64, width: usize) -> String {
    let mut path = format!("{:03}", index % 1000);
    let mut rest = index / 1000;
    while rest > 0 {
        path = format!("x{:03}/{path}", rest % 1000);
        rest /= 1000;
    }
    if width < WIDTH {
        path.push_str(&format!(".p/{width}"));
    }
    path
}

/// How many subtrees of 256^level entries are complete in a tree of `size`.
pub(crate) fn complete_at(level: u8, size: u64) -> u64 {
    size.checked_shr(8 * u32::from(level)).unwrap_or(0)
}

/// The root over 2^k hashes (a complete tile, or an aligned part of one).
pub(crate) fn perfect_root(hashes: &[Hash]) -> Hash {
    debug_assert!(hashes.len().is_power_of_two(), "only perfect subtrees have one shape");
    if let [only] = hashes {
        return *only;
    }
    let mut row: Vec<Hash> = pairs(hashes);
    while row.len() > 1 {
        row = pairs(&row);
    }
    row[0]
}

fn pairs(row: &[Hash]) -> Vec<Hash> {
    row.chunks_exact(2).map(|pair| node_hash(&pair[0], &pair[1])).collect()
}

/// A tile as bytes: hashes one after another.
pub(crate) fn to_bytes(hashes: &[Hash]) -> Vec<u8> {
    hashes.concat()
}

/// Hashes from a tile's bytes; `None` when the length is no multiple of 32 or above 256 hashes.
pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Vec<Hash>> {
    let (hashes, rest) = bytes.as_chunks::<32>();
    (rest.is_empty() && hashes.len() <= WIDTH).then(|| hashes.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_of_the_specification() {
        assert_eq!(TileId { level: 0, index: 1_234_067 }.path(256), "tile/0/x001/x234/067");
        assert_eq!(TileId { level: 1, index: 0 }.path(17), "tile/1/000.p/17");
        assert_eq!(entries_path(273, 112), "tile/entries/273.p/112");
    }

    #[test]
    fn a_tree_of_70_000_has_the_tiles_of_the_specification() {
        let width = |level, index| TileId { level, index }.width_at(70_000);
        assert_eq!((width(0, 272), width(0, 273), width(0, 274)), (256, 112, 0));
        assert_eq!((width(1, 0), width(1, 1), width(1, 2)), (256, 17, 0));
        assert_eq!((width(2, 0), width(3, 0)), (1, 0));
    }
}
