//! Values of fields: few kinds, exact, comparable, the same on every engine.

use std::cmp::Ordering;

use serde_json::Value as Json;
use uuid::Uuid;

use crate::time::{Timestamp, format_date};

/// A field's value. Dates are `Day` (days since 1970), money is `Int` in minor units (分); there are no floats,
/// so that every engine compares alike.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub enum Value {
    /// No value. Every comparison with it is false (`condition` has the rules).
    #[default]
    Null,
    /// Yes or no; stored as 0 or 1.
    Bool(bool),
    /// A whole number, money in minor units, a duration in seconds.
    Int(i64),
    /// A calendar date: days since 1970.
    Day(i64),
    /// A moment.
    Time(Timestamp),
    /// A person, department or record.
    Id(Uuid),
    /// Text.
    Text(String),
    /// A token of a blind index. Never a field's value: rewritten conditions compare with it.
    Token(Vec<u8>),
}

impl Value {
    /// Nothing, or text of nothing but white space.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Text(t) => t.trim().is_empty(),
            _ => false,
        }
    }

    /// The text, when it is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(t) = self { Some(t) } else { None }
    }

    /// The id, when it is one.
    #[must_use]
    pub fn as_id(&self) -> Option<Uuid> {
        if let Self::Id(id) = self { Some(*id) } else { None }
    }

    /// Order within one kind; `None` between different kinds or with nothing. Text compares by code points (UTF-8 bytes).
    #[must_use]
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Bool(a), Self::Bool(b)) => Some(a.cmp(b)),
            (Self::Int(a), Self::Int(b)) | (Self::Day(a), Self::Day(b)) => Some(a.cmp(b)),
            (Self::Time(a), Self::Time(b)) => Some(a.cmp(b)),
            (Self::Id(a), Self::Id(b)) => Some(a.cmp(b)),
            (Self::Token(a), Self::Token(b)) => Some(a.cmp(b)),
            (Self::Text(a), Self::Text(b)) => Some(a.as_bytes().cmp(b.as_bytes())),
            _ => None,
        }
    }

    /// As the API shows it.
    #[must_use]
    pub fn to_json(&self) -> Json {
        match self {
            Self::Null => Json::Null,
            Self::Bool(b) => Json::Bool(*b),
            Self::Int(i) => Json::from(*i),
            Self::Day(d) => Json::String(format_date(*d)),
            Self::Time(t) => Json::String(t.to_string()),
            Self::Id(id) => Json::String(id.to_string()),
            Self::Text(t) => Json::String(t.clone()),
            Self::Token(_) => Json::Null,
        }
    }
}
