//! What somebody may not see does not exist for them, by whichever door they come.

use axum::http::Method;
use serde_json::{Value, json};

use crate::world::{Caller, World, on_both};

#[tokio::test(flavor = "multi_thread")]
async fn another_persons_record_is_missing_on_every_route() {
    on_both(|world| async move {
        let (zhang, li) = (world.sign_in("zhang").await, world.sign_in("li").await);
        let id = zhang.customer("华远科技", "13800138000").await;
        let document: Value = server::document(None);
        let mut asked = 0;
        for (path, methods) in document["paths"].as_object().unwrap() {
            let Some((_, rest)) = path.split_once("/records/{object}/{id}") else { continue };
            for method in methods.as_object().unwrap().keys() {
                let method: Method = method.to_uppercase().parse().unwrap();
                let body = match (&method, rest) {
                    (&Method::PATCH, _) => Some(json!({ "name": "x" })),
                    (&Method::POST, "/reveal") => Some(json!({ "fields": ["phone"], "reason": "回访约定" })),
                    (&Method::POST, _) => Some(json!({})),
                    _ => None,
                };
                let answer =
                    li.ask(method.clone(), &format!("/records/customer/{id}{rest}"), body.clone()).await;
                assert!(!answer.text().contains("华远"), "{}", answer.asked);
                let none = "/records/customer/01890000-0000-7000-8000-000000000000";
                let missing = li.ask(method, &format!("{none}{rest}"), body).await;
                // Nothing tells the record of another person from one that never was.
                assert_eq!(answer.status, missing.status, "{}", answer.asked);
                assert_eq!(answer.json(), missing.json(), "{}", answer.asked);
                assert!(matches!(answer.status.as_u16(), 403 | 404), "{}: {}", answer.asked, answer.text());
                asked += 1;
            }
        }
        assert!(asked >= 7, "only {asked} routes");
        assert_eq!(zhang.get(&format!("/records/customer/{id}")).await.ok().json()["name"], "华远科技");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_documented_path_is_in_the_router() {
    let world = World::new().await;
    let (zhang, document) = (world.sign_in("zhang").await, server::document(None));
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            if matches!(path.as_str(), "/session" | "/me/password" | "/break_glass/code") {
                continue;
            }
            let at = path.replace("{object}", "customer").replace("{id}", "x").replace("{seq}", "0");
            let method: Method = method.to_uppercase().parse().unwrap();
            let answer = zhang.ask(method, &at, None).await;
            assert_ne!(answer.status, 405, "{}", answer.asked);
            assert!(!answer.text().contains("no_such_endpoint"), "{}: {}", answer.asked, answer.text());
        }
    }
    zhang.get("/no/such/route").await.problem(404, "no_such_endpoint");
    zhang.ask(Method::PUT, "/me", Some(json!({}))).await.problem(405, "method_not_allowed");
}

async fn count(caller: &Caller, object: &str) -> usize {
    caller.get(&format!("/records/{object}?limit=200")).await.ids().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_role_lists_exactly_its_rows() {
    on_both(|world| async move {
        let (zhang, li) = (world.sign_in("zhang").await, world.sign_in("li").await);
        for n in 0..3 {
            zhang.customer(&format!("北方{n}"), &format!("1380000000{n}")).await;
        }
        for n in 0..2 {
            li.customer(&format!("南方{n}"), &format!("1390000000{n}")).await;
        }
        for (login, sees) in [("zhang", 3), ("li", 2), ("wang", 3), ("boss", 5)] {
            assert_eq!(count(&world.sign_in(login).await, "customer").await, sees, "{login}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_field_answers_like_one_that_never_was() {
    on_both(|world| async move {
        let (li, chen) = (world.sign_in("li").await, world.sign_in("chen").await);
        let customer = li.customer("南方电气", "13900000001").await;
        let deal = li
            .make("deal", json!({ "title": "一号项目", "customer": customer, "amount": 123_456_700 }))
            .await;
        for path in [
            format!("/records/deal/{deal}"),
            "/records/deal?limit=200".to_owned(),
            format!("/records/deal/{deal}/history"),
            format!("/records/deal/{deal}/timeline"),
            format!("/records/customer/{customer}/timeline"),
            format!("/records/customer/{customer}/related"),
            "/search?q=123456700".to_owned(),
        ] {
            let answer = chen.get(&path).await;
            assert!(!answer.text().contains("123456700"), "{path}: {}", answer.text());
        }
        for (hidden, unknown) in
            [("sort=amount".to_owned(), "sort=nosuch".to_owned()), (filter("amount"), filter("nosuch"))]
        {
            let hidden = chen.get(&format!("/records/deal?{hidden}")).await;
            let unknown = chen.get(&format!("/records/deal?{unknown}")).await;
            assert!(!hidden.status.is_success(), "{}", hidden.text());
            assert_eq!(hidden.status, unknown.status, "{} / {}", hidden.text(), unknown.text());
            assert_eq!(hidden.text().replace("amount", "nosuch"), unknown.text());
        }
        let body = json!({ "fields": ["amount"], "reason": "回访约定" });
        let reveal = chen.post(&format!("/records/deal/{deal}/reveal"), body).await;
        assert!(!reveal.status.is_success() && !reveal.text().contains("123456700"), "{}", reveal.text());
    })
    .await;
}

fn filter(field: &str) -> String {
    let condition = json!({ "op": "eq", "field": field, "value": 123_456_700 });
    format!("filter={}", Caller::encoded(&condition.to_string()))
}
