//! One's own factors: seen, enrolled, renamed, removed. Every change needs a recent proof.

use kernel::Timestamp;
use ledger::{Actor, Entry};
use policy::{Principal, Strength};
use serde::Serialize;
use store::{Conn, Sql};
use utoipa::ToSchema;
use uuid::Uuid;

use super::recovery_codes::{Set, left};
use super::{Kind, NewFactor, Spend, place, seal, totp};
use crate::error::Error;
use crate::facts::{RequestFacts, strength_word};
use crate::session::{Proof, TokenHash, hash};
use crate::throttle::Key;
use crate::{Identity, Inner};

/// An enrolment that nobody confirms is forgotten after so long, in seconds.
const UNCONFIRMED: i64 = 900;
/// Factors a person may have.
const MOST: usize = 20;
/// Longest name of a factor, in characters.
const NAME: usize = 60;

/// A factor as its person sees it: never its secret.
#[derive(Serialize, ToSchema)]
#[schema(as = Factor)]
pub struct FactorView {
    id: Uuid,
    kind: Kind,
    name: String,
    created_at: Timestamp,
    last_used_at: Option<Timestamp>,
    /// Recovery codes that are not spent yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    codes_left: Option<u32>,
}

/// What an authenticator application needs, shown once.
#[derive(Serialize, ToSchema)]
pub struct NewTotp {
    id: Uuid,
    /// The secret in base32, for typing.
    secret: String,
    /// The `otpauth` address, for a QR code.
    uri: String,
}

