//! The server engine: PostgreSQL by its blocking client; statements prepared once per connection.

use std::collections::HashMap;

use postgres::types::{ToSql, Type};
use postgres::{Client, NoTls, SimpleQueryMessage, Statement};

use crate::conn::{Conn, Engine, KeyRow};
use crate::error::Error;
use crate::param::Param;
use crate::row::{Cell, Row};

/// Statements kept prepared per connection.
const STATEMENTS: usize = 512;

/// A connection.
pub(crate) struct PostgresConn {
    client: Client,
    /// The writer's: a second connection whose open transaction locks the lease's row as long as it lives.
    _lease: Option<Client>,
    statements: HashMap<String, Statement>,
}

impl PostgresConn {
    pub(crate) fn open(url: &str) -> Result<Self, Error> {
        let mut client = Client::connect(url, NoTls)?;
        client.batch_execute(
            "CREATE SCHEMA IF NOT EXISTS shouxin; CREATE SCHEMA IF NOT EXISTS keys; SET search_path = shouxin; \
             SET synchronous_commit = on; SET jit = off; SET plan_cache_mode = auto",
        )?;
        Ok(Self { client, _lease: None, statements: HashMap::new() })
    }

    pub(crate) fn create_key_store(&mut self) -> Result<(), Error> {
        Ok(self.client.batch_execute(
            "CREATE TABLE IF NOT EXISTS keys.subject_key(subject BYTEA PRIMARY KEY, confidential BYTEA, restricted BYTEA, \
             kek BIGINT NOT NULL, created_at BIGINT NOT NULL, destroyed_at BIGINT)",
        )?)
    }

    /// Takes the lease that makes this server the only writer: a row lock that ends with the connection, and an
    /// epoch that rises, so that a later holder can tell itself from an earlier one.
    pub(crate) fn take_lease(&mut self, url: &str) -> Result<(), Error> {
        self.client.batch_execute(
            "CREATE TABLE IF NOT EXISTS writer_lease(id BIGINT PRIMARY KEY, epoch BIGINT NOT NULL); \
             INSERT INTO writer_lease(id, epoch) VALUES (1, 0) ON CONFLICT DO NOTHING",
        )?;
        let mut lease = Client::connect(url, NoTls)?;
        lease.batch_execute("SET idle_in_transaction_session_timeout = 0; BEGIN")?;
        lease
            .batch_execute("SELECT epoch FROM shouxin.writer_lease WHERE id = 1 FOR UPDATE NOWAIT")
            .map_err(|_| Error::InUse)?;
        lease.batch_execute("UPDATE shouxin.writer_lease SET epoch = epoch + 1 WHERE id = 1")?;
        self._lease = Some(lease);
        Ok(())
    }

    pub(crate) fn simple(&mut self, sql: &str) -> Result<(), Error> {
        Ok(self.client.batch_execute(sql)?)
    }

    fn prepared(&mut self, sql: &str) -> Result<Statement, Error> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        if self.statements.len() >= STATEMENTS {
            self.statements.clear();
        }
        let statement = self.client.prepare(sql)?;
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }
}

/// Owned values in the shapes that PostgreSQL's types ask for.
enum Bound<'a> {
    NullInt(Option<i64>),
    NullText(Option<&'a str>),
    NullBlob(Option<&'a [u8]>),
    Ids(Vec<&'a [u8]>),
}

fn bound<'a>(params: &[Param<'a>], types: &[Type]) -> Vec<Bound<'a>> {
    params
        .iter()
        .zip(types)
        .map(|(param, kind)| match param {
            Param::Int(i) => Bound::NullInt(Some(*i)),
            Param::Text(t) => Bound::NullText(Some(t)),
            Param::Blob(b) => Bound::NullBlob(Some(b)),
            Param::Ids(ids) => Bound::Ids(ids.iter().map(<[u8; 16]>::as_slice).collect()),
            Param::Null if *kind == Type::INT8 => Bound::NullInt(None),
            Param::Null if *kind == Type::BYTEA => Bound::NullBlob(None),
            Param::Null => Bound::NullText(None),
        })
        .collect()
}

fn refs<'a>(bound: &'a [Bound<'_>]) -> Vec<&'a (dyn ToSql + Sync)> {
    bound
        .iter()
        .map(|b| -> &(dyn ToSql + Sync) {
            match b {
                Bound::NullInt(v) => v,
                Bound::NullText(v) => v,
                Bound::NullBlob(v) => v,
                Bound::Ids(v) => v,
            }
        })
        .collect()
}

impl Conn for PostgresConn {
    fn engine(&self) -> Engine {
        Engine::Postgres
    }

    fn query(&mut self, sql: &str, params: &[Param<'_>]) -> Result<Vec<Row>, Error> {
        let statement = self.prepared(sql)?;
        let bound = bound(params, statement.params());
        let rows = self.client.query(&statement, &refs(&bound))?;
        rows.iter().map(read).collect()
    }

    fn execute(&mut self, sql: &str, params: &[Param<'_>]) -> Result<u64, Error> {
        let statement = self.prepared(sql)?;
        let bound = bound(params, statement.params());
        Ok(self.client.execute(&statement, &refs(&bound))?)
    }

    fn batch(&mut self, sql: &str) -> Result<(), Error> {
        // DDL may change what a prepared statement yields: prepare anew ("cached plan must not change result type").
        self.statements.clear();
        for message in self.client.simple_query(sql)? {
            if let SimpleQueryMessage::RowDescription(_) = message {
                return Err(Error::Column);
            }
        }
        Ok(())
    }

    fn put_key(&mut self, subject: &[u8; 16], key: KeyRow) -> Result<(), Error> {
        self.execute(
            "INSERT INTO keys.subject_key(subject, confidential, restricted, kek, created_at) VALUES ($1, $2, $3, $4, $5)",
            &[
                Param::Blob(subject),
                Param::Blob(&key.confidential),
                Param::Blob(&key.restricted),
                Param::Int(key.kek),
                Param::Int(key.created_at),
            ],
        )?;
        Ok(())
    }
}

fn read(row: &postgres::Row) -> Result<Row, Error> {
    row.columns()
        .iter()
        .enumerate()
        .map(|(i, column)| {
            Ok(match *column.type_() {
                Type::INT8 => row.try_get::<_, Option<i64>>(i)?.map_or(Cell::Null, Cell::Int),
                Type::INT4 => {
                    row.try_get::<_, Option<i32>>(i)?.map_or(Cell::Null, |v| Cell::Int(i64::from(v)))
                }
                Type::BOOL => {
                    row.try_get::<_, Option<bool>>(i)?.map_or(Cell::Null, |v| Cell::Int(i64::from(v)))
                }
                Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(i)?.map_or(Cell::Null, Cell::Blob),
                Type::TEXT | Type::VARCHAR | Type::UNKNOWN => {
                    row.try_get::<_, Option<String>>(i)?.map_or(Cell::Null, Cell::Text)
                }
                _ => return Err(Error::Column),
            })
        })
        .collect::<Result<Vec<_>, Error>>()
        .map(Row)
}
