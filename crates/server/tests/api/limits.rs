//! What is too much, what does not fit, what is not there: always a clear problem, always the same headers.

use axum::body::Body;
use axum::http::Method;
use serde_json::{Value, json};

use crate::world::{Answer, Caller, World};

const JSON: Option<&str> = Some("application/json");

async fn post_raw(caller: &Caller, path: &str, kind: Option<&str>, body: impl Into<Body>) -> Answer {
    caller.raw(Method::POST, path, kind, body.into()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_a_problem() {
    let world = World::new().await;
    let zhang = world.sign_in("zhang").await;
    for path in ["/nothing", "/records", "/records/customer/x/y/z", "/people/x/y"] {
        zhang.get(path).await.problem(404, "no_such_endpoint");
    }
    zhang.get("/records/no_such_object").await.problem(404, "not_found");
    zhang.get("/records/customer/not-an-id").await.problem(404, "not_found");
    zhang.raw(Method::GET, "/api/v2/me", None, Body::empty()).await.problem(404, "no_such_endpoint");
    let wrong = zhang.ask(Method::PUT, "/me", Some(json!({}))).await;
    wrong.problem(405, "method_not_allowed");
    assert!(wrong.header("allow").is_some_and(|a| a.contains("PATCH")), "{:?}", wrong.headers);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_does_not_fit_is_refused_before_anything_sees_it() {
    let world = World::new().await;
    let zhang = world.sign_in("zhang").await;
    let path = "/api/v1/records/customer";
    post_raw(&zhang, path, Some("text/plain"), "{}").await.problem(415, "unsupported_type");
    post_raw(&zhang, path, None, "{}").await.problem(415, "unsupported_type");
    for text in ["", "{", "[]", "null", "{\"name\":}", "\u{0}"] {
        post_raw(&zhang, path, JSON, text).await.problem(400, "bad_query");
    }
    let deep = format!("{}1{}", "[".repeat(50_000), "]".repeat(50_000));
    post_raw(&zhang, path, JSON, deep.clone()).await.problem(400, "bad_query");
    let filter = format!("/records/customer?filter={}", Caller::encoded(&deep[49_960..50_041]));
    zhang.get(&filter).await.problem(400, "bad_query");
    let huge = json!({ "name": "x".repeat(2 * 1024 * 1024) }).to_string();
    post_raw(&zhang, path, JSON, huge).await.problem(413, "too_large");
    // A stream that does not say how long it is.
    let chunks = (0..64).map(|_| Ok::<_, std::io::Error>(bytes::Bytes::from(vec![b' '; 65_536])));
    let endless = Body::from_stream(futures_util::stream::iter(chunks));
    post_raw(&zhang, path, JSON, endless).await.problem(413, "too_large");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_complaint_never_repeats_what_was_sent() {
    let world = World::new().await;
    let zhang = world.sign_in("zhang").await;
    let secret = "13800138000";
    for body in [
        format!("{{\"fields\":\"{secret}\",\"reason\":\"x\"}}"),
        format!("{{\"fields\":[],\"reason\":\"{secret}\""),
        format!("{{\"fields\":[],\"{secret}\":1}}"),
    ] {
        let path = "/api/v1/records/customer/00000000-0000-7000-8000-000000000000/reveal";
        let answer = post_raw(&zhang, path, JSON, body).await;
        answer.problem(400, "bad_query");
        assert!(!answer.text().contains(secret), "{}", answer.text());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_holds_at_most_two_hundred() {
    let world = World::new().await;
    let zhang = world.sign_in("zhang").await;
    for n in 0..205 {
        zhang.make("task", json!({ "title": format!("任务{n}") })).await;
    }
    for limit in ["201", "100000"] {
        let answer = zhang.get(&format!("/records/task?limit={limit}")).await;
        if answer.status.is_success() {
            assert!(answer.ids().len() <= 200);
        } else {
            answer.problem(400, "bad_query");
        }
    }
    let first = zhang.get("/records/task?limit=200").await;
    assert_eq!(first.ids().len(), 200);
    let first = first.json();
    assert_eq!(first["count"], json!({ "value": 205, "capped": false }));
    let next = Caller::encoded(first["next"].as_str().unwrap());
    let second = zhang.get(&format!("/records/task?limit=200&cursor={next}")).await;
    assert_eq!(second.ids().len(), 5);
    assert_eq!(second.json()["next"], Value::Null);
    for query in
        ["limit=abc", "limit=-1", "cursor=made-up", "sort=no_such", "filter=%7B", "filter=%7B%22x%22%3A1%7D"]
    {
        let answer = zhang.get(&format!("/records/task?{query}")).await;
        assert!(matches!(answer.status.as_u16(), 400 | 422), "{query}: {} {}", answer.status, answer.text());
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_carries_the_security_headers() {
    let world = World::new().await;
    let zhang = world.sign_in("zhang").await;
    let mut ids = std::collections::BTreeSet::new();
    for path in ["/api/v1/me", "/api/v1/nothing", "/", "/healthz", "/api/openapi.json"] {
        let answer = zhang.raw(Method::GET, path, None, Body::empty()).await;
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{path}");
        }
        assert!(answer.header("permissions-policy").is_some_and(|p| p.contains("camera=()")), "{path}");
        assert!(ids.insert(answer.header("x-request-id").unwrap().to_owned()), "request ids are unique");
        if path.starts_with("/api/") {
            assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_is_answered_everywhere_with_a_fresh_nonce() {
    let world = World::new().await;
    let mut policies = Vec::new();
    for path in ["/", "/customers/1", "/index.html", "/settings?x=1"] {
        let page = world.nobody().raw(Method::GET, path, None, Body::empty()).await;
        page.ok();
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
        let policy = page.header("content-security-policy").unwrap().to_owned();
        for part in ["default-src 'self'", "script-src 'self'", "frame-ancestors 'none'", "object-src 'none'"]
        {
            assert!(policy.contains(part), "{part} in {policy}");
        }
        assert!(!policy.contains("unsafe-eval") && !policy.contains("script-src 'self' 'unsafe"), "{policy}");
        assert!(!page.text().contains("__NONCE__"));
        policies.push(policy);
    }
    assert_ne!(policies[0], policies[1], "each page has its own nonce");
    let missing = world.nobody().raw(Method::GET, "/assets/none.js", None, Body::empty()).await;
    assert_eq!(missing.status, 404);
    for path in ["/../Cargo.toml", "/assets/../../Cargo.toml", "/%2e%2e/Cargo.toml"] {
        let answer = world.nobody().raw(Method::GET, path, None, Body::empty()).await;
        assert!(!answer.text().contains("[package]"), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn large_answers_are_packed_for_those_who_can_read_them() {
    let world = World::new().await;
    let zhang = world.sign_in("zhang").await;
    let plain = zhang.get("/objects").await;
    assert_eq!(plain.ok().header("content-encoding"), None);
    let packed = zhang.with("accept-encoding", "gzip").get("/objects").await;
    assert_eq!(packed.ok().header("content-encoding"), Some("gzip"));
    assert!(packed.body.len() * 3 < plain.body.len());
    let small = zhang.with("accept-encoding", "gzip").get("/setup").await;
    assert_eq!(small.ok().header("content-encoding"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_for_operators_hold_no_ids_and_stay_on_this_machine() {
    let world = World::new().await;
    let zhang = world.sign_in("zhang").await;
    let id = zhang.customer("华远科技", "13800138000").await;
    zhang.get(&format!("/records/customer/{id}")).await.ok();
    let ask = async |caller: Caller| caller.raw(Method::GET, "/metrics", None, Body::empty()).await;
    // The tree follows the entries within a second.
    let mut text = String::new();
    for _ in 0..40 {
        text = ask(world.nobody()).await.ok().text();
        if text.contains("shouxin_ledger_entries") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert!(text.contains("route=\"/api/v1/records/{object}/{id}\",status=\"200\"} 1"), "{text}");
    assert!(text.contains("shouxin_request_seconds_bucket"));
    assert!(text.contains("shouxin_ledger_entries"));
    assert!(!text.contains(&id));
    ask(world.nobody().from("198.51.100.7")).await.problem(403, "forbidden");
    ask(zhang.from("198.51.100.7")).await.problem(403, "forbidden");
    // A proxy on this machine speaks for somebody far away.
    ask(world.nobody().with("x-forwarded-for", "198.51.100.7")).await.problem(403, "forbidden");
    ask(world.sign_in("system").await.from("198.51.100.7")).await.ok();
    let strange = Method::from_bytes(b"MADE-UP").unwrap();
    world.nobody().ask(strange, "/me", None).await.problem(405, "method_not_allowed");
    assert!(!ask(world.nobody()).await.text().contains("MADE-UP"));
    let health = world.nobody().raw(Method::GET, "/healthz", None, Body::empty()).await;
    assert_eq!(health.ok().text(), "ok");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_who_asks_without_end_is_slowed_down_and_others_are_not() {
    let world = World::new().await;
    let (zhang, li) = (world.sign_in("zhang").await, world.sign_in("li").await);
    let first = zhang.get("/me").await;
    let limit: u64 = first.ok().header("ratelimit-limit").unwrap().parse().unwrap();
    assert!(first.header("ratelimit-remaining").is_some() && first.header("ratelimit-reset").is_some());
    let mut refused = None;
    for _ in 0..limit + 10 {
        let answer = zhang.get("/me").await;
        if answer.status != 200 {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.expect("a limit");
    refused.problem(429, "too_many_requests");
    assert!(refused.header("retry-after").is_some());
    assert!(refused.json()["params"]["retry_after_s"].as_i64().is_some_and(|s| s >= 1));
    li.get("/me").await.ok();
    world.clock.advance_seconds(5);
    zhang.get("/me").await.ok();
}
