//! Conditions: the one language for row rules, views, filters, workflows and retention.
//!
//! A `Condition` is written by people (JSON in the API, sentences in the web application). It may speak of "me",
//! "my people" and "7 days ago"; [`Condition::bind`] replaces these by facts and checks every field against the
//! catalog, giving a [`Bound`] condition. Evaluators (memory here, SQL in `store`, words in `words`) take bound
//! conditions only.
//!
//! **Semantics are total and two-valued.** A comparison with nothing on either side is false; `ne` is "not `eq`",
//! so it is true where the field has no value. Kinds never mix: binding checks them. There is no error at
//! evaluation and no third truth value, so `not` means not.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::catalog::{Catalog, Class, FieldType, Object};
use crate::time::Timestamp;
use crate::value::Value;

/// Most nodes a condition may have: beyond this nobody understands it and SQL planners suffer.
pub const MAX_NODES: usize = 200;
/// Deepest nesting.
pub const MAX_DEPTH: usize = 12;
/// Most values in one `in` list of a request.
pub const MAX_LIST: usize = 1_000;

/// Most days from now or today, either way: some 270 years.
pub const MAX_DAYS: u64 = 100_000;

/// A condition as people write it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Every part holds; an empty list is true.
    All(Vec<Condition>),
    /// Some part holds; an empty list is false.
    Any(Vec<Condition>),
    /// The part does not hold.
    Not(Box<Condition>),
    /// A field is compared.
    Test {
        /// `name` or, one hop, `reference.name`.
        field: String,
        /// How.
        op: Op,
        /// With what.
        value: Operand,
    },
}

/// How a field is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// Equal.
    Eq,
    /// Not equal, also where the field has no value.
    Ne,
    /// Less than.
    Lt,
    /// At most.
    Le,
    /// Greater than.
    Gt,
    /// At least.
    Ge,
    /// One of a list (or set of people, departments).
    In,
    /// Has no value. Takes no operand.
    IsEmpty,
    /// Text contains, case-sensitively.
    Contains,
    /// Text starts with, case-sensitively.
    StartsWith,
}

/// What a field is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operand {
    /// A value as JSON; its kind is the field's.
    Literal(Json),
    /// The acting person.
    Me,
    /// A set of people around the acting person.
    MyPeople(Circle),
    /// The acting person's departments.
    MyDepartments(Circle),
    /// The moment of the request plus so many days.
    Now {
        /// Days to add; negative is the past.
        days: i64,
    },
    /// The day of the request (UTC+8, the working day of most users) plus so many days.
    Today {
        /// Days to add; negative is the past.
        days: i64,
    },
}

/// A set of people or departments, seen from the acting person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Circle {
    /// Those who report to the person, directly or not, and the person.
    Reports,
    /// The person's own departments.
    Department,
    /// The person's departments and all below.
    Subtree,
}

/// What a condition may know of the acting person and the moment.
pub trait Facts {
    /// The acting person.
    fn me(&self) -> Uuid;
    /// Ids of the people in a circle.
    fn people(&self, circle: Circle) -> BTreeSet<Uuid>;
    /// Ids of the departments in a circle.
    fn departments(&self, circle: Circle) -> BTreeSet<Uuid>;
    /// The moment of the request.
    fn now(&self) -> Timestamp;
}

/// What is wrong with a condition. `key()` is stable; the message says how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// Not of the condition's JSON shape.
    #[error(
        "a condition is {{\"all\": [..]}}, {{\"any\": [..]}}, {{\"not\": ..}} or {{\"field\", \"op\", \"value\"}}; found {0}"
    )]
    Shape(String),
    /// The object has no such field (or the caller may not know of it).
    #[error("there is no field {0} here; /api/v1/objects lists the fields")]
    UnknownField(String),
    /// The operator does not fit the field's type.
    #[error("{op:?} does not work on field {field}")]
    Operator {
        /// The field.
        field: String,
        /// The operator.
        op: Op,
    },
    /// The value is not of the field's type.
    #[error("the value for {0} is not of the field's type")]
    Value(String),
    /// An encrypted field: SQL cannot see it.
    #[error("{0} is encrypted and cannot be filtered by; use search instead")]
    NotFilterable(String),
    /// More than `MAX_NODES`, `MAX_DEPTH` or `MAX_LIST`.
    #[error(
        "the condition is too large: at most {MAX_NODES} parts, {MAX_DEPTH} levels, {MAX_LIST} values in a list"
    )]
    TooLarge,
}

