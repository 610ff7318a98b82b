//! Signing in with a password, and changing it.

use std::net::IpAddr;
use std::sync::Arc;

use kernel::PersonId;
use ledger::{Actor, Entry, Outcome};
use policy::{PersonStatus, Principal, Strength};
use store::Sql;

use crate::error::Error;
use crate::factors::{Evidence, Given};
use crate::facts::{How, Method, RequestFacts};
use crate::load::Account;
use crate::password::{check, is_outdated};
use crate::session::hash;
use crate::throttle::Key;
use crate::{Identity, Inner};

/// Whose failures a sign-in counts as; the account first.
fn throttled(login: &str, ip: Option<IpAddr>) -> Vec<Key> {
    std::iter::once(Key::login(login)).chain(far(ip)).collect()
}

/// The address as a key. Behind a proxy on this machine everybody comes from loopback: one stranger must not lock out
/// the company.
pub(crate) fn far(ip: Option<IpAddr>) -> Vec<Key> {
    ip.filter(|ip| !ip.is_loopback()).map(|ip| Key::Address(ip.to_string())).into_iter().collect()
}

impl Identity {
    /// Signs a person in by password, and by a second factor when they have one. Gives the token, which is shown to
    /// nobody but its browser.
    ///
    /// # Errors
    /// `BadCredentials` for every kind of wrong, `SecondFactor` when one is needed and none was given, `LockedOut`,
    /// `Busy`.
    pub async fn sign_in(
        &self,
        login: &str,
        password: String,
        second: Option<Given>,
        facts: &RequestFacts,
    ) -> Result<String, Error> {
        let inner = &self.0;
        let login = login.trim().to_lowercase();
        let keys = throttled(&login, facts.ip);
        inner.attempt(&keys)?;
        let account = {
            let company = inner.company.load();
            company.by_login.get(&login).and_then(|id| company.people.get(id)).cloned()
        };
        let known = account.as_ref().map(|a| a.id);
        let usable = account.filter(|a| a.status == PersonStatus::Active);
        let right = inner.hasher.verify(password.clone(), usable.as_ref().map(|a| a.password.clone())).await;
        let right = right.inspect_err(|_| keys.iter().for_each(|k| inner.throttle.forgive(k)))?;
        let Some(account) = usable.filter(|_| right) else {
            return inner.not_signed_in(known, Method::Password, facts).await;
        };
        let renewed = match is_outdated(&account.password) {
            true => Some(inner.hasher.hash(password, inner.salt()).await?),
            false => None,
        };
        let half = Half { account, renewed };
        if !inner.has_factor(half.account.id) {
            return inner.come_in(half, None, &keys, facts).await;
        }
        let Some(second) = second else {
            // Neither a failure nor a success: whoever has only the password must not wash failures away with it.
            keys.iter().for_each(|k| inner.throttle.forgive(k));
            let kinds = inner.kinds_of(half.account.id);
            let attempt = inner.attempts.begin(half, facts, inner.clock.now());
            return Err(Error::SecondFactor { attempt, kinds });
        };
        inner.second_half(half, &second, &keys, facts).await
    }

    /// The second half of a sign-in whose password was right.
    ///
    /// # Errors
    /// As [`sign_in`](Self::sign_in).
    pub async fn sign_in_with_factor(
        &self,
        attempt: &str,
        second: Given,
        facts: &RequestFacts,
    ) -> Result<String, Error> {
        let inner = &self.0;
        let half = inner.attempts.get(attempt, facts, inner.clock.now()).ok_or(Error::AttemptOver)?;
        let keys = throttled(&half.account.login, facts.ip);
        inner.attempt(&keys)?;
        let token = inner.second_half(half, &second, &keys, facts).await?;
        inner.attempts.end(attempt);
        Ok(token)
    }

