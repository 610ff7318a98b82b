//! Schema steps: named, ordered, each applied once in a transaction of its own.

use std::collections::BTreeSet;

use crate::conn::Conn;
use crate::error::Error;
use crate::param::Param;

/// One step. Never changed once released; later steps mend earlier ones.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// Unique.
    pub name: &'static str,
    /// Statements for both engines, with `{BLOB}` and `{TEXT}`.
    pub sql: &'static str,
}

/// The store's own tables.
pub const OWN: &[Migration] = &[Migration {
    name: "store-1",
    sql: "CREATE TABLE settings(key TEXT PRIMARY KEY, value TEXT NOT NULL);
          CREATE TABLE object_table(name TEXT PRIMARY KEY);",
}];

/// The steps that were applied.
pub(crate) fn applied(conn: &mut dyn Conn) -> Result<BTreeSet<String>, Error> {
    conn.batch("CREATE TABLE IF NOT EXISTS schema_step(name TEXT PRIMARY KEY, n BIGINT NOT NULL)")?;
    conn.query("SELECT name FROM schema_step", &[])?
        .iter()
        .map(|r| r.get_text(0).map(str::to_owned))
        .collect()
}

/// Refuses data that knows steps which this program does not.
pub(crate) fn check(all: &[Migration], known: &BTreeSet<String>) -> Result<(), Error> {
    match known.iter().find(|name| !all.iter().any(|m| m.name == *name)) {
        Some(name) => Err(Error::Newer(name.clone())),
        None => Ok(()),
    }
}

/// Applies one step.
pub(crate) fn apply(conn: &mut dyn Conn, migration: &Migration) -> Result<(), Error> {
    let sql = conn.engine().words(migration.sql);
    conn.batch(&sql)?;
    conn.execute(
        "INSERT INTO schema_step(name, n) SELECT $1, count(*) FROM schema_step",
        &[Param::Text(migration.name)],
    )?;
    Ok(())
}
