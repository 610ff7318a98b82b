//! `shouxin`: serve, demo, verify, recover. Every command says what it did and what to do next.

mod bench;
mod demo;
mod folder;
mod listen;
mod root;
mod serve;
mod verify;

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// A page makes thousands of small allocations; the C library's allocator took a fifth of its time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Shouxin 守信: customer communication that keeps its word.
#[derive(Parser)]
#[command(version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve a workspace; without one, lead through its set-up in the browser.
    Serve {
        #[command(flatten)]
        listen: listen::Listen,
        /// The data folder.
        #[arg(long, env = "SHOUXIN_DATA", default_value = "data")]
        data: PathBuf,
        /// PostgreSQL instead of the embedded store: postgres://user@host/database.
        #[arg(long, env = "SHOUXIN_POSTGRES")]
        postgres: Option<String>,
        /// A file of countries by address (MaxMind DB); without it geo.mmdb of the data folder, when there is one.
        #[arg(long, env = "SHOUXIN_MMDB")]
        mmdb: Option<PathBuf>,
    },
    /// Serve a seeded, believable company; accounts are in demo-accounts.json of its folder.
    Demo {
        /// Where to listen.
        #[arg(long, default_value = "127.0.0.1:7878")]
        listen: SocketAddr,
        /// The data folder; seeded when it is empty.
        #[arg(long, default_value = "demo-data")]
        data: PathBuf,
        /// Seed only, do not serve.
        #[arg(long)]
        seed_only: bool,
    },
    /// Check the whole ledger offline: every entry, tile, checkpoint and signature.
    Verify {
        /// The data folder.
        #[arg(long, default_value = "data")]
        data: PathBuf,
        /// Answer as one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Measure: makes its own seeded data, cleans up, needs nothing else running.
    Bench {
        /// What to measure.
        name: bench::Name,
        /// How many customers.
        #[arg(long)]
        rows: Option<usize>,
        /// Which engine.
        #[arg(long, default_value = "sqlite")]
        store: bench::Engine,
        /// Keep the seeded data in this folder; the next run with it starts at once.
        #[arg(long)]
        keep: Option<PathBuf>,
        /// One line of JSON.
        #[arg(long)]
        json: bool,
    },
    /// Choose what keeps the root key of a workspace that is still to be set up.
    Init {
        /// The data folder.
        #[arg(long, default_value = "data")]
        data: PathBuf,
        /// A key file (as `serve` makes by itself), or a passphrase that every start asks for.
        #[arg(long, value_enum)]
        root: root::Provider,
    },
    /// Print the API's description (OpenAPI 3.1) with the built-in objects.
    Openapi,
    /// Write a new root.key from the recovery code (asked for, not an argument).
    Recover {
        /// The data folder.
        #[arg(long, default_value = "data")]
        data: PathBuf,
    },
}

fn main() -> Result<()> {
    tracing_subscriber::fmt()
        .json()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("SHOUXIN_LOG").unwrap_or_else(|_| "info".into()),
        )
        .with_writer(std::io::stderr)
        .init();
    let cli = Cli::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match cli.command {
            Command::Serve { listen, data, postgres, mmdb } => serve::run(listen, data, postgres, mmdb).await,
            Command::Demo { listen, data, seed_only } => demo::run(listen, data, seed_only).await,
            Command::Verify { data, json } => verify::run(&data, json).await,
            Command::Bench { name, rows, store, keep, json } => {
                bench::run(name, rows, store, keep, json).await
            }
            Command::Init { data, root } => {
                root::init(&data, root)?;
                println!(
                    "made the root key of {}; start `shouxin serve` and set the workspace up",
                    data.display()
                );
                Ok(())
            }
            Command::Openapi => {
                println!("{}", server::document(Some(&kernel::builtin::catalog())));
                Ok(())
            }
            Command::Recover { data } => folder::recover(&data),
        }
    })
}
