//! Background work that survives a restart: a queue in the database.
//!
//! A worker claims a job for a while (the lease). One that dies loses it when the lease is over, and the next worker
//! gets the job with a higher fence; whatever the late one still tries is refused by its old fence. Hand the fence to
//! every write of the work (`check`), in the same transaction.

use kernel::Timestamp;
use uuid::Uuid;

use crate::conn::Conn;
use crate::error::Error;
use crate::param::Param;

/// A job that this worker holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Its id.
    pub id: Uuid,
    /// What to do, as JSON. Ids only, no customer data.
    pub payload: String,
    /// Proves the claim; rises with every claim.
    pub fence: i64,
    /// Which attempt this is, from 1.
    pub attempts: i64,
}

/// How a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Waits for its time or its worker.
    Waiting,
    /// Done.
    Finished,
    /// Given up.
    Failed,
}

impl State {
    fn code(self) -> i64 {
        match self {
            Self::Waiting => 0,
            Self::Finished => 1,
            Self::Failed => 2,
        }
    }
}

/// The queue. All functions but `state` belong into write jobs.
pub struct Jobs;

impl Jobs {
    /// Adds a job that may start at `run_at`.
    pub fn enqueue(
        conn: &mut dyn Conn,
        id: Uuid,
        kind: &str,
        payload: &str,
        run_at: Timestamp,
    ) -> Result<(), Error> {
        conn.execute(
            "INSERT INTO job(id, kind, payload, state, run_at, fence, attempts) VALUES ($1, $2, $3, 0, $4, 0, 0)",
            &[id.into(), kind.into(), payload.into(), run_at.into()],
        )
        .map(|_| ())
    }

    /// Claims the job of a kind that has waited longest, if one is due and free, for `lease_seconds`.
    pub fn claim(
        conn: &mut dyn Conn,
        kind: &str,
        now: Timestamp,
        lease_seconds: i64,
    ) -> Result<Option<Job>, Error> {
        let rows = conn.query(
            "SELECT id, payload, fence, attempts FROM job WHERE kind = $1 AND state = 0 AND run_at <= $2 \
             AND (lease_until IS NULL OR lease_until <= $2) ORDER BY run_at, id LIMIT 1",
            &[kind.into(), now.into()],
        )?;
        let Some(row) = rows.first() else { return Ok(None) };
        let job = Job {
            id: row.get_id(0)?,
            payload: row.get_text(1)?.to_owned(),
            fence: row.get_int(2)? + 1,
            attempts: row.get_int(3)? + 1,
        };
        conn.execute(
            "UPDATE job SET fence = $1, attempts = $2, lease_until = $3 WHERE id = $4",
            &[job.fence.into(), job.attempts.into(), now.plus_seconds(lease_seconds).into(), job.id.into()],
        )?;
        Ok(Some(job))
    }

    /// Whether this worker still holds the job; call it within the transaction of the work.
    pub fn check(conn: &mut dyn Conn, job: &Job) -> Result<(), Error> {
        let sql = "SELECT 1 FROM job WHERE id = $1 AND fence = $2 AND state = 0";
        let held = !conn.query(sql, &[job.id.into(), job.fence.into()])?.is_empty();
        if held { Ok(()) } else { Err(Error::LeaseLost) }
    }

    /// Holds the job for longer.
    pub fn renew(conn: &mut dyn Conn, job: &Job, now: Timestamp, lease_seconds: i64) -> Result<(), Error> {
        Self::change(conn, job, "lease_until = $1", &[now.plus_seconds(lease_seconds).into()])
    }

    /// The job is done.
    pub fn finish(conn: &mut dyn Conn, job: &Job) -> Result<(), Error> {
        Self::change(conn, job, "state = 1, lease_until = NULL, error_key = $1", &[Param::Null])
    }

    /// The attempt failed; `error_key` is a stable key, never a value. Tries again at `retry_at`, or gives up.
    pub fn fail(
        conn: &mut dyn Conn,
        job: &Job,
        error_key: &str,
        retry_at: Option<Timestamp>,
    ) -> Result<(), Error> {
        match retry_at {
            Some(at) => {
                let set = "lease_until = NULL, error_key = $1, run_at = $2";
                Self::change(conn, job, set, &[error_key.into(), at.into()])
            }
            None => {
                Self::change(conn, job, "state = 2, lease_until = NULL, error_key = $1", &[error_key.into()])
            }
        }
    }

    /// How a job stands; none when there is no such job.
    pub fn state(conn: &mut dyn Conn, id: Uuid) -> Result<Option<State>, Error> {
        let rows = conn.query("SELECT state FROM job WHERE id = $1", &[id.into()])?;
        let Some(row) = rows.first() else { return Ok(None) };
        let code = row.get_int(0)?;
        let known = [State::Waiting, State::Finished, State::Failed];
        known.into_iter().find(|state| state.code() == code).map(Some).ok_or(Error::Column)
    }

    fn change(conn: &mut dyn Conn, job: &Job, set: &str, params: &[Param<'_>]) -> Result<(), Error> {
        let n = params.len();
        let sql = format!("UPDATE job SET {set} WHERE id = ${} AND fence = ${} AND state = 0", n + 1, n + 2);
        let mut all = params.to_vec();
        all.extend([Param::from(job.id), job.fence.into()]);
        if conn.execute(&sql, &all)? == 1 { Ok(()) } else { Err(Error::LeaseLost) }
    }
}
