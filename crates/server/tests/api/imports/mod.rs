//! Files become records: every row accounted for, nothing that its importer may not do or see.

mod attacks;
mod duplicates;
mod files;
mod mails;
mod runs;
mod tables;

use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::Method;
use serde_json::{Value, json};

use crate::world::{Answer, Caller};

/// Sends a file.
pub async fn upload(who: &Caller, object: &str, filename: &str, file: impl Into<Vec<u8>>) -> Answer {
    let path = format!("/api/v1/imports?object={object}&filename={}", Caller::encoded(filename));
    who.raw(Method::POST, &path, Some("application/octet-stream"), Body::from(file.into())).await
}

/// Sends a file that is taken; the import's id.
pub async fn taken(who: &Caller, object: &str, filename: &str, file: impl Into<Vec<u8>>) -> String {
    let made = upload(who, object, filename, file).await;
    assert_eq!(made.status, 201, "{}", made.text());
    made.json()["id"].as_str().expect("an id").to_owned()
}

/// Says which column is which field.
pub async fn mapped(who: &Caller, id: &str, fields: &[&str], options: Value) -> Answer {
    let mapping: Vec<Value> = (fields.iter().enumerate())
        .filter(|(_, field)| !field.is_empty())
        .map(|(column, field)| json!({ "column": column, "field": field }))
        .collect();
    let body = json!({ "mapping": mapping, "options": options });
    who.ask(Method::PUT, &format!("/imports/{id}"), Some(body)).await
}

/// Starts an import and waits for its end.
pub async fn run(who: &Caller, id: &str) -> Value {
    who.post(&format!("/imports/{id}/start"), json!({})).await.ok();
    ended(who, id).await
}

/// Waits until an import has ended.
pub async fn ended(who: &Caller, id: &str) -> Value {
    let until = Instant::now() + Duration::from_secs(60);
    loop {
        let import = who.get(&format!("/imports/{id}")).await.ok().json();
        if !matches!(import["state"].as_str(), Some("queued" | "running")) {
            let sum: u64 =
                ["created", "updated", "skipped", "failed"].iter().map(|k| count(&import, k)).sum();
            assert_eq!(sum, count(&import, "done"), "every row is accounted for: {import}");
            return import;
        }
        assert!(Instant::now() < until, "the import does not end: {import}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// A CSV file imported as it is recognised.
pub async fn import(who: &Caller, object: &str, csv: &str) -> Value {
    let id = taken(who, object, "表格.csv", csv).await;
    run(who, &id).await
}

pub fn count(import: &Value, what: &str) -> u64 {
    import["progress"][what].as_u64().unwrap_or_else(|| panic!("no {what} in {import}"))
}

/// Created, updated, skipped, failed.
pub fn counts(import: &Value) -> [u64; 4] {
    ["created", "updated", "skipped", "failed"].map(|what| count(import, what))
}

/// Line and key of the rows of one kind.
pub async fn rows(who: &Caller, import: &Value, kind: &str) -> Vec<(u64, String)> {
    let id = import["id"].as_str().expect("an id");
    let page = who.get(&format!("/imports/{id}/rows?kind={kind}")).await.ok().json();
    let items = page["items"].as_array().expect("items").iter();
    items.map(|r| (r["row"].as_u64().expect("a row"), r["key"].as_str().expect("a key").to_owned())).collect()
}

/// All records of an object by a field.
pub async fn all(who: &Caller, object: &str, field: &str) -> Vec<String> {
    let page = who.get(&format!("/records/{object}?limit=200")).await.ok().json();
    let items = page["items"].as_array().expect("items").iter();
    let mut out: Vec<String> = items.map(|i| i[field].as_str().unwrap_or_default().to_owned()).collect();
    out.sort();
    out
}
