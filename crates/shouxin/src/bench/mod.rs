//! `bench`: the figures of docs/benchmarks.md, with every protection on.
//!
//! Each bench makes its own seeded workspace in a temporary folder, serves it from a child process (so that its CPU
//! can be told from the load's), measures over HTTP, and cleans up. One JSON object on standard output.

mod client;
mod import;
mod ledger;
mod load;
mod login;
mod server;
mod world;

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::ValueEnum;
use serde_json::{Value, json};

/// What to measure.
#[derive(Clone, Copy, Debug, ValueEnum, PartialEq, Eq)]
pub enum Name {
    /// 50 customers, newest first, for callers who see 10, 1,000, 100,000 and all.
    Page,
    /// One customer read, one created.
    Records,
    /// A name, a company's word, an exact phone number.
    Search,
    /// Customers from a CSV file.
    Import,
    /// Durable ledger entries from 8 writers.
    Ledger,
    /// 500 sign-ins at once, and other people's requests beside them.
    Login,
    /// Memory when idle, time from start to first answer.
    Idle,
}

/// Which engine.
#[derive(Clone, Copy, Debug, ValueEnum, PartialEq, Eq)]
pub enum Engine {
    /// Embedded.
    Sqlite,
    /// A temporary cluster, fsync on.
    Postgres,
}

/// Runs one bench and prints its result.
pub async fn run(
    name: Name,
    rows: Option<usize>,
    engine: Engine,
    keep: Option<PathBuf>,
    as_json: bool,
) -> Result<()> {
    let rows = rows.unwrap_or(match name {
        Name::Page | Name::Search => 1_000_000,
        Name::Records | Name::Import => 100_000,
        Name::Ledger | Name::Idle | Name::Login => 1_000,
    });
    if rows < 1_000 {
        bail!("at least 1,000 rows");
    }
    let scratch = Scratch::new(keep)?;
    let results: Vec<Value> = match name {
        Name::Ledger => ledger::run(&scratch.folder, engine).await?,
        Name::Import => import::run(&scratch.folder, rows, engine).await?,
        Name::Page => load::page(&scratch.folder, rows, engine).await?,
        Name::Records => load::records(&scratch.folder, rows, engine).await?,
        Name::Search => load::search(&scratch.folder, rows, engine).await?,
        Name::Login => login::run(&scratch.folder, rows, engine).await?,
        Name::Idle => load::idle(&scratch.folder, rows, engine).await?,
    };
    let word = |v: &dyn std::fmt::Debug| format!("{v:?}").to_lowercase();
    let out = json!({ "bench": word(&name), "store": word(&engine), "rows": rows, "results": results });
    if as_json {
        println!("{out}");
    } else {
        println!("{}", serde_json::to_string_pretty(&out)?);
    }
    Ok(())
}

/// The folder of one bench; it goes with the bench unless somebody wants to keep it.
struct Scratch {
    folder: PathBuf,
    keep: bool,
}

impl Scratch {
    fn new(keep: Option<PathBuf>) -> Result<Self> {
        let own = || std::env::temp_dir().join(format!("shouxin-bench-{}", std::process::id()));
        let (keep, folder) = (keep.is_some(), keep.unwrap_or_else(own));
        std::fs::create_dir_all(&folder)?;
        // The temporary PostgreSQL cluster runs as another user and must pass through.
        std::fs::set_permissions(&folder, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
        Ok(Self { folder, keep })
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if !self.keep {
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
}