impl Identity {
    /// The person's confirmed factors.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn my_factors(&self, who: &Principal) -> Result<Vec<FactorView>, Error> {
        let person = who.person;
        self.0.store.read(move |conn| list(conn, person)).await
    }

    /// Begins the enrolment of an authenticator application; a code of it confirms.
    ///
    /// # Errors
    /// `StepUp` without a recent proof, `Invalid` when there are too many.
    pub async fn begin_totp(&self, who: &Principal, issuer: &str, name: &str) -> Result<NewTotp, Error> {
        let inner = &self.0;
        inner.recently_proved(who)?;
        let name = factor_name(name)?;
        let login = inner.company.load().people.get(&who.person).map(|a| a.login.clone());
        let login = login.ok_or(Error::NotFound)?;
        if inner.factors_of(who.person).len() >= MOST {
            return Err(Error::Invalid("name", "too_many", format!("at most {MOST} factors a person")));
        }
        let now = inner.clock.now();
        let id: Uuid = inner.ids.next_at(now, inner.random.as_ref());
        let mut secret = zeroize::Zeroizing::new([0u8; 20]);
        inner.random.fill(secret.as_mut_slice());
        let sealed = seal(&inner.vault, who.person, id, secret.as_slice(), inner.random.as_ref());
        let person = who.person;
        inner
            .store
            .write(move |conn| -> Result<(), Error> {
                let mut sql = Sql::new(conn.engine());
                sql.push("DELETE FROM factor WHERE confirmed = 0 AND (person = ").param(person.0);
                sql.push(" OR created_at < ").param(now.plus_seconds(-UNCONFIRMED).0).push(")");
                conn.execute(sql.text(), &sql.params())?;
                let kind = Kind::Totp;
                NewFactor { id, person, kind, name: &name, secret: &sealed, confirmed: false, now }
                    .insert(conn)
            })
            .await?;
        let uri = totp::uri(secret.as_slice(), &login, issuer)?;
        Ok(NewTotp { id, secret: totp::base32(secret.as_slice()), uri })
    }

    /// Confirms it by a code. Gives recovery codes, shown once, when the person has none yet.
    ///
    /// # Errors
    /// `Invalid` for a wrong code, `NotFound` when the enrolment is over.
    pub async fn confirm_totp(
        &self,
        who: &Principal,
        token: &str,
        id: Uuid,
        code: &str,
        facts: &RequestFacts,
    ) -> Result<Option<Vec<String>>, Error> {
        let inner = &self.0;
        inner.recently_proved(who)?;
        let key = Key::Factor(who.person);
        inner.attempt(std::slice::from_ref(&key))?;
        let _changing = inner.changing.lock().await;
        let (person, now) = (who.person, inner.clock.now());
        let sealed = inner.store.read(move |conn| unconfirmed(conn, id, person, now)).await?;
        let opened = inner.vault.open_workspace(vault::Purpose::Secret, &place(person, id), &sealed);
        let secret = opened.map_err(|_| Error::Corrupt)?;
        let Some(step) = totp::matching_step(&secret, code, now)? else {
            return Err(Error::Invalid(
                "code",
                "wrong_code",
                "this is not the code that your application shows now; check the clock of your telephone"
                    .to_owned(),
            ));
        };
        inner.throttle.forget(&key);
        let enrolled = Enrolled { id, kind: Kind::Totp, strength: Strength::SecondFactor };
        inner
            .enrol(who, hash(token), enrolled, facts, move |conn| {
                let mut sql = Sql::new(conn.engine());
                sql.push("UPDATE factor SET confirmed = 1 WHERE confirmed = 0 AND id = ").param(id);
                conn.execute(sql.text(), &sql.params())?;
                Spend::Step { factor: id, step }.write(conn, now)
            })
            .await
    }

    /// Replaces the recovery codes by new ones, shown once.
    ///
    /// # Errors
    /// `StepUp` without a recent proof; `Invalid` when there is no factor that they could stand in for.
    pub async fn renew_recovery_codes(
        &self,
        who: &Principal,
        facts: &RequestFacts,
    ) -> Result<Vec<String>, Error> {
        let inner = &self.0;
        inner.recently_proved(who)?;
        let _changing = inner.changing.lock().await;
        if !inner.has_factor(who.person) {
            return Err(Error::Invalid("kind", "no_factor", "enrol a factor first".to_owned()));
        }
        let (codes, row) = inner.new_codes(who)?;
        let entry = change(inner, who, facts, "factor.renew", Kind::RecoveryCodes, row.id);
        let (ledger, person) = (inner.ledger.clone(), who.person);
        inner
            .store
            .write(move |conn| -> Result<(), Error> {
                let mut sql = Sql::new(conn.engine());
                sql.push("DELETE FROM factor WHERE kind = 'recovery_codes' AND person = ").param(person.0);
                conn.execute(sql.text(), &sql.params())?;
                row.insert(conn)?;
                ledger.append(conn, &[entry])?;
                Ok(())
            })
            .await?;
        inner.reload().await?;
        Ok(codes)
    }

    /// Renames a factor.
    ///
    /// # Errors
    /// `NotFound`, `Invalid`.
    pub async fn rename_factor(
        &self,
        who: &Principal,
        id: Uuid,
        name: &str,
        facts: &RequestFacts,
    ) -> Result<(), Error> {
        let inner = &self.0;
        let name = factor_name(name)?;
        let kind = inner.own_factor(who, id)?;
        let entry = change(inner, who, facts, "factor.rename", kind, id);
        let ledger = inner.ledger.clone();
        inner
            .store
            .write(move |conn| -> Result<(), Error> {
                let mut sql = Sql::new(conn.engine());
                sql.push("UPDATE factor SET name = ").param(name.as_str()).push(" WHERE id = ").param(id);
                conn.execute(sql.text(), &sql.params())?;
                ledger.append(conn, &[entry])?;
                Ok(())
            })
            .await
    }

    /// Removes a factor; with the last one the recovery codes go too. All other sessions end.
    ///
    /// # Errors
    /// `StepUp` without a recent strong proof; `Invalid` (`last_factor`) when the person must have one.
    pub async fn remove_factor(
        &self,
        who: &Principal,
        token: &str,
        id: Uuid,
        facts: &RequestFacts,
    ) -> Result<(), Error> {
        let inner = &self.0;
        inner.recently_proved(who)?;
        let _changing = inner.changing.lock().await;
        let kind = inner.own_factor(who, id)?;
        let rest =
            inner.factors_of(who.person).iter().filter(|f| f.id != id && f.kind.stands_alone()).count();
        let last = kind.stands_alone() && rest == 0;
        let account = inner.company.load().people.get(&who.person).cloned().ok_or(Error::NotFound)?;
        if last && inner.needs_factor(&account) {
            return Err(Error::Invalid(
                "id",
                "last_factor",
                "your office needs a second factor: enrol another one before you remove this one".to_owned(),
            ));
        }
        let entry = change(inner, who, facts, "factor.remove", kind, id);
        let (ledger, person, keep) = (inner.ledger.clone(), who.person, hash(token));
        inner
            .store
            .write(move |conn| -> Result<(), Error> {
                let mut sql = Sql::new(conn.engine());
                sql.push("DELETE FROM factor WHERE person = ").param(person.0);
                if !last {
                    sql.push(" AND id = ").param(id);
                }
                conn.execute(sql.text(), &sql.params())?;
                delete_other_sessions(conn, person.0, &keep)?;
                ledger.append(conn, &[entry])?;
                Ok(())
            })
            .await?;
        inner.sessions.open.write().retain(|token, s| s.person != person || *token == keep);
        inner.reload().await
    }
}

fn delete_other_sessions(conn: &mut dyn Conn, person: Uuid, keep: &TokenHash) -> Result<(), Error> {
    let mut sql = Sql::new(conn.engine());
    sql.push("DELETE FROM session WHERE person = ")
        .param(person)
        .push(" AND token <> ")
        .param(keep.as_slice());
    conn.execute(sql.text(), &sql.params())?;
    Ok(())
}

/// A factor that has just been proved for the first time.
pub(super) struct Enrolled {
    pub(super) id: Uuid,
    pub(super) kind: Kind,
    pub(super) strength: Strength,
}

/// A row that owns what it holds.
struct Row {
    id: Uuid,
    person: kernel::PersonId,
    secret: Vec<u8>,
    now: Timestamp,
}

