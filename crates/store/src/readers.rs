//! A reader: a thread with its own connection; each job sees one snapshot and cannot write.

use crate::queue::{Popped, Queue};
use crate::session::{Job, Session, Span};
use crate::snapshots::{Commits, LINGER, Snapshot};

/// Runs until the queue is closed and empty.
pub(crate) fn run(session: &mut dyn Session, queue: &Queue<Box<dyn Job>>, commits: &Commits) {
    let mut held: Option<Snapshot> = None;
    loop {
        let job = match queue.pop(held.is_some().then_some(LINGER)) {
            Popped::Job(job) => job,
            Popped::Idle => {
                session.rollback();
                held = None;
                continue;
            }
            Popped::Closed => break,
        };
        if job.abandoned() {
            continue;
        }
        if !held.as_ref().is_some_and(|snapshot| snapshot.serves(job.span(), commits)) {
            if held.take().is_some() {
                session.rollback();
            }
            let snapshot = Snapshot::now(commits);
            let ready = match job.span() {
                Span::Statement if !session.keeps_snapshots() => session.begin_statement(),
                _ => session.begin(),
            };
            if let Err(error) = ready {
                job.refuse(error);
                continue;
            }
            held = Some(snapshot);
        }
        let done = job.run(session);
        // Ending the snapshot saves nothing: the asker need not wait for it.
        (done.answer)(Ok(()));
        let keep = session.keeps_snapshots() && !session.failed();
        if !keep || !held.as_ref().is_some_and(|snapshot| snapshot.is_kept(commits)) {
            session.rollback();
            held = None;
        }
    }
    session.rollback();
}
