//! Opening: two custodians' codes within the window.

use std::sync::Arc;

use kernel::{PersonId, Timestamp};
use ledger::{Actor, Entry, Outcome};
use policy::{PersonStatus, Strength};

use super::{Half, Seal, WINDOW, put};
use crate::error::Error;
use crate::facts::{How, Method, RequestFacts};
use crate::throttle::Key;
use crate::{Identity, Inner};

/// What a right code brought about.
pub enum Opening {
    /// The other custodian's code must come by then.
    Waiting(Timestamp),
    /// The session's token.
    Open(String),
}

impl Identity {
    /// Gives one custodian's code. The second one, of another custodian, opens the session and spends all codes.
    ///
    /// # Errors
    /// `BadCredentials` for every kind of wrong, also when nothing is sealed; `LockedOut` after too many of them from
    /// one address; `Network` as for everybody.
    pub async fn open_break_glass(&self, code: &str, facts: &RequestFacts) -> Result<Opening, Error> {
        let inner = &self.0;
        let far = facts.ip.filter(|ip| !ip.is_loopback());
        let keys: Vec<Key> = far.map(|ip| Key::Address(ip.to_string())).into_iter().collect();
        inner.attempt(&keys)?;
        let custodian = inner.custodian_of(code).await?;
        let now = inner.clock.now();
        let Some(custodian) = custodian else {
            let entry = Entry::new(now, facts.of(Actor::unknown()), "break_glass.code");
            inner.ledger.note(entry.outcome(Outcome::Refused)).await?;
            return Err(Error::BadCredentials);
        };
        keys.iter().for_each(|k| inner.throttle.forgive(k));
        let _changing = inner.changing.lock().await;
        let first = inner.break_glass.half.lock().filter(|h| h.until >= now);
        match first {
            Some(first) if first.custodian != custodian => inner.open_sealed(facts).await.map(Opening::Open),
            _ => {
                inner.alarm(facts.of(Actor::person(custodian)), "break_glass.first_code").await?;
                let until = now.plus_seconds(WINDOW);
                *inner.break_glass.half.lock() = Some(Half { custodian, until });
                Ok(Opening::Waiting(until))
            }
        }
    }
}

impl Inner {
    /// Whose code it is. Costs the same whether there is such a custodian or not.
    async fn custodian_of(&self, code: &str) -> Result<Option<PersonId>, Error> {
        let seal = self.break_glass.seal.load_full();
        let (place, secret) = code.trim().split_once('-').unwrap_or_default();
        let custodian = place.parse::<usize>().ok().and_then(|n| n.checked_sub(1)).and_then(|n| {
            let seal = seal.as_ref().filter(|s| s.opened_at.is_none())?;
            let custodian = seal.custodians.get(n)?;
            self.is_active(custodian.person).then(|| custodian.clone())
        });
        let hash = custodian.as_ref().and_then(|c| c.code.clone());
        let right = self.hasher.verify(secret.to_lowercase(), hash).await?;
        Ok(custodian.filter(|c| right && c.code.is_some()).map(|c| c.person))
    }

    fn is_active(&self, person: PersonId) -> bool {
        let company = self.company.load();
        company.people.get(&person).is_some_and(|a| a.status == PersonStatus::Active)
    }

    /// Opens the session. The caller holds `changing`.
    async fn open_sealed(&self, facts: &RequestFacts) -> Result<String, Error> {
        // Another opening may have been faster.
        let seal = self.break_glass.seal.load_full().filter(|s| s.opened_at.is_none());
        let mut seal: Seal = (*seal.ok_or(Error::BadCredentials)?).clone();
        let account = seal.account;
        self.alarm(facts.of(Actor::person(account)), "break_glass.open").await?;
        seal.opened_at = Some(self.clock.now());
        seal.custodians.iter_mut().for_each(|c| c.code = None);
        let row = seal.clone();
        let how = How::by(Method::BreakGlass, Strength::SecondFactor);
        let token = self.open_session(account, how, facts, move |conn| put(conn, &row)).await?;
        *self.break_glass.half.lock() = None;
        self.break_glass.seal.store(Some(Arc::new(seal)));
        Ok(token)
    }
}
