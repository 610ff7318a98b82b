//! What stands inside a record's encrypted blobs: JSON by field name.
//!
//! The confidential blob holds `{"v": {field: value}, "m": {restricted field: mask}}`; the restricted blob holds
//! `{field: value}`. Masks live in the confidential blob so that lists never touch a restricted value (DESIGN 4).

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use kernel::{Class, Field, FieldType, Object, Timestamp, Value};
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value as Json};
use zeroize::Zeroizing;

use crate::error::Error;

#[derive(Serialize, Default)]
struct Confidential {
    #[serde(skip_serializing_if = "Map::is_empty")]
    v: Map<String, Json>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    m: Map<String, Json>,
}

/// The same as it is read: names and masks are taken from the plain text where they stand.
#[derive(Deserialize)]
struct Sealed<'a> {
    #[serde(borrow, default)]
    v: Pairs<'a, Json>,
    #[serde(borrow, default)]
    m: Pairs<'a, String>,
}

/// An object as a list: few names, each looked at once.
struct Pairs<'a, V>(Vec<(Cow<'a, str>, V)>);

impl<V> Default for Pairs<'_, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de: 'a, 'a, V: Deserialize<'de>> Deserialize<'de> for Pairs<'a, V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Walk<'a, V>(PhantomData<(&'a (), V)>);
        impl<'de: 'a, 'a, V: Deserialize<'de>> Visitor<'de> for Walk<'a, V> {
            type Value = Pairs<'a, V>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some(Name(name)) = map.next_key()? {
                    pairs.push((name, map.next_value()?));
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(Walk(PhantomData))
    }
}

/// A name, borrowed unless it is escaped.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// Encodes the confidential values and the masks; `None` when there is nothing to keep.
pub(crate) fn encode_confidential(object: &Object, values: &[Value]) -> Option<Zeroizing<Vec<u8>>> {
    let mut payload = Confidential::default();
    for (field, value) in object.fields.iter().zip(values) {
        match (field.class, value) {
            (_, Value::Null) => {}
            (Class::Confidential, v) => {
                payload.v.insert(field.name.clone(), v.to_json());
            }
            (Class::Restricted, Value::Text(text)) => {
                payload.m.insert(field.name.clone(), Json::String(vault::mask(field.kind, text)));
            }
            _ => {}
        }
    }
    if payload.v.is_empty() && payload.m.is_empty() {
        return None;
    }
    serde_json::to_vec(&payload).ok().map(Zeroizing::new)
}

/// Encodes the restricted values; `None` when there is nothing to keep.
pub(crate) fn encode_restricted(object: &Object, values: &[Value]) -> Option<Zeroizing<Vec<u8>>> {
    let map: Map<String, Json> = object
        .fields
        .iter()
        .zip(values)
        .filter(|(f, v)| f.class == Class::Restricted && **v != Value::Null)
        .map(|(f, v)| (f.name.clone(), v.to_json()))
        .collect();
    if map.is_empty() { None } else { serde_json::to_vec(&map).ok().map(Zeroizing::new) }
}

/// Decodes a confidential blob into values and masks by field position.
pub(crate) fn decode_confidential(
    object: &Object,
    plain: &[u8],
    values: &mut [Value],
    masks: &mut [Option<String>],
) -> Result<(), Error> {
    let payload: Sealed<'_> = serde_json::from_slice(plain).map_err(|_| Error::Corrupt)?;
    for (name, json) in payload.v.0 {
        if let Some(i) = object.fields.iter().position(|f| f.name == name) {
            values[i] = stored_value(&object.fields[i], json);
        }
    }
    for (name, mask) in payload.m.0 {
        if let Some(i) = object.fields.iter().position(|f| f.name == name) {
            masks[i] = Some(mask);
        }
    }
    Ok(())
}

/// Decodes a restricted blob into values by field position.
pub(crate) fn decode_restricted(object: &Object, plain: &[u8], values: &mut [Value]) -> Result<(), Error> {
    let payload: Map<String, Json> = serde_json::from_slice(plain).map_err(|_| Error::Corrupt)?;
    for (name, json) in payload {
        if let Some(i) = object.fields.iter().position(|f| f.name == name) {
            values[i] = stored_value(&object.fields[i], json);
        }
    }
    Ok(())
}

/// A value as it was stored: no checks, because the field's limits may have changed since.
fn stored_value(field: &Field, json: Json) -> Value {
    match (field.kind, json) {
        (FieldType::Datetime, Json::String(s)) => Timestamp::parse(&s).map_or(Value::Null, Value::Time),
        (FieldType::Date, Json::String(s)) => kernel::time::parse_date(&s).map_or(Value::Null, Value::Day),
        (FieldType::Ref | FieldType::Person | FieldType::Department, Json::String(s)) => {
            s.parse().map_or(Value::Null, Value::Id)
        }
        (_, Json::String(s)) => Value::Text(s),
        (_, Json::Bool(b)) => Value::Bool(b),
        (_, Json::Number(n)) => n.as_i64().map_or(Value::Null, Value::Int),
        _ => Value::Null,
    }
}
