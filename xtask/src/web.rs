//! The web application: packages, checks, build.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::SystemTime;

use anyhow::{Result, bail};

use crate::machine::{cargo, crypto_features, root, succeed};

fn npm(folder: &Path) -> Command {
    let mut command = Command::new("npm");
    command.current_dir(folder);
    command
}

/// Installs what the lock file says, unless it is there. `npm ci` refuses our lock file, because the registry has no
/// builds of some optional packages for foreign platforms; `npm install` follows it and leaves those out.
pub fn packages(folder: &str) -> Result<PathBuf> {
    let folder = root().join(folder);
    let lock = fs::read(folder.join("package-lock.json"))?;
    let stamp = folder.join("node_modules/.lock-stamp");
    if fs::read(&stamp).is_ok_and(|s| s == lock) {
        return Ok(folder);
    }
    succeed(npm(&folder).args(["install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts"]))?;
    fs::write(stamp, lock)?;
    Ok(folder)
}

/// What to do with the types of the API.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Types {
    /// Write them.
    Write,
    /// Fail when they are out of date.
    Check,
}

/// Judges the server's OpenAPI document and makes `web/src/api/schema.d.ts` from it.
pub fn types(what: Types) -> Result<()> {
    let web = packages("web")?;
    succeed(cargo().args(["build", "--package", "shouxin"]).args(crypto_features()))?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    let mut server =
        Command::new(target.join("debug/shouxin")).arg("openapi").stdout(Stdio::piped()).spawn()?;
    let Some(document) = server.stdout.take() else { bail!("the server's description cannot be read") };
    let check: &[&str] = if what == Types::Check { &["--", "--check"] } else { &[] };
    let done = succeed(npm(&web).args(["run", "--silent", "types"]).args(check).stdin(document));
    if !server.wait()?.success() {
        bail!("shouxin openapi failed");
    }
    done
}

/// Types, lint, unit tests.
pub fn check() -> Result<()> {
    let web = packages("web")?;
    succeed(npm(&web).args(["run", "check"]))
}

/// Builds `web/dist` when a source is newer.
pub fn build() -> Result<()> {
    let web = packages("web")?;
    let built = fs::metadata(web.join("dist/index.html")).and_then(|m| m.modified()).ok();
    let newest = ["src", "public", "scripts", "index.html", "package-lock.json", "vite.config.ts"]
        .iter()
        .filter_map(|p| newest(&web.join(p)))
        .max();
    if built.is_some() && built >= newest {
        return Ok(());
    }
    succeed(npm(&web).args(["run", "build"]))
}

fn newest(path: &Path) -> Option<SystemTime> {
    let meta = fs::metadata(path).ok()?;
    if !meta.is_dir() {
        return meta.modified().ok();
    }
    fs::read_dir(path).ok()?.flatten().filter_map(|e| newest(&e.path())).max()
}
