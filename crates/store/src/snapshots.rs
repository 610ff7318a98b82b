//! How long a reader's snapshot is good.
//!
//! SQLite drops a connection's page cache, decrypted pages and all, when its next snapshot is newer. Every read writes
//! its ledger entry, so a snapshot per read would find the cache empty each time. A reader therefore keeps its snapshot
//! while only such entries were written, which no reader of data looks at.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::session::Span;

/// A snapshot is kept no longer: the log of changes cannot be emptied behind it.
const LONGEST: Duration = Duration::from_millis(250);
/// And no longer than this without a job.
pub(crate) const LINGER: Duration = Duration::from_millis(20);

/// Counts commits, so that readers know whether theirs is the newest state.
#[derive(Default)]
pub(crate) struct Commits {
    /// Commits that readers must see.
    data: AtomicU64,
    /// All commits.
    all: AtomicU64,
    /// Readers shall keep nothing at the moment.
    release: AtomicBool,
}

impl Commits {
    /// Says that something was committed, before anybody hears of it.
    pub(crate) fn committed(&self, aside: bool) {
        self.all.fetch_add(1, Ordering::AcqRel);
        if !aside {
            self.data.fetch_add(1, Ordering::AcqRel);
        }
    }

    /// Whether readers shall let go of their snapshots after each job.
    pub(crate) fn release(&self, release: bool) {
        self.release.store(release, Ordering::Release);
    }
}

/// A snapshot that a reader holds.
pub(crate) struct Snapshot {
    data: u64,
    all: u64,
    since: Instant,
}

impl Snapshot {
    /// The state now; to be called before the snapshot is taken, which is then at least as new.
    pub(crate) fn now(commits: &Commits) -> Self {
        Self {
            data: commits.data.load(Ordering::Acquire),
            all: commits.all.load(Ordering::Acquire),
            since: Instant::now(),
        }
    }

    /// Whether a job may run on it.
    pub(crate) fn serves(&self, span: Span, commits: &Commits) -> bool {
        let newest = match span {
            Span::Latest => self.all == commits.all.load(Ordering::Acquire),
            _ => self.data == commits.data.load(Ordering::Acquire),
        };
        newest && self.is_kept(commits)
    }

    /// Whether it may stay for the next job.
    pub(crate) fn is_kept(&self, commits: &Commits) -> bool {
        !commits.release.load(Ordering::Acquire) && self.since.elapsed() < LONGEST
    }
}
