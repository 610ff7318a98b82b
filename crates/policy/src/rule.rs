//! Rules: plain data that people write, read and version. [`compile`](crate::compile) turns them into plans.

use std::collections::BTreeSet;
use utoipa::ToSchema;

use kernel::{Class, Condition, DepartmentId, Field, GroupId, PersonId, RuleId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::action::ActionKind;
use crate::circumstances::Circumstances;
use crate::principal::{Principal, PrincipalKind};

/// Permit or forbid (权限规则): who, which object, which actions, which rows, which fields, since when and until when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Which rule.
    pub id: RuleId,
    /// What people call it.
    pub name: String,
    /// Open or close.
    pub effect: Effect,
    /// For whom.
    pub who: Who,
    /// Name of an object, or [`ANY_OBJECT`]. Actions of offices have no object; for them it says nothing.
    pub object: String,
    /// Which actions.
    pub actions: BTreeSet<ActionKind>,
    /// Which records.
    pub rows: RowScope,
    /// Which fields and how far. A permit without any opens only the system's fields (owner, times). A forbid
    /// without any closes the records; with some, it leaves these fields at most the stated access.
    #[serde(default)]
    pub fields: Vec<FieldRule>,
    /// What the person must do in exchange.
    #[serde(default)]
    pub obligations: Obligations,
    /// Under which circumstances it holds; none: always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub circumstances: Option<Circumstances>,
    /// In force from this moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Timestamp>,
    /// No longer in force from this moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Timestamp>,
    /// Came with the product.
    #[serde(default)]
    pub builtin: bool,
}

/// `Rule::object` for all objects, also those made later.
pub const ANY_OBJECT: &str = "*";

/// What a rule does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Opens.
    Permit,
    /// Closes, whatever other rules open.
    Forbid,
}

/// For whom a rule is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// People with a role.
    Role(String),
    /// One person.
    Person(PersonId),
    /// People of a department.
    Department {
        /// Which.
        id: DepartmentId,
        /// And of all below.
        #[serde(default)]
        subtree: bool,
    },
    /// People who hold a position.
    Position(String),
    /// People of a dynamic group.
    Group(GroupId),
    /// Every person of the company.
    Everyone,
}

/// Which records a rule is about, seen from the acting person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowScope {
    /// All.
    All,
    /// Those whose owner is the person.
    Own,
    /// Those whose owner is in one of the person's departments, and those without an owner in these departments.
    Department,
    /// The same with all departments below.
    Subtree,
    /// Those whose owner is the person or reports to them, directly or not.
    Reports,
    /// Those for which a condition on open fields holds.
    Where(Condition),
    /// Those whose parent record (`Object::parent`) the person may list (for `List`) or read (for all else).
    /// One step: a parent that is itself visible only through its own parent, or by a condition that looks
    /// beyond itself, does not count.
    Parent,
}

/// How far a field is open.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum FieldAccess {
    /// As if it did not exist.
    #[default]
    Hidden,
    /// Its mask. Under a permit to reveal: its full value may be revealed.
    Masked,
    /// Its value (of a restricted field still the mask, until revealed).
    Read,
    /// It may be changed.
    Write,
}

impl FieldAccess {
    /// The name in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hidden => "hidden",
            Self::Masked => "masked",
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

/// How far some fields are open. Of several that fit a field, the narrowest selection counts
/// (named before class before all), then the first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldRule {
    /// Which.
    pub fields: FieldSet,
    /// How far.
    pub access: FieldAccess,
}

/// A selection of fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldSet {
    /// By name.
    Named(Vec<String>),
    /// All of a class, also those made later.
    Class(Class),
    /// All, also those made later.
    All,
}

/// What the person must do in exchange. An unknown obligation is refused when a rule is read: it must not be lost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Obligations {
    /// Give a reason. Reveals demand one in any case.
    #[serde(default)]
    pub reason: bool,
    /// Have proved recently who one is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step_up: Option<StepUp>,
}

impl Obligations {
    /// Both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let step_up = match (self.step_up, other.step_up) {
            (Some(one), Some(two)) => Some(one.and(two)),
            (one, two) => one.or(two),
        };
        Self { reason: self.reason || other.reason, step_up }
    }
}

/// A proof of who one is that must not be older than so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepUp {
    /// How old the last proof may be, in seconds.
    #[serde(default = "recent")]
    pub max_age_s: u32,
    /// Also of people who have nothing but a password; without it, of those who have a second factor.
    #[serde(default)]
    pub everybody: bool,
}

/// Ten minutes.
fn recent() -> u32 {
    600
}

impl Default for StepUp {
    fn default() -> Self {
        Self { max_age_s: recent(), everybody: false }
    }
}

impl StepUp {
    fn and(self, other: Self) -> Self {
        Self { max_age_s: self.max_age_s.min(other.max_age_s), everybody: self.everybody || other.everybody }
    }

    /// Whether somebody has proved recently enough who they are.
    #[must_use]
    pub fn met_by(&self, who: &Principal, now: Timestamp) -> bool {
        let asked = who.kind == PrincipalKind::Person && (who.factor || self.everybody);
        let since = now.plus_seconds(-i64::from(self.max_age_s));
        !asked || who.strong_at.is_some_and(|at| at >= since)
    }
}

impl Rule {
    /// Whether it speaks of the action on the object.
    #[must_use]
    pub fn covers(&self, action: ActionKind, object: &str) -> bool {
        self.actions.contains(&action)
            && (action.is_office() || self.object == ANY_OBJECT || self.object == object)
    }

    /// What it says about a field; `None` when nothing.
    #[must_use]
    pub fn field(&self, field: &Field) -> Option<FieldAccess> {
        let narrow = |f: &FieldRule| match &f.fields {
            FieldSet::Named(names) if names.contains(&field.name) => Some(0),
            FieldSet::Class(class) if *class == field.class => Some(1),
            FieldSet::All => Some(2),
            _ => None,
        };
        let fitting = self.fields.iter().filter_map(|f| narrow(f).map(|n| (n, f.access)));
        fitting.min_by_key(|(n, _)| *n).map(|(_, access)| access)
    }

    /// Whether it is in force.
    #[must_use]
    pub fn in_force(&self, now: Timestamp) -> bool {
        self.valid_from.is_none_or(|from| from <= now) && self.valid_until.is_none_or(|until| now < until)
    }
}
