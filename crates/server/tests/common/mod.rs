//! A small company behind the real router: `World::new()`, `world.sign_in("zhang")`, `zhang.get("/records/customer")`.

mod answer;
mod caller;
mod company;
mod device;

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use axum::Router;
use identity::Identity;
use kernel::{Clock as _, FakeClock, Ids, OsRandom, Random, SeededRandom, Timestamp, WorkspaceId};
use ledger::{Ledger, SeedSigner};
use policy::{Org, Policy};
use records::{Foundations, Records};
use server::{App, Workspace};
use store::Store;
use store::testing::TestStore;
use vault::{Database, KeyRing, Meter, RootKey, Suite, Vault};

pub use answer::Answer;
pub use caller::Caller;
pub use company::{PASSWORD, TOTP_SECRET};
pub use device::Device;

/// When every story begins.
pub const BEGINNING: &str = "2026-11-23T01:00:00Z";

/// A workspace under the router. What a story needs beyond requests: the clock, and the parts below.
pub struct World {
    pub app: App,
    pub router: Router,
    pub clock: Arc<FakeClock>,
    /// The last step of each administrator's codes.
    used: Mutex<HashMap<String, i64>>,
    policy: Option<Arc<Policy>>,
    // Last: the store's files go when everything that uses them is gone.
    _store: Option<TestStore>,
}

impl World {
    /// The company of [`CAST`] on the embedded store.
    pub async fn new() -> Self {
        Self::on(store::testing::sqlite().expect("an embedded store")).await
    }

    /// The same on a given store.
    pub async fn on(store: TestStore) -> Self {
        let clock = Arc::new(FakeClock::at(BEGINNING));
        let foundation = Foundation::lay(&store.store, store.dir.path(), clock.clone());
        company::settle(&foundation).await;
        let workspace = foundation.serve().await;
        let policy = Some(workspace.policy.clone());
        let app = App::ready(workspace);
        let router = server::router(app.clone());
        Self { router, app, clock, used: Mutex::default(), policy, _store: Some(store) }
    }

    /// A server before its set-up.
    pub fn before_setup(app: App) -> Self {
        let clock = Arc::new(FakeClock::at(BEGINNING));
        let router = server::router(app.clone());
        Self { router, app, clock, used: Mutex::default(), policy: None, _store: None }
    }

    /// The rules in force, for stories that change them.
    pub fn policy(&self) -> &Policy {
        self.policy.as_ref().expect("a company that is set up")
    }

    /// Signs somebody of the cast in; administrators with a code of their authenticator.
    pub async fn sign_in(&self, login: &str) -> Caller {
        let mut credentials = serde_json::json!({ "login": login, "password": PASSWORD });
        if company::has_totp(login) {
            credentials["totp"] = self.fresh_code(login).into();
        }
        let answer = self.nobody().post("/session", credentials).await;
        let token = answer.ok().cookie().expect("a session cookie");
        self.nobody().with_token(token)
    }

    /// The next code of an administrator's authenticator: each is good once, so that the clock may have to go on.
    pub fn fresh_code(&self, login: &str) -> String {
        let present = self.clock.now().seconds() / 30;
        let mut used = self.used.lock().expect("a lock");
        let step = used.get(login).map_or(present - 1, |last| (last + 1).max(present - 1));
        used.insert(login.to_owned(), step);
        self.clock.advance_seconds((step - present - 1).max(0) * 30);
        identity::totp_code(TOTP_SECRET, Timestamp(0).plus_seconds(step * 30)).expect("a code")
    }

    /// Somebody without a session, on this machine.
    pub fn nobody(&self) -> Caller {
        Caller::new(self.router.clone())
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if let Some(workspace) = self.app.workspace() {
            workspace.records.close();
        }
    }
}

/// Tells a story on both engines.
pub async fn on_both<F, Fut>(story: F)
where
    F: Fn(World) -> Fut,
    Fut: Future<Output = ()>,
{
    for make in [store::testing::sqlite, store::testing::postgres] {
        story(World::on(make().expect("a store")).await).await;
    }
}

/// What a workspace stands on before it serves.
pub struct Foundation {
    pub store: Store,
    pub ledger: Ledger,
    pub clock: Arc<FakeClock>,
    root: RootKey,
    vault: Arc<Vault>,
    search_file: std::path::PathBuf,
}

impl Foundation {
    pub fn lay(store: &Store, dir: &Path, clock: Arc<FakeClock>) -> Self {
        store
            .migrate(&[store::migrations::OWN, ledger::MIGRATIONS, identity::MIGRATIONS, records::MIGRATIONS])
            .expect("tables");
        let random = SeededRandom::new(1);
        let root = RootKey::generate(&random);
        let workspace: WorkspaceId = Ids::default().next(clock.as_ref(), &random);
        let (_, ring): (_, KeyRing) = Vault::create(&root, workspace, Suite::default(), &random);
        let vault = Arc::new(Vault::open(&root, &ring).expect("a vault"));
        let signer = Arc::new(SeedSigner::from_seed(&vault.ledger_seed()).expect("a signer"));
        let origin = format!("test/{workspace}");
        let ledger = Ledger::open(store.clone(), signer, clock.clone(), &origin).expect("a ledger");
        Self { store: store.clone(), ledger, clock, root, vault, search_file: dir.join("search.db") }
    }

    pub fn workspace(&self) -> WorkspaceId {
        self.vault.workspace()
    }

    pub async fn serve(self) -> Workspace {
        let random: Arc<dyn Random> = Arc::new(OsRandom::default());
        let catalog = Arc::new(kernel::builtin::catalog());
        let policy = Arc::new(Policy::new(catalog.clone(), Vec::new(), Org::default()));
        let identity = Identity::open(
            self.store.clone(),
            self.vault.clone(),
            self.ledger.clone(),
            policy.clone(),
            self.clock.clone(),
            random.clone(),
        )
        .await
        .expect("people");
        let foundations = Foundations {
            search_key: self.root.database_key(Database::Search, self.vault.workspace()),
            search_file: self.search_file,
            store: self.store,
            vault: self.vault,
            ledger: self.ledger.clone(),
            policy: policy.clone(),
            catalog,
            clock: self.clock.clone(),
            random,
            meter: Arc::new(Meter::default()),
        };
        let records = Records::open_with(foundations, channels::formats()).await.expect("the door");
        Workspace {
            records,
            ledger: self.ledger,
            policy,
            identity,
            clock: self.clock,
            company: company::NAME.to_owned(),
            language: "zh".to_owned(),
            engine: "sqlite",
        }
    }
}
