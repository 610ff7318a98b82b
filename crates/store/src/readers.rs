//! A reader: a thread with its own connection; each job sees one snapshot and cannot write.

use crate::queue::{Popped, Queue};
use crate::session::{Job, Session, Span};

/// Runs until the queue is closed and empty.
pub(crate) fn run(session: &mut dyn Session, queue: &Queue<Box<dyn Job>>) {
    while let Popped::Job(job) = queue.pop(None) {
        if job.abandoned() {
            continue;
        }
        let ready = match job.span() {
            Span::Transaction => session.begin(),
            Span::Statement => session.begin_statement(),
        };
        if let Err(error) = ready {
            job.refuse(error);
            continue;
        }
        let done = job.run(session);
        // Ending the snapshot saves nothing: the asker need not wait for it.
        (done.answer)(Ok(()));
        session.rollback();
    }
}
