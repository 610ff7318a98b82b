//! Numbers over many records, records that are there already, single entries, and which eyes somebody has.

use serde_json::{Value, json};

use crate::world::{Caller, World, on_both};

async fn deal(owner: &Caller, customer: &str, stage: &str, amount: i64) {
    let body = json!({ "title": "年度采购", "customer": customer, "stage": stage, "amount": amount });
    owner.make("deal", body).await;
}

fn group<'a>(numbers: &'a Value, stage: &str) -> Option<&'a Value> {
    numbers["groups"].as_array().expect("groups").iter().find(|g| g["value"] == stage)
}

#[tokio::test(flavor = "multi_thread")]
async fn stages_are_counted_and_added_up_over_the_rows_that_the_caller_may_see() {
    on_both(|world: World| async move {
        let (zhang, li) = (world.sign_in("zhang").await, world.sign_in("li").await);
        let (north, south) =
            (zhang.customer("北辰机械", "13800000001").await, li.customer("南风", "13800000002").await);
        deal(&zhang, &north, "proposal", 10_000).await;
        deal(&zhang, &north, "proposal", 25_001).await;
        deal(&zhang, &north, "won", 900_000_000_000_000).await;
        deal(&li, &south, "proposal", 777).await;
        let asked = "/records/deal/aggregate?group=stage&sum=amount";
        let mine = zhang.get(asked).await.ok().json();
        let proposal = group(&mine, "proposal").unwrap();
        assert_eq!((&proposal["count"], &proposal["sum"]), (&json!(2), &json!(35_001)));
        assert_eq!(group(&mine, "won").unwrap()["sum"], 900_000_000_000_000_i64);
        assert_eq!((&mine["counted"], &mine["capped"]), (&json!(3), &json!(false)));
        let all = world.sign_in("boss").await.get(asked).await.ok().json();
        assert_eq!(group(&all, "proposal").unwrap()["count"], 3);
        let filter = Caller::encoded(&json!({ "field": "stage", "op": "ne", "value": "won" }).to_string());
        let open = zhang.get(&format!("{asked}&filter={filter}")).await.ok().json();
        assert!(group(&open, "won").is_none());
        // Service sees no amounts: neither the field nor its sum, and unreadable answers as unknown does.
        let chen = world.sign_in("chen").await;
        let hidden = chen.get(asked).await;
        let unknown = chen.get("/records/deal/aggregate?group=stage&sum=nonsense").await;
        let words = |answer: &Value, name: &str| answer["detail"].as_str().unwrap().replace(name, "…");
        assert!(hidden.status == 400 || hidden.status == 403, "{}", hidden.text());
        if hidden.status == 400 {
            assert_eq!(words(&hidden.json(), "amount"), words(&unknown.json(), "nonsense"));
        }
        for wrong in ["group=title", "group=stage&sum=stage", "group=phone", "group=stage;drop"] {
            zhang.get(&format!("/records/deal/aggregate?{wrong}")).await.problem(400, "bad_query");
        }
        let audit = world.sign_in("audit").await;
        let entries = audit.get("/ledger/entries?action=aggregate").await.ok().json();
        assert_eq!(entries["items"][0]["object"], "deal");
        assert_eq!(entries["items"][0]["fields"], json!(["stage", "amount"]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_that_is_there_already_is_found_by_phone_mail_or_near_name() {
    on_both(|world: World| async move {
        let (zhang, li) = (world.sign_in("zhang").await, world.sign_in("li").await);
        let body =
            json!({ "name": "上海远山科技有限公司", "phone": "138 0000 1111", "email": "info@yuanshan.cn" });
        let known = zhang.make("customer", body).await;
        let ask = |who: &Caller, body: Value| {
            let who = who.clone();
            async move { who.post("/duplicates/customer", body).await.ok().json()["items"].clone() }
        };
        let both = ask(&zhang, json!({ "name": "远山科技", "phone": "+8613800001111" })).await;
        assert_eq!(both[0]["record"]["id"], known.as_str());
        let matched: Vec<&str> =
            both[0]["matched"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        assert!(matched.contains(&"phone") && matched.contains(&"name"), "{matched:?}");
        assert!(!both[0].to_string().contains("13800001111"), "the number stays a mask");
        assert_eq!(ask(&zhang, json!({ "email": "INFO@yuanshan.cn" })).await[0]["matched"], json!(["email"]));
        assert_eq!(ask(&zhang, json!({ "name": "别的公司", "phone": "13900002222" })).await, json!([]));
        assert_eq!(ask(&li, json!({ "phone": "13800001111" })).await, json!([]), "not theirs, not said");
        zhang.post("/duplicates/customer", json!({ "note": "x" })).await.problem(400, "bad_query");
        let audit = world.sign_in("audit").await;
        let entries = audit.get("/ledger/entries?action=duplicates").await.ok().json();
        let asked = entries["items"].as_array().unwrap();
        assert_eq!(asked.len(), 4, "every question is an entry");
        assert!(asked.iter().all(|e| e["object"] == "customer"));
        assert!(asked.iter().any(|e| e["records"] == json!([known])));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_tries_a_list_of_phone_numbers_out() {
    let world = World::new().await;
    let zhang = world.sign_in("zhang").await;
    for n in 0..60 {
        zhang.post("/duplicates/customer", json!({ "phone": format!("1380000{n:04}") })).await.ok();
    }
    zhang
        .post("/duplicates/customer", json!({ "phone": "13800009999" }))
        .await
        .problem(429, "too_many_requests");
    world.sign_in("li").await.post("/duplicates/customer", json!({ "phone": "13800009999" })).await.ok();
    zhang.get("/records/customer").await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_is_opened_by_its_number_by_auditors_only() {
    on_both(|world: World| async move {
        let zhang = world.sign_in("zhang").await;
        let id = zhang.customer("北辰机械", "13800000001").await;
        let reveal = json!({ "fields": ["phone"], "reason": "回访" });
        zhang.post(&format!("/records/customer/{id}/reveal"), reveal).await.ok();
        let audit = world.sign_in("audit").await;
        let listed = audit.get("/ledger/entries?action=reveal").await.ok().json()["items"][0].clone();
        let seq = listed["seq"].as_u64().unwrap();
        let one = audit.get(&format!("/ledger/entries/{seq}")).await.ok().json();
        assert_eq!(one, listed);
        assert_eq!(one["reason"], "回访");
        audit.get("/ledger/entries/999999").await.problem(404, "not_found");
        audit.get("/ledger/entries/18446744073709551615").await.problem(404, "not_found");
        zhang.get(&format!("/ledger/entries/{seq}")).await.problem(403, "forbidden");
        let readings = audit.get("/ledger/entries?action=audit.read").await.ok().json();
        let opened =
            readings["items"].as_array().unwrap().iter().find(|e| e["records"] == json!([id])).unwrap();
        assert_eq!(opened["fields"], json!(["reason", "details"]), "that reasons were read is an entry too");
        assert_eq!(opened["class"], "confidential");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_catalog_says_whose_eyes_may_open_a_mask() {
    let world = World::new().await;
    let mut eyes = Vec::new();
    for login in ["zhang", "chen"] {
        let caller = world.sign_in(login).await;
        let objects = caller.get("/objects").await.ok().json();
        let customer =
            objects["objects"].as_array().unwrap().iter().find(|o| o["name"] == "customer").unwrap().clone();
        let field = |name: &str| {
            customer["fields"]
                .as_array()
                .unwrap()
                .iter()
                .find(|f| f["name"] == name)
                .map(|f| f["reveal"].clone())
        };
        assert_eq!(field("name"), Some(json!(false)), "{login}: nothing is masked there");
        let may = customer["actions"].as_array().unwrap().contains(&json!("reveal"));
        assert_eq!(field("phone"), Some(json!(may)), "{login}");
        eyes.push(may);
    }
    assert!(eyes[0]);
}
