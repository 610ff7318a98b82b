//! The embedded engine: SQLCipher files with raw keys, write-ahead logging, every commit synced.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::rc::Rc;

use rusqlite::types::{ToSqlOutput, Value as SqlValue, ValueRef};
use rusqlite::{Connection, OpenFlags, ToSql};
use zeroize::Zeroizing;

use crate::conn::{Conn, Engine, KeyRow};
use crate::error::Error;
use crate::param::Param;
use crate::row::{Cell, Row};

/// Page cache of the writer and of each reader, in KiB; allocated as it fills.
const CACHE_KIB: i64 = 64 * 1024;
/// Statements kept prepared per connection.
const STATEMENTS: usize = 256;

/// A file and its key.
#[derive(Clone)]
pub(crate) struct SqliteFile {
    pub(crate) path: PathBuf,
    pub(crate) key: Zeroizing<[u8; 32]>,
}

/// A connection to the workspace's file with the key store attached as `keys`.
pub(crate) struct SqliteConn {
    db: Connection,
    /// The writer's own connection to the key store: new keys commit there first.
    keys: Option<Connection>,
    keys_open: bool,
}

fn open(file: &SqliteFile) -> Result<Connection, Error> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(&file.path, flags)?;
    let mut pragma = Zeroizing::new(String::from("PRAGMA key = \""));
    pragma.push_str(&literal(&file.key));
    pragma.push_str("\";");
    db.execute_batch(&pragma)?;
    Ok(db)
}

/// A raw key in SQLCipher's notation: no passphrase derivation.
fn literal(key: &[u8; 32]) -> Zeroizing<String> {
    let mut out = Zeroizing::new(String::with_capacity(70));
    out.push_str("x'");
    for byte in key {
        let _ = write!(out, "{byte:02x}");
    }
    out.push('\'');
    out
}

fn tune(db: &Connection) -> Result<(), Error> {
    db.execute_batch(&format!(
        "PRAGMA cipher_memory_security = OFF; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
         PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON; PRAGMA cache_size = -{CACHE_KIB}; \
         PRAGMA busy_timeout = 10000; PRAGMA wal_autocheckpoint = 4000;"
    ))?;
    db.set_prepared_statement_cache_capacity(STATEMENTS);
    rusqlite::vtab::array::load_module(db)?;
    Ok(())
}

impl SqliteConn {
    /// The one writing connection.
    pub(crate) fn writer(main: &SqliteFile, keys: Option<&SqliteFile>) -> Result<Self, Error> {
        let own_keys = match keys {
            None => None,
            Some(file) => {
                let db = open(file)?;
                tune(&db)?;
                db.execute_batch(
                    "CREATE TABLE IF NOT EXISTS subject_key(subject BLOB PRIMARY KEY, confidential BLOB, restricted BLOB, \
                     kek INTEGER NOT NULL, created_at INTEGER NOT NULL, destroyed_at INTEGER) WITHOUT ROWID",
                )?;
                Some(db)
            }
        };
        let mut conn = Self::reader(main, keys)?;
        conn.keys = own_keys;
        Ok(conn)
    }

    /// A connection for reading; the caller makes it read-only by its transactions.
    pub(crate) fn reader(main: &SqliteFile, keys: Option<&SqliteFile>) -> Result<Self, Error> {
        let db = open(main)?;
        tune(&db)?;
        if let Some(keys) = keys {
            let path = keys.path.to_string_lossy().replace('\'', "''");
            let mut attach = Zeroizing::new(format!("ATTACH DATABASE '{path}' AS keys KEY \""));
            attach.push_str(&literal(&keys.key));
            attach.push('"');
            db.execute_batch(&attach)?;
            db.execute_batch("PRAGMA keys.synchronous = FULL; PRAGMA keys.cache_size = -16384;")?;
        }
        Ok(Self { db, keys: None, keys_open: false })
    }

    /// Commits the keys of this batch, before its data.
    pub(crate) fn commit_keys(&mut self) -> Result<(), Error> {
        if let (true, Some(keys)) = (self.keys_open, &self.keys) {
            self.keys_open = false;
            keys.execute_batch("COMMIT")?;
        }
        Ok(())
    }

    /// Forgets the keys of a batch that failed as a whole.
    pub(crate) fn rollback_keys(&mut self) {
        if let (true, Some(keys)) = (self.keys_open, &self.keys) {
            self.keys_open = false;
            let _ = keys.execute_batch("ROLLBACK");
        }
    }

    /// Makes the connection refuse to write.
    pub(crate) fn read_only(&self) -> Result<(), Error> {
        Ok(self.db.execute_batch("PRAGMA query_only = ON")?)
    }
}

struct Bound<'a>(&'a Param<'a>);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self.0 {
            Param::Null => ToSqlOutput::Borrowed(ValueRef::Null),
            Param::Int(i) => ToSqlOutput::Borrowed(ValueRef::Integer(*i)),
            Param::Text(t) => ToSqlOutput::Borrowed(ValueRef::Text(t.as_bytes())),
            Param::Blob(b) => ToSqlOutput::Borrowed(ValueRef::Blob(b)),
            Param::Ids(ids) => {
                let array = Rc::new(ids.iter().map(|id| SqlValue::Blob(id.to_vec())).collect::<Vec<_>>());
                ToSqlOutput::from_rc(array, c"rarray")
            }
        })
    }
}

impl Conn for SqliteConn {
    fn engine(&self) -> Engine {
        Engine::Sqlite
    }

    fn query(&mut self, sql: &str, params: &[Param<'_>]) -> Result<Vec<Row>, Error> {
        let mut statement = self.db.prepare_cached(sql)?;
        let columns = statement.column_count();
        let mut rows = statement.query(rusqlite::params_from_iter(params.iter().map(Bound)))?;
        let mut out = Vec::new();
        while let Some(row) = rows.next()? {
            let mut cells = Vec::with_capacity(columns);
            for i in 0..columns {
                cells.push(match row.get_ref(i)? {
                    ValueRef::Null => Cell::Null,
                    ValueRef::Integer(v) => Cell::Int(v),
                    ValueRef::Text(t) => {
                        Cell::Text(String::from_utf8(t.to_vec()).map_err(|_| Error::Column)?)
                    }
                    ValueRef::Blob(b) => Cell::Blob(b.to_vec()),
                    ValueRef::Real(_) => return Err(Error::Column),
                });
            }
            out.push(Row(cells));
        }
        Ok(out)
    }

    fn execute(&mut self, sql: &str, params: &[Param<'_>]) -> Result<u64, Error> {
        let mut statement = self.db.prepare_cached(sql)?;
        let n = statement.execute(rusqlite::params_from_iter(params.iter().map(Bound)))?;
        Ok(n as u64)
    }

    fn batch(&mut self, sql: &str) -> Result<(), Error> {
        Ok(self.db.execute_batch(sql)?)
    }

    fn put_key(&mut self, subject: &[u8; 16], key: KeyRow) -> Result<(), Error> {
        let keys = self.keys.as_ref().ok_or(Error::Closed)?;
        if !self.keys_open {
            keys.execute_batch("BEGIN IMMEDIATE")?;
            self.keys_open = true;
        }
        let mut statement = keys.prepare_cached(
            "INSERT INTO subject_key(subject, confidential, restricted, kek, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        statement.execute(rusqlite::params![
            &subject[..],
            key.confidential,
            key.restricted,
            key.kek,
            key.created_at
        ])?;
        Ok(())
    }
}
