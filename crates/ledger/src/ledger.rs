//! The handle to a workspace's ledger.

use std::sync::Arc;
use std::thread::JoinHandle;

use kernel::Clock;
use parking_lot::Mutex;
use store::{Conn, Store};

use crate::append;
use crate::appender::Appender;
use crate::checkpoint::Checkpoint;
use crate::disclosure::{Disclosed, Disclosure, Receipt};
use crate::entry::Entry;
use crate::error::Error;
use crate::hash::{Hash, leaf_hash};
use crate::integrator::{self, Integrator};
use crate::note::{Signer, VerifierKey};
use crate::proof;
use crate::query::{self, Filter, Page};
use crate::report::Report;
use crate::rows::int;
use crate::stored::StoredTree;
use crate::summary::{self, Summary};
use crate::tile::{TileId, WIDTH};
use crate::verify::verify;

/// A workspace's ledger: append-only, searchable, provable. Cheap to clone. The background integrator stops when the
/// last handle is dropped.
#[derive(Clone)]
pub struct Ledger(Arc<Inner>);

struct Inner {
    store: Store,
    key: VerifierKey,
    appender: Appender,
    integrator: Arc<Integrator>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// Proof that an entry is in the tree of a checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inclusion {
    /// The entry.
    pub seq: u64,
    /// Its hash.
    pub leaf: Hash,
    /// The tree's size.
    pub size: u64,
    /// The tree's root.
    pub root: Hash,
    /// The neighbours on the way to the root, lowest first; `proof::verify_inclusion` checks them.
    pub path: Vec<Hash>,
}

impl Ledger {
    /// Opens the ledger of a store to which [`crate::MIGRATIONS`] was applied. `origin` is the ledger's public name,
    /// such as `shouxin.example/ledger/<workspace>`: it is signed in every checkpoint and must never change.
    pub fn open(
        store: Store,
        signer: Arc<dyn Signer>,
        clock: Arc<dyn Clock>,
        origin: &str,
    ) -> Result<Self, Error> {
        let key = VerifierKey::new(origin, signer.public_key())?;
        let integrator = Arc::new(Integrator::new(store.clone(), signer, key.clone(), clock));
        let thread = integrator::spawn(&integrator).map_err(|_| Error::Closed)?;
        integrator.wake();
        let appender = Appender::new(store.clone());
        Ok(Self(Arc::new(Inner { store, key, appender, integrator, thread: Mutex::new(Some(thread)) })))
    }

    /// The key with which anybody can check this ledger.
    #[must_use]
    pub fn verifier_key(&self) -> &VerifierKey {
        &self.0.key
    }

    /// Appends entries in the transaction of the change that they record. Numbers are dense: when the job rolls back,
    /// so do they.
    pub fn append(&self, conn: &mut dyn Conn, entries: &[Entry]) -> Result<Receipt, Error> {
        let receipt = append::append(conn, entries)?;
        self.0.integrator.wake();
        Ok(receipt)
    }

    /// Records a disclosure; the data comes out once the entry is durable.
    pub async fn record<T>(&self, disclosure: Disclosure<T>) -> Result<Disclosed<T>, Error> {
        let (value, entry) = disclosure.into_parts();
        let seq = self.note(entry).await?;
        Ok(Disclosed::new(value, seq))
    }

    /// Records something that discloses nothing (a sign-in, a refusal); answers with its number once it is durable.
    /// Must be called within a tokio runtime.
    pub async fn note(&self, entry: Entry) -> Result<u64, Error> {
        let seq = self.0.appender.append(entry.bytes()?).await?;
        self.0.integrator.wake();
        Ok(seq)
    }

    /// Brings everything committed into the tree now, instead of within a second. None while the ledger is empty.
    pub async fn integrate(&self) -> Result<Option<Arc<Checkpoint>>, Error> {
        let integrator = Arc::clone(&self.0.integrator);
        tokio::task::spawn_blocking(move || integrator.integrate()).await.map_err(|_| Error::Closed)?
    }

    /// The newest checkpoint; none while the ledger is empty (or right after opening).
    #[must_use]
    pub fn checkpoint(&self) -> Option<Arc<Checkpoint>> {
        self.0.integrator.newest().borrow().clone()
    }

    /// Waits for the checkpoint that covers an entry.
    pub async fn covered(&self, seq: u64) -> Result<Arc<Checkpoint>, Error> {
        let mut newest = self.0.integrator.newest();
        let covering = newest.wait_for(|c| c.as_ref().is_some_and(|c| c.size() > seq)).await;
        covering.ok().and_then(|checkpoint| checkpoint.clone()).ok_or(Error::Closed)
    }

