//! How much one caller may ask: a bucket of requests per person that fills again steadily.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use kernel::{PersonId, Timestamp};
use parking_lot::RwLock;

use crate::problem::Problem;

/// Requests in progress at once, of everybody together; more are answered "busy" at once.
pub(crate) const AT_ONCE: usize = 512;

/// Questions whether a phone number or name is known: as fast as somebody fills in forms, not as a list is tried out.
pub(crate) const PROBES: Rate = Rate { per_second: 1, burst: 60 };

/// A bucket's size and how fast it fills.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    /// Requests a second in the long run.
    pub per_second: u32,
    /// Requests at once after a rest.
    pub burst: u32,
}

impl Default for Rate {
    /// What a person cannot reach by hand and a program only by running away: it keeps the service for the others. How
    /// much customer data somebody obtains is bounded elsewhere, by the budget of the vault.
    fn default() -> Self {
        Self { per_second: 500, burst: 20_000 }
    }
}

impl Rate {
    /// Microseconds that one request takes to be given back.
    fn step(self) -> i64 {
        1_000_000 / i64::from(self.per_second.max(1))
    }
}

/// How a caller stands after a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    limit: u32,
    remaining: u32,
    /// Seconds until the bucket is full again.
    reset_s: i64,
}

impl Standing {
    /// The `RateLimit` headers.
    pub(crate) fn write(self, headers: &mut HeaderMap) {
        for (name, value) in [
            ("ratelimit-limit", i64::from(self.limit)),
            ("ratelimit-remaining", i64::from(self.remaining)),
            ("ratelimit-reset", self.reset_s),
        ] {
            headers.insert(HeaderName::from_static(name), HeaderValue::from(value));
        }
    }
}

/// Buckets by person. Each is one number: the moment at which it will be full again (GCRA).
pub(crate) struct Rates {
    rate: Rate,
    full_at: RwLock<HashMap<PersonId, Arc<AtomicI64>>>,
}

impl Rates {
    pub(crate) fn new(rate: Rate) -> Self {
        Self { rate, full_at: RwLock::default() }
    }

    /// Takes one request out of the person's bucket.
    ///
    /// # Errors
    /// When it is empty, with the seconds to wait.
    pub(crate) fn take(&self, who: PersonId, now: Timestamp) -> Result<Standing, Problem> {
        self.try_take(who, now).map_err(|wait_s| {
            let text = "you send too many requests; slow down";
            Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", text)
                .with("retry_after_s", wait_s)
        })
    }

    fn try_take(&self, who: PersonId, now: Timestamp) -> Result<Standing, i64> {
        let known = self.full_at.read().get(&who).cloned();
        let bucket = known.unwrap_or_else(|| self.full_at.write().entry(who).or_default().clone());
        let (step, room) = (self.rate.step(), self.rate.step() * i64::from(self.rate.burst));
        let taken = bucket.fetch_update(Ordering::AcqRel, Ordering::Acquire, |full_at| {
            let next = full_at.max(now.0) + step;
            (next - now.0 <= room).then_some(next)
        });
        match taken {
            Ok(before) => {
                let used = before.max(now.0) + step - now.0;
                let remaining = u32::try_from((room - used) / step).unwrap_or(0);
                Ok(Standing { limit: self.rate.burst, remaining, reset_s: ceil_seconds(used) })
            }
            Err(full_at) => Err(ceil_seconds(full_at + step - room - now.0).max(1)),
        }
    }
}

fn ceil_seconds(micros: i64) -> i64 {
    (micros + 999_999).div_euclid(1_000_000)
}

#[cfg(test)]
mod tests {
    use kernel::{Ids, SeededRandom};

    use super::*;

    #[test]
    fn a_bucket_empties_at_once_and_fills_steadily() {
        let (ids, random, start) = (Ids::default(), SeededRandom::new(1), Timestamp(1_000_000_000));
        let (zhang, li): (PersonId, PersonId) = (ids.next_at(start, &random), ids.next_at(start, &random));
        let rates = Rates::new(Rate { per_second: 10, burst: 20 });
        for left in (0..20).rev() {
            assert_eq!(rates.try_take(zhang, start).unwrap().remaining, left);
        }
        assert_eq!(rates.try_take(zhang, start), Err(1));
        assert_eq!(rates.try_take(li, start).unwrap().remaining, 19, "others have their own");
        let later = start.plus_seconds(1);
        for _ in 0..10 {
            assert!(rates.try_take(zhang, later).is_ok());
        }
        assert!(rates.try_take(zhang, later).is_err());
        assert_eq!(
            rates.try_take(zhang, later.plus_seconds(100)).unwrap().remaining,
            19,
            "never more than full"
        );
    }
}
