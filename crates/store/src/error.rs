//! What can go wrong. Errors carry names and codes, never values (DESIGN 3.8).

use std::path::PathBuf;

/// Why the store could not do it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A unique value is there already. Names the constraint or its columns.
    #[error("already exists ({0})")]
    Duplicate(String),
    /// A row breaks a constraint other than uniqueness.
    #[error("a constraint of the database refuses this ({0})")]
    Constraint(String),
    /// The SQL is wrong, or the database failed while running it.
    #[error("the database refused a statement: {code} {message}")]
    Sql {
        /// SQLSTATE, or SQLite's extended result code.
        code: String,
        /// What the database said, when that cannot hold values.
        message: String,
    },
    /// A column is missing or of another type than asked for.
    #[error("a column of the answer is not of the expected type")]
    Column,
    /// An encrypted field: SQL cannot see it.
    #[error("{0} is encrypted and cannot be filtered by; use search instead")]
    NotFilterable(String),
    /// Not usable as a name in SQL.
    #[error("{0:?} is not a name: use a-z, 0-9 and _, begin with a letter, at most 63")]
    BadName(String),
    /// A table of this name exists and is not an object's.
    #[error("the name {0} is taken by a table of the system; choose another name")]
    NameTaken(String),
    /// The job panicked; its changes were rolled back.
    #[error("the job stopped unexpectedly; nothing of it was saved")]
    Panicked,
    /// The job went on after one of its statements had failed; its changes were rolled back.
    #[error("a statement of the job failed and the job went on; nothing of it was saved")]
    Ignored,
    /// Disk full, I/O error: the transaction was rolled back whole.
    #[error("the database could not save the change ({0}); nothing was saved; see to the disk and try again")]
    NotSaved(String),
    /// The connection broke while the change was being committed.
    #[error(
        "the connection to the database broke during the commit; look whether the change is there before repeating it"
    )]
    Unknown,
    /// The database server cannot be reached, or closed the connection.
    #[error("the database server does not answer ({0})")]
    Unreachable(String),
    /// The address of the database server cannot be used.
    #[error("the database address cannot be used: {0}")]
    BadAddress(String),
    /// The store is shutting down.
    #[error("the store is closed")]
    Closed,
    /// Another process serves this folder.
    #[error("another shouxin serves {}; stop it first, or give this one another folder", .0.display())]
    FolderBusy(PathBuf),
    /// Another process writes to this database.
    #[error(
        "another shouxin writes to this database; stop it first (its lease ends by itself {0} s after it dies)"
    )]
    DatabaseBusy(i64),
    /// Another server has taken the writer's place.
    #[error("another shouxin has taken over this database; this one no longer writes")]
    Superseded,
    /// The file cannot be opened with this key.
    #[error("{} cannot be opened: the key does not belong to it, or the file is damaged", .0.display())]
    WrongKey(PathBuf),
    /// The file is not encrypted.
    #[error("{} is not encrypted; this is not a file of ours", .0.display())]
    NotEncrypted(PathBuf),
    /// The file or folder cannot be used.
    #[error("{}: {message}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// The operating system's words.
        message: String,
    },
    /// The database was written by a newer version.
    #[error(
        "the database was written by a newer version of shouxin (it knows {0}); update this server first"
    )]
    Newer(String),
    /// Two migrations share a name.
    #[error("two migrations are called {0}")]
    TwoMigrations(String),
    /// A migration failed; the ones before it are in force.
    #[error("migration {name} failed: {cause}")]
    Migration {
        /// Its name.
        name: String,
        /// Why.
        cause: Box<Error>,
    },
    /// The lease of a job is over, or somebody else has it.
    #[error("the job's lease is lost; another worker has it")]
    LeaseLost,
    /// A file without keys was asked to keep a key.
    #[error("this store keeps no keys")]
    NoKeys,
    /// PostgreSQL's programs are missing, or the cluster does not start.
    #[error("PostgreSQL: {0}")]
    Cluster(String),
}
