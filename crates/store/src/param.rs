//! Parameters of statements.

use kernel::Value;
use uuid::Uuid;

/// A parameter, borrowed.
#[derive(Clone, Copy, Debug)]
pub enum Param<'a> {
    /// Nothing.
    Null,
    /// A number, a truth value, a time.
    Int(i64),
    /// Text.
    Text(&'a str),
    /// Bytes.
    Blob(&'a [u8]),
    /// A set of ids: `= ANY($n)` on PostgreSQL, `IN rarray($n)` on SQLite.
    Ids(&'a [[u8; 16]]),
}

/// A parameter that a [`crate::Sql`] keeps.
#[derive(Clone, Debug)]
pub enum OwnedParam {
    /// Nothing.
    Null,
    /// A number, a truth value, a time.
    Int(i64),
    /// Text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
    /// A set of ids.
    Ids(Vec<[u8; 16]>),
}

impl OwnedParam {
    /// Borrowed.
    #[must_use]
    pub fn as_param(&self) -> Param<'_> {
        match self {
            Self::Null => Param::Null,
            Self::Int(i) => Param::Int(*i),
            Self::Text(t) => Param::Text(t),
            Self::Blob(b) => Param::Blob(b),
            Self::Ids(ids) => Param::Ids(ids),
        }
    }
}

impl From<i64> for Param<'_> {
    fn from(i: i64) -> Self {
        Self::Int(i)
    }
}
impl<'a> From<&'a str> for Param<'a> {
    fn from(t: &'a str) -> Self {
        Self::Text(t)
    }
}
impl<'a> From<&'a [u8]> for Param<'a> {
    fn from(b: &'a [u8]) -> Self {
        Self::Blob(b)
    }
}
impl<'a> From<&'a Uuid> for Param<'a> {
    fn from(id: &'a Uuid) -> Self {
        Self::Blob(id.as_bytes())
    }
}
impl<'a, T: Into<Self>> From<Option<T>> for Param<'a> {
    fn from(v: Option<T>) -> Self {
        v.map_or(Self::Null, Into::into)
    }
}

impl From<i64> for OwnedParam {
    fn from(i: i64) -> Self {
        Self::Int(i)
    }
}
impl From<&str> for OwnedParam {
    fn from(t: &str) -> Self {
        Self::Text(t.to_owned())
    }
}
impl From<&[u8]> for OwnedParam {
    fn from(b: &[u8]) -> Self {
        Self::Blob(b.to_vec())
    }
}
impl From<&Uuid> for OwnedParam {
    fn from(id: &Uuid) -> Self {
        Self::Blob(id.as_bytes().to_vec())
    }
}
impl From<Uuid> for OwnedParam {
    fn from(id: Uuid) -> Self {
        Self::from(&id)
    }
}
impl From<&Value> for OwnedParam {
    fn from(v: &Value) -> Self {
        match v {
            Value::Null => Self::Null,
            Value::Bool(b) => Self::Int(i64::from(*b)),
            Value::Int(i) | Value::Day(i) => Self::Int(*i),
            Value::Time(t) => Self::Int(t.0),
            Value::Id(id) => Self::from(id),
            Value::Text(t) => Self::Text(t.clone()),
            Value::Token(t) => Self::Blob(t.clone()),
        }
    }
}
impl<T: Into<Self>> From<Option<T>> for OwnedParam {
    fn from(v: Option<T>) -> Self {
        v.map_or(Self::Null, Into::into)
    }
}
