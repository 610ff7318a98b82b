//! A record as one caller may see it: values, masks, labels, and what the caller can do with it.

use std::borrow::Cow;
use std::collections::HashMap;

use kernel::{Class, FieldType, RecordId, Value};
use policy::{AccessPlan, FieldAccess};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value as Json, json};
use utoipa::openapi::schema::SchemaType;
use utoipa::openapi::{ArrayBuilder, ObjectBuilder, Ref, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

use crate::shape::Opened;

/// A record in the API's shape. Holds clear values: it leaves only inside a recorded disclosure.
pub struct Item {
    pub(crate) id: RecordId,
    pub(crate) version: i64,
    pub(crate) map: Map<String, Json>,
    /// Fields whose clear value is in the map, by class: for the ledger entry.
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
    pub(crate) fn bare(id: RecordId, version: i64) -> Self {
        let mut map = Map::new();
        map.insert("id".to_owned(), json!(id));
        map.insert("version".to_owned(), json!(version));
        Self { id, version, map, confidential: false }
    }
}

impl Serialize for Item {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        self.map.serialize(s)
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
#[derive(Clone, Copy, Debug, Default, Serialize, ToSchema)]
#[schema(as = RecordRights)]
pub(crate) struct Can {
    pub(crate) update: bool,
    pub(crate) delete: bool,
    pub(crate) reveal: bool,
    pub(crate) assign: bool,
}

/// Turns an opened record into an item: the plan says which fields, the labels name what ids point to.
pub(crate) fn present(
    opened: &Opened,
    plan: &AccessPlan,
    labels: &HashMap<Uuid, String>,
    can: Can,
    only: Option<&[String]>,
) -> Item {
    let mut map = Map::with_capacity(opened.values.len() + 12);
    let (mut masked, mut named) = (Vec::new(), Map::new());
    let mut confidential = false;
    let rights = plan.on_row(opened);
    map.insert("id".to_owned(), Json::String(opened.id.to_string()));
    for (i, field) in opened.object.fields.iter().enumerate() {
        if only.is_some_and(|list| !list.contains(&field.name)) {
            continue;
        }
        let access = rights.at(i);
        if access == FieldAccess::Hidden {
            continue;
        }
        let value = &opened.values[i];
        let shown = if field.class >= Class::Restricted {
            // Restricted values never stand in clear here, whatever the access: reveal is the only way.
            if let Some(mask) = &opened.masks[i] {
                masked.push(Json::String(field.name.clone()));
                Json::String(mask.clone())
            } else {
                Json::Null
            }
        } else if access == FieldAccess::Masked && *value != Value::Null {
            masked.push(Json::String(field.name.clone()));
            match value {
                Value::Text(t) => Json::String(vault::mask(field.kind, t)),
                _ => Json::String("***".to_owned()),
            }
        } else {
            confidential |= field.class == Class::Confidential && *value != Value::Null;
            if let (FieldType::Ref | FieldType::Person | FieldType::Department, Value::Id(id)) =
                (field.kind, value)
                && let Some(label) = labels.get(id)
            {
                named.insert(field.name.clone(), Json::String(label.clone()));
            }
            value.to_json()
        };
        map.insert(field.name.clone(), shown);
    }
    for (name, id) in [
        ("owner", opened.owner),
        ("department", opened.department),
        ("created_by", opened.created_by),
        ("updated_by", opened.updated_by),
    ] {
        map.insert(name.to_owned(), id.map_or(Json::Null, |id| Json::String(id.to_string())));
        if let Some(label) = id.and_then(|id| labels.get(&id)) {
            named.insert(name.to_owned(), Json::String(label.clone()));
        }
    }
    map.insert("created_at".to_owned(), Json::String(opened.created_at.to_string()));
    map.insert("updated_at".to_owned(), Json::String(opened.updated_at.to_string()));
    map.insert("version".to_owned(), Json::from(opened.version));
    map.insert("_masked".to_owned(), Json::Array(masked));
    map.insert("_labels".to_owned(), Json::Object(named));
    map.insert("_can".to_owned(), serde_json::to_value(can).unwrap_or(Json::Null));
    Item { id: opened.id, version: opened.version, map, confidential }
}
