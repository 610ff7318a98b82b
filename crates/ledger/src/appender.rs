//! Group commit for entries that come one by one: whatever waits when the writer gets to it goes in one statement
//! and one commit. Nobody is answered before that commit is durable.

use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};
use store::Store;
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
            // A task of its own: when this caller gives up (a closed connection), the others still get their answer.
            tokio::spawn(self.clone().write());
        }
        answered.await.unwrap_or(Err(Error::Closed))
    }

    async fn write(self) {
        loop {
            let answers = Arc::new(Mutex::new(Vec::new()));
            let (shared, taken) = (Arc::clone(&self.shared), Arc::clone(&answers));
            let written = self
                .store
                .write_aside(move |conn| {
                    let bodies = shared.gather(&mut taken.lock());
                    append_bodies(conn, &bodies).map(|receipt| receipt.first())
                })
                .await;
            let mut answers = std::mem::take(&mut *answers.lock());
            if answers.is_empty() && written.is_err() {
                // The job never ran (the store is closing): whoever waits must hear it.
                self.shared.queue.lock().take(&mut answers);
            }
            let again = self.shared.queue.lock().delivered(answers.len());
            deliver(answers, written);
            if !again {
                return;
            }
        }
    }
}

impl Shared {
    /// Waits a moment for those who usually come together, then takes what there is.
    fn gather(&self, answers: &mut Vec<Answer>) -> Vec<Vec<u8>> {
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
        queue.take(answers)
    }
}

impl Queue {
    /// What goes into this job. What is left over, or comes later, needs another one.
    fn take(&mut self, answers: &mut Vec<Answer>) -> Vec<Vec<u8>> {
        let count = self.bodies.len().min(MOST_AT_ONCE);
        let late_bodies = self.bodies.split_off(count);
        let late_answers = self.answers.split_off(count);
        *answers = std::mem::replace(&mut self.answers, late_answers);
        self.called = false;
        std::mem::replace(&mut self.bodies, late_bodies)
    }

    /// So many are answered now and, with those who wait, may come together next time. `true` when some were left
    /// over and nobody has called a job for them.
    fn delivered(&mut self, count: usize) -> bool {
        self.usual = self.usual.max((count + self.bodies.len()).min(MOST_AT_ONCE));
        !self.bodies.is_empty() && !std::mem::replace(&mut self.called, true)
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
