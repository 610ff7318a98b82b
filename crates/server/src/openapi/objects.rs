//! The objects of the catalog as schemas: `customer` as it is answered, `customer.new` as it is sent.

use kernel::catalog::MAX_INT;
use kernel::{Class, Field, FieldType, Object};
use serde_json::{Map, Value, json};

/// An object's schemas by name.
pub(super) fn schemas(object: &Object) -> [(String, Value); 2] {
    let all: Map<String, Value> = object.all_fields().map(|f| (f.name.clone(), schema(f))).collect();
    let answered = json!({
        "title": object.label.en,
        "description": "Fields that are hidden from the caller are absent.",
        "allOf": [{ "$ref": "#/components/schemas/Record" }, { "type": "object", "properties": all }],
    });
    let own = || object.fields.iter().filter(|f| !f.system);
    let written: Map<String, Value> = own().map(|f| (f.name.clone(), schema(f))).collect();
    let required: Vec<&str> = own().filter(|f| f.required).map(|f| f.name.as_str()).collect();
    let sent = json!({
        "title": object.label.en,
        "type": "object",
        "properties": written,
        "required": required,
    });
    [(object.name.clone(), answered), (format!("{}.new", object.name), sent)]
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
            let options = field.options.iter().map(|o| Value::String(o.value.clone()));
            json!({ "enum": options.chain([Value::Null]).collect::<Vec<_>>() })
        }
        _ => json!({ "type": ["string", "null"] }),
    };
    out["title"] = Value::String(field.label.en.clone());
    out["x-class"] = Value::String(field.class.as_str().to_owned());
    out["x-type"] = json!(field.kind);
    if let Some(target) = &field.target {
        out["x-target"] = Value::String(target.clone());
    }
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
