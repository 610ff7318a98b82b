//! A connection as the reader and writer threads drive it.

use std::time::Duration;

use kernel::Timestamp;
use rusqlite::Connection;

use super::bind::{bind, read};
use super::error;
use super::log::Log;
use super::open::{Access, BUSY, Folder};
use crate::conn::{Conn, KeyChange, KeyRow};
use crate::engine::Engine;
use crate::error::Error;
use crate::param::Param;
use crate::row::Row;
use crate::session::Session;

/// A reader's or the writer's connection.
///
/// The writer's sees `keys` read-only and writes keys through a second connection: that one commits first. With one
/// connection, SQLite would commit the two files of a transaction in its own order.
pub(crate) struct SqliteSession {
    /// Of the writer. Before `main`, for its mover has to close first: the last connection that closes removes the log.
    log: Option<Log>,
    main: Connection,
    keys: Option<KeyFile>,
    failed: bool,
}

struct KeyFile {
    conn: Connection,
    begun: bool,
    pending: Vec<KeyChange>,
    shred: Shred,
}

/// Whether old images of destroyed keys may still be in the WAL.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shred {
    Nothing,
    /// Keys were destroyed in the transaction.
    AtCommit,
    /// And it was committed.
    Due,
}

impl SqliteSession {
    pub(crate) fn reader(folder: &Folder) -> Result<Self, Error> {
        Self::connect(folder, Access::Read)
    }

    pub(crate) fn writer(folder: &Folder) -> Result<Self, Error> {
        let mut session = Self::connect(folder, Access::Write)?;
        if let Some(keys) = &folder.keys {
            let conn = keys.connect(Access::Write)?;
            session.keys = Some(KeyFile { conn, begun: false, pending: Vec::new(), shred: Shred::Nothing });
        }
        session.log = Some(Log::of(&folder.main, &session.main)?);
        Ok(session)
    }

    fn connect(folder: &Folder, access: Access) -> Result<Self, Error> {
        let main = folder.main.connect(access)?;
        if let Some(keys) = &folder.keys {
            keys.attach_to(&main)?;
        }
        Ok(Self { log: None, main, keys: None, failed: false })
    }

    fn run(&mut self, sql: &str) -> Result<(), Error> {
        self.main.prepare_cached(sql).and_then(|mut s| s.execute([])).map(|_| ()).map_err(error)
    }

    fn note<T>(&mut self, result: Result<T, Error>) -> Result<T, Error> {
        self.failed |= result.is_err();
        result
    }

    fn key_change(&mut self, change: KeyChange) -> Result<(), Error> {
        self.keys.as_mut().ok_or(Error::NoKeys)?.pending.push(change);
        Ok(())
    }
}

impl Conn for SqliteSession {
    fn engine(&self) -> Engine {
        Engine::Sqlite
    }

