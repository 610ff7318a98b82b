//! Handing records over (交接): a job that gives what one person owns to others, chunk by chunk, each with its history
//! and its ledger entry; resumed after a crash where the last chunk was committed; taken back on demand.

mod plan;
mod progress;
mod run;
mod step;

pub use progress::{HandOverView, Kept, OwnedRecords, Received};
pub(crate) use run::start;

/// Progress of hand-overs, and what became of each record.
pub(crate) const MIGRATION: store::Migration = store::Migration {
    name: "records-handover",
    sql: "CREATE TABLE handover(id {BLOB} PRIMARY KEY, state TEXT NOT NULL, total BIGINT NOT NULL, moved BIGINT NOT NULL, \
          kept BIGINT NOT NULL, returned BIGINT NOT NULL, object TEXT NOT NULL, last {BLOB}, updated_at BIGINT NOT NULL);
          CREATE TABLE handover_item(handover {BLOB} NOT NULL, object {TEXT} NOT NULL, record {BLOB} NOT NULL, \
          receiver {BLOB}, why TEXT, returned BIGINT NOT NULL, PRIMARY KEY(handover, object, record));",
};
