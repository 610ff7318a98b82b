//! Moving, positions, groups, and administration by branches.

use serde_json::{Value, json};

use super::leavers::id_of;
use crate::world::{Caller, World, on_both};

async fn departments(caller: &Caller) -> Vec<String> {
    let all = caller.get("/departments").await.ok().json();
    let wanted = ["云海科技有限公司", "北方销售部", "南方销售部"];
    let items = all["items"].as_array().expect("items");
    let id = |name: &str| {
        let found = items.iter().find(|d| d["name"] == name).expect("a department");
        found["id"].as_str().expect("an id").to_owned()
    };
    wanted.iter().map(|n| id(n)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mover_has_the_new_rights_at_once_and_old_ones_only_as_long_as_lent() {
    on_both(|world| async move {
        let (system, security) = (world.sign_in("system").await, world.sign_in("security").await);
        let zhang = world.sign_in("zhang").await;
        let path = format!("/people/{}", id_of(&system, "zhang").await);
        zhang.customer("远帆贸易", "13800138000").await;
        let lend = json!({ "roles": ["service"], "role_until": { "sales": "2026-11-24T01:00:00Z" } });
        let moved = security.patch(&path, lend).await.ok().json();
        assert_eq!(moved["roles"], json!(["sales", "service"]));
        let fields = json!({ "name": "新客户", "kind": "company" });
        zhang.post("/records/customer", fields.clone()).await.ok();
        world.clock.advance_seconds(86_400);
        let zhang = world.sign_in("zhang").await;
        zhang.post("/records/customer", fields).await.problem(403, "forbidden");
        server::do_chores(&world.app).await.unwrap();
        let system = world.sign_in("system").await;
        assert_eq!(system.get(&path).await.ok().json()["roles"], json!(["service"]));
        let security = world.sign_in("security").await;
        let past = json!({ "role_until": { "sales": "2026-11-24T01:00:00Z" } });
        security.patch(&path, past).await.complains("role_until", "in_the_past");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_have_several_departments_positions_and_facts() {
    let world = World::new().await;
    let system = world.sign_in("system").await;
    let all = departments(&system).await;
    let li = format!("/people/{}", id_of(&system, "li").await);
    let position = json!({ "key": "key_account", "name": { "zh": "大客户经理", "en": "Key account" } });
    system.ask(axum::http::Method::PUT, "/positions", Some(position)).await.ok();
    system.patch(&li, json!({ "positions": ["no_such"] })).await.complains("positions", "not_found");
    let change = json!({
        "departments": [all[1], all[2]], "positions": ["key_account"], "employee_number": "A-17",
        "employment": "intern", "location": "北京",
    });
    let person = system.patch(&li, change).await.ok().json();
    assert_eq!(person["departments"][0]["id"], json!(all[1]), "the main one first");
    assert_eq!(person["departments"][1]["id"], json!(all[2]));
    let of = |field: &str| person[field].clone();
    assert_eq!((of("employee_number"), of("employment")), (json!("A-17"), json!("intern")));
    let zhang = format!("/people/{}", id_of(&system, "zhang").await);
    let taken = json!({ "employee_number": "A-17" });
    system.patch(&zhang, taken).await.complains("employee_number", "duplicate");
    system.delete("/positions/key_account").await.problem(409, "conflict");
    system.patch(&li, json!({ "positions": [], "department_id": all[0] })).await.ok();
    system.delete("/positions/key_account").await.ok();
    let person = system.get(&li).await.ok().json();
    assert_eq!(person["departments"].as_array().unwrap().len(), 1);
    let directory = world.sign_in("zhang").await.get(&li).await.ok().json();
    assert!(directory.get("employee_number").is_none(), "numbers are no part of the directory");
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_follow_facts_without_being_recomputed() {
    let world = World::new().await;
    let (system, security) = (world.sign_in("system").await, world.sign_in("security").await);
    let all = departments(&system).await;
    let condition = json!({ "all": [
        { "field": "department", "op": "eq", "value": all[0] },
        { "field": "employment", "op": "eq", "value": "contractor" },
    ] });
    let group = json!({ "name": "外包人员", "condition": condition });
    assert_eq!(security.post("/groups/check", group.clone()).await.ok().json()["people_count"], 0);
    system.post("/groups", group.clone()).await.problem(403, "forbidden");
    let made = security.post("/groups", group).await.ok().json();
    let chen = format!("/people/{}", id_of(&system, "chen").await);
    system.patch(&chen, json!({ "employment": "contractor" })).await.ok();
    let seen = security.get("/groups").await.ok().json();
    assert_eq!(seen["items"][0]["people"][0]["name"], "陈静");
    let bad = json!({ "name": "x", "condition": { "field": "salary", "op": "eq", "value": "1" } });
    security.post("/groups", bad).await.complains("condition", "unknown_field");
    security.delete(&format!("/groups/{}", made["id"].as_str().unwrap())).await.ok();
    assert_eq!(security.get("/groups").await.ok().json()["items"], json!([]));
}

/// Signs a new administrator in, who enrols an authenticator first.
async fn administrator(world: &World, login: &str) -> Caller {
    use kernel::Clock as _;
    let caller = world.sign_in(login).await;
    let begun = caller.post("/me/factors/totp", json!({ "name": "手机" })).await.ok().json();
    let secret = begun["secret"].as_str().expect("a secret");
    let code = identity::totp_code(secret, world.clock.now()).expect("a code");
    let id = begun["id"].as_str().expect("an id");
    caller.post(&format!("/me/factors/{id}/confirm"), json!({ "code": code })).await.ok();
    caller
}

async fn set_office(security: &Caller, id: &str, branch: Value, may_grant: Value) -> crate::world::Answer {
    let body = json!({ "branch": branch, "may_grant": may_grant });
    security.ask(axum::http::Method::PUT, &format!("/people/{id}/office"), Some(body)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_office_of_a_branch_reaches_its_branch_only_and_cannot_widen_it() {
    on_both(|world| async move {
        let (system, security) = (world.sign_in("system").await, world.sign_in("security").await);
        let all = departments(&system).await;
        let (chen, zhang, li) =
            (id_of(&system, "chen").await, id_of(&system, "zhang").await, id_of(&system, "li").await);
        let boss = id_of(&system, "boss").await;
        security.patch(&format!("/people/{chen}"), json!({ "roles": ["system"] })).await.ok();
        set_office(&security, &chen, json!([all[1]]), json!([])).await.ok();
        let branch = administrator(&world, "chen").await;
        // Within.
        branch.patch(&format!("/people/{zhang}"), json!({ "location": "北京" })).await.ok();
        let team =
            branch.post("/departments", json!({ "name": "一组", "parent_id": all[1] })).await.ok().json();
        let team = team["id"].as_str().unwrap();
        let new = |home: &str, login: &str| json!({ "name": "周杰", "login": login, "department_id": home });
        branch.post("/people", new(team, "zhou")).await.ok();
        // Outside.
        let outside = "outside_branch";
        for path in [format!("/people/{li}"), format!("/people/{boss}"), format!("/people/{chen}")] {
            branch.patch(&path, json!({ "location": "x" })).await.problem(403, outside);
            assert!(branch.get(&path).await.ok().json().get("login").is_none(), "no account is shown");
        }
        branch.post(&format!("/people/{li}/reset_password"), json!({})).await.problem(403, outside);
        branch.post(&format!("/people/{li}/leave"), json!({ "plan": "review" })).await.problem(403, outside);
        branch.post("/people", new(&all[2], "wu")).await.problem(403, outside);
        let both = json!({ "departments": [all[1], all[2]] });
        branch.patch(&format!("/people/{zhang}"), both).await.problem(403, outside);
        // Widening.
        let up = json!({ "parent_id": all[2] });
        branch.patch(&format!("/departments/{}", all[1]), up.clone()).await.problem(403, outside);
        branch.patch(&format!("/departments/{team}"), up).await.problem(403, outside);
        let in_here = json!({ "parent_id": all[1] });
        branch.patch(&format!("/departments/{}", all[2]), in_here).await.problem(403, outside);
        branch.post("/departments", json!({ "name": "x" })).await.problem(403, outside);
        branch.delete(&format!("/departments/{}", all[1])).await.problem(403, outside);
        let position = json!({ "key": "boss", "name": { "zh": "x", "en": "x" } });
        branch.ask(axum::http::Method::PUT, "/positions", Some(position)).await.problem(403, outside);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limited_security_administrator_gives_only_the_roles_named_to_them() {
    let world = World::new().await;
    let (system, security) = (world.sign_in("system").await, world.sign_in("security").await);
    let all = departments(&system).await;
    let (chen, zhang, own) =
        (id_of(&system, "chen").await, id_of(&system, "zhang").await, id_of(&system, "security").await);
    let office = set_office(&security, &zhang, json!([all[1]]), json!([])).await;
    office.complains("branch", "no_office");
    security.patch(&format!("/people/{chen}"), json!({ "roles": ["security"] })).await.ok();
    set_office(&security, &own, json!([all[1]]), json!([])).await.complains("branch", "own_rights");
    let office = set_office(&security, &chen, json!([all[1]]), json!(["audit"])).await;
    office.complains("may_grant", "not_an_option");
    set_office(&security, &chen, json!([all[1]]), json!(["sales", "service"])).await.ok();
    let branch = administrator(&world, "chen").await;
    let zhang = format!("/people/{zhang}");
    branch.patch(&zhang, json!({ "roles": ["sales", "service"] })).await.ok();
    let more = branch.patch(&zhang, json!({ "roles": ["sales", "manager"] })).await;
    more.complains("roles", "not_yours_to_give");
    branch.patch(&zhang, json!({ "roles": ["audit"] })).await.complains("roles", "not_yours_to_give");
    let role = json!({ "key": "x_role", "name": { "zh": "x", "en": "x" } });
    branch.post("/roles", role).await.problem(403, "outside_branch");
    set_office(&branch, &own, json!([]), json!([])).await.problem(403, "outside_branch");
}
