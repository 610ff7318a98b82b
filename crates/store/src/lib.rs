//! The store: SQLite (SQLCipher) and PostgreSQL behind one executor.
//!
//! One writer thread per workspace commits many jobs at once (docs/decisions/0001); N reader threads give each
//! closure one snapshot. Jobs are synchronous closures over [`Conn`]; SQL is one text for both engines.
//! It promises: a job that fails leaves nothing behind; an answered write is durable; subject keys are durable
//! before the data they protect. It knows nothing of permissions or of what the bytes mean.

pub mod cluster;
mod conn;
pub mod ddl;
mod error;
pub mod migrations;
mod param;
mod postgres;
mod row;
pub mod settings;
mod sql;
mod sqlite;
mod store;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod workers;

pub use conn::{Conn, Engine, KeyRow};
pub use error::Error;
pub use migrations::Migration;
pub use param::{OwnedParam, Param};
pub use row::Row;
pub use sql::Sql;
pub use store::{Options, SqliteKeys, Store};
