//! Progressive delays after failed sign-ins, by account and by address.

use std::collections::HashMap;

use kernel::Timestamp;
use parking_lot::Mutex;

/// Failures that cost nothing: people mistype.
const FREE: u32 = 5;
/// Longest delay, in seconds.
const LONGEST: i64 = 900;
/// After so long without a failure all is forgotten, in seconds.
const FORGET: i64 = 3_600;
/// Keys remembered; the oldest go first.
const MOST: usize = 50_000;

#[derive(Clone, Copy)]
struct Failures {
    count: u32,
    last: Timestamp,
}

/// Failures by key (an account's login, an address).
#[derive(Default)]
pub(crate) struct Throttle {
    failures: Mutex<HashMap<String, Failures>>,
}

fn delay(count: u32) -> i64 {
    if count < FREE { 0 } else { (1i64 << (count - FREE).min(10)).min(LONGEST) * 2 }
}

impl Throttle {
    /// The moment until which a key must wait; none when it need not.
    pub(crate) fn locked_until(&self, key: &str, now: Timestamp) -> Option<Timestamp> {
        let failures = self.failures.lock().get(key).copied()?;
        let until = failures.last.plus_seconds(delay(failures.count).min(LONGEST));
        (until > now).then_some(until)
    }

    /// Counts a failure.
    pub(crate) fn failed(&self, key: &str, now: Timestamp) {
        let mut failures = self.failures.lock();
        if failures.len() >= MOST {
            failures.retain(|_, f| f.last.plus_seconds(FORGET) > now);
        }
        let entry = failures.entry(key.to_owned()).or_insert(Failures { count: 0, last: now });
        if entry.last.plus_seconds(FORGET) < now {
            entry.count = 0;
        }
        entry.count = entry.count.saturating_add(1);
        entry.last = now;
    }

    /// Forgets a key's failures.
    pub(crate) fn succeeded(&self, key: &str) {
        self.failures.lock().remove(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_mistakes_are_free_then_waiting_doubles() {
        let (throttle, mut now) = (Throttle::default(), Timestamp(0));
        for _ in 0..4 {
            throttle.failed("zhang", now);
            assert_eq!(throttle.locked_until("zhang", now), None);
        }
        let mut last = 0;
        for _ in 0..6 {
            throttle.failed("zhang", now);
            let wait = throttle.locked_until("zhang", now).unwrap().seconds() - now.seconds();
            assert!(wait > last);
            last = wait;
            now = now.plus_seconds(wait);
        }
        assert_eq!(throttle.locked_until("li", now), None);
        throttle.succeeded("zhang");
        assert_eq!(throttle.locked_until("zhang", now), None);
    }
}