    /// Changes one's own password; all other sessions of the person end.
    ///
    /// # Errors
    /// `BadCredentials` when the current one is wrong, `Invalid` when the new one is weak.
    pub async fn change_password(
        &self,
        who: &Arc<Principal>,
        token: &str,
        current: String,
        new: String,
    ) -> Result<(), Error> {
        let inner = &self.0;
        let account = inner.company.load().people.get(&who.person).cloned().ok_or(Error::NotFound)?;
        let key = Key::login(&account.login);
        inner.attempt(std::slice::from_ref(&key))?;
        let right = inner.hasher.verify(current.clone(), Some(account.password.clone())).await;
        if !right.inspect_err(|_| inner.throttle.forgive(&key))? {
            return Err(Error::BadCredentials);
        }
        inner.throttle.forget(&key);
        let report = check(&new, &account.login, &account.name);
        if let Some(problem) = report.problems.first() {
            return Err(Error::Invalid(
                "new",
                problem,
                "choose a longer or less guessable password".to_owned(),
            ));
        }
        if current == new {
            return Err(Error::Invalid(
                "new",
                "same_password",
                "choose another password than the present one".to_owned(),
            ));
        }
        let password = inner.hasher.hash(new, inner.salt()).await?;
        // Reloads happen one after another, so that none puts an older picture of the company back.
        let _changing = inner.changing.lock().await;
        inner.unchanged(&account)?;
        let (ledger, now, who, keep) = (inner.ledger.clone(), inner.clock.now(), who.clone(), hash(token));
        inner
            .store
            .write(move |conn| -> Result<(), Error> {
                let mut sql = Sql::new(conn.engine());
                sql.push("UPDATE person SET must_change = 0, version = version + 1, password = ")
                    .param(password.as_str());
                sql.push(" WHERE id = ").param(who.person.0);
                conn.execute(sql.text(), &sql.params())?;
                let mut sql = Sql::new(conn.engine());
                sql.push("DELETE FROM session WHERE person = ").param(who.person.0).push(" AND token <> ");
                sql.param(keep.as_slice());
                conn.execute(sql.text(), &sql.params())?;
                let actor = Actor::person(who.person).session(who.session).ip(who.ip.clone());
                ledger.append(conn, &[Entry::new(now, actor, "password_change")])?;
                Ok(())
            })
            .await?;
        inner.sessions.open.write().retain(|token, s| s.person != account.id || *token == keep);
        inner.reload().await
    }
}

/// A sign-in whose password was right.
#[derive(Clone)]
pub(crate) struct Half {
    /// The account as it was then.
    pub(crate) account: Account,
    /// The password anew, when its hash was outdated.
    renewed: Option<String>,
}

impl Inner {
    async fn second_half(
        &self,
        half: Half,
        second: &Given,
        keys: &[Key],
        facts: &RequestFacts,
    ) -> Result<String, Error> {
        let person = half.account.id;
        let came_in = match self.prove(person, second) {
            Ok(evidence) => self.come_in(half, Some(evidence), keys, facts).await,
            Err(error) => Err(error),
        };
        match came_in {
            Err(Error::BadCredentials) => self.not_signed_in(Some(person), second.method(), facts).await,
            other => other,
        }
    }

    /// Opens the session, and forgets the failures before it.
    async fn come_in(
        &self,
        half: Half,
        evidence: Option<Evidence>,
        keys: &[Key],
        facts: &RequestFacts,
    ) -> Result<String, Error> {
        let Half { account, renewed } = half;
        // Nothing may have changed since the password was found right: a reset ends this attempt too.
        let _changing = self.changing.lock().await;
        self.unchanged(&account)?;
        let (person, reload, now) = (account.id, renewed.is_some(), self.clock.now());
        let (how, spend) = match evidence {
            Some(evidence) => (evidence.how, Some(evidence.spend)),
            None => (How::by(Method::Password, Strength::Password), None),
        };
        let token = self
            .open_session(person, how, facts, move |conn| {
                if let Some(spend) = spend {
                    spend.write(conn, now)?;
                }
                let Some(password) = &renewed else { return Ok(()) };
                let mut sql = Sql::new(conn.engine());
                sql.push("UPDATE person SET password = ").param(password.as_str());
                sql.push(" WHERE id = ").param(person.0);
                conn.execute(sql.text(), &sql.params())?;
                Ok(())
            })
            .await?;
        keys.iter().for_each(|k| self.throttle.forgive(k));
        keys.iter().take(1).for_each(|k| self.throttle.forget(k));
        if reload {
            self.reload().await?;
        }
        Ok(token)
    }

    /// Notes a failed sign-in.
    pub(crate) async fn not_signed_in(
        &self,
        person: Option<PersonId>,
        method: Method,
        facts: &RequestFacts,
    ) -> Result<String, Error> {
        let actor = facts.of(person.map_or_else(Actor::unknown, Actor::person));
        let mut entry = Entry::new(self.clock.now(), actor, "sign_in_failed").outcome(Outcome::Refused);
        entry.fields = vec![method.as_str().into()];
        self.ledger.note(entry).await?;
        Err(Error::BadCredentials)
    }

    pub(crate) fn salt(&self) -> [u8; 16] {
        let mut salt = [0u8; 16];
        self.random.fill(&mut salt);
        salt
    }

    /// Counts an attempt against every key, or against none when one must wait.
    pub(crate) fn attempt(&self, keys: &[Key]) -> Result<(), Error> {
        let now = self.clock.now();
        for (n, key) in keys.iter().enumerate() {
            if let Err(until) = self.throttle.attempt(key, now) {
                keys[..n].iter().for_each(|k| self.throttle.forgive(k));
                return Err(Error::LockedOut { until });
            }
        }
        Ok(())
    }

    /// Whether the account still has the status and password that were checked.
    pub(crate) fn unchanged(&self, checked: &Account) -> Result<(), Error> {
        let same = |a: &Account| a.status == checked.status && a.password == checked.password;
        let company = self.company.load();
        company.people.get(&checked.id).filter(|a| same(a)).map(|_| ()).ok_or(Error::BadCredentials)
    }
}
