//! `serve`: a workspace over HTTP, or its set-up.

use std::path::PathBuf;

use anyhow::Result;
use identity::Countries;
use kernel::{Clock as _, OsRandom, SystemClock};
use parking_lot::Mutex;
use server::{App, FoundFuture, Founded, Founder, Problem, RecoveryKit};
use vault::RootKey;

use crate::folder::{self, Engine};
use crate::listen::Listen;
use crate::root::{self, Provider};

/// Serves until SIGINT or SIGTERM.
pub async fn run(
    listen: Listen,
    data: PathBuf,
    postgres: Option<String>,
    mmdb: Option<PathBuf>,
) -> Result<()> {
    listen.check()?;
    let countries = mmdb.map(|file| Countries::open(&file)).transpose()?;
    if folder::exists(&data) {
        let workspace = folder::open(&data)?.into_service().await?;
        know(&workspace, countries);
        let app = App::ready(workspace);
        return listen.serve(&data, app, None).await;
    }
    let code = identity::random_token()[..16].to_owned();
    let engine = postgres.map_or(Engine::Sqlite, Engine::Postgres);
    // A passphrase is asked for before anybody is served.
    let root = root::exists(&data).then(|| root::read(&data)).transpose()?;
    let founder = NewWorkspace { data: data.clone(), engine, root, countries: Mutex::new(countries) };
    let app = App::setup(Box::new(founder), code.clone());
    listen.serve(&data, app, Some(code)).await
}

/// Takes the country file that was named; without one, what the folder has stays in use.
fn know(workspace: &server::Workspace, countries: Option<Countries>) {
    if countries.is_some() {
        workspace.identity.set_countries(countries);
    }
}

/// Founds the workspace when the browser has answered everything.
struct NewWorkspace {
    data: PathBuf,
    engine: Engine,
    /// Made by `shouxin init`; otherwise a key file is made.
    root: Option<RootKey>,
    countries: Mutex<Option<Countries>>,
}

impl Founder for NewWorkspace {
    fn found(&self, founding: identity::Founding) -> FoundFuture<'_> {
        Box::pin(async move {
            self.make(founding).await.map_err(|error| {
                tracing::error!(%error, "the workspace could not be founded");
                Problem::internal()
            })
        })
    }
}

impl NewWorkspace {
    async fn make(&self, founding: identity::Founding) -> Result<(server::Workspace, Founded)> {
        let root = match &self.root {
            Some(root) => root.clone(),
            None if root::exists(&self.data) => root::read(&self.data)?,
            None => root::init(&self.data, Provider::File)?,
        };
        let (opened, kit, unfinished) = folder::create(&self.data, &self.engine, root)?;
        let now = SystemClock.now();
        folder::name(&opened.store, founding.company.trim(), &founding.language).await?;
        let accounts =
            identity::found(&opened.store, &opened.ledger, &founding, now, &OsRandom::default()).await?;
        unfinished.finish()?;
        let recovery_kit = RecoveryKit {
            workspace: opened.vault.workspace(),
            company: founding.company.trim().to_owned(),
            recovery_code: kit.code.to_string(),
            root_fingerprint: opened.root.fingerprint(),
            ledger_key: opened.ledger.verifier_key().to_string(),
            created_at: now,
        };
        let workspace = opened.into_service().await?;
        know(&workspace, self.countries.lock().take());
        Ok((workspace, Founded { recovery_kit, accounts }))
    }
}
