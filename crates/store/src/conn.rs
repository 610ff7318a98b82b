//! A connection as jobs see it.

use crate::error::Error;
use crate::param::Param;
use crate::row::Row;

/// Which engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// The embedded one.
    Sqlite,
    /// The server.
    Postgres,
}

impl Engine {
    /// The engine's words in a statement written for both: `{BLOB}`.
    #[must_use]
    pub fn words(self, sql: &str) -> String {
        match self {
            Self::Sqlite => sql.replace("{BLOB}", "BLOB").replace("{TEXT}", "TEXT"),
            Self::Postgres => sql.replace("{BLOB}", "BYTEA").replace("{TEXT}", "TEXT COLLATE \"C\""),
        }
    }
}

/// A subject's wrapped keys.
#[derive(Clone, Debug)]
pub struct KeyRow {
    /// Wrapped by the confidential KEK.
    pub confidential: Vec<u8>,
    /// Wrapped by the restricted KEK.
    pub restricted: Vec<u8>,
    /// Version of the KEKs.
    pub kek: i64,
    /// When, in microseconds since 1970.
    pub created_at: i64,
}

/// A connection inside a transaction.
pub trait Conn {
    /// Which engine.
    fn engine(&self) -> Engine;
    /// Runs a statement and gives its rows.
    ///
    /// # Errors
    /// When the engine refuses; so with all of these.
    fn query(&mut self, sql: &str, params: &[Param<'_>]) -> Result<Vec<Row>, Error>;
    /// Runs a statement and gives the number of rows it changed.
    fn execute(&mut self, sql: &str, params: &[Param<'_>]) -> Result<u64, Error>;
    /// Runs statements without parameters, such as DDL.
    fn batch(&mut self, sql: &str) -> Result<(), Error>;
    /// Keeps a new subject's keys; durable before the job's own work is.
    fn put_key(&mut self, subject: &[u8; 16], key: KeyRow) -> Result<(), Error>;
}
