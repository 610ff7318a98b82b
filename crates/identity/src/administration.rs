//! Administration of people, departments and roles: each change with its entry, in one transaction, acting at once.

use std::collections::BTreeSet;
use utoipa::ToSchema;

use kernel::{DepartmentId, PersonId};
use ledger::{Actor, Entry, RecordSet};
use policy::{
    AdministerPeople, AdministerRoles, Permit, PersonStatus, Principal, Role, administration,
    separation_of_duties,
};
use serde::Deserialize;
use store::{Conn, Sql};

use crate::error::Error;
use crate::founding::check_login;
use crate::load::{Account, status_of, status_word};
use crate::password::random_password;
use crate::views::PersonView;
use crate::{Identity, Inner};

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

/// Tells `null` from absent.
fn some<'de, D: serde::Deserializer<'de>, T: Deserialize<'de>>(d: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(d).map(Some)
}

/// A department to be made or changed.
#[derive(Deserialize, Debug, Default, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DepartmentChange {
    /// Its name.
    #[serde(default)]
    pub name: Option<String>,
    /// Above it; `null` for the top.
    #[serde(default, deserialize_with = "some")]
    pub parent_id: Option<Option<DepartmentId>>,
}

/// A role to be made.
#[derive(Deserialize, Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRole {
    key: String,
    name: kernel::catalog::Label,
    /// Take over this role's rules.
    #[serde(default)]
    copy_of: Option<String>,
}

fn actor(who: &Principal) -> Actor {
    Actor::person(who.person).session(who.session).ip(who.ip.clone())
}

