//! The handle to a workspace's database.

use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;

use parking_lot::Mutex;
use tokio::sync::oneshot;
use zeroize::Zeroizing;

use crate::conn::Conn;
use crate::engine::Engine;
use crate::error::Error;
use crate::postgres::{Address, Epoch, PgSession};
use crate::queue::Queue;
use crate::row::Row;
use crate::session::{Call, Job, Session, Span, Task};
use crate::snapshots::Commits;
use crate::sql::Sql;
use crate::sqlite::{Folder, SqliteKeys, SqliteSession};
use crate::{readers, writer};

/// Sizes of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Threads that read, each with its own connection.
    pub readers: usize,
    /// Most jobs that one commit makes durable.
    pub writer_batch: usize,
}

impl Default for Options {
    fn default() -> Self {
        // Each reader has a page cache of its own: more readers than cores would only share it out thinner.
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Self { readers: cores.clamp(2, 16), writer_batch: 256 }
    }
}

/// Jobs that may wait for the writer, and for the readers, before askers have to wait.
const MOST_WAITING: usize = 1_024;

/// A workspace's database: one writer, some readers. Cheap to clone; the last handle that is dropped finishes what was
/// asked for and closes the database.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    engine: Engine,
    writes: Arc<Queue<Box<dyn Job>>>,
    reads: Arc<Queue<Box<dyn Job>>>,
    writer: Mutex<Vec<JoinHandle<()>>>,
    readers: Mutex<Vec<JoinHandle<()>>>,
    /// Held until the threads are gone.
    _folder: Option<Arc<Folder>>,
}

impl Store {
    /// Opens (or makes) the encrypted files in a folder: `workspace.db` and `keys.db`.
    ///
    /// # Errors
    /// `FolderBusy` when another process serves the folder, `WrongKey`, `NotEncrypted`, `File`.
    pub fn open_sqlite(dir: &Path, keys: &SqliteKeys, options: Options) -> Result<Self, Error> {
        Self::embedded(Folder::open(dir, keys)?, options)
    }

    /// Opens (or makes) one encrypted file without a key store, for data that can be made again.
    ///
    /// # Errors
    /// As `open_sqlite`.
    pub fn open_file(path: &Path, key: &Zeroizing<[u8; 32]>) -> Result<Self, Error> {
        Self::embedded(Folder::open_file(path, key)?, Options { readers: 2, ..Options::default() })
    }

    /// Connects to a PostgreSQL server on this machine and takes the writer's lease.
    ///
    /// # Errors
    /// `DatabaseBusy` when another server writes, `Unreachable`, `BadAddress`.
    pub fn open_postgres(url: &str, options: Options) -> Result<Self, Error> {
        let (address, schema) = (Address::parse(url)?, Epoch::default());
        let (of_writer, writer_schema) = (address.clone(), schema.clone());
        Self::start(
            Engine::Postgres,
            options,
            None,
            move || PgSession::writer(of_writer, writer_schema),
            move || PgSession::reader(address.clone(), schema.clone()),
        )
    }

    fn embedded(folder: Folder, options: Options) -> Result<Self, Error> {
        let folder = Arc::new(folder);
        let (of_writer, of_readers) = (Arc::clone(&folder), Arc::clone(&folder));
        Self::start(
            Engine::Sqlite,
            options,
            Some(folder),
            move || SqliteSession::writer(&of_writer),
            move || SqliteSession::reader(&of_readers),
        )
    }

