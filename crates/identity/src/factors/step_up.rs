//! Proving again, within a session, who one is.

use ledger::{Actor, Entry, Outcome};
use policy::{Principal, Strength};
use store::Sql;

use super::Given;
use crate::error::Error;
use crate::facts::{How, Method, RequestFacts, strength_word};
use crate::session::{Proof, hash};
use crate::throttle::Key;
use crate::{Identity, Inner};

/// How long a proof counts as recent where nothing else is said, in seconds.
pub(crate) const RECENT: i64 = 600;

/// What is given to prove again.
pub enum Again {
    /// The password: counts only where nothing stronger is enrolled.
    Password(String),
    /// A factor.
    Factor(Given),
}

impl Identity {
    /// Proves again who one is; the session counts as freshly proved and all restrictions by a jump end.
    ///
    /// # Errors
    /// `BadCredentials` when it is no proof, `LockedOut` after too many.
    pub async fn step_up(
        &self,
        who: &Principal,
        token: &str,
        again: Again,
        facts: &RequestFacts,
    ) -> Result<(), Error> {
        let inner = &self.0;
        let account = inner.company.load().people.get(&who.person).cloned().ok_or(Error::NotFound)?;
        let key = Key::login(&account.login);
        inner.attempt(std::slice::from_ref(&key))?;
        let (how, spend) = match again {
            Again::Password(password) => {
                let right = inner.hasher.verify(password, Some(account.password.clone())).await;
                let right = right.inspect_err(|_| inner.throttle.forgive(&key))?;
                if !right || inner.has_factor(who.person) {
                    return inner.not_proved(who, Method::Password, facts).await;
                }
                (How::by(Method::Password, Strength::Password), None)
            }
            Again::Factor(given) => match inner.prove(who.person, &given) {
                Ok(evidence) => (evidence.how, Some(evidence.spend)),
                Err(Error::BadCredentials) => return inner.not_proved(who, given.method(), facts).await,
                Err(other) => return Err(other),
            },
        };
        let now = inner.clock.now();
        let actor = facts.of(Actor::person(who.person).session(who.session));
        let mut entry = Entry::new(now, actor, "step_up");
        entry.fields = vec![how.method.as_str().into()];
        let strength = how.strength.max(who.strength);
        let (ledger, row) = (inner.ledger.clone(), hash(token));
        inner
            .store
            .write(move |conn| -> Result<(), Error> {
                if let Some(spend) = spend {
                    spend.write(conn, now)?;
                }
                let mut sql = Sql::new(conn.engine());
                sql.push("UPDATE session SET prove_again = 0, strength = ").param(strength_word(strength));
                sql.push(", strong_at = ").param(now.0).push(" WHERE token = ").param(row.as_slice());
                conn.execute(sql.text(), &sql.params())?;
                ledger.append(conn, &[entry])?;
                Ok(())
            })
            .await?;
        inner.throttle.forget(&key);
        if let Some(session) = inner.sessions.open.read().get(&hash(token)) {
            *session.proof.lock() = Proof { strength, strong_at: Some(now), again: false };
        }
        Ok(())
    }
}

impl Inner {
    async fn not_proved(&self, who: &Principal, method: Method, facts: &RequestFacts) -> Result<(), Error> {
        let actor = facts.of(Actor::person(who.person).session(who.session));
        let mut entry = Entry::new(self.clock.now(), actor, "step_up").outcome(Outcome::Refused);
        entry.fields = vec![method.as_str().into()];
        self.ledger.note(entry).await?;
        Err(Error::BadCredentials)
    }

    /// Whether the person proved recently who they are, as strongly as they can.
    ///
    /// # Errors
    /// `StepUp` when not.
    pub(crate) fn recently_proved(&self, who: &Principal) -> Result<(), Error> {
        let since = self.clock.now().plus_seconds(-RECENT);
        match who.strong_at {
            Some(at) if at >= since => Ok(()),
            _ => Err(Error::StepUp { max_age_s: RECENT }),
        }
    }
}
