//! Rows prepared by several threads and handed on in the order of the file.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};

use parking_lot::Mutex;

use super::prepare::{Prepared, Preparer, RawRow, Sealing};
use super::source::Rows;
use super::{CHUNK, CHUNK_TEXT};
use crate::error::Error;

/// Rows that are written together.
pub(crate) struct Chunk {
    pub(crate) rows: Vec<Prepared>,
    /// An earlier run has dealt with them.
    pub(crate) known: bool,
}

/// The file, one chunk at a time.
struct Reader {
    rows: Box<dyn Rows>,
    /// Chunks and rows given out.
    chunks: u64,
    given: u64,
}

/// Prepares all rows on as many threads as there are cores, and calls `take` with each chunk in order, until it says
/// `false`. The first `known` rows are only prepared as far as needed to remember them.
pub(crate) fn each(
    preparer: &Preparer,
    rows: Box<dyn Rows>,
    known: u64,
    mut take: impl FnMut(Chunk) -> Result<bool, Error>,
) -> Result<(), Error> {
    let threads = std::thread::available_parallelism().map_or(2, std::num::NonZero::get).min(8);
    let reader = Arc::new(Mutex::new(Reader { rows, chunks: 0, given: 0 }));
    let (sender, prepared) = sync_channel::<(u64, Chunk)>(threads);
    std::thread::scope(|scope| {
        for n in 0..threads {
            let (reader, sender) = (reader.clone(), sender.clone());
            let worker = std::thread::Builder::new().name(format!("import-{n}"));
            let started = worker.spawn_scoped(scope, move || work(preparer, &reader, known, &sender));
            if n == 0 && started.is_err() {
                return Err(Error::Conflict("the machine starts no more threads".to_owned()));
            }
        }
        drop(sender);
        let mut waiting = BTreeMap::new();
        let mut next = 0;
        // Owned here: leaving early closes the channel, and the threads end.
        for (n, chunk) in prepared {
            waiting.insert(n, chunk);
            while let Some(chunk) = waiting.remove(&next) {
                next += 1;
                if !take(chunk)? {
                    return Ok(());
                }
            }
        }
        Ok(())
    })
}

fn work(preparer: &Preparer, reader: &Mutex<Reader>, known: u64, out: &SyncSender<(u64, Chunk)>) {
    loop {
        let Some((n, rows, known)) = reader.lock().next(preparer, known) else { return };
        let sealing = if known { Sealing::Never } else { Sealing::Now };
        let rows = rows.into_iter().map(|raw| preparer.row(raw, sealing)).collect();
        if out.send((n, Chunk { rows, known })).is_err() {
            return;
        }
    }
}

impl Reader {
    /// The next chunk's number and rows, and whether they are known. Chunks end where the known rows end.
    fn next(&mut self, preparer: &Preparer, known: u64) -> Option<(u64, Vec<RawRow>, bool)> {
        let before = known.saturating_sub(self.given);
        let most = if before > 0 { usize::try_from(before).unwrap_or(CHUNK).min(CHUNK) } else { CHUNK };
        let rows = read(self.rows.as_mut(), preparer, most);
        if rows.is_empty() {
            return None;
        }
        self.given += rows.len() as u64;
        self.chunks += 1;
        Some((self.chunks - 1, rows, before > 0))
    }
}

fn read(rows: &mut dyn Rows, preparer: &Preparer, most: usize) -> Vec<RawRow> {
    let mut out = Vec::with_capacity(most);
    let mut text = 0;
    while out.len() < most && text < CHUNK_TEXT {
        let Some((line, cells)) = rows.next_row() else { break };
        text += cells.as_ref().map_or(0, |cells| cells.iter().map(String::len).sum::<usize>());
        out.push(RawRow { line, id: preparer.inner.new_id(), cells });
    }
    out
}

/// The first rows of a file, prepared but not sealed: for a look ahead.
pub(crate) fn first(preparer: &Preparer, rows: &mut dyn Rows, most: usize) -> Vec<Prepared> {
    read(rows, preparer, most).into_iter().map(|raw| preparer.row(raw, Sealing::Never)).collect()
}
