//! Every way of reading leaves its entry: who, what, which records, how secret.

use serde_json::{Value, json};

use crate::world::{Caller, on_both};

/// The newest entry of an action, as the auditor sees it.
async fn newest(audit: &Caller, action: &str) -> Value {
    let page = audit.get(&format!("/ledger/entries?action={action}&limit=1")).await.ok().json();
    let entry = page["items"][0].clone();
    assert!(entry.is_object(), "no entry of {action}");
    entry
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_reading_is_an_entry_with_what_was_read() {
    on_both(|world| async move {
        let (zhang, audit) = (world.sign_in("zhang").await, world.sign_in("audit").await);
        let me = zhang.get("/me").await.ok().json()["id"].clone();
        let id = zhang.customer("北辰机械", "13800138000").await;
        zhang.make("contact", json!({ "name": "王工", "customer": id, "phone": "13900139000" })).await;
        let path = format!("/records/customer/{id}");
        let search = format!("/search?q={}", Caller::encoded("北辰机械"));
        world.app.workspace().unwrap().records.search_caught_up().await.unwrap();
        let readings: [(&str, &str, Option<&str>); 6] = [
            ("list", "/records/customer", Some("customer")),
            ("read", &path, Some("customer")),
            ("search", &search, None),
            ("timeline", &format!("{path}/timeline"), Some("customer")),
            ("related", &format!("{path}/related"), Some("customer")),
            ("history", &format!("{path}/history"), Some("customer")),
        ];
        for (action, address, object) in readings {
            zhang.get(address).await.ok();
            let entry = newest(&audit, action).await;
            assert_eq!(entry["person"]["id"], me, "{action}");
            assert_eq!(entry["object"].as_str(), object, "{action}");
            assert_eq!(entry["outcome"], "ok", "{action}");
            assert_eq!(entry["class"], "confidential", "{action}: names and titles were shown");
            assert!(entry["session"].is_string() && entry["network"]["ip"].is_string(), "{action}: {entry}");
            let records: Vec<&str> =
                entry["records"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
            assert!(records.contains(&id.as_str()), "{action}: {entry}");
            assert!(!entry["rules"].as_array().unwrap().is_empty(), "{action}: by which rules");
            assert!(!entry.to_string().contains("13800138000"), "{action}");
        }
        assert_eq!(newest(&audit, "search").await["details"]["query"], "北辰机械");
        zhang.post(&format!("{path}/reveal"), json!({ "fields": ["phone"], "reason": "回访" })).await.ok();
        let reveal = newest(&audit, "reveal").await;
        assert_eq!((&reveal["fields"], &reveal["class"]), (&json!(["phone"]), &json!("restricted")));
        assert_eq!((&reveal["records"], &reveal["reason"]), (&json!([id]), &json!("回访")));
        let auditor = audit.get("/me").await.ok().json()["id"].clone();
        audit.get("/ledger/summary").await.ok();
        audit.post("/ledger/verify", Value::Null).await.ok();
        for action in ["audit.read", "audit.summary", "audit.verify"] {
            let entry = newest(&audit, action).await;
            assert_eq!(entry["person"]["id"], auditor, "{action}");
        }
        let opened = newest(&audit, "audit.read").await;
        assert_eq!(opened["outcome"], "ok");
        audit.get("/ledger/entries?action=reveal").await.ok();
        let opened = newest(&audit, "audit.read").await;
        assert_eq!(opened["fields"], json!(["reason", "details"]), "reading reasons is recorded as such");
    })
    .await;
}
