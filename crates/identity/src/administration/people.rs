//! Making and changing people.

use std::collections::BTreeSet;

use kernel::{DepartmentId, PersonId};
use ledger::Entry;
use policy::{AdministerPeople, AdministerRoles, Permit, PersonStatus};
use serde::Deserialize;
use store::{Conn, Sql};
use utoipa::ToSchema;

use super::{actor, after, bounded, some};
use crate::Identity;
use crate::error::Error;
use crate::founding::check_login;
use crate::load::{Account, status_of, status_word};
use crate::password::random_password;
use crate::views::PersonView;

/// A person to be made.
#[derive(Deserialize, Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPerson {
    name: String,
    login: String,
    department_id: DepartmentId,
    #[serde(default)]
    manager_id: Option<PersonId>,
    #[serde(default)]
    roles: Vec<String>,
    #[serde(default)]
    language: Option<String>,
}

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
    /// Another manager; `null` for none.
    #[serde(default, deserialize_with = "some")]
    pub manager_id: Option<Option<PersonId>>,
    /// `active`, `suspended`, `left`.
    #[serde(default)]
    pub status: Option<String>,
    /// All roles.
    #[serde(default)]
    pub roles: Option<Vec<String>>,
}

impl Identity {
    /// Creates a person with an initial password, shown once. Roles need the right to administer roles.
    ///
    /// # Errors
    /// `Invalid` for a login that is taken or roles that do not go together.
    pub async fn create_person(
        &self,
        permit: Permit<AdministerPeople>,
        roles_permit: Option<Permit<AdministerRoles>>,
        new: NewPerson,
    ) -> Result<(PersonView, String), Error> {
        let inner = &self.0;
        let _changing = inner.changing.lock().await;
        let name = bounded("name", &new.name)?;
        let login = check_login(&new.login).map_err(|text| Error::Invalid("login", "bad_login", text))?;
        {
            let company = inner.company.load();
            if company.by_login.contains_key(&login) {
                return Err(Error::Invalid("login", "duplicate", "this login is taken".to_owned()));
            }
        }
        if new.language.as_deref().is_some_and(|l| !matches!(l, "zh" | "en")) {
            return Err(Error::Invalid("language", "not_an_option", "language is zh or en".to_owned()));
        }
        inner.check_department(new.department_id)?;
        inner.check_manager(None, new.manager_id)?;
        if !new.roles.is_empty() && roles_permit.is_none() {
            return Err(Error::Invalid(
                "roles",
                "forbidden",
                "roles are given by the security administrator".to_owned(),
            ));
        }
        inner.check_roles(&new.roles)?;
        let initial = random_password(inner.random.as_ref());
        let password = inner.hasher.hash(initial.clone(), inner.salt()).await?;
        let (now, id): (_, PersonId) =
            (inner.clock.now(), inner.ids.next_at(inner.clock.now(), inner.random.as_ref()));
        let (ledger, who) = (inner.ledger.clone(), permit.principal().clone());
        inner
            .store
            .write(move |conn| -> Result<(), Error> {
                let mut sql = Sql::new(conn.engine());
                sql.push(
                    "INSERT INTO person(id, name, login, password, status, manager, language, must_change, created_at, \
                     last_sign_in_at, version) VALUES (",
                );
                sql.param(id.0).push(", ").param(name.as_str()).push(", ").param(login.as_str()).push(", ");
                sql.param(password.as_str()).push(", 'active', ").param(new.manager_id.map(|m| m.0)).push(", ");
                sql.param(new.language.as_deref().unwrap_or("zh")).push(", 1, ").param(now.0).push(", NULL, 1)");
                conn.execute(sql.text(), &sql.params())?;
                put_department(conn, id, new.department_id)?;
                put_roles(conn, id, &new.roles)?;
                let mut entry = Entry::new(now, actor(&who), "person.create").object("person").records([id.0]);
                entry.fields = after("roles", &new.roles.join("+")).into_iter().map(Into::into).collect();
                ledger.append(conn, &[entry])?;
                Ok(())
            })
            .await?;
        inner.reload().await?;
        Ok((self.person(id, true).ok_or(Error::NotFound)?, initial))
    }

