//! A record as one caller may see it: values, masks, labels, and what the caller can do with it.

use std::borrow::Cow;
use std::collections::HashMap;

use kernel::{Class, RecordId, Value};
use policy::{AccessPlan, FieldAccess};
use serde::ser::{Serialize, SerializeMap as _, Serializer};
use serde_json::ser::CompactFormatter;
use serde_json::value::RawValue;
use utoipa::openapi::schema::SchemaType;
use utoipa::openapi::{ArrayBuilder, ObjectBuilder, Ref, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

use crate::error::Error;
use crate::shape::Opened;

/// A record in the API's shape. Holds clear values: it leaves only inside a recorded disclosure.
pub struct Item {
    pub(crate) id: RecordId,
    pub(crate) version: i64,
    /// Written once, straight from the record: a page holds thousands of values.
    json: Box<RawValue>,
    /// A confidential value stands in it in clear: for the ledger entry.
    pub(crate) confidential: bool,
}

impl Item {
    /// Which record.
    #[must_use]
    pub fn id(&self) -> RecordId {
        self.id
    }

    /// Its version, for ETags.
    #[must_use]
    pub fn version(&self) -> i64 {
        self.version
    }

    /// Only the id and version: for a writer without read rights.
    pub(crate) fn bare(id: RecordId, version: i64) -> Result<Self, Error> {
        let json = written(|map| {
            map.serialize_entry("id", &id)?;
            map.serialize_entry("version", &version)
        })?;
        Ok(Self { id, version, json, confidential: false })
    }
}

impl Serialize for Item {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        self.json.serialize(s)
    }
}

impl PartialSchema for Item {
    /// What holds for the records of every object; the OpenAPI document adds a schema for each object of the catalog.
    fn schema() -> RefOr<Schema> {
        let names = || ArrayBuilder::new().items(ObjectBuilder::new().schema_type(Type::String));
        let labels = ObjectBuilder::new()
            .additional_properties(Some(ObjectBuilder::new().schema_type(Type::String)))
            .description(Some("What the ids in the record's fields point to, by field."));
        ObjectBuilder::new()
            .property("id", RecordId::schema())
            .required("id")
            .property("version", i64::schema())
            .required("version")
            .property(
                "_masked",
                names().description(Some("Fields whose value is a mask; reveal gives it in full.")),
            )
            .property("_labels", labels)
            .property("_can", Ref::from_schema_name(Can::name()))
            .additional_properties(Some(Ref::from_schema_name(FieldValue::name())))
            .description(Some(
                "A record as the caller may see it: hidden fields are absent. The fields stand in the object's own schema.",
            ))
            .build()
            .into()
    }
}

/// What a field of a record can be in JSON, for the OpenAPI document.
pub(crate) enum FieldValue {}

impl PartialSchema for FieldValue {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::from_iter([Type::String, Type::Integer, Type::Boolean, Type::Null]))
            .build()
            .into()
    }
}

impl ToSchema for FieldValue {}

impl ToSchema for Item {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Record")
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((Can::name().into_owned(), Can::schema()));
        schemas.push((FieldValue::name().into_owned(), FieldValue::schema()));
    }
}

/// What the caller may do with a row besides seeing it.
#[derive(Clone, Copy, Debug, Default, serde::Serialize, ToSchema)]
#[schema(as = RecordRights)]
pub(crate) struct Can {
    pub(crate) update: bool,
    pub(crate) delete: bool,
    pub(crate) reveal: bool,
    pub(crate) assign: bool,
}

/// What is shown of a field.
enum Shown<'a> {
    Value(&'a Value),
    Mask(Cow<'a, str>),
}

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Mask(mask) => s.serialize_str(mask),
            Self::Value(Value::Text(text)) => s.serialize_str(text),
            Self::Value(Value::Id(id)) => s.collect_str(id),
            Self::Value(Value::Int(i)) => s.serialize_i64(*i),
            Self::Value(Value::Null) => s.serialize_unit(),
            Self::Value(value) => value.to_json().serialize(s),
        }
    }
}