impl Row {
    fn insert(&self, conn: &mut dyn Conn) -> Result<(), Error> {
        let (kind, name) = (Kind::RecoveryCodes, "");
        let Self { id, person, secret, now } = self;
        NewFactor { id: *id, person: *person, kind, name, secret, confirmed: true, now: *now }.insert(conn)
    }
}

impl Inner {
    /// Writes a factor that proved itself, raises the session, and gives recovery codes to those who have none. The
    /// caller holds `changing`.
    pub(super) async fn enrol(
        &self,
        who: &Principal,
        token: TokenHash,
        factor: Enrolled,
        facts: &RequestFacts,
        write: impl FnOnce(&mut dyn Conn) -> Result<(), Error> + Send + 'static,
    ) -> Result<Option<Vec<String>>, Error> {
        let now = self.clock.now();
        let has_codes = self.factors_of(who.person).iter().any(|f| f.kind == Kind::RecoveryCodes);
        let codes = if has_codes { None } else { Some(self.new_codes(who)?) };
        let (codes, row) = codes.unzip();
        let entry = change(self, who, facts, "factor.enrol", factor.kind, factor.id);
        let strength = factor.strength.max(who.strength);
        let ledger = self.ledger.clone();
        self.store
            .write(move |conn| -> Result<(), Error> {
                write(conn)?;
                if let Some(row) = row {
                    row.insert(conn)?;
                }
                let mut sql = Sql::new(conn.engine());
                sql.push("UPDATE session SET strength = ").param(strength_word(strength));
                sql.push(", strong_at = ").param(now.0).push(" WHERE token = ").param(token.as_slice());
                conn.execute(sql.text(), &sql.params())?;
                ledger.append(conn, &[entry])?;
                Ok(())
            })
            .await?;
        if let Some(session) = self.sessions.open.read().get(&token) {
            *session.proof.lock() = Proof { strength, strong_at: Some(now), again: false };
        }
        self.reload().await?;
        Ok(codes)
    }

    fn new_codes(&self, who: &Principal) -> Result<(Vec<String>, Row), Error> {
        let (set, codes) = Set::generate(self.random.as_ref());
        let now = self.clock.now();
        let id: Uuid = self.ids.next_at(now, self.random.as_ref());
        let secret = seal(&self.vault, who.person, id, &set.bytes()?, self.random.as_ref());
        Ok((codes, Row { id, person: who.person, secret, now }))
    }

    fn own_factor(&self, who: &Principal, id: Uuid) -> Result<Kind, Error> {
        let factors = self.factors_of(who.person);
        factors.iter().find(|f| f.id == id).map(|f| f.kind).ok_or(Error::NotFound)
    }
}

pub(super) fn factor_name(name: &str) -> Result<String, Error> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > NAME {
        return Err(Error::Invalid("name", "required", format!("give a name of at most {NAME} characters")));
    }
    Ok(name.to_owned())
}

fn change(
    inner: &Inner,
    who: &Principal,
    facts: &RequestFacts,
    action: &'static str,
    kind: Kind,
    factor: Uuid,
) -> Entry {
    let actor = facts.of(Actor::person(who.person).session(who.session));
    let mut entry = Entry::new(inner.clock.now(), actor, action).object("factor").records([factor]);
    entry.fields = vec![kind.as_str().into()];
    entry
}

fn unconfirmed(
    conn: &mut dyn Conn,
    id: Uuid,
    person: kernel::PersonId,
    now: Timestamp,
) -> Result<Vec<u8>, Error> {
    let mut sql = Sql::new(conn.engine());
    sql.push("SELECT secret FROM factor WHERE confirmed = 0 AND id = ").param(id);
    sql.push(" AND person = ").param(person.0);
    sql.push(" AND created_at >= ").param(now.plus_seconds(-UNCONFIRMED).0);
    let rows = conn.query(sql.text(), &sql.params())?;
    Ok(rows.first().ok_or(Error::NotFound)?.get_blob(0)?.to_vec())
}

fn list(conn: &mut dyn Conn, person: kernel::PersonId) -> Result<Vec<FactorView>, Error> {
    let mut sql = Sql::new(conn.engine());
    sql.push("SELECT id, kind, name, counter, created_at, last_used_at FROM factor WHERE confirmed = 1 AND person = ");
    sql.param(person.0).push(" ORDER BY created_at, id");
    let rows = conn.query(sql.text(), &sql.params())?;
    rows.iter()
        .map(|row| {
            let kind = Kind::parse(row.get_text(1)?).ok_or(Error::Corrupt)?;
            let codes_left = (kind == Kind::RecoveryCodes).then_some(left(row.get_int(3)?));
            Ok(FactorView {
                id: row.get_id(0)?,
                kind,
                name: row.get_text(2)?.to_owned(),
                created_at: Timestamp(row.get_int(4)?),
                last_used_at: row.opt_int(5)?.map(Timestamp),
                codes_left,
            })
        })
        .collect()
}
