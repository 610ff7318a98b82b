//! Making people.

use kernel::{DepartmentId, PersonId, Timestamp};
use ledger::Entry;
use policy::{AdministerPeople, AdministerRoles, Permit, Principal};
use serde::Deserialize;
use store::{Conn, Sql};
use utoipa::ToSchema;

use super::rows::{put_departments, put_roles};
use super::{actor, after, bounded, homes};
use crate::error::Error;
use crate::founding::check_login;
use crate::life::{Employment, Facts, put_facts};
use crate::password::random_password;
use crate::views::PersonView;
use crate::{Identity, Inner};

/// A person to be made.
#[derive(Deserialize, Debug, Default, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPerson {
    pub(crate) name: String,
    pub(crate) login: String,
    /// The only department; `departments` for several.
    #[serde(default)]
    pub(crate) department_id: Option<DepartmentId>,
    /// The departments, the main one first.
    #[serde(default)]
    pub(crate) departments: Vec<DepartmentId>,
    #[serde(default)]
    pub(crate) manager_id: Option<PersonId>,
    #[serde(default)]
    pub(crate) roles: Vec<String>,
    #[serde(default)]
    pub(crate) language: Option<String>,
    /// Keys of positions.
    #[serde(default)]
    pub(crate) positions: Vec<String>,
    #[serde(default)]
    pub(crate) employee_number: Option<String>,
    #[serde(default)]
    pub(crate) employment: Employment,
    #[serde(default)]
    pub(crate) location: Option<String>,
    /// The account ends at this moment.
    #[serde(default)]
    pub(crate) ends_at: Option<Timestamp>,
}

/// A person who may be made: everything checked, the password hashed.
pub(crate) struct ReadyPerson {
    pub(crate) id: PersonId,
    pub(crate) new: NewPerson,
    pub(crate) name: String,
    pub(crate) login: String,
    pub(crate) departments: Vec<DepartmentId>,
    pub(crate) facts: Facts,
}

impl Identity {
    /// Creates a person with an initial password, shown once. Roles need the right to administer roles.
    ///
    /// # Errors
    /// `Invalid` for a login that is taken or roles that do not go together; `OutsideBranch`.
    pub async fn create_person(
        &self,
        permit: Permit<AdministerPeople>,
        roles_permit: Option<Permit<AdministerRoles>>,
        new: NewPerson,
    ) -> Result<(PersonView, String), Error> {
        let inner = &self.0;
        let _changing = inner.changing.lock().await;
        let ready = inner.check_new(permit.principal(), roles_permit.is_some(), new)?;
        let initial = random_password(inner.random.as_ref());
        let password = inner.hasher.hash(initial.clone(), inner.salt()).await?;
        let (now, id) = (inner.clock.now(), ready.id);
        let (ledger, who) = (inner.ledger.clone(), permit.principal().clone());
        inner
            .store
            .write(move |conn| -> Result<(), Error> {
                insert(conn, &ready, &password, now)?;
                ledger.append(conn, &[entry(&ready, &who, now)])?;
                Ok(())
            })
            .await?;
        inner.reload().await?;
        Ok((self.person(id, true).ok_or(Error::NotFound)?, initial))
    }
}

impl Inner {
    /// Checks everything about a new person.
    pub(crate) fn check_new(
        &self,
        who: &Principal,
        gives_roles: bool,
        new: NewPerson,
    ) -> Result<ReadyPerson, Error> {
        let name = bounded("name", &new.name)?;
        let login = check_login(&new.login).map_err(|text| Error::Invalid("login", "bad_login", text))?;
        if self.company.load().by_login.contains_key(&login) {
            return Err(Error::Invalid("login", "duplicate", "this login is taken".to_owned()));
        }
        if new.language.as_deref().is_some_and(|l| !matches!(l, "zh" | "en")) {
            return Err(Error::Invalid("language", "not_an_option", "language is zh or en".to_owned()));
        }
        let departments = homes(new.department_id, &new.departments)?;
        for department in &departments {
            self.check_department(*department)?;
        }
        self.check_reach(who, &departments)?;
        self.check_manager(None, new.manager_id)?;
        if !new.roles.is_empty() && !gives_roles {
            return Err(Error::Invalid(
                "roles",
                "forbidden",
                "roles are given by the security administrator".to_owned(),
            ));
        }
        self.check_roles(&new.roles)?;
        self.check_grant(who, new.roles.iter())?;
        let facts = Facts {
            employee_number: self.check_number(None, new.employee_number.as_deref())?,
            employment: new.employment,
            location: new.location.as_deref().map(|l| bounded("location", l)).transpose()?,
            ends_at: new.ends_at,
            positions: self.check_positions(&new.positions)?,
            ..Facts::default()
        };
        let id = self.ids.next_at(self.clock.now(), self.random.as_ref());
        Ok(ReadyPerson { id, name, login, departments, facts, new })
    }
}

pub(crate) fn insert(
    conn: &mut dyn Conn,
    ready: &ReadyPerson,
    password: &str,
    now: Timestamp,
) -> Result<(), Error> {
    let ReadyPerson { id, new, name, login, departments, facts } = ready;
    let mut sql = Sql::new(conn.engine());
    sql.push(
        "INSERT INTO person(id, name, login, password, status, manager, language, must_change, created_at, \
         last_sign_in_at, version) VALUES (",
    );
    sql.param(id.0).push(", ").param(name.as_str()).push(", ").param(login.as_str()).push(", ");
    sql.param(password).push(", 'active', ").param(new.manager_id.map(|m| m.0)).push(", ");
    sql.param(new.language.as_deref().unwrap_or("zh")).push(", 1, ").param(now.0).push(", NULL, 1)");
    conn.execute(sql.text(), &sql.params())?;
    put_departments(conn, *id, departments)?;
    put_roles(conn, *id, &new.roles)?;
    if *facts != Facts::default() {
        put_facts(conn, *id, facts)?;
    }
    Ok(())
}

pub(crate) fn entry(ready: &ReadyPerson, who: &Principal, now: Timestamp) -> Entry {
    let mut entry = Entry::new(now, actor(who), "person.create").object("person").records([ready.id.0]);
    let mut fields = after("roles", &ready.new.roles.join("+"));
    let ids: Vec<String> = ready.departments.iter().map(ToString::to_string).collect();
    fields.extend(after("department", &ids.join("+")));
    fields.extend(after("employment", ready.facts.employment.as_str()));
    entry.fields = fields.into_iter().map(Into::into).collect();
    entry
}
