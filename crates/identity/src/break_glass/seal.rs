//! Sealing: the security administration names custodians, each of whom collects a code of their own.

use std::collections::BTreeSet;
use std::sync::Arc;

use kernel::PersonId;
use ledger::{Actor, Entry};
use policy::{AdministerRoles, BREAK_GLASS, Permit, PersonStatus, Principal};
use serde::Deserialize;
use store::{Conn, Sql};
use utoipa::ToSchema;

use super::{Custodian, Seal, put};
use crate::administration::{actor, put_department, put_roles};
use crate::error::Error;
use crate::password::random_password;
use crate::{Identity, Inner};

/// Custodians, at least and at most.
const CUSTODIANS: std::ops::RangeInclusive<usize> = 2..=5;
/// The account's login: nobody can choose it, for logins are shorter than their limit and this one has a space.
const LOGIN: &str = "break glass";

/// Who shall hold the codes; any two of them open the account.
#[derive(Deserialize, Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSeal {
    /// Two to five people.
    pub custodians: Vec<PersonId>,
}

impl Identity {
    /// Seals the break-glass account anew: earlier codes open nothing any more, the custodians collect new ones. Makes
    /// the account the first time.
    ///
    /// # Errors
    /// `Invalid` when custodians are too few, too many or not active; `Conflict` from the account itself.
    pub async fn seal_break_glass(&self, permit: Permit<AdministerRoles>, new: NewSeal) -> Result<(), Error> {
        let inner = &self.0;
        let _changing = inner.changing.lock().await;
        let who = permit.principal().clone();
        if who.has_role(BREAK_GLASS) {
            return Err(Error::Conflict(
                "the break-glass account does not choose its own custodians".to_owned(),
            ));
        }
        let people: BTreeSet<PersonId> = new.custodians.into_iter().collect();
        inner.check_custodians(&people)?;
        let (now, before) = (inner.clock.now(), inner.break_glass.seal.load_full());
        let made = before.as_ref().map(|s| s.account);
        let account = made.unwrap_or_else(|| inner.ids.next_at(now, inner.random.as_ref()));
        // Nobody knows this password: the account opens by codes only.
        let password = inner.hasher.hash(random_password(inner.random.as_ref()), inner.salt()).await?;
        let root = inner.root_department().ok_or(Error::Corrupt)?;
        let custodians = people.iter().map(|person| Custodian { person: *person, code: None }).collect();
        let seal = Seal { account, custodians, sealed_at: now, opened_at: None };
        let (ledger, row) = (inner.ledger.clone(), seal.clone());
        let mut entry =
            Entry::new(now, actor(&who), "break_glass.seal").object("person").records([account.0]);
        let names =
            |s: &Seal| s.custodians.iter().map(|c| c.person.to_string()).collect::<Vec<_>>().join("+");
        let was = before.as_deref().map(names).unwrap_or_default();
        entry.fields = vec![format!("custodians={was}>{}", names(&seal)).into()];
        inner
            .store
            .write(move |conn| -> Result<(), Error> {
                if made.is_none() {
                    insert_account(conn, account, &password, now)?;
                    put_department(conn, account, root)?;
                    put_roles(conn, account, &[BREAK_GLASS.to_owned()])?;
                    insert_role(conn)?;
                }
                let mut sql = Sql::new(conn.engine());
                sql.push("DELETE FROM session WHERE person = ").param(account.0);
                conn.execute(sql.text(), &sql.params())?;
                put(conn, &row)?;
                ledger.append(conn, &[entry])?;
                Ok(())
            })
            .await?;
        inner.end_sessions(account);
        *inner.break_glass.half.lock() = None;
        inner.break_glass.seal.store(Some(Arc::new(seal)));
        inner.reload().await
    }

