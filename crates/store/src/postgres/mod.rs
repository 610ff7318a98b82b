//! The server engine: PostgreSQL through tokio-postgres, each connection on its own thread.
//!
//! Why not the synchronous `postgres` crate: it cannot send a statement before the answer to the one before. Here
//! `BEGIN` and `SAVEPOINT` travel together with the first statement after them (docs/decisions/0005).

mod bind;
mod lease;
mod link;
mod session;
mod transaction;

pub(crate) use link::Address;
pub(crate) use session::{Epoch, PgSession};

use tokio_postgres::error::SqlState;

use crate::error::Error;

/// PostgreSQL's words, without values: details and messages about data may quote them, so only codes and names pass.
fn error(error: &tokio_postgres::Error) -> Error {
    let Some(db) = error.as_db_error() else {
        if error.is_closed() || error.to_string().contains("communicating") {
            return Error::Unreachable("the connection is closed".to_owned());
        }
        let message = error.to_string();
        return match std::error::Error::source(error).and_then(|s| s.downcast_ref::<std::io::Error>()) {
            Some(io) => Error::Unreachable(io.to_string()),
            None if message.contains("serializing parameter") => {
                Error::Sql { code: "params".to_owned(), message }
            }
            None if message.contains("deserializing") => Error::Column,
            None => Error::Sql { code: "client".to_owned(), message },
        };
    };
    let name = || db.constraint().or(db.column()).or(db.table()).unwrap_or_default().to_owned();
    let code = db.code();
    match code {
        code if *code == SqlState::UNIQUE_VIOLATION => Error::Duplicate(name()),
        code if code.code().starts_with("23") => Error::Constraint(name()),
        code if code.code().starts_with("53") || code.code().starts_with("58") => {
            Error::NotSaved(code.code().to_owned())
        }
        code if code.code().starts_with("57P") => Error::Unreachable(code.code().to_owned()),
        code => {
            // Classes whose messages speak of schema, transactions and rights; others may quote data.
            let speaks = ["08", "0A", "25", "26", "28", "3D", "3F", "40", "42", "55"];
            let speaks = speaks.iter().any(|class| code.code().starts_with(class));
            let message = if speaks { db.message().to_owned() } else { String::new() };
            Error::Sql { code: code.code().to_owned(), message }
        }
    }
}

/// Runs statements on a connection of their own, outside of any store.
pub(crate) fn command(url: &str, sql: &str) -> Result<(), Error> {
    let address = Address::parse(url)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|e| Error::Unreachable(e.to_string()))?;
    let link = link::Link::open(&runtime, &address, "")?;
    runtime.block_on(link.client.batch_execute(sql)).map_err(|e| error(&e))
}
