//! Somebody who wants more than they may have.

use axum::body::Body;
use axum::http::Method;
use serde_json::{Value, json};

use crate::documents::operations;
use crate::world::{Caller, PASSWORD, World, on_both};

const SECRET: &str = "13911112222";

/// One record of each object that belongs to Li of the southern team.
async fn belongings_of_li(world: &World) -> Vec<(&'static str, String)> {
    let li = world.sign_in("li").await;
    let customer = li.customer("隐秘集团", SECRET).await;
    let contact =
        li.make("contact", json!({ "customer": customer, "name": "钱多多", "phone": SECRET })).await;
    let deal = li.make("deal", json!({ "customer": customer, "title": "隐秘项目", "amount": 987_654 })).await;
    let communication = json!({
        "customer": customer, "channel": "note", "direction": "internal",
        "occurred_at": "2026-11-20T08:00:00Z", "subject": "隐秘主题", "body": "隐秘内容",
    });
    let communication = li.make("communication", communication).await;
    let task = li.make("task", json!({ "customer": customer, "title": "隐秘任务" })).await;
    vec![
        ("customer", customer),
        ("contact", contact),
        ("deal", deal),
        ("communication", communication),
        ("task", task),
    ]
}

fn change_of(object: &str) -> Value {
    match object {
        "customer" => json!({ "stage": "lost" }),
        "contact" => json!({ "role": "user" }),
        "deal" => json!({ "probability": 1 }),
        "communication" => json!({ "duration": 5 }),
        _ => json!({ "priority": "low" }),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_persons_records_are_missing_for_every_operation() {
    on_both(|world| async move {
        let belongings = belongings_of_li(&world).await;
        let document = server::document(None);
        for stranger in ["zhang", "wang", "system", "security", "audit"] {
            let stranger = world.sign_in(stranger).await;
            let own = stranger.get("/me").await.ok().json()["id"].clone();
            for (object, id) in &belongings {
                for (path, methods) in operations(&document) {
                    if !path.contains("/records/{object}/{id}") {
                        continue;
                    }
                    for method in methods {
                        let address = path.replace("{object}", object).replace("{id}", id);
                        let body = match (method.as_str(), path.rsplit('/').next()) {
                            ("POST", Some("reveal")) => {
                                Some(json!({ "fields": ["phone"], "reason": "好奇" }))
                            }
                            ("POST", _) => Some(json!({})),
                            ("PATCH", _) => Some(change_of(object)),
                            _ => None,
                        };
                        let answer = stranger.ask(method.clone(), &address, body).await;
                        assert!(
                            matches!(answer.status.as_u16(), 403 | 404),
                            "{method} {address}: {} {}",
                            answer.status,
                            answer.text()
                        );
                        assert!(!answer.text().contains("隐秘"), "{method} {address}");
                    }
                }
                for (path, body) in [
                    ("assign", json!({ "ids": [id], "owner": own })),
                    ("bulk_update", json!({ "ids": [id], "fields": change_of(object) })),
                ] {
                    let answer = stranger.post(&format!("/records/{object}/{path}"), body).await;
                    if answer.status.is_success() {
                        let report = answer.json();
                        assert_eq!(
                            report["refused"],
                            json!([{ "id": id, "key": "not_found" }]),
                            "{object} {path}"
                        );
                    } else {
                        answer.problem(403, "forbidden");
                    }
                }
            }
        }
        // Nothing of it happened.
        let li = world.sign_in("li").await;
        for (object, id) in &belongings {
            assert_eq!(
                li.get(&format!("/records/{object}/{id}")).await.ok().json()["version"],
                1,
                "{object}"
            );
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invisible_record_answers_as_one_that_never_was() {
    let world = World::new().await;
    let belongings = belongings_of_li(&world).await;
    let zhang = world.sign_in("zhang").await;
    let nowhere = "018f0000-0000-7000-8000-000000000000";
    for (object, id) in &belongings {
        let there = zhang.get(&format!("/records/{object}/{id}")).await;
        let never = zhang.get(&format!("/records/{object}/{nowhere}")).await;
        assert_eq!((there.status, there.json()), (never.status, never.json()), "{object}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_search_and_filters_find_nothing_of_others() {
    on_both(|world| async move {
        let belongings = belongings_of_li(&world).await;
        world.app.workspace().unwrap().records.search_caught_up().await.unwrap();
        let zhang = world.sign_in("zhang").await;
        for word in ["隐秘", "隐秘集团", "钱多多", SECRET, "隐秘内容"] {
            let found = zhang.get(&format!("/search?q={}", Caller::encoded(word))).await.ok().json();
            assert_eq!(found["items"], json!([]), "{word}");
        }
        for (object, id) in &belongings {
            for query in ["", "?search=%E9%9A%90%E7%A7%98", "?sort=-updated_at", "?limit=200&sort=created_at"]
            {
                let page = zhang.get(&format!("/records/{object}{query}")).await;
                assert!(!page.ids().contains(id), "{object}{query}");
                assert_eq!(page.json()["count"]["value"], 0, "{object}{query}");
            }
        }
        let filter = json!({ "field": "phone", "op": "eq", "value": SECRET }).to_string();
        let page = zhang.get(&format!("/records/customer?filter={}", Caller::encoded(&filter))).await;
        assert!(!page.status.is_success() || page.ids().is_empty());
        // Entering the same number tells nothing either.
        zhang.customer("我的客户", SECRET).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_can_be_hung_onto_another_persons_customer() {
    let world = World::new().await;
    let belongings = belongings_of_li(&world).await;
    let zhang = world.sign_in("zhang").await;
    let (customer, own) = (&belongings[0].1, zhang.customer("我的客户", "13800138000").await);
    for (object, mut fields) in [
        ("contact", json!({ "name": "某人" })),
        ("deal", json!({ "title": "某事" })),
        ("task", json!({ "title": "某事" })),
        ("communication", json!({ "channel": "note", "occurred_at": "2026-11-20T08:00:00Z" })),
    ] {
        fields["customer"] = json!(customer);
        let made = zhang.post(&format!("/records/{object}"), fields.clone()).await;
        assert!(made.status.is_client_error(), "{object}: {} {}", made.status, made.text());
        fields["customer"] = json!(own);
        let id = zhang.make(object, fields).await;
        let moved = zhang.patch(&format!("/records/{object}/{id}"), json!({ "customer": customer })).await;
        assert!(moved.status.is_client_error(), "{object}: {} {}", moved.status, moved.text());
    }
    let contact = &belongings[1].1;
    let borrowed = json!({ "customer": own, "contact": contact, "channel": "note", "occurred_at": "2026-11-20T08:00:00Z" });
    let made = zhang.post("/records/communication", borrowed).await;
    assert!(made.status.is_client_error(), "a stranger's contact: {}", made.text());
    let taken = zhang
        .patch(
            &format!("/records/customer/{own}"),
            json!({ "owner": "018f0000-0000-7000-8000-000000000000" }),
        )
        .await;
    assert!(taken.status.is_client_error(), "owners change by assignment only: {}", taken.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_field_yields_nothing_anywhere() {
    on_both(|world| async move {
        let belongings = belongings_of_li(&world).await;
        let chen = world.sign_in("chen").await;
        let deal = &belongings[2].1;
        let objects = chen.get("/objects").await.ok().json();
        let fields = objects["objects"].as_array().unwrap().iter().find(|o| o["name"] == "deal").unwrap();
        assert!(
            !fields["fields"].as_array().unwrap().iter().any(|f| f["name"] == "amount"),
            "not even its name"
        );
        let item = chen.get(&format!("/records/deal/{deal}")).await.ok().json();
        assert!(item.get("amount").is_none() && item["title"] == "隐秘项目");
        let list = chen.get("/records/deal?fields=title,amount").await;
        assert!(!list.text().contains("987654"), "{}", list.text());
        for sort in ["amount", "-amount"] {
            let known = chen.get(&format!("/records/deal?sort={sort}")).await;
            let unknown =
                chen.get(&format!("/records/deal?sort={}", sort.replace("amount", "no_such"))).await;
            assert!(known.status.is_client_error(), "sorting tells the order");
            assert_eq!(known.status, unknown.status, "{} {}", known.text(), unknown.text());
        }
        for op in ["eq", "gt", "lt", "is_empty"] {
            let filter = json!({ "field": "amount", "op": op, "value": 1 }).to_string();
            let answer = chen.get(&format!("/records/deal?filter={}", Caller::encoded(&filter))).await;
            assert!(answer.status.is_client_error(), "{op}: {}", answer.text());
        }
        let hop = json!({ "field": "deal.amount", "op": "gt", "value": 1 }).to_string();
        let answer = chen.get(&format!("/records/communication?filter={}", Caller::encoded(&hop))).await;
        assert!(answer.status.is_client_error(), "through a reference: {}", answer.text());
        let li = world.sign_in("li").await;
        li.patch(&format!("/records/deal/{deal}"), json!({ "amount": 123_456 })).await.ok();
        let customer = &belongings[0].1;
        for address in [
            format!("/records/deal/{deal}/history"),
            format!("/records/customer/{customer}/timeline"),
            format!("/records/customer/{customer}/related"),
            "/search?q=987654".to_owned(),
        ] {
            let text = chen.get(&address).await.ok().text();
            for value in ["987654", "123456", "amount"] {
                assert!(!text.contains(value), "{value} in {address}: {text}");
            }
        }
        let reveal = json!({ "fields": ["amount"], "reason": "好奇" });
        let answer = chen.post(&format!("/records/deal/{deal}/reveal"), reveal).await;
        assert!(answer.status.is_client_error(), "{}", answer.text());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_sites_page_cannot_act_here() {
    let world = World::new().await;
    let zhang = world.sign_in("zhang").await;
    let body = json!({ "name": "华远科技" });
    for (header, value) in [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("origin", "http://127.0.0.1:9999"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        let answer = zhang.with(header, value).post("/records/customer", body.clone()).await;
        answer.problem(403, "cross_site");
    }
    let own = zhang.with("origin", "http://127.0.0.1:7878").with("sec-fetch-site", "same-origin");
    own.post("/records/customer", body).await.ok();
    let answer = world
        .nobody()
        .with("origin", "https://evil.example")
        .post("/session", json!({ "login": "zhang", "password": PASSWORD }))
        .await;
    answer.problem(403, "cross_site");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_wrong_tokens_open_nothing() {
    let world = World::new().await;
    let zhang = world.sign_in("zhang").await;
    zhang.get("/me").await.ok();
    for n in 0..1_000 {
        let token = format!("{n:043}");
        assert_eq!(world.nobody().with_token(token).get("/me").await.status, 401);
    }
    for cookie in ["", " ", "a=b; shouxin_session", "shouxin_session=;", "__Host-shouxin_session=x"] {
        let answer =
            world.nobody().with("cookie", cookie).raw(Method::GET, "/api/v1/me", None, Body::empty()).await;
        answer.problem(401, "not_signed_in");
    }
}
