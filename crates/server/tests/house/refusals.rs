//! A no is an entry too.

use serde_json::{Value, json};

use crate::world::{Caller, World, on_both};

async fn refused(audit: &Caller) -> Vec<Value> {
    let page = audit.get("/ledger/entries?outcome=refused&limit=200").await.ok().json();
    page["items"].as_array().expect("items").clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_request_is_one_entry_with_who_and_what() {
    on_both(|world| async move {
        let (zhang, audit, system) =
            (world.sign_in("zhang").await, world.sign_in("audit").await, world.sign_in("system").await);
        let id = zhang.customer("华远科技", "13800138000").await;
        assert!(refused(&audit).await.is_empty());
        zhang.get("/ledger/entries").await.problem(403, "forbidden");
        system.get(&format!("/records/customer/{id}")).await.problem(403, "forbidden");
        system.get("/records/deal").await.problem(403, "forbidden");
        let entries = refused(&audit).await;
        let actions: Vec<&str> = entries.iter().map(|e| e["action"].as_str().unwrap()).collect();
        assert_eq!(actions, ["list", "read", "audit.read"], "newest first, one each: {entries:?}");
        let objects: Vec<&Value> = entries.iter().map(|e| &e["object"]).collect();
        assert_eq!(objects, [&json!("deal"), &json!("customer"), &Value::Null]);
        assert!(entries[1].to_string().contains(&id), "{}", entries[1]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_policy_refused_is_no_refusal() {
    let world = World::new().await;
    let (zhang, audit) = (world.sign_in("zhang").await, world.sign_in("audit").await);
    world.nobody().get("/records/customer").await.problem(401, "not_signed_in");
    zhang.get("/records/no_such_thing").await.problem(404, "not_found");
    zhang
        .with("origin", "https://elsewhere.example")
        .post("/records/customer", json!({}))
        .await
        .problem(403, "cross_site");
    assert!(refused(&audit).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_budget_ends_and_the_failed_reveal_is_an_entry() {
    let world = World::new().await;
    let (zhang, audit) = (world.sign_in("zhang").await, world.sign_in("audit").await);
    let ask = json!({ "fields": ["phone"], "reason": "回访约定" });
    let mut last = String::new();
    for n in 0..=300 {
        let phone = format!("138{n:08}");
        last = zhang.customer(&format!("公司{n}"), &phone).await;
        let answer = zhang.post(&format!("/records/customer/{last}/reveal"), ask.clone()).await;
        if n < 300 {
            assert_eq!(answer.ok().json()["values"]["phone"].as_str().unwrap().replace("+86", ""), phone);
        } else {
            answer.problem(403, "over_budget");
            assert!(!answer.text().contains(&phone));
        }
    }
    let entries = refused(&audit).await;
    assert_eq!(entries.len(), 1, "{entries:?}");
    assert_eq!((&entries[0]["action"], &entries[0]["object"]), (&json!("reveal"), &json!("customer")));
    assert!(entries[0].to_string().contains(&last));
}
