//! The threads: one that writes with group commit, several that read.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use parking_lot::Mutex;

use crate::conn::Conn;
use crate::error::Error;
use crate::postgres::PostgresConn;
use crate::sqlite::SqliteConn;

/// What the threads need beyond `Conn`.
pub(crate) trait Writing {
    fn conn(&mut self) -> &mut dyn Conn;
    fn begin_write(&mut self) -> Result<(), Error>;
    fn begin_read(&mut self) -> Result<(), Error>;
    fn savepoint(&mut self) -> Result<(), Error>;
    fn release(&mut self) -> Result<(), Error>;
    fn undo_job(&mut self) -> Result<(), Error>;
    /// Makes the batch durable: keys first.
    fn commit(&mut self) -> Result<(), Error>;
    fn rollback(&mut self);
}

impl Writing for SqliteConn {
    fn conn(&mut self) -> &mut dyn Conn {
        self
    }
    fn begin_write(&mut self) -> Result<(), Error> {
        self.execute("BEGIN IMMEDIATE", &[]).map(|_| ())
    }
    fn begin_read(&mut self) -> Result<(), Error> {
        self.execute("BEGIN", &[]).map(|_| ())
    }
    fn savepoint(&mut self) -> Result<(), Error> {
        self.execute("SAVEPOINT job", &[]).map(|_| ())
    }
    fn release(&mut self) -> Result<(), Error> {
        self.execute("RELEASE job", &[]).map(|_| ())
    }
    fn undo_job(&mut self) -> Result<(), Error> {
        self.batch("ROLLBACK TO job; RELEASE job")
    }
    fn commit(&mut self) -> Result<(), Error> {
        self.commit_keys()?;
        self.execute("COMMIT", &[]).map(|_| ())
    }
    fn rollback(&mut self) {
        self.rollback_keys();
        let _ = self.batch("ROLLBACK");
    }
}

impl Writing for PostgresConn {
    fn conn(&mut self) -> &mut dyn Conn {
        self
    }
    fn begin_write(&mut self) -> Result<(), Error> {
        self.simple("BEGIN")
    }
    fn begin_read(&mut self) -> Result<(), Error> {
        self.simple("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    }
    fn savepoint(&mut self) -> Result<(), Error> {
        self.simple("SAVEPOINT job")
    }
    fn release(&mut self) -> Result<(), Error> {
        self.simple("RELEASE SAVEPOINT job")
    }
    fn undo_job(&mut self) -> Result<(), Error> {
        self.simple("ROLLBACK TO SAVEPOINT job; RELEASE SAVEPOINT job")
    }
    fn commit(&mut self) -> Result<(), Error> {
        self.simple("COMMIT")
    }
    fn rollback(&mut self) {
        let _ = self.simple("ROLLBACK");
    }
}

/// Gives the answer: `None` after the commit, or what failed instead.
type Deliver = Box<dyn FnOnce(Option<Error>) + Send>;
type Run = Box<dyn FnOnce(&mut dyn Conn) -> (bool, Deliver) + Send>;

/// A closure on its way to a thread.
pub(crate) struct Job(Run);

impl Job {
    /// Wraps a closure; `reply` takes its result when that is final.
    pub(crate) fn new<T, E>(
        job: impl FnOnce(&mut dyn Conn) -> Result<T, E> + Send + 'static,
        reply: impl FnOnce(Result<T, E>) + Send + 'static,
    ) -> Self
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        Self(Box::new(move |conn| {
            let result =
                catch_unwind(AssertUnwindSafe(|| job(conn))).unwrap_or_else(|_| Err(Error::Panicked.into()));
            let ok = result.is_ok();
            let deliver: Deliver = Box::new(move |failure| {
                reply(match failure {
                    Some(error) if result.is_ok() => Err(error.into()),
                    _ => result,
                });
            });
            (ok, deliver)
        }))
    }
}

/// Starts the thread that writes. It ends when the last sender is gone.
pub(crate) fn start_writer(
    mut conn: Box<dyn Writing + Send>,
    queue: Receiver<Job>,
    most: usize,
) -> Result<JoinHandle<()>, Error> {
    let thread = std::thread::Builder::new().name("store-writer".to_owned());
    Ok(thread.spawn(move || {
        while let Ok(first) = queue.recv() {
            write_batch(conn.as_mut(), first, &queue, most);
        }
    })?)
}

fn write_batch(conn: &mut dyn Writing, first: Job, queue: &Receiver<Job>, most: usize) {
    let mut done: Vec<Deliver> = Vec::new();
    let mut failure = conn.begin_write().err();
    let mut next = Some(first);
    while let Some(Job(run)) = next.take() {
        if failure.is_none() {
            match one_job(conn, run) {
                Ok(Some(deliver)) => done.push(deliver),
                Ok(None) => {}
                Err(error) => failure = Some(error),
            }
        } else {
            // The transaction is lost: the job is refused unrun, by an answer it can repeat.
            drop(run);
        }
        if failure.is_none() && done.len() < most {
            next = queue.try_recv().ok();
        }
    }
    if failure.is_none() {
        failure = conn.commit().err();
    }
    match failure {
        None => done.into_iter().for_each(|deliver| deliver(None)),
        Some(error) => {
            conn.rollback();
            tracing::error!(%error, jobs = done.len(), "a commit failed; its jobs are undone");
            let text = error.to_string();
            done.into_iter().for_each(|deliver| deliver(Some(Error::Commit(text.clone()))));
        }
    }
}

/// Runs one job in its savepoint. `None`: it failed, its work is undone, and it has its answer.
fn one_job(conn: &mut dyn Writing, run: Run) -> Result<Option<Deliver>, Error> {
    conn.savepoint()?;
    let (ok, deliver) = run(conn.conn());
    if ok {
        conn.release()?;
        return Ok(Some(deliver));
    }
    conn.undo_job()?;
    deliver(None);
    Ok(None)
}

/// The reader threads' common queue.
pub(crate) struct Readers(Sender<Job>);

impl Readers {
    pub(crate) fn send(&self, job: Job) {
        // A closed queue drops the job, and with it the sender of its answer: the caller sees `Closed`.
        let _ = self.0.send(job);
    }
}

/// Starts one thread per connection.
pub(crate) fn start_readers(
    conns: Vec<Box<dyn Writing + Send>>,
) -> Result<(Readers, Vec<JoinHandle<()>>), Error> {
    let (sender, receiver) = channel::<Job>();
    let queue = Arc::new(Mutex::new(receiver));
    let threads = conns
        .into_iter()
        .map(|mut conn| {
            let queue = queue.clone();
            let thread = std::thread::Builder::new().name("store-reader".to_owned());
            Ok(thread.spawn(move || {
                loop {
                    let job = queue.lock().recv();
                    let Ok(Job(run)) = job else { return };
                    match conn.begin_read() {
                        Err(error) => {
                            tracing::error!(%error, "a read could not begin");
                            drop(run);
                        }
                        Ok(()) => {
                            let (_, deliver) = run(conn.conn());
                            // Nothing was written: ending the snapshot cannot fail in a way that matters.
                            let _ = conn.commit();
                            deliver(None);
                        }
                    }
                }
            })?)
        })
        .collect::<Result<Vec<_>, Error>>()?;
    Ok((Readers(sender), threads))
}
