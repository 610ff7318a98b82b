//! Where a workspace's root key comes from: a key file, or a passphrase that nobody but people keeps (DESIGN 5).
//!
//! `root.key` is the key itself, readable by its owner only. `root-passphrase.json` is the key wrapped by a passphrase
//! (Argon2id): without it the folder alone opens nothing.

use std::fs;
use std::io::{BufRead as _, IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use clap::ValueEnum;
use kernel::OsRandom;
use vault::{RootKey, WrappedByPassphrase};
use zeroize::Zeroizing;

/// Number of a file descriptor to read the passphrase from, for services.
const DESCRIPTOR: &str = "SHOUXIN_PASSPHRASE_FD";
/// Longest passphrase, in bytes.
const LONGEST: u64 = 1_024;

/// What keeps the root key.
#[derive(Clone, Copy, ValueEnum)]
pub enum Provider {
    /// A file beside the data; whoever copies the whole folder has everything.
    File,
    /// A passphrase, asked for at every start.
    Passphrase,
}

fn key_file(dir: &Path) -> PathBuf {
    dir.join("root.key")
}

fn wrapped_file(dir: &Path) -> PathBuf {
    dir.join("root-passphrase.json")
}

/// Whether the folder has a root already, from whichever provider.
pub fn exists(dir: &Path) -> bool {
    key_file(dir).exists() || wrapped_file(dir).exists()
}

/// Makes a root for a workspace to be founded in this folder.
pub fn init(dir: &Path, provider: Provider) -> Result<RootKey> {
    if exists(dir) {
        bail!("{} has a root key already; nothing was changed", dir.display());
    }
    crate::folder::make(dir)?;
    let random = OsRandom::default();
    let root = RootKey::generate(&random);
    match provider {
        Provider::File => root.to_file(&key_file(dir))?,
        Provider::Passphrase => {
            let passphrase = ask("new passphrase: ")?;
            if std::io::stdin().is_terminal() && *ask("once more: ")? != *passphrase {
                bail!("the two are not the same; nothing was made");
            }
            let judged = identity::check_password(&passphrase, "", "");
            if !judged.ok {
                bail!(
                    "choose a better passphrase ({}): several words that do not belong together",
                    judged.problems.join(", ")
                );
            }
            let wrapped = root.wrap_by_passphrase(&passphrase, &random)?;
            vault::file::write_new(&wrapped_file(dir), &serde_json::to_vec_pretty(&wrapped)?)?;
        }
    }
    Ok(root)
}

/// The root of a folder; a passphrase is asked for.
pub fn read(dir: &Path) -> Result<RootKey> {
    if key_file(dir).exists() {
        return Ok(RootKey::from_file(&key_file(dir))?);
    }
    if !wrapped_file(dir).exists() {
        bail!("the root key is missing; `shouxin recover` makes a new root.key from the recovery code");
    }
    let wrapped: WrappedByPassphrase = serde_json::from_str(&fs::read_to_string(wrapped_file(dir))?)
        .context(
            "root-passphrase.json is damaged; `shouxin recover` makes a root.key from the recovery code",
        )?;
    RootKey::from_passphrase(&wrapped, &ask("passphrase: ")?)
        .context("the passphrase does not open the root key")
}

/// The passphrase: from a descriptor, from the terminal without echo, or as the first line of the input.
fn ask(prompt: &str) -> Result<Zeroizing<String>> {
    let mut text = Zeroizing::new(String::new());
    if let Some(number) = std::env::var_os(DESCRIPTOR) {
        let number: u32 = number
            .to_str()
            .and_then(|n| n.parse().ok())
            .with_context(|| format!("{DESCRIPTOR} is the number of an open file descriptor"))?;
        let file = fs::File::open(format!("/dev/fd/{number}"))
            .with_context(|| format!("the file descriptor {number} of {DESCRIPTOR} cannot be read"))?;
        file.take(LONGEST).read_to_string(&mut text)?;
    } else if std::io::stdin().is_terminal() {
        text = Zeroizing::new(rpassword::prompt_password(prompt)?);
    } else {
        std::io::stdin().lock().take(LONGEST).read_line(&mut text)?;
    }
    let length = text.trim_end_matches(['\r', '\n']).len();
    text.truncate(length);
    if text.is_empty() {
        bail!("no passphrase was given: type it, or pass it by {DESCRIPTOR}");
    }
    Ok(text)
}
