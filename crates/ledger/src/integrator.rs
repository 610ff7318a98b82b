//! Brings new entries into the tree and the search index, and signs a checkpoint: within a second of the append,
//! in the background, off the path of those who wait for their entry.

use std::sync::{Arc, Weak};
use std::thread::JoinHandle;
use std::time::Duration;

use kernel::Clock;
use parking_lot::{Condvar, Mutex};
use store::{Conn, Param, Store};
use tokio::sync::watch;

use crate::checkpoint::Checkpoint;
use crate::entry::Entry;
use crate::error::Error;
use crate::hash::{Hash, leaf_hash};
use crate::note::{Signer, VerifierKey};
use crate::rows::{Insert, int};
use crate::stored::{StoredTree, newest_checkpoint};
use crate::tile::{TileId, to_bytes};
use crate::tree::Tree;

/// How long it lets entries gather after the first, so that a busy ledger has a handful of checkpoints a second.
const GATHER: Duration = Duration::from_millis(250);
/// How often it looks without being woken (entries of a transaction that took long to commit).
const LOOK: Duration = Duration::from_millis(500);
/// The most entries in one step: bounds memory and how long the writer is kept from others …
const STEP: u64 = 1_024;
/// … and when it has fallen behind: fewer commits and checkpoints, so that it catches up.
const LONG_STEP: u64 = 4_096;

static INDEX: Insert = Insert::new("ledger_index (seq, at, person, action, object, outcome, leaf)", 7);
static TILES: Insert = Insert::new("ledger_tile (level, idx, hashes)", 3);

/// What the integrator works on; also answers what the newest checkpoint is.
pub(crate) struct Integrator {
    store: Store,
    signer: Arc<dyn Signer>,
    key: VerifierKey,
    clock: Arc<dyn Clock>,
    /// The tree up to the newest checkpoint; read from the database at the first step and after a failure.
    tree: Mutex<Option<Tree>>,
    newest: watch::Sender<Option<Arc<Checkpoint>>>,
    call: Mutex<Call>,
    called: Condvar,
}

#[derive(Default)]
struct Call {
    wake: bool,
    stop: bool,
}

impl Integrator {
    pub(crate) fn new(
        store: Store,
        signer: Arc<dyn Signer>,
        key: VerifierKey,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let newest = watch::Sender::new(None);
        Self {
            store,
            signer,
            key,
            clock,
            tree: Mutex::default(),
            newest,
            call: Mutex::default(),
            called: Condvar::new(),
        }
    }

    pub(crate) fn newest(&self) -> watch::Receiver<Option<Arc<Checkpoint>>> {
        self.newest.subscribe()
    }

    /// Something was appended.
    pub(crate) fn wake(&self) {
        self.set(|call| &mut call.wake);
    }

    pub(crate) fn stop(&self) {
        self.set(|call| &mut call.stop);
    }

    fn set(&self, flag: impl Fn(&mut Call) -> &mut bool) {
        if !std::mem::replace(flag(&mut self.call.lock()), true) {
            self.called.notify_all();
        }
    }

    /// Integrates all that is committed; answers with the newest checkpoint, none while the ledger is empty.
    pub(crate) fn integrate(&self) -> Result<Option<Arc<Checkpoint>>, Error> {
        let mut held = self.tree.lock();
        // Taken out while at work: after a failure the next step starts from what the database says.
        let mut tree = if let Some(tree) = held.take() { tree } else { self.restore()? };
        let mut most = STEP;
        loop {
            let first = tree.size();
            let bodies = self.store.read_blocking(move |conn| new_bodies(conn, first, most))?;
            let count = bodies.len() as u64;
            if count > 0 {
                tree = self.step(tree, &bodies)?;
            }
            if count < most {
                break;
            }
            most = LONG_STEP;
        }
        *held = Some(tree);
        Ok(self.newest.borrow().clone())
    }

    /// The tree of the newest checkpoint. A tree that no longer has the root that was signed is not signed again.
    fn restore(&self) -> Result<Tree, Error> {
        let key = self.key.clone();
        let restored = self.store.read_blocking(move |conn| -> Result<_, Error> {
            let Some(checkpoint) = newest_checkpoint(conn, &key)? else { return Ok(None) };
            let tree = StoredTree::new(conn).restore(checkpoint.size())?;
            Ok(Some((checkpoint, tree)))
        })?;
        let Some((checkpoint, tree)) = restored else { return Ok(Tree::new()) };
        if tree.root() != checkpoint.root() {
            return Err(Error::Damaged {
                seq: checkpoint.size(),
                what: "the tree no longer has the root that was signed",
            });
        }
        self.newest.send_replace(Some(Arc::new(checkpoint)));
        Ok(tree)
    }

