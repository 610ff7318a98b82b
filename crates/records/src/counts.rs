//! Capped counts, remembered while they cannot have changed.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use utoipa::ToSchema;

use kernel::Timestamp;
use parking_lot::Mutex;
use serde::Serialize;

/// Lists count no further than this (DESIGN 6): an exact count of millions costs more than the page.
pub const COUNT_CAP: u64 = 10_000;
/// How long a capped count is believed: a list of more than the cap rarely falls below it.
const CAPPED_SECONDS: i64 = 60;
/// Remembered counts; the oldest half goes when it is full.
const MOST: usize = 4_096;

/// A count that says whether it stopped counting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Count {
    /// At most `COUNT_CAP`.
    pub value: u64,
    /// There are more.
    pub capped: bool,
}

impl Count {
    /// From a count that ran to `COUNT_CAP + 1`.
    #[must_use]
    pub fn from_probe(n: u64) -> Self {
        Self { value: n.min(COUNT_CAP), capped: n > COUNT_CAP }
    }
}

/// Counts by query (object, plan and filter), with the change number they were taken at.
#[derive(Default)]
pub(crate) struct Counts {
    known: Mutex<HashMap<u64, (Count, i64, Timestamp)>>,
}

impl Counts {
    /// A count that is still true: nothing has changed since, or it was capped a short while ago.
    pub(crate) fn get(&self, key: u64, changes: &AtomicI64, now: Timestamp) -> Option<Count> {
        let (count, at_change, at) = *self.known.lock().get(&key)?;
        let unchanged = at_change == changes.load(Ordering::Acquire);
        (unchanged || (count.capped && at.plus_seconds(CAPPED_SECONDS) > now)).then_some(count)
    }

    /// Remembers a count taken when the change number was `at_change`.
    pub(crate) fn put(&self, key: u64, count: Count, at_change: i64, now: Timestamp) {
        let mut known = self.known.lock();
        if known.len() >= MOST {
            let mut times: Vec<Timestamp> = known.values().map(|(_, _, at)| *at).collect();
            times.sort_unstable();
            let middle = times[times.len() / 2];
            known.retain(|_, (_, _, at)| *at > middle);
        }
        known.insert(key, (count, at_change, now));
    }
}