    fn query(&mut self, sql: &str, params: &[Param<'_>]) -> Result<Vec<Row>, Error> {
        let mut out = Vec::new();
        let result = rows(&self.main, sql, params, |row, columns, size| {
            let mut copy = Row::with_capacity(columns, *size);
            read(row, columns, &mut copy)?;
            *size = copy.size();
            out.push(copy);
            Ok(true)
        });
        self.note(result).map(|()| out)
    }

    fn query_each(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        visit: &mut dyn FnMut(&Row) -> Result<bool, Error>,
    ) -> Result<(), Error> {
        let mut copy = Row::default();
        let result = rows(&self.main, sql, params, |row, columns, _| {
            copy.clear();
            read(row, columns, &mut copy)?;
            visit(&copy)
        });
        self.note(result)
    }

    fn execute(&mut self, sql: &str, params: &[Param<'_>]) -> Result<u64, Error> {
        let result = self.main.prepare_cached(sql).map_err(error).and_then(|mut statement| {
            bind(&mut statement, params)?;
            statement.raw_execute().map(|n| n as u64).map_err(error)
        });
        self.note(result)
    }

    fn batch(&mut self, sql: &str) -> Result<(), Error> {
        let result = self.main.execute_batch(sql).map_err(error);
        self.note(result)
    }

    fn put_key(&mut self, subject: &[u8; 16], row: KeyRow) -> Result<(), Error> {
        self.key_change(KeyChange::Put(*subject, row))
    }

    fn destroy_key(&mut self, subject: &[u8; 16], at: Timestamp) -> Result<(), Error> {
        self.key_change(KeyChange::Destroy(*subject, at))
    }

    fn rewrap_key(&mut self, subject: &[u8; 16], row: KeyRow) -> Result<(), Error> {
        self.key_change(KeyChange::Rewrap(*subject, row))
    }
}

/// Visits the rows of a query until `visit` says no. It gets the size of the row before to guess the next one's.
fn rows(
    conn: &Connection,
    sql: &str,
    params: &[Param<'_>],
    mut visit: impl FnMut(&rusqlite::Row<'_>, usize, &mut usize) -> Result<bool, Error>,
) -> Result<(), Error> {
    let mut statement = conn.prepare_cached(sql).map_err(error)?;
    bind(&mut statement, params)?;
    let mut rows = statement.raw_query();
    let mut size = 0;
    while let Some(row) = rows.next().map_err(error)? {
        // Asked of the row: the first step prepares anew when the schema has changed.
        let columns = row.as_ref().column_count();
        if !visit(row, columns, &mut size)? {
            break;
        }
    }
    Ok(())
}

impl Session for SqliteSession {
    fn begin(&mut self) -> Result<(), Error> {
        self.failed = false;
        // Deferred also for the writer: IMMEDIATE would lock the attached keys, and nobody else writes this file.
        self.run("BEGIN")
    }

    fn begin_statement(&mut self) -> Result<(), Error> {
        self.failed = false;
        Ok(())
    }

    fn failed(&self) -> bool {
        self.failed
    }

    fn savepoint(&mut self) -> Result<(), Error> {
        self.failed = false;
        self.run("SAVEPOINT job")
    }

    fn rollback_to(&mut self) -> Result<(), Error> {
        self.failed = false;
        if let Some(keys) = &mut self.keys {
            keys.pending.clear();
        }
        if self.main.is_autocommit() {
            // SQLite rolls back by itself when the disk is full or fails.
            return Err(Error::NotSaved("the transaction was rolled back".to_owned()));
        }
        self.run("ROLLBACK TO job")
    }

    fn flush_keys(&mut self) -> Result<(), Error> {
        self.keys.as_mut().map_or(Ok(()), KeyFile::flush)
    }

    fn commit(&mut self) -> Result<(), Error> {
        // Keys first: data never exists without its key, an orphan key harms nobody.
        let result = self.keys.as_mut().map_or(Ok(()), KeyFile::commit).and_then(|()| self.run("COMMIT"));
        if result.is_err() {
            self.rollback();
        } else if let Some(log) = &mut self.log {
            log.look(&self.main);
        }
        self.idle();
        result
    }

    fn rollback(&mut self) {
        self.failed = false;
        if let Some(keys) = &mut self.keys {
            keys.rollback();
        }
        if !self.main.is_autocommit()
            && let Err(error) = self.run("ROLLBACK")
        {
            tracing::error!(%error, "a rollback failed");
        }
    }

    fn idle(&mut self) {
        if let Some(keys) = &mut self.keys {
            keys.shred();
        }
    }

    fn keeps_snapshots(&self) -> bool {
        self.log.is_none()
    }

    fn log_is_full(&self) -> bool {
        self.log.as_ref().is_some_and(Log::is_full)
    }

    fn begin_log_anew(&mut self) {
        if let Some(log) = &mut self.log {
            log.begin_anew(&self.main);
        }
    }
}

/// How long a checkpoint that shreds keys may wait for readers; it is tried again when there is nothing to do.
const SHRED_PATIENCE: Duration = Duration::from_millis(20);

impl KeyFile {
    /// Empties the WAL: `secure_delete` overwrites destroyed keys in the file, not in the log of changes to it.
    fn shred(&mut self) {
        if self.shred != Shred::Due {
            return;
        }
        let truncate = |row: &rusqlite::Row<'_>| row.get::<_, i64>(0);
        let done = self
            .conn
            .busy_timeout(SHRED_PATIENCE)
            .and_then(|()| self.conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], truncate));
        if matches!(done, Ok(0)) {
            self.shred = Shred::Nothing;
        }
        let _ = self.conn.busy_timeout(BUSY);
    }

    /// Writes the changes of a job that has succeeded.
    fn flush(&mut self) -> Result<(), Error> {
        if self.pending.is_empty() {
            return Ok(());
        }
        if !self.begun {
            self.conn.execute_batch("BEGIN IMMEDIATE").map_err(error)?;
            self.begun = true;
        }
        self.conn.execute_batch("SAVEPOINT job").map_err(error)?;
        let pending = std::mem::take(&mut self.pending);
        let result = pending.iter().try_for_each(|change| self.apply(change));
        if pending.iter().any(|change| matches!(change, KeyChange::Destroy(..)))
            && self.shred == Shred::Nothing
        {
            self.shred = Shred::AtCommit;
        }
        let end = if result.is_ok() { "RELEASE job" } else { "ROLLBACK TO job; RELEASE job" };
        self.conn.execute_batch(end).map_err(error)?;
        result
    }

    fn apply(&self, change: &KeyChange) -> Result<(), Error> {
        let (sql, params): (_, &[Param<'_>]) = match change {
            KeyChange::Put(subject, row) => (
                "INSERT INTO subject_key(subject, confidential, restricted, kek, created_at) VALUES ($1, $2, $3, $4, $5)",
                &[
                    subject.into(),
                    Param::Blob(&row.confidential),
                    Param::Blob(&row.restricted),
                    row.kek.into(),
                    row.created_at.into(),
                ],
            ),
            KeyChange::Destroy(subject, at) => (
                "UPDATE subject_key SET destroyed_at = $1, confidential = NULL, restricted = NULL \
                 WHERE subject = $2 AND destroyed_at IS NULL",
                &[at.into(), subject.into()],
            ),
            KeyChange::Rewrap(subject, row) => (
                "UPDATE subject_key SET confidential = $1, restricted = $2, kek = $3 \
                 WHERE subject = $4 AND destroyed_at IS NULL",
                &[
                    Param::Blob(&row.confidential),
                    Param::Blob(&row.restricted),
                    row.kek.into(),
                    subject.into(),
                ],
            ),
        };
        let mut statement = self.conn.prepare_cached(sql).map_err(error)?;
        bind(&mut statement, params)?;
        statement.raw_execute().map(|_| ()).map_err(error)
    }

    fn commit(&mut self) -> Result<(), Error> {
        if std::mem::take(&mut self.begun) {
            self.conn.execute_batch("COMMIT").map_err(error)?;
            if self.shred == Shred::AtCommit {
                self.shred = Shred::Due;
            }
        }
        Ok(())
    }

    fn rollback(&mut self) {
        self.pending.clear();
        if std::mem::take(&mut self.begun) || !self.conn.is_autocommit() {
            let _ = self.conn.execute_batch("ROLLBACK");
        }
    }
}
