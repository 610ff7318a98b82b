//! The web application: packages, checks, build.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use anyhow::Result;

use crate::machine::{root, succeed};

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

/// Types, lint, unit tests.
pub fn check() -> Result<()> {
    let web = packages("web")?;
    succeed(npm(&web).args(["run", "check"]))
}

/// Builds `web/dist` when a source is newer.
pub fn build() -> Result<()> {
    let web = packages("web")?;
    let built = fs::metadata(web.join("dist/index.html")).and_then(|m| m.modified()).ok();
    let newest = ["src", "public", "index.html", "package-lock.json", "vite.config.ts"]
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
