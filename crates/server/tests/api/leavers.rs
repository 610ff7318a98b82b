//! Leaving: access is gone at the next request, everything moves to its next owner, and it can be taken back.

use std::time::Duration;

use serde_json::{Value, json};

use crate::world::{Caller, PASSWORD, World, on_both};

pub async fn id_of(caller: &Caller, login: &str) -> String {
    let found = caller.get(&format!("/people?search={login}&limit=200")).await.ok().json();
    let person = found["items"].as_array().expect("items").iter().find(|p| p["login"] == login);
    person.unwrap_or_else(|| panic!("no {login}"))["id"].as_str().expect("an id").to_owned()
}

async fn finished(caller: &Caller, leaving: &str, state: &str) -> Value {
    for _ in 0..200 {
        let report = caller.get(&format!("/leavers/{leaving}")).await.ok().json();
        if report["hand_over"]["state"] == state {
            return report;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the hand-over is never {state}");
}

async fn owner(caller: &Caller, object: &str, id: &str) -> String {
    let record = caller.get(&format!("/records/{object}/{id}")).await.ok().json();
    record["owner"]["id"].as_str().or(record["owner"].as_str()).unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leaver_is_out_at_the_next_request_and_their_customers_are_the_successors() {
    on_both(|world| async move {
        let system = world.sign_in("system").await;
        let (first, second) = (world.sign_in("zhang").await, world.sign_in("zhang").await);
        let customer = first.customer("远帆贸易", "13800138000").await;
        let task = |status: &str| json!({ "title": "回访", "status": status, "customer": customer });
        let (open, done) = (first.make("task", task("open")).await, first.make("task", task("done")).await);
        let (zhang, wang) = (id_of(&system, "zhang").await, id_of(&system, "wang").await);
        let preview = system.get(&format!("/people/{zhang}/leave")).await.ok().json();
        assert_eq!(preview["ends"][0], json!({ "kind": "session", "count": 2 }));
        assert!(preview["moves"].as_array().unwrap().contains(&json!({ "object": "customer", "count": 1 })));
        let path = format!("/people/{zhang}/leave");
        system.post(&path, json!({})).await.complains("successor_id", "required");
        system.post(&path, json!({ "successor_id": zhang })).await.complains("successor_id", "not_found");
        let left = system.post(&path, json!({ "successor_id": wang })).await.ok().json();
        for session in [&first, &second] {
            session.get("/me").await.problem(401, "not_signed_in");
        }
        let again = world.nobody().post("/session", json!({ "login": "zhang", "password": PASSWORD })).await;
        again.problem(401, "bad_credentials");
        assert_eq!(left["state"], "left");
        assert_eq!(left["ended"][0], json!({ "kind": "session", "count": 2 }));
        system.post(&path, json!({ "successor_id": wang })).await.problem(409, "conflict");

        let leaving = left["id"].as_str().unwrap();
        let report = finished(&system, leaving, "done").await;
        assert_eq!(report["hand_over"]["moved"], 2, "{report}");
        assert_eq!(report["leaving"]["roles"], json!(["sales"]));
        assert!(!report["leaving"]["access"].as_array().unwrap().is_empty());
        assert!(report["activity"].is_null(), "the ledger is not the system administration's");
        let boss = world.sign_in("boss").await;
        assert_eq!(owner(&boss, "customer", &customer).await, wang);
        assert_eq!(owner(&boss, "task", &open).await, wang);
        assert_eq!(owner(&boss, "task", &done).await, zhang, "what is done stays its doer's");
        let history = boss.get(&format!("/records/customer/{customer}/history")).await.ok().text();
        assert!(history.contains("assign"), "{history}");

        system.post(&format!("/leavers/{leaving}/undo"), json!({})).await.ok();
        finished(&system, leaving, "returned").await;
        assert_eq!(owner(&boss, "customer", &customer).await, zhang);
        system.post(&format!("/leavers/{leaving}/undo"), json!({})).await.problem(409, "conflict");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_report_says_what_a_leaver_read_and_revealed_to_those_who_read_the_ledger() {
    let world = World::new().await;
    let (system, security) = (world.sign_in("system").await, world.sign_in("security").await);
    let zhang = world.sign_in("zhang").await;
    let customer = zhang.customer("远帆贸易", "13800138000").await;
    zhang.get(&format!("/records/customer/{customer}")).await.ok();
    let reveal = json!({ "fields": ["phone"], "reason": "回访客户" });
    zhang.post(&format!("/records/customer/{customer}/reveal"), reveal).await.ok();
    let (id, li) = (id_of(&system, "zhang").await, id_of(&system, "li").await);
    let path = format!("/people/{id}/leave");
    let left = system.post(&path, json!({ "successor_id": li })).await.ok().json();
    let leaving = left["id"].as_str().unwrap();
    finished(&system, leaving, "done").await;
    world.app.workspace().unwrap().ledger.integrate().await.unwrap();
    let report = security.get(&format!("/leavers/{leaving}")).await.ok().json();
    let tallies = report["activity"]["by_action"].as_array().unwrap();
    let of = |action: &str| tallies.iter().find(|t| t["action"] == action && t["object"] == "customer");
    assert_eq!(of("reveal").expect("reveals")["records"], 1, "{report}");
    assert_eq!(of("read").expect("reads")["different"], 1);
    assert_eq!(report["activity"]["marked"][0]["fields"], json!(["phone"]));
    for outsider in ["li", "boss"] {
        let outsider = world.sign_in(outsider).await;
        outsider.get(&format!("/leavers/{leaving}")).await.problem(403, "forbidden");
        outsider.post(&path, json!({ "successor_id": li })).await.problem(403, "forbidden");
        outsider.get(&path).await.problem(403, "forbidden");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leaving_on_a_date_happens_then_and_can_be_called_off_before() {
    on_both(|world| async move {
        let system = world.sign_in("system").await;
        let (zhang, li) = (id_of(&system, "zhang").await, id_of(&system, "li").await);
        let order = json!({ "successor_id": li, "at": "2026-11-23T03:00:00Z" });
        let path = format!("/people/{zhang}/leave");
        let first = system.post(&path, order.clone()).await.ok().json();
        assert_eq!(first["state"], "planned");
        system.delete(&format!("/leavers/{}", first["id"].as_str().unwrap())).await.ok();
        let second = system.post(&path, order).await.ok().json();
        server::do_chores(&world.app).await.unwrap();
        let session = world.sign_in("zhang").await;
        world.clock.advance_seconds(2 * 3_600);
        server::do_chores(&world.app).await.unwrap();
        session.get("/me").await.problem(401, "not_signed_in");
        let report = finished(&system, second["id"].as_str().unwrap(), "done").await;
        assert_eq!(report["leaving"]["state"], "left");
        let all = system.get("/leavers").await.ok().json();
        let states: Vec<&str> =
            all["items"].as_array().unwrap().iter().map(|l| l["state"].as_str().unwrap()).collect();
        assert_eq!(states, ["left", "cancelled"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn by_rule_each_record_goes_to_its_departments_manager_and_by_review_to_nobody() {
    let world = World::new().await;
    let system = world.sign_in("system").await;
    let (zhang, li) = (world.sign_in("zhang").await, world.sign_in("li").await);
    let (north, south) =
        (zhang.customer("北方客户", "13800138000").await, li.customer("南方客户", "13900139000").await);
    let id = |login: &'static str| id_of(&system, login);
    let plan = json!({ "plan": "department_manager" });
    let mut states = Vec::new();
    for login in ["zhang", "li"] {
        let left = system.post(&format!("/people/{}/leave", id(login).await), plan.clone()).await.ok().json();
        states.push(finished(&system, left["id"].as_str().unwrap(), "done").await);
    }
    let boss = world.sign_in("boss").await;
    assert_eq!(owner(&boss, "customer", &north).await, id("wang").await, "the northern team's manager");
    assert_eq!(owner(&boss, "customer", &south).await, id("boss").await, "the nearest above");
    let wang = id("wang").await;
    let left = system.post(&format!("/people/{wang}/leave"), json!({ "plan": "review" })).await.ok().json();
    let report = finished(&system, left["id"].as_str().unwrap(), "done").await;
    assert_eq!(
        (report["hand_over"]["moved"].clone(), report["hand_over"]["kept"].clone()),
        (json!(0), json!(1))
    );
    assert_eq!(report["hand_over"]["kept_by"][0]["why"], "nobody");
    assert!(report["remaining"].as_array().unwrap().contains(&json!({ "object": "customer", "count": 1 })));
    assert_eq!(owner(&boss, "customer", &north).await, wang);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_date_ends_the_account() {
    let world = World::new().await;
    let system = world.sign_in("system").await;
    let chen = id_of(&system, "chen").await;
    let change = json!({ "employment": "contractor", "ends_at": "2026-11-23T02:00:00Z" });
    system.patch(&format!("/people/{chen}"), change).await.ok();
    let session = world.sign_in("chen").await;
    world.clock.advance_seconds(3_601);
    server::do_chores(&world.app).await.unwrap();
    session.get("/me").await.problem(401, "not_signed_in");
    let person = system.get(&format!("/people/{chen}")).await.ok().json();
    assert_eq!(person["status"], "left");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_of_an_administration_and_oneself_do_not_leave() {
    let world = World::new().await;
    let system = world.sign_in("system").await;
    let (own, audit) = (id_of(&system, "system").await, id_of(&system, "audit").await);
    let plan = json!({ "plan": "review" });
    system.post(&format!("/people/{own}/leave"), plan.clone()).await.complains("id", "own_account");
    let answer = system.post(&format!("/people/{audit}/leave"), plan).await;
    answer.complains("roles", "last_administrator");
}
