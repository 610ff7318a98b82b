//! Who acts.

use kernel::{DepartmentId, PersonId, SessionId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// What kind of actor it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrincipalKind {
    /// A signed-in person. Must be an active person of the [`Org`](crate::Org).
    Person,
    /// A job of the server. Has the roles it is given; rules for everyone open nothing to it.
    System,
    /// The first set-up. As `System`.
    Setup,
}

/// How the person proved who they are.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    /// A password.
    #[default]
    Password,
    /// A password and a second factor.
    SecondFactor,
    /// A passkey.
    Passkey,
}

/// Who acts (主体): a person's session or a job, with the facts that rules ask about.
///
/// A person's roles and departments count only as far as the present [`Org`](crate::Org) agrees: a principal made
/// before a role was taken away has lost it with the next decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// The person; for jobs the person on whose behalf they run.
    pub person: PersonId,
    /// The session, when there is one.
    pub session: Option<SessionId>,
    /// Where the request came from.
    pub ip: Option<String>,
    /// What kind of actor it is.
    pub kind: PrincipalKind,
    /// Keys of roles.
    pub roles: Vec<String>,
    /// Departments.
    pub departments: Vec<DepartmentId>,
    /// How the person proved who they are.
    pub strength: Strength,
    /// Whether they have a second factor.
    pub factor: bool,
    /// When they last gave the strongest proof that they can give.
    pub strong_at: Option<Timestamp>,
    /// The enrolled device whose key signed the request.
    pub device: Option<Uuid>,
    /// The network zone the request came from, by key; `None` outside of every zone.
    pub zone: Option<String>,
    /// Whether the device is known and trusted.
    pub trusted_device: bool,
    /// Whether the required training is up to date.
    pub trained: bool,
}

impl Principal {
    /// A person without a session.
    #[must_use]
    pub fn person(person: PersonId, roles: Vec<String>, departments: Vec<DepartmentId>) -> Self {
        Self {
            person,
            session: None,
            ip: None,
            kind: PrincipalKind::Person,
            roles,
            departments,
            strength: Strength::Password,
            factor: false,
            strong_at: None,
            device: None,
            zone: None,
            trusted_device: false,
            trained: false,
        }
    }

    /// A job that runs with the given roles.
    #[must_use]
    pub fn system(person: PersonId, roles: Vec<String>) -> Self {
        Self { kind: PrincipalKind::System, ..Self::person(person, roles, Vec::new()) }
    }

    /// Whether the principal claims a role.
    #[must_use]
    pub fn has_role(&self, key: &str) -> bool {
        self.roles.iter().any(|r| r == key)
    }
}
