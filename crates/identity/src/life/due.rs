//! What ends by itself: leavings on their date, accounts past their end date, lent roles. A worker of the server calls
//! [`Identity::do_due`] every half minute.

use kernel::{PersonId, Timestamp};
use ledger::{Actor, Entry};
use policy::PersonStatus;
use store::Jobs;
use uuid::Uuid;

use super::facts::{Facts, put_facts};
use super::leave::{JOB, LeaveRequest, Plan};
use super::leaving::{Leaving, LeavingState};
use crate::administration::put_roles;
use crate::error::Error;
use crate::{Identity, Inner};

/// How long a worker holds a leaving, in seconds.
const LEASE: i64 = 60;

impl Identity {
    /// Carries out what has become due. Says how many people left: their records wait for the worker of `records`.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn do_due(&self) -> Result<usize, Error> {
        let inner = &self.0;
        inner.end_lent_roles().await?;
        let mut left = inner.leave_on_date().await?;
        left += inner.leave_past_end().await?;
        Ok(left)
    }
}

impl Inner {
    async fn leave_on_date(&self) -> Result<usize, Error> {
        let mut left = 0;
        loop {
            let now = self.clock.now();
            let waiting = self.store.read(move |conn| due(conn, now)).await?;
            if !waiting {
                return Ok(left);
            }
            let _changing = self.changing.lock().await;
            let claimed = self.store.write(move |conn| Jobs::claim(conn, JOB, now, LEASE)).await?;
            let Some(job) = claimed else { return Ok(left) };
            let id = Uuid::parse_str(&job.payload).map_err(|_| Error::Corrupt)?;
            let leaving = self.store.read(move |conn| Leaving::load(conn, id)).await?;
            let gone = self.company.load().people.get(&leaving.person).map(|a| a.status);
            if leaving.state != LeavingState::Planned || gone == Some(PersonStatus::Left) {
                self.store.write(move |conn| Jobs::finish(conn, &job)).await?;
                continue;
            }
            self.carry_out(leaving, Actor::system(), Some(job)).await?;
            left += 1;
        }
    }

    /// An end date without an order: all access ends; the records wait for a decision of their department's manager.
    async fn leave_past_end(&self) -> Result<usize, Error> {
        let now = self.clock.now();
        let company = self.company.load_full();
        let ended = |a: &&crate::load::Account| {
            a.status != PersonStatus::Left && a.facts.ends_at.is_some_and(|at| at <= now)
        };
        let people: Vec<PersonId> = company.people.values().filter(ended).map(|a| a.id).collect();
        let mut left = 0;
        for person in people {
            let _changing = self.changing.lock().await;
            let request = LeaveRequest { plan: Plan::DepartmentManager, ..LeaveRequest::default() };
            match self.order(None, person, &request) {
                Ok(leaving) => {
                    self.carry_out(leaving, Actor::system(), None).await?;
                    left += 1;
                }
                // The last of an administration stays until there is another; the ghost review shows them.
                Err(Error::Invalid(..) | Error::Conflict(_) | Error::NotFound) => {}
                Err(other) => return Err(other),
            }
        }
        Ok(left)
    }

    /// Takes lent roles back whose time is over. Requests stop counting them at that very moment.
    async fn end_lent_roles(&self) -> Result<(), Error> {
        let now = self.clock.now();
        let over = |f: &Facts| f.role_until.values().any(|until| *until <= now);
        if !self.company.load().people.values().any(|a| over(&a.facts)) {
            return Ok(());
        }
        let _changing = self.changing.lock().await;
        let company = self.company.load_full();
        let ledger = self.ledger.clone();
        let changed: Vec<(PersonId, Vec<String>, Vec<String>, Facts)> = company
            .people
            .values()
            .filter(|a| over(&a.facts))
            .map(|a| {
                let mut facts = a.facts.clone();
                facts.role_until.retain(|_, until| *until > now);
                (a.id, a.roles.clone(), a.roles_at(now), facts)
            })
            .collect();
        self.store
            .write(move |conn| -> Result<(), Error> {
                for (person, before, roles, facts) in &changed {
                    put_roles(conn, *person, roles)?;
                    put_facts(conn, *person, facts)?;
                    let entry = Entry::new(now, Actor::system(), "role.expire")
                        .object("person")
                        .records([person.0])
                        .fields([format!("roles={}>{}", before.join("+"), roles.join("+"))], None);
                    ledger.append(conn, &[entry])?;
                }
                Ok(())
            })
            .await?;
        self.reload().await
    }
}

fn due(conn: &mut dyn store::Conn, now: Timestamp) -> Result<bool, Error> {
    let sql = "SELECT 1 FROM job WHERE kind = $1 AND state = 0 AND run_at <= $2 \
               AND (lease_until IS NULL OR lease_until <= $2) LIMIT 1";
    Ok(!conn.query(sql, &[JOB.into(), now.into()])?.is_empty())
}
