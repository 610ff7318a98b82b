//! The first run.

use std::sync::Arc;

use identity::Founding;
use kernel::{Clock as _, FakeClock, OsRandom};
use serde_json::{Value, json};
use server::{App, FoundFuture, Founded, Founder, Problem, RecoveryKit};
use store::testing::{TestStore, sqlite};

use crate::world::{BEGINNING, Foundation, World};

const CODE: &str = "the-code-of-the-console";

/// Founds on a throw-away store, as the binary does in its folder.
struct Scratch(TestStore);

impl Founder for Scratch {
    fn found(&self, founding: Founding) -> FoundFuture<'_> {
        Box::pin(async move {
            let clock = Arc::new(FakeClock::at(BEGINNING));
            let foundation = Foundation::lay(&self.0.store, self.0.dir.path(), clock.clone());
            let random = OsRandom::default();
            let accounts =
                identity::found(&foundation.store, &foundation.ledger, &founding, clock.now(), &random)
                    .await
                    .map_err(Problem::from)?;
            let recovery_kit = RecoveryKit {
                workspace: foundation.workspace(),
                company: founding.company,
                recovery_code: String::new(),
                root_fingerprint: String::new(),
                ledger_key: foundation.ledger.verifier_key().to_string(),
                created_at: clock.now(),
            };
            Ok((foundation.serve().await, Founded { recovery_kit, accounts }))
        })
    }
}

fn new_server() -> World {
    World::before_setup(App::setup(Box::new(Scratch(sqlite().expect("a store"))), CODE.to_owned()))
}

fn answers() -> Value {
    json!({
        "code": CODE,
        "company": "云海科技有限公司",
        "language": "zh",
        "admin": { "name": "林涛", "login": "lin", "password": "mountain Path 77 cloud" },
        "everyday": { "name": "林涛", "login": "lintao", "password": "harbor Lamp 31 stone" },
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_is_founded_once_and_its_three_offices_begin() {
    let world = new_server();
    assert_eq!(world.nobody().get("/setup").await.ok().json()["needed"], true);
    world
        .nobody()
        .post("/session", json!({ "login": "a", "password": "b" }))
        .await
        .problem(409, "setup_needed");
    let founded = world.nobody().post("/setup", answers()).await;
    let accounts = founded.ok().json()["accounts"].as_array().unwrap().clone();
    let roles: Vec<&str> = accounts.iter().filter_map(|a| a["role"].as_str()).collect();
    assert_eq!(roles, ["system", "security", "audit", "manager"]);
    assert_eq!(world.nobody().get("/setup").await.ok().json()["needed"], false);
    world.nobody().post("/setup", answers()).await.problem(409, "setup_done");
    for account in &accounts {
        let password = account["initial_password"].as_str().unwrap_or(match account["role"].as_str() {
            Some("system") => "mountain Path 77 cloud",
            _ => "harbor Lamp 31 stone",
        });
        let login = json!({ "login": account["login"], "password": password });
        let me = world.nobody().post("/session", login).await.ok().json();
        assert_eq!(me["roles"], json!([account["role"]]));
        assert_eq!(me["must_change_password"], json!(account["initial_password"].is_string()));
        let must = match (account["initial_password"].is_string(), account["role"].as_str()) {
            (true, _) => json!("must_change_password"),
            (false, Some("system")) => json!("must_enrol_factor"),
            _ => json!(null),
        };
        assert_eq!(me["restricted"], must, "{account}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn set_up_wants_the_code_of_the_console_and_good_answers() {
    let world = new_server();
    let with = |pointer: &str, value: Value| {
        let mut body = answers();
        *body.pointer_mut(pointer).unwrap() = value;
        body
    };
    let post = async |body: Value| world.nobody().post("/setup", body).await;
    post(with("/code", json!("guess"))).await.complains("code", "wrong_code");
    post(with("/company", json!(" "))).await.complains("company", "required");
    post(with("/admin/password", json!("short"))).await.complains("admin.password", "too_short");
    post(with("/everyday/password", json!("woaini1314520")))
        .await
        .complains("everyday.password", "too_common");
    post(with("/admin/login", json!("audit"))).await.complains("admin.login", "duplicate");
    post(with("/admin/login", json!("不行"))).await.complains("admin.login", "bad_login");
    assert_eq!(world.nobody().get("/setup").await.ok().json()["needed"], true, "nothing was founded");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_found_at_once_get_one_company() {
    let world = new_server();
    let (one, two) = (world.nobody(), world.nobody());
    let (a, b) = tokio::join!(one.post("/setup", answers()), two.post("/setup", answers()));
    let mut statuses = [a.status.as_u16(), b.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_judged_before_it_is_taken() {
    let world = new_server();
    let judge = async |password: &str| {
        let body = json!({ "password": password, "login": "lin", "name": "林涛" });
        world.nobody().post("/password/check", body).await.ok().json()
    };
    assert_eq!(judge("mountain Path 77 cloud").await["ok"], true);
    assert_eq!(judge("short").await["problems"][0], "too_short");
    assert_eq!(judge("林涛 mountain Path").await["problems"][0], "contains_name");
    let long = world.nobody().post("/password/check", json!({ "password": "x".repeat(5_000) })).await;
    long.problem(400, "bad_query");
}
