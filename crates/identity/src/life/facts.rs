//! Facts about a person beside their account: number, kind of employment, place, positions, end date; their office's
//! branch; until when roles were lent.

use std::collections::BTreeMap;

use kernel::{DepartmentId, PersonId, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Conn, Sql};
use utoipa::ToSchema;

use crate::error::Error;

/// Kind of employment (用工性质).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Employment {
    /// Employed here.
    #[default]
    Employee,
    /// Works here for another company or on contract.
    Contractor,
    /// Learns here.
    Intern,
    /// Belongs to somebody else: an auditor, a partner.
    External,
}

impl Employment {
    /// The word in the API and in groups.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Employee => "employee",
            Self::Contractor => "contractor",
            Self::Intern => "intern",
            Self::External => "external",
        }
    }
}

/// As stored: one JSON body a person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Facts {
    pub(crate) employee_number: Option<String>,
    pub(crate) employment: Employment,
    pub(crate) location: Option<String>,
    /// The account ends at this moment.
    pub(crate) ends_at: Option<Timestamp>,
    /// Keys of positions.
    pub(crate) positions: Vec<String>,
    /// An administrator's office is limited to these departments and all below; empty: the whole company.
    pub(crate) branch: Vec<DepartmentId>,
    /// The roles that a limited security administrator may give.
    pub(crate) may_grant: Vec<String>,
    /// Roles that end by themselves.
    pub(crate) role_until: BTreeMap<String, Timestamp>,
}

pub(crate) fn put_facts(conn: &mut dyn Conn, person: PersonId, facts: &Facts) -> Result<(), Error> {
    let body = serde_json::to_string(facts).map_err(|_| Error::Corrupt)?;
    let mut sql = Sql::new(conn.engine());
    sql.push("INSERT INTO person_facts(person, body) VALUES (")
        .param(person.0)
        .push(", ")
        .param(body.as_str());
    sql.push(") ON CONFLICT (person) DO UPDATE SET body = excluded.body");
    conn.execute(sql.text(), &sql.params())?;
    Ok(())
}