impl Malformed {
    /// Stable key for texts in both languages.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            Self::Shape(_) => "bad_condition",
            Self::UnknownField(_) => "unknown_field",
            Self::Operator { .. } => "bad_operator",
            Self::Value(_) => "wrong_type",
            Self::NotFilterable(_) => "not_filterable",
            Self::TooLarge => "condition_too_large",
        }
    }
}

impl Condition {
    /// Always true.
    #[must_use]
    pub fn always() -> Self {
        Self::All(Vec::new())
    }

    /// A test of one field.
    #[must_use]
    pub fn test(field: &str, op: Op, value: Operand) -> Self {
        Self::Test { field: field.to_owned(), op, value }
    }

    /// Reads the API's JSON, with limits on size and depth.
    ///
    /// # Errors
    /// `Malformed::Shape` or `TooLarge`.
    pub fn from_json(json: &Json) -> Result<Self, Malformed> {
        let mut budget = MAX_NODES;
        Self::read(json, MAX_DEPTH, &mut budget)
    }

    fn read(json: &Json, depth: usize, budget: &mut usize) -> Result<Self, Malformed> {
        if depth == 0 || *budget == 0 {
            return Err(Malformed::TooLarge);
        }
        *budget -= 1;
        let Some(map) = json.as_object() else { return Err(Malformed::Shape(kind_of(json).to_owned())) };
        let list = |key: &str, budget: &mut usize| -> Result<Option<Vec<Self>>, Malformed> {
            let Some(part) = map.get(key).filter(|_| map.len() == 1) else { return Ok(None) };
            let items = part.as_array().ok_or_else(|| Malformed::Shape(format!("{key} without a list")))?;
            items.iter().map(|i| Self::read(i, depth - 1, budget)).collect::<Result<_, _>>().map(Some)
        };
        if let Some(parts) = list("all", budget)? {
            return Ok(Self::All(parts));
        }
        if let Some(parts) = list("any", budget)? {
            return Ok(Self::Any(parts));
        }
        if let Some(part) = map.get("not").filter(|_| map.len() == 1) {
            return Ok(Self::Not(Box::new(Self::read(part, depth - 1, budget)?)));
        }
        let field = map.get("field").and_then(Json::as_str);
        let op = map.get("op").and_then(|o| serde_json::from_value::<Op>(o.clone()).ok());
        let (Some(field), Some(op)) = (field, op) else {
            return Err(Malformed::Shape("an object without field and a known op".to_owned()));
        };
        if map.keys().any(|k| !matches!(k.as_str(), "field" | "op" | "value")) {
            return Err(Malformed::Shape("a test with unknown keys".to_owned()));
        }
        let value = match map.get("value") {
            Some(value) if op != Op::IsEmpty => Operand::from_json(value)?,
            None | Some(Json::Null) => Operand::Literal(Json::Null),
            Some(_) => return Err(Malformed::Shape("is_empty with a value".to_owned())),
        };
        Ok(Self::Test { field: field.to_owned(), op, value })
    }

    /// Writes the API's JSON.
    #[must_use]
    pub fn to_json(&self) -> Json {
        match self {
            Self::All(parts) => json!({ "all": parts.iter().map(Self::to_json).collect::<Vec<_>>() }),
            Self::Any(parts) => json!({ "any": parts.iter().map(Self::to_json).collect::<Vec<_>>() }),
            Self::Not(part) => json!({ "not": part.to_json() }),
            Self::Test { field, op: Op::IsEmpty, .. } => json!({ "field": field, "op": "is_empty" }),
            Self::Test { field, op, value } => json!({ "field": field, "op": op, "value": value.to_json() }),
        }
    }

