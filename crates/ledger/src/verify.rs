//! Verification: reads the whole ledger once, in bounded memory, and says what does not fit and what to do.
//! It trusts only the verifier key (and checkpoints that were kept elsewhere), not the server that kept the ledger.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, sync_channel};

use kernel::Timestamp;
use store::{Conn, Param, Row, Store};

use crate::checkpoint::Checkpoint;
use crate::entry::Entry;
use crate::error::Error;
use crate::hash::{Hash, leaf_hash};
use crate::note::VerifierKey;
use crate::report::{Problems, Report};
use crate::rows::{int, number, one_int};
use crate::tile::{self, TileId};
use crate::tree::Tree;

/// Entries read at a time.
const WINDOW: u64 = 8_192;

/// Verifies a ledger. `kept` are checkpoints that were kept elsewhere: they must be heads of this very tree, which
/// shows a ledger that was cut or replaced as a whole. `progress` hears how many entries are done.
pub fn verify(
    store: &Store,
    key: &VerifierKey,
    mut kept: Vec<Checkpoint>,
    mut progress: impl FnMut(u64),
) -> Result<Report, Error> {
    kept.sort_by_key(Checkpoint::size);
    let extent = store.read_blocking(extent)?;
    let mut check = Check::new(key, kept, &extent);
    // One thread reads while the other computes.
    let windows = prefetch(store, extent.end);
    for window in windows {
        let window = window?;
        check.window(&window);
        let completed = std::mem::take(&mut check.completed);
        let ids = completed.iter().map(|(id, _)| *id).collect();
        let stored = store.read_blocking(move |conn| stored_tiles(conn, ids))?;
        completed.iter().zip(stored).for_each(|((id, hashes), stored)| check.tile(*id, hashes, stored));
        progress(window.last);
    }
    check.strays(&extent);
    let root = (!check.broken && check.tree.size() > 0).then(|| check.tree.root());
    Ok(check.problems.report(check.tree.size(), root, extent.entries_end, check.checkpoints))
}

/// The windows from the first entry to `end`, read ahead by one.
fn prefetch(store: &Store, end: u64) -> Receiver<Result<Window, Error>> {
    let (send, windows) = sync_channel(1);
    let store = store.clone();
    std::thread::spawn(move || {
        let starts = (0..end).step_by(usize::try_from(WINDOW).unwrap_or(1));
        for first in starts {
            let last = (first + WINDOW).min(end);
            let window = store.read_blocking(move |conn| Window::read(conn, first, last));
            let failed = window.is_err();
            // Nobody listens any more when the verification has failed.
            if send.send(window).is_err() || failed {
                return;
            }
        }
    });
    windows
}

/// How far the tables reach.
struct Extent {
    lowest: i64,
    /// One past the last entry there is.
    entries_end: u64,
    /// One past the last entry that any table speaks of.
    end: u64,
    /// The size of the largest stored checkpoint: up to here all must be in the index and the tiles.
    covered: u64,
    tiles: u64,
}

fn extent(conn: &mut dyn Conn) -> Result<Extent, Error> {
    let mut one = |sql: &str| one_int(conn, sql, &[]);
    let covered = number(one("SELECT coalesce(max(size), 0) FROM ledger_checkpoint")?);
    let entries_end = number(one("SELECT coalesce(max(seq) + 1, 0) FROM ledger_entry")?);
    let index_end = number(one("SELECT coalesce(max(seq) + 1, 0) FROM ledger_index")?);
    let lowest = one("SELECT coalesce(min(seq), 0) FROM ledger_entry")?;
    let lowest = lowest.min(one("SELECT coalesce(min(seq), 0) FROM ledger_index")?);
    let tiles = number(one("SELECT count(*) FROM ledger_tile")?);
    Ok(Extent { lowest, entries_end, end: entries_end.max(index_end).max(covered), covered, tiles })
}

/// The rows of a stretch of the ledger.
struct Window {
    first: u64,
    last: u64,
    entries: Vec<Row>,
    index: Vec<Row>,
    checkpoints: Vec<Row>,
}

impl Window {
    fn read(conn: &mut dyn Conn, first: u64, last: u64) -> Result<Self, Error> {
        let range = [Param::Int(int(first)), Param::Int(int(last))];
        Ok(Self {
            first,
            last,
            entries: conn.query("SELECT seq, body FROM ledger_entry WHERE seq >= $1 AND seq < $2 ORDER BY seq", &range)?,
            index: conn.query(
                "SELECT seq, at, person, action, object, outcome, leaf FROM ledger_index \
                 WHERE seq >= $1 AND seq < $2 ORDER BY seq",
                &range,
            )?,
            checkpoints: conn.query(
                "SELECT size, root, at, note FROM ledger_checkpoint WHERE size > $1 AND size <= $2 ORDER BY size",
                &range,
            )?,
        })
    }
}

/// The stored hashes of these tiles; none where a tile is missing or unreadable.
fn stored_tiles(conn: &mut dyn Conn, ids: Vec<TileId>) -> Result<Vec<Option<Vec<Hash>>>, Error> {
    ids.into_iter()
        .map(|id| {
            let rows = conn.query(
                "SELECT hashes FROM ledger_tile WHERE level = $1 AND idx = $2",
                &[Param::Int(i64::from(id.level)), Param::Int(int(id.index))],
            )?;
            Ok(rows.first().and_then(|row| tile::from_bytes(row.get_blob(0).ok()?)))
        })
        .collect()
}

