//! Checks of the tree itself: advisories of the lock file, forbidden dependencies, traces of one machine.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::machine::{cargo, root};

/// Advisories that we have read and live with, each with its reason.
const ACCEPTED: &[(&str, &str)] =
    &[("RUSTSEC-2023-0071", "timing of RSA private keys: webauthn-rs verifies with public ones only")];

/// No dependency that DESIGN 12 forbids; `server` and `channels` reach data through `records` alone.
pub fn dependencies() -> Result<()> {
    let tree = |args: &[&str]| -> Result<String> {
        let output = cargo().args(["tree", "--prefix", "none", "--edges", "normal"]).args(args).output()?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let all = tree(&["--workspace"])?;
    for banned in ["ring", "sqlx", "openssl-probe"] {
        if all.lines().any(|l| l.split(' ').next() == Some(banned)) {
            bail!("{banned} is in the dependency tree; DESIGN 12 keeps it out");
        }
    }
    for package in ["server", "channels"] {
        let direct = tree(&["--package", package, "--depth", "1"])?;
        for hidden in ["store", "vault"] {
            if direct.lines().skip(1).any(|l| l.split(' ').next() == Some(hidden)) {
                bail!(
                    "{package} depends on {hidden}: customer data is reached through records alone (DESIGN 10)"
                );
            }
        }
    }
    Ok(())
}

/// No absolute path of a machine and no registry's host name in what is committed.
pub fn traces() -> Result<()> {
    // Put together here, so that this file does not find itself.
    let traces =
        [["/work", "/main"].concat(), ["registry.npmjs", ".org"].concat(), ["index.crates", ".io"].concat()];
    for trace in &traces {
        let found = Command::new("git")
            .current_dir(root())
            .args(["grep", "-I", "-l", "-F", trace, "--", ".", ":!Cargo.lock"])
            .output()?;
        if !found.stdout.is_empty() {
            bail!("{trace} stands in {}", String::from_utf8_lossy(&found.stdout).trim());
        }
    }
    Ok(())
}

/// Checks Cargo.lock against the advisory data beside the project; says so when it is not there.
pub fn advisories() -> Result<String> {
    let archive = root().join("../shared/data/advisory-db.tar.gz");
    if !archive.is_file() {
        return Ok("skipped: no advisory data beside the project".to_owned());
    }
    let dir = std::env::temp_dir().join(format!("shouxin-advisories-{}", std::process::id()));
    fs::create_dir_all(&dir)?;
    let unpacked = Command::new("tar").arg("-xzf").arg(&archive).arg("-C").arg(&dir).status()?;
    if !unpacked.success() {
        bail!("the advisory data cannot be unpacked");
    }
    let locked = locked_versions()?;
    let mut found = Vec::new();
    walk(&dir, &mut |path| {
        if path.extension().is_some_and(|e| e == "md") {
            found.extend(matches(&fs::read_to_string(path).unwrap_or_default(), &locked));
        }
    });
    let _ = fs::remove_dir_all(&dir);
    found.retain(|(id, _)| !ACCEPTED.iter().any(|(accepted, _)| accepted == id));
    if found.is_empty() {
        return Ok(format!("{} packages, none with an open advisory", locked.len()));
    }
    let list: Vec<String> = found.into_iter().map(|(id, package)| format!("{id} ({package})")).collect();
    bail!("open advisories: {}", list.join(", "))
}

fn walk(dir: &Path, visit: &mut dyn FnMut(&Path)) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { walk(&path, visit) } else { visit(&path) }
    }
}

type Version = (u64, u64, u64);

fn version(text: &str) -> Option<Version> {
    let core = text.trim().split(['-', '+']).next()?;
    let mut parts = core.split('.').map(|p| p.trim().parse::<u64>().unwrap_or(0));
    Some((parts.next()?, parts.next().unwrap_or(0), parts.next().unwrap_or(0)))
}

fn locked_versions() -> Result<BTreeMap<String, Vec<Version>>> {
    let lock = fs::read_to_string(root().join("Cargo.lock")).context("Cargo.lock is missing")?;
    let mut out: BTreeMap<String, Vec<Version>> = BTreeMap::new();
    let mut name = String::new();
    for line in lock.lines() {
        if let Some(text) = line.strip_prefix("name = ") {
            name = text.trim_matches('"').to_owned();
        } else if let Some(text) = line.strip_prefix("version = ")
            && let Some(v) = version(text.trim_matches('"'))
        {
            out.entry(name.clone()).or_default().push(v);
        }
    }
    Ok(out)
}

/// An advisory's id and package when a locked version is neither patched nor unaffected. Notices ("unmaintained") are left out.
fn matches(text: &str, locked: &BTreeMap<String, Vec<Version>>) -> Vec<(String, String)> {
    let field = |name: &str| {
        text.lines().find_map(|l| {
            l.strip_prefix(name)?.trim().strip_prefix('=').map(|v| v.trim().trim_matches('"').to_owned())
        })
    };
    // A list may stand on one line or on several: everything between quotes up to the closing bracket.
    let list = |name: &str| -> Vec<String> {
        let start = text.find(&format!("\n{name} = [")).map_or(text.len(), |at| at + 1);
        let inner = text[start..].split(']').next().unwrap_or_default();
        inner.split('"').skip(1).step_by(2).map(str::to_owned).collect()
    };
    let (Some(id), Some(package)) = (field("id"), field("package")) else { return Vec::new() };
    if field("informational").is_some() || field("withdrawn").is_some() {
        return Vec::new();
    }
    let safe: Vec<String> = list("patched").into_iter().chain(list("unaffected")).collect();
    let hit = locked.get(&package).is_some_and(|versions| {
        versions.iter().any(|v| !safe.iter().any(|requirement| satisfies(*v, requirement)))
    });
    if hit { vec![(id, package)] } else { Vec::new() }
}

/// `>= 1.2.3, < 2`, `^1.2`, `= 1`: what advisories use.
fn satisfies(v: Version, requirement: &str) -> bool {
    requirement.split(',').all(|part| {
        let part = part.trim();
        let (operator, text) = part.split_at(part.find(|c: char| c.is_ascii_digit()).unwrap_or(0));
        let Some(bound) = version(text) else { return false };
        match operator.trim() {
            ">=" => v >= bound,
            ">" => v > bound,
            "<" => v < bound,
            "<=" => v <= bound,
            "=" => v == bound,
            "^" | "" | "~" => {
                v >= bound && if bound.0 > 0 { v.0 == bound.0 } else { v.0 == 0 && v.1 == bound.1 }
            }
            _ => false,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_on_several_lines_are_read() {
        let text = "```toml\nid = \"RUSTSEC-1\"\npackage = \"nix\"\n\n[versions]\npatched = [\n  \"^0.20.2\",\n  \">= 0.23.0\",\n]\n```";
        let locked = |v| BTreeMap::from([("nix".to_owned(), vec![v])]);
        assert!(matches(text, &locked((0, 30, 1))).is_empty());
        assert_eq!(matches(text, &locked((0, 19, 0))).len(), 1);
    }

    #[test]
    fn requirements_read_as_advisories_mean_them() {
        assert!(satisfies((1, 2, 3), ">= 1.2.3"));
        assert!(!satisfies((1, 2, 2), ">= 1.2.3"));
        assert!(satisfies((0, 23, 5), "^0.23.4"));
        assert!(!satisfies((0, 24, 0), "^0.23.4"));
        assert!(satisfies((1, 5, 0), ">= 1.2, < 2.0"));
    }
}
