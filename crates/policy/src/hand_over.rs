//! An order to hand records over: made where people are administered, carried out where records are.

use std::collections::BTreeMap;

use kernel::PersonId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Which records go to whom (交接). Travels as a job; holds ids only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandOver {
    /// The leaving that it belongs to.
    pub id: Uuid,
    /// Whose records.
    pub from: PersonId,
    /// Who ordered it; nobody: a date came.
    pub ordered_by: Option<PersonId>,
    /// To whom, where `objects` says nothing else.
    pub to: Receiver,
    /// Records of some objects go to somebody else.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub objects: BTreeMap<String, PersonId>,
    /// Takes the hand-over back instead.
    #[serde(default)]
    pub undo: bool,
}

/// To whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Receiver {
    /// To one person.
    Person(PersonId),
    /// Each record to the manager of its department, or of the nearest one above that has one; else to this person.
    DepartmentManager(Option<PersonId>),
    /// To nobody: each record is decided about by hand.
    Nobody,
}

impl HandOver {
    /// Kind of the job.
    pub const JOB: &'static str = "hand_over";
}
