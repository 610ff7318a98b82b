//! The embedded engine: SQLite with SQLCipher. One file for the data, a small one beside it for the subjects' keys.

mod bind;
mod log;
mod open;
mod session;

pub(crate) use open::Folder;
pub use open::SqliteKeys;
pub(crate) use session::SqliteSession;

use crate::error::Error;

/// SQLite's words, without values: bound parameters never show in them, only the search language of FTS5 does.
fn error(error: rusqlite::Error) -> Error {
    use rusqlite::{Error as Lite, ErrorCode};
    match error {
        Lite::SqliteFailure(code, message) => {
            let message = message.filter(|m| !m.starts_with("fts5")).unwrap_or_default();
            match code.code {
                ErrorCode::ConstraintViolation => {
                    let name = message.rsplit(": ").next().unwrap_or_default().to_owned();
                    match code.extended_code {
                        rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE
                        | rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY
                        | rusqlite::ffi::SQLITE_CONSTRAINT_ROWID => Error::Duplicate(name),
                        _ => Error::Constraint(name),
                    }
                }
                ErrorCode::DiskFull | ErrorCode::SystemIoFailure | ErrorCode::OutOfMemory => {
                    Error::NotSaved(code.to_string())
                }
                _ => Error::Sql { code: code.extended_code.to_string(), message },
            }
        }
        Lite::SqlInputError { error, msg, .. } => {
            Error::Sql { code: error.extended_code.to_string(), message: msg }
        }
        Lite::InvalidParameterCount(given, wanted) => Error::Sql {
            code: "params".to_owned(),
            message: format!("{given} parameters given, {wanted} wanted"),
        },
        Lite::InvalidColumnType(..)
        | Lite::FromSqlConversionFailure(..)
        | Lite::IntegralValueOutOfRange(..) => Error::Column,
        Lite::MultipleStatement => {
            Error::Sql { code: "multiple".to_owned(), message: "one statement at a time".to_owned() }
        }
        _ => Error::Sql { code: "sqlite".to_owned(), message: String::new() },
    }
}
