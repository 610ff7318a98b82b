//! From where people may work.

use axum::http::Method;
use serde_json::{Value, json};

use crate::world::{Answer, Caller, PASSWORD, World, on_both};

const OFFICE: &str = "10.1.2.3";
const CAFE: &str = "203.0.113.9";

async fn put(who: &Caller, path: &str, body: Value) -> Answer {
    who.ask(Method::PUT, path, Some(body)).await
}

/// Zhang sells, from the office only; outside of every zone as told.
async fn with_office(world: &World, unknown: &str) -> Caller {
    let security = world.sign_in("security").await;
    let zone = json!({ "name": "总部", "ranges": ["10.0.0.0/8", "2001:db8::/32"] });
    put(&security, "/networks/zones/office", zone).await.ok();
    let rules = json!({ "roles": { "sales": ["office"] }, "unknown": unknown });
    put(&security, "/networks/rules", rules).await.ok();
    security
}

async fn sign_in_from(world: &World, login: &str, ip: &str) -> Answer {
    world.nobody().from(ip).post("/session", json!({ "login": login, "password": PASSWORD })).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_moves_to_a_forbidden_network_fails_at_its_next_request() {
    on_both(|world| async move {
        with_office(&world, "allow").await;
        let zhang = world.sign_in("zhang").await;
        zhang.from(OFFICE).get("/records/customer").await.ok();
        zhang.from("::ffff:10.9.9.9").get("/records/customer").await.ok();
        zhang.from(CAFE).get("/records/customer").await.problem(403, "network_role");
        zhang.from(CAFE).get("/me").await.problem(403, "network_role");
        zhang.from(OFFICE).get("/records/customer").await.ok();
        let audit = world.sign_in("audit").await;
        let refused = audit.get("/ledger/entries?action=network&outcome=refused").await.ok().json();
        assert!(!refused["items"].as_array().expect("items").is_empty(), "{refused}");
        zhang.from(CAFE).delete("/session").await.ok();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn from_a_forbidden_network_nobody_signs_in_and_strangers_hear_nothing_of_it() {
    on_both(|world| async move {
        with_office(&world, "refuse").await;
        sign_in_from(&world, "zhang", OFFICE).await.ok();
        sign_in_from(&world, "zhang", CAFE).await.problem(403, "network_role");
        sign_in_from(&world, "chen", CAFE).await.problem(403, "network_unknown");
        let stranger = json!({ "login": "zhang", "password": "not the password" });
        world.nobody().from(CAFE).post("/session", stranger).await.problem(401, "bad_credentials");
        let audit = world.sign_in("audit").await;
        let entries = audit.get("/ledger/entries?action=sign_in_failed").await.ok().json();
        assert!(entries["items"].to_string().contains("network_unknown"), "{entries}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn outside_of_every_zone_a_challenge_opens_nothing_to_a_password_alone() {
    let world = World::new().await;
    with_office(&world, "challenge").await;
    let chen = world.sign_in("chen").await;
    chen.from(OFFICE).get("/records/customer").await.ok();
    chen.from(CAFE).get("/records/customer").await.problem(403, "must_give_factor");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_is_not_locked_out_unnoticed_and_the_machine_itself_stays_a_way_in() {
    on_both(|world| async move {
        let security = world.sign_in("security").await;
        let outside = security.from(CAFE);
        let refuse = json!({ "unknown": "refuse" });
        put(&outside, "/networks/rules", refuse).await.complains("confirm", "would_lock_you_out");
        outside.get("/networks").await.ok();
        put(&outside, "/networks/rules", json!({ "unknown": "refuse", "confirm": true })).await.ok();
        outside.get("/networks").await.problem(403, "network_unknown");
        // Behind a proxy loopback is nobody's word for being local.
        let through = security.with("x-forwarded-for", "127.0.0.1");
        through.get("/networks").await.problem(403, "network_unknown");
        let view = security.get("/networks").await.ok().json();
        assert_eq!(view["here"]["zone"], "local");
        assert_eq!(view["unknown"], "refuse");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn zones_are_changed_with_before_and_after_and_kept_while_rules_need_them() {
    on_both(|world| async move {
        let security = with_office(&world, "allow").await;
        let wider = json!({ "name": "总部", "ranges": ["10.0.0.0/8", "192.0.2.0/24"] });
        put(&security, "/networks/zones/office", wider).await.ok();
        let clash = json!({ "name": "仓库", "ranges": ["10.0.0.0/8"] });
        put(&security, "/networks/zones/depot", clash).await.complains("ranges", "duplicate");
        let nonsense = json!({ "name": "仓库", "ranges": ["10.0.0.0/99"] });
        put(&security, "/networks/zones/depot", nonsense).await.complains("ranges", "bad_range");
        security.delete("/networks/zones/office").await.problem(409, "conflict");
        put(&security, "/networks/rules", json!({})).await.ok();
        security.delete("/networks/zones/office").await.ok();
        security.delete("/networks/zones/office").await.problem(404, "not_found");
        let audit = world.sign_in("audit").await;
        let entries = audit.get("/ledger/entries?object=network").await.ok().json().to_string();
        for part in
            ["ranges+=192.0.2.0/24", "ranges-=2001:db8::/32", "roles.sales=>office", "roles.sales=office>"]
        {
            assert!(entries.contains(part), "{part} in {entries}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn zones_are_the_security_administrations() {
    let world = World::new().await;
    with_office(&world, "allow").await;
    let zone = json!({ "name": "x", "ranges": ["192.0.2.0/24"] });
    for login in ["zhang", "system", "audit"] {
        let who = world.sign_in(login).await.from(OFFICE);
        put(&who, "/networks/zones/mine", zone.clone()).await.problem(403, "forbidden");
    }
    world.sign_in("zhang").await.from(OFFICE).get("/networks").await.problem(403, "forbidden");
    let audit = world.sign_in("audit").await;
    let place = audit.get("/networks/check?ip=203.0.113.9&role=sales").await.ok().json();
    assert_eq!((&place["zone"], &place["verdict"]), (&Value::Null, &json!("network_role")));
}
