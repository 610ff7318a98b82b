//! The ledger for auditors.

use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use kernel::PersonId;
use policy::{ReadAudit, VerifyAudit, WORKSPACE};
use records::AuditQuery;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use crate::address::{Path, Query};
use crate::app::Ready;
use crate::problem::Problem;
use crate::reply::{Plain, Reply};
use crate::who::Who;

/// Which entries.
#[derive(Deserialize, utoipa::IntoParams)]
pub(crate) struct EntryParams {
    from: Option<String>,
    to: Option<String>,
    person: Option<Uuid>,
    action: Option<String>,
    object: Option<String>,
    record: Option<Uuid>,
    /// `ok`, `refused`, `failed`.
    outcome: Option<String>,
    cursor: Option<String>,
    limit: Option<u32>,
}

impl EntryParams {
    fn query(self) -> Result<AuditQuery, Problem> {
        Ok(AuditQuery {
            from: crate::body::time(self.from.as_deref())?,
            to: crate::body::time(self.to.as_deref())?,
            person: self.person.map(PersonId),
            action: self.action,
            object: self.object,
            record: self.record,
            outcome: self.outcome,
            cursor: self.cursor,
            limit: self.limit,
        })
    }
}

/// Entries, newest first.
#[utoipa::path(get, path = "/ledger/entries", params(EntryParams), responses((status = 200)))]
pub(crate) async fn entries(
    app: Ready,
    Who(who): Who,
    Query(params): Query<EntryParams>,
) -> Result<Reply<records::AuditPage>, Problem> {
    let permit = app.policy.permit::<ReadAudit>(&who, WORKSPACE, app.now())?;
    let page = app.records.audit_entries(permit, params.query()?).await?;
    Ok(app.ledger.record(page).await?.into())
}

/// Counts for charts.
#[utoipa::path(get, path = "/ledger/summary", params(EntryParams), responses((status = 200)))]
pub(crate) async fn summary(
    app: Ready,
    Who(who): Who,
    Query(params): Query<EntryParams>,
) -> Result<Reply<records::AuditSummary>, Problem> {
    let permit = app.policy.permit::<ReadAudit>(&who, WORKSPACE, app.now())?;
    let summary = app.records.audit_summary(permit, params.query()?).await?;
    Ok(app.ledger.record(summary).await?.into())
}

/// The newest signed checkpoint.
#[utoipa::path(get, path = "/ledger/checkpoint", responses((status = 200)))]
pub(crate) async fn checkpoint(app: Ready, Who(who): Who) -> Result<Response, Problem> {
    app.policy.permit::<ReadAudit>(&who, WORKSPACE, app.now())?;
    let checkpoint = app.ledger.integrate().await?.ok_or_else(Problem::not_found)?;
    let key = app.ledger.verifier_key();
    Ok(Plain(json!({
        "size": checkpoint.size(),
        "root": base64::engine::general_purpose::STANDARD.encode(checkpoint.root()),
        "at": checkpoint.at(),
        "note": checkpoint.note(),
        "key": key.to_string(),
    }))
    .into_response())
}

/// Checks the whole ledger.
#[utoipa::path(post, path = "/ledger/verify", responses((status = 200)))]
pub(crate) async fn verify(app: Ready, Who(who): Who) -> Result<Reply<records::Verification>, Problem> {
    let permit = app.policy.permit::<VerifyAudit>(&who, WORKSPACE, app.now())?;
    let report = app.records.audit_verify(permit).await?;
    Ok(app.ledger.record(report).await?.into())
}

/// Proof that an entry is in the tree.
#[utoipa::path(get, path = "/ledger/entries/{seq}/proof", responses((status = 200)))]
pub(crate) async fn proof(app: Ready, Who(who): Who, Path(seq): Path<u64>) -> Result<Response, Problem> {
    app.policy.permit::<VerifyAudit>(&who, WORKSPACE, app.now())?;
    app.ledger.integrate().await?;
    let size = app.ledger.checkpoint().map_or(0, |c| c.size());
    if seq >= size {
        return Err(Problem::not_found());
    }
    let proof = app.ledger.inclusion_proof(seq).await?;
    Ok(Plain(json!({
        "seq": proof.seq,
        "leaf_hash": hex(&proof.leaf),
        "size": proof.size,
        "root": hex(&proof.root),
        "path": proof.path.iter().map(|h| hex(h)).collect::<Vec<_>>(),
    }))
    .into_response())
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, b| {
        let _ = write!(out, "{b:02x}");
        out
    })
}
