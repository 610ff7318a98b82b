//! The company as stored.

use std::collections::HashMap;

use kernel::{DepartmentId, PersonId, Timestamp};
use policy::{Department, Org, Person, PersonFacts, PersonStatus, Role, Rule};
use store::Conn;

use crate::error::Error;
use crate::factors::Factors;
use crate::groups::StoredGroup;
use crate::life::Facts;
use crate::positions::Position;

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
    /// With lent ones, also when their time is over: see [`Account::roles_at`].
    pub(crate) roles: Vec<String>,
    pub(crate) facts: Facts,
}

impl Account {
    /// The roles that count at a moment: lent ones end by themselves.
    pub(crate) fn roles_at(&self, now: Timestamp) -> Vec<String> {
        let ended = |r: &String| self.facts.role_until.get(r).is_some_and(|until| *until <= now);
        self.roles.iter().filter(|r| !ended(r)).cloned().collect()
    }
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
    pub(crate) positions: Vec<Position>,
    pub(crate) groups: Vec<StoredGroup>,
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
            facts: Facts::default(),
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
    for row in conn.query("SELECT person, body FROM person_facts", &[])? {
        if let Some(account) = company.people.get_mut(&PersonId(row.get_id(0)?)) {
            account.facts = serde_json::from_str(row.get_text(1)?).map_err(|_| Error::Corrupt)?;
        }
    }
    for row in conn.query("SELECT body FROM position ORDER BY key", &[])? {
        company.positions.push(serde_json::from_str(row.get_text(0)?).map_err(|_| Error::Corrupt)?);
    }
    for row in conn.query("SELECT body FROM people_group ORDER BY id", &[])? {
        company.groups.push(serde_json::from_str(row.get_text(0)?).map_err(|_| Error::Corrupt)?);
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
                facts: PersonFacts {
                    positions: a.facts.positions.clone(),
                    employment: a.facts.employment.as_str().to_owned(),
                    location: a.facts.location.clone(),
                },
            })
            .collect();
        // A group that cannot be understood any more has no members.
        let groups = self.groups.iter().filter_map(|g| g.group().ok()).collect();
        Org::new(people, self.departments.clone()).with_groups(groups)
    }

    /// Active people with a role.
    pub(crate) fn holders(&self, role: &str) -> usize {
        self.people
            .values()
            .filter(|a| a.status == PersonStatus::Active && a.roles.iter().any(|r| r == role))
            .count()
    }

    /// Other active people who hold these administrations for the whole company.
    pub(crate) fn unlimited(&self, roles: &[String], but: PersonId) -> usize {
        let office = |a: &&Account| a.roles.iter().any(|r| policy::administration(r) && roles.contains(r));
        let whole = |a: &&Account| a.status == PersonStatus::Active && a.facts.branch.is_empty();
        self.people.values().filter(|a| a.id != but).filter(whole).filter(office).count()
    }
}
