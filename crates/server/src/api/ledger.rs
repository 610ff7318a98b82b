//! The ledger for auditors.

use base64::Engine as _;
use kernel::{PersonId, Timestamp};
use policy::{ReadAudit, VerifyAudit, WORKSPACE};
use records::AuditQuery;
use serde::{Deserialize, Serialize};
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
#[utoipa::path(get, path = "/ledger/entries", params(EntryParams), responses((status = 200, body = records::AuditPage)))]
pub(crate) async fn entries(
    app: Ready,
    Who(who): Who,
    Query(params): Query<EntryParams>,
) -> Result<Reply<records::AuditPage>, Problem> {
    let permit = app.policy.permit::<ReadAudit>(&who, WORKSPACE, app.now())?;
    let page = app.records.audit_entries(permit, params.query()?).await?;
    Ok(app.ledger.record(page).await?.into())
}

/// One entry.
#[utoipa::path(get, path = "/ledger/entries/{seq}", responses((status = 200, body = records::AuditEntry)))]
pub(crate) async fn entry(
    app: Ready,
    Who(who): Who,
    Path(seq): Path<u64>,
) -> Result<Reply<records::AuditEntry>, Problem> {
    let permit = app.policy.permit::<ReadAudit>(&who, WORKSPACE, app.now())?;
    let entry = app.records.audit_entry(permit, seq).await?;
    Ok(app.ledger.record(entry).await?.into())
}

/// Counts for charts.
#[utoipa::path(get, path = "/ledger/summary", params(EntryParams), responses((status = 200, body = records::AuditSummary)))]
pub(crate) async fn summary(
    app: Ready,
    Who(who): Who,
    Query(params): Query<EntryParams>,
) -> Result<Reply<records::AuditSummary>, Problem> {
    let permit = app.policy.permit::<ReadAudit>(&who, WORKSPACE, app.now())?;
    let summary = app.records.audit_summary(permit, params.query()?).await?;
    Ok(app.ledger.record(summary).await?.into())
}

/// A signed tree head.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Checkpoint)]
pub(crate) struct CheckpointView {
    /// Entries in the tree.
    size: u64,
    /// Its root hash (RFC 9162 §2.1.1), base64.
    root: String,
    at: Timestamp,
    /// The signed note (C2SP signed-note).
    note: String,
    /// The key that verifies it.
    key: String,
}

/// The newest signed checkpoint.
#[utoipa::path(get, path = "/ledger/checkpoint", responses((status = 200, body = CheckpointView)))]
pub(crate) async fn checkpoint(app: Ready, Who(who): Who) -> Result<Plain<CheckpointView>, Problem> {
    app.policy.permit::<ReadAudit>(&who, WORKSPACE, app.now())?;
    let checkpoint = app.ledger.integrate().await?.ok_or_else(Problem::not_found)?;
    Ok(Plain(CheckpointView {
        size: checkpoint.size(),
        root: base64::engine::general_purpose::STANDARD.encode(checkpoint.root()),
        at: checkpoint.at(),
        note: checkpoint.note().to_owned(),
        key: app.ledger.verifier_key().to_string(),
    }))
}

/// Checks the whole ledger.
#[utoipa::path(post, path = "/ledger/verify", responses((status = 200, body = records::Verification)))]
pub(crate) async fn verify(app: Ready, Who(who): Who) -> Result<Reply<records::Verification>, Problem> {
    let permit = app.policy.permit::<VerifyAudit>(&who, WORKSPACE, app.now())?;
    let report = app.records.audit_verify(permit).await?;
    Ok(app.ledger.record(report).await?.into())
}

/// An inclusion proof (RFC 9162 §2.1.3); hashes are in hex.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Proof)]
pub(crate) struct ProofView {
    seq: u64,
    leaf_hash: String,
    size: u64,
    root: String,
    /// Siblings from the leaf up.
    path: Vec<String>,
}

/// Proof that an entry is in the tree.
#[utoipa::path(get, path = "/ledger/entries/{seq}/proof", responses((status = 200, body = ProofView)))]
pub(crate) async fn proof(
    app: Ready,
    Who(who): Who,
    Path(seq): Path<u64>,
) -> Result<Plain<ProofView>, Problem> {
    app.policy.permit::<VerifyAudit>(&who, WORKSPACE, app.now())?;
    app.ledger.integrate().await?;
    let size = app.ledger.checkpoint().map_or(0, |c| c.size());
    if seq >= size {
        return Err(Problem::not_found());
    }
    let proof = app.ledger.inclusion_proof(seq).await?;
    Ok(Plain(ProofView {
        seq: proof.seq,
        leaf_hash: hex(&proof.leaf),
        size: proof.size,
        root: hex(&proof.root),
        path: proof.path.iter().map(|h| hex(h)).collect(),
    }))
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, b| {
        let _ = write!(out, "{b:02x}");
        out
    })
}