/// Pairs of names and texts as an object.
struct Pairs<'a>(Vec<(&'a str, &'a str)>);

impl Serialize for Pairs<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_map(self.0.iter().copied())
    }
}

/// What writing one object needs.
type Writing<'a> = serde_json::ser::Compound<'a, &'a mut Vec<u8>, CompactFormatter>;

/// Writes an object.
fn written(
    write: impl FnOnce(&mut Writing<'_>) -> Result<(), serde_json::Error>,
) -> Result<Box<RawValue>, Error> {
    let mut bytes = Vec::with_capacity(1_024);
    let mut serializer = serde_json::Serializer::new(&mut bytes);
    let mut map = serializer.serialize_map(None).map_err(|_| Error::Corrupt)?;
    write(&mut map).and_then(|()| map.end()).map_err(|_| Error::Corrupt)?;
    let text = String::from_utf8(bytes).map_err(|_| Error::Corrupt)?;
    RawValue::from_string(text).map_err(|_| Error::Corrupt)
}

/// What of a field's value may be shown, and whether that is a mask.
fn shown<'a>(opened: &'a Opened, i: usize, access: FieldAccess) -> Shown<'a> {
    let (field, value) = (&opened.object.fields[i], &opened.values[i]);
    if field.class >= Class::Restricted {
        // Restricted values never stand in clear here, whatever the access: reveal is the only way.
        return match &opened.masks[i] {
            Some(mask) => Shown::Mask(Cow::Borrowed(mask)),
            None => Shown::Value(&Value::Null),
        };
    }
    match (access, value) {
        (FieldAccess::Masked, Value::Null) => Shown::Value(value),
        (FieldAccess::Masked, Value::Text(text)) => Shown::Mask(Cow::Owned(vault::mask(field.kind, text))),
        (FieldAccess::Masked, _) => Shown::Mask(Cow::Borrowed("***")),
        _ => Shown::Value(value),
    }
}

/// Turns an opened record into an item: the plan says which fields, the labels name what ids point to.
pub(crate) fn present(
    opened: &Opened,
    plan: &AccessPlan,
    labels: &HashMap<Uuid, String>,
    can: Can,
    only: Option<&[String]>,
) -> Result<Item, Error> {
    let (mut masked, mut named) = (Vec::new(), Vec::new());
    let mut confidential = false;
    let rights = plan.on_row(opened);
    let json = written(|map| {
        map.serialize_entry("id", &opened.id)?;
        for (i, field) in opened.object.fields.iter().enumerate() {
            let access = rights.at(i);
            if access == FieldAccess::Hidden || only.is_some_and(|list| !list.contains(&field.name)) {
                continue;
            }
            let shown = shown(opened, i, access);
            match &shown {
                Shown::Mask(_) => masked.push(field.name.as_str()),
                Shown::Value(Value::Id(id)) => {
                    named.extend(labels.get(id).map(|label| (field.name.as_str(), label.as_str())));
                }
                Shown::Value(_) => {}
            }
            confidential |= field.class == Class::Confidential
                && matches!(shown, Shown::Value(value) if *value != Value::Null);
            map.serialize_entry(&field.name, &shown)?;
        }
        for (name, id) in [
            ("owner", opened.owner),
            ("department", opened.department),
            ("created_by", opened.created_by),
            ("updated_by", opened.updated_by),
        ] {
            map.serialize_entry(name, &id)?;
            named.extend(id.and_then(|id| labels.get(&id)).map(|label| (name, label.as_str())));
        }
        map.serialize_entry("created_at", &Shown::Value(&Value::Time(opened.created_at)))?;
        map.serialize_entry("updated_at", &Shown::Value(&Value::Time(opened.updated_at)))?;
        map.serialize_entry("version", &opened.version)?;
        map.serialize_entry("_masked", &masked)?;
        map.serialize_entry("_labels", &Pairs(std::mem::take(&mut named)))?;
        map.serialize_entry("_can", &can)
    })?;
    Ok(Item { id: opened.id, version: opened.version, json, confidential })
}
