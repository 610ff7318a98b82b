//! The catalog: which objects exist, which fields they have, how each field is protected (DESIGN 4).

use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::ToSchema;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::time::{Timestamp, parse_date};
use crate::value::Value;

/// How a field is protected (数据分级); order means "more protected".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// 公开: a column, filtered and sorted by SQL.
    Open,
    /// 机密: in the confidential blob under the subject's key; found by search.
    Confidential,
    /// 敏感: in the restricted blob; lists show a mask; exact match by blind index; full value by reveal.
    Restricted,
    /// 封存: encrypted in the browser; the server holds no key.
    Sealed,
}

impl Class {
    /// The name in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Confidential => "confidential",
            Self::Restricted => "restricted",
            Self::Sealed => "sealed",
        }
    }
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// One line of text.
    Text,
    /// Many lines.
    LongText,
    /// A telephone number.
    Phone,
    /// An e-mail address.
    Email,
    /// A Chinese resident identity number (GB 11643).
    IdNumber,
    /// A postal address.
    Address,
    /// A web address.
    Url,
    /// One of the field's options.
    Select,
    /// A record of `Field::target`.
    Ref,
    /// A person of the company.
    Person,
    /// A department of the company.
    Department,
    /// A moment.
    Datetime,
    /// A calendar date.
    Date,
    /// A whole number.
    Int,
    /// An amount in minor units (分).
    Money,
    /// Yes or no.
    Bool,
    /// Seconds.
    Duration,
}

/// A text in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Label {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Label {
    /// Both languages.
    #[must_use]
    pub fn new(zh: &str, en: &str) -> Self {
        Self { zh: zh.to_owned(), en: en.to_owned() }
    }
}

/// A choice of a select field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Choice {
    /// What is stored.
    pub value: String,
    /// What is shown.
    pub label: Label,
    /// An antd preset colour.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
}

/// A typed attribute of an object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Stable name, also the column's name for open fields: `[a-z][a-z0-9_]*`.
    pub name: String,
    /// What people read.
    pub label: Label,
    /// What it holds.
    #[serde(rename = "type")]
    pub kind: FieldType,
    /// How it is protected.
    pub class: Class,
    /// Must have a value.
    #[serde(default)]
    pub required: bool,
    /// For `Ref`: the object it points to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// For `Select`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Choice>,
    /// Most characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_length: Option<usize>,
    /// Kept in a blind index, so that exact values can be found (restricted fields).
    #[serde(default)]
    pub blind: bool,
    /// Its words go into the full-text index.
    #[serde(default)]
    pub searchable: bool,
    /// An index exists (owner, field, id) and (field, id): lists may sort by it.
    #[serde(default)]
    pub sortable: bool,
    /// Kept by the system, never written by a request.
    #[serde(default)]
    pub system: bool,
}

/// Why a value does not fit its field. The API's key is `key()`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// Required but empty.
    Required,
    /// Not of the field's type.
    Type,
    /// Longer than `max_length`.
    TooLong,
    /// Not one of the options.
    NotAnOption,
    /// Not a plausible telephone number.
    Phone,
    /// Not a plausible e-mail address.
    Email,
    /// Not a resident identity number (length or check digit).
    IdNumber,
    /// Out of range.
    Range,
    /// Not a http(s) address.
    Url,
}

impl Unfit {
    /// Stable key for texts in both languages.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Type => "wrong_type",
            Self::TooLong => "too_long",
            Self::NotAnOption => "not_an_option",
            Self::Phone => "bad_phone",
            Self::Email => "bad_email",
            Self::IdNumber => "bad_id_number",
            Self::Range => "out_of_range",
            Self::Url => "bad_url",
        }
    }
}

/// Longest text of a field without its own limit, in characters.
pub const MAX_TEXT: usize = 500;
/// Longest long text, in characters.
pub const MAX_LONG_TEXT: usize = 100_000;

