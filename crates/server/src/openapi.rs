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
    document["info"]["version"] = Value::String(env!("CARGO_PKG_VERSION").to_owned());
    document["components"]["schemas"]["problem"] = problem();
    document["components"]["responses"]["problem"] = json!({
        "description": "What went wrong and how to mend it (RFC 9457).",
        "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/problem" } } },
    });
    document["components"]["securitySchemes"]["session"] =
        json!({ "type": "apiKey", "in": "cookie", "name": crate::who::COOKIE });
    describe_operations(&mut document);
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

/// Operations that need no session.
const OPEN: [(&str, &str); 5] = [
    ("/setup", "get"),
    ("/setup", "post"),
    ("/password/check", "post"),
    ("/session", "post"),
    ("/session", "delete"),
];

/// What holds for every operation: it can fail in one way, and all but a few need a session.
fn describe_operations(document: &mut Value) {
    let Some(paths) = document["paths"].as_object_mut() else { return };
    for (path, item) in paths {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            if !operation.is_object() {
                continue;
            }
            operation["responses"]["default"] = json!({ "$ref": "#/components/responses/problem" });
            if !OPEN.contains(&(path.as_str(), method.as_str())) {
                operation["security"] = json!([{ "session": [] }]);
            }
        }
    }
}

fn problem() -> Value {
    let text = json!({ "type": "string" });
    json!({
        "type": "object",
        "required": ["type", "key", "title", "status", "detail"],
        "properties": {
            "type": { "type": "string", "description": "urn:shouxin:problem:<key>" },
            "key": { "type": "string", "description": "Stable; texts in every language hang from it." },
            "title": text,
            "status": { "type": "integer" },
            "detail": { "type": "string", "description": "What is wrong and how to mend it." },
            "fields": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["field", "key", "detail"],
                    "properties": { "field": text, "key": text, "detail": text },
                },
            },
            "params": { "type": "object", "description": "Numbers and ids that texts need." },
        },
    })
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
