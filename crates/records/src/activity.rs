//! What somebody did with customer data, from the ledger: for the report about a leaver.

use std::collections::BTreeSet;

use kernel::{PersonId, Timestamp};
use ledger::{Disclosure, Filter, Outcome, RecordSet};
use policy::{Permit, ReadAudit};
use serde::Serialize;
use utoipa::ToSchema;

use crate::door::Records;
use crate::error::Error;

/// Entries that are looked at; beyond them numbers are lower bounds.
const MOST: usize = 20_000;
/// Single reveals and exports that are listed.
const LISTED: usize = 200;

/// What somebody did with customer data.
#[derive(Serialize, ToSchema)]
pub struct Activity {
    from: Timestamp,
    /// Entries by action and object.
    by_action: Vec<ActionTally>,
    /// Reveals, exports and imports one by one, newest first.
    marked: Vec<Marked>,
    /// There was more than could be looked at; numbers are lower bounds.
    capped: bool,
}

/// How often, and with how many records.
#[derive(Serialize, ToSchema)]
pub struct ActionTally {
    action: String,
    #[schema(required = true)]
    object: Option<String>,
    entries: u64,
    /// Records of these entries, each time counted again.
    records: u64,
    /// Different records among those that entries list.
    different: usize,
    refused: u64,
}

/// One reveal, export or import.
#[derive(Serialize, ToSchema)]
pub struct Marked {
    seq: u64,
    at: Timestamp,
    action: String,
    #[schema(required = true)]
    object: Option<String>,
    records: u64,
    fields: Vec<String>,
    #[schema(value_type = Outcome)]
    outcome: &'static str,
}

#[derive(Default)]
struct Tally {
    entries: u64,
    records: u64,
    refused: u64,
    different: BTreeSet<uuid::Uuid>,
}

impl Records {
    /// What a person read, revealed, exported and changed since a moment. The reading is itself an entry.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn activity(
        &self,
        permit: &Permit<ReadAudit>,
        person: PersonId,
        from: Timestamp,
    ) -> Result<Disclosure<Activity>, Error> {
        let filter = Filter { person: Some(person), from: Some(from), ..Filter::default() };
        let (mut tallies, mut marked) = (std::collections::BTreeMap::<_, Tally>::new(), Vec::new());
        let (mut cursor, mut seen) = (None::<String>, 0);
        let capped = loop {
            let page = self.0.ledger.query(filter.clone(), cursor.as_deref(), ledger::PAGE_MOST).await?;
            for stored in page.items {
                seen += 1;
                let entry = stored.entry;
                let key = (entry.action.to_string(), entry.object.as_ref().map(ToString::to_string));
                let tally = tallies.entry(key.clone()).or_default();
                tally.entries += 1;
                tally.records += entry.records.count();
                tally.refused += u64::from(entry.outcome == Outcome::Refused);
                tally.different.extend(entry.records.listed());
                if matches!(entry.action.as_ref(), "reveal" | "export" | "import") && marked.len() < LISTED {
                    marked.push(Marked {
                        seq: stored.seq,
                        at: entry.at,
                        action: key.0,
                        object: key.1,
                        records: entry.records.count(),
                        fields: entry.fields.iter().map(ToString::to_string).collect(),
                        outcome: entry.outcome.as_str(),
                    });
                }
            }
            match page.next {
                None => break false,
                Some(_) if seen >= MOST => break true,
                next => cursor = next,
            }
        };
        let by_action = tallies
            .into_iter()
            .map(|((action, object), t)| ActionTally {
                action,
                object,
                entries: t.entries,
                records: t.records,
                different: t.different.len(),
                refused: t.refused,
            })
            .collect();
        let mut entry = self.0.entry_of(permit.principal(), "audit.read");
        entry.records = RecordSet::of([person.0]);
        Ok(Disclosure::new(Activity { from, by_action, marked, capped }, entry))
    }
}
