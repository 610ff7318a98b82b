//! The uploaded file at rest: sealed chunks in the workspace's own store, read back as a stream.

use std::io::{self, Read};
use std::sync::Arc;

use kernel::ImportId;
use store::{Conn, Sql};
use vault::Purpose;

use crate::door::Inner;
use crate::error::Error;

/// Clear bytes per chunk.
pub(crate) const CHUNK_BYTES: usize = 1024 * 1024;

/// Chunks deleted in one job.
const DROPPED_AT_ONCE: i64 = 16;

fn aad(import: ImportId, n: i64) -> Vec<u8> {
    let mut out = b"import/".to_vec();
    out.extend_from_slice(import.as_bytes());
    out.extend_from_slice(&n.to_be_bytes());
    out
}

impl Inner {
    /// Seals and keeps one chunk.
    pub(crate) async fn spool_chunk(
        self: &Arc<Self>,
        import: ImportId,
        n: i64,
        clear: &[u8],
    ) -> Result<(), Error> {
        let sealed = self.vault.seal_workspace(Purpose::Spool, &aad(import, n), clear, self.random.as_ref());
        self.store
            .write(move |conn| -> Result<(), Error> {
                let mut sql = Sql::new(conn.engine());
                sql.push("INSERT INTO import_chunk(import, n, sealed) VALUES (")
                    .param(import.0)
                    .push(", ")
                    .param(n);
                sql.push(", ").param(sealed.as_slice()).push(")");
                conn.execute(sql.text(), &sql.params())?;
                Ok(())
            })
            .await
    }

    /// Forgets a file, a few chunks at a time: nobody's write waits long.
    pub(crate) fn drop_spool_blocking(self: &Arc<Self>, import: ImportId) -> Result<(), Error> {
        while self.store.write_blocking(move |conn| drop_some(conn, import))? {}
        Ok(())
    }

    /// The same for async callers.
    pub(crate) async fn drop_spool(self: &Arc<Self>, import: ImportId) -> Result<(), Error> {
        while self.store.write(move |conn| drop_some(conn, import)).await? {}
        Ok(())
    }

    /// Whether a file is still kept.
    pub(crate) async fn has_spool(&self, import: ImportId) -> Result<bool, Error> {
        let mut sql = Sql::new(self.store.engine());
        sql.push("SELECT 1 FROM import_chunk WHERE n = 0 AND import = ").param(import.0);
        Ok(!self.store.read_one(sql).await?.is_empty())
    }

    fn open_chunk(&self, import: ImportId, n: i64) -> Result<Option<zeroize::Zeroizing<Vec<u8>>>, Error> {
        let rows = self.store.read_blocking(move |conn| -> Result<_, Error> {
            let mut sql = Sql::new(conn.engine());
            sql.push("SELECT sealed FROM import_chunk WHERE import = ")
                .param(import.0)
                .push(" AND n = ")
                .param(n);
            Ok(conn.query(sql.text(), &sql.params())?)
        })?;
        let Some(row) = rows.first() else { return Ok(None) };
        let clear = self.vault.open_workspace(Purpose::Spool, &aad(import, n), row.get_blob(0)?)?;
        Ok(Some(clear))
    }

    /// The file as a stream; blocking, for threads.
    pub(crate) fn spooled(self: &Arc<Self>, import: ImportId) -> SpoolReader {
        SpoolReader {
            inner: self.clone(),
            import,
            next: 0,
            chunk: zeroize::Zeroizing::new(Vec::new()),
            at: 0,
        }
    }
}

/// Deletes the last chunks of a file; whether there may be more. The first goes last: it says that the file is whole.
fn drop_some(conn: &mut dyn Conn, import: ImportId) -> Result<bool, Error> {
    let mut sql = Sql::new(conn.engine());
    sql.push("DELETE FROM import_chunk WHERE import = ").param(import.0);
    sql.push(" AND n > (SELECT coalesce(max(n), 0) FROM import_chunk WHERE import = ").param(import.0);
    sql.push(") - ").param(DROPPED_AT_ONCE);
    Ok(conn.execute(sql.text(), &sql.params())? > 0)
}

/// Reads a spooled file from its beginning.
pub(crate) struct SpoolReader {
    inner: Arc<Inner>,
    import: ImportId,
    next: i64,
    chunk: zeroize::Zeroizing<Vec<u8>>,
    at: usize,
}

impl Read for SpoolReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at == self.chunk.len() {
            let chunk = self.inner.open_chunk(self.import, self.next).map_err(io::Error::other)?;
            let Some(chunk) = chunk else { return Ok(0) };
            self.next += 1;
            self.chunk = chunk;
            self.at = 0;
        }
        let n = buffer.len().min(self.chunk.len() - self.at);
        buffer[..n].copy_from_slice(&self.chunk[self.at..self.at + n]);
        self.at += n;
        Ok(n)
    }
}
