//! What can go wrong with a request for customer data. Carries ids and keys, never values.

use kernel::Timestamp;
use kernel::condition::Malformed;
use utoipa::ToSchema;

/// Why one field of a request was not taken.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, ToSchema)]
pub struct FieldError {
    /// The field.
    pub field: String,
    /// Stable key for texts in both languages.
    pub key: &'static str,
    /// In words.
    pub detail: String,
}

impl FieldError {
    /// A field, a key and the way to mend it.
    #[must_use]
    pub fn new(field: &str, key: &'static str, detail: &str) -> Self {
        Self { field: field.to_owned(), key, detail: detail.to_owned() }
    }
}

/// What happened to the request.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The policy said no.
    #[error("not allowed")]
    Refused(#[from] policy::Refusal),
    /// The caller may see the record but not do this with it.
    #[error("you may see this record but not do this with it")]
    RefusedRow,
    /// No such record, or none that the caller may see.
    #[error("there is no such record, or you may not see it")]
    NotFound,
    /// Fields that do not fit, all of them.
    #[error("some fields do not fit")]
    Invalid(Vec<FieldError>),
    /// Somebody else changed the record meanwhile.
    #[error("the record has changed meanwhile; load it again")]
    Stale {
        /// Its present version.
        version: i64,
    },
    /// The query cannot be understood.
    #[error("{0}")]
    BadQuery(String),
    /// The filter cannot be understood or may not be used.
    #[error(transparent)]
    Condition(#[from] Malformed),
    /// More distinct subjects in clear than the hour allows.
    #[error("the hourly budget of {limit} revealed customers is used up")]
    OverBudget {
        /// Distinct subjects so far.
        used: u32,
        /// The budget.
        limit: u32,
        /// When the first of them falls out of the hour.
        resets_at: Timestamp,
    },
    /// Reveals need a reason.
    #[error("say why you need the full value (at least 2 characters)")]
    ReasonRequired,
    /// The request does not fit the state (an import that already runs).
    #[error("{0}")]
    Conflict(String),
    /// More than a stated limit.
    #[error("too large: at most {0}")]
    TooLarge(String),
    /// A file that cannot be read as a table or mail; key and detail.
    #[error("{detail}")]
    BadFile {
        /// Stable key.
        key: &'static str,
        /// In words.
        detail: String,
    },
    /// A stored blob does not open: it was changed, moved, or its key is gone.
    #[error("a stored record does not pass its integrity check; run `shouxin verify`")]
    Corrupt,
    /// The vault failed.
    #[error(transparent)]
    Vault(#[from] vault::Error),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The ledger failed.
    #[error(transparent)]
    Ledger(#[from] ledger::Error),
}