    /// The caller's code, shown this once.
    ///
    /// # Errors
    /// `NotFound` for whoever is no custodian, or has collected theirs.
    pub async fn collect_break_glass_code(&self, who: &Principal) -> Result<String, Error> {
        let inner = &self.0;
        let _changing = inner.changing.lock().await;
        let mut seal = (*inner.break_glass.seal.load_full().ok_or(Error::NotFound)?).clone();
        let place = seal.custodians.iter().position(|c| c.person == who.person && c.code.is_none());
        let place = place.filter(|_| seal.opened_at.is_none()).ok_or(Error::NotFound)?;
        let secret = random_password(inner.random.as_ref());
        seal.custodians[place].code = Some(inner.hasher.hash(secret.clone(), inner.salt()).await?);
        let (ledger, row) = (inner.ledger.clone(), seal.clone());
        let entry = Entry::new(inner.clock.now(), actor(who), "break_glass.collect");
        let entry = entry.object("person").records([seal.account.0]);
        inner
            .store
            .write(move |conn| -> Result<(), Error> {
                put(conn, &row)?;
                ledger.append(conn, &[entry])?;
                Ok(())
            })
            .await?;
        inner.break_glass.seal.store(Some(Arc::new(seal)));
        Ok(format!("{}-{secret}", place + 1))
    }
}

impl Inner {
    fn check_custodians(&self, people: &BTreeSet<PersonId>) -> Result<(), Error> {
        if !CUSTODIANS.contains(&people.len()) {
            let text = "name two to five different people; any two of them open the account";
            return Err(Error::Invalid("custodians", "required", text.to_owned()));
        }
        let company = self.company.load();
        let fits = |id: &PersonId| {
            let account = company.people.get(id);
            account.is_some_and(|a| {
                a.status == PersonStatus::Active && !a.roles.iter().any(|r| r == BREAK_GLASS)
            })
        };
        match people.iter().all(fits) {
            true => Ok(()),
            false => {
                let text = "custodians are active people of the company".to_owned();
                Err(Error::Invalid("custodians", "not_found", text))
            }
        }
    }

    fn root_department(&self) -> Option<kernel::DepartmentId> {
        self.company.load().departments.iter().find(|d| d.parent.is_none()).map(|d| d.id)
    }

    /// Raises an alarm: an entry, and a warning in the log.
    pub(super) async fn alarm(&self, actor: Actor, what: &'static str) -> Result<(), Error> {
        tracing::warn!(what, "alarm");
        self.ledger.note(Entry::new(self.clock.now(), actor, "alarm").fields([what], None)).await?;
        Ok(())
    }
}

fn insert_account(
    conn: &mut dyn Conn,
    id: PersonId,
    password: &str,
    now: kernel::Timestamp,
) -> Result<(), Error> {
    let mut sql = Sql::new(conn.engine());
    sql.push(
        "INSERT INTO person(id, name, login, password, status, manager, language, must_change, created_at, \
         last_sign_in_at, version) VALUES (",
    );
    sql.param(id.0).push(", ").param("应急账户").push(", ").param(LOGIN).push(", ").param(password);
    sql.push(", 'active', ").param(None::<uuid::Uuid>).push(", 'zh', 0, ").param(now.0).push(", NULL, 1)");
    conn.execute(sql.text(), &sql.params())?;
    Ok(())
}

/// The account's own role and rule: it administers people, roles and settings, and sees no customer data.
fn insert_role(conn: &mut dyn Conn) -> Result<(), Error> {
    let (role, rule) = (policy::break_glass_role(), policy::break_glass_rule());
    let body = serde_json::to_string(&role).map_err(|_| Error::Corrupt)?;
    let mut sql = Sql::new(conn.engine());
    sql.push("INSERT INTO role(key, body) VALUES (").param(role.key.as_str()).push(", ");
    sql.param(body.as_str()).push(")");
    conn.execute(sql.text(), &sql.params())?;
    let body = serde_json::to_string(&rule).map_err(|_| Error::Corrupt)?;
    let mut sql = Sql::new(conn.engine());
    sql.push("INSERT INTO rule(id, body) VALUES (").param(rule.id.0).push(", ");
    sql.param(body.as_str()).push(")");
    conn.execute(sql.text(), &sql.params())?;
    Ok(())
}
