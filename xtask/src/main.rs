//! `cargo xtask run`, `check`, `test`: build, run and test the whole project on a fresh machine.
//!
//! Each task installs what it needs or names it in one sentence.

mod audit;
mod cluster;
mod machine;
mod stages;
mod web;

use std::process::ExitCode;

use anyhow::{Result, bail};

const HELP: &str = "\
cargo xtask run [-- demo|serve ARGS]   build everything (release) and serve on http://127.0.0.1:7878
cargo xtask check                      formatting, lints, types, unit tests: under two minutes when built
cargo xtask test                       everything: the above, both engines, browser journeys, audits
cargo xtask types                      the web application's types of the API, from the server's description of it
";

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let task = args.next().unwrap_or_default();
    let rest: Vec<String> = args.filter(|a| a != "--").collect();
    let result = match task.as_str() {
        "run" => run(&rest),
        "check" => stages::check(),
        "test" => stages::test(),
        "types" => web::types(web::Types::Write),
        "" | "help" | "--help" => {
            print!("{HELP}");
            Ok(())
        }
        other => Err(anyhow::anyhow!("there is no task {other}\n{HELP}")),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Builds the web application and the optimised server, then serves.
fn run(args: &[String]) -> Result<()> {
    machine::need("node", "Node.js 20.19 or newer")?;
    machine::need("npm", "npm (it comes with Node.js)")?;
    machine::need("cc", "a C compiler (Debian: apt-get install build-essential)")?;
    web::build()?;
    let mut build = machine::cargo();
    build.args(["build", "--release", "--package", "shouxin"]).args(machine::crypto_features());
    stages::announce("building the server (the first time takes some minutes)");
    machine::succeed(&mut build)?;
    let mut serve = std::process::Command::new(machine::root().join("target/release/shouxin"));
    if args.is_empty() {
        serve.arg("serve");
    } else {
        serve.args(args);
    }
    if !serve.status()?.success() {
        bail!("the server ended with an error");
    }
    Ok(())
}
