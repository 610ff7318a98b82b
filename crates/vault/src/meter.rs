//! The meter (明文额度): how many distinct subjects a person may obtain in clear per hour. It stands in the vault, so
//! that no combination of endpoints gets around it: a restricted key is unwrapped only against a `Debit`.

use std::collections::{HashMap, VecDeque};

use kernel::{PersonId, SubjectId, Timestamp};
use parking_lot::Mutex;

/// Distinct subjects per person and hour, unless configured.
pub const DEFAULT_LIMIT: u32 = 300;
const HOUR: i64 = 3_600;

/// Permission to unwrap restricted keys of certain subjects, once debited.
pub struct Debit(Scope);

enum Scope {
    Subjects(Vec<SubjectId>),
    Writing,
}

impl Debit {
    /// For sealing new values into a record that exists: the clear values do not leave the server.
    #[must_use]
    pub fn for_write() -> Self {
        Self(Scope::Writing)
    }

    pub(crate) fn covers(&self, subject: SubjectId) -> bool {
        match &self.0 {
            Scope::Subjects(list) => list.contains(&subject),
            Scope::Writing => true,
        }
    }
}

/// The hour's budget is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OverBudget {
    /// Distinct subjects within the last hour.
    pub used: u32,
    /// The most.
    pub limit: u32,
    /// When the first of them falls out of the hour.
    pub resets_at: Timestamp,
}

/// How much is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usage {
    /// Distinct subjects within the last hour.
    pub used: u32,
    /// The most.
    pub limit: u32,
    /// When the first of them falls out of the hour.
    pub resets_at: Option<Timestamp>,
}

/// Counts per person.
pub struct Meter {
    limit: u32,
    people: Mutex<HashMap<PersonId, VecDeque<(Timestamp, SubjectId)>>>,
}

impl Default for Meter {
    fn default() -> Self {
        Self::new(DEFAULT_LIMIT)
    }
}

impl Meter {
    /// With a limit of distinct subjects per hour.
    #[must_use]
    pub fn new(limit: u32) -> Self {
        Self { limit, people: Mutex::default() }
    }

    fn trim(queue: &mut VecDeque<(Timestamp, SubjectId)>, now: Timestamp) {
        while queue.front().is_some_and(|(at, _)| at.plus_seconds(HOUR) <= now) {
            queue.pop_front();
        }
    }

    /// Debits subjects; those already counted within the hour cost nothing. All or nothing.
    ///
    /// # Errors
    /// `OverBudget` when the new ones do not fit.
    pub fn debit(&self, who: PersonId, subjects: &[SubjectId], now: Timestamp) -> Result<Debit, OverBudget> {
        let mut people = self.people.lock();
        let queue = people.entry(who).or_default();
        Self::trim(queue, now);
        let mut fresh: Vec<SubjectId> =
            subjects.iter().copied().filter(|s| !queue.iter().any(|(_, known)| known == s)).collect();
        fresh.sort_unstable();
        fresh.dedup();
        let used = queue.len();
        if used + fresh.len() > self.limit as usize {
            let resets_at = queue.front().map_or(now, |(at, _)| at.plus_seconds(HOUR));
            return Err(OverBudget {
                used: u32::try_from(used).unwrap_or(u32::MAX),
                limit: self.limit,
                resets_at,
            });
        }
        queue.extend(fresh.into_iter().map(|s| (now, s)));
        Ok(Debit(Scope::Subjects(subjects.to_vec())))
    }

    /// Counts a debit of the past again: after a restart, from the ledger, oldest first.
    pub fn restore(&self, who: PersonId, subject: SubjectId, at: Timestamp) {
        let mut people = self.people.lock();
        let queue = people.entry(who).or_default();
        if !queue.iter().any(|(_, known)| *known == subject) {
            queue.push_back((at, subject));
        }
    }

    /// How much a person has used.
    #[must_use]
    pub fn usage(&self, who: PersonId, now: Timestamp) -> Usage {
        let mut people = self.people.lock();
        let queue = people.entry(who).or_default();
        Self::trim(queue, now);
        Usage {
            used: u32::try_from(queue.len()).unwrap_or(u32::MAX),
            limit: self.limit,
            resets_at: queue.front().map(|(at, _)| at.plus_seconds(HOUR)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn the_budget_counts_distinct_subjects_and_forgets_after_an_hour() {
        let meter = Meter::new(2);
        let (who, now) = (PersonId(Uuid::from_u128(1)), Timestamp(0));
        let subject = |n| SubjectId(Uuid::from_u128(n));
        assert!(meter.debit(who, &[subject(1), subject(1)], now).is_ok());
        assert!(meter.debit(who, &[subject(1), subject(2)], now.plus_seconds(60)).is_ok());
        let over = meter.debit(who, &[subject(3)], now.plus_seconds(61)).err().unwrap();
        assert_eq!((over.used, over.resets_at), (2, now.plus_seconds(HOUR)));
        assert!(
            meter.debit(who, &[subject(2)], now.plus_seconds(62)).is_ok(),
            "a known subject costs nothing"
        );
        assert!(meter.debit(who, &[subject(3)], now.plus_seconds(HOUR)).is_ok());
    }
}
