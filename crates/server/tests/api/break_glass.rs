//! The sealed emergency administrator.

use axum::http::Method;
use serde_json::{Value, json};

use crate::world::{Answer, Caller, PASSWORD, World, on_both};

/// The codes of zhang and wang, each collected by its custodian.
async fn sealed(world: &World) -> [String; 2] {
    let security = world.sign_in("security").await;
    let people = security.get("/people?limit=200").await.ok().json();
    let id = |login: &str| {
        let items = people["items"].as_array().expect("items");
        items.iter().find(|p| p["login"] == login).expect("a person")["id"].clone()
    };
    let custodians = json!({ "custodians": [id("zhang"), id("wang")] });
    security.ask(Method::PUT, "/break_glass", Some(custodians)).await.ok();
    let mut codes = Vec::new();
    for login in ["zhang", "wang"] {
        let custodian = world.sign_in(login).await;
        assert_eq!(custodian.get("/break_glass").await.ok().json()["yours_waits"], true);
        let code = custodian.post("/break_glass/code", json!({})).await.ok().json();
        codes.push(code["code"].as_str().expect("a code").to_owned());
        custodian.post("/break_glass/code", json!({})).await.problem(404, "not_found");
    }
    codes.try_into().expect("two codes")
}

async fn give(world: &World, code: &str) -> Answer {
    world.nobody().post("/break_glass/open", json!({ "code": code })).await
}

async fn state(who: &Caller) -> Value {
    who.get("/break_glass").await.ok().json()["state"].clone()
}

async fn entries(world: &World, action: &str) -> Vec<Value> {
    let audit = world.sign_in("audit").await;
    let found = audit.get(&format!("/ledger/entries?action={action}&limit=200")).await.ok().json();
    found["items"].as_array().expect("items").clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_custodians_open_it_and_everything_it_does_is_marked() {
    on_both(|world| async move {
        let codes = sealed(&world).await;
        let audit = world.sign_in("audit").await;
        assert_eq!(state(&audit).await, "sealed");
        let first = give(&world, &codes[0]).await;
        assert_eq!((first.status.as_u16(), first.cookie()), (202, None));
        assert_eq!(give(&world, &codes[0]).await.status, 202, "the same custodian twice is one custodian");
        assert_eq!(state(&audit).await, "opening");
        let token = give(&world, &codes[1].to_uppercase()).await.ok().cookie().expect("a session");
        let account = world.nobody().with_token(token);
        assert_eq!(state(&audit).await, "open");

        account.get("/people").await.ok();
        account.post("/departments", json!({ "name": "临时部门" })).await.ok();
        account.get("/records/customer").await.problem(403, "forbidden");
        account.get("/ledger/entries").await.problem(403, "forbidden");
        let marks = entries(&world, "break_glass").await;
        let did = marks.iter().map(ToString::to_string).collect::<String>();
        for part in ["GET /api/v1/people", "POST /api/v1/departments", "status=403"] {
            assert!(did.contains(part), "{part} in {did}");
        }
        let alarms = entries(&world, "alarm").await;
        assert!(alarms.len() >= 2 && alarms[0].to_string().contains("break_glass.open"), "{alarms:?}");

        // An hour later it is over, and the codes are spent.
        world.clock.advance_seconds(3_601);
        account.get("/people").await.problem(401, "not_signed_in");
        let audit = world.sign_in("audit").await;
        assert_eq!(state(&audit).await, "must_renew");
        for code in &codes {
            give(&world, code).await.problem(401, "bad_credentials");
        }
        let fresh = sealed(&world).await;
        assert_eq!(state(&audit).await, "sealed");
        give(&world, &fresh[0]).await.ok();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_code_must_come_within_ten_minutes() {
    let world = World::new().await;
    let codes = sealed(&world).await;
    give(&world, &codes[0]).await.ok();
    world.clock.advance_seconds(601);
    assert_eq!(give(&world, &codes[1]).await.status, 202, "a first code again");
    assert!(give(&world, &codes[0]).await.ok().cookie().is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_codes_tell_nothing_and_are_entries() {
    on_both(|world| async move {
        give(&world, "1-aaaa-bbbb-cccc-dddd").await.problem(401, "bad_credentials");
        let codes = sealed(&world).await;
        let swapped = format!("2{}", &codes[0][1..]);
        for wrong in ["", "1-", "9-aaaa", "-", "1-aaaa-bbbb-cccc-dddd", &swapped] {
            give(&world, wrong).await.problem(401, "bad_credentials");
        }
        assert!(entries(&world, "break_glass.code").await.len() >= 7);
        let far = world.nobody().from("203.0.113.9");
        for _ in 0..60 {
            far.post("/break_glass/open", json!({ "code": "1-x" })).await;
        }
        far.post("/break_glass/open", json!({ "code": codes[0] })).await.problem(429, "locked_out");
        assert_eq!(give(&world, &codes[0]).await.status, 202, "others are not locked out with it");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_custodian_who_left_holds_nothing() {
    let world = World::new().await;
    let codes = sealed(&world).await;
    let system = world.sign_in("system").await;
    let people = system.get("/people?search=zhang").await.ok().json();
    let id = people["items"][0]["id"].as_str().expect("an id").to_owned();
    system.patch(&format!("/people/{id}"), json!({ "status": "left" })).await.ok();
    give(&world, &codes[0]).await.problem(401, "bad_credentials");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_account_opens_by_its_seal_only() {
    let world = World::new().await;
    sealed(&world).await;
    let (system, security) = (world.sign_in("system").await, world.sign_in("security").await);
    let people = system.get("/people?limit=200").await.ok().json();
    let items = people["items"].as_array().expect("items");
    let account = items.iter().find(|p| p["roles"] == json!(["break_glass"])).expect("the account");
    let path = format!("/people/{}", account["id"].as_str().expect("an id"));
    system.post(&format!("{path}/reset_password"), json!({})).await.complains("id", "break_glass");
    system.patch(&path, json!({ "status": "suspended" })).await.complains("id", "break_glass");
    security.patch(&path, json!({ "roles": ["sales"] })).await.complains("id", "break_glass");
    let li = items.iter().find(|p| p["login"] == "li").expect("li")["id"].as_str().expect("an id").to_owned();
    let roles = json!({ "roles": ["break_glass"] });
    security.patch(&format!("/people/{li}"), roles).await.complains("roles", "break_glass");
    let copy = json!({ "key": "mine", "name": { "zh": "我的", "en": "Mine" }, "copy_of": "break_glass" });
    security.post("/roles", copy).await.complains("copy_of", "not_found");
    let guess = json!({ "login": "break glass", "password": PASSWORD });
    world.nobody().post("/session", guess).await.problem(401, "bad_credentials");
    let one = json!({ "custodians": [li] });
    security.ask(Method::PUT, "/break_glass", Some(one.clone())).await.complains("custodians", "required");
    system.ask(Method::PUT, "/break_glass", Some(one)).await.problem(403, "forbidden");
    world.sign_in("li").await.get("/break_glass").await.problem(403, "forbidden");
    system.get("/break_glass").await.ok();
}