fn bounded(field: &'static str, text: &str) -> Result<String, Error> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > 100 {
        return Err(Error::Invalid(field, "required", "give a name of at most 100 characters".to_owned()));
    }
    Ok(text.to_owned())
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

    /// Gives a person a new initial password; all their sessions end.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn reset_password(
        &self,
        permit: Permit<AdministerPeople>,
        id: PersonId,
    ) -> Result<String, Error> {
        let inner = &self.0;
        let _changing = inner.changing.lock().await;
        {
            // Whoever sets a password can sign in with it: the system administration may not do this to the other two,
            // who watch it (三员分立).
            let company = inner.company.load();
            let account = company.people.get(&id).ok_or(Error::NotFound)?;
            let own = &permit.principal().roles;
            if account.roles.iter().any(|r| administration(r) && !own.contains(r)) {
                return Err(Error::Invalid(
                    "id",
                    "other_administration",
                    "the passwords of the other two administrations are not reset by this one".to_owned(),
                ));
            }
        }
        let initial = random_password(inner.random.as_ref());
        let password = inner.hasher.hash(initial.clone(), inner.salt()).await?;
        let (ledger, now, who) = (inner.ledger.clone(), inner.clock.now(), permit.principal().clone());
        inner
            .store
            .write(move |conn| -> Result<(), Error> {
                let mut sql = Sql::new(conn.engine());
                sql.push("UPDATE person SET must_change = 1, version = version + 1, password = ")
                    .param(password.as_str());
                sql.push(" WHERE id = ").param(id.0);
                conn.execute(sql.text(), &sql.params())?;
                let mut sql = Sql::new(conn.engine());
                sql.push("DELETE FROM session WHERE person = ").param(id.0);
                conn.execute(sql.text(), &sql.params())?;
                ledger.append(
                    conn,
                    &[Entry::new(now, actor(&who), "password.reset").object("person").records([id.0])],
                )?;
                Ok(())
            })
            .await?;
        inner.end_sessions(id);
        inner.reload().await?;
        Ok(initial)
    }

    /// Changes the caller's own name or language.
    ///
    /// # Errors
    /// `Invalid`.
    pub async fn update_me(
        &self,
        who: &Principal,
        name: Option<String>,
        language: Option<String>,
    ) -> Result<(), Error> {
        let inner = &self.0;
        let _changing = inner.changing.lock().await;
        if language.as_deref().is_some_and(|l| !matches!(l, "zh" | "en")) {
            return Err(Error::Invalid("language", "not_an_option", "language is zh or en".to_owned()));
        }
        let name = name.map(|n| bounded("name", &n)).transpose()?;
        let (ledger, now, person, actor) = (inner.ledger.clone(), inner.clock.now(), who.person, actor(who));
        inner
            .store
            .write(move |conn| -> Result<(), Error> {
                let mut sql = Sql::new(conn.engine());
                sql.push("UPDATE person SET version = version + 1");
                if let Some(name) = &name {
                    sql.push(", name = ").param(name.as_str());
                }
                if let Some(language) = &language {
                    sql.push(", language = ").param(language.as_str());
                }
                sql.push(" WHERE id = ").param(person.0);
                conn.execute(sql.text(), &sql.params())?;
                ledger.append(
                    conn,
                    &[Entry::new(now, actor, "person.update").object("person").records([person.0])],
                )?;
                Ok(())
            })
            .await?;
        inner.reload().await
    }

    /// Makes a department.
    ///
    /// # Errors
    /// `Invalid` for an unknown parent.
    pub async fn create_department(
        &self,
        permit: Permit<AdministerPeople>,
        new: DepartmentChange,
    ) -> Result<DepartmentId, Error> {
        let inner = &self.0;
        let _changing = inner.changing.lock().await;
        let name = bounded("name", new.name.as_deref().unwrap_or_default())?;
        let parent = new.parent_id.flatten();
        if let Some(parent) = parent {
            inner.check_department(parent)?;
        }
        let now = inner.clock.now();
        let id: DepartmentId = inner.ids.next_at(now, inner.random.as_ref());
        let (ledger, who) = (inner.ledger.clone(), permit.principal().clone());
        inner
            .store
            .write(move |conn| -> Result<(), Error> {
                let mut sql = Sql::new(conn.engine());
                sql.push("INSERT INTO department(id, name, parent) VALUES (")
                    .param(id.0)
                    .push(", ")
                    .param(name.as_str());
                sql.push(", ").param(parent.map(|p| p.0)).push(")");
                conn.execute(sql.text(), &sql.params())?;
                ledger.append(
                    conn,
                    &[Entry::new(now, actor(&who), "department.create").object("department").records([id.0])],
                )?;
                Ok(())
            })
            .await?;
        inner.reload().await?;
        Ok(id)
    }

    /// Renames or moves a department.
    ///
    /// # Errors
    /// `Invalid` when it would stand below itself.
    pub async fn update_department(
        &self,
        permit: Permit<AdministerPeople>,
        id: DepartmentId,
        change: DepartmentChange,
    ) -> Result<(), Error> {
        let inner = &self.0;
        let _changing = inner.changing.lock().await;
        let org = inner.policy.org();
        let known = org.department(id).ok_or(Error::NotFound)?;
        let name = bounded("name", change.name.as_deref().unwrap_or(&known.name))?;
        let parent = change.parent_id.unwrap_or(known.parent);
        if let Some(parent) = parent {
            inner.check_department(parent)?;
            if org.is_within(parent, id) {
                return Err(Error::Invalid(
                    "parent_id",
                    "cycle",
                    "a department cannot stand below itself".to_owned(),
                ));
            }
        }
        let (ledger, now, who) = (inner.ledger.clone(), inner.clock.now(), permit.principal().clone());
        inner
            .store
            .write(move |conn| -> Result<(), Error> {
                let mut sql = Sql::new(conn.engine());
                sql.push("UPDATE department SET name = ")
                    .param(name.as_str())
                    .push(", parent = ")
                    .param(parent.map(|p| p.0));
                sql.push(" WHERE id = ").param(id.0);
                conn.execute(sql.text(), &sql.params())?;
                ledger.append(
                    conn,
                    &[Entry::new(now, actor(&who), "department.update").object("department").records([id.0])],
                )?;
                Ok(())
            })
            .await?;
        inner.reload().await
    }

    /// Removes an empty department.
    ///
    /// # Errors
    /// `Conflict` while people or departments are in it.
    pub async fn delete_department(
        &self,
        permit: Permit<AdministerPeople>,
        id: DepartmentId,
    ) -> Result<(), Error> {
        let inner = &self.0;
        let _changing = inner.changing.lock().await;
        {
            let company = inner.company.load();
            if !company.departments.iter().any(|d| d.id == id) {
                return Err(Error::NotFound);
            }
            let used = company.departments.iter().any(|d| d.parent == Some(id))
                || company.people.values().any(|p| p.departments.contains(&id));
            if used {
                return Err(Error::Conflict("move the people and departments out of it first".to_owned()));
            }
        }
        let (ledger, now, who) = (inner.ledger.clone(), inner.clock.now(), permit.principal().clone());
        inner
            .store
            .write(move |conn| -> Result<(), Error> {
                let mut sql = Sql::new(conn.engine());
                sql.push("DELETE FROM department WHERE id = ").param(id.0);
                conn.execute(sql.text(), &sql.params())?;
                ledger.append(
                    conn,
                    &[Entry::new(now, actor(&who), "department.delete").object("department").records([id.0])],
                )?;
                Ok(())
            })
            .await?;
        inner.reload().await
    }

    /// Makes a role, with the rules of another one when asked.
    ///
    /// # Errors
    /// `Invalid` for a key that is taken or malformed, or an administration to copy.
    pub async fn create_role(&self, permit: Permit<AdministerRoles>, new: NewRole) -> Result<(), Error> {
        let inner = &self.0;
        let _changing = inner.changing.lock().await;
        let company = inner.company.load_full();
        let key_fits = (2..=40).contains(&new.key.len())
            && new.key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if !key_fits {
            return Err(Error::Invalid(
                "key",
                "bad_key",
                "a role's key has 2 to 40 of a-z, 0-9 and _".to_owned(),
            ));
        }
        if company.roles.iter().any(|r| r.key == new.key) {
            return Err(Error::Invalid("key", "duplicate", "this key is taken".to_owned()));
        }
        let mut rules = Vec::new();
        if let Some(from) = &new.copy_of {
            if !company.roles.iter().any(|r| r.key == *from) || administration(from) {
                return Err(Error::Invalid(
                    "copy_of",
                    "not_found",
                    "choose a role that is not an administration".to_owned(),
                ));
            }
            for rule in company.rules.iter().filter(|r| r.who == policy::Who::Role(from.clone())) {
                let mut copy = rule.clone();
                copy.id = inner.ids.next_at(inner.clock.now(), inner.random.as_ref());
                copy.who = policy::Who::Role(new.key.clone());
                copy.builtin = false;
                rules.push(copy);
            }
        }
        let name =
            kernel::catalog::Label { zh: bounded("name", &new.name.zh)?, en: bounded("name", &new.name.en)? };
        let role =
            Role { key: new.key, description: name.clone(), name, administration: false, builtin: false };
        let (ledger, now, who) = (inner.ledger.clone(), inner.clock.now(), permit.principal().clone());
        inner
            .store
            .write(move |conn| -> Result<(), Error> {
                let body = serde_json::to_string(&role).map_err(|_| Error::Corrupt)?;
                let mut sql = Sql::new(conn.engine());
                sql.push("INSERT INTO role(key, body) VALUES (")
                    .param(role.key.as_str())
                    .push(", ")
                    .param(body.as_str())
                    .push(")");
                conn.execute(sql.text(), &sql.params())?;
                for rule in &rules {
                    let body = serde_json::to_string(rule).map_err(|_| Error::Corrupt)?;
                    let mut sql = Sql::new(conn.engine());
                    sql.push("INSERT INTO rule(id, body) VALUES (")
                        .param(rule.id.0)
                        .push(", ")
                        .param(body.as_str())
                        .push(")");
                    conn.execute(sql.text(), &sql.params())?;
                }
                let mut entry = Entry::new(now, actor(&who), "role.create").object("role");
                entry.records = RecordSet::of(rules.iter().map(|r| r.id.0));
                entry.fields = after("role", &role.key).into_iter().map(Into::into).collect();
                ledger.append(conn, &[entry])?;
                Ok(())
            })
            .await?;
        inner.reload().await
    }
}

