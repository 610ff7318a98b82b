//! The ledger as auditors read it: entries with names, reasons opened for those who may, and an entry about the reading.

use std::sync::Arc;
use utoipa::ToSchema;

use kernel::{Class, PersonId, Timestamp};
use ledger::{ActorKind, Disclosure, Entry, Filter, Outcome, RecordSet, StoredEntry};
use policy::{Permit, Policy, ReadAudit, ReadAuditDetails, VerifyAudit};
use serde::Serialize;
use uuid::Uuid;

use crate::door::Records;
use crate::error::Error;
use crate::timeline::PersonRef;

/// Which entries.
#[derive(Debug, Clone, Default)]
pub struct AuditQuery {
    /// At or after.
    pub from: Option<Timestamp>,
    /// Before.
    pub to: Option<Timestamp>,
    /// By this person.
    pub person: Option<PersonId>,
    /// Of this action.
    pub action: Option<String>,
    /// About this object.
    pub object: Option<String>,
    /// About this record.
    pub record: Option<Uuid>,
    /// `ok`, `refused`, `failed`.
    pub outcome: Option<String>,
    /// Where the previous page ended.
    pub cursor: Option<String>,
    /// Entries on the page, at most 200.
    pub limit: Option<u32>,
}

/// Where a request came from.
#[derive(Serialize, ToSchema)]
struct Network {
    #[schema(required = true)]
    ip: Option<String>,
}

/// An entry in the API's shape.
#[derive(Serialize, ToSchema)]
pub struct AuditEntry {
    seq: u64,
    at: Timestamp,
    #[schema(required = true)]
    person: Option<PersonRef>,
    #[schema(value_type = ActorKind)]
    principal_kind: &'static str,
    #[schema(required = true)]
    session: Option<Uuid>,
    #[schema(required = true)]
    device: Option<String>,
    network: Network,
    action: String,
    #[schema(required = true)]
    object: Option<String>,
    records: Vec<Uuid>,
    record_count: u64,
    fields: Vec<String>,
    #[schema(required = true, value_type = Option<Class>)]
    class: Option<&'static str>,
    #[schema(required = true)]
    reason: Option<String>,
    /// There is a reason or there are details, but this caller may not read them, or their key is destroyed.
    sealed: bool,
    rules: Vec<String>,
    #[schema(value_type = Outcome)]
    outcome: &'static str,
    #[schema(required = true)]
    details: Option<serde_json::Value>,
    leaf_hash: String,
}

/// A count that says whether it stopped counting.
#[derive(Serialize, ToSchema)]
struct EntryCount {
    value: u64,
    capped: bool,
}

/// A page of entries, newest first.
#[derive(Serialize, ToSchema)]
pub struct AuditPage {
    items: Vec<AuditEntry>,
    #[schema(required = true)]
    next: Option<String>,
    count: EntryCount,
}

/// Entries by something, most first.
#[derive(Serialize, ToSchema)]
struct Tally<K> {
    #[serde(flatten)]
    key: K,
    count: u64,
}

#[derive(Serialize, ToSchema)]
struct ByAction {
    action: String,
}

#[derive(Serialize, ToSchema)]
struct ByPerson {
    #[schema(required = true)]
    person: Option<PersonRef>,
}

#[derive(Serialize, ToSchema)]
struct ByHour {
    hour: Timestamp,
}

/// Counts for charts.
#[derive(Serialize, ToSchema)]
pub struct AuditSummary {
    by_action: Vec<Tally<ByAction>>,
    by_person: Vec<Tally<ByPerson>>,
    by_hour: Vec<Tally<ByHour>>,
    reveals: u64,
}

/// The result of checking the whole ledger.
#[derive(Serialize, ToSchema)]
pub struct Verification {
    ok: bool,
    size: u64,
    #[schema(required = true)]
    root: Option<String>,
    checked: u64,
    took_ms: u64,
    problems: Vec<FoundProblem>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = VerificationProblem)]
struct FoundProblem {
    seq: u64,
    key: &'static str,
    detail: String,
}

