//! What stands inside a record's encrypted blobs: JSON by field name.
//!
//! The confidential blob holds `{"v": {field: value}, "m": {restricted field: mask}}`; the restricted blob holds
//! `{field: value}`. Masks live in the confidential blob so that lists never touch a restricted value (DESIGN 4).

use kernel::{Class, Field, FieldType, Object, Timestamp, Value};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use zeroize::Zeroizing;

use crate::error::Error;

#[derive(Serialize, Deserialize, Default)]
struct Confidential {
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    v: Map<String, Json>,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    m: Map<String, Json>,
}

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
    let payload: Confidential = serde_json::from_slice(plain).map_err(|_| Error::Corrupt)?;
    for (name, json) in payload.v {
        if let Some(i) = object.fields.iter().position(|f| f.name == name) {
            values[i] = stored_value(&object.fields[i], json);
        }
    }
    for (name, json) in payload.m {
        if let (Some(i), Json::String(mask)) = (object.fields.iter().position(|f| f.name == name), json) {
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
