//! Changing people: what they are called, where they belong, what they are, what they may do.

use std::collections::BTreeMap;

use kernel::{DepartmentId, PersonId, Timestamp};
use ledger::Entry;
use policy::{AdministerPeople, AdministerRoles, Permit, PersonStatus, Principal};
use serde::Deserialize;
use store::{Conn, Sql};
use utoipa::ToSchema;

use super::rows::{put_departments, put_roles};
use super::{actor, bounded, homes, some};
use crate::error::Error;
use crate::life::{Employment, end_access, put_facts};
use crate::load::{Account, status_of, status_word};
use crate::views::PersonView;
use crate::{Identity, Inner};

/// What of a person shall change; what is absent stays.
#[derive(Deserialize, Debug, Default, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonChange {
    /// A new name.
    #[serde(default)]
    pub name: Option<String>,
    /// Another department (becomes the only one).
    #[serde(default)]
    pub department_id: Option<DepartmentId>,
    /// All departments, the main one first.
    #[serde(default)]
    pub departments: Option<Vec<DepartmentId>>,
    /// Another manager; `null` for none.
    #[serde(default, deserialize_with = "some")]
    pub manager_id: Option<Option<PersonId>>,
    /// `active`, `suspended`, `left`. Whoever owns records leaves by `/people/{id}/leave`, which hands them over.
    #[serde(default)]
    pub status: Option<String>,
    /// All roles.
    #[serde(default)]
    pub roles: Option<Vec<String>>,
    /// Roles that end by themselves at a moment: for a time of transition after a move.
    #[serde(default)]
    pub role_until: Option<BTreeMap<String, Timestamp>>,
    /// Keys of all positions.
    #[serde(default)]
    pub positions: Option<Vec<String>>,
    /// `null` for none.
    #[serde(default, deserialize_with = "some")]
    pub employee_number: Option<Option<String>>,
    /// Kind of employment.
    #[serde(default)]
    pub employment: Option<Employment>,
    /// `null` for none.
    #[serde(default, deserialize_with = "some")]
    pub location: Option<Option<String>>,
    /// The account ends at this moment; `null` for never.
    #[serde(default, deserialize_with = "some")]
    pub ends_at: Option<Option<Timestamp>>,
}

impl PersonChange {
    fn touches_roles(&self) -> bool {
        self.roles.is_some() || self.role_until.is_some()
    }

    fn touches_account(&self) -> bool {
        self.name.is_some()
            || self.department_id.is_some()
            || self.departments.is_some()
            || self.manager_id.is_some()
            || self.status.is_some()
            || self.positions.is_some()
            || self.employee_number.is_some()
            || self.employment.is_some()
            || self.location.is_some()
            || self.ends_at.is_some()
    }
}

impl Identity {
    /// Changes a person; acts at the next request. Roles need the right to administer roles, everything else the right
    /// to administer people.
    ///
    /// # Errors
    /// `Invalid` when it would break a rule of the company; `OutsideBranch` when the person is, or would be, outside of
    /// the caller's branch.
    pub async fn update_person(
        &self,
        people_permit: Option<Permit<AdministerPeople>>,
        roles_permit: Option<Permit<AdministerRoles>>,
        id: PersonId,
        change: PersonChange,
    ) -> Result<PersonView, Error> {
        let inner = &self.0;
        let _changing = inner.changing.lock().await;
        let before = inner.company.load().people.get(&id).cloned().ok_or(Error::NotFound)?;
        inner.check_not_sealed(id)?;
        let forbidden = |field, text: &str| Error::Invalid(field, "forbidden", text.to_owned());
        if change.touches_roles() && roles_permit.is_none() {
            return Err(forbidden("roles", "roles are given by the security administrator"));
        }
        if change.touches_account() && people_permit.is_none() {
            return Err(forbidden("status", "people are administered by the system administrator"));
        }
        let people = people_permit.as_ref().map(|p| p.principal().clone());
        let roles = roles_permit.as_ref().map(|p| p.principal().clone());
        let who = people.or(roles).ok_or(Error::NotFound)?;
        inner.check_branch(&who, id)?;
        let next = inner.changed(&who, &before, &change)?;
        inner.check_last_of_office(&before, &next)?;
        let (ledger, now) = (inner.ledger.clone(), inner.clock.now());
        let ends = next.status != PersonStatus::Active;
        let action = if change.touches_roles() { "role.assign" } else { "person.update" };
        let entry = Entry::new(now, actor(&who), action)
            .object("person")
            .records([id.0])
            .fields(differences(&before, &next), None);
        inner
            .store
            .write(move |conn| -> Result<(), Error> {
                write(conn, &before, &next)?;
                if ends {
                    end_access(conn, id)?;
                }
                ledger.append(conn, &[entry])?;
                Ok(())
            })
            .await?;
        if ends {
            inner.forget_access(id).await?;
        }
        inner.reload().await?;
        self.person(id, true).ok_or(Error::NotFound)
    }
}

