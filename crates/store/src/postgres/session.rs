//! A connection as jobs see it: statements, sent together with what must go before them.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::{Duration, Instant};

use futures_util::TryStreamExt;
use kernel::Timestamp;
use tokio::runtime::Runtime;
use tokio_postgres::error::SqlState;

use super::bind::read;
use super::error;
use super::lease::Lease;
use super::link::{Address, Failure, Link};
use crate::conn::{Conn, KeyChange, KeyRow};
use crate::engine::Engine;
use crate::error::Error;
use crate::param::Param;
use crate::row::Row;

/// Counts changes of the schema, so that connections drop plans made before.
#[derive(Clone, Default)]
pub(crate) struct Epoch(pub(super) Arc<AtomicU64>);

/// A reader's or the writer's connection, replaced when it breaks.
pub(crate) struct PgSession {
    // Declared before the runtime: its task must end first.
    pub(super) link: Option<Link>,
    pub(super) runtime: Runtime,
    address: Address,
    pub(super) lease: Option<Lease>,
    renewed: Instant,
    pub(super) schema: Epoch,
    pub(super) schema_seen: u64,
    pub(super) schema_changed: bool,
    /// Goes to the server together with the next statement: `BEGIN` or `SAVEPOINT`.
    pub(super) prefix: Option<String>,
    pub(super) stage: Stage,
    pub(super) failed: bool,
    pub(super) keys: Vec<KeyChange>,
}

/// How far the server knows of the transaction.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Nothing sent: the connection may be replaced unseen.
    Fresh,
    /// `BEGIN` was sent.
    Begun,
    /// And a savepoint.
    Saved,
}

const SETTINGS: &str = "SET search_path TO shouxin; SET jit TO off; SET client_min_messages TO warning;";
const READER: &str =
    "SET default_transaction_read_only TO on; SET default_transaction_isolation TO 'repeatable read'";
/// An acknowledged write must be durable, whatever the server's default.
const WRITER: &str = "SELECT set_config('synchronous_commit', 'on', false) \
                      WHERE current_setting('synchronous_commit') = 'off'";
/// A third of the lease.
const RENEW_EVERY: Duration = Duration::from_secs(5);

impl PgSession {
    pub(crate) fn reader(address: Address, schema: Epoch) -> Result<Self, Error> {
        let mut session = Self::new(address, schema, None)?;
        session.connect()?;
        Ok(session)
    }

    /// Makes the schemas if need be and takes the writer's lease.
    pub(crate) fn writer(address: Address, schema: Epoch) -> Result<Self, Error> {
        let mut session = Self::new(address, schema, Some(Lease::new()))?;
        session.connect()?;
        Ok(session)
    }

    fn new(address: Address, schema: Epoch, lease: Option<Lease>) -> Result<Self, Error> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|e| Error::Unreachable(e.to_string()))?;
        Ok(Self {
            link: None,
            runtime,
            address,
            lease,
            renewed: Instant::now(),
            schema,
            schema_seen: 0,
            schema_changed: false,
            prefix: None,
            stage: Stage::Fresh,
            failed: false,
            keys: Vec::new(),
        })
    }

    pub(super) fn connect(&mut self) -> Result<(), Error> {
        self.link = None;
        let settings = format!("{SETTINGS}{}", if self.lease.is_some() { WRITER } else { READER });
        let link = Link::open(&self.runtime, &self.address, &settings)?;
        if let Some(lease) = &mut self.lease {
            self.runtime.block_on(async {
                let tables = crate::migrations::keys_table(Engine::Postgres);
                let setup = format!(
                    "CREATE SCHEMA IF NOT EXISTS shouxin; CREATE SCHEMA IF NOT EXISTS keys; {}; {tables}",
                    super::lease::TABLE
                );
                link.client.batch_execute(&setup).await.map_err(|e| error(&e))?;
                lease.take(&link.client).await?;
                let off = link.client.query_one("SELECT current_setting('fsync') = 'off'", &[]).await;
                if off.is_ok_and(|row| row.get(0)) {
                    tracing::warn!("the database server runs with fsync = off: a power cut loses data");
                }
                Ok::<(), Error>(())
            })?;
            self.renewed = Instant::now();
        }
        self.link = Some(link);
        Ok(())
    }

    /// Runs something on the connection, the pending prefix before it. A connection that broke while idle is replaced,
    /// as long as the server knows nothing of the transaction.
    fn send<T>(
        &mut self,
        sql: &str,
        mut what: impl FnMut(&Runtime, &mut Link, Option<&str>) -> Result<T, Failure>,
    ) -> Result<T, Error> {
        for attempt in 0.. {
            let link = self
                .link
                .as_mut()
                .ok_or_else(|| Error::Unreachable("the connection is closed".to_owned()))?;
            let prefix = self.prefix.take();
            let fresh = self.stage == Stage::Fresh;
            // Noted before it is sent: a visitor of rows may panic.
            if let Some(prefix) = &prefix {
                self.stage = if prefix.starts_with("BEGIN") { Stage::Begun } else { Stage::Saved };
            }
            let result = what(&self.runtime, link, prefix.as_deref());
            let failure = match result {
                Ok(value) => return Ok(value),
                Err(failure) => failure,
            };
            self.failed = true;
            let (cause, of_prefix) = match failure {
                Failure::Own(error) => return Err(error),
                Failure::Prefix(cause) => (cause, true),
                Failure::Statement(cause) => (cause, false),
            };
            let broken = link.client.is_closed() || cause.is_closed();
            if broken && fresh && attempt == 0 {
                self.stage = Stage::Fresh;
                self.connect()?;
                self.prefix = Some(self.begin_words());
                self.failed = false;
                continue;
            }
            if broken {
                self.link = None;
            } else if cause.code() == Some(&SqlState::FEATURE_NOT_SUPPORTED) {
                link.forget_statements();
            } else if of_prefix && cause.code() == Some(&SqlState::DIVISION_BY_ZERO) {
                return Err(Error::Superseded);
            }
            tracing::debug!(sql, error = %error(&cause), "a statement failed");
            return Err(error(&cause));
        }
        Err(Error::Closed)
    }

    pub(super) fn begin_words(&self) -> String {
        self.lease.as_ref().map_or_else(|| "BEGIN".to_owned(), Lease::begin)
    }

    /// Sends one of our own words, without a prefix.
    pub(super) fn say(&mut self, words: &str) -> Result<(), tokio_postgres::Error> {
        match &self.link {
            Some(link) => self.runtime.block_on(link.client.batch_execute(words)),
            None => Ok(()),
        }
    }

    pub(super) fn renew(&mut self) -> Result<(), Error> {
        let (Some(lease), Some(link)) = (&self.lease, &self.link) else { return Ok(()) };
        if self.renewed.elapsed() < RENEW_EVERY {
            return Ok(());
        }
        self.runtime.block_on(lease.renew(&link.client))?;
        self.renewed = Instant::now();
        Ok(())
    }
}