    /// Changes a person. Roles need the right to administer roles, everything else the right to administer people.
    ///
    /// # Errors
    /// `Invalid` when it would break a rule of the company.
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
        let touches_account = change.name.is_some()
            || change.department_id.is_some()
            || change.manager_id.is_some()
            || change.status.is_some();
        let who = match (&people_permit, &roles_permit) {
            (Some(p), _) if touches_account || change.roles.is_none() => p.principal().clone(),
            (_, Some(r)) if !touches_account => r.principal().clone(),
            (Some(p), None) => {
                let _ = p;
                return Err(Error::Invalid(
                    "roles",
                    "forbidden",
                    "roles are given by the security administrator".to_owned(),
                ));
            }
            _ => {
                return Err(Error::Invalid(
                    "status",
                    "forbidden",
                    "people are administered by the system administrator".to_owned(),
                ));
            }
        };
        if change.roles.is_some() && roles_permit.is_none() {
            return Err(Error::Invalid(
                "roles",
                "forbidden",
                "roles are given by the security administrator".to_owned(),
            ));
        }
        let mut next = before.clone();
        if let Some(name) = &change.name {
            next.name = bounded("name", name)?;
        }
        if let Some(department) = change.department_id {
            inner.check_department(department)?;
            next.departments = vec![department];
        }
        if let Some(manager) = change.manager_id {
            inner.check_manager(Some(id), manager)?;
            next.manager = manager;
        }
        if let Some(status) = &change.status {
            next.status = status_of(status).ok_or_else(|| {
                Error::Invalid("status", "not_an_option", "status is active, suspended or left".to_owned())
            })?;
        }
        if let Some(roles) = &change.roles {
            inner.check_roles(roles)?;
            if who.person == id {
                return Err(Error::Invalid(
                    "roles",
                    "own_rights",
                    "nobody changes their own rights".to_owned(),
                ));
            }
            next.roles = roles.clone();
        }
        inner.check_last_of_office(&before, &next)?;
        let (ledger, now) = (inner.ledger.clone(), inner.clock.now());
        let changes = differences(&before, &next);
        let (row, ends) = (next.clone(), next.status != PersonStatus::Active);
        inner
            .store
            .write(move |conn| -> Result<(), Error> {
                let mut sql = Sql::new(conn.engine());
                sql.push("UPDATE person SET version = version + 1, name = ").param(row.name.as_str());
                sql.push(", status = ")
                    .param(status_word(row.status))
                    .push(", manager = ")
                    .param(row.manager.map(|m| m.0));
                sql.push(" WHERE id = ").param(id.0);
                conn.execute(sql.text(), &sql.params())?;
                if let Some(department) = change.department_id {
                    put_department(conn, id, department)?;
                }
                if let Some(roles) = &change.roles {
                    put_roles(conn, id, roles)?;
                }
                if ends {
                    let mut sql = Sql::new(conn.engine());
                    sql.push("DELETE FROM session WHERE person = ").param(id.0);
                    conn.execute(sql.text(), &sql.params())?;
                }
                let action = if change.roles.is_some() { "role.assign" } else { "person.update" };
                let mut entry = Entry::new(now, actor(&who), action).object("person").records([id.0]);
                entry.fields = changes.into_iter().map(Into::into).collect();
                ledger.append(conn, &[entry])?;
                Ok(())
            })
            .await?;
        if ends {
            inner.end_sessions(id);
        }
        inner.reload().await?;
        self.person(id, true).ok_or(Error::NotFound)
    }
}

/// Before and after of what changed, by keys and ids (names are left out: they are personal).
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
    if before.name != next.name {
        out.push("name".to_owned());
    }
    out
}

pub(crate) fn put_department(
    conn: &mut dyn Conn,
    person: PersonId,
    department: DepartmentId,
) -> Result<(), Error> {
    let mut sql = Sql::new(conn.engine());
    sql.push("DELETE FROM person_department WHERE person = ").param(person.0);
    conn.execute(sql.text(), &sql.params())?;
    let mut sql = Sql::new(conn.engine());
    sql.push("INSERT INTO person_department(person, department, place) VALUES (").param(person.0);
    sql.push(", ").param(department.0).push(", 0)");
    conn.execute(sql.text(), &sql.params())?;
    Ok(())
}

pub(crate) fn put_roles(conn: &mut dyn Conn, person: PersonId, roles: &[String]) -> Result<(), Error> {
    let mut sql = Sql::new(conn.engine());
    sql.push("DELETE FROM person_role WHERE person = ").param(person.0);
    conn.execute(sql.text(), &sql.params())?;
    for role in roles.iter().collect::<BTreeSet<_>>() {
        let mut sql = Sql::new(conn.engine());
        sql.push("INSERT INTO person_role(person, role) VALUES (")
            .param(person.0)
            .push(", ")
            .param(role.as_str())
            .push(")");
        conn.execute(sql.text(), &sql.params())?;
    }
    Ok(())
}
