//! Signing in, staying in, being thrown out.

use std::time::Duration;

use serde_json::json;

use crate::world::{PASSWORD, World, on_both};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_in_works_and_signs_out() {
    on_both(|world| async move {
        let answer =
            world.nobody().post("/session", json!({ "login": " Zhang ", "password": PASSWORD })).await;
        let me = answer.ok().json();
        assert_eq!(
            (&me["login"], &me["name"], &me["roles"]),
            (&json!("zhang"), &json!("张伟"), &json!(["sales"]))
        );
        assert_eq!(me["must_change_password"], false);
        let cookie = answer.header("set-cookie").unwrap();
        for part in ["shouxin_session=", "HttpOnly", "SameSite=Strict", "Path=/"] {
            assert!(cookie.contains(part), "{part} in {cookie}");
        }
        let zhang = world.nobody().with_token(answer.cookie().unwrap());
        assert_eq!(zhang.get("/me").await.ok().json()["login"], "zhang");
        assert_eq!(zhang.delete("/session").await.status, 204);
        zhang.get("/me").await.problem(401, "not_signed_in");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_tells_nothing_about_the_login() {
    let world = World::new().await;
    let known = world.nobody().post("/session", json!({ "login": "zhang", "password": "wrong" })).await;
    let unknown = world.nobody().post("/session", json!({ "login": "nobody", "password": "wrong" })).await;
    known.problem(401, "bad_credentials");
    assert_eq!(known.json(), unknown.json());
    assert!(known.cookie().is_none());
    world.nobody().get("/me").await.problem(401, "not_signed_in");
    world.nobody().with_token("made-up".to_owned()).get("/me").await.problem(401, "not_signed_in");
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_is_slowed_down_for_the_right_password_too() {
    let world = World::new().await;
    for _ in 0..5 {
        let guess = world.nobody().post("/session", json!({ "login": "zhang", "password": "guess" })).await;
        guess.problem(401, "bad_credentials");
    }
    let right = json!({ "login": "zhang", "password": PASSWORD });
    let locked = world.nobody().post("/session", right.clone()).await;
    locked.problem(429, "locked_out");
    assert!(locked.json()["params"]["retry_after_s"].as_i64().is_some_and(|s| s >= 1));
    // Others are not held up.
    world.sign_in("li").await;
    world.clock.advance_seconds(1_000);
    world.nobody().post("/session", right).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_when_it_is_idle_and_after_a_week() {
    let world = World::new().await;
    let zhang = world.sign_in("zhang").await;
    world.clock.advance_seconds(7 * 3_600);
    zhang.get("/me").await.ok();
    world.clock.advance_seconds(7 * 3_600);
    zhang.get("/me").await.ok();
    world.clock.advance_seconds(8 * 3_600 + 1);
    zhang.get("/me").await.problem(401, "not_signed_in");

    let zhang = world.sign_in("zhang").await;
    for _ in 0..24 {
        world.clock.advance_seconds(7 * 3_600 - 10);
        zhang.get("/me").await.ok();
    }
    world.clock.advance_seconds(3_600);
    zhang.get("/me").await.problem(401, "not_signed_in");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leaver_loses_every_session_at_once() {
    on_both(|world| async move {
        let (desk, phone) = (world.sign_in("zhang").await, world.sign_in("zhang").await);
        let id = desk.get("/me").await.ok().json()["id"].as_str().unwrap().to_owned();
        let system = world.sign_in("system").await;
        system.patch(&format!("/people/{id}"), json!({ "status": "left" })).await.ok();
        desk.get("/records/customer").await.problem(401, "not_signed_in");
        phone.get("/me").await.problem(401, "not_signed_in");
        let again = world.nobody().post("/session", json!({ "login": "zhang", "password": PASSWORD })).await;
        again.problem(401, "bad_credentials");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_role_is_gone_at_the_next_request() {
    on_both(|world| async move {
        let zhang = world.sign_in("zhang").await;
        zhang.customer("华远科技", "13800138000").await;
        assert_eq!(zhang.get("/records/customer").await.ids().len(), 1);
        let id = zhang.get("/me").await.ok().json()["id"].as_str().unwrap().to_owned();
        let security = world.sign_in("security").await;
        security.patch(&format!("/people/{id}"), json!({ "roles": [] })).await.ok();
        zhang.get("/records/customer").await.problem(403, "forbidden");
        assert_eq!(zhang.get("/me").await.ok().json()["roles"], json!([]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_ends_the_other_sessions_only() {
    let world = World::new().await;
    let (here, there) = (world.sign_in("zhang").await, world.sign_in("zhang").await);
    let wrong =
        here.post("/me/password", json!({ "current": "wrong", "new": "mountain Path 77 cloud" })).await;
    wrong.complains("current", "bad_credentials");
    for (weak, key) in
        [("short", "too_short"), ("zhang-zhang-zhang", "contains_name"), ("woaini1314520", "too_common")]
    {
        let answer = here.post("/me/password", json!({ "current": PASSWORD, "new": weak })).await;
        answer.complains("new", key);
    }
    let new = json!({ "current": PASSWORD, "new": "mountain Path 77 cloud" });
    assert_eq!(here.post("/me/password", new).await.status, 204);
    here.get("/me").await.ok();
    there.get("/me").await.problem(401, "not_signed_in");
    let old = world.nobody().post("/session", json!({ "login": "zhang", "password": PASSWORD })).await;
    old.problem(401, "bad_credentials");
}

#[tokio::test(flavor = "multi_thread")]
async fn with_an_initial_password_nothing_works_but_changing_it() {
    let world = World::new().await;
    let (zhang, system) = (world.sign_in("zhang").await, world.sign_in("system").await);
    let id = zhang.get("/me").await.ok().json()["id"].as_str().unwrap().to_owned();
    let reset = system.post(&format!("/people/{id}/reset_password"), json!({})).await;
    let initial = reset.ok().json()["initial_password"].as_str().unwrap().to_owned();
    zhang.get("/me").await.problem(401, "not_signed_in");
    let signed = world.nobody().post("/session", json!({ "login": "zhang", "password": initial })).await;
    assert_eq!(signed.ok().json()["must_change_password"], true);
    let zhang = world.nobody().with_token(signed.cookie().unwrap());
    for path in ["/records/customer", "/objects", "/people", "/search?q=me", "/records/customer/me"] {
        zhang.get(path).await.problem(403, "must_change_password");
    }
    zhang.get("/me").await.ok();
    let change = json!({ "current": initial, "new": "mountain Path 77 cloud" });
    assert_eq!(zhang.post("/me/password", change).await.status, 204);
    zhang.get("/records/customer").await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn sign_ins_and_their_failures_are_in_the_ledger() {
    let world = World::new().await;
    world
        .nobody()
        .from("198.51.100.7")
        .post("/session", json!({ "login": "zhang", "password": "wrong" }))
        .await;
    let zhang = world.sign_in("zhang").await;
    zhang.delete("/session").await;
    let audit = world.sign_in("audit").await;
    let entries = audit.get("/ledger/entries?limit=20").await.ok().json();
    let actions: Vec<&str> =
        entries["items"].as_array().unwrap().iter().filter_map(|e| e["action"].as_str()).collect();
    for action in ["sign_in_failed", "sign_in", "sign_out", "setup"] {
        assert!(actions.contains(&action), "{action} in {actions:?}");
    }
    let failed =
        entries["items"].as_array().unwrap().iter().find(|e| e["action"] == "sign_in_failed").unwrap();
    assert_eq!(failed["outcome"], "refused");
    assert_eq!(failed["network"]["ip"], "198.51.100.7");
    assert!(!entries.to_string().contains("wrong"), "no password in the ledger");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_in_force_although_its_caller_hung_up() {
    on_both(|world| async move {
        let (zhang, system) = (world.sign_in("zhang").await, world.sign_in("system").await);
        let id = zhang.get("/me").await.ok().json()["id"].as_str().unwrap().to_owned();
        let path = format!("/people/{id}");
        let leaving = system.patch(&path, json!({ "status": "left" }));
        // Begun, and given up at once.
        let hung_up = tokio::time::timeout(Duration::ZERO, leaving).await;
        assert!(hung_up.is_err());
        for _ in 0..100 {
            if zhang.get("/me").await.status == 401 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the leaver still works");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn those_who_hang_up_at_the_door_do_not_keep_it_shut() {
    let world = World::new().await;
    for round in 0..3 {
        let attempts: Vec<_> = (0..50)
            .map(|n| {
                let stranger = world.nobody();
                let guess = json!({ "login": format!("stranger{round}-{n}"), "password": "x" });
                tokio::spawn(async move { stranger.post("/session", guess).await })
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(50)).await;
        attempts.iter().for_each(tokio::task::JoinHandle::abort);
    }
    let right = json!({ "login": "zhang", "password": PASSWORD });
    for _ in 0..100 {
        let answer = world.nobody().post("/session", right.clone()).await;
        if answer.status == 200 {
            return;
        }
        answer.problem(503, "busy");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the door stays shut");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_of_a_megabyte_is_simply_wrong() {
    let world = World::new().await;
    let login = "x".repeat(1_000_000);
    world
        .nobody()
        .post("/session", json!({ "login": login, "password": "x" }))
        .await
        .problem(401, "bad_credentials");
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_sent_at_once_do_not_slip_in_together() {
    let world = World::new().await;
    let guesses = (0..40).map(|n| {
        let stranger = world.nobody();
        async move {
            stranger.post("/session", json!({ "login": "zhang", "password": format!("guess{n}") })).await
        }
    });
    let answers = futures_util::future::join_all(guesses).await;
    let tried = answers.iter().filter(|a| a.status == 401).count();
    assert_eq!(tried, 5, "the others wait");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_behind_the_same_proxy_locks_nobody_out() {
    let world = World::new().await;
    for n in 0..60 {
        let guess = json!({ "login": format!("stranger{n}"), "password": "x" });
        world.nobody().post("/session", guess).await.problem(401, "bad_credentials");
    }
    world.sign_in("zhang").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_sees_where_they_are_signed_in_and_ends_what_they_do_not_know() {
    on_both(|world| async move {
        let (desk, phone, lost) =
            (world.sign_in("zhang").await, world.sign_in("zhang").await, world.sign_in("zhang").await);
        let list = desk.get("/me/sessions").await.ok().json();
        let items = list["items"].as_array().unwrap();
        assert_eq!(items.len(), 3);
        assert_eq!(items.iter().filter(|s| s["current"] == true).count(), 1);
        assert!(!list.to_string().contains("token"));
        let newest = items[0]["id"].as_str().unwrap();
        assert_eq!(desk.delete(&format!("/me/sessions/{newest}")).await.status, 204);
        lost.get("/me").await.problem(401, "not_signed_in");
        desk.delete(&format!("/me/sessions/{newest}")).await.problem(404, "not_found");

        // Nobody ends, or sees, the sessions of others but those who administer people.
        let li = world.sign_in("li").await;
        let phones = phone.get("/me/sessions").await.ok().json();
        let id =
            phones["items"].as_array().unwrap().iter().find(|s| s["current"] == true).unwrap()["id"].clone();
        li.delete(&format!("/me/sessions/{}", id.as_str().unwrap())).await.problem(404, "not_found");
        let zhang = desk.get("/me").await.ok().json()["id"].as_str().unwrap().to_owned();
        li.get(&format!("/people/{zhang}/sessions")).await.problem(403, "forbidden");

        assert_eq!(desk.delete("/me/sessions").await.status, 204);
        phone.get("/me").await.problem(401, "not_signed_in");
        desk.get("/me").await.ok();
        let system = world.sign_in("system").await;
        let seen = system.get(&format!("/people/{zhang}/sessions")).await.ok().json();
        assert_eq!(seen["items"].as_array().unwrap().len(), 1);
        assert_eq!(system.delete(&format!("/people/{zhang}/sessions")).await.status, 204);
        desk.get("/me").await.problem(401, "not_signed_in");
    })
    .await;
}

/// Two threads use sessions without pause while they are revoked one after another; each use begun after the revocation
/// was acknowledged must fail.
#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_revocations_leave_no_use_after() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};

    use identity::{How, Method, RequestFacts};

    const BATCHES: usize = 50;
    const SESSIONS: usize = 200;
    let world = World::new().await;
    let identity = world.app.workspace().unwrap().identity.clone();
    let id = world.sign_in("zhang").await.get("/me").await.ok().json()["id"].as_str().unwrap().to_owned();
    let (person, facts) = (id.parse().unwrap(), RequestFacts::default());
    let (before, after) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    for _ in 0..BATCHES {
        let mut tokens = Vec::with_capacity(SESSIONS);
        for _ in 0..SESSIONS {
            let how = How::by(Method::Password, policy::Strength::Password);
            tokens.push(identity.open_session_for(person, how, &facts).await.unwrap());
        }
        let sessions: Arc<Vec<(String, AtomicBool)>> =
            Arc::new(tokens.into_iter().map(|t| (t, AtomicBool::new(false))).collect());
        let done = Arc::new(AtomicBool::new(false));
        let users: Vec<_> = (0..2)
            .map(|_| {
                let (identity, facts, done) = (identity.clone(), facts.clone(), done.clone());
                let (sessions, before, after) = (sessions.clone(), before.clone(), after.clone());
                std::thread::spawn(move || {
                    while !done.load(SeqCst) {
                        for (token, revoked) in sessions.iter() {
                            let was_revoked = revoked.load(SeqCst);
                            let opened = identity.authenticate(token, &facts).is_some();
                            match (was_revoked, opened) {
                                (true, true) => after.fetch_add(1, SeqCst),
                                (false, true) => before.fetch_add(1, SeqCst),
                                _ => 0,
                            };
                        }
                    }
                })
            })
            .collect();
        for (token, revoked) in sessions.iter() {
            identity.sign_out(token, &facts).await.unwrap();
            revoked.store(true, SeqCst);
        }
        done.store(true, SeqCst);
        for user in users {
            user.join().unwrap();
        }
    }
    assert!(before.load(SeqCst) > 0, "sessions were used at all");
    assert_eq!(after.load(SeqCst), 0, "uses after revocation");
}
