//! Sessions: opaque tokens, known here by their hash; authentication costs no database read.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::{OsRandom, PersonId, Random, SessionId, Timestamp};
use ledger::{Actor, Entry};
use parking_lot::{Mutex, RwLock};
use policy::{PersonStatus, Principal, Strength};
use store::{Conn, Sql};
use uuid::Uuid;

use crate::admission::device_restriction;
use crate::break_glass::SESSION as BREAK_GLASS;
use crate::error::Error;
use crate::facts::{How, Method, RequestFacts, Restriction, strength_of, strength_word};
use crate::load::Account;
use crate::{Identity, Inner};

/// A session ends after so long without a request, in seconds.
pub(crate) const IDLE: i64 = 8 * 3_600;
/// And after so long in any case.
pub(crate) const ABSOLUTE: i64 = 7 * 24 * 3_600;
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

pub(crate) type TokenHash = [u8; 32];

pub(crate) fn hash(token: &str) -> TokenHash {
    let mut out = [0u8; 32];
    out.copy_from_slice(digest(&SHA256, token.as_bytes()).as_ref());
    out
}

/// What the person of a session has proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Proof {
    pub(crate) strength: Strength,
    /// When they last gave the strongest proof that they can give.
    pub(crate) strong_at: Option<Timestamp>,
    /// The session jumped; nothing counts until they prove again.
    pub(crate) again: bool,
}

pub(crate) struct Session {
    pub(crate) id: SessionId,
    pub(crate) person: PersonId,
    pub(crate) created_at: Timestamp,
    pub(crate) seen_at: AtomicI64,
    pub(crate) proof: Mutex<Proof>,
    pub(crate) method: String,
    /// Where and on what it was opened.
    pub(crate) ip: Option<String>,
    pub(crate) zone: Option<String>,
    pub(crate) agent: Option<String>,
    /// Set once: a session never moves to another device.
    pub(crate) device: OnceLock<Uuid>,
}

impl Session {
    pub(crate) fn is_over(&self, now: Timestamp) -> bool {
        let seen = Timestamp(self.seen_at.load(Ordering::Relaxed));
        let longest = if self.method == Method::BreakGlass.as_str() { BREAK_GLASS } else { ABSOLUTE };
        seen.plus_seconds(IDLE) < now || self.created_at.plus_seconds(longest) < now
    }
}

/// The open sessions by their tokens' hashes.
#[derive(Default)]
pub(crate) struct Sessions {
    pub(crate) open: RwLock<HashMap<TokenHash, Arc<Session>>>,
    /// Sign-ins since the start. The store has them too, but nobody reads the company anew for a sign-in.
    last: RwLock<HashMap<PersonId, Timestamp>>,
}

impl Sessions {
    /// When the person last signed in, as far as this run of the server knows.
    pub(crate) fn last_sign_in(&self, person: PersonId) -> Option<Timestamp> {
        self.last.read().get(&person).copied()
    }
}

pub(crate) fn load(conn: &mut dyn Conn) -> Result<Sessions, Error> {
    let mut open = HashMap::new();
    let all = "SELECT token, id, person, created_at, seen_at, strength, strong_at, prove_again, method, ip, zone, agent, \
               device FROM session";
    for row in conn.query(all, &[])? {
        let token = TokenHash::try_from(row.get_blob(0)?).map_err(|_| Error::Corrupt)?;
        let proof = Proof {
            strength: strength_of(row.get_text(5)?).ok_or(Error::Corrupt)?,
            strong_at: row.opt_int(6)?.map(Timestamp),
            again: row.get_int(7)? != 0,
        };
        let session = Session {
            id: SessionId(row.get_id(1)?),
            person: PersonId(row.get_id(2)?),
            created_at: Timestamp(row.get_int(3)?),
            seen_at: AtomicI64::new(row.get_int(4)?),
            proof: Mutex::new(proof),
            method: row.get_text(8)?.to_owned(),
            ip: row.opt_text(9)?.map(str::to_owned),
            zone: row.opt_text(10)?.map(str::to_owned),
            agent: row.opt_text(11)?.map(str::to_owned),
            device: row.opt_id(12)?.map_or_else(OnceLock::new, OnceLock::from),
        };
        open.insert(token, Arc::new(session));
    }
    Ok(Sessions { open: RwLock::new(open), last: RwLock::default() })
}

