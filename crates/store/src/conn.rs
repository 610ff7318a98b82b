//! What a job gets: a connection inside a transaction.

use kernel::Timestamp;

use crate::engine::Engine;
use crate::error::Error;
use crate::param::Param;
use crate::row::Row;

/// A subject's wrapped keys, as `vault` makes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRow {
    /// The wrapped key of confidential data.
    pub confidential: Vec<u8>,
    /// The wrapped key of restricted data.
    pub restricted: Vec<u8>,
    /// The version of the KEK that wraps them.
    pub kek: i64,
    /// When they were made, in microseconds since 1970.
    pub created_at: i64,
}

/// A change to the key store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum KeyChange {
    Put([u8; 16], KeyRow),
    Destroy([u8; 16], Timestamp),
    Rewrap([u8; 16], KeyRow),
}

/// A connection inside a transaction. Placeholders are `$1` … `$n`, numbered in order of first use.
///
/// A statement that fails fails its job, also when the job goes on: nothing of it is saved (PostgreSQL cannot do
/// otherwise, and both engines behave alike). Use `ON CONFLICT` where a conflict is expected.
pub trait Conn {
    /// Which engine.
    fn engine(&self) -> Engine;

    /// All rows of a query.
    fn query(&mut self, sql: &str, params: &[Param<'_>]) -> Result<Vec<Row>, Error>;

    /// Visits the rows of a query one by one, without keeping them, until the visitor says `false`. Read large
    /// tables in steps (`WHERE seq >= $1 ORDER BY seq LIMIT …`): PostgreSQL's answer waits in memory.
    fn query_each(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        visit: &mut dyn FnMut(&Row) -> Result<bool, Error>,
    ) -> Result<(), Error>;

    /// Runs one statement; how many rows it changed.
    fn execute(&mut self, sql: &str, params: &[Param<'_>]) -> Result<u64, Error>;

    /// Runs statements without parameters: for DDL.
    fn batch(&mut self, sql: &str) -> Result<(), Error>;

    /// Keeps a new subject's keys. They become durable before the job's data, and visible in `keys.subject_key` from
    /// the next transaction on. A subject that has keys already fails the job with `Duplicate`. Write jobs only.
    fn put_key(&mut self, subject: &[u8; 16], row: KeyRow) -> Result<(), Error>;

    /// Destroys a subject's keys for good: nothing sealed with them can be read again. Write jobs only.
    fn destroy_key(&mut self, subject: &[u8; 16], at: Timestamp) -> Result<(), Error>;

    /// Replaces the wrapping of a subject's keys (rotation). Destroyed keys stay destroyed. Write jobs only.
    fn rewrap_key(&mut self, subject: &[u8; 16], row: KeyRow) -> Result<(), Error>;
}

/// Applies changes to `keys.subject_key` in the connection's own transaction.
pub(crate) fn apply_keys(conn: &mut dyn Conn, changes: &[KeyChange]) -> Result<(), Error> {
    let puts: Vec<(&[u8; 16], &KeyRow)> = changes
        .iter()
        .filter_map(
            |change| if let KeyChange::Put(subject, row) = change { Some((subject, row)) } else { None },
        )
        .collect();
    if !puts.is_empty() {
        conn.execute(
            "INSERT INTO keys.subject_key(subject, confidential, restricted, kek, created_at) \
             SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::bytea[], $4::bigint[], $5::bigint[])",
            &[
                Param::IdList(&puts.iter().map(|(subject, _)| **subject).collect::<Vec<_>>()),
                Param::BlobList(&puts.iter().map(|(_, row)| row.confidential.clone()).collect::<Vec<_>>()),
                Param::BlobList(&puts.iter().map(|(_, row)| row.restricted.clone()).collect::<Vec<_>>()),
                Param::IntList(&puts.iter().map(|(_, row)| row.kek).collect::<Vec<_>>()),
                Param::IntList(&puts.iter().map(|(_, row)| row.created_at).collect::<Vec<_>>()),
            ],
        )?;
    }
    for change in changes {
        change_key(conn, change, "keys.subject_key")?;
    }
    Ok(())
}

fn change_key(conn: &mut dyn Conn, change: &KeyChange, table: &str) -> Result<(), Error> {
    match change {
        KeyChange::Put(..) => {}
        KeyChange::Destroy(subject, at) => {
            let sql = format!(
                "UPDATE {table} SET destroyed_at = $1, confidential = NULL, restricted = NULL \
                 WHERE subject = $2 AND destroyed_at IS NULL"
            );
            conn.execute(&sql, &[at.into(), subject.into()])?;
        }
        KeyChange::Rewrap(subject, row) => {
            let sql = format!(
                "UPDATE {table} SET confidential = $1, restricted = $2, kek = $3 \
                 WHERE subject = $4 AND destroyed_at IS NULL"
            );
            let params = [
                Param::Blob(&row.confidential),
                Param::Blob(&row.restricted),
                row.kek.into(),
                subject.into(),
            ];
            conn.execute(&sql, &params)?;
        }
    }
    Ok(())
}
