//! Progressive delays after failed sign-ins, by account and by address.

use std::collections::HashMap;

use kernel::{PersonId, Timestamp};
use parking_lot::Mutex;

/// Longest delay, in seconds.
const LONGEST: i64 = 900;
/// After so long without a failure an account's are forgotten, in seconds.
const FORGET: i64 = 3_600;
/// An address loses one failure in so many seconds: many people behind one router mistype all day.
const REST: i64 = 60;
/// Keys remembered; the oldest go first.
const MOST: usize = 50_000;
/// Longest login that is told apart; longer ones are no accounts and share one key.
const LOGIN: usize = 64;

/// Whose failures are counted.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Key {
    /// A login, whether there is such an account or not.
    Login(String),
    /// Where a request came from.
    Address(String),
    /// A person who confirms a new factor.
    Factor(PersonId),
}

impl Key {
    pub(crate) fn login(login: &str) -> Self {
        Self::Login(if login.len() > LOGIN { String::new() } else { login.to_owned() })
    }

    /// Failures that cost nothing: people mistype.
    fn free(&self) -> u32 {
        match self {
            Self::Login(_) | Self::Factor(_) => 5,
            Self::Address(_) => 50,
        }
    }
}

#[derive(Clone, Copy)]
struct Failures {
    count: u32,
    last: Timestamp,
}

impl Failures {
    /// What is left of them now.
    fn left(&self, key: &Key, now: Timestamp) -> u32 {
        let rest = (now.seconds() - self.last.seconds()).max(0);
        match key {
            Key::Login(_) | Key::Factor(_) if rest >= FORGET => 0,
            Key::Login(_) | Key::Factor(_) => self.count,
            Key::Address(_) => self.count.saturating_sub(u32::try_from(rest / REST).unwrap_or(u32::MAX)),
        }
    }
}

/// Attempts by key.
#[derive(Default)]
pub(crate) struct Throttle {
    failures: Mutex<HashMap<Key, Failures>>,
}

/// Seconds to wait after so many failures: 2, 4, 8 …
fn delay(count: u32, free: u32) -> i64 {
    if count < free { 0 } else { (2i64 << (count - free).min(10)).min(LONGEST) }
}

impl Throttle {
    /// Counts an attempt as failed until it is forgiven: attempts that run at the same time cannot all slip in before
    /// the first has failed.
    ///
    /// # Errors
    /// The moment until which the key must wait; such an attempt does not count.
    pub(crate) fn attempt(&self, key: &Key, now: Timestamp) -> Result<(), Timestamp> {
        let mut failures = self.failures.lock();
        if failures.len() >= MOST && !failures.contains_key(key) {
            forget_oldest(&mut failures);
        }
        let entry = failures.entry(key.clone()).or_insert(Failures { count: 0, last: now });
        let left = entry.left(key, now);
        let until = entry.last.plus_seconds(delay(left, key.free()));
        if until > now {
            return Err(until);
        }
        *entry = Failures { count: left.saturating_add(1), last: now };
        Ok(())
    }

    /// The attempt was none, or a good one: takes it back.
    pub(crate) fn forgive(&self, key: &Key) {
        if let Some(entry) = self.failures.lock().get_mut(key) {
            entry.count = entry.count.saturating_sub(1);
        }
    }

    /// Forgets a key's failures.
    pub(crate) fn forget(&self, key: &Key) {
        self.failures.lock().remove(key);
    }
}

fn forget_oldest(failures: &mut HashMap<Key, Failures>) {
    let mut times: Vec<i64> = failures.values().map(|f| f.last.0).collect();
    let (_, median, _) = times.select_nth_unstable(MOST / 2);
    let median = *median;
    failures.retain(|_, f| f.last.0 > median);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_mistakes_are_free_then_waiting_doubles() {
        let (throttle, mut now) = (Throttle::default(), Timestamp(0));
        let (zhang, li) = (Key::login("zhang"), Key::login("li"));
        for _ in 0..5 {
            assert_eq!(throttle.attempt(&zhang, now), Ok(()));
        }
        let mut last = 0;
        for _ in 0..6 {
            let until = throttle.attempt(&zhang, now).unwrap_err();
            let wait = until.seconds() - now.seconds();
            assert!(wait > last, "{wait} after {last}");
            last = wait;
            now = until;
            assert_eq!(throttle.attempt(&zhang, now), Ok(()));
        }
        assert_eq!(throttle.attempt(&li, now), Ok(()));
        throttle.forget(&zhang);
        assert_eq!(throttle.attempt(&zhang, now), Ok(()));
    }

    #[test]
    fn an_office_that_mistypes_all_day_is_not_locked_out() {
        let (throttle, office) = (Throttle::default(), Key::Address("198.51.100.7".to_owned()));
        for minute in 0..600 {
            assert_eq!(throttle.attempt(&office, Timestamp(0).plus_seconds(minute * 60)), Ok(()));
        }
        let storm = (0..60).map(|_| throttle.attempt(&office, Timestamp(0).plus_seconds(36_000)));
        assert!(storm.filter(Result::is_err).count() > 5, "a storm from one address is slowed down");
    }

    #[test]
    fn logins_made_up_by_the_million_do_not_fill_the_memory() {
        let throttle = Throttle::default();
        for n in 0..(MOST as i64 + 10) {
            let _ = throttle.attempt(&Key::login(&format!("made-up-{n}")), Timestamp(n));
        }
        assert!(throttle.failures.lock().len() <= MOST);
        assert_eq!(Key::login(&"x".repeat(1_000_000)), Key::login(&"y".repeat(100)));
    }
}