/// A request's session, valid at this moment.
pub struct SignedIn {
    /// Who acts.
    pub principal: Arc<Principal>,
    /// Why nothing opens yet but the way to mend it.
    pub restricted: Option<Restriction>,
}

impl Identity {
    /// The session of a token, when it is open and its person may act. A revoked session fails here at once.
    #[must_use]
    pub fn authenticate(&self, token: &str, facts: &RequestFacts) -> Option<SignedIn> {
        let inner = &self.0;
        let session = inner.sessions.open.read().get(&hash(token)).cloned()?;
        let now = inner.clock.now();
        if session.is_over(now) {
            return None;
        }
        if Timestamp(session.seen_at.load(Ordering::Relaxed)).plus_seconds(SEEN_STEP) < now {
            session.seen_at.store(now.0, Ordering::Relaxed);
            inner.write_seen(hash(token), now);
        }
        let company = inner.company.load();
        let account = company.people.get(&session.person).filter(|a| a.status == PersonStatus::Active)?;
        let mut principal =
            Principal::person(session.person, account.roles_at(now), account.departments.clone());
        let proof = *session.proof.lock();
        principal.session = Some(session.id);
        principal.ip = facts.ip_text();
        let device = session.device.get().copied();
        let standing = inner.device_standing(&account.roles, device);
        principal.strength = if standing.full { proof.strength } else { Strength::Password };
        principal.factor = company.has_factor(session.person);
        principal.strong_at = proof.strong_at;
        principal.device = device;
        principal.zone = inner.zone_of(facts);
        principal.trusted_device = standing.trusted;
        let restricted = inner
            .network_restriction(account, facts, proof.strength)
            .or_else(|| inner.restriction(account, proof))
            .or_else(|| device_restriction(standing.missing, facts));
        Some(SignedIn { principal: Arc::new(principal), restricted })
    }

    /// Opens a session for a person who proved who they are: the one way in of them all. Gives the token, which is shown
    /// to nobody but its browser. Writes the entry `sign_in` with the method in `fields`.
    ///
    /// # Errors
    /// `BadCredentials` when the person may not sign in (left, suspended, unknown); whatever `admit` says.
    pub async fn open_session_for(
        &self,
        person: PersonId,
        how: How,
        facts: &RequestFacts,
    ) -> Result<String, Error> {
        let _changing = self.0.changing.lock().await;
        self.0.open_session(person, how, facts, |_| Ok(())).await
    }

    /// Ends the session of a token.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn sign_out(&self, token: &str, facts: &RequestFacts) -> Result<(), Error> {
        let token = hash(token);
        let Some(session) = self.0.sessions.open.write().remove(&token) else { return Ok(()) };
        let (ledger, now) = (self.0.ledger.clone(), self.0.clock.now());
        let actor = facts.of(Actor::person(session.person).session(Some(session.id)));
        self.0
            .store
            .write(move |conn| -> Result<(), Error> {
                let mut sql = Sql::new(conn.engine());
                sql.push("DELETE FROM session WHERE token = ").param(token.as_slice());
                conn.execute(sql.text(), &sql.params())?;
                ledger.append(conn, &[Entry::new(now, actor, "sign_out")])?;
                Ok(())
            })
            .await
    }
}

impl Inner {
    /// Why a session of the account opens nothing yet.
    fn restriction(&self, account: &Account, proof: Proof) -> Option<Restriction> {
        let enrolled = self.has_factor(account.id);
        if proof.again || (enrolled && proof.strength == Strength::Password) {
            return Some(Restriction::ProveAgain);
        }
        if account.must_change {
            return Some(Restriction::ChangePassword);
        }
        (!enrolled && self.needs_factor(account)).then_some(Restriction::EnrolFactor)
    }

