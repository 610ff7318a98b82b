//! The tree as it stands in the database: tiles for proofs, the edge to go on from, the newest checkpoint.

use std::collections::HashMap;

use kernel::Timestamp;
use store::{Conn, Param};

use crate::checkpoint::Checkpoint;
use crate::error::Error;
use crate::hash::Hash;
use crate::note::VerifierKey;
use crate::proof::Subtrees;
use crate::rows::{int, number};
use crate::tile::{self, TileId, WIDTH, complete_at, perfect_root};
use crate::tree::{Tree, edge_width};

/// Reads hashes of the tree; remembers the tiles it has seen, for the length of one request.
pub(crate) struct StoredTree<'c> {
    conn: &'c mut dyn Conn,
    seen: HashMap<TileId, Vec<Hash>>,
}

impl<'c> StoredTree<'c> {
    pub(crate) fn new(conn: &'c mut dyn Conn) -> Self {
        Self { conn, seen: HashMap::new() }
    }

    /// The first `width` hashes of a tile.
    pub(crate) fn tile(&mut self, id: TileId, width: usize) -> Result<Vec<Hash>, Error> {
        self.roots(id.level, id.index * WIDTH as u64, width)
    }

    /// The tree with `size` entries, ready to go on.
    pub(crate) fn restore(&mut self, size: u64) -> Result<Tree, Error> {
        let mut edge = Vec::new();
        for level in (0u8..8).take_while(|level| complete_at(*level, size) > 0) {
            let (end, width) = (complete_at(level, size), edge_width(level, size));
            edge.push(self.roots(level, end - width as u64, width)?);
        }
        Tree::restore(size, edge).ok_or(Error::Damaged { seq: size, what: "the tree's edge has holes" })
    }

    /// The stored tile, when it is complete.
    fn complete(&mut self, id: TileId) -> Result<Option<&[Hash]>, Error> {
        if !self.seen.contains_key(&id) {
            let rows = self.conn.query(
                "SELECT hashes FROM ledger_tile WHERE level = $1 AND idx = $2",
                &[Param::Int(i64::from(id.level)), Param::Int(int(id.index))],
            )?;
            let Some(row) = rows.first() else { return Ok(None) };
            let hashes = tile::from_bytes(row.get_blob(0)?).filter(|hashes| hashes.len() == WIDTH);
            self.seen.insert(id, hashes.ok_or_else(|| damaged(id, "a tile is not 256 hashes wide"))?);
        }
        Ok(self.seen.get(&id).map(Vec::as_slice))
    }

    fn leaves(&mut self, first: u64, count: usize) -> Result<Vec<Hash>, Error> {
        let rows = self.conn.query(
            "SELECT leaf FROM ledger_index WHERE seq >= $1 AND seq < $2 ORDER BY seq",
            &[Param::Int(int(first)), Param::Int(int(first + count as u64))],
        )?;
        let leaves = rows
            .iter()
            .map(|row| {
                row.get_blob(0)?
                    .try_into()
                    .map_err(|_| Error::Damaged { seq: first, what: "a leaf hash has the wrong length" })
            })
            .collect::<Result<Vec<Hash>, Error>>()?;
        if leaves.len() == count {
            Ok(leaves)
        } else {
            Err(Error::Damaged { seq: first, what: "leaf hashes are missing" })
        }
    }
}

impl Subtrees for StoredTree<'_> {
    type Error = Error;

    fn roots(&mut self, level: u8, first: u64, count: usize) -> Result<Vec<Hash>, Error> {
        let id = TileId::holding(level, first);
        if let Some(hashes) = self.complete(id)? {
            let from = usize::try_from(first % WIDTH as u64).unwrap_or(0);
            return Ok(hashes[from..from + count].to_vec());
        }
        let Some(below) = level.checked_sub(1) else { return self.leaves(first, count) };
        (first..first + count as u64)
            .map(|index| {
                let id = TileId { level: below, index };
                self.complete(id)?.map(perfect_root).ok_or_else(|| damaged(id, "a tile is missing"))
            })
            .collect()
    }
}

fn damaged(id: TileId, what: &'static str) -> Error {
    let seq = id.index.saturating_mul(1u64.checked_shl(8 * (u32::from(id.level) + 1)).unwrap_or(u64::MAX));
    Error::Damaged { seq, what }
}

/// The newest checkpoint, its signature and columns checked.
pub(crate) fn newest_checkpoint(conn: &mut dyn Conn, key: &VerifierKey) -> Result<Option<Checkpoint>, Error> {
    let rows =
        conn.query("SELECT size, root, at, note FROM ledger_checkpoint ORDER BY size DESC LIMIT 1", &[])?;
    let Some(row) = rows.first() else { return Ok(None) };
    let size = number(row.get_int(0)?);
    let checkpoint = Checkpoint::open(key, row.get_text(3)?, Timestamp(row.get_int(2)?));
    match checkpoint {
        Some(checkpoint) if checkpoint.size() == size && checkpoint.root()[..] == *row.get_blob(1)? => {
            Ok(Some(checkpoint))
        }
        _ => Err(Error::Damaged { seq: size, what: "the newest checkpoint is not this ledger's" }),
    }
}
