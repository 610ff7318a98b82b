//! The ledger's tables. `ledger_entry` is the truth; everything else is derived from it by the integrator, and
//! the verifier compares the two (docs/formats/ledger-entry.md).

use store::Migration;

/// For `Store::migrate`.
pub const MIGRATIONS: &[Migration] = &[Migration {
    name: "ledger/1",
    sql: "
CREATE TABLE ledger_entry (seq {INTEGER} PRIMARY KEY, body {BLOB} NOT NULL);
CREATE TABLE ledger_index (
    seq {INTEGER} PRIMARY KEY,
    at BIGINT NOT NULL,
    person {BLOB},
    action {TEXT} NOT NULL,
    object {TEXT},
    outcome BIGINT NOT NULL,
    leaf {BLOB} NOT NULL
);
CREATE INDEX ledger_index_at ON ledger_index (at, seq);
CREATE INDEX ledger_index_person ON ledger_index (person, at, seq);
CREATE INDEX ledger_index_action ON ledger_index (action, at, seq);
CREATE INDEX ledger_index_object ON ledger_index (object, at, seq);
CREATE INDEX ledger_index_outcome ON ledger_index (outcome, at, seq) WHERE outcome <> 0;
CREATE TABLE ledger_tile (level BIGINT NOT NULL, idx BIGINT NOT NULL, hashes {BLOB} NOT NULL, PRIMARY KEY (level, idx));
CREATE TABLE ledger_checkpoint (size {INTEGER} PRIMARY KEY, root {BLOB} NOT NULL, at BIGINT NOT NULL, note TEXT NOT NULL);
",
}];
