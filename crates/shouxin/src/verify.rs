//! `verify`: the whole ledger, offline, trusting nothing that a running server says.

use std::path::Path;

use anyhow::{Result, bail};
use serde_json::json;

use crate::folder;

/// Prints the tree's size and root, or what is wrong (and then fails).
pub async fn run(data: &Path, as_json: bool) -> Result<()> {
    let opened = folder::open(data)?;
    opened.ledger.integrate().await?;
    let report = opened.ledger.verify(Vec::new()).await?;
    let root = report.root.map(|r| r.iter().map(|b| format!("{b:02x}")).collect::<String>());
    if as_json {
        let problems: Vec<_> = report
            .problems
            .iter()
            .map(|p| json!({ "seq": p.seq, "key": p.key, "detail": p.detail }))
            .collect();
        println!(
            "{}",
            json!({ "ok": report.is_whole(), "size": report.size, "root": root, "checked": report.checked, "problems": problems })
        );
    } else {
        println!("size {}", report.size);
        println!("root {}", root.as_deref().unwrap_or("none"));
        println!("checked {} entries, {} checkpoints", report.checked, report.checkpoints);
        for problem in &report.problems {
            println!("problem at entry {}: {} ({})", problem.seq, problem.detail, problem.key);
        }
    }
    if !report.is_whole() {
        bail!("the ledger is not whole: {} problems", report.problems.len() as u64 + report.undescribed);
    }
    Ok(())
}