/// `field:value` for administrative entries: no personal values, only keys and ids.
fn after(field: &str, value: &str) -> Vec<String> {
    vec![format!("{field}={value}")]
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

fn put_department(conn: &mut dyn Conn, person: PersonId, department: DepartmentId) -> Result<(), Error> {
    let mut sql = Sql::new(conn.engine());
    sql.push("DELETE FROM person_department WHERE person = ").param(person.0);
    conn.execute(sql.text(), &sql.params())?;
    let mut sql = Sql::new(conn.engine());
    sql.push("INSERT INTO person_department(person, department, place) VALUES (").param(person.0);
    sql.push(", ").param(department.0).push(", 0)");
    conn.execute(sql.text(), &sql.params())?;
    Ok(())
}

fn put_roles(conn: &mut dyn Conn, person: PersonId, roles: &[String]) -> Result<(), Error> {
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

impl Inner {
    fn check_department(&self, id: DepartmentId) -> Result<(), Error> {
        match self.policy.org().department(id) {
            Some(_) => Ok(()),
            None => {
                Err(Error::Invalid("department_id", "not_found", "choose an existing department".to_owned()))
            }
        }
    }

    fn check_manager(&self, person: Option<PersonId>, manager: Option<PersonId>) -> Result<(), Error> {
        let Some(manager) = manager else { return Ok(()) };
        let org = self.policy.org();
        if org.person(manager).is_none() {
            return Err(Error::Invalid("manager_id", "not_found", "choose an existing person".to_owned()));
        }
        if person.is_some_and(|p| p == manager || org.reports_of(p).contains(&manager)) {
            return Err(Error::Invalid(
                "manager_id",
                "cycle",
                "nobody reports to themselves, directly or not".to_owned(),
            ));
        }
        Ok(())
    }

    fn check_roles(&self, roles: &[String]) -> Result<(), Error> {
        let company = self.company.load();
        if let Some(unknown) = roles.iter().find(|r| !company.roles.iter().any(|k| k.key == **r)) {
            return Err(Error::Invalid("roles", "not_found", format!("there is no role {unknown}")));
        }
        separation_of_duties(roles).map_err(|e| Error::Invalid("roles", e.key(), e.to_string()))
    }

    /// The last active person of an administration cannot leave it: nobody could give it back.
    fn check_last_of_office(&self, before: &Account, next: &Account) -> Result<(), Error> {
        let company = self.company.load();
        for office in policy::ADMINISTRATIONS {
            let holds = |a: &Account| a.status == PersonStatus::Active && a.roles.iter().any(|r| r == office);
            if holds(before) && !holds(next) && company.holders(office) <= 1 {
                return Err(Error::Invalid(
                    "roles",
                    "last_administrator",
                    format!(
                        "this is the last person of the {office} administration; give it to somebody else first"
                    ),
                ));
            }
        }
        Ok(())
    }
}
