//! Appending inside a write transaction: numbers are dense because they are taken where the rows are written.

use store::{Conn, Engine, Param};

use crate::disclosure::Receipt;
use crate::entry::Entry;
use crate::error::Error;
use crate::rows::{Insert, number, one_int};

static INSERT: Insert = Insert::new("ledger_entry (seq, body)", 2);

/// PostgreSQL numbers and writes a whole batch in one round trip.
const NUMBERED: &str = "\
    WITH written AS ( \
        INSERT INTO ledger_entry (seq, body) SELECT next.seq + new.place - 1, new.body \
        FROM (SELECT coalesce(max(seq) + 1, 0) AS seq FROM ledger_entry) next, \
             unnest(CAST($1 AS BYTEA[])) WITH ORDINALITY AS new (body, place) \
        RETURNING seq) \
    SELECT coalesce(min(seq), 0) FROM written";

/// Appends entries in the caller's transaction.
pub(crate) fn append(conn: &mut dyn Conn, entries: &[Entry]) -> Result<Receipt, Error> {
    let bodies = entries.iter().map(Entry::bytes).collect::<Result<Vec<_>, _>>()?;
    append_bodies(conn, &bodies)
}

/// Appends entries that are already encoded.
pub(crate) fn append_bodies(conn: &mut dyn Conn, bodies: &[Vec<u8>]) -> Result<Receipt, Error> {
    if bodies.is_empty() {
        return Err(Error::Unrecorded);
    }
    // One writer per workspace (docs/decisions/0001): nobody else takes the number meanwhile. Asking the table and
    // not a counter in memory keeps the numbers dense when a job rolls back.
    let first = match conn.engine() {
        Engine::Sqlite => insert(conn, bodies)?,
        Engine::Postgres => one_int(conn, NUMBERED, &[Param::BlobList(bodies)])?,
    };
    Ok(Receipt::new(number(first), bodies.len() as u64))
}

fn insert(conn: &mut dyn Conn, bodies: &[Vec<u8>]) -> Result<i64, store::Error> {
    let first = one_int(conn, "SELECT coalesce(max(seq) + 1, 0) FROM ledger_entry", &[])?;
    let mut params = Vec::with_capacity(2 * bodies.len());
    for (seq, body) in (first..).zip(bodies) {
        params.push(Param::Int(seq));
        params.push(Param::Blob(body));
    }
    INSERT.run(conn, &params)?;
    Ok(first)
}
