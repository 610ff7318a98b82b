//! Group commit for entries that come one by one: whatever waits when the writer gets to it goes in one statement
//! and one commit. Nobody is answered before that commit is durable.

use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};
use store::{Conn, Store};
use tokio::runtime::Handle;
use tokio::sync::oneshot;

use crate::append::append_bodies;
use crate::error::Error;

/// The most entries in one write job; more wait for the next.
const MOST_AT_ONCE: usize = 512;

/// How long the writer waits for the usual number of entries to come together. A commit costs several times this;
/// those who were just answered come back within it, and then share the next commit instead of the one after.
const GATHER: Duration = Duration::from_micros(120);

type Answer = oneshot::Sender<Result<u64, Error>>;

/// Entries on their way in, shared by everyone who records.
#[derive(Default)]
struct Queue {
    bodies: Vec<Vec<u8>>,
    answers: Vec<Answer>,
    /// A write job is on its way and will take what waits.
    called: bool,
    /// How many come together of late: one when entries come singly, and then nobody waits for company.
    usual: usize,
}

#[derive(Default)]
struct Shared {
    queue: Mutex<Queue>,
    /// The usual number has come together.
    together: Condvar,
}

/// Appends entries in groups.
#[derive(Clone)]
pub(crate) struct Appender {
    store: Store,
    shared: Arc<Shared>,
}

impl Appender {
    pub(crate) fn new(store: Store) -> Self {
        Self { store, shared: Arc::default() }
    }

    /// Appends an encoded entry; answers with its number once it is durable.
    pub(crate) async fn append(&self, body: Vec<u8>) -> Result<u64, Error> {
        let (answer, answered) = oneshot::channel();
        let call = {
            let mut queue = self.shared.queue.lock();
            queue.bodies.push(body);
            queue.answers.push(answer);
            if queue.bodies.len() == queue.usual {
                self.shared.together.notify_one();
            }
            !std::mem::replace(&mut queue.called, true)
        };
        if call {
            self.call(&Handle::current());
        }
        answered.await.unwrap_or(Err(Error::Closed))
    }

    /// Asks the writer to come.
    fn call(&self, runtime: &Handle) {
        let (at_work, at_end) = self.group(runtime);
        if !self.store.try_write_aside(move |conn| at_work.write(conn), move |end| at_end.answer(end)) {
            let (at_work, at_end) = self.group(runtime);
            // A task of its own: when the caller gives up (a closed connection), the others still get their answer.
            runtime.spawn(async move {
                let store = at_end.appender.store.clone();
                at_end.answer(store.write_aside(move |conn| at_work.write(conn)).await);
            });
        }
    }

    fn group(&self, runtime: &Handle) -> (Arc<Group>, Arc<Group>) {
        let group =
            Arc::new(Group { appender: self.clone(), runtime: runtime.clone(), answers: Mutex::default() });
        (Arc::clone(&group), group)
    }
}

/// Entries that share a commit.
struct Group {
    appender: Appender,
    /// Where the next call waits when the writer's queue is full.
    runtime: Handle,
    /// None until the writer has come.
    answers: Mutex<Option<Vec<Answer>>>,
}

impl Group {
    /// In the writer's transaction: its entries are those who wait now.
    fn write(&self, conn: &mut dyn Conn) -> Result<u64, Error> {
        let (bodies, answers) = self.appender.shared.gather();
        *self.answers.lock() = Some(answers);
        append_bodies(conn, &bodies).map(|receipt| receipt.first())
    }

    /// Once it is durable. The writer itself does this: a task in between would have to be woken first.
    fn answer(&self, written: Result<u64, Error>) {
        let shared = &self.appender.shared;
        let answers = self.answers.lock().take();
        // A job that never ran (the store is closing) took nobody in: whoever waits must hear it.
        let answers = answers.unwrap_or_else(|| shared.queue.lock().take().1);
        let again = shared.queue.lock().delivered(answers.len());
        if again {
            self.appender.call(&self.runtime);
        }
        deliver(answers, written);
    }
}

impl Shared {
    /// Waits a moment for those who usually come together, then takes what there is.
    fn gather(&self) -> (Vec<Vec<u8>>, Vec<Answer>) {
        let mut queue = self.queue.lock();
        let deadline = Instant::now() + GATHER;
        while queue.bodies.len() < queue.usual {
            if self.together.wait_until(&mut queue, deadline).timed_out() {
                // Fewer than usual: what is usual falls, slowly, for one may only have been late. Somebody may also have come
                // at the very moment of the deadline: then nothing falls.
                queue.usual -= queue.usual.saturating_sub(queue.bodies.len()).div_ceil(4);
                break;
            }
        }
        queue.take()
    }
}

impl Queue {
    /// What goes into this job. What is left over, or comes later, needs another one.
    fn take(&mut self) -> (Vec<Vec<u8>>, Vec<Answer>) {
        let count = self.bodies.len().min(MOST_AT_ONCE);
        let late_bodies = self.bodies.split_off(count);
        let late_answers = self.answers.split_off(count);
        self.called = false;
        (std::mem::replace(&mut self.bodies, late_bodies), std::mem::replace(&mut self.answers, late_answers))
    }

    /// So many are answered now and, with those who wait, may come together next time. `true` when the writer is to come
    /// again: for those left over whom nobody has called for, or because a group that came together comes back
    /// together. It then waits for them no longer than it would have.
    fn delivered(&mut self, count: usize) -> bool {
        self.usual = self.usual.max((count + self.bodies.len()).min(MOST_AT_ONCE));
        let expected = count > 1 || !self.bodies.is_empty();
        expected && !std::mem::replace(&mut self.called, true)
    }
}

fn deliver(answers: Vec<Answer>, written: Result<u64, Error>) {
    // A caller that has gone away does not need its answer.
    match written {
        Ok(first) => answers.into_iter().zip(first..).for_each(|(answer, seq)| drop(answer.send(Ok(seq)))),
        Err(error) => {
            let error = Arc::new(error);
            answers.into_iter().for_each(|a| drop(a.send(Err(Error::NotRecorded(Arc::clone(&error))))));
        }
    }
}