struct Check<'k> {
    key: &'k VerifierKey,
    covered: u64,
    tree: Tree,
    /// Tiles completed in this window, to be compared.
    completed: Vec<(TileId, Vec<Hash>)>,
    tiles: u64,
    kept: VecDeque<Checkpoint>,
    checkpoints: u64,
    /// The size of the last checkpoint whose root was right.
    sound: u64,
    /// The tree can no longer be computed: a hash is lost, or a root was wrong.
    broken: bool,
    problems: Problems,
}

impl<'k> Check<'k> {
    fn new(key: &'k VerifierKey, kept: Vec<Checkpoint>, extent: &Extent) -> Self {
        let mut problems = Problems::default();
        for kept in kept.iter().filter(|kept| kept.size() > extent.entries_end) {
            problems.cut_off(extent.entries_end, kept.size());
        }
        Self {
            key,
            covered: extent.covered,
            tree: Tree::new(),
            completed: Vec::new(),
            tiles: 0,
            kept: kept.into(),
            checkpoints: 0,
            sound: 0,
            broken: false,
            problems,
        }
    }

    fn window(&mut self, window: &Window) {
        let (mut entries, mut index) = (window.entries.iter().peekable(), window.index.iter().peekable());
        let mut checkpoints = window.checkpoints.iter().peekable();
        for seq in window.first..window.last {
            let entry = entries.next_if(|row| row.get_int(0).is_ok_and(|n| n == int(seq)));
            let index = index.next_if(|row| row.get_int(0).is_ok_and(|n| n == int(seq)));
            let leaf = self.entry(seq, entry, index);
            if seq < self.covered && !self.broken {
                let completed = &mut self.completed;
                match leaf {
                    Some(leaf) => self.tree.push(leaf, |id, hashes| completed.push((id, hashes.to_vec()))),
                    None => self.broken = true,
                }
            }
            while let Some(row) = checkpoints.next_if(|row| row.get_int(0).is_ok_and(|n| n == int(seq + 1))) {
                self.checkpoint(seq + 1, row);
            }
            while self.kept.front().is_some_and(|kept| kept.size() <= seq + 1) {
                let Some(kept) = self.kept.pop_front() else { break };
                self.root(&kept);
            }
        }
    }

    /// Checks one entry and its index row; answers with the leaf that was once integrated, where it is known.
    fn entry(&mut self, seq: u64, entry: Option<&Row>, index: Option<&Row>) -> Option<Hash> {
        let noted: Option<Hash> = index.and_then(|row| row.get_blob(6).ok()?.try_into().ok());
        let Some(body) = entry.and_then(|row| row.get_blob(1).ok()) else {
            self.problems.missing(seq);
            return noted;
        };
        let leaf = leaf_hash(body);
        let decoded = Entry::from_bytes(body);
        match (&decoded, index) {
            (None, _) => self.problems.unreadable(seq),
            (Some(_), None) if seq < self.covered => self.problems.not_indexed(seq),
            (Some(_), None) => {}
            (Some(_), Some(_)) if noted != Some(leaf) => self.problems.changed(seq),
            (Some(decoded), Some(row)) => {
                if let Some(column) = differing_column(decoded, row) {
                    self.problems.column(seq, column);
                }
            }
        }
        Some(noted.unwrap_or(leaf))
    }

    fn checkpoint(&mut self, size: u64, row: &Row) {
        self.checkpoints += 1;
        let at = Timestamp(row.get_int(2).unwrap_or(0));
        let opened = row.get_text(3).ok().and_then(|note| Checkpoint::open(self.key, note, at));
        let fits = |checkpoint: &Checkpoint| {
            checkpoint.size() == size && row.get_blob(1).is_ok_and(|root| *root == checkpoint.root())
        };
        match opened.filter(fits) {
            Some(checkpoint) => self.root(&checkpoint),
            None => self.problems.forged(size),
        }
    }

    /// The root at this size must be the one that was signed.
    fn root(&mut self, signed: &Checkpoint) {
        if self.broken || signed.size() != self.tree.size() {
            return;
        }
        if self.tree.root() == signed.root() {
            self.sound = signed.size();
        } else {
            self.problems.root(self.sound, signed.size());
            self.broken = true;
        }
    }

    fn tile(&mut self, id: TileId, hashes: &[Hash], stored: Option<Vec<Hash>>) {
        self.tiles += 1;
        let Some(stored) = stored.filter(|stored| stored.len() == hashes.len()) else {
            return self.problems.tile(id, 0);
        };
        if let Some(place) = stored.iter().zip(hashes).position(|(stored, computed)| stored != computed) {
            self.problems.tile(id, place as u64);
        }
    }

    /// Rows that belong to nothing.
    fn strays(&mut self, extent: &Extent) {
        if extent.lowest < 0 {
            self.problems.stray_entry(extent.lowest);
        }
        if !self.broken && extent.tiles > self.tiles {
            self.problems.stray_tiles(extent.tiles - self.tiles);
        }
    }
}

/// The first column of the index that does not say what the entry says.
fn differing_column(entry: &Entry, row: &Row) -> Option<&'static str> {
    let person = entry.actor.person.map(|person| person.0);
    let same = [
        ("at", row.get_int(1).is_ok_and(|at| at == entry.at.0)),
        ("person", row.opt_id(2).is_ok_and(|id| id == person)),
        ("action", row.get_text(3).is_ok_and(|action| action == entry.action)),
        ("object", row.opt_text(4).is_ok_and(|object| object == entry.object.as_deref())),
        ("outcome", row.get_int(5).is_ok_and(|code| code == i64::from(entry.outcome.code()))),
    ];
    same.iter().find(|(_, same)| !same).map(|(column, _)| *column)
}
