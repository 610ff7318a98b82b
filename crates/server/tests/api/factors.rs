//! Second factors: enrolled, asked for, each proof good once, never removed by a thief.

use serde_json::{Value, json};

use crate::world::{Answer, Caller, PASSWORD, TOTP_SECRET, World, on_both};

/// The code of a secret now, or some steps of 30 seconds from now.
fn code(world: &World, secret: &str, steps: i64) -> String {
    use kernel::Clock as _;
    identity::totp_code(secret, world.clock.now().plus_seconds(steps * 30)).expect("a code")
}

async fn enrol(world: &World, who: &Caller) -> (String, Vec<String>) {
    let begun = who.post("/me/factors/totp", json!({ "name": "我的手机" })).await.ok().json();
    let (id, secret) =
        (begun["id"].as_str().expect("text"), begun["secret"].as_str().expect("text").to_owned());
    assert!(begun["uri"].as_str().expect("text").starts_with("otpauth://totp/"), "{begun}");
    let confirmed =
        who.post(&format!("/me/factors/{id}/confirm"), json!({ "code": code(world, &secret, 0) })).await;
    let codes = confirmed.ok().json()["recovery_codes"].as_array().cloned().unwrap_or_default();
    (secret, codes.iter().map(|c| c.as_str().expect("text").to_owned()).collect())
}

