//! The writer: one thread, one connection, group commit (docs/decisions/0001).
//!
//! It takes a job, begins a transaction, runs it and whatever else waits meanwhile, commits once and then answers all.
//! Every job is atomic by itself: the first of a transaction by rolling the whole back, the others by a savepoint.

use std::time::{Duration, Instant};

use crate::error::Error;
use crate::queue::{Popped, Queue};
use crate::session::{Answer, Done, Job, Session, Span};
use crate::snapshots::Commits;

/// A batch takes no further jobs after this long: the first asker waits for its commit.
const LONGEST_BATCH: Duration = Duration::from_millis(20);
/// How often an idle writer looks after its connection.
const IDLE: Duration = Duration::from_secs(4);

/// Runs until the queue is closed and empty.
pub(crate) fn run(session: &mut dyn Session, queue: &Queue<Box<dyn Job>>, batch: usize, commits: &Commits) {
    loop {
        match queue.pop(Some(IDLE)) {
            Popped::Job(first) => {
                let whole = Batch { session, commits, kept: Vec::new(), begun: false, aside: true };
                whole.run(first, queue, batch);
                if session.log_is_full() {
                    commits.release(true);
                    session.begin_log_anew();
                    commits.release(false);
                }
            }
            Popped::Idle => session.idle(),
            Popped::Closed => return,
        }
    }
}

struct Batch<'a> {
    session: &'a mut dyn Session,
    commits: &'a Commits,
    /// Answers of jobs whose changes are in the transaction.
    kept: Vec<Answer>,
    begun: bool,
    /// Readers need not see any of it.
    aside: bool,
}

impl Batch<'_> {
    fn run(mut self, first: Box<dyn Job>, queue: &Queue<Box<dyn Job>>, batch: usize) {
        let started = Instant::now();
        let mut taken = 1;
        let mut next = Some(first);
        while let Some(job) = next {
            self.one(job);
            next = if taken < batch && started.elapsed() < LONGEST_BATCH { queue.try_pop() } else { None };
            taken += 1;
        }
        if self.kept.is_empty() {
            if self.begun {
                self.session.rollback();
            }
            return;
        }
        let end = self.session.commit();
        // Before anybody is answered; and also after an error, for nobody knows what it left.
        self.commits.committed(self.aside);
        if let Err(error) = &end {
            tracing::error!(%error, jobs = self.kept.len(), "a commit failed");
        }
        for answer in self.kept {
            answer(end.clone());
        }
    }

    /// Runs one job within the transaction.
    fn one(&mut self, job: Box<dyn Job>) {
        let ready = if !self.begun {
            self.session.begin()
        } else if self.kept.is_empty() {
            Ok(())
        } else {
            self.session.savepoint()
        };
        if let Err(error) = ready {
            self.lose(&error);
            return job.refuse(error);
        }
        self.begun = true;
        let aside = job.span() == Span::Aside;
        let Done { keep, answer } = job.run(self.session);
        let mut end = if keep && self.session.failed() { Err(Error::Ignored) } else { Ok(()) };
        if keep && end.is_ok() {
            end = self.session.flush_keys();
        }
        if keep && end.is_ok() {
            self.aside &= aside;
            return self.kept.push(answer);
        }
        self.undo();
        answer(end);
    }

    /// Undoes the last job.
    fn undo(&mut self) {
        if self.kept.is_empty() {
            self.session.rollback();
            self.begun = false;
        } else if let Err(error) = self.session.rollback_to() {
            self.lose(&error);
        }
    }

    /// The transaction is gone: so are the jobs in it.
    fn lose(&mut self, error: &Error) {
        tracing::error!(%error, jobs = self.kept.len(), "a transaction was lost");
        self.session.rollback();
        self.begun = false;
        for answer in self.kept.drain(..) {
            answer(Err(error.clone()));
        }
    }
}