impl Inner {
    /// The account after a change, everything checked.
    fn changed(&self, who: &Principal, before: &Account, change: &PersonChange) -> Result<Account, Error> {
        let mut next = before.clone();
        if let Some(name) = &change.name {
            next.name = bounded("name", name)?;
        }
        if change.department_id.is_some() || change.departments.is_some() {
            next.departments =
                homes(change.department_id, change.departments.as_deref().unwrap_or_default())?;
            for department in &next.departments {
                self.check_department(*department)?;
            }
            self.check_reach(who, &next.departments)?;
        }
        if let Some(manager) = change.manager_id {
            self.check_manager(Some(before.id), manager)?;
            next.manager = manager;
        }
        if let Some(status) = &change.status {
            next.status = status_of(status).ok_or_else(|| {
                Error::Invalid("status", "not_an_option", "status is active, suspended or left".to_owned())
            })?;
        }
        if change.touches_roles() {
            self.change_roles(who, &mut next, change)?;
        }
        let facts = &mut next.facts;
        if let Some(positions) = &change.positions {
            facts.positions = self.check_positions(positions)?;
        }
        if let Some(number) = &change.employee_number {
            facts.employee_number = self.check_number(Some(before.id), number.as_deref())?;
        }
        if let Some(location) = &change.location {
            facts.location = location.as_deref().map(|l| bounded("location", l)).transpose()?;
        }
        facts.employment = change.employment.unwrap_or(facts.employment);
        facts.ends_at = change.ends_at.unwrap_or(facts.ends_at);
        Ok(next)
    }

    fn change_roles(&self, who: &Principal, next: &mut Account, change: &PersonChange) -> Result<(), Error> {
        let invalid = |key, text: &str| Error::Invalid("roles", key, text.to_owned());
        if who.person == next.id {
            return Err(invalid("own_rights", "nobody changes their own rights"));
        }
        let now = self.clock.now();
        let lent = change.role_until.clone().unwrap_or_else(|| next.facts.role_until.clone());
        if change.role_until.iter().flatten().any(|(_, until)| *until <= now) {
            return Err(Error::Invalid(
                "role_until",
                "in_the_past",
                "lend a role until a later date".to_owned(),
            ));
        }
        let mut roles = change.roles.clone().unwrap_or_else(|| next.roles.clone());
        if let Some(lent) = &change.role_until {
            roles.extend(lent.keys().filter(|r| !next.roles.contains(r) || change.roles.is_some()).cloned());
        }
        roles.sort();
        roles.dedup();
        self.check_roles(&roles)?;
        let changes = roles.iter().filter(|r| !next.roles.contains(r));
        self.check_grant(who, changes.chain(next.roles.iter().filter(|r| !roles.contains(r))))?;
        next.facts.role_until = lent.into_iter().filter(|(role, _)| roles.contains(role)).collect();
        next.roles = roles;
        if next.facts.branch.is_empty() {
            return Ok(());
        }
        // A limit belongs to the office: it goes with it, and never comes back wider.
        if !next.roles.iter().any(|r| policy::administration(r)) {
            next.facts.branch.clear();
            next.facts.may_grant.clear();
        }
        Ok(())
    }
}

fn write(conn: &mut dyn Conn, before: &Account, next: &Account) -> Result<(), Error> {
    let mut sql = Sql::new(conn.engine());
    sql.push("UPDATE person SET version = version + 1, name = ").param(next.name.as_str());
    sql.push(", status = ").param(status_word(next.status));
    sql.push(", manager = ").param(next.manager.map(|m| m.0)).push(" WHERE id = ").param(next.id.0);
    conn.execute(sql.text(), &sql.params())?;
    if before.departments != next.departments {
        put_departments(conn, next.id, &next.departments)?;
    }
    if before.roles != next.roles {
        put_roles(conn, next.id, &next.roles)?;
    }
    if before.facts != next.facts {
        put_facts(conn, next.id, &next.facts)?;
    }
    Ok(())
}

/// Before and after of what changed, by keys and ids (names and numbers are left out: they are personal).
fn differences(before: &Account, next: &Account) -> Vec<String> {
    let mut out = Vec::new();
    let mut note = |field: &str, from: String, to: String| {
        if from != to {
            out.push(format!("{field}={from}>{to}"));
        }
    };
    note("status", status_word(before.status).to_owned(), status_word(next.status).to_owned());
    note("roles", before.roles.join("+"), next.roles.join("+"));
    let ids = |list: &[DepartmentId]| list.iter().map(ToString::to_string).collect::<Vec<_>>().join("+");
    note("department", ids(&before.departments), ids(&next.departments));
    let id = |p: Option<PersonId>| p.map_or_else(String::new, |p| p.to_string());
    note("manager", id(before.manager), id(next.manager));
    let (old, new) = (&before.facts, &next.facts);
    note("positions", old.positions.join("+"), new.positions.join("+"));
    note("employment", old.employment.as_str().to_owned(), new.employment.as_str().to_owned());
    let at = |t: Option<Timestamp>| t.map_or_else(String::new, |t| t.to_string());
    note("ends_at", at(old.ends_at), at(new.ends_at));
    let lent = |f: &BTreeMap<String, Timestamp>| {
        f.iter().map(|(role, until)| format!("{role}@{until}")).collect::<Vec<_>>().join("+")
    };
    note("role_until", lent(&old.role_until), lent(&new.role_until));
    note("branch", ids(&old.branch), ids(&new.branch));
    for (field, changed) in [
        ("name", before.name != next.name),
        ("employee_number", old.employee_number != new.employee_number),
        ("location", old.location != new.location),
    ] {
        if changed {
            out.push(field.to_owned());
        }
    }
    out
}
