//! A leaving: what was ordered, what ended, what the person had.

use kernel::catalog::Label;
use kernel::{DepartmentId, PersonId, Timestamp};
use policy::{HandOver, Receiver};
use serde::{Deserialize, Serialize};
use store::{Conn, Sql};
use utoipa::ToSchema;
use uuid::Uuid;

use super::leave::Plan;
use crate::error::Error;
use crate::views::Named;

/// Something that ended, with how many of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Ended {
    /// `session`, `token`, `device` …
    pub kind: String,
    /// How many.
    pub count: u64,
}

/// How a leaving stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LeavingState {
    /// On its date.
    Planned,
    /// The person has left.
    Left,
    /// It was called off before its date.
    Cancelled,
    /// The person has left; their records were given back.
    Undone,
}

/// As stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leaving {
    /// Which.
    pub id: Uuid,
    /// Who leaves.
    pub person: PersonId,
    /// Who ordered it; nobody: their end date.
    pub ordered_by: Option<PersonId>,
    /// When it was ordered.
    pub ordered_at: Timestamp,
    /// When it happens or happened.
    pub at: Timestamp,
    /// How it stands.
    pub state: LeavingState,
    /// How records find their next owner.
    pub plan: Plan,
    /// The order to hand over.
    pub order: HandOver,
    /// What ended.
    pub ended: Vec<Ended>,
    /// Roles they had.
    pub roles: Vec<String>,
    /// Departments they were in.
    pub departments: Vec<DepartmentId>,
    /// Positions they held.
    pub positions: Vec<String>,
    /// What the rules opened to them, as sentences.
    pub access: Vec<Label>,
}

/// A leaving in the API's shape.
#[derive(Serialize, ToSchema)]
#[schema(as = Leaving)]
pub struct LeavingView {
    pub(crate) id: Uuid,
    pub(crate) person: Named,
    #[schema(required = true)]
    pub(crate) ordered_by: Option<Named>,
    pub(crate) ordered_at: Timestamp,
    pub(crate) at: Timestamp,
    pub(crate) state: LeavingState,
    pub(crate) plan: Plan,
    #[schema(required = true)]
    pub(crate) successor: Option<Named>,
    pub(crate) ended: Vec<Ended>,
    pub(crate) roles: Vec<String>,
    pub(crate) departments: Vec<Named>,
    pub(crate) positions: Vec<String>,
    pub(crate) access: Vec<Label>,
    /// Until when the hand-over can be taken back.
    pub(crate) undo_until: Timestamp,
}

impl LeavingView {
    /// Who leaves.
    #[must_use]
    pub fn person(&self) -> PersonId {
        PersonId(self.person.id)
    }

    /// When it happens or happened.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        self.at
    }
}

impl Leaving {
    /// The named successor, when there is one.
    pub(crate) fn successor(&self) -> Option<PersonId> {
        match self.order.to {
            Receiver::Person(person) => Some(person),
            Receiver::DepartmentManager(otherwise) => otherwise,
            Receiver::Nobody => None,
        }
    }

    pub(crate) fn save(&self, conn: &mut dyn Conn) -> Result<(), Error> {
        let body = serde_json::to_string(self).map_err(|_| Error::Corrupt)?;
        let mut sql = Sql::new(conn.engine());
        sql.push("INSERT INTO leaving(id, person, body) VALUES (")
            .param(self.id)
            .push(", ")
            .param(self.person.0);
        sql.push(", ").param(body.as_str()).push(") ON CONFLICT (id) DO UPDATE SET body = excluded.body");
        conn.execute(sql.text(), &sql.params())?;
        Ok(())
    }

    pub(crate) fn load(conn: &mut dyn Conn, id: Uuid) -> Result<Self, Error> {
        let rows = conn.query("SELECT body FROM leaving WHERE id = $1", &[id.into()])?;
        let row = rows.first().ok_or(Error::NotFound)?;
        serde_json::from_str(row.get_text(0)?).map_err(|_| Error::Corrupt)
    }

    /// The newest first; at most so many.
    pub(crate) fn newest(conn: &mut dyn Conn, most: i64) -> Result<Vec<Self>, Error> {
        let rows = conn.query("SELECT body FROM leaving ORDER BY id DESC LIMIT $1", &[most.into()])?;
        let read = |row: &store::Row| serde_json::from_str(row.get_text(0)?).map_err(|_| Error::Corrupt);
        rows.iter().map(read).collect()
    }
}
