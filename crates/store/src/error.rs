//! What can go wrong below. Carries no values.

/// A failure of the store.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The SQLite engine.
    #[error("the embedded database failed: {0}")]
    Sqlite(String),
    /// The PostgreSQL engine.
    #[error("PostgreSQL failed: {0}")]
    Postgres(String),
    /// A column is missing or of another type.
    #[error("a stored value is not of the expected type")]
    Column,
    /// The key does not open the file, or the file is no database.
    #[error("the database does not open with this key; check the root key and the data folder")]
    WrongKey,
    /// Another server works on the same data.
    #[error("another shouxin serves this data; stop it first")]
    InUse,
    /// The data was written by a newer program.
    #[error("the data has schema step {0}, which this program does not know; use the newer program")]
    Newer(String),
    /// A job panicked; its work is undone.
    #[error("a database job failed unexpectedly; its work was undone")]
    Panicked,
    /// The commit that was to make a job durable failed; nothing of it is kept.
    #[error("the change could not be made durable and was undone: {0}")]
    Commit(String),
    /// The store is shutting down.
    #[error("the store is closed")]
    Closed,
    /// A name that cannot be an identifier.
    #[error("{0} is not a valid name")]
    Identifier(String),
    /// A condition on a field that SQL cannot see.
    #[error("{0} is encrypted and cannot be filtered by")]
    NotFilterable(String),
    /// The file system.
    #[error("file access failed: {0}")]
    Io(#[from] std::io::Error),
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        // The message of a constraint names columns, never values.
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::NotADatabase) => Self::WrongKey,
            _ => Self::Sqlite(error.to_string()),
        }
    }
}

impl From<postgres::Error> for Error {
    fn from(error: postgres::Error) -> Self {
        // The server's detail may quote values ("Key (phone)=(...) already exists"): only code and message are kept.
        Self::Postgres(
            error
                .as_db_error()
                .map_or_else(|| error.to_string(), |e| format!("{} {}", e.code().code(), e.message())),
        )
    }
}
