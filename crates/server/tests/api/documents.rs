//! The OpenAPI document is the router, the router is the document.

use std::collections::{BTreeMap, BTreeSet};

use axum::body::Body;
use axum::http::Method;
use serde_json::{Value, json};

use crate::world::World;

/// Path templates with their methods, as the document has them.
pub fn operations(document: &Value) -> BTreeMap<String, BTreeSet<Method>> {
    let paths = document["paths"].as_object().expect("paths");
    let methods = |item: &Value| -> BTreeSet<Method> {
        let keys = item.as_object().into_iter().flat_map(|i| i.keys());
        keys.filter_map(|k| Method::from_bytes(k.to_uppercase().as_bytes()).ok()).collect()
    };
    paths.iter().map(|(path, item)| (path.clone(), methods(item))).collect()
}

/// Every parameter of a path filled with something.
pub fn filled(path: &str) -> String {
    path.replace("{object}", "customer")
        .replace("{id}", "018f0000-0000-7000-8000-000000000000")
        .replace("{seq}", "0")
        .replace("{key}", "office")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_documented_operation_is_served_and_no_other_method() {
    let world = World::new().await;
    let document =
        world.nobody().raw(Method::GET, "/api/openapi.json", None, Body::empty()).await.ok().json();
    assert_eq!(document["openapi"].as_str().map(|v| &v[..3]), Some("3.1"));
    let operations = operations(&document);
    assert!(operations.len() > 20, "{operations:?}");
    let all = [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
    for (path, methods) in &operations {
        for method in &all {
            let answer = world.nobody().ask(method.clone(), &filled(path), None).await;
            let served = answer.status != 405;
            assert_eq!(served, methods.contains(method), "{method} {path}: {}", answer.status);
            assert!(
                !served || !answer.status.is_server_error(),
                "{method} {path}: {} {}",
                answer.status,
                answer.text()
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_session_every_operation_is_closed_but_the_few_before_it() {
    let world = World::new().await;
    let document = server::document(None);
    for (path, methods) in operations(&document) {
        for method in methods {
            let before = matches!(
                path.as_str(),
                "/setup"
                    | "/password/check"
                    | "/session"
                    | "/session/factor"
                    | "/session/factor/options"
                    | "/session/passkey"
                    | "/session/passkey/options"
                    | "/break_glass/open"
            );
            let answer = world.nobody().ask(method.clone(), &filled(&path), None).await;
            if !before {
                answer.problem(401, "not_signed_in");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_document_knows_the_objects_and_every_reference_leads_somewhere() {
    let world = World::new().await;
    let document =
        world.nobody().raw(Method::GET, "/api/openapi.json", None, Body::empty()).await.ok().json();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    for object in ["customer", "contact", "deal", "communication", "task"] {
        assert!(schemas.contains_key(object), "{object}");
    }
    let phone = &schemas["contact"]["allOf"][1]["properties"]["phone"];
    assert_eq!((&phone["x-class"], &phone["x-type"]), (&json!("restricted"), &json!("phone")));
    assert!(schemas["contact.new"]["required"].as_array().unwrap().contains(&json!("name")));
    let mut references = Vec::new();
    collect(&document, &mut references);
    for reference in references {
        let pointer = reference.trim_start_matches('#');
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
    let mut names = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let name = operation["operationId"].as_str().unwrap_or_else(|| panic!("{method} {path}"));
            assert!(names.insert(name), "{name} is the name of two operations");
            let responses = operation["responses"].as_object().unwrap();
            let fine = responses.iter().find(|(status, _)| status.starts_with('2'));
            let (status, answer) = fine.unwrap_or_else(|| panic!("{method} {path} never succeeds"));
            let shaped = answer["content"].as_object().is_some_and(|kinds| {
                kinds.values().all(|kind| kind["schema"].as_object().is_some_and(|s| !s.is_empty()))
            });
            let empty = status == "204" || (method == "post" && path == "/roles");
            assert!(shaped || empty, "{method} {path} has no schema");
            assert!(responses.contains_key("default"), "{method} {path} can fail");
        }
    }
}

fn collect(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            out.extend(map.get("$ref").and_then(Value::as_str).map(str::to_owned));
            map.values().for_each(|v| collect(v, out));
        }
        Value::Array(items) => items.iter().for_each(|v| collect(v, out)),
        _ => {}
    }
}
