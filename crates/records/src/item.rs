//! A record as one caller may see it: values, masks, labels, and what the caller can do with it.

use std::collections::HashMap;

use kernel::{Class, FieldType, RecordId, Value};
use policy::{AccessPlan, FieldAccess};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value as Json, json};
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

/// What the caller may do with a row besides seeing it.
#[derive(Clone, Copy, Debug, Default, Serialize)]
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
