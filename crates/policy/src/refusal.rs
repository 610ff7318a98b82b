//! The no, with its explanation. Whether the caller may hear it is decided in `server`.

use serde::Serialize;

use crate::action::ActionKind;
use crate::explain::Explanation;

/// Why the policy said no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The catalog has no such object.
    UnknownObject,
    /// The person is unknown, suspended or has left.
    NotActive,
    /// No rule opens it: the default.
    NoRule,
    /// A rule closes it.
    Forbidden,
    /// A rule opens it to those who have proved more recently who they are.
    StepUp {
        /// How old the proof may be, in seconds.
        max_age_s: u32,
    },
}

/// A no. Its text tells nothing; [`explanation`](Self::explanation) tells all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not allowed")]
pub struct Refusal {
    action: ActionKind,
    object: String,
    cause: Cause,
    explanation: Box<Explanation>,
}

impl Refusal {
    pub(crate) fn new(cause: Cause, explanation: Explanation) -> Self {
        Self {
            action: explanation.action,
            object: explanation.object.clone(),
            cause,
            explanation: Box::new(explanation),
        }
    }

    /// What was asked for.
    #[must_use]
    pub fn action(&self) -> ActionKind {
        self.action
    }

    /// On which object.
    #[must_use]
    pub fn object(&self) -> &str {
        &self.object
    }

    /// Why not.
    #[must_use]
    pub fn cause(&self) -> Cause {
        self.cause
    }

    /// Which rules closed it, and which would open it to others or at other times: not for everybody's ears.
    #[must_use]
    pub fn explanation(&self) -> &Explanation {
        &self.explanation
    }
}