    /// Replaces facts and checks fields, operators and kinds against the catalog.
    ///
    /// # Errors
    /// The first part that does not fit.
    pub fn bind(&self, object: &Object, catalog: &Catalog, facts: &dyn Facts) -> Result<Bound, Malformed> {
        Ok(match self {
            Self::All(parts) => {
                Bound::All(parts.iter().map(|p| p.bind(object, catalog, facts)).collect::<Result<_, _>>()?)
            }
            Self::Any(parts) => {
                Bound::Any(parts.iter().map(|p| p.bind(object, catalog, facts)).collect::<Result<_, _>>()?)
            }
            Self::Not(part) => Bound::Not(Box::new(part.bind(object, catalog, facts)?)),
            Self::Test { field, op, value } => bind_test(field, *op, value, object, catalog, facts)?,
        })
    }

    /// Every field the condition speaks of, as written (`customer.stage`).
    #[must_use]
    pub fn fields(&self) -> BTreeSet<String> {
        let mut out = BTreeSet::new();
        self.collect_fields(&mut out);
        out
    }

    fn collect_fields(&self, out: &mut BTreeSet<String>) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|p| p.collect_fields(out)),
            Self::Not(part) => part.collect_fields(out),
            Self::Test { field, .. } => {
                out.insert(field.clone());
            }
        }
    }
}

impl Serialize for Condition {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(s)
    }
}

impl<'de> Deserialize<'de> for Condition {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Self::from_json(&Json::deserialize(d)?).map_err(serde::de::Error::custom)
    }
}

impl Operand {
    fn from_json(json: &Json) -> Result<Self, Malformed> {
        let Some(map) = json.as_object() else {
            if json.as_array().is_some_and(|a| a.len() > MAX_LIST) {
                return Err(Malformed::TooLarge);
            }
            return Ok(Self::Literal(json.clone()));
        };
        let shape = || Malformed::Shape("an unknown operand".to_owned());
        let (key, value) = map.iter().next().filter(|_| map.len() == 1).ok_or_else(shape)?;
        let circle = || serde_json::from_value::<Circle>(value.clone()).map_err(|_| shape());
        let days = || {
            let only = value.as_object().filter(|v| v.len() == 1);
            let days = only.and_then(|v| v.get("days")).and_then(Json::as_i64).ok_or_else(shape)?;
            if days.unsigned_abs() > MAX_DAYS { Err(shape()) } else { Ok(days) }
        };
        Ok(match key.as_str() {
            "me" if *value == Json::Bool(true) => Self::Me,
            "my_people" => Self::MyPeople(circle()?),
            "my_departments" => Self::MyDepartments(circle()?),
            "now" => Self::Now { days: days()? },
            "today" => Self::Today { days: days()? },
            _ => return Err(shape()),
        })
    }

    fn to_json(&self) -> Json {
        match self {
            Self::Literal(v) => v.clone(),
            Self::Me => json!({ "me": true }),
            Self::MyPeople(c) => json!({ "my_people": c }),
            Self::MyDepartments(c) => json!({ "my_departments": c }),
            Self::Now { days } => json!({ "now": { "days": days } }),
            Self::Today { days } => json!({ "today": { "days": days } }),
        }
    }
}

fn kind_of(json: &Json) -> &'static str {
    match json {
        Json::Null => "null",
        Json::Bool(_) => "a boolean",
        Json::Number(_) => "a number",
        Json::String(_) => "a text",
        Json::Array(_) => "a list",
        Json::Object(_) => "an object",
    }
}

/// A field reached from a record: directly, or over one reference.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path {
    /// `Some((reference field, its target object))` for one hop.
    pub through: Option<(String, String)>,
    /// The field at the end. `id` is allowed.
    pub field: String,
    /// The field's class: memory evaluators may see confidential values, SQL may not.
    pub class: Class,
}

