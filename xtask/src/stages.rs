//! The stages of `check` and `test`, with their times and a closing line.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::cluster::Cluster;
use crate::machine::{self, cargo, has, succeed};
use crate::{audit, web};

/// Says what is about to happen.
pub fn announce(what: &str) {
    println!("\n=== {what}");
}

#[derive(Default)]
struct Stages {
    done: Vec<(&'static str, Duration, Result<String, String>)>,
}

impl Stages {
    /// Runs a stage; a failure is kept, so that one run tells all.
    fn stage(&mut self, name: &'static str, work: impl FnOnce() -> Result<String>) {
        announce(name);
        let started = Instant::now();
        let result = work().map_err(|e| format!("{e:#}"));
        if let Err(error) = &result {
            eprintln!("{name}: {error}");
        }
        self.done.push((name, started.elapsed(), result));
    }

    fn finish(self) -> Result<()> {
        println!();
        for (name, took, result) in &self.done {
            let word = if result.is_ok() { "ok" } else { "FAILED" };
            let note = result.as_ref().unwrap_or_else(|e| e).lines().next().unwrap_or_default().to_owned();
            println!("{word:6} {:>6.1} s  {name}  {note}", took.as_secs_f64());
        }
        let failed = self.done.iter().filter(|(_, _, r)| r.is_err()).count();
        println!("{} passed, {failed} failed", self.done.len() - failed);
        if failed > 0 { bail!("{failed} stages failed") } else { Ok(()) }
    }
}

fn plain(command: &mut Command) -> Result<String> {
    succeed(command).map(|()| String::new())
}

fn lints(stages: &mut Stages) {
    stages.stage("formatting", || plain(cargo().args(["fmt", "--all", "--check"])));
    stages.stage("lints", || {
        plain(
            cargo()
                .args(["clippy", "--workspace", "--all-targets"])
                .args(machine::workspace_crypto_features())
                .args(["--", "-D", "warnings"]),
        )
    });
    stages.stage("dependencies", || audit::dependencies().map(|()| String::new()));
    stages.stage("traces of one machine", || audit::traces().map(|()| String::new()));
    stages.stage("web: types, lint, unit tests", || web::check().map(|()| String::new()));
}

fn rust_tests(url: &str) -> Result<String> {
    let features = machine::workspace_crypto_features();
    let nextest = has("cargo-nextest");
    let mut command = cargo();
    if nextest {
        command.args(["nextest", "run", "--workspace", "--no-fail-fast"]);
    } else {
        println!("cargo-nextest is not here: cargo test does the same, more slowly");
        command.args(["test", "--workspace", "--lib", "--bins", "--tests", "--no-fail-fast"]);
    }
    plain(command.args(&features).env("SHOUXIN_TEST_PG_URL", url))?;
    // nextest runs no documentation tests; those of these crates show what does not compile (DESIGN 3.1).
    plain(cargo().args(["test", "--doc", "--package", "ledger", "--package", "server"]).args(features))
}

/// Formatting, lints, types and unit tests.
pub fn check() -> Result<()> {
    let mut stages = Stages::default();
    lints(&mut stages);
    stages.stage("unit tests", || {
        plain(cargo().args(["test", "--workspace", "--lib"]).args(machine::workspace_crypto_features()))
    });
    stages.finish()
}

/// Everything.
pub fn test() -> Result<()> {
    machine::need("node", "Node.js 20.19 or newer")?;
    machine::need("npm", "npm (it comes with Node.js)")?;
    machine::need("cc", "a C compiler (Debian: apt-get install build-essential)")?;
    let mut stages = Stages::default();
    lints(&mut stages);
    stages.stage("advisories", audit::advisories);
    stages.stage("web: build", || web::build().map(|()| String::new()));
    match Cluster::start() {
        Ok(cluster) => stages.stage("tests on SQLite and PostgreSQL", || rust_tests(&cluster.url())),
        Err(error) => stages.stage("tests on SQLite and PostgreSQL", || Err(error)),
    }
    stages.stage("web: types of the API", || web::types(web::Types::Check).map(|()| String::new()));
    if machine::root().join("e2e/package.json").is_file() {
        stages.stage("browser journeys", browser);
    }
    stages.finish()
}

fn browser() -> Result<String> {
    machine::ensure(|| has("chromium"), &["chromium", "fonts-noto-cjk"])?;
    succeed(cargo().args(["build", "--package", "shouxin"]).args(machine::crypto_features()))?;
    let e2e = web::packages("e2e")?;
    plain(Command::new("npm").current_dir(e2e).args(["test"]))
}