    /// Entries, newest first, that meet the filter; `cursor` is the last page's `next`.
    pub async fn query(&self, filter: Filter, cursor: Option<&str>, limit: u32) -> Result<Page, Error> {
        let cursor = cursor.map(query::Cursor::parse).transpose()?;
        self.0.store.read_latest(move |conn| query::page(conn, &filter, cursor, limit)).await
    }

    /// One entry by its number; none when there is no such entry.
    pub async fn entry(&self, seq: u64) -> Result<Option<query::StoredEntry>, Error> {
        let Ok(place) = i64::try_from(seq) else { return Ok(None) };
        self.0.store.read(move |conn| query::one(conn, place)).await
    }

    /// Counts for charts over the entries that meet the filter (its record is not looked at).
    pub async fn summary(&self, filter: Filter) -> Result<Summary, Error> {
        self.0.store.read_latest(move |conn| summary::summary(conn, &filter)).await
    }

    /// Checks every entry, column, tile and checkpoint, and that the given checkpoints (kept elsewhere) are heads of
    /// this very tree.
    pub async fn verify(&self, kept: Vec<Checkpoint>) -> Result<Report, Error> {
        let (store, key) = (self.0.store.clone(), self.0.key.clone());
        let check = move || verify(&store, &key, kept, |_| ());
        tokio::task::spawn_blocking(check).await.map_err(|_| Error::Closed)?
    }

    /// Proves that an entry is in the tree of the newest checkpoint.
    pub async fn inclusion_proof(&self, seq: u64) -> Result<Inclusion, Error> {
        let Some(head) = self.checkpoint().filter(|head| seq < head.size()) else {
            return Err(Error::NotCovered { seq, size: self.checkpoint().map_or(0, |head| head.size()) });
        };
        self.0
            .store
            .read_latest(move |conn| {
                let rows = conn.query("SELECT body FROM ledger_entry WHERE seq = $1", &[int(seq).into()])?;
                let row = rows.first().ok_or(Error::Damaged { seq, what: "an entry is missing" })?;
                let leaf = leaf_hash(row.get_blob(0)?);
                let path = proof::inclusion(&mut StoredTree::new(conn), seq, head.size())?;
                Ok(Inclusion { seq, leaf, size: head.size(), root: head.root(), path })
            })
            .await
    }

    /// Proves that the tree of `old` entries is a prefix of that of `size`.
    pub async fn consistency_proof(&self, old: u64, size: u64) -> Result<Vec<Hash>, Error> {
        let head = self.checkpoint().map_or(0, |head| head.size());
        if size > head || old > size {
            return Err(Error::NotCovered { seq: size.max(old), size: head });
        }
        self.0.store.read_latest(move |conn| proof::consistency(&mut StoredTree::new(conn), old, size)).await
    }

    /// A tile's bytes (C2SP tlog-tiles): complete, or as wide as the newest checkpoint makes it; at most `width`
    /// hashes when given. None when no checkpoint needs it.
    pub async fn tile(&self, id: TileId, width: Option<usize>) -> Result<Option<Vec<u8>>, Error> {
        let there = id.width_at(self.checkpoint().map_or(0, |head| head.size()));
        let width = width.unwrap_or(there);
        if width == 0 || width > there {
            return Ok(None);
        }
        self.0.store.read_latest(move |conn| Ok(Some(StoredTree::new(conn).tile(id, width)?.concat()))).await
    }

    /// The bundle of entries `index * 256 ..`, each with its length before it (C2SP tlog-tiles). None when no
    /// checkpoint covers it.
    pub async fn entry_bundle(&self, index: u64, width: Option<usize>) -> Result<Option<Vec<u8>>, Error> {
        let there = TileId { level: 0, index }.width_at(self.checkpoint().map_or(0, |head| head.size()));
        let width = width.unwrap_or(there);
        if width == 0 || width > there {
            return Ok(None);
        }
        let (first, count) = (index * WIDTH as u64, width as u64);
        self.0
            .store
            .read_latest(move |conn| {
                let sql = "SELECT body FROM ledger_entry WHERE seq >= $1 AND seq < $2 ORDER BY seq";
                let rows = conn.query(sql, &[int(first).into(), int(first + count).into()])?;
                let mut bundle = Vec::new();
                for row in &rows {
                    let body = row.get_blob(0)?;
                    let length = u16::try_from(body.len());
                    let length =
                        length.map_err(|_| Error::Damaged { seq: first, what: "an entry is too long" })?;
                    bundle.extend_from_slice(&length.to_be_bytes());
                    bundle.extend_from_slice(body);
                }
                Ok(Some(bundle))
            })
            .await
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.integrator.stop();
        if let Some(thread) = self.thread.lock().take() {
            // A panic there was reported when it happened.
            let _ = thread.join();
        }
    }
}
