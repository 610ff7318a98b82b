//! `serve`: a workspace over HTTP, or its set-up.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use kernel::{Clock as _, OsRandom, SystemClock};
use server::{App, FoundFuture, Founded, Founder, Problem, RecoveryKit};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use crate::folder::{self, Engine};

/// Serves until SIGINT or SIGTERM.
pub async fn run(listen: SocketAddr, data: PathBuf, postgres: Option<String>) -> Result<()> {
    server::check_address(listen)?;
    let app = if folder::exists(&data) {
        App::ready(folder::open(&data)?.into_service().await?)
    } else {
        let code = identity::random_token()[..16].to_owned();
        let engine = postgres.map_or(Engine::Sqlite, Engine::Postgres);
        let app = App::setup(Box::new(NewWorkspace { data, engine }), code.clone());
        return listen_and_serve(listen, app, Some(code)).await;
    };
    listen_and_serve(listen, app, None).await
}

/// Listens, says so, serves, and finishes what is under way at the end.
pub async fn listen_and_serve(listen: SocketAddr, app: App, code: Option<String>) -> Result<()> {
    let listener = TcpListener::bind(listen).await.with_context(|| format!("cannot listen on {listen}"))?;
    let address = listener.local_addr()?;
    println!("ready http://{address}");
    if let Some(code) = code {
        println!("set up your workspace at http://{address}/setup#code={code}");
    }
    let mut terminate = signal(SignalKind::terminate())?;
    let until = async move {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
    };
    server::serve(app, listener, until).await?;
    Ok(())
}

/// Founds the workspace when the browser has answered everything.
struct NewWorkspace {
    data: PathBuf,
    engine: Engine,
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
        let (opened, kit) = folder::create(&self.data, &self.engine)?;
        let now = SystemClock.now();
        folder::name(&opened.store, founding.company.trim(), &founding.language).await?;
        let accounts =
            identity::found(&opened.store, &opened.ledger, &founding, now, &OsRandom::default()).await?;
        let recovery_kit = RecoveryKit {
            workspace: opened.vault.workspace(),
            company: founding.company.trim().to_owned(),
            recovery_code: kit.code.to_string(),
            root_fingerprint: opened.root.fingerprint(),
            ledger_key: opened.ledger.verifier_key().to_string(),
            created_at: now,
        };
        Ok((opened.into_service().await?, Founded { recovery_kit, accounts }))
    }
}
