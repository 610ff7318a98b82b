//! Sessions: opaque tokens, known here by their hash; authentication costs no database read.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::{OsRandom, PersonId, Random, SessionId, Timestamp};
use ledger::{Actor, Entry, Outcome};
use parking_lot::RwLock;
use policy::{PersonStatus, Principal, Strength};
use store::{Conn, Sql};

use crate::error::Error;
use crate::load::Account;
use crate::password::{check, is_outdated};
use crate::throttle::Key;
use crate::views::Me;
use crate::{Identity, Inner};

/// A session ends after so long without a request, in seconds.
const IDLE: i64 = 8 * 3_600;
/// And after so long in any case.
const ABSOLUTE: i64 = 7 * 24 * 3_600;
/// How often "last seen" is written down; what lies between is forgotten by a crash.
const SEEN_STEP: i64 = 300;

/// 256 random bits in 43 characters.
#[must_use]
pub fn random_token() -> String {
    let mut bytes = [0u8; 32];
    OsRandom::default().fill(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Compares secrets in time that tells nothing of where they differ.
#[must_use]
pub fn same_secret(a: &str, b: &str) -> bool {
    subtle::ConstantTimeEq::ct_eq(hash(a).as_slice(), hash(b).as_slice()).into()
}

type TokenHash = [u8; 32];

fn hash(token: &str) -> TokenHash {
    let mut out = [0u8; 32];
    out.copy_from_slice(digest(&SHA256, token.as_bytes()).as_ref());
    out
}

struct Session {
    id: SessionId,
    person: PersonId,
    created_at: Timestamp,
    seen_at: AtomicI64,
}

/// The open sessions by their tokens' hashes.
#[derive(Default)]
pub(crate) struct Sessions {
    open: RwLock<HashMap<TokenHash, Arc<Session>>>,
    /// Sign-ins since the start. The store has them too, but nobody reads the company anew for a sign-in.
    last: RwLock<HashMap<PersonId, Timestamp>>,
}

impl Sessions {
    /// When the person last signed in, as far as this run of the server knows.
    pub(crate) fn last_sign_in(&self, person: PersonId) -> Option<Timestamp> {
        self.last.read().get(&person).copied()
    }
}

/// Whose failures a sign-in counts as; the account first.
fn throttled(login: &str, ip: Option<&str>) -> Vec<Key> {
    // Behind a proxy on this machine everybody comes from loopback: one stranger must not lock out the company.
    let far = ip.filter(|ip| ip.parse().is_ok_and(|a: IpAddr| !a.is_loopback()));
    std::iter::once(Key::login(login)).chain(far.map(|ip| Key::Address(ip.to_owned()))).collect()
}

pub(crate) fn load(conn: &mut dyn Conn) -> Result<Sessions, Error> {
    let mut open = HashMap::new();
    for row in conn.query("SELECT token, id, person, created_at, seen_at FROM session", &[])? {
        let token = TokenHash::try_from(row.get_blob(0)?).map_err(|_| Error::Corrupt)?;
        let session = Session {
            id: SessionId(row.get_id(1)?),
            person: PersonId(row.get_id(2)?),
            created_at: Timestamp(row.get_int(3)?),
            seen_at: AtomicI64::new(row.get_int(4)?),
        };
        open.insert(token, Arc::new(session));
    }
    Ok(Sessions { open: RwLock::new(open), last: RwLock::default() })
}

/// A request's session, valid at this moment.
pub struct SignedIn {
    /// Who acts.
    pub principal: Arc<Principal>,
    /// An initial password is still in use: only changing it is allowed.
    pub must_change_password: bool,
}

impl Identity {
    /// The session of a token, when it is open and its person may act. A revoked session fails here at once.
    #[must_use]
    pub fn authenticate(&self, token: &str, ip: Option<String>) -> Option<SignedIn> {
        let inner = &self.0;
        let session = inner.sessions.open.read().get(&hash(token)).cloned()?;
        let now = inner.clock.now();
        let seen = Timestamp(session.seen_at.load(Ordering::Relaxed));
        if seen.plus_seconds(IDLE) < now || session.created_at.plus_seconds(ABSOLUTE) < now {
            return None;
        }
        if seen.plus_seconds(SEEN_STEP) < now {
            session.seen_at.store(now.0, Ordering::Relaxed);
            inner.write_seen(hash(token), now);
        }
        let company = inner.company.load();
        let account = company.people.get(&session.person).filter(|a| a.status == PersonStatus::Active)?;
        let mut principal =
            Principal::person(session.person, account.roles.clone(), account.departments.clone());
        principal.session = Some(session.id);
        principal.ip = ip;
        principal.strength = Strength::Password;
        Some(SignedIn { principal: Arc::new(principal), must_change_password: account.must_change })
    }

    /// Signs a person in: the token (shown to nobody but its browser) and who they are.
    ///
    /// # Errors
    /// `BadCredentials` for every kind of wrong, `LockedOut`, `Busy`.
    pub async fn sign_in(
        &self,
        login: &str,
        password: String,
        ip: Option<String>,
    ) -> Result<(String, Me), Error> {
        let inner = &self.0;
        let login = login.trim().to_lowercase();
        let keys = throttled(&login, ip.as_deref());
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
            let actor = known.map_or_else(Actor::unknown, Actor::person).ip(ip);
            let now = inner.clock.now();
            inner.ledger.note(Entry::new(now, actor, "sign_in_failed").outcome(Outcome::Refused)).await?;
            return Err(Error::BadCredentials);
        };
        keys.iter().for_each(|k| inner.throttle.forgive(k));
        inner.throttle.forget(&keys[0]);
        let renewed = match is_outdated(&account.password) {
            true => Some(inner.hasher.hash(password, inner.salt()).await?),
            false => None,
        };
        // Nothing may have changed since the password was found right: a reset ends this attempt too.
        let _changing = inner.changing.lock().await;
        inner.unchanged(&account)?;
        let token = random_token();
        let id = inner.open_session(&token, account.id, renewed, ip, inner.clock.now()).await?;
        if is_outdated(&account.password) {
            inner.reload().await?;
        }
        let me = self.me(account.id).ok_or(Error::NotFound)?;
        tracing::info!(person = %account.id, session = %id, "signed in");
        Ok((token, me))
    }

    /// Ends the session of a token.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn sign_out(&self, token: &str, ip: Option<String>) -> Result<(), Error> {
        let token = hash(token);
        let Some(session) = self.0.sessions.open.write().remove(&token) else { return Ok(()) };
        let (ledger, now) = (self.0.ledger.clone(), self.0.clock.now());
        self.0
            .store
            .write(move |conn| -> Result<(), Error> {
                let mut sql = Sql::new(conn.engine());
                sql.push("DELETE FROM session WHERE token = ").param(token.as_slice());
                conn.execute(sql.text(), &sql.params())?;
                let actor = Actor::person(session.person).session(Some(session.id)).ip(ip);
                ledger.append(conn, &[Entry::new(now, actor, "sign_out")])?;
                Ok(())
            })
            .await
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

impl Inner {
    pub(crate) fn salt(&self) -> [u8; 16] {
        let mut salt = [0u8; 16];
        self.random.fill(&mut salt);
        salt
    }

    /// Counts an attempt against every key, or against none when one must wait.
    fn attempt(&self, keys: &[Key]) -> Result<(), Error> {
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
    fn unchanged(&self, checked: &Account) -> Result<(), Error> {
        let same = |a: &Account| a.status == checked.status && a.password == checked.password;
        let company = self.company.load();
        company.people.get(&checked.id).filter(|a| same(a)).map(|_| ()).ok_or(Error::BadCredentials)
    }

    async fn open_session(
        &self,
        token: &str,
        person: PersonId,
        renewed: Option<String>,
        ip: Option<String>,
        now: Timestamp,
    ) -> Result<SessionId, Error> {
        let id: SessionId = self.ids.next_at(now, self.random.as_ref());
        let (ledger, token_hash) = (self.ledger.clone(), hash(token));
        self.store
            .write(move |conn| -> Result<(), Error> {
                let mut sql = Sql::new(conn.engine());
                sql.push("INSERT INTO session(token, id, person, created_at, seen_at, ip) VALUES (")
                    .param(token_hash.as_slice());
                sql.push(", ")
                    .param(id.0)
                    .push(", ")
                    .param(person.0)
                    .push(", ")
                    .param(now.0)
                    .push(", ")
                    .param(now.0);
                sql.push(", ").param(ip.as_deref()).push(")");
                conn.execute(sql.text(), &sql.params())?;
                let mut sql = Sql::new(conn.engine());
                sql.push("UPDATE person SET last_sign_in_at = ").param(now.0);
                if let Some(password) = &renewed {
                    sql.push(", password = ").param(password.as_str());
                }
                sql.push(" WHERE id = ").param(person.0);
                conn.execute(sql.text(), &sql.params())?;
                let mut sql = Sql::new(conn.engine());
                sql.push("DELETE FROM session WHERE seen_at < ").param(now.plus_seconds(-IDLE).0);
                sql.push(" OR created_at < ").param(now.plus_seconds(-ABSOLUTE).0);
                conn.execute(sql.text(), &sql.params())?;
                let actor = Actor::person(person).session(Some(id)).ip(ip);
                ledger.append(conn, &[Entry::new(now, actor, "sign_in")])?;
                Ok(())
            })
            .await?;
        let session = Session { id, person, created_at: now, seen_at: AtomicI64::new(now.0) };
        let mut open = self.sessions.open.write();
        open.retain(|_, s| Timestamp(s.seen_at.load(Ordering::Relaxed)).plus_seconds(IDLE) >= now);
        open.insert(hash(token), Arc::new(session));
        self.sessions.last.write().insert(person, now);
        Ok(id)
    }

    /// Writes "last seen" down without anybody waiting for it.
    fn write_seen(&self, token: TokenHash, now: Timestamp) {
        let store = self.store.clone();
        tokio::spawn(async move {
            let written = store
                .write(move |conn| -> Result<(), store::Error> {
                    let mut sql = Sql::new(conn.engine());
                    sql.push("UPDATE session SET seen_at = ")
                        .param(now.0)
                        .push(" WHERE token = ")
                        .param(token.as_slice());
                    conn.execute(sql.text(), &sql.params()).map(|_| ())
                })
                .await;
            if let Err(error) = written {
                tracing::warn!(%error, "a session's last use could not be written");
            }
        });
    }

    /// Forgets all sessions of a person; their rows go in the caller's transaction.
    pub(crate) fn end_sessions(&self, person: PersonId) {
        self.sessions.open.write().retain(|_, s| s.person != person);
    }
}
