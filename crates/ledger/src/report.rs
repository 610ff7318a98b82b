//! What a verification found, in words: what does not fit, where, and what to do.

use crate::hash::Hash;
use crate::tile::TileId;

/// More problems than this are counted, not described.
const MOST_DESCRIBED: usize = 1_000;

/// The result of a verification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// How many entries the newest checkpoint covers.
    pub size: u64,
    /// The root over them, when it could be computed from what is stored.
    pub root: Option<Hash>,
    /// How many entries there are, those not yet covered included.
    pub checked: u64,
    /// How many checkpoints were checked.
    pub checkpoints: u64,
    /// What does not fit; empty when the ledger is whole.
    pub problems: Vec<Problem>,
    /// How many more problems there are than described.
    pub undescribed: u64,
}

impl Report {
    /// Everything fits.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.problems.is_empty()
    }
}

/// One thing that does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The (first) entry concerned.
    pub seq: u64,
    /// What it is: `missing`, `changed`, `unreadable`, `column`, `not_indexed`, `tile`, `forged`, `root`, `cut_off`,
    /// `stray_entry`, `stray_tiles`.
    pub key: &'static str,
    /// In English: what was found and what to do.
    pub detail: String,
}

#[derive(Default)]
pub(crate) struct Problems {
    list: Vec<Problem>,
    undescribed: u64,
    /// The stretch of missing entries that is being counted.
    gap: Option<(u64, u64)>,
}

const RESTORE: &str = "Keep this database as evidence, restore the newest backup beside it and compare.";
const INDEX_ONLY: &str =
    "The entry itself is whole, but searches may miss or misplace it; find out who edited the index.";

impl Problems {
    fn add(&mut self, seq: u64, key: &'static str, detail: String) {
        self.end_gap();
        self.push(seq, key, detail);
    }

    fn push(&mut self, seq: u64, key: &'static str, detail: String) {
        if self.list.len() < MOST_DESCRIBED {
            self.list.push(Problem { seq, key, detail });
        } else {
            self.undescribed += 1;
        }
    }

    pub(crate) fn missing(&mut self, seq: u64) {
        match &mut self.gap {
            Some((_, last)) if *last + 1 == seq => *last = seq,
            _ => {
                self.end_gap();
                self.gap = Some((seq, seq));
            }
        }
    }

    fn end_gap(&mut self) {
        let Some((first, last)) = self.gap.take() else { return };
        let detail = if first == last {
            format!("Entry {first} was deleted. {RESTORE}")
        } else {
            format!("Entries {first} to {last} were deleted. {RESTORE}")
        };
        self.push(first, "missing", detail);
    }

    pub(crate) fn changed(&mut self, seq: u64) {
        let detail = format!(
            "Entry {seq} is not the one that was recorded: it was edited, moved or replaced. {RESTORE}"
        );
        self.add(seq, "changed", detail);
    }

    pub(crate) fn unreadable(&mut self, seq: u64) {
        let detail = format!("The bytes of entry {seq} are not those of an entry: it was edited. {RESTORE}");
        self.add(seq, "unreadable", detail);
    }

    pub(crate) fn column(&mut self, seq: u64, column: &str) {
        let detail = format!("The search column \"{column}\" of entry {seq} was edited. {INDEX_ONLY}");
        self.add(seq, "column", detail);
    }

    pub(crate) fn not_indexed(&mut self, seq: u64) {
        let detail = format!("Entry {seq} was taken out of the search index. {INDEX_ONLY}");
        self.add(seq, "not_indexed", detail);
    }

    pub(crate) fn tile(&mut self, id: TileId, place: u64) {
        let span = 1u64 << (8 * u32::from(id.level)).min(56);
        let seq = (id.index * 256 + place) * span;
        let detail = format!(
            "The stored hashes from entry {seq} on (tile {}/{}) do not fit the entries. {RESTORE}",
            id.level, id.index
        );
        self.add(seq, "tile", detail);
    }

    pub(crate) fn forged(&mut self, size: u64) {
        let detail = format!(
            "The checkpoint at size {size} was not signed by this ledger's key, or its columns were edited. {RESTORE}"
        );
        self.add(size.saturating_sub(1), "forged", detail);
    }

    pub(crate) fn root(&mut self, sound: u64, size: u64) {
        let detail = format!(
            "Entries {sound} to {} do not give the root that was signed for size {size}: something among them was \
             edited, inserted or moved. Later checkpoints were not compared. {RESTORE}",
            size - 1
        );
        self.add(sound, "root", detail);
    }

    pub(crate) fn cut_off(&mut self, entries: u64, size: u64) {
        let detail = format!(
            "A checkpoint kept elsewhere vouches for {size} entries, but there are only {entries}: the end was cut off, \
             or an older copy was put in place. {RESTORE}"
        );
        self.add(entries, "cut_off", detail);
    }

    pub(crate) fn stray_entry(&mut self, lowest: i64) {
        self.add(
            0,
            "stray_entry",
            format!("A row was inserted before the first entry (number {lowest}). {RESTORE}"),
        );
    }

    pub(crate) fn stray_tiles(&mut self, count: u64) {
        self.add(0, "stray_tiles", format!("{count} stored tiles belong to no entries. {RESTORE}"));
    }

    pub(crate) fn report(mut self, size: u64, root: Option<Hash>, checked: u64, checkpoints: u64) -> Report {
        self.end_gap();
        self.list.sort_by_key(|problem| problem.seq);
        Report { size, root, checked, checkpoints, problems: self.list, undescribed: self.undescribed }
    }
}
