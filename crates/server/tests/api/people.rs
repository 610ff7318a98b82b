//! Administration of people: three offices, none of them above the others.

use serde_json::{Value, json};

use crate::world::{Caller, PASSWORD, World, on_both};

async fn id_of(caller: &Caller, login: &str) -> String {
    let found = caller.get(&format!("/people?search={login}&limit=200")).await.ok().json();
    let person = found["items"].as_array().expect("items").iter().find(|p| p["login"] == login);
    person.unwrap_or_else(|| panic!("no {login}"))["id"].as_str().expect("an id").to_owned()
}

async fn department(caller: &Caller) -> Value {
    caller.get("/departments").await.ok().json()["items"][0]["id"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_gets_an_account_then_roles_then_signs_in() {
    on_both(|world| async move {
        let (system, security) = (world.sign_in("system").await, world.sign_in("security").await);
        let home = department(&system).await;
        let new = json!({ "name": "周杰", "login": "zhou", "department_id": home });
        let made = system.post("/people", new.clone()).await;
        assert_eq!(made.status, 201);
        let made = made.json();
        let initial = made["initial_password"].as_str().unwrap();
        assert_eq!(made["person"]["must_change_password"], true);
        system.post("/people", new).await.complains("login", "duplicate");
        let id = made["person"]["id"].as_str().unwrap();
        security.patch(&format!("/people/{id}"), json!({ "roles": ["sales"] })).await.ok();
        let signed = world.nobody().post("/session", json!({ "login": "zhou", "password": initial })).await;
        assert_eq!(signed.ok().json()["roles"], json!(["sales"]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_offices_keep_to_their_own_matters() {
    let world = World::new().await;
    let (system, security) = (world.sign_in("system").await, world.sign_in("security").await);
    let (audit, zhang) = (world.sign_in("audit").await, world.sign_in("zhang").await);
    let (id, home) = (id_of(&system, "li").await, department(&system).await);
    let person = format!("/people/{id}");
    system.patch(&person, json!({ "roles": ["manager"] })).await.complains("roles", "forbidden");
    security.patch(&person, json!({ "status": "left" })).await.complains("status", "forbidden");
    for outsider in [&audit, &zhang] {
        outsider.patch(&person, json!({ "name": "x" })).await.problem(403, "forbidden");
        outsider.post(&format!("{person}/reset_password"), json!({})).await.problem(403, "forbidden");
        let new = json!({ "name": "x", "login": "xx", "department_id": home });
        outsider.post("/people", new).await.problem(403, "forbidden");
        outsider.post("/departments", json!({ "name": "x" })).await.problem(403, "forbidden");
        let role = json!({ "key": "x_role", "name": { "zh": "x", "en": "x" } });
        outsider.post("/roles", role).await.problem(403, "forbidden");
    }
    for office in [&system, &security, &audit] {
        for object in ["customer", "contact", "deal", "communication"] {
            office.get(&format!("/records/{object}")).await.problem(403, "forbidden");
        }
        let found = office.get("/search?q=%E5%8D%8E%E8%BF%9C").await.ok().json();
        assert_eq!(found["items"], json!([]));
    }
    system.get("/ledger/entries").await.problem(403, "forbidden");
    zhang.get("/ledger/entries").await.problem(403, "forbidden");
    security.post("/ledger/verify", json!({})).await.problem(403, "forbidden");
    audit.post("/ledger/verify", json!({})).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_holds_two_offices_or_an_office_and_a_business_role() {
    let world = World::new().await;
    let (system, security) = (world.sign_in("system").await, world.sign_in("security").await);
    let li = format!("/people/{}", id_of(&system, "li").await);
    for pair in [["system", "audit"], ["security", "system"], ["audit", "sales"]] {
        security.patch(&li, json!({ "roles": pair })).await.complains("roles", "separation_of_duties");
    }
    let own = format!("/people/{}", id_of(&system, "security").await);
    security.patch(&own, json!({ "roles": ["manager"] })).await.complains("roles", "own_rights");
    security.patch(&li, json!({ "roles": ["no_such"] })).await.complains("roles", "not_found");
    security.patch(&li, json!({ "roles": ["sales", "service"] })).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_person_of_an_office_cannot_vanish() {
    let world = World::new().await;
    let (system, security) = (world.sign_in("system").await, world.sign_in("security").await);
    for office in ["system", "security", "audit"] {
        let person = format!("/people/{}", id_of(&system, office).await);
        for status in ["left", "suspended"] {
            let answer = system.patch(&person, json!({ "status": status })).await;
            answer.complains("roles", "last_administrator");
        }
        if office != "security" {
            let answer = security.patch(&person, json!({ "roles": [] })).await;
            answer.complains("roles", "last_administrator");
        }
    }
    // With a second one, the first may go.
    let li = format!("/people/{}", id_of(&system, "li").await);
    security.patch(&li, json!({ "roles": ["audit"] })).await.ok();
    let audit = format!("/people/{}", id_of(&system, "audit").await);
    system.patch(&audit, json!({ "status": "left" })).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_finds_colleagues_but_only_administrators_see_accounts() {
    let world = World::new().await;
    let (zhang, system) = (world.sign_in("zhang").await, world.sign_in("system").await);
    let seen = zhang.get("/people?limit=200").await.ok().json();
    assert_eq!(seen["items"].as_array().unwrap().len(), 8);
    for person in seen["items"].as_array().unwrap() {
        let keys: Vec<&str> = person.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys, ["id", "name", "status", "departments"], "only the directory");
    }
    assert_eq!(zhang.get("/people?role=audit").await.ids().len(), 8, "roles are no filter for everybody");
    assert_eq!(system.get("/people?role=audit").await.ids().len(), 1);
    assert_eq!(system.get("/people?search=%E5%BC%A0").await.ids().len(), 1);
    assert!(zhang.get("/roles").await.ok().json()["items"][0]["rules"].as_array().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn departments_are_made_moved_and_removed_without_loops() {
    let world = World::new().await;
    let system = world.sign_in("system").await;
    let root = department(&system).await;
    let made = system.post("/departments", json!({ "name": "研发部", "parent_id": root })).await.ok().json();
    let new = made["id"].as_str().unwrap();
    let path = format!("/departments/{new}");
    system.patch(&path, json!({ "name": "产品研发部" })).await.ok();
    system.patch(&path, json!({ "parent_id": new })).await.complains("parent_id", "cycle");
    let top = format!("/departments/{}", root.as_str().unwrap());
    system.delete(&top).await.problem(409, "conflict");
    system.delete(&path).await.ok();
    system.delete(&path).await.problem(404, "not_found");
    system.post("/departments", json!({ "name": "   " })).await.complains("name", "required");
}

#[tokio::test(flavor = "multi_thread")]
async fn administrative_changes_are_entries_without_secrets() {
    let world = World::new().await;
    let (system, security) = (world.sign_in("system").await, world.sign_in("security").await);
    let (id, home) = (id_of(&system, "li").await, department(&system).await);
    let new = json!({ "name": "周杰", "login": "zhou", "department_id": home });
    let initial =
        system.post("/people", new).await.ok().json()["initial_password"].as_str().unwrap().to_owned();
    security.patch(&format!("/people/{id}"), json!({ "roles": ["sales", "service"] })).await.ok();
    system.patch(&format!("/people/{id}"), json!({ "status": "suspended" })).await.ok();
    let reset = system.post(&format!("/people/{id}/reset_password"), json!({})).await.ok().json();
    let audit = world.sign_in("audit").await;
    let entries = audit.get("/ledger/entries?limit=50").await.ok().json();
    let text = entries.to_string();
    let of = |action: &str| {
        let all = entries["items"].as_array().unwrap();
        all.iter().find(|e| e["action"] == action).unwrap_or_else(|| panic!("no {action} in {text}")).clone()
    };
    assert!(of("role.assign").to_string().contains("roles=sales>sales+service"));
    assert!(of("person.update").to_string().contains("status=active>suspended"));
    of("person.create");
    of("password.reset");
    for secret in [initial.as_str(), reset["initial_password"].as_str().unwrap(), PASSWORD, "argon2"] {
        assert!(!text.contains(secret), "a secret is in the ledger");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_system_administration_cannot_step_into_those_who_watch_it() {
    let world = World::new().await;
    let system = world.sign_in("system").await;
    for office in ["security", "audit"] {
        let path = format!("/people/{}/reset_password", id_of(&system, office).await);
        system.post(&path, json!({})).await.complains("id", "other_administration");
        world.sign_in(office).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn logins_cannot_be_searched_for_by_those_who_do_not_see_them() {
    let world = World::new().await;
    let (zhang, system) = (world.sign_in("zhang").await, world.sign_in("system").await);
    assert!(zhang.get("/people?search=audit").await.ids().is_empty());
    let found = system.get("/people?search=audit").await;
    assert_eq!(found.ids().len(), 1);
    assert!(system.get("/people?search=zhang").await.json()["items"][0]["last_sign_in_at"].is_string());
    let home = department(&system).await;
    let new = json!({ "name": "周杰", "login": "zhou", "department_id": home, "language": "xx" });
    system.post("/people", new).await.complains("language", "not_an_option");
}