/// A condition with facts and kinds settled: what evaluators take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bound {
    /// Every part holds; empty is true.
    All(Vec<Bound>),
    /// Some part holds; empty is false.
    Any(Vec<Bound>),
    /// The part does not hold.
    Not(Box<Bound>),
    /// `field op value`; the value is never `Null` and of the field's kind. `op` is one of Eq, Lt, Le, Gt, Ge,
    /// Contains, StartsWith (`Ne` binds to not-`Eq`).
    Test {
        /// Which field.
        path: Path,
        /// How.
        op: Op,
        /// With what.
        value: Value,
    },
    /// The field's value is in the set; an empty set is false.
    In {
        /// Which field.
        path: Path,
        /// Sorted, without doubles, of the field's kind.
        values: Vec<Value>,
    },
    /// The field has no value (text of white space counts as none and is never stored).
    IsEmpty {
        /// Which field.
        path: Path,
    },
}

impl Bound {
    /// Always true.
    #[must_use]
    pub fn always() -> Self {
        Self::All(Vec::new())
    }

    /// Never true.
    #[must_use]
    pub fn never() -> Self {
        Self::Any(Vec::new())
    }

    /// Evaluates in memory.
    pub fn holds(&self, row: &dyn Row) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|p| p.holds(row)),
            Self::Any(parts) => parts.iter().any(|p| p.holds(row)),
            Self::Not(part) => !part.holds(row),
            Self::In { path, values } => {
                let value = row.value(path);
                value != Value::Null && values.binary_search_by(|v| sort_key(v, &value)).is_ok()
            }
            Self::IsEmpty { path } => row.value(path) == Value::Null,
            Self::Test { path, op, value } => {
                let found = row.value(path);
                match op {
                    Op::Contains | Op::StartsWith => match (&found, value) {
                        (Value::Text(t), Value::Text(part)) if *op == Op::Contains => {
                            t.contains(part.as_str())
                        }
                        (Value::Text(t), Value::Text(part)) => t.starts_with(part.as_str()),
                        _ => false,
                    },
                    _ => found.compare(value).is_some_and(|o| match op {
                        Op::Eq => o.is_eq(),
                        Op::Lt => o.is_lt(),
                        Op::Le => o.is_le(),
                        Op::Gt => o.is_gt(),
                        Op::Ge => o.is_ge(),
                        _ => false,
                    }),
                }
            }
        }
    }

    /// Visits every path.
    pub fn paths<'a>(&'a self, visit: &mut dyn FnMut(&'a Path)) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|p| p.paths(visit)),
            Self::Not(part) => part.paths(visit),
            Self::Test { path, .. } | Self::In { path, .. } | Self::IsEmpty { path } => visit(path),
        }
    }
}

/// A total order for `In` sets: values of one kind compare as `Value::compare`.
fn sort_key(a: &Value, b: &Value) -> std::cmp::Ordering {
    a.compare(b).unwrap_or_else(|| rank(a).cmp(&rank(b)))
}

fn rank(v: &Value) -> u8 {
    match v {
        Value::Null => 0,
        Value::Bool(_) => 1,
        Value::Int(_) => 2,
        Value::Day(_) => 3,
        Value::Time(_) => 4,
        Value::Id(_) => 5,
        Value::Text(_) => 6,
        Value::Token(_) => 7,
    }
}

/// A record as an evaluator sees it.
pub trait Row {
    /// The value at the path; `Null` when there is none (or the hop's record does not exist).
    fn value(&self, path: &Path) -> Value;
}

fn bind_path<'c>(field: &str, object: &'c Object, catalog: &'c Catalog) -> Option<(Path, FieldType)> {
    let (through, object, name) = match field.split_once('.') {
        None => (None, object, field),
        Some((reference, name)) => {
            let target = object.field(reference)?.target.as_ref()?;
            (Some((reference.to_owned(), target.clone())), catalog.object(target)?.as_ref(), name)
        }
    };
    if name == "id" {
        return Some((Path { through, field: name.to_owned(), class: Class::Open }, FieldType::Ref));
    }
    let f = object.field(name)?;
    Some((Path { through, field: name.to_owned(), class: f.class }, f.kind))
}