impl Field {
    /// Reads a value of this field from JSON; empty text becomes `Null`. Checks type, length, options and formats.
    ///
    /// # Errors
    /// The first reason why the value does not fit.
    pub fn parse_json(&self, json: &Json) -> Result<Value, Unfit> {
        let value = match json {
            Json::Null => Value::Null,
            Json::Bool(b) if self.kind == FieldType::Bool => Value::Bool(*b),
            Json::Number(n) => match self.kind {
                FieldType::Int | FieldType::Money | FieldType::Duration => {
                    Value::Int(n.as_i64().ok_or(Unfit::Type)?)
                }
                _ => return Err(Unfit::Type),
            },
            Json::String(s) => self.parse_text(s)?,
            _ => return Err(Unfit::Type),
        };
        self.fit(value)
    }

    /// Reads a value from text, as forms and import files hold it. Trims; empty is `Null`. Does not check `required`.
    ///
    /// # Errors
    /// The first reason why the text does not fit.
    pub fn parse_text(&self, text: &str) -> Result<Value, Unfit> {
        let text = if self.kind == FieldType::LongText { text } else { text.trim() };
        if text.trim().is_empty() {
            return Ok(Value::Null);
        }
        Ok(match self.kind {
            FieldType::Bool => match text {
                "true" | "1" | "是" | "yes" => Value::Bool(true),
                "false" | "0" | "否" | "no" => Value::Bool(false),
                _ => return Err(Unfit::Type),
            },
            FieldType::Int | FieldType::Money | FieldType::Duration => {
                Value::Int(text.parse().map_err(|_| Unfit::Type)?)
            }
            FieldType::Date => Value::Day(parse_date(text).ok_or(Unfit::Type)?),
            FieldType::Datetime => Value::Time(Timestamp::parse(text).ok_or(Unfit::Type)?),
            FieldType::Ref | FieldType::Person | FieldType::Department => {
                Value::Id(Uuid::parse_str(text).map_err(|_| Unfit::Type)?)
            }
            _ => Value::Text(text.to_owned()),
        })
    }

    /// Checks a typed value against the field's limits.
    ///
    /// # Errors
    /// The first reason why it does not fit.
    pub fn fit(&self, value: Value) -> Result<Value, Unfit> {
        if value.is_empty() {
            return if self.required { Err(Unfit::Required) } else { Ok(Value::Null) };
        }
        if let Value::Text(text) = &value {
            let most = self.max_length.unwrap_or(if self.kind == FieldType::LongText {
                MAX_LONG_TEXT
            } else {
                MAX_TEXT
            });
            if text.len() > most && text.chars().count() > most {
                return Err(Unfit::TooLong);
            }
            if text.contains('\0') {
                // PostgreSQL cannot hold U+0000 in text, and no person types it.
                return Err(Unfit::Type);
            }
            match self.kind {
                FieldType::Select if !self.options.iter().any(|o| o.value == *text) => {
                    return Err(Unfit::NotAnOption);
                }
                FieldType::Phone if !plausible_phone(text) => return Err(Unfit::Phone),
                FieldType::Email if !plausible_email(text) => return Err(Unfit::Email),
                FieldType::IdNumber if !valid_id_number(text) => return Err(Unfit::IdNumber),
                FieldType::Url if !(text.starts_with("http://") || text.starts_with("https://")) => {
                    return Err(Unfit::Url);
                }
                _ => {}
            }
        }
        if let Value::Int(n) = value
            && (n.unsigned_abs() > MAX_INT || (self.kind == FieldType::Duration && n < 0))
        {
            return Err(Unfit::Range);
        }
        Ok(value)
    }

    /// Whether SQL may filter by it.
    #[must_use]
    pub fn filterable(&self) -> bool {
        self.class == Class::Open || (self.class == Class::Restricted && self.blind)
    }
}

/// Largest number that JavaScript holds exactly (2^53 - 1): the API's numbers are JSON numbers.
pub const MAX_INT: u64 = (1 << 53) - 1;