    /// Starts the threads; each makes its own connection, and all must succeed.
    fn start<S: Session + 'static>(
        engine: Engine,
        options: Options,
        folder: Option<Arc<Folder>>,
        connect_writer: impl FnOnce() -> Result<S, Error> + Send + 'static,
        connect_reader: impl Fn() -> Result<S, Error> + Send + Sync + 'static,
    ) -> Result<Self, Error> {
        let writes = Arc::new(Queue::new(MOST_WAITING));
        let reads = Arc::new(Queue::new(MOST_WAITING));
        let commits = Arc::new(Commits::default());
        let store = Self(Arc::new(Inner {
            engine,
            writes: Arc::clone(&writes),
            reads: Arc::clone(&reads),
            writer: Mutex::default(),
            readers: Mutex::default(),
            _folder: folder,
        }));
        let batch = options.writer_batch.max(1);
        let counted = Arc::clone(&commits);
        let thread = start_thread("store-writer", connect_writer, move |session| {
            writer::run(session, &writes, batch, &counted);
        })?;
        store.0.writer.lock().push(thread);
        let connect_reader = Arc::new(connect_reader);
        for _ in 0..options.readers.max(1) {
            let (connect, reads, commits) =
                (Arc::clone(&connect_reader), Arc::clone(&reads), Arc::clone(&commits));
            let thread = start_thread(
                "store-reader",
                move || connect(),
                move |session| readers::run(session, &reads, &commits),
            )?;
            store.0.readers.lock().push(thread);
        }
        Ok(store)
    }

    /// Finishes what was asked for and closes the database; whoever asks later gets `Closed`. Blocks until the
    /// threads are gone. A process that ends has to do this: a job that still runs may hold the last handle, and the
    /// ciphers are gone once the process takes leave.
    pub fn close(&self) {
        self.0.close();
    }

    /// Which engine.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.0.engine
    }

    /// Runs a closure against one snapshot, as new as the last acknowledged `write`. It cannot write. What was written
    /// aside it may not see.
    pub async fn read<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: FnOnce(&mut dyn Conn) -> Result<T, E> + Send + 'static,
    {
        ask(&self.0.reads, Span::Transaction, work).await
    }

    /// `read` that sees everything acknowledged, also what was written aside.
    pub async fn read_latest<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: FnOnce(&mut dyn Conn) -> Result<T, E> + Send + 'static,
    {
        ask(&self.0.reads, Span::Latest, work).await
    }

    /// `write` of what only `read_latest` and `read_blocking` look at: readers keep their snapshots, and with them their
    /// caches.
    pub async fn write_aside<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: FnOnce(&mut dyn Conn) -> Result<T, E> + Send + 'static,
    {
        ask(&self.0.writes, Span::Aside, work).await
    }

    /// `write_aside` that does not wait: `done` gets the answer, in the writer's thread and before it does anything else,
    /// so it must be short. `false` when the queue has no room; then nothing happens.
    #[must_use]
    pub fn try_write_aside<T, E, F, D>(&self, work: F, done: D) -> bool
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: FnOnce(&mut dyn Conn) -> Result<T, E> + Send + 'static,
        D: FnOnce(Result<T, E>) + Send + 'static,
    {
        self.0.writes.try_push(Box::new(Task { work, sink: Call(done), span: Span::Aside })).is_ok()
    }

    /// Runs a closure in the writer, in a transaction; answers when it is durable. On `Err` (or a panic) nothing of it
    /// was saved. A job that was taken in runs also when its asker no longer waits.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: FnOnce(&mut dyn Conn) -> Result<T, E> + Send + 'static,
    {
        ask(&self.0.writes, Span::Transaction, work).await
    }

    /// All rows of one query. Cheaper than `read`: a single statement needs no transaction around it.
    pub async fn read_one(&self, sql: Sql) -> Result<Vec<Row>, Error> {
        ask(&self.0.reads, Span::Statement, move |conn| conn.query(sql.text(), &sql.params())).await
    }

    /// `read_latest` for callers that may block.
    pub fn read_blocking<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: FnOnce(&mut dyn Conn) -> Result<T, E> + Send + 'static,
    {
        ask_blocking(&self.0.reads, Span::Latest, work)
    }

    /// `write` for callers that may block.
    pub fn write_blocking<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: FnOnce(&mut dyn Conn) -> Result<T, E> + Send + 'static,
    {
        ask_blocking(&self.0.writes, Span::Transaction, work)
    }

    /// `write_aside` for callers that may block.
    pub fn write_aside_blocking<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: FnOnce(&mut dyn Conn) -> Result<T, E> + Send + 'static,
    {
        ask_blocking(&self.0.writes, Span::Aside, work)
    }
}

/// Starts a thread that makes its own connection; answers when that stands.
fn start_thread<S: Session>(
    name: &str,
    connect: impl FnOnce() -> Result<S, Error> + Send + 'static,
    run: impl FnOnce(&mut S) + Send + 'static,
) -> Result<JoinHandle<()>, Error> {
    let (ready, started) = std::sync::mpsc::sync_channel(1);
    let thread = std::thread::Builder::new().name(name.to_owned()).spawn(move || match connect() {
        Err(error) => {
            let _ = ready.send(Err(error));
        }
        Ok(mut session) => {
            let _ = ready.send(Ok(()));
            run(&mut session);
        }
    });
    let thread = thread.map_err(|_| Error::Closed)?;
    started.recv().unwrap_or(Err(Error::Closed))?;
    Ok(thread)
}

async fn ask<T, E, F>(queue: &Queue<Box<dyn Job>>, span: Span, work: F) -> Result<T, E>
where
    T: Send + 'static,
    E: From<Error> + Send + 'static,
    F: FnOnce(&mut dyn Conn) -> Result<T, E> + Send + 'static,
{
    let (sink, answer) = oneshot::channel();
    if let Err(job) = queue.push(Box::new(Task { work, sink, span })).await {
        job.refuse(Error::Closed);
    }
    answer.await.unwrap_or_else(|_| Err(E::from(Error::Closed)))
}

fn ask_blocking<T, E, F>(queue: &Queue<Box<dyn Job>>, span: Span, work: F) -> Result<T, E>
where
    T: Send + 'static,
    E: From<Error> + Send + 'static,
    F: FnOnce(&mut dyn Conn) -> Result<T, E> + Send + 'static,
{
    let (sink, answer) = std::sync::mpsc::sync_channel(1);
    if let Err(job) = queue.push_blocking(Box::new(Task { work, sink, span })) {
        job.refuse(Error::Closed);
    }
    answer.recv().unwrap_or_else(|_| Err(E::from(Error::Closed)))
}

impl Inner {
    /// Lets the threads finish what waits, and waits for them. The writer is the last to close: it moves the WAL into
    /// the files and removes it.
    fn close(&self) {
        for (queue, threads) in [(&self.reads, &self.readers), (&self.writes, &self.writer)] {
            queue.close();
            let threads = std::mem::take(&mut *threads.lock());
            for thread in threads {
                // A job may hold the last handle: its thread cannot wait for itself.
                if thread.thread().id() != std::thread::current().id() {
                    let _ = thread.join();
                }
            }
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.close();
    }
}
