//! A bounded queue between many askers (async or not) and a few threads.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::{Condvar, Mutex};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Jobs wait here. Askers wait when it is full, threads when it is empty.
pub(crate) struct Queue<T> {
    state: Mutex<State<T>>,
    filled: Condvar,
    room: Arc<Semaphore>,
}

struct State<T> {
    jobs: VecDeque<(T, OwnedSemaphorePermit)>,
    open: bool,
}

/// What a thread gets.
pub(crate) enum Popped<T> {
    Job(T),
    /// Nothing came in time.
    Idle,
    /// Closed, and nothing is left to do.
    Closed,
}

/// How long an asker that cannot wait asynchronously sleeps before it looks for room again.
const PATIENCE: Duration = Duration::from_millis(1);

impl<T> Queue<T> {
    pub(crate) fn new(bound: usize) -> Self {
        Self {
            state: Mutex::new(State { jobs: VecDeque::new(), open: true }),
            filled: Condvar::new(),
            room: Arc::new(Semaphore::new(bound)),
        }
    }

    /// Adds a job, waiting for room; gives it back when the queue is closed.
    pub(crate) async fn push(&self, job: T) -> Result<(), T> {
        match Arc::clone(&self.room).acquire_owned().await {
            Ok(permit) => self.add(job, permit),
            Err(_) => Err(job),
        }
    }

    /// Adds a job if there is room; else gives it back.
    pub(crate) fn try_push(&self, job: T) -> Result<(), T> {
        match Arc::clone(&self.room).try_acquire_owned() {
            Ok(permit) => self.add(job, permit),
            Err(_) => Err(job),
        }
    }

    /// The same for callers outside of async code.
    pub(crate) fn push_blocking(&self, job: T) -> Result<(), T> {
        loop {
            match Arc::clone(&self.room).try_acquire_owned() {
                Ok(permit) => return self.add(job, permit),
                Err(tokio::sync::TryAcquireError::Closed) => return Err(job),
                Err(tokio::sync::TryAcquireError::NoPermits) => std::thread::sleep(PATIENCE),
            }
        }
    }

    fn add(&self, job: T, permit: OwnedSemaphorePermit) -> Result<(), T> {
        let mut state = self.state.lock();
        if !state.open {
            return Err(job);
        }
        state.jobs.push_back((job, permit));
        drop(state);
        self.filled.notify_one();
        Ok(())
    }

    /// The next job, waiting for one.
    pub(crate) fn pop(&self, patience: Option<Duration>) -> Popped<T> {
        let mut state = self.state.lock();
        loop {
            if let Some((job, _)) = state.jobs.pop_front() {
                return Popped::Job(job);
            }
            if !state.open {
                return Popped::Closed;
            }
            match patience {
                None => self.filled.wait(&mut state),
                Some(patience) => {
                    if self.filled.wait_for(&mut state, patience).timed_out() && state.jobs.is_empty() {
                        return if state.open { Popped::Idle } else { Popped::Closed };
                    }
                }
            }
        }
    }

    /// The next job, when there is one already.
    pub(crate) fn try_pop(&self) -> Option<T> {
        self.state.lock().jobs.pop_front().map(|(job, _)| job)
    }

    /// Takes no more; what is in it will still be done.
    pub(crate) fn close(&self) {
        self.state.lock().open = false;
        self.room.close();
        self.filled.notify_all();
    }
}
