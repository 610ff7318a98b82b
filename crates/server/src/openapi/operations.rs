//! What holds for every operation: how it can fail, who may call it, which headers its answer has.

use axum::http::StatusCode;
use serde_json::{Value, json};

/// Operations that need no session.
const OPEN: [(&str, &str); 10] = [
    ("/break_glass/open", "post"),
    ("/setup", "get"),
    ("/setup", "post"),
    ("/password/check", "post"),
    ("/session", "post"),
    ("/session", "delete"),
    ("/session/factor", "post"),
    ("/session/factor/options", "post"),
    ("/session/passkey", "post"),
    ("/session/passkey/options", "post"),
];

/// Headers of every answer to somebody who is signed in.
const RATE: [(&str, &str); 3] = [
    ("ratelimit-limit", "Requests that a rested caller may send at once."),
    ("ratelimit-remaining", "Requests left."),
    ("ratelimit-reset", "Seconds until all are left again."),
];

/// Writes into every operation what holds for all.
pub(super) fn describe(document: &mut Value) {
    document["components"]["securitySchemes"] = json!({
        "session": { "type": "apiKey", "in": "cookie", "name": crate::who::COOKIE,
            "description": "On plain HTTP (loopback only)." },
        "host_session": { "type": "apiKey", "in": "cookie", "name": crate::who::HOST_COOKIE,
            "description": "On TLS." },
    });
    document["components"]["responses"] = json!({ "Problem": {
        "description": "What went wrong and how to mend it (RFC 9457).",
        "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
    } });
    document["components"]["headers"] = RATE
        .iter()
        .map(|(name, text)| {
            let header = json!({ "description": text, "schema": { "type": "integer", "minimum": 0 } });
            ((*name).to_owned(), header)
        })
        .collect::<serde_json::Map<_, _>>()
        .into();
    let Some(paths) = document["paths"].as_object_mut() else { return };
    for (path, item) in paths {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            if operation.is_object() {
                name(operation, path);
                one(operation, !OPEN.contains(&(path.as_str(), method.as_str())));
            }
        }
    }
}

/// Operations are named by their family, so that no two are `list`.
fn name(operation: &mut Value, path: &str) {
    let family = path.split('/').nth(1).unwrap_or_default();
    if let Some(own) = operation["operationId"].as_str().filter(|own| *own != family) {
        operation["operationId"] = Value::from(format!("{family}_{own}"));
    }
}

fn one(operation: &mut Value, needs_session: bool) {
    for (status, response) in operation["responses"].as_object_mut().into_iter().flatten() {
        // Required by OpenAPI, and the schema says the rest.
        let word = StatusCode::from_bytes(status.as_bytes()).ok().and_then(|s| s.canonical_reason());
        response["description"] = Value::from(word.unwrap_or("Done"));
    }
    operation["responses"]["default"] = json!({ "$ref": "#/components/responses/Problem" });
    if !needs_session {
        operation["security"] = json!([]);
        return;
    }
    operation["security"] = json!([{ "session": [] }, { "host_session": [] }]);
    let Some(responses) = operation["responses"].as_object_mut() else { return };
    for (_, response) in responses.iter_mut().filter(|(status, _)| status.starts_with('2')) {
        for (name, _) in RATE {
            response["headers"][name] = json!({ "$ref": format!("#/components/headers/{name}") });
        }
    }
}
