//! What this machine has, and how to get what it lacks.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

/// The project's folder.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(|| PathBuf::from("."), Path::to_owned)
}

/// The cargo that runs us.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// Runs a command; its failure is ours.
pub fn succeed(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start {command:?}"))?;
    if !status.success() {
        bail!("{:?} failed", command.get_program());
    }
    Ok(())
}

/// Whether a program is on the PATH.
pub fn has(program: &str) -> bool {
    find(program, &[]).is_some()
}

/// A program on the PATH or in one of the folders.
pub fn find(program: &str, folders: &[PathBuf]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).chain(folders.iter().cloned()).map(|d| d.join(program)).find(|p| p.is_file())
}

/// Names what is missing.
pub fn need(program: &str, what: &str) -> Result<()> {
    if has(program) { Ok(()) } else { bail!("{program} is missing: install {what} and start again") }
}

/// Whether we may install packages ourselves: root on a Debian machine.
fn can_install() -> bool {
    let root = Command::new("id").arg("-u").output().is_ok_and(|o| o.stdout == b"0\n");
    root && has("apt-get")
}

/// Installs Debian packages unless `present` says they are there.
pub fn ensure(present: impl Fn() -> bool, packages: &[&str]) -> Result<()> {
    if present() {
        return Ok(());
    }
    if can_install() {
        println!("installing {}", packages.join(", "));
        let quiet = |args: &[&str]| {
            Command::new("apt-get")
                .args(args)
                .env("DEBIAN_FRONTEND", "noninteractive")
                .stdout(Stdio::null())
                .status()
        };
        quiet(&["update", "-qq"])?;
        let mut args = vec!["install", "-y", "-qq"];
        args.extend(packages);
        quiet(&args)?;
    }
    if present() {
        Ok(())
    } else {
        bail!("missing: install the Debian packages {} and start again", packages.join(" "))
    }
}

/// Features that decide where libcrypto comes from. Says which, so that nobody mixes them silently.
pub fn crypto_features() -> Vec<&'static str> {
    if Path::new("/usr/include/openssl/evp.h").is_file() {
        println!("SQLCipher links this machine's libcrypto (libssl-dev is installed)");
        Vec::new()
    } else {
        println!("no libssl-dev here: OpenSSL is built from source for SQLCipher (some minutes more, once)");
        vec!["--features", "vendored-openssl"]
    }
}

/// The same for the whole workspace's tests.
pub fn workspace_crypto_features() -> Vec<&'static str> {
    if crypto_features().is_empty() { Vec::new() } else { vec!["--features", "shouxin/vendored-openssl"] }
}
