//! The writer's lease: one server at a time writes a database.
//!
//! A row with an epoch, not an advisory lock (CockroachDB and poolers have none). Every transaction of the writer
//! locks the row and checks its epoch, so that a server that was superseded while it slept cannot commit anything.

use kernel::{OsRandom, Random};
use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

use super::error;
use crate::error::Error;

/// A writer that says nothing for so long has lost its place.
pub(super) const LEASE_SECONDS: i64 = 15;

pub(super) const TABLE: &str = "CREATE TABLE IF NOT EXISTS shouxin.writer_lease(
    id BIGINT PRIMARY KEY, epoch BIGINT NOT NULL, holder TEXT NOT NULL,
    backend BIGINT NOT NULL, backend_start TIMESTAMPTZ NOT NULL, until TIMESTAMPTZ NOT NULL)";

/// Takes the place when it is free: never taken, over, held by this very process, or its holder's connection is gone
/// (a server that was killed and started again need not wait).
const TAKE: &str = "INSERT INTO shouxin.writer_lease AS l
    SELECT 1, 1, $1, pid, backend_start, clock_timestamp() + $2 * interval '1 second'
    FROM pg_stat_activity WHERE pid = pg_backend_pid()
    ON CONFLICT (id) DO UPDATE SET epoch = l.epoch + 1, holder = excluded.holder, backend = excluded.backend,
        backend_start = excluded.backend_start, until = excluded.until
    WHERE l.until < clock_timestamp() OR l.holder = excluded.holder OR NOT EXISTS (
        SELECT 1 FROM pg_stat_activity a WHERE a.pid = l.backend AND a.backend_start = l.backend_start)
    RETURNING epoch";

const RENEW: &str =
    "UPDATE shouxin.writer_lease SET until = clock_timestamp() + $1 * interval '1 second' WHERE epoch = $2";

/// This process's place.
pub(super) struct Lease {
    holder: String,
    epoch: Option<i64>,
    superseded: bool,
}

impl Lease {
    pub(super) fn new() -> Self {
        let holder = OsRandom::default().array::<16>().iter().map(|b| format!("{b:02x}")).collect();
        Self { holder, epoch: None, superseded: false }
    }

    pub(super) async fn take(&mut self, client: &Client) -> Result<(), Error> {
        if self.superseded {
            return Err(Error::Superseded);
        }
        #[expect(clippy::cast_precision_loss, reason = "a few seconds")]
        let seconds = LEASE_SECONDS as f64;
        // The holder locks the row while it writes: waiting longer than any batch takes means that it lives.
        client.batch_execute("SET lock_timeout TO '3s'").await.map_err(|e| error(&e))?;
        let row = match client.query_opt(TAKE, &[&self.holder, &seconds]).await {
            Err(cause) if cause.code() == Some(&SqlState::LOCK_NOT_AVAILABLE) => None,
            other => other.map_err(|e| error(&e))?,
        };
        client.batch_execute("SET lock_timeout TO DEFAULT").await.map_err(|e| error(&e))?;
        let Some(row) = row else {
            return Err(if self.epoch.is_some() {
                Error::Superseded
            } else {
                Error::DatabaseBusy(LEASE_SECONDS)
            });
        };
        let epoch: i64 = row.try_get(0).map_err(|_| Error::Column)?;
        // Somebody wrote in between: what this process remembers is out of date, so it must start anew.
        self.superseded |= self.epoch.is_some_and(|mine| mine + 1 != epoch);
        self.epoch = Some(epoch);
        if self.superseded {
            self.release(client).await;
            return Err(Error::Superseded);
        }
        Ok(())
    }

    /// What every transaction of the writer begins with: fails with `division_by_zero` when superseded. As text, so
    /// that it travels in one message with `BEGIN`.
    pub(super) fn begin(&self) -> String {
        let epoch = self.epoch.unwrap_or(0);
        format!(
            "BEGIN; SELECT 1 / count(*) FROM \
             (SELECT 1 FROM shouxin.writer_lease WHERE epoch = {epoch} FOR UPDATE) mine"
        )
    }

    pub(super) async fn renew(&self, client: &Client) -> Result<(), Error> {
        #[expect(clippy::cast_precision_loss, reason = "a few seconds")]
        let seconds = LEASE_SECONDS as f64;
        let epoch = self.epoch.unwrap_or(0);
        match client.execute(RENEW, &[&seconds, &epoch]).await.map_err(|e| error(&e))? {
            0 => Err(Error::Superseded),
            _ => Ok(()),
        }
    }

    /// Gives the place back, so that the next server need not wait.
    pub(super) async fn release(&self, client: &Client) {
        let sql = "UPDATE shouxin.writer_lease SET until = '-infinity' WHERE epoch = $1";
        if let Some(epoch) = self.epoch
            && let Err(cause) = client.execute(sql, &[&epoch]).await
        {
            tracing::warn!(error = %error(&cause), "the writer's lease was not given back; it ends by itself");
        }
    }
}
