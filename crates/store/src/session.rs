//! Jobs, and what the threads need of an engine to run them.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::conn::Conn;
use crate::error::Error;

/// An engine's connection as the threads drive it. `Conn` is the part that jobs see.
pub(crate) trait Session: Conn {
    /// Begins a transaction (a snapshot on readers). May wait until the first statement to say so to the database.
    fn begin(&mut self) -> Result<(), Error>;
    /// Makes ready for a single statement without a transaction. `rollback` follows all the same.
    fn begin_statement(&mut self) -> Result<(), Error> {
        self.begin()
    }
    /// Whether a statement failed since `begin`, `savepoint` or a rollback.
    fn failed(&self) -> bool;
    /// A point within the transaction to which `rollback_to` returns; replaces the one before.
    fn savepoint(&mut self) -> Result<(), Error>;
    /// Undoes what came after the savepoint. An error means that the whole transaction is lost.
    fn rollback_to(&mut self) -> Result<(), Error>;
    /// Writes the job's key changes; they commit before the transaction.
    fn flush_keys(&mut self) -> Result<(), Error>;
    /// Makes everything durable: keys first.
    fn commit(&mut self) -> Result<(), Error>;
    /// Undoes everything, or ends a snapshot. Never fails: a broken connection is replaced at the next `begin`.
    fn rollback(&mut self);
    /// Called now and then while there is nothing to do.
    fn idle(&mut self) {}
    /// Whether a reader may keep its snapshot for the next job: it holds nobody up but the log's cleaner.
    fn keeps_snapshots(&self) -> bool {
        false
    }
    /// Whether the log of changes is to be begun anew, for which readers must let go of it.
    fn log_is_full(&self) -> bool {
        false
    }
    /// Has the next commit begin it anew; waits for readers.
    fn begin_log_anew(&mut self) {}
}

/// What a job needs around it, or promises.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Span {
    /// A reader: one snapshot for all its statements, as new as the last acknowledged change. A writer: a transaction.
    Transaction,
    /// A reader: the same, and what was written aside too.
    Latest,
    /// A reader: it is one statement, which is its own snapshot.
    Statement,
    /// A writer: a transaction that readers need not see, unless they ask for the latest.
    Aside,
}

/// How an answer finds its asker.
pub(crate) type Answer = Box<dyn FnOnce(Result<(), Error>) + Send>;

/// A job that has run.
pub(crate) struct Done {
    /// It wants to be committed.
    pub(crate) keep: bool,
    /// Tells the asker: its own result when given `Ok`, else the error.
    pub(crate) answer: Answer,
}

/// A job in the queue.
pub(crate) trait Job: Send {
    fn run(self: Box<Self>, conn: &mut dyn Conn) -> Done;
    /// Answers without running.
    fn refuse(self: Box<Self>, error: Error);
    /// Nobody waits for the answer any more.
    fn abandoned(&self) -> bool;
    fn span(&self) -> Span;
}

/// Where an answer goes.
pub(crate) trait Sink<R>: Send {
    fn send(self, result: R);
    fn abandoned(&self) -> bool;
}

impl<R: Send> Sink<R> for tokio::sync::oneshot::Sender<R> {
    fn send(self, result: R) {
        // Nobody waits any more: the change is made all the same.
        let _ = Self::send(self, result);
    }
    fn abandoned(&self) -> bool {
        self.is_closed()
    }
}

impl<R: Send> Sink<R> for std::sync::mpsc::SyncSender<R> {
    fn send(self, result: R) {
        let _ = Self::send(&self, result);
    }
    fn abandoned(&self) -> bool {
        false
    }
}

/// An answer that goes to a closure.
pub(crate) struct Call<F>(pub(crate) F);

impl<R, F: FnOnce(R) + Send> Sink<R> for Call<F> {
    fn send(self, result: R) {
        (self.0)(result);
    }
    fn abandoned(&self) -> bool {
        false
    }
}

/// A closure and where its answer goes.
pub(crate) struct Task<F, S> {
    pub(crate) work: F,
    pub(crate) sink: S,
    pub(crate) span: Span,
}

impl<T, E, F, S> Job for Task<F, S>
where
    T: Send + 'static,
    E: From<Error> + Send + 'static,
    F: FnOnce(&mut dyn Conn) -> Result<T, E> + Send,
    S: Sink<Result<T, E>> + 'static,
{
    fn run(self: Box<Self>, conn: &mut dyn Conn) -> Done {
        let Self { work, sink, .. } = *self;
        let result = catch_unwind(AssertUnwindSafe(|| work(conn)));
        let result = result.unwrap_or_else(|_| {
            tracing::error!("a database job panicked; its changes are rolled back");
            Err(E::from(Error::Panicked))
        });
        let keep = result.is_ok();
        let answer = Box::new(move |end: Result<(), Error>| {
            sink.send(match (result, end) {
                (Err(own), _) => Err(own),
                (Ok(value), Ok(())) => Ok(value),
                (Ok(_), Err(error)) => Err(E::from(error)),
            });
        });
        Done { keep, answer }
    }

    fn refuse(self: Box<Self>, error: Error) {
        self.sink.send(Err(E::from(error)));
    }

    fn abandoned(&self) -> bool {
        self.sink.abandoned()
    }

    fn span(&self) -> Span {
        self.span
    }
}
