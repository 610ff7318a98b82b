//! The handle: jobs in, answers out.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};

use tokio::sync::oneshot;
use zeroize::Zeroizing;

use crate::conn::{Conn, Engine};
use crate::error::Error;
use crate::migrations::{self, Migration};
use crate::postgres::PostgresConn;
use crate::sqlite::{SqliteConn, SqliteFile};
use crate::workers::{Job, Readers, Writing, start_readers, start_writer};

/// Keys of the embedded engine's files.
pub struct SqliteKeys {
    /// Of `workspace.db`.
    pub main: Zeroizing<[u8; 32]>,
    /// Of `keys.db`.
    pub keys: Zeroizing<[u8; 32]>,
}

/// How many threads and how large batches.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Reader threads, each with a connection.
    pub readers: usize,
    /// Most jobs in one commit.
    pub writer_batch: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { readers: 4, writer_batch: 256 }
    }
}

/// Jobs that may wait for the writer before senders wait themselves.
const QUEUE: usize = 1_024;

/// One workspace's store. Cheap to clone; the last handle closes it.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    engine: Engine,
    writer: Option<SyncSender<Job>>,
    readers: Option<Readers>,
    threads: Vec<std::thread::JoinHandle<()>>,
    _lock: Option<File>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.writer = None;
        self.readers = None;
        let here = std::thread::current().id();
        for thread in self.threads.drain(..) {
            // The last handle may fall inside a job: a thread cannot wait for itself.
            if thread.thread().id() != here {
                let _ = thread.join();
            }
        }
    }
}

impl Store {
    /// Opens or creates `workspace.db` and `keys.db` in a folder, and keeps every other server out of it.
    ///
    /// # Errors
    /// `WrongKey`, `InUse`, or what the file system says.
    pub fn open_sqlite(dir: &Path, keys: &SqliteKeys, options: Options) -> Result<Self, Error> {
        std::fs::create_dir_all(dir)?;
        let lock = File::create(dir.join("lock"))?;
        lock.try_lock().map_err(|_| Error::InUse)?;
        let main = SqliteFile { path: dir.join("workspace.db"), key: keys.main.clone() };
        let keys = SqliteFile { path: dir.join("keys.db"), key: keys.keys.clone() };
        Self::start_sqlite(&main, Some(&keys), options, Some(lock))
    }

    /// Opens or creates a single encrypted file without a key store: for indexes that can be rebuilt.
    ///
    /// # Errors
    /// `WrongKey`, or what the file system says.
    pub fn open_file(path: &Path, key: &Zeroizing<[u8; 32]>) -> Result<Self, Error> {
        let file = SqliteFile { path: path.to_owned(), key: key.clone() };
        Self::start_sqlite(&file, None, Options { readers: 2, ..Options::default() }, None)
    }

    fn start_sqlite(
        main: &SqliteFile,
        keys: Option<&SqliteFile>,
        options: Options,
        lock: Option<File>,
    ) -> Result<Self, Error> {
        let writer = SqliteConn::writer(main, keys)?;
        let readers = (0..options.readers)
            .map(|_| {
                let conn = SqliteConn::reader(main, keys)?;
                conn.read_only()?;
                Ok(Box::new(conn) as Box<dyn Writing + Send>)
            })
            .collect::<Result<Vec<_>, Error>>()?;
        Self::start(Engine::Sqlite, Box::new(writer), readers, options, lock)
    }

    /// Connects to a database of which this server is the only writer.
    ///
    /// # Errors
    /// What PostgreSQL says, `InUse` when another server writes.
    pub fn open_postgres(url: &str, options: Options) -> Result<Self, Error> {
        let mut writer = PostgresConn::open(url)?;
        writer.create_key_store()?;
        writer.take_lease(url)?;
        let readers = (0..options.readers.max(8))
            .map(|_| Ok(Box::new(PostgresConn::open(url)?) as Box<dyn Writing + Send>))
            .collect::<Result<Vec<_>, Error>>()?;
        Self::start(Engine::Postgres, Box::new(writer), readers, options, None)
    }

    fn start(
        engine: Engine,
        writer: Box<dyn Writing + Send>,
        readers: Vec<Box<dyn Writing + Send>>,
        options: Options,
        lock: Option<File>,
    ) -> Result<Self, Error> {
        let (jobs, queue) = sync_channel(QUEUE);
        let mut threads = vec![start_writer(writer, queue, options.writer_batch)?];
        let (readers, reader_threads) = start_readers(readers)?;
        threads.extend(reader_threads);
        Ok(Self(Arc::new(Inner { engine, writer: Some(jobs), readers: Some(readers), threads, _lock: lock })))
    }

    /// Which engine.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.0.engine
    }

    /// Applies what is missing of the migrations, each in a transaction of its own.
    ///
    /// # Errors
    /// `Newer` when the data knows steps that this program does not.
    pub fn migrate(&self, groups: &[&'static [Migration]]) -> Result<(), Error> {
        let all: Vec<Migration> = groups.iter().flat_map(|g| g.iter().copied()).collect();
        let known = self.write_blocking(|conn| migrations::applied(conn))?;
        migrations::check(&all, &known)?;
        for migration in all.into_iter().filter(|m| !known.contains(m.name)) {
            self.write_blocking(move |conn| migrations::apply(conn, &migration))?;
        }
        Ok(())
    }

    /// Runs a job on one snapshot.
    ///
    /// # Errors
    /// The job's own, or the store's.
    pub async fn read<T, E>(
        &self,
        job: impl FnOnce(&mut dyn Conn) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        self.0.readers.as_ref().ok_or(Error::Closed)?.send(Job::new(job, |r| drop(reply.send(r))));
        answer.await.map_err(|_| Error::Closed)?
    }

    /// As `read`, for threads.
    ///
    /// # Errors
    /// The job's own, or the store's.
    pub fn read_blocking<T, E>(
        &self,
        job: impl FnOnce(&mut dyn Conn) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (reply, answer) = sync_channel(1);
        self.0.readers.as_ref().ok_or(Error::Closed)?.send(Job::new(job, move |r| drop(reply.send(r))));
        answer.recv().map_err(|_| Error::Closed)?
    }

    /// Runs a job in the writer's next commit; the answer comes after it is durable.
    ///
    /// # Errors
    /// The job's own (its work is undone), or the store's.
    pub async fn write<T, E>(
        &self,
        job: impl FnOnce(&mut dyn Conn) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job = Job::new(job, |r| drop(reply.send(r)));
        let writer = self.0.writer.clone().ok_or(Error::Closed)?;
        if let Err(std::sync::mpsc::TrySendError::Full(job)) = writer.try_send(job) {
            // The queue is full: wait for room without holding up the runtime.
            let _ = tokio::task::spawn_blocking(move || writer.send(job)).await;
        }
        answer.await.map_err(|_| Error::Closed)?
    }

    /// As `write`, for threads.
    ///
    /// # Errors
    /// The job's own (its work is undone), or the store's.
    pub fn write_blocking<T, E>(
        &self,
        job: impl FnOnce(&mut dyn Conn) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (reply, answer) = sync_channel(1);
        let job = Job::new(job, move |r| drop(reply.send(r)));
        self.0.writer.as_ref().ok_or(Error::Closed)?.send(job).map_err(|_| Error::Closed)?;
        answer.recv().map_err(|_| Error::Closed)?
    }
}