impl Conn for PgSession {
    fn engine(&self) -> Engine {
        Engine::Postgres
    }

    fn query(&mut self, sql: &str, params: &[Param<'_>]) -> Result<Vec<Row>, Error> {
        self.send(sql, |runtime, link, mut prefix| {
            runtime.block_on(async {
                let statement = link.statement(sql, &mut prefix).await?;
                let rows =
                    link.after(prefix, link.client.query_raw(&statement, params.iter().copied())).await?;
                let mut rows = std::pin::pin!(rows);
                let (mut out, mut size) = (Vec::new(), 0);
                while let Some(row) = rows.try_next().await.map_err(Failure::Statement)? {
                    let mut copy = Row::with_capacity(row.len(), size);
                    read(&row, &mut copy).map_err(Failure::Own)?;
                    size = copy.size();
                    out.push(copy);
                }
                Ok(out)
            })
        })
    }

    fn query_each(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        visit: &mut dyn FnMut(&Row) -> Result<bool, Error>,
    ) -> Result<(), Error> {
        self.send(sql, |runtime, link, mut prefix| {
            runtime.block_on(async {
                let statement = link.statement(sql, &mut prefix).await?;
                let rows =
                    link.after(prefix, link.client.query_raw(&statement, params.iter().copied())).await?;
                let mut rows = std::pin::pin!(rows);
                let (mut copy, mut more) = (Row::default(), Ok(true));
                // To the end also when the visitor has seen enough: an error that comes later must be seen.
                while let Some(row) = rows.try_next().await.map_err(Failure::Statement)? {
                    if matches!(more, Ok(true)) {
                        copy.clear();
                        more = read(&row, &mut copy).and_then(|()| visit(&copy));
                    }
                }
                more.map(|_| ()).map_err(Failure::Own)
            })
        })
    }

    fn execute(&mut self, sql: &str, params: &[Param<'_>]) -> Result<u64, Error> {
        self.send(sql, |runtime, link, mut prefix| {
            runtime.block_on(async {
                let statement = link.statement(sql, &mut prefix).await?;
                link.after(prefix, link.client.execute_raw(&statement, params.iter().copied())).await
            })
        })
    }

    fn batch(&mut self, sql: &str) -> Result<(), Error> {
        self.schema_changed = true;
        self.send(sql, |runtime, link, prefix| {
            link.forget_statements();
            runtime.block_on(link.after(prefix, link.client.batch_execute(sql)))
        })
    }

    fn put_key(&mut self, subject: &[u8; 16], row: KeyRow) -> Result<(), Error> {
        self.keys.push(KeyChange::Put(*subject, row));
        Ok(())
    }

    fn destroy_key(&mut self, subject: &[u8; 16], at: Timestamp) -> Result<(), Error> {
        self.keys.push(KeyChange::Destroy(*subject, at));
        Ok(())
    }

    fn rewrap_key(&mut self, subject: &[u8; 16], row: KeyRow) -> Result<(), Error> {
        self.keys.push(KeyChange::Rewrap(*subject, row));
        Ok(())
    }
}
