//! The indexer: reads the change feed and keeps the search index true.

use std::sync::{Arc, Weak};
use std::time::Duration;

use kernel::Value;
use store::{Conn, Sql};

use crate::door::{Inner, Records};
use crate::error::Error;
use crate::search_index::Document;
use crate::shape::Shape;

/// Records per transaction of the index.
const BATCH: usize = 2_000;
/// How long to rest after a failure.
const REST: Duration = Duration::from_secs(5);

/// Starts the indexer as a task; it ends with the last `Records`.
pub(crate) fn start(records: &Records) {
    let weak = Arc::downgrade(&records.0);
    tokio::spawn(run(weak));
}

async fn run(weak: Weak<Inner>) {
    loop {
        let Some(inner) = weak.upgrade() else { return };
        match catch_up(&inner).await {
            Ok(()) => {
                inner.indexed.notify_waiters();
                if inner.index.is_scattered() {
                    if let Err(error) = inner.index.merge_some().await {
                        tracing::warn!(%error, "the search index could not be merged");
                    }
                    continue;
                }
                // While nothing happens only the signal is held: the last handle closes the store at once.
                let changed = inner.changed.clone();
                drop(inner);
                let _ = tokio::time::timeout(Duration::from_secs(1), changed.notified()).await;
            }
            Err(error) => {
                tracing::warn!(%error, "the search index could not be brought up to date");
                drop(inner);
                tokio::time::sleep(REST).await;
            }
        }
    }
}

async fn catch_up(inner: &Arc<Inner>) -> Result<(), Error> {
    for shape in inner.shapes.values() {
        if !shape.object.fields.iter().any(|f| f.searchable) {
            continue;
        }
        let mut position = inner.index.applied(&shape.object.name).await?;
        loop {
            let (reader, shape_of) = (inner.clone(), shape.clone());
            let documents =
                inner.store.read(move |conn| changed_since(conn, &reader, &shape_of, position)).await?;
            let full = documents.len() == BATCH;
            let Some(last) = documents.iter().map(|d| d.seq).max() else { break };
            inner.index.apply(&shape.object.name, documents).await?;
            position = last;
            if !full {
                break;
            }
        }
    }
    Ok(())
}

fn changed_since(
    conn: &mut dyn Conn,
    inner: &Inner,
    shape: &Shape,
    position: i64,
) -> Result<Vec<Document>, Error> {
    let mut sql = Sql::new(conn.engine());
    sql.push("SELECT ").push(&shape.select).push(", t.seq FROM ").push(&shape.from);
    sql.push(" WHERE k.subject = t.subject AND t.seq > ").param(position);
    sql.push(" ORDER BY t.seq LIMIT ").param(i64::try_from(BATCH).unwrap_or(i64::MAX));
    let rows = conn.query(sql.text(), &sql.params())?;
    let mut out = Vec::with_capacity(rows.len());
    for row in &rows {
        let seq = row.get_int(shape.width())?;
        let document = match shape.read(row, &inner.vault) {
            Ok(opened) => {
                let tokens = (!opened.deleted).then(|| {
                    Document::tokens_of(
                        &shape.object,
                        |i| match &opened.values[i] {
                            Value::Text(t) => Some(t.clone()),
                            _ => None,
                        },
                        opened.owner,
                    )
                });
                Document { record: opened.id, seq, tokens }
            }
            // A damaged record must not stop the index for all others; `verify` reports it.
            Err(Error::Corrupt | Error::Vault(_)) => {
                Document { record: kernel::RecordId(row.get_id(0)?), seq, tokens: None }
            }
            Err(other) => return Err(other),
        };
        out.push(document);
    }
    Ok(out)
}

impl Records {
    /// Waits until the search index is caught up and merged: what follows a great import, in peace.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub async fn search_at_rest(&self) -> Result<(), Error> {
        loop {
            self.search_caught_up().await?;
            let waiting = self.0.indexed.notified();
            if !self.0.index.is_scattered() {
                return Ok(());
            }
            let _ = tokio::time::timeout(Duration::from_millis(500), waiting).await;
        }
    }

    /// Waits until everything written so far is searchable.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub async fn search_caught_up(&self) -> Result<(), Error> {
        let inner = &self.0;
        let objects: Vec<_> = inner
            .shapes
            .values()
            .filter(|s| s.object.fields.iter().any(|f| f.searchable))
            .map(|s| s.object.clone())
            .collect();
        loop {
            let waiting = inner.indexed.notified();
            let mut behind = false;
            for object in &objects {
                let name = object.name.clone();
                let applied = inner.index.applied(&name).await?;
                let sql = format!("SELECT 1 FROM {} WHERE seq > $1 LIMIT 1", crate::shape::quoted(&name));
                behind |=
                    !inner.store.read(move |conn| conn.query(&sql, &[applied.into()])).await?.is_empty();
            }
            if !behind {
                return Ok(());
            }
            inner.changed.notify_one();
            let _ = tokio::time::timeout(Duration::from_millis(500), waiting).await;
        }
    }
}