fn bind_test(
    field: &str,
    op: Op,
    operand: &Operand,
    object: &Object,
    catalog: &Catalog,
    facts: &dyn Facts,
) -> Result<Bound, Malformed> {
    let (path, kind) =
        bind_path(field, object, catalog).ok_or_else(|| Malformed::UnknownField(field.to_owned()))?;
    if op == Op::IsEmpty {
        return Ok(Bound::IsEmpty { path });
    }
    let textual = !matches!(
        kind,
        FieldType::Ref
            | FieldType::Person
            | FieldType::Department
            | FieldType::Datetime
            | FieldType::Date
            | FieldType::Int
            | FieldType::Money
            | FieldType::Bool
            | FieldType::Duration
    );
    let ordered = matches!(op, Op::Lt | Op::Le | Op::Gt | Op::Ge);
    let fits = match op {
        Op::Contains | Op::StartsWith => textual,
        _ if ordered => {
            !textual
                && !matches!(
                    kind,
                    FieldType::Ref | FieldType::Person | FieldType::Department | FieldType::Bool
                )
        }
        _ => true,
    };
    if !fits {
        return Err(Malformed::Operator { field: field.to_owned(), op });
    }
    let wrong = || Malformed::Value(field.to_owned());
    if op == Op::In {
        let mut values = match operand {
            Operand::MyPeople(c) if kind == FieldType::Person => {
                facts.people(*c).into_iter().map(Value::Id).collect()
            }
            Operand::MyDepartments(c) if kind == FieldType::Department => {
                facts.departments(*c).into_iter().map(Value::Id).collect()
            }
            Operand::Literal(Json::Array(items)) => {
                items.iter().map(|i| literal(kind, i).ok_or_else(wrong)).collect::<Result<Vec<_>, _>>()?
            }
            _ => return Err(wrong()),
        };
        values.sort_by(sort_key);
        values.dedup();
        return Ok(Bound::In { path, values });
    }
    let value = match operand {
        Operand::Literal(json) => literal(kind, json).ok_or_else(wrong)?,
        Operand::Me if kind == FieldType::Person => Value::Id(facts.me()),
        Operand::Now { days } if kind == FieldType::Datetime => {
            Value::Time(facts.now().plus_seconds(days * 86_400))
        }
        Operand::Today { days } => {
            let local_midnight = facts.now().plus_seconds(EAST_8).day() + days;
            match kind {
                FieldType::Date => Value::Day(local_midnight),
                FieldType::Datetime => Value::Time(Timestamp::from_day(local_midnight).plus_seconds(-EAST_8)),
                _ => return Err(wrong()),
            }
        }
        _ => return Err(wrong()),
    };
    Ok(match op {
        Op::Ne => Bound::Not(Box::new(Bound::Test { path, op: Op::Eq, value })),
        _ => Bound::Test { path, op, value },
    })
}

/// China Standard Time: all of China, no daylight saving.
const EAST_8: i64 = 8 * 3_600;

/// A literal of a field's kind; `None` when it is not (nothing included: ask with `is_empty`).
pub(crate) fn literal(kind: FieldType, json: &Json) -> Option<Value> {
    Some(match (kind, json) {
        (FieldType::Bool, Json::Bool(b)) => Value::Bool(*b),
        (FieldType::Int | FieldType::Money | FieldType::Duration, Json::Number(n)) => Value::Int(n.as_i64()?),
        (FieldType::Date, Json::String(s)) => Value::Day(crate::time::parse_date(s)?),
        (FieldType::Datetime, Json::String(s)) => Value::Time(Timestamp::parse(s)?),
        (FieldType::Ref | FieldType::Person | FieldType::Department, Json::String(s)) => {
            Value::Id(Uuid::parse_str(s).ok()?)
        }
        (
            FieldType::Text
            | FieldType::LongText
            | FieldType::Phone
            | FieldType::Email
            | FieldType::IdNumber
            | FieldType::Address
            | FieldType::Url
            | FieldType::Select,
            Json::String(s),
        ) if !s.contains('\0') => Value::Text(s.clone()),
        _ => return None,
    })
}