fn plausible_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    (5..=20).contains(&digits)
        && text.chars().count() <= 32
        && text.chars().all(|c| {
            c.is_ascii_digit() || matches!(c, '+' | '-' | ' ' | '(' | ')' | '（' | '）' | '转' | '#' | '*')
        })
}

fn plausible_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    !local.is_empty()
        && text.len() <= 254
        && domain.contains('.')
        && !domain.starts_with('.')
        && !domain.ends_with('.')
        && !text
            .chars()
            .any(|c| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | ',' | ';' | '"'))
}

/// GB 11643-1999: 17 digits and a check character (ISO 7064 MOD 11-2).
#[must_use]
pub fn valid_id_number(text: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let bytes = text.as_bytes();
    if bytes.len() != 18 || !bytes[..17].iter().all(u8::is_ascii_digit) {
        return false;
    }
    let sum: u32 = bytes.iter().zip(WEIGHTS).map(|(b, w)| u32::from(b - b'0') * w).sum();
    let check = b"10X98765432"[(sum % 11) as usize];
    bytes[17].to_ascii_uppercase() == check
}

/// A kind of thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Object {
    /// Stable name, also the table's name.
    pub name: String,
    /// One of them.
    pub label: Label,
    /// Many of them.
    pub label_plural: Label,
    /// The field that names a record.
    pub title_field: String,
    /// The reference that a record's visibility follows (a communication follows its customer).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// In display order; without the system fields.
    pub fields: Vec<Field>,
}

impl Object {
    /// A field by name, system fields included.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().chain(system_fields()).find(|f| f.name == name)
    }

    /// The reference field that points to the record which visibility follows.
    #[must_use]
    pub fn field_of_parent(&self) -> Option<&str> {
        self.parent.as_deref()
    }

    /// All fields, the system's last.
    pub fn all_fields(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().chain(system_fields())
    }
}

/// Fields that every record has: id aside, they are open columns kept by the system.
#[must_use]
pub fn system_fields() -> &'static [Field] {
    static FIELDS: std::sync::OnceLock<Vec<Field>> = std::sync::OnceLock::new();
    FIELDS.get_or_init(|| {
        let field = |name: &str, zh: &str, en: &str, kind, sortable| Field {
            name: name.to_owned(),
            label: Label::new(zh, en),
            kind,
            class: Class::Open,
            required: false,
            target: None,
            options: Vec::new(),
            max_length: None,
            blind: false,
            searchable: false,
            sortable,
            system: true,
        };
        vec![
            field("owner", "负责人", "Owner", FieldType::Person, false),
            field("department", "所属部门", "Department", FieldType::Department, false),
            field("created_at", "创建时间", "Created", FieldType::Datetime, true),
            field("updated_at", "更新时间", "Updated", FieldType::Datetime, true),
            field("created_by", "创建人", "Created by", FieldType::Person, false),
            field("updated_by", "更新人", "Updated by", FieldType::Person, false),
            field("version", "版本", "Version", FieldType::Int, false),
        ]
    })
}

/// All objects of a workspace; a snapshot that is replaced whole when one changes.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    objects: BTreeMap<String, Arc<Object>>,
}

impl Catalog {
    /// From a list of objects.
    #[must_use]
    pub fn new(objects: Vec<Object>) -> Self {
        Self { objects: objects.into_iter().map(|o| (o.name.clone(), Arc::new(o))).collect() }
    }

    /// An object by name.
    #[must_use]
    pub fn object(&self, name: &str) -> Option<&Arc<Object>> {
        self.objects.get(name)
    }

    /// All objects by name.
    pub fn objects(&self) -> impl Iterator<Item = &Arc<Object>> {
        self.objects.values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn id_numbers_need_their_check_digit() {
        assert!(valid_id_number("11010519491231002X"));
        assert!(!valid_id_number("110105194912310021"));
        assert!(!valid_id_number("1101051949123100"));
    }
}
