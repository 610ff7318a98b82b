//! A list request, parsed at the border: limit, sort, cursor.

use kernel::{Field, FieldType, Object, Timestamp, Value};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::error::Error;

/// Most records on one page.
pub const MAX_PAGE: u32 = 200;
/// Records on a page when the request does not say.
pub const DEFAULT_PAGE: u32 = 50;

/// A list request as it came.
#[derive(Debug, Default, Clone)]
pub struct ListQuery {
    /// Records on the page, at most `MAX_PAGE`.
    pub limit: Option<u32>,
    /// Where the previous page ended.
    pub cursor: Option<String>,
    /// A sortable field; `-` before it means descending.
    pub sort: Option<String>,
    /// A condition as JSON.
    pub filter: Option<Json>,
    /// Words to find.
    pub search: Option<String>,
    /// Only these fields.
    pub fields: Option<Vec<String>>,
}

/// A settled order: by one column, ties by id, both in the same direction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Order {
    /// The column; `None` is the id itself (and so the time of creation, because ids rise).
    pub column: Option<(String, FieldType)>,
    /// Newest, largest first.
    pub descending: bool,
}

impl Order {
    /// Reads `field` or `-field`.
    pub(crate) fn parse(object: &Object, sort: Option<&str>) -> Result<Self, Error> {
        let (name, descending) = match sort.unwrap_or("-created_at") {
            s if s.starts_with('-') => (&s[1..], true),
            s => (s, false),
        };
        if name == "created_at" || name == "id" {
            return Ok(Self { column: None, descending });
        }
        let field: Option<&Field> = object.field(name).filter(|f| f.sortable);
        let field = field.ok_or_else(|| {
            Error::BadQuery(format!(
                "a list cannot be sorted by {name}; /api/v1/objects says which fields are sortable"
            ))
        })?;
        Ok(Self { column: Some((field.name.clone(), field.kind)), descending })
    }

    /// `ASC` or `DESC`.
    pub(crate) fn direction(&self) -> &'static str {
        if self.descending { "DESC" } else { "ASC" }
    }
}

/// Where a page ended: the sort value (when not the id) and the id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cursor {
    /// The sort column's value; empty values sort as the smallest.
    pub key: Option<Value>,
    /// The record.
    pub id: Uuid,
}

impl Cursor {
    /// Opaque text for the next request: hex of id, then the key with its kind. Holds open values only.
    pub(crate) fn encode(&self) -> String {
        let key = match &self.key {
            None => String::new(),
            Some(Value::Null) => "n".to_owned(),
            Some(Value::Int(i)) => format!("i{i}"),
            Some(Value::Day(d)) => format!("d{d}"),
            Some(Value::Bool(b)) => format!("b{}", u8::from(*b)),
            Some(Value::Time(t)) => format!("t{}", t.0),
            Some(Value::Id(id)) => format!("u{}", id.simple()),
            Some(Value::Text(t)) => format!("s{}", hex::encode(t)),
            // Tokens are never sort keys.
            Some(Value::Token(_)) => String::new(),
        };
        format!("{}{key}", self.id.simple())
    }

    /// Reads what `encode` wrote.
    pub(crate) fn decode(text: &str) -> Result<Self, Error> {
        let bad = || {
            Error::BadQuery("the cursor is not one that this list gave; start again without it".to_owned())
        };
        let (id, key) = text.split_at_checked(32).ok_or_else(bad)?;
        let id = Uuid::parse_str(id).map_err(|_| bad())?;
        let Some(kind) = key.chars().next() else { return Ok(Self { key: None, id }) };
        let rest = key.get(1..).ok_or_else(bad)?;
        let number = || rest.parse::<i64>().map_err(|_| bad());
        let key = match kind {
            'n' => Value::Null,
            'i' => Value::Int(number()?),
            'd' => Value::Day(number()?),
            'b' => Value::Bool(number()? != 0),
            't' => Value::Time(Timestamp(number()?)),
            'u' => Value::Id(Uuid::parse_str(rest).map_err(|_| bad())?),
            's' => Value::Text(String::from_utf8(hex::decode(rest).map_err(|_| bad())?).map_err(|_| bad())?),
            _ => return Err(bad()),
        };
        Ok(Self { key: Some(key), id })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_survive_a_round_trip_and_nonsense_is_refused() {
        for key in [None, Some(Value::Null), Some(Value::Int(-5)), Some(Value::Text("合作'中".into()))] {
            let cursor = Cursor { key, id: Uuid::from_u128(7) };
            assert_eq!(Cursor::decode(&cursor.encode()).unwrap(), cursor);
        }
        for bad in ["", "x", "é".repeat(20).as_str(), "00000000000000000000000000000007zz"] {
            assert!(Cursor::decode(bad).is_err());
        }
    }
}
