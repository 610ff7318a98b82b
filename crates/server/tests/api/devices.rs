//! On which devices people may work, and what a stolen cookie is worth.

use axum::http::Method;
use serde_json::{Value, json};

use crate::world::{Answer, Caller, Device, PASSWORD, World, on_both};

const OUTSIDE: &str = "203.0.113.9";

async fn demand(security: &Caller, demand: &str) -> Answer {
    security
        .ask(Method::PUT, "/devices/rules", Some(json!({ "everyone": "any", "roles": { "sales": demand } })))
        .await
}

/// Zhang from outside: whoever sits at the server is not asked for a device.
async fn zhang(world: &World) -> Caller {
    let credentials = json!({ "login": "zhang", "password": PASSWORD });
    let answer = world.nobody().from(OUTSIDE).post("/session", credentials).await;
    world.nobody().from(OUTSIDE).with_token(answer.ok().cookie().expect("a session"))
}

async fn waiting(security: &Caller) -> Vec<Value> {
    let devices = security.get("/devices").await.ok().json();
    let items = devices["items"].as_array().expect("devices").clone();
    items.into_iter().filter(|d| d["state"] == "pending").collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_browser_without_an_approved_key_is_refused() {
    on_both(|world| async move {
        let security = world.sign_in("security").await;
        let (office, other) = (Device::new(), Device::new());
        let first = zhang(&world).await;
        assert_eq!(office.enrol(&first).await.ok().json()["state"], "approved", "the first, on trust");
        demand(&security, "approved").await.ok();
        first.get("/records/customer").await.ok();

        let second = zhang(&world).await;
        second.get("/records/customer").await.problem(403, "must_use_device");
        second.get("/me").await.ok();
        assert_eq!(other.enrol(&second).await.ok().json()["state"], "pending");
        second.get("/records/customer").await.problem(403, "device_pending");

        let waits = waiting(&security).await;
        assert_eq!(waits[0]["person"]["name"], "张伟");
        let path = format!("/devices/{}", waits[0]["id"].as_str().expect("an id"));
        security.patch(&path, json!({ "state": "approved" })).await.ok();
        second.get("/records/customer").await.ok();

        // The next sign-in shows the key that is known by now.
        let third = zhang(&world).await;
        other.show(&third).await.ok();
        third.get("/records/customer").await.ok();
        Device::new().show(&zhang(&world).await).await.problem(404, "not_found");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stolen_cookie_alone_opens_nothing_sensitive() {
    on_both(|world| async move {
        let (device, caller) = (Device::new(), zhang(&world).await);
        let id = caller.customer("杭州云杉", "13800138000").await;
        device.enrol(&caller).await.ok();
        let (path, body) =
            (format!("/records/customer/{id}/reveal"), json!({ "fields": ["phone"], "reason": "回电" }));
        caller.get("/records/customer").await.ok();
        let challenge = caller.post(&path, body.clone()).await;
        challenge.problem(401, "device_proof_needed");
        let revealed = device.ask(&caller, Method::POST, &path, Some(body.clone())).await;
        assert!(revealed.ok().text().contains("13800138000"));

        // A proof counts once, for its request, its session, its key and its time.
        let claims = Device::claims(&Method::POST, &path, &challenge);
        let with = |proof: String| caller.with("dpop", &proof);
        let proof = device.sign(&claims);
        with(proof.clone()).post(&path, body.clone()).await.ok();
        refused(&with(proof).post(&path, body.clone()).await, "seen_before");
        let changed = |name: &str, value: Value| {
            let mut claims = Device::claims(&Method::POST, &path, &challenge);
            claims[name] = value;
            claims
        };
        let iat = claims["iat"].as_i64().expect("a time");
        for (name, value) in [
            ("htm", json!("GET")),
            ("htu", json!(format!("http://127.0.0.1:7878/api/v1/records/customer/{id}"))),
            ("htu", json!(format!("http://evil.example/api/v1{path}"))),
            ("ath", json!(identity::token_hash("another"))),
            ("iat", json!(iat - 61)),
            ("iat", json!(iat + 61)),
            ("jti", json!("short")),
            ("crit", json!([])),
        ] {
            let answer = with(device.sign(&changed(name, value))).post(&path, body.clone()).await;
            refused(&answer, "bad_proof");
        }
        let stale = with(device.sign(&changed("nonce", json!("AAAAAAAAAAAAAAAAAAAAAA"))));
        refused(&stale.post(&path, body.clone()).await, "old_nonce");
        let thief = Device::new();
        refused(
            &with(thief.sign(&changed("jti", json!(identity::random_token())))).post(&path, body).await,
            "wrong_device",
        );
    })
    .await;
}

#[track_caller]
fn refused(answer: &Answer, why: &str) {
    answer.problem(401, "device_proof_needed");
    assert_eq!(answer.json()["params"]["why"], why);
}

#[tokio::test(flavor = "multi_thread")]
async fn proofs_of_other_kinds_are_no_proofs() {
    let world = World::new().await;
    let (device, caller) = (Device::new(), zhang(&world).await);
    device.enrol(&caller).await.ok();
    let path = "/me/password";
    let body = json!({ "current": PASSWORD, "new": "Another river, 43 cups" });
    let challenge = caller.post(path, body.clone()).await;
    let claims = Device::claims(&Method::POST, path, &challenge);
    let header = |name: &str, value: Value| {
        let mut header = device.header();
        header[name] = value;
        device.sign_as(&header, &claims)
    };
    let whole = device.sign(&claims);
    let (signed, _) = whole.rsplit_once('.').expect("a signature");
    let mut private = device.header();
    private["jwk"]["d"] = json!("AAAA");
    for proof in [
        header("typ", json!("JWT")),
        header("alg", json!("none")),
        header("alg", json!("HS256")),
        header("kid", json!("1")),
        header("jwk", Device::new().header()["jwk"].clone()),
        device.sign_as(&private, &claims),
        format!("{signed}."),
        format!("{signed}.{}", "A".repeat(86)),
        format!("{whole}.x"),
        format!("{whole}="),
        "x".repeat(3_000),
    ] {
        refused(&caller.with("dpop", &proof).post(path, body.clone()).await, "bad_proof");
    }
    caller.with("dpop", &whole).post(path, body).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_device_ends_its_sessions_at_once_and_opens_none_again() {
    on_both(|world| async move {
        let security = world.sign_in("security").await;
        let (device, bound, free) = (Device::new(), zhang(&world).await, zhang(&world).await);
        let id = device.enrol(&bound).await.ok().json()["id"].as_str().expect("an id").to_owned();
        security.patch(&format!("/devices/{id}"), json!({ "state": "revoked" })).await.ok();
        bound.get("/me").await.problem(401, "not_signed_in");
        free.get("/me").await.ok();
        device.show(&free).await.complains("device", "device_revoked");
        device.enrol(&free).await.complains("device", "device_revoked");
        let again = security.patch(&format!("/devices/{id}"), json!({ "state": "approved" })).await;
        again.complains("state", "device_revoked");

        let audit = world.sign_in("audit").await;
        let entries = audit.get("/ledger/entries?action=device.revoke").await.ok().json().to_string();
        assert!(entries.contains("state=approved>revoked"), "{entries}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn company_devices_only() {
    let world = World::new().await;
    let security = world.sign_in("security").await;
    let (device, caller) = (Device::new(), zhang(&world).await);
    let id = device.enrol(&caller).await.ok().json()["id"].as_str().expect("an id").to_owned();
    demand(&security, "company").await.ok();
    caller.get("/records/customer").await.problem(403, "device_not_company");
    security.patch(&format!("/devices/{id}"), json!({ "company_owned": true })).await.ok();
    caller.get("/records/customer").await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn devices_are_ones_own_or_the_security_administrations() {
    let world = World::new().await;
    let (device, caller) = (Device::new(), zhang(&world).await);
    let id = device.enrol(&caller).await.ok().json()["id"].as_str().expect("an id").to_owned();
    let li = world.sign_in("li").await;
    assert!(li.get("/me/devices").await.ids().is_empty());
    li.delete(&format!("/me/devices/{id}")).await.problem(404, "not_found");
    li.get("/devices").await.problem(403, "forbidden");
    let system = world.sign_in("system").await;
    system.patch(&format!("/devices/{id}"), json!({ "company_owned": true })).await.problem(403, "forbidden");
    demand(&system, "any").await.problem(403, "forbidden");

    let security = world.sign_in("security").await;
    let own = Device::new().enrol(&security).await.ok().json()["id"].as_str().expect("an id").to_owned();
    let answer = security.patch(&format!("/devices/{own}"), json!({ "company_owned": true })).await;
    answer.problem(401, "device_proof_needed");

    assert_eq!(caller.get("/me/devices").await.ids(), [id.as_str()]);
    device.ask(&caller, Method::DELETE, &format!("/me/devices/{id}"), None).await.ok();
    caller.get("/me").await.problem(401, "not_signed_in");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_rule_that_shuts_its_author_out_needs_a_word_more() {
    let world = World::new().await;
    let security = world.sign_in("security").await;
    let rules = |confirm: bool| Some(json!({ "everyone": "approved", "confirm": confirm }));
    let outside = security.from(OUTSIDE);
    let answer = outside.ask(Method::PUT, "/devices/rules", rules(false)).await;
    answer.complains("confirm", "would_lock_you_out");
    outside.ask(Method::PUT, "/devices/rules", rules(true)).await.ok();
    outside.get("/devices").await.problem(403, "must_use_device");
    security.get("/devices").await.ok();
}