    fn step(&self, mut tree: Tree, bodies: &[Vec<u8>]) -> Result<Tree, Error> {
        let first = tree.size();
        let mut step = Step { first, entries: Vec::with_capacity(bodies.len()), tiles: Vec::new() };
        for body in bodies {
            let seq = tree.size();
            let entry =
                Entry::from_bytes(body).ok_or(Error::Damaged { seq, what: "an entry cannot be read" })?;
            let leaf = leaf_hash(body);
            step.entries.push((entry, leaf));
            tree.push(leaf, |id, hashes| step.tiles.push((id, to_bytes(hashes))));
        }
        let checkpoint =
            Checkpoint::sign(&self.key, self.signer.as_ref(), tree.size(), tree.root(), self.clock.now());
        let signed = checkpoint.clone();
        self.store.write_aside_blocking(move |conn| step.write(conn, &signed))?;
        self.newest.send_replace(Some(Arc::new(checkpoint)));
        Ok(tree)
    }

    /// Waits for entries to come together. `false` when it is time to stop.
    fn wait(&self) -> bool {
        let mut call = self.call.lock();
        if !call.wake && !call.stop {
            self.called.wait_for(&mut call, LOOK);
        }
        if call.wake && !call.stop {
            self.called.wait_while_for(&mut call, |call| !call.stop, GATHER);
        }
        call.wake = false;
        !call.stop
    }
}

/// Runs the integrator until it is stopped or dropped.
pub(crate) fn spawn(integrator: &Arc<Integrator>) -> std::io::Result<JoinHandle<()>> {
    let weak: Weak<Integrator> = Arc::downgrade(integrator);
    std::thread::Builder::new().name("ledger".to_owned()).spawn(move || {
        let mut complaint = String::new();
        while let Some(integrator) = weak.upgrade() {
            let now = integrator.integrate().err().map_or_else(String::new, |error| error.to_string());
            // Said once, not twice a second for as long as it lasts.
            if now != complaint && !now.is_empty() {
                tracing::error!(error = now, "the ledger records on, but cannot sign a checkpoint");
            }
            complaint = now;
            if !integrator.wait() {
                return;
            }
        }
    })
}

/// The next entries from `first` on, which must follow each other.
fn new_bodies(conn: &mut dyn Conn, first: u64, most: u64) -> Result<Vec<Vec<u8>>, Error> {
    let rows = conn.query(
        "SELECT seq, body FROM ledger_entry WHERE seq >= $1 ORDER BY seq LIMIT $2",
        &[Param::Int(int(first)), Param::Int(int(most))],
    )?;
    let mut bodies = Vec::with_capacity(rows.len());
    for (seq, row) in (first..).zip(&rows) {
        if row.get_int(0)? != int(seq) {
            return Err(Error::Damaged { seq, what: "an entry is missing" });
        }
        bodies.push(row.get_blob(1)?.to_vec());
    }
    Ok(bodies)
}

/// What one step writes.
struct Step {
    first: u64,
    entries: Vec<(Entry, Hash)>,
    tiles: Vec<(TileId, Vec<u8>)>,
}

impl Step {
    fn write(&self, conn: &mut dyn Conn, checkpoint: &Checkpoint) -> Result<(), Error> {
        let mut params = Vec::with_capacity(7 * self.entries.len());
        for (seq, (entry, leaf)) in (self.first..).zip(&self.entries) {
            params.extend([
                Param::Int(int(seq)),
                Param::Int(entry.at.0),
                entry.actor.person.as_ref().map_or(Param::Null, |id| Param::Blob(id.as_bytes())),
                Param::Text(&entry.action),
                entry.object.as_deref().map_or(Param::Null, Param::Text),
                Param::Int(i64::from(entry.outcome.code())),
                Param::Blob(leaf),
            ]);
        }
        INDEX.run(conn, &params)?;
        let mut params = Vec::with_capacity(3 * self.tiles.len());
        for (id, hashes) in &self.tiles {
            params.extend([Param::Int(i64::from(id.level)), Param::Int(int(id.index)), Param::Blob(hashes)]);
        }
        TILES.run(conn, &params)?;
        conn.execute(
            "INSERT INTO ledger_checkpoint (size, root, at, note) VALUES ($1, $2, $3, $4)",
            &[
                Param::Int(int(checkpoint.size())),
                Param::Blob(&checkpoint.root()),
                Param::Int(checkpoint.at().0),
                Param::Text(checkpoint.note()),
            ],
        )?;
        Ok(())
    }
}
