//! The log of changes (WAL). A thread beside the writer moves it into its file, so that no commit waits for that, and
//! the writer then begins it anew from its start: a sync after overwriting takes half as long as one after growing,
//! which has to save the file's new length as well (docs/decisions/0009).

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use parking_lot::{Condvar, Mutex};
use rusqlite::Connection;

use super::error;
use super::open::{Access, BUSY, Place};
use crate::error::Error;

/// Pages that are not yet in the file, when the mover is woken: 16 MiB.
const BEHIND: i64 = 4_096;
/// Pages in the log when it is begun anew: 64 MiB, so that what several chunks of an import change is moved once.
const FULL: i64 = 16_384;
/// The same when the mover cannot keep up: then the writer waits for it.
const OVERFULL: i64 = 24_576;
/// How long the writer waits for readers that still need the log.
const PATIENCE: Duration = Duration::from_millis(100);

/// The writer's view of the log.
pub(super) struct Log {
    calls: Arc<Calls>,
    mover: Option<JoinHandle<()>>,
    /// Pages in it after the last commit.
    pages: i64,
    /// When to begin it anew.
    limit: i64,
}

/// What the writer tells the mover, and the other way round.
#[derive(Default)]
struct Calls {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// Something is to be moved, or being moved.
    busy: bool,
    stop: bool,
}

impl Log {
    /// Starts the mover of a file. Commits of `writer` move nothing any more.
    pub(super) fn of(place: &Place, writer: &Connection) -> Result<Self, Error> {
        writer.execute_batch("PRAGMA wal_autocheckpoint = 0").map_err(error)?;
        let conn = place.connect(Access::Read)?;
        let calls = Arc::<Calls>::default();
        let heard = Arc::clone(&calls);
        let mover = std::thread::Builder::new()
            .name("store-mover".to_owned())
            .spawn(move || heard.serve(&conn))
            .map_err(|_| Error::Closed)?;
        Ok(Self { calls, mover: Some(mover), pages: 0, limit: FULL })
    }

    /// Looks at it after a commit.
    pub(super) fn look(&mut self, writer: &Connection) {
        let counts = writer.prepare_cached("PRAGMA main.wal_checkpoint(NOOP)").and_then(|mut statement| {
            statement.query_row([], |row| Ok((row.get::<_, i64>(1)?, row.get::<_, i64>(2)?)))
        });
        match counts {
            Ok((pages, moved)) => {
                self.pages = pages;
                if pages - moved >= BEHIND {
                    self.calls.wake();
                }
            }
            Err(error) => tracing::warn!(%error, "the length of the log of changes is unknown"),
        }
    }

    /// Whether it is time to begin it anew: nearly all of it is in the file, or the mover cannot keep up.
    pub(super) fn is_full(&self) -> bool {
        self.pages >= self.limit && (self.pages >= OVERFULL || !self.calls.state.lock().busy)
    }

    /// Has the next commit begin it anew. Readers have to let go of it; for one that reads longer than our patience, it
    /// grows on and is tried again later.
    pub(super) fn begin_anew(&mut self, writer: &Connection) {
        self.calls.wait();
        let restarted = writer.busy_timeout(PATIENCE).and_then(|()| {
            writer.query_row("PRAGMA main.wal_checkpoint(RESTART)", [], |row| row.get::<_, i64>(0))
        });
        let _ = writer.busy_timeout(BUSY);
        match restarted {
            Ok(0) => self.limit = FULL,
            Ok(_) => self.limit = self.pages + BEHIND,
            Err(error) => {
                self.limit = self.pages + BEHIND;
                tracing::warn!(%error, "the log of changes could not be begun anew");
            }
        }
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        self.calls.state.lock().stop = true;
        self.calls.changed.notify_all();
        if let Some(mover) = self.mover.take() {
            // A panic there was reported when it happened.
            let _ = mover.join();
        }
    }
}

impl Calls {
    fn wake(&self) {
        if !std::mem::replace(&mut self.state.lock().busy, true) {
            self.changed.notify_all();
        }
    }

    /// Waits until the mover has nothing to do.
    fn wait(&self) {
        self.changed.wait_while(&mut self.state.lock(), |state| state.busy && !state.stop);
    }

    /// The mover: until it is told to stop.
    fn serve(&self, conn: &Connection) {
        loop {
            let mut state = self.state.lock();
            self.changed.wait_while(&mut state, |state| !state.busy && !state.stop);
            if state.stop {
                return;
            }
            drop(state);
            let moved = conn.query_row("PRAGMA main.wal_checkpoint(PASSIVE)", [], |_| Ok(()));
            if let Err(error) = moved {
                tracing::warn!(%error, "the log of changes could not be moved into its file");
            }
            self.state.lock().busy = false;
            self.changed.notify_all();
        }
    }
}
