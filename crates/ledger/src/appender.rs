//! Group commit for entries that come one by one: whatever waits when the writer gets to it goes in one statement
//! and one commit. Nobody is answered before that commit is durable.

use std::sync::Arc;

use parking_lot::Mutex;
use store::Store;
use tokio::sync::oneshot;

use crate::append::append_bodies;
use crate::error::Error;

/// The most entries in one write job; more wait for the next.
const MOST_AT_ONCE: usize = 512;

type Answer = oneshot::Sender<Result<u64, Error>>;

/// Entries on their way in, shared by everyone who records.
#[derive(Default)]
struct Queue {
    bodies: Vec<Vec<u8>>,
    answers: Vec<Answer>,
    /// A write job is on its way and will take what waits.
    called: bool,
}

/// Appends entries in groups.
#[derive(Clone)]
pub(crate) struct Appender {
    store: Store,
    queue: Arc<Mutex<Queue>>,
}

impl Appender {
    pub(crate) fn new(store: Store) -> Self {
        Self { store, queue: Arc::default() }
    }

    /// Appends an encoded entry; answers with its number once it is durable.
    pub(crate) async fn append(&self, body: Vec<u8>) -> Result<u64, Error> {
        let (answer, answered) = oneshot::channel();
        let call = {
            let mut queue = self.queue.lock();
            queue.bodies.push(body);
            queue.answers.push(answer);
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
            let (queue, taken) = (Arc::clone(&self.queue), Arc::clone(&answers));
            let written = self
                .store
                .write(move |conn| {
                    let bodies = queue.lock().take(&mut taken.lock());
                    append_bodies(conn, &bodies).map(|receipt| receipt.first())
                })
                .await;
            let mut answers = std::mem::take(&mut *answers.lock());
            if answers.is_empty() && written.is_err() {
                // The job never ran (the store is closing): whoever waits must hear it.
                self.queue.lock().take(&mut answers);
            }
            deliver(answers, written);
            if !self.queue.lock().call_again() {
                return;
            }
        }
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

    /// Entries were left over and nobody has called a job for them.
    fn call_again(&mut self) -> bool {
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
