//! Migrations: named steps of the schema, each in a transaction of its own.

use crate::conn::Conn;
use crate::engine::Engine;
use crate::error::Error;
use crate::store::Store;

/// A step of the schema. Steps that were released are never edited: add another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Migration {
    /// Unique and stable, such as `ledger/1`.
    pub name: &'static str,
    /// SQL for both engines; `{BLOB}` and `{TEXT}` become the engine's types.
    pub sql: &'static str,
}

/// This crate's own; the first set of every `migrate`.
pub const OWN: &[Migration] = &[Migration {
    name: "store/1",
    sql: "CREATE TABLE settings(key {TEXT} PRIMARY KEY, value TEXT NOT NULL);
          CREATE TABLE job(
              id {BLOB} PRIMARY KEY, kind {TEXT} NOT NULL, payload TEXT NOT NULL, state BIGINT NOT NULL,
              run_at BIGINT NOT NULL, lease_until BIGINT, fence BIGINT NOT NULL, attempts BIGINT NOT NULL,
              error_key TEXT);
          CREATE INDEX job_due ON job(kind, state, run_at);",
}];

/// The key store's only table. It lives in its own file or schema and is there before any migration runs.
pub(crate) fn keys_table(engine: Engine) -> String {
    let schema = if engine == Engine::Postgres { "keys." } else { "" };
    engine.words(&format!(
        "CREATE TABLE IF NOT EXISTS {schema}subject_key(
             subject {{BLOB}} PRIMARY KEY, confidential {{BLOB}}, restricted {{BLOB}}, kek BIGINT NOT NULL,
             created_at BIGINT NOT NULL, destroyed_at BIGINT)"
    ))
}

impl Store {
    /// Brings the schema up to date by the given steps in order ([`OWN`] first). Each runs once, in its own transaction;
    /// blocks until all are durable.
    ///
    /// # Errors
    /// `Newer` when the database knows steps that this program does not: nothing was changed then.
    pub fn migrate(&self, sets: &[&[Migration]]) -> Result<(), Error> {
        let steps: Vec<Migration> = sets.iter().copied().flatten().copied().collect();
        for (i, step) in steps.iter().enumerate() {
            if steps[..i].iter().any(|other| other.name == step.name) {
                return Err(Error::TwoMigrations(step.name.to_owned()));
            }
        }
        let applied = self.write_blocking(|conn| {
            let table = "CREATE TABLE IF NOT EXISTS schema_version(name {TEXT} PRIMARY KEY, position BIGINT NOT NULL)";
            conn.batch(&conn.engine().words(table))?;
            names(conn)
        })?;
        if let Some(unknown) =
            applied.iter().find(|name| !steps.iter().any(|step| step.name == name.as_str()))
        {
            return Err(Error::Newer(unknown.clone()));
        }
        for step in steps {
            if applied.iter().any(|name| name == step.name) {
                continue;
            }
            self.write_blocking(move |conn| apply(conn, step))
                .map_err(|cause| Error::Migration { name: step.name.to_owned(), cause: Box::new(cause) })?;
        }
        Ok(())
    }
}

fn names(conn: &mut dyn Conn) -> Result<Vec<String>, Error> {
    let rows = conn.query("SELECT name FROM schema_version ORDER BY position", &[])?;
    rows.iter().map(|row| row.get_text(0).map(str::to_owned)).collect()
}

fn apply(conn: &mut dyn Conn, step: Migration) -> Result<(), Error> {
    conn.batch(&conn.engine().words(step.sql))?;
    let position = names(conn)?.len();
    let position = i64::try_from(position).unwrap_or(i64::MAX);
    let sql = "INSERT INTO schema_version(name, position) VALUES ($1, $2)";
    conn.execute(sql, &[step.name.into(), position.into()])?;
    Ok(())
}
