//! Parameters of statements: borrowed ones for calls, owned ones inside [`crate::Sql`].

use kernel::{
    DepartmentId, ImportId, PersonId, RecordId, RuleId, SessionId, SubjectId, Timestamp, Value, WorkspaceId,
};
use uuid::Uuid;

/// A parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Param<'a> {
    /// Nothing.
    Null,
    /// A number, a boolean (0 or 1), a moment in microseconds, a date in days.
    Int(i64),
    /// Text.
    Text(&'a str),
    /// Bytes.
    Blob(&'a [u8]),
    /// An id: 16 bytes.
    Id([u8; 16]),
    /// A set of ids; written `= ANY($n)` on PostgreSQL and `IN rarray($n)` on SQLite, see [`crate::Sql::in_ids`].
    IdList(&'a [[u8; 16]]),
    /// A set of numbers.
    IntList(&'a [i64]),
    /// A set of texts.
    TextList(&'a [String]),
    /// A set of byte strings.
    BlobList(&'a [Vec<u8>]),
}

/// A parameter that owns its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OwnedParam {
    /// Nothing.
    Null,
    /// A number.
    Int(i64),
    /// Text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
    /// An id.
    Id([u8; 16]),
    /// A set of ids.
    IdList(Vec<[u8; 16]>),
    /// A set of numbers.
    IntList(Vec<i64>),
    /// A set of texts.
    TextList(Vec<String>),
    /// A set of byte strings.
    BlobList(Vec<Vec<u8>>),
}

impl OwnedParam {
    /// As a call takes it.
    #[must_use]
    pub fn borrow(&self) -> Param<'_> {
        match self {
            Self::Null => Param::Null,
            Self::Int(i) => Param::Int(*i),
            Self::Text(t) => Param::Text(t),
            Self::Blob(b) => Param::Blob(b),
            Self::Id(id) => Param::Id(*id),
            Self::IdList(l) => Param::IdList(l),
            Self::IntList(l) => Param::IntList(l),
            Self::TextList(l) => Param::TextList(l),
            Self::BlobList(l) => Param::BlobList(l),
        }
    }
}

/// Both kinds take what is copied.
macro_rules! from_copies {
    ($($from:ty: $value:ident => $variant:ident($to:expr);)+) => {$(
        impl From<$from> for Param<'_> {
            fn from($value: $from) -> Self {
                Self::$variant($to)
            }
        }
        impl From<&$from> for Param<'_> {
            fn from($value: &$from) -> Self {
                let $value = *$value;
                Self::$variant($to)
            }
        }
        impl From<$from> for OwnedParam {
            fn from($value: $from) -> Self {
                Self::$variant($to)
            }
        }
        impl From<&$from> for OwnedParam {
            fn from($value: &$from) -> Self {
                let $value = *$value;
                Self::$variant($to)
            }
        }
    )+};
}

from_copies! {
    i64: v => Int(v);
    i32: v => Int(i64::from(v));
    u32: v => Int(i64::from(v));
    bool: v => Int(i64::from(v));
    Timestamp: v => Int(v.0);
    Uuid: v => Id(v.into_bytes());
    [u8; 16]: v => Id(v);
    WorkspaceId: v => Id(v.0.into_bytes());
    PersonId: v => Id(v.0.into_bytes());
    DepartmentId: v => Id(v.0.into_bytes());
    RecordId: v => Id(v.0.into_bytes());
    SubjectId: v => Id(v.0.into_bytes());
    RuleId: v => Id(v.0.into_bytes());
    SessionId: v => Id(v.0.into_bytes());
    ImportId: v => Id(v.0.into_bytes());
}

impl<'a> From<&'a str> for Param<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Param<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a [u8]> for Param<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Blob(bytes)
    }
}

impl<'a> From<&'a Vec<u8>> for Param<'a> {
    fn from(bytes: &'a Vec<u8>) -> Self {
        Self::Blob(bytes)
    }
}

impl<'a> From<&'a [u8; 32]> for Param<'a> {
    fn from(bytes: &'a [u8; 32]) -> Self {
        Self::Blob(bytes)
    }
}

impl<'a> From<&'a [u8; 12]> for Param<'a> {
    fn from(bytes: &'a [u8; 12]) -> Self {
        Self::Blob(bytes)
    }
}

impl<'a, T: Into<Param<'a>>> From<Option<T>> for Param<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl<'a> From<&'a Value> for Param<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(b) => Self::Int(i64::from(*b)),
            Value::Int(i) | Value::Day(i) => Self::Int(*i),
            Value::Time(t) => Self::Int(t.0),
            Value::Id(id) => Self::Id(id.into_bytes()),
            Value::Text(t) => Self::Text(t),
            Value::Token(t) => Self::Blob(t),
        }
    }
}

impl From<&str> for OwnedParam {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<&String> for OwnedParam {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<String> for OwnedParam {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&[u8]> for OwnedParam {
    fn from(bytes: &[u8]) -> Self {
        Self::Blob(bytes.to_vec())
    }
}

impl From<Vec<u8>> for OwnedParam {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Blob(bytes)
    }
}

impl From<&Vec<u8>> for OwnedParam {
    fn from(bytes: &Vec<u8>) -> Self {
        Self::Blob(bytes.clone())
    }
}

impl From<&[u8; 32]> for OwnedParam {
    fn from(bytes: &[u8; 32]) -> Self {
        Self::Blob(bytes.to_vec())
    }
}

impl From<&[u8; 12]> for OwnedParam {
    fn from(bytes: &[u8; 12]) -> Self {
        Self::Blob(bytes.to_vec())
    }
}

impl<T: Into<OwnedParam>> From<Option<T>> for OwnedParam {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl From<&Value> for OwnedParam {
    fn from(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(b) => Self::Int(i64::from(*b)),
            Value::Int(i) | Value::Day(i) => Self::Int(*i),
            Value::Time(t) => Self::Int(t.0),
            Value::Id(id) => Self::Id(id.into_bytes()),
            Value::Text(t) => Self::Text(t.clone()),
            Value::Token(t) => Self::Blob(t.clone()),
        }
    }
}
