//! Calling a planned leaving off, and taking a hand-over back.

use ledger::Entry;
use policy::{AdministerPeople, HandOver, Permit};
use store::Sql;
use uuid::Uuid;

use super::leave::{UNDO_DAYS, hand_over};
use super::leaving::{Leaving, LeavingState, LeavingView};
use crate::Identity;
use crate::administration::actor;
use crate::error::Error;

impl Identity {
    /// Calls a planned leaving off.
    ///
    /// # Errors
    /// `Conflict` when it is not planned any more.
    pub async fn cancel_leaving(&self, permit: &Permit<AdministerPeople>, id: Uuid) -> Result<(), Error> {
        let inner = &self.0;
        let _changing = inner.changing.lock().await;
        let mut leaving = inner.store.read(move |conn| Leaving::load(conn, id)).await?;
        inner.check_branch(permit.principal(), leaving.person)?;
        if leaving.state != LeavingState::Planned {
            return Err(Error::Conflict("this leaving is not planned any more".to_owned()));
        }
        leaving.state = LeavingState::Cancelled;
        let (ledger, now) = (inner.ledger.clone(), inner.clock.now());
        let entry = Entry::new(now, actor(permit.principal()), "person.leave_cancelled")
            .object("person")
            .records([leaving.person.0])
            .fields([format!("at={}>", leaving.at)], None);
        inner
            .store
            .write(move |conn| -> Result<(), Error> {
                leaving.save(conn)?;
                let mut sql = Sql::new(conn.engine());
                sql.push("UPDATE job SET state = 2, error_key = 'cancelled' WHERE id = ").param(id);
                conn.execute(sql.text(), &sql.params())?;
                ledger.append(conn, &[entry])?;
                Ok(())
            })
            .await
    }

    /// Gives back what was handed over and is still with its receiver. The account stays closed.
    ///
    /// # Errors
    /// `Conflict` after the period, or when there is nothing to take back.
    pub async fn undo_leaving(
        &self,
        permit: &Permit<AdministerPeople>,
        id: Uuid,
    ) -> Result<LeavingView, Error> {
        let inner = &self.0;
        let changing = inner.changing.lock().await;
        let mut leaving = inner.store.read(move |conn| Leaving::load(conn, id)).await?;
        inner.check_branch(permit.principal(), leaving.person)?;
        let now = inner.clock.now();
        if leaving.state != LeavingState::Left {
            return Err(Error::Conflict("there is no hand-over to take back".to_owned()));
        }
        if leaving.at.plus_seconds(UNDO_DAYS * 86_400) < now {
            let text =
                format!("a hand-over can be taken back for {UNDO_DAYS} days; assign the records instead");
            return Err(Error::Conflict(text));
        }
        leaving.state = LeavingState::Undone;
        let order =
            HandOver { undo: true, ordered_by: Some(permit.principal().person), ..leaving.order.clone() };
        let job: Uuid = inner.ids.next_at(now, inner.random.as_ref());
        let ledger = inner.ledger.clone();
        let entry = Entry::new(now, actor(permit.principal()), "person.leave_undone")
            .object("person")
            .records([leaving.person.0])
            .fields([format!("leaving={id}")], None);
        inner
            .store
            .write(move |conn| -> Result<(), Error> {
                leaving.save(conn)?;
                hand_over(conn, job, &order, now)?;
                ledger.append(conn, &[entry])?;
                Ok(())
            })
            .await?;
        drop(changing);
        self.leaving(permit, id).await
    }
}
