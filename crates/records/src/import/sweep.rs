//! What imports leave behind goes away: files whose upload broke off or that nobody goes on with, and old rows.

use std::collections::BTreeSet;
use std::sync::Arc;

use kernel::{ImportId, Timestamp};
use store::{Conn, Sql};

use super::state::{Failure, Import};
use crate::door::Inner;
use crate::error::Error;

/// So long a file waits for somebody to go on with it.
const KEEP_FILE_S: i64 = 7 * 86_400;
/// So long rows that need a look stay after their import has ended.
const KEEP_ROWS_S: i64 = 30 * 86_400;

/// Sweeps on a thread of its own, when the server starts: no upload is under way yet.
pub(crate) fn start(inner: &Arc<Inner>) {
    let sweeping = inner.clone();
    let spawned = std::thread::Builder::new().name("import-sweep".to_owned()).spawn(move || {
        if let Err(error) = sweep(&sweeping) {
            tracing::warn!(%error, "what old imports left could not be removed");
        }
    });
    if let Err(error) = spawned {
        tracing::warn!(%error, "no thread to remove what old imports left");
    }
}

fn sweep(inner: &Arc<Inner>) -> Result<(), Error> {
    let now = inner.now();
    let reading = inner.clone();
    let (waste, expired) = inner.store.read_blocking(move |conn| found(conn, &reading, now))?;
    for id in expired {
        let saving = inner.clone();
        inner.store.write_blocking(move |conn| expire(conn, &saving, id, now))?;
        inner.drop_spool_blocking(id)?;
    }
    for id in waste {
        inner.drop_spool_blocking(id)?;
    }
    inner.store.write_blocking(move |conn| -> Result<(), Error> {
        let mut sql = Sql::new(conn.engine());
        sql.push("DELETE FROM import_row WHERE import IN (SELECT id FROM import WHERE finished_at < ");
        sql.param(now.plus_seconds(-KEEP_ROWS_S).0).push(")");
        conn.execute(sql.text(), &sql.params())?;
        Ok(())
    })
}

/// Files of no import or of one that is done, and imports whose file has waited too long.
fn found(
    conn: &mut dyn Conn,
    inner: &Inner,
    now: Timestamp,
) -> Result<(BTreeSet<ImportId>, Vec<ImportId>), Error> {
    let mut waste = BTreeSet::new();
    for row in conn.query("SELECT DISTINCT import FROM import_chunk", &[])? {
        waste.insert(ImportId(row.get_id(0)?));
    }
    let mut expired = Vec::new();
    for import in Import::unfinished(conn, inner)? {
        waste.remove(&import.id);
        let since = import.finished_at.unwrap_or(import.created_at);
        let resting = !matches!(import.state.as_str(), "queued" | "running");
        if resting && since < now.plus_seconds(-KEEP_FILE_S) {
            expired.push(import.id);
        }
    }
    Ok((waste, expired))
}

fn expire(conn: &mut dyn Conn, inner: &Inner, id: ImportId, now: Timestamp) -> Result<(), Error> {
    let Some(mut import) = Import::unfinished(conn, inner)?.into_iter().find(|i| i.id == id) else {
        return Ok(());
    };
    if matches!(import.state.as_str(), "queued" | "running") {
        return Ok(());
    }
    import.state = "cancelled".to_owned();
    import.head.preview = Vec::new();
    import.finished_at = import.finished_at.or(Some(now));
    import.error = Some(Failure {
        key: "expired".to_owned(),
        detail: "nobody went on with this import for a week; its file was removed. Upload it again"
            .to_owned(),
    });
    import.save(conn, inner)
}