    /// As [`Identity::open_session_for`], with more to be written in the same transaction. The caller holds `changing`.
    pub(crate) async fn open_session(
        &self,
        person: PersonId,
        how: How,
        facts: &RequestFacts,
        more: impl FnOnce(&mut dyn Conn) -> Result<(), Error> + Send + 'static,
    ) -> Result<String, Error> {
        let active = self.company.load().people.get(&person).map(|a| a.status) == Some(PersonStatus::Active);
        if !active {
            return Err(Error::BadCredentials);
        }
        self.admit(person, facts).await?;
        let (now, token) = (self.clock.now(), random_token());
        let id: SessionId = self.ids.next_at(now, self.random.as_ref());
        let strong = how.strength > Strength::Password || !self.has_factor(person);
        let proof = Proof { strength: how.strength, strong_at: strong.then_some(now), again: false };
        let session = Arc::new(Session {
            id,
            person,
            created_at: now,
            seen_at: AtomicI64::new(now.0),
            proof: Mutex::new(proof),
            method: how.method.as_str().to_owned(),
            ip: facts.ip_text(),
            zone: self.zone_of(facts),
            agent: facts.agent.clone(),
            device: OnceLock::new(),
        });
        let mut entry = Entry::new(now, facts.of(Actor::person(person).session(Some(id))), "sign_in");
        entry.fields =
            std::iter::once(how.method.as_str().to_owned()).chain(how.provider).map(Into::into).collect();
        let (ledger, token_hash, row) = (self.ledger.clone(), hash(&token), session.clone());
        self.store
            .write(move |conn| -> Result<(), Error> {
                more(conn)?;
                insert(conn, &token_hash, &row)?;
                let mut sql = Sql::new(conn.engine());
                sql.push("UPDATE person SET last_sign_in_at = ").param(now.0);
                sql.push(" WHERE id = ").param(person.0);
                conn.execute(sql.text(), &sql.params())?;
                let mut sql = Sql::new(conn.engine());
                sql.push("DELETE FROM session WHERE seen_at < ").param(now.plus_seconds(-IDLE).0);
                sql.push(" OR created_at < ").param(now.plus_seconds(-ABSOLUTE).0);
                conn.execute(sql.text(), &sql.params())?;
                ledger.append(conn, &[entry])?;
                Ok(())
            })
            .await?;
        let mut open = self.sessions.open.write();
        open.retain(|_, s| !s.is_over(now));
        open.insert(hash(&token), session);
        self.sessions.last.write().insert(person, now);
        tracing::info!(%person, session = %id, method = how.method.as_str(), "signed in");
        Ok(token)
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

/// Binds a session to a device.
pub(crate) fn bind(conn: &mut dyn Conn, token: &TokenHash, device: Uuid) -> Result<(), Error> {
    let mut sql = Sql::new(conn.engine());
    sql.push("UPDATE session SET device = ").param(device).push(" WHERE token = ").param(token.as_slice());
    conn.execute(sql.text(), &sql.params())?;
    Ok(())
}

fn insert(conn: &mut dyn Conn, token: &TokenHash, session: &Session) -> Result<(), Error> {
    let proof = *session.proof.lock();
    let mut sql = Sql::new(conn.engine());
    sql.push(
        "INSERT INTO session(token, id, person, created_at, seen_at, strength, strong_at, prove_again, method, ip, zone, \
         agent, device) VALUES (",
    );
    sql.param(token.as_slice()).push(", ").param(session.id.0).push(", ").param(session.person.0);
    sql.push(", ").param(session.created_at.0).push(", ").param(session.created_at.0);
    sql.push(", ").param(strength_word(proof.strength)).push(", ").param(proof.strong_at.map(|t| t.0));
    sql.push(", ").param(i64::from(proof.again)).push(", ").param(session.method.as_str());
    sql.push(", ").param(session.ip.as_deref()).push(", ").param(session.zone.as_deref());
    sql.push(", ").param(session.agent.as_deref()).push(", ").param(session.device.get().copied()).push(")");
    conn.execute(sql.text(), &sql.params())?;
    Ok(())
}
