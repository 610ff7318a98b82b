//! The company as stored.

use std::collections::HashMap;

use kernel::{DepartmentId, PersonId, Timestamp};
use policy::{Department, Org, Person, PersonStatus, Role, Rule};
use store::Conn;

use crate::error::Error;
use crate::factors::Factors;

/// A person's account.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) id: PersonId,
    pub(crate) name: String,
    pub(crate) login: String,
    pub(crate) password: String,
    pub(crate) status: PersonStatus,
    pub(crate) manager: Option<PersonId>,
    pub(crate) language: String,
    pub(crate) must_change: bool,
    pub(crate) created_at: Timestamp,
    pub(crate) last_sign_in_at: Option<Timestamp>,
    pub(crate) version: i64,
    pub(crate) departments: Vec<DepartmentId>,
    pub(crate) roles: Vec<String>,
}

/// Everything about people at one moment.
#[derive(Debug, Default)]
pub(crate) struct Company {
    pub(crate) people: HashMap<PersonId, Account>,
    pub(crate) by_login: HashMap<String, PersonId>,
    pub(crate) departments: Vec<Department>,
    pub(crate) roles: Vec<Role>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) factors: Factors,
}

/// The word under which a status is stored and shown.
pub(crate) fn status_word(status: PersonStatus) -> &'static str {
    match status {
        PersonStatus::Active => "active",
        PersonStatus::Suspended => "suspended",
        PersonStatus::Left => "left",
    }
}

/// Reads such a word.
pub(crate) fn status_of(word: &str) -> Option<PersonStatus> {
    [PersonStatus::Active, PersonStatus::Suspended, PersonStatus::Left]
        .into_iter()
        .find(|s| status_word(*s) == word)
}

pub(crate) fn company(conn: &mut dyn Conn) -> Result<Company, Error> {
    let mut company = Company::default();
    let rows = conn.query(
        "SELECT id, name, login, password, status, manager, language, must_change, created_at, last_sign_in_at, version FROM person",
        &[],
    )?;
    for row in &rows {
        let id = PersonId(row.get_id(0)?);
        let account = Account {
            id,
            name: row.get_text(1)?.to_owned(),
            login: row.get_text(2)?.to_owned(),
            password: row.get_text(3)?.to_owned(),
            status: status_of(row.get_text(4)?).ok_or(Error::Corrupt)?,
            manager: row.opt_id(5)?.map(PersonId),
            language: row.get_text(6)?.to_owned(),
            must_change: row.get_int(7)? != 0,
            created_at: Timestamp(row.get_int(8)?),
            last_sign_in_at: row.opt_int(9)?.map(Timestamp),
            version: row.get_int(10)?,
            departments: Vec::new(),
            roles: Vec::new(),
        };
        company.by_login.insert(account.login.clone(), id);
        company.people.insert(id, account);
    }
    for row in conn.query("SELECT person, department FROM person_department ORDER BY person, place", &[])? {
        if let Some(account) = company.people.get_mut(&PersonId(row.get_id(0)?)) {
            account.departments.push(DepartmentId(row.get_id(1)?));
        }
    }
    for row in conn.query("SELECT person, role FROM person_role ORDER BY person, role", &[])? {
        if let Some(account) = company.people.get_mut(&PersonId(row.get_id(0)?)) {
            account.roles.push(row.get_text(1)?.to_owned());
        }
    }
    for row in conn.query("SELECT id, name, parent FROM department ORDER BY name", &[])? {
        company.departments.push(Department {
            id: DepartmentId(row.get_id(0)?),
            name: row.get_text(1)?.to_owned(),
            parent: row.opt_id(2)?.map(DepartmentId),
        });
    }
    for row in conn.query("SELECT body FROM role ORDER BY key", &[])? {
        company.roles.push(serde_json::from_str(row.get_text(0)?).map_err(|_| Error::Corrupt)?);
    }
    for row in conn.query("SELECT body FROM rule ORDER BY id", &[])? {
        company.rules.push(serde_json::from_str(row.get_text(0)?).map_err(|_| Error::Corrupt)?);
    }
    company.factors = crate::factors::load(conn)?;
    Ok(company)
}

impl Company {
    /// As the policy sees it.
    pub(crate) fn org(&self) -> Org {
        let people = self
            .people
            .values()
            .map(|a| Person {
                id: a.id,
                name: a.name.clone(),
                departments: a.departments.clone(),
                manager: a.manager,
                status: a.status,
                roles: a.roles.clone(),
            })
            .collect();
        Org::new(people, self.departments.clone())
    }

    /// Active people with a role.
    pub(crate) fn holders(&self, role: &str) -> usize {
        self.people
            .values()
            .filter(|a| a.status == PersonStatus::Active && a.roles.iter().any(|r| r == role))
            .count()
    }
}
