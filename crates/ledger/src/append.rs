//! Appending inside a write transaction: numbers are dense because they are taken where the rows are written.

use store::{Conn, Param};

use crate::disclosure::Receipt;
use crate::entry::Entry;
use crate::error::Error;
use crate::rows::Insert;

static INSERT: Insert = Insert::new("ledger_entry (seq, body)", 2);

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
    let first = next_seq(conn)?;
    let mut params = Vec::with_capacity(2 * bodies.len());
    for (seq, body) in (first..).zip(bodies) {
        params.push(Param::Int(seq));
        params.push(Param::Blob(body));
    }
    INSERT.run(conn, &params)?;
    Ok(Receipt::new(u64::try_from(first).unwrap_or(0), bodies.len() as u64))
}

/// The number that the next entry gets.
pub(crate) fn next_seq(conn: &mut dyn Conn) -> Result<i64, store::Error> {
    let rows = conn.query("SELECT coalesce(max(seq) + 1, 0) FROM ledger_entry", &[])?;
    rows.first().map_or(Ok(0), |row| row.get_int(0))
}
