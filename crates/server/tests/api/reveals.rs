//! Masked by default; the full value takes a reason and leaves a trace.

use serde_json::{Value, json};

use crate::world::on_both;

const PHONE: &str = "13800138000";

#[tokio::test(flavor = "multi_thread")]
async fn a_number_is_masked_until_it_is_revealed_with_a_reason() {
    on_both(|world| async move {
        let zhang = world.sign_in("zhang").await;
        let id = zhang.customer("华远科技", PHONE).await;
        let path = format!("/records/customer/{id}");
        for address in [path.clone(), "/records/customer".to_owned(), format!("/search?q={PHONE}")] {
            let answer = zhang.get(&address).await;
            assert!(!answer.ok().text().contains(PHONE), "{address}");
        }
        let item = zhang.get(&path).await.json();
        assert_eq!(item["phone"], "138****8000");
        assert_eq!(item["_masked"], json!(["phone"]));
        let reveal = format!("{path}/reveal");
        zhang.post(&reveal, json!({ "fields": ["phone"] })).await.problem(422, "reason_required");
        let shown = zhang.post(&reveal, json!({ "fields": ["phone"], "reason": "回访客户" })).await;
        let shown = shown.ok().json();
        assert_eq!(shown["values"]["phone"], PHONE);
        assert_eq!(shown["budget"]["used"], 1);
        let more = zhang.post(&reveal, json!({ "fields": ["no_such"], "reason": "回访客户" })).await;
        assert!(more.status.is_client_error(), "{}", more.text());

        let audit = world.sign_in("audit").await;
        let entries = audit.get("/ledger/entries?action=reveal").await.ok().json();
        let entry: &Value = &entries["items"][0];
        assert_eq!(entry["person"]["name"], "张伟");
        assert_eq!((&entry["fields"], &entry["class"]), (&json!(["phone"]), &json!("restricted")));
        assert_eq!(entry["records"], json!([id]));
        assert_eq!(entry["reason"], "回访客户");
        assert!(!entries.to_string().contains(PHONE));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_look_is_an_entry_and_the_ledger_verifies() {
    on_both(|world| async move {
        let zhang = world.sign_in("zhang").await;
        let id = zhang.customer("华远科技", PHONE).await;
        zhang.get("/records/customer").await.ok();
        zhang.get(&format!("/records/customer/{id}")).await.ok();
        zhang.get(&format!("/records/customer/{id}/timeline")).await.ok();
        zhang.get(&format!("/records/customer/{id}/history")).await.ok();
        zhang.get("/search?q=%E5%8D%8E%E8%BF%9C").await.ok();
        let audit = world.sign_in("audit").await;
        let entries = audit.get("/ledger/entries?limit=100").await.ok().json();
        let actions: Vec<&str> =
            entries["items"].as_array().unwrap().iter().filter_map(|e| e["action"].as_str()).collect();
        for action in ["create", "list", "read", "timeline", "search"] {
            assert!(actions.contains(&action), "{action} in {actions:?}");
        }
        let verified = audit.post("/ledger/verify", json!({})).await.ok().json();
        assert_eq!((&verified["ok"], &verified["problems"]), (&json!(true), &json!([])));
        let seq = entries["items"][0]["seq"].as_u64().unwrap();
        let proof = audit.get(&format!("/ledger/entries/{seq}/proof")).await.ok().json();
        assert_eq!(proof["leaf_hash"], entries["items"][0]["leaf_hash"]);
        audit.get("/ledger/entries/99999999/proof").await.problem(404, "not_found");
        audit.get("/ledger/entries/abc/proof").await.problem(404, "not_found");
        let checkpoint = audit.get("/ledger/checkpoint").await.ok().json();
        assert!(checkpoint["size"].as_u64().unwrap() > seq);
    })
    .await;
}