async fn enter(world: &World, more: Value) -> Answer {
    let mut body = json!({ "login": "zhang", "password": PASSWORD });
    for (key, value) in more.as_object().expect("an object") {
        body[key] = value.clone();
    }
    world.nobody().post("/session", body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_enrolled_authenticator_is_asked_for_and_each_code_is_good_once() {
    on_both(|world| async move {
        let zhang = world.sign_in("zhang").await;
        let (secret, codes) = enrol(&world, &zhang).await;
        assert_eq!(codes.len(), 10);
        let me = zhang.get("/me").await.ok().json();
        assert_eq!((&me["second_factor"], &me["strength"]), (&json!(true), &json!("second_factor")));

        let half = enter(&world, json!({})).await;
        half.problem(401, "second_factor_required");
        assert!(half.cookie().is_none());
        assert_eq!(half.json()["params"]["factors"], json!(["totp", "recovery_codes"]));
        // The code that confirmed the enrolment is spent.
        enter(&world, json!({ "totp": code(&world, &secret, 0) })).await.problem(401, "bad_credentials");
        let next = code(&world, &secret, 1);
        let signed = enter(&world, json!({ "totp": next })).await;
        assert_eq!(signed.ok().json()["strength"], "second_factor");
        enter(&world, json!({ "totp": next })).await.problem(401, "bad_credentials");
        enter(&world, json!({ "totp": "000000" })).await.problem(401, "bad_credentials");
        enter(&world, json!({ "password": "wrong", "totp": next })).await.problem(401, "bad_credentials");

        world.clock.advance_seconds(1_000);
        let attempt = enter(&world, json!({})).await.json()["params"]["attempt"].clone();
        let second = json!({ "attempt": attempt, "totp": code(&world, &secret, 0) });
        // The attempt belongs to whoever began it.
        let thief = world.nobody().from("198.51.100.7");
        thief.post("/session/factor", second.clone()).await.problem(401, "attempt_over");
        let signed = world.nobody().post("/session/factor", second.clone()).await;
        assert!(signed.ok().cookie().is_some());
        world.nobody().post("/session/factor", second).await.problem(401, "attempt_over");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_sent_twice_at_once_opens_one_session() {
    on_both(|world| async move {
        let zhang = world.sign_in("zhang").await;
        let (secret, _) = enrol(&world, &zhang).await;
        let next = code(&world, &secret, 1);
        let (a, b) =
            tokio::join!(enter(&world, json!({ "totp": next })), enter(&world, json!({ "totp": next })));
        let mut statuses = [a.status.as_u16(), b.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 401]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recovery_code_opens_once_and_its_set_can_be_renewed() {
    on_both(|world| async move {
        let zhang = world.sign_in("zhang").await;
        let (_, codes) = enrol(&world, &zhang).await;
        let typed = codes[3].to_uppercase().replace('-', " ");
        let signed = enter(&world, json!({ "recovery_code": typed })).await;
        signed.ok();
        enter(&world, json!({ "recovery_code": codes[3] })).await.problem(401, "bad_credentials");
        let zhang = world.nobody().with_token(signed.cookie().unwrap());
        let factors = zhang.get("/me/factors").await.ok().json();
        let left =
            |f: &Value| f["items"].as_array().unwrap().iter().find_map(|f| f["codes_left"].as_u64()).unwrap();
        assert_eq!(left(&factors), 9);
        assert!(!factors.to_string().contains("secret"), "{factors}");
        let renewed = zhang.post("/me/recovery_codes", json!({})).await.ok().json();
        let fresh = renewed["recovery_codes"].as_array().unwrap().clone();
        enter(&world, json!({ "recovery_code": codes[4] })).await.problem(401, "bad_credentials");
        enter(&world, json!({ "recovery_code": fresh[4] })).await.ok();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_without_a_factor_can_only_enrol_one() {
    on_both(|world| async move {
        let (security, zhang) = (world.sign_in("security").await, world.sign_in("zhang").await);
        let id = zhang.get("/me").await.ok().json()["id"].as_str().unwrap().to_owned();
        security.patch(&format!("/people/{id}"), json!({ "roles": ["system"] })).await.ok();
        zhang.get("/people").await.problem(403, "must_enrol_factor");
        assert_eq!(zhang.get("/me").await.ok().json()["restricted"], "must_enrol_factor");
        let (secret, _) = enrol(&world, &zhang).await;
        zhang.get("/people").await.ok();
        let items = zhang.get("/me/factors").await.ok().json()["items"].clone();
        let factor = items[0]["id"].as_str().unwrap().to_owned();
        zhang.delete(&format!("/me/factors/{factor}")).await.complains("id", "last_factor");
        enter(&world, json!({})).await.problem(401, "second_factor_required");
        enter(&world, json!({ "totp": code(&world, &secret, 1) })).await.ok();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_the_session_but_not_the_factor_cannot_change_factors() {
    on_both(|world| async move {
        let zhang = world.sign_in("zhang").await;
        let (secret, _) = enrol(&world, &zhang).await;
        let elsewhere = enter(&world, json!({ "totp": code(&world, &secret, 1) })).await;
        let elsewhere = world.nobody().with_token(elsewhere.cookie().unwrap());
        let items = zhang.get("/me/factors").await.ok().json()["items"].clone();
        let factor = format!("/me/factors/{}", items[0]["id"].as_str().unwrap());
        world.clock.advance_seconds(700);
        zhang.delete(&factor).await.problem(403, "step_up_required");
        zhang.post("/me/factors/totp", json!({ "name": "thief" })).await.problem(403, "step_up_required");
        zhang.post("/me/recovery_codes", json!({})).await.problem(403, "step_up_required");
        // The password is no proof for somebody who has a factor.
        let password = json!({ "password": PASSWORD });
        zhang.post("/session/step_up", password).await.problem(403, "bad_proof");
        let proof = json!({ "totp": code(&world, &secret, 0) });
        zhang.post("/session/step_up", proof.clone()).await.ok();
        zhang.post("/session/step_up", proof).await.problem(403, "bad_proof");
        assert_eq!(zhang.patch(&factor, json!({ "name": "旧手机" })).await.status, 204);
        assert_eq!(zhang.delete(&factor).await.status, 204);
        elsewhere.get("/me").await.problem(401, "not_signed_in");
        assert_eq!(zhang.get("/me/factors").await.ok().json()["items"], json!([]));
        enter(&world, json!({})).await.ok();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_codes_is_slowed_down_and_the_password_alone_washes_nothing_away() {
    let world = World::new().await;
    let zhang = world.sign_in("zhang").await;
    let (secret, _) = enrol(&world, &zhang).await;
    for n in 0..5 {
        enter(&world, json!({ "totp": format!("00000{n}") })).await.problem(401, "bad_credentials");
        if n < 4 {
            enter(&world, json!({})).await.problem(401, "second_factor_required");
        }
    }
    enter(&world, json!({ "totp": code(&world, &secret, 1) })).await.problem(429, "locked_out");
    world.clock.advance_seconds(1_000);
    enter(&world, json!({ "totp": code(&world, &secret, 0) })).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn factors_and_their_use_are_in_the_ledger_and_their_secrets_nowhere() {
    let world = World::new().await;
    let zhang = world.sign_in("zhang").await;
    let (secret, codes) = enrol(&world, &zhang).await;
    enter(&world, json!({ "totp": "000000" })).await;
    enter(&world, json!({ "recovery_code": codes[0] })).await.ok();
    let audit = world.sign_in("audit").await;
    let entries = audit.get("/ledger/entries?limit=50").await.ok().json();
    let items = entries["items"].as_array().unwrap();
    let has = |action: &str, field: &str| {
        items.iter().any(|e| e["action"] == action && e["fields"].to_string().contains(field))
    };
    for (action, field) in [
        ("factor.enrol", "totp"),
        ("sign_in", "recovery_code"),
        ("sign_in", "password"),
        ("sign_in_failed", "totp"),
    ] {
        assert!(has(action, field), "{action} {field} in {entries}");
    }
    for hidden in [secret.as_str(), TOTP_SECRET, codes[0].as_str(), "000000"] {
        assert!(!entries.to_string().contains(hidden));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_rule_wants_freshly_proved_is_closed_ten_minutes_later_and_opens_again() {
    on_both(|world| async move {
        let (security, zhang) = (world.sign_in("security").await, world.sign_in("zhang").await);
        let id = zhang.get("/me").await.ok().json()["id"].as_str().unwrap().to_owned();
        let give = json!({ "roles": ["service"] });
        let path = format!("/people/{id}");
        security.patch(&path, give.clone()).await.ok();
        world.clock.advance_seconds(601);
        let late = security.patch(&path, give.clone()).await;
        late.problem(403, "step_up_required");
        assert_eq!(late.json()["params"]["max_age_s"], 600);
        // Reading needs no fresh proof.
        security.get("/ledger/entries").await.ok();
        let proof = json!({ "totp": world.fresh_code("security") });
        security.post("/session/step_up", proof).await.ok();
        security.patch(&path, give).await.ok();
    })
    .await;
}
