//! Import: files become records, row by row accounted for, resumable after any crash.
//!
//! The file is spooled in sealed chunks inside the workspace (no clear temporary file). A run reads a chunk of rows,
//! checks and seals them on its own thread, and writes them in one job together with the run's position and
//! counters: after kill -9 it goes on exactly where it was. Every row ends as created, updated, skipped or failed;
//! the numbers always add up to the rows read.

mod answers;
mod batch;
mod judge;
mod lookup;
mod prepare;
mod run;
mod source;
mod spool;
mod state;
mod steps;

use store::Migration;

pub use answers::{CheckReport, ImportList, RowsPage};
pub(crate) use run::{Runner, resume_interrupted};
pub use source::{FileError, Format, Rows};
pub use state::{Duplicates, ImportView, Mapping, Options};
pub use steps::Upload;

/// Largest file, in bytes.
pub const MAX_FILE: u64 = 200 * 1024 * 1024;
/// Rows per write job: one commit, short enough that people's own writes do not wait.
pub(crate) const CHUNK: usize = 1_000;

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
