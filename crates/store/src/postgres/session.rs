//! A connection as the reader and writer threads drive it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use futures_util::TryStreamExt;
use kernel::Timestamp;
use tokio::runtime::Runtime;
use tokio_postgres::error::SqlState;

use super::bind::read;
use super::error;
use super::lease::Lease;
use super::link::{Address, Failure, Link};
use crate::conn::{Conn, KeyChange, KeyRow, apply_keys};
use crate::engine::Engine;
use crate::error::Error;
use crate::param::Param;
use crate::row::Row;
use crate::session::Session;

/// Counts changes of the schema, so that connections drop plans made before.
#[derive(Clone, Default)]
pub(crate) struct Epoch(Arc<AtomicU64>);

/// A reader's or the writer's connection, replaced when it breaks.
pub(crate) struct PgSession {
    // Declared before the runtime: its task must end first.
    link: Option<Link>,
    runtime: Runtime,
    address: Address,
    lease: Option<Lease>,
    renewed: Instant,
    schema: Epoch,
    schema_seen: u64,
    schema_changed: bool,
    /// Goes to the server together with the next statement: `BEGIN` or `SAVEPOINT`.
    prefix: Option<String>,
    stage: Stage,
    failed: bool,
    keys: Vec<KeyChange>,
}

/// How far the server knows of the transaction.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
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

    fn connect(&mut self) -> Result<(), Error> {
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
            let result = what(&self.runtime, link, prefix.as_deref());
            let fresh = self.stage == Stage::Fresh;
            if let Some(prefix) = &prefix {
                self.stage = if prefix.starts_with("BEGIN") { Stage::Begun } else { Stage::Saved };
            }
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

    fn begin_words(&self) -> String {
        self.lease.as_ref().map_or_else(|| "BEGIN".to_owned(), Lease::begin)
    }

    /// Sends one of our own words, without a prefix.
    fn say(&mut self, words: &str) -> Result<(), tokio_postgres::Error> {
        match &self.link {
            Some(link) => self.runtime.block_on(link.client.batch_execute(words)),
            None => Ok(()),
        }
    }

    fn renew(&mut self) -> Result<(), Error> {
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

impl Session for PgSession {
    fn begin(&mut self) -> Result<(), Error> {
        if self.link.as_ref().is_none_or(|link| link.client.is_closed()) {
            self.connect()?;
        }
        if self.renew().is_err() {
            // Broken, or superseded: connecting anew tells which.
            self.connect()?;
        }
        let schema = self.schema.0.load(Ordering::Acquire);
        if schema != self.schema_seen {
            self.schema_seen = schema;
            if let Some(link) = &mut self.link {
                link.forget_statements();
            }
        }
        self.prefix = Some(self.begin_words());
        self.stage = Stage::Fresh;
        self.failed = false;
        Ok(())
    }

    fn failed(&self) -> bool {
        self.failed
    }

    fn savepoint(&mut self) -> Result<(), Error> {
        self.failed = false;
        match self.stage {
            // Nothing of this transaction is on the server yet: there is nothing to come back to but its begin.
            Stage::Fresh => {}
            Stage::Begun => self.prefix = Some("SAVEPOINT job".to_owned()),
            Stage::Saved => self.prefix = Some("RELEASE SAVEPOINT job; SAVEPOINT job".to_owned()),
        }
        Ok(())
    }

    fn rollback_to(&mut self) -> Result<(), Error> {
        self.keys.clear();
        self.failed = false;
        let lost = || Error::Unreachable("the connection broke within a transaction".to_owned());
        if self.link.is_none() {
            return Err(lost());
        }
        match (self.stage, self.prefix.is_some()) {
            // The job sent nothing.
            (_, true) => Ok(()),
            (Stage::Saved, false) => self.say("ROLLBACK TO SAVEPOINT job").map_err(|e| error(&e)),
            // It was the first to send anything: the transaction holds nothing else.
            (Stage::Begun | Stage::Fresh, false) => {
                self.say("ROLLBACK").map_err(|e| error(&e))?;
                self.stage = Stage::Fresh;
                self.prefix = Some(self.begin_words());
                Ok(())
            }
        }
    }

    fn flush_keys(&mut self) -> Result<(), Error> {
        let changes = std::mem::take(&mut self.keys);
        apply_keys(self, &changes)
    }

    fn commit(&mut self) -> Result<(), Error> {
        if self.stage == Stage::Fresh {
            self.prefix = None;
            return Ok(());
        }
        self.prefix = None;
        self.stage = Stage::Fresh;
        if self.link.is_none() {
            return Err(Error::Unreachable("the connection broke within a transaction".to_owned()));
        }
        // COMMIT of an aborted transaction succeeds and saves nothing; the SELECT before it fails there.
        match self.say("SELECT 1; COMMIT") {
            Ok(()) => {
                if std::mem::take(&mut self.schema_changed) {
                    self.schema.0.fetch_add(1, Ordering::AcqRel);
                }
                Ok(())
            }
            Err(cause) if cause.as_db_error().is_some() => {
                self.rollback_on_server();
                Err(error(&cause))
            }
            Err(_) => {
                self.link = None;
                Err(Error::Unknown)
            }
        }
    }

    fn rollback(&mut self) {
        self.keys.clear();
        self.failed = false;
        self.prefix = None;
        if std::mem::replace(&mut self.stage, Stage::Fresh) != Stage::Fresh {
            self.rollback_on_server();
        }
    }

    fn idle(&mut self) {
        if let Err(error) = self.renew() {
            tracing::warn!(%error, "the writer's lease could not be renewed");
        }
    }
}

impl PgSession {
    fn rollback_on_server(&mut self) {
        if self.say("ROLLBACK").is_err() {
            self.link = None;
        }
    }
}

impl Drop for PgSession {
    fn drop(&mut self) {
        if let (Some(lease), Some(link)) = (&self.lease, &self.link) {
            self.runtime.block_on(lease.release(&link.client));
        }
    }
}