impl Records {
    /// Entries that meet the query. The reading is itself an entry.
    ///
    /// # Errors
    /// `BadQuery` for an unknown outcome or cursor.
    pub async fn audit_entries(
        &self,
        permit: Permit<ReadAudit>,
        query: AuditQuery,
    ) -> Result<Disclosure<AuditPage>, Error> {
        let filter = filter_of(&query)?;
        let limit = query.limit.unwrap_or(50).clamp(1, ledger::PAGE_MOST);
        let page = self.0.ledger.query(filter, query.cursor.as_deref(), limit).await?;
        let (items, opened) = self.audit_views(&permit, page.items).await?;
        let mut entry = self.audit_entry_of(&permit, opened);
        entry.records = RecordSet::of(query.record);
        let count = EntryCount { value: page.count.value, capped: page.count.capped };
        Ok(Disclosure::new(AuditPage { items, next: page.next, count }, entry))
    }

    /// One entry by its number, as a link to it opens it.
    ///
    /// # Errors
    /// `NotFound` when there is no such entry.
    pub async fn audit_entry(
        &self,
        permit: Permit<ReadAudit>,
        seq: u64,
    ) -> Result<Disclosure<AuditEntry>, Error> {
        let stored = self.0.ledger.entry(seq).await?.ok_or(Error::NotFound)?;
        let records = stored.entry.records.listed().to_vec();
        let (mut items, opened) = self.audit_views(&permit, vec![stored]).await?;
        let mut entry = self.audit_entry_of(&permit, opened);
        entry.records = RecordSet::of(records);
        Ok(Disclosure::new(items.pop().ok_or(Error::NotFound)?, entry))
    }

    /// The entry about reading the ledger; it says when reasons or details were opened.
    fn audit_entry_of(&self, permit: &Permit<ReadAudit>, opened: bool) -> Entry {
        let mut entry = self.0.entry_of(permit.principal(), "audit.read");
        if opened {
            entry.fields = vec!["reason".into(), "details".into()];
            entry.class = Some(Class::Confidential);
        }
        entry
    }

    /// Entries in the API's shape; reasons and details only for those who may read them, and whether any was opened.
    async fn audit_views(
        &self,
        permit: &Permit<ReadAudit>,
        stored: Vec<StoredEntry>,
    ) -> Result<(Vec<AuditEntry>, bool), Error> {
        let who = permit.principal();
        let details = self.0.policy.permit::<ReadAuditDetails>(who, policy::WORKSPACE, self.0.now()).is_ok();
        let inner = self.0.clone();
        self.0
            .store
            .read(move |conn| -> Result<_, Error> {
                let (mut out, mut opened) = (Vec::with_capacity(stored.len()), false);
                for stored in stored {
                    let mut open = |sealed: Option<&ledger::Sealed>| match sealed {
                        Some(sealed) if details => inner.open_sealed(conn, sealed),
                        _ => Ok(None),
                    };
                    let reason = open(stored.entry.reason.as_ref())?;
                    let text = open(stored.entry.details.as_ref())?;
                    opened |= reason.is_some() || text.is_some();
                    out.push(entry_view(stored, &inner.policy, reason, text));
                }
                Ok((out, opened))
            })
            .await
    }

    /// Counts of the entries that meet the query, for charts.
    ///
    /// # Errors
    /// `BadQuery` for an unknown outcome.
    pub async fn audit_summary(
        &self,
        permit: Permit<ReadAudit>,
        query: AuditQuery,
    ) -> Result<Disclosure<AuditSummary>, Error> {
        let summary = self.0.ledger.summary(filter_of(&query)?).await?;
        let view = AuditSummary {
            by_action: summary
                .by_action
                .into_iter()
                .map(|(action, count)| Tally { key: ByAction { action }, count })
                .collect(),
            by_person: summary
                .by_person
                .into_iter()
                .map(|(person, count)| Tally {
                    key: ByPerson { person: person.map(|p| person_ref(&self.0.policy, p.0)) },
                    count,
                })
                .collect(),
            by_hour: summary
                .by_hour
                .into_iter()
                .map(|(hour, count)| Tally { key: ByHour { hour }, count })
                .collect(),
            reveals: summary.reveals,
        };
        let entry = self.0.entry_of(permit.principal(), "audit.summary");
        Ok(Disclosure::new(view, entry))
    }

