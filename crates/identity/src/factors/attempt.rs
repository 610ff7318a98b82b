//! A sign-in that waits for its second half: the password was right, the factor is still to be given.

use std::collections::HashMap;

use kernel::Timestamp;
use parking_lot::Mutex;

use crate::facts::RequestFacts;
use crate::session::{TokenHash, hash, random_token};
use crate::signing_in::Half;

/// The second half must follow within so long, in seconds.
const LIFE: i64 = 300;
/// Attempts that wait at once; the oldest go first.
const MOST: usize = 10_000;

struct Attempt {
    half: Half,
    facts: RequestFacts,
    until: Timestamp,
}

/// Attempts by the hash of their tokens. A restart forgets them: people type their password again.
#[derive(Default)]
pub(crate) struct Attempts(Mutex<HashMap<TokenHash, Attempt>>);

impl Attempts {
    /// Keeps an attempt; gives its token.
    pub(crate) fn begin(&self, half: Half, facts: &RequestFacts, now: Timestamp) -> String {
        let token = random_token();
        let mut open = self.0.lock();
        open.retain(|_, attempt| attempt.until > now);
        if open.len() >= MOST
            && let Some(oldest) = open.iter().min_by_key(|(_, a)| a.until).map(|(token, _)| *token)
        {
            open.remove(&oldest);
        }
        let until = now.plus_seconds(LIFE);
        open.insert(hash(&token), Attempt { half, facts: facts.clone(), until });
        token
    }

    /// The attempt of a token, for whoever began it: from the same address, on the same browser.
    pub(crate) fn get(&self, token: &str, facts: &RequestFacts, now: Timestamp) -> Option<Half> {
        let open = self.0.lock();
        open.get(&hash(token))
            .filter(|a| a.until > now && a.facts.ip == facts.ip && a.facts.agent == facts.agent)
            .map(|a| a.half.clone())
    }

    /// It is over.
    pub(crate) fn end(&self, token: &str) {
        self.0.lock().remove(&hash(token));
    }
}
