//! The worker: claims hand-over jobs and does them chunk by chunk. One that dies loses its lease; the next goes on.

use std::sync::{Arc, Weak};
use std::time::Duration;

use policy::HandOver;
use store::jobs::{Job, Jobs};

use super::step::{LEASE, step};
use crate::door::{Inner, Records};
use crate::error::Error;

/// How often it looks for work that nobody told of.
const LOOK: Duration = Duration::from_secs(2);
/// When a failed hand-over is tried again, in seconds.
const RETRY: i64 = 60;

/// Starts the worker as a task; it ends with the last `Records`.
pub(crate) fn start(records: &Records) {
    tokio::spawn(run(Arc::downgrade(&records.0)));
}

impl Records {
    /// Tells the worker that there is something to hand over.
    pub fn hand_over_now(&self) {
        self.0.handing_over.notify_one();
    }
}

async fn run(weak: Weak<Inner>) {
    loop {
        let Some(inner) = weak.upgrade() else { return };
        let worked = work(&inner).await;
        let wake = inner.handing_over.clone();
        drop(inner);
        match worked {
            Ok(true) => {}
            Ok(false) => {
                let _ = tokio::time::timeout(LOOK, wake.notified()).await;
            }
            Err(error) => {
                tracing::warn!(%error, "records could not be handed over");
                tokio::time::sleep(LOOK).await;
            }
        }
    }
}

/// Does the job that has waited longest; false when there is none.
async fn work(inner: &Arc<Inner>) -> Result<bool, Error> {
    let now = inner.now();
    let waiting = inner
        .store
        .read(move |conn| -> Result<_, Error> {
            let sql = "SELECT 1 FROM job WHERE kind = $1 AND state = 0 AND run_at <= $2 \
                       AND (lease_until IS NULL OR lease_until <= $2) LIMIT 1";
            Ok(!conn.query(sql, &[HandOver::JOB.into(), now.into()])?.is_empty())
        })
        .await?;
    if !waiting {
        return Ok(false);
    }
    let claimed = inner.store.write(move |conn| Jobs::claim(conn, HandOver::JOB, now, LEASE)).await?;
    let Some(job) = claimed else { return Ok(false) };
    let done = carry_out(inner, &job).await;
    if let Err(error) = done {
        tracing::warn!(%error, job = %job.id, "a hand-over stopped; it will be tried again");
        let retry = inner.now().plus_seconds(RETRY);
        inner.store.write(move |conn| Jobs::fail(conn, &job, "internal", Some(retry))).await?;
    }
    Ok(true)
}

async fn carry_out(inner: &Arc<Inner>, job: &Job) -> Result<(), Error> {
    let order: HandOver = serde_json::from_str(&job.payload).map_err(|_| Error::Corrupt)?;
    loop {
        let (worker, job, order) = (inner.clone(), job.clone(), order.clone());
        let more = inner.store.write(move |conn| step(&worker, conn, &job, &order)).await?;
        inner.changed.notify_one();
        if !more {
            return Ok(());
        }
    }
}