    /// Checks every entry, tile and checkpoint of the ledger.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn audit_verify(&self, permit: Permit<VerifyAudit>) -> Result<Disclosure<Verification>, Error> {
        let started = self.0.now();
        self.0.ledger.integrate().await?;
        let report = self.0.ledger.verify(Vec::new()).await?;
        let took = self.0.now().0.saturating_sub(started.0);
        let view = Verification {
            ok: report.is_whole(),
            size: report.size,
            root: report.root.map(|r| base64_of(&r)),
            checked: report.checked,
            took_ms: u64::try_from(took / 1_000).unwrap_or(0),
            problems: report
                .problems
                .into_iter()
                .map(|p| FoundProblem { seq: p.seq, key: p.key, detail: p.detail })
                .collect(),
        };
        let entry = self.0.entry_of(permit.principal(), "audit.verify").outcome(if view.ok {
            Outcome::Ok
        } else {
            Outcome::Failed
        });
        Ok(Disclosure::new(view, entry))
    }
}

/// Standard base64, as checkpoints write roots.
pub(crate) fn base64_of(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let n = chunk.iter().fold(0u32, |n, b| n << 8 | u32::from(*b)) << (8 * (3 - chunk.len()));
        for i in 0..4 {
            if i <= chunk.len() {
                out.push(char::from(ALPHABET[(n >> (18 - 6 * i) & 63) as usize]));
            } else {
                out.push('=');
            }
        }
    }
    out
}

fn filter_of(query: &AuditQuery) -> Result<Filter, Error> {
    let outcome = match query.outcome.as_deref() {
        None => None,
        Some(word) => {
            let unknown = || Error::BadQuery("outcome is ok, refused or failed".to_owned());
            Some(Outcome::parse(word).ok_or_else(unknown)?)
        }
    };
    Ok(Filter {
        from: query.from,
        to: query.to,
        person: query.person,
        action: query.action.clone(),
        object: query.object.clone(),
        record: query.record,
        outcome,
    })
}

fn person_ref(policy: &Policy, id: Uuid) -> PersonRef {
    PersonRef::new(id, policy.org().person(PersonId(id)).map(|p| p.name.clone()))
}

fn entry_view(
    stored: StoredEntry,
    policy: &Arc<Policy>,
    reason: Option<String>,
    details: Option<String>,
) -> AuditEntry {
    let StoredEntry { seq, leaf, entry } = stored;
    let sealed =
        (entry.reason.is_some() && reason.is_none()) || (entry.details.is_some() && details.is_none());
    let rules = policy.rules();
    let rule_name = |id: &str| {
        rules.iter().find(|r| r.id.to_string() == id).map_or_else(|| id.to_owned(), |r| r.name.clone())
    };
    AuditEntry {
        seq,
        at: entry.at,
        person: entry.actor.person.map(|p| person_ref(policy, p.0)),
        principal_kind: ActorKind::as_str(entry.actor.kind),
        session: entry.actor.session.map(|s| s.0),
        device: entry.actor.device.clone(),
        network: Network { ip: entry.actor.ip.clone() },
        action: entry.action.to_string(),
        object: entry.object.as_ref().map(ToString::to_string),
        records: entry.records.listed().to_vec(),
        record_count: entry.records.count(),
        fields: entry.fields.iter().map(ToString::to_string).collect(),
        class: entry.class.map(Class::as_str),
        reason,
        sealed,
        rules: entry.rules.iter().map(|r| rule_name(r)).collect(),
        outcome: entry.outcome.as_str(),
        details: details.map(|text| serde_json::json!({ "query": text })),
        leaf_hash: hex::encode(leaf),
    }
}
