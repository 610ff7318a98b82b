//! Import: files become records, row by row accounted for, resumable after any crash.
//!
//! The file is spooled in sealed chunks inside the workspace (no clear temporary file) and goes when the run is done.
//! Threads read, check and seal chunks of rows; one job of the writer judges a chunk against what is there and writes
//! it together with the run's position and counters: no duplicate slips in between, and after kill -9 the run goes on
//! exactly where it was. Every row ends as created, updated, skipped or failed; the numbers always add up to the rows
//! read.

mod answers;
mod batch;
mod cells;
mod judge;
mod lookup;
mod pipeline;
mod prepare;
mod run;
mod source;
mod spool;
mod state;
mod steps;
mod sweep;
mod upload;
mod view;

use store::Migration;

pub use answers::{CheckReport, ImportList, RowsPage};
pub(crate) use lookup::Token;
pub(crate) use run::{Runner, resume_interrupted};
pub use source::{FileError, Format, Rows};
pub use state::{Duplicates, Mapping, Options};
pub use upload::Upload;
pub use view::{ImportLook, ImportNumbers, ImportView};

/// Largest file, in bytes.
pub const MAX_FILE: u64 = 200 * 1024 * 1024;
/// Rows per write job: one commit. Long enough that rows which scatter over an index share its pages, short enough
/// (a fifth of a second) that people's own writes hardly wait.
pub(crate) const CHUNK: usize = 4_000;
/// Characters after which a chunk ends early: mails are long.
pub(crate) const CHUNK_TEXT: usize = 8 << 20;

/// Tables of imports.
pub(crate) const MIGRATION: Migration = Migration {
    name: "records-import",
    sql: "CREATE TABLE import(id {BLOB} PRIMARY KEY, object TEXT NOT NULL, format TEXT NOT NULL, state TEXT NOT NULL, \
          created_by {BLOB} NOT NULL, created_at BIGINT NOT NULL, sealed {BLOB} NOT NULL, mapping TEXT NOT NULL, \
          options TEXT NOT NULL, bytes BIGINT NOT NULL, done BIGINT NOT NULL, counters TEXT NOT NULL, total BIGINT, \
          error TEXT, started_at BIGINT, finished_at BIGINT);
          CREATE TABLE import_chunk(import {BLOB} NOT NULL, n BIGINT NOT NULL, sealed {BLOB} NOT NULL, PRIMARY KEY(import, n));
          CREATE TABLE import_row(import {BLOB} NOT NULL, line BIGINT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, \
          record {BLOB}, sealed {BLOB}, PRIMARY KEY(import, line, kind));",
};
/// Where the run under way began, for its speed.
pub(crate) const BEGAN: Migration = Migration {
    name: "records-import-began",
    sql: "ALTER TABLE import ADD COLUMN began BIGINT NOT NULL DEFAULT 0",
};
