//! The store: SQLite (SQLCipher) and PostgreSQL behind one executor.
//!
//! **What it is for.** Everything that a workspace keeps in a database goes through a [`Store`]: [`Store::read`] runs
//! a closure against one snapshot, [`Store::write`] runs one in the workspace's single writer and answers when the
//! change is durable. SQL is one text for both engines ([`Sql`]); conditions become SQL in one place.
//!
//! **What it promises.** A write that was answered survives kill -9 and power loss (DESIGN 3.6). Jobs are atomic:
//! one that fails or panics leaves nothing behind and harms no other. A subject's key is durable before any data
//! sealed with it. The embedded files are encrypted, temporary data stays in memory (DESIGN 3.4). One server at a
//! time writes a workspace.
//!
//! **What it never does.** It knows no permissions and opens no sealed value; its errors carry no values.

pub mod cluster;
mod condition;
mod conn;
pub mod ddl;
mod engine;
mod error;
pub mod jobs;
pub mod migrations;
mod param;
mod postgres;
mod queue;
mod readers;
mod row;
mod session;
pub mod settings;
mod snapshots;
mod sql;
mod sqlite;
mod store;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod writer;

pub use conn::{Conn, KeyRow};
pub use engine::Engine;
pub use error::Error;
pub use jobs::{Job, Jobs};
pub use migrations::Migration;
pub use param::{OwnedParam, Param};
pub use row::Row;
pub use sql::{Ident, Sql};
pub use sqlite::SqliteKeys;
pub use store::{Options, Store};
