//! The OpenAPI 3.1 document: the endpoints from the router itself, the objects from the catalog.

use kernel::catalog::MAX_INT;
use kernel::{Catalog, Class, Field, FieldType};
use serde_json::{Value, json};
use utoipa::OpenApi;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Shouxin",
        description = "Every answer that holds customer data was decided by the policy and recorded in the ledger before it left."
    ),
    servers((url = "/api/v1"))
)]
struct Head;

/// The document: paths as the router has them, a schema for every object of the catalog.
#[must_use]
pub fn document(catalog: Option<&Catalog>) -> Value {
    let (_, paths) = crate::api::router().split_for_parts();
    let mut head = Head::openapi();
    head.merge(paths);
    let mut document = serde_json::to_value(head).unwrap_or_default();
    if let Some(catalog) = catalog {
        for object in catalog.objects() {
            let properties: serde_json::Map<String, Value> =
                object.all_fields().map(|f| (f.name.clone(), schema(f))).collect();
            let required: Vec<&str> =
                object.fields.iter().filter(|f| f.required).map(|f| f.name.as_str()).collect();
            document["components"]["schemas"][format!("record.{}", object.name)] = json!({
                "type": "object",
                "title": object.label.en,
                "properties": properties,
                "required": required,
            });
        }
    }
    document
}

fn schema(field: &Field) -> Value {
    let mut out = match field.kind {
        FieldType::Bool => json!({ "type": ["boolean", "null"] }),
        FieldType::Int | FieldType::Money | FieldType::Duration => {
            json!({ "type": ["integer", "null"], "maximum": MAX_INT })
        }
        FieldType::Date => json!({ "type": ["string", "null"], "format": "date" }),
        FieldType::Datetime => json!({ "type": ["string", "null"], "format": "date-time" }),
        FieldType::Ref | FieldType::Person | FieldType::Department => {
            json!({ "type": ["string", "null"], "format": "uuid" })
        }
        FieldType::Select => {
            let mut values: Vec<Value> =
                field.options.iter().map(|o| Value::String(o.value.clone())).collect();
            values.push(Value::Null);
            json!({ "enum": values })
        }
        _ => json!({ "type": ["string", "null"] }),
    };
    out["title"] = Value::String(field.label.en.clone());
    out["x-class"] = Value::String(field.class.as_str().to_owned());
    if let Some(most) = field.max_length {
        out["maxLength"] = json!(most);
    }
    if field.system {
        out["readOnly"] = Value::Bool(true);
    }
    if field.class == Class::Restricted {
        out["description"] =
            Value::String("Answered as a mask; POST …/reveal gives the full value.".to_owned());
    }
    out
}
