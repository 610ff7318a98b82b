//! Passwords that administrators give.

use kernel::PersonId;
use ledger::Entry;
use policy::{AdministerPeople, Permit, administration};
use store::Sql;

use super::actor;
use crate::Identity;
use crate::error::Error;
use crate::password::random_password;

impl Identity {
    /// Gives a person a new initial password; all their sessions end.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn reset_password(
        &self,
        permit: Permit<AdministerPeople>,
        id: PersonId,
    ) -> Result<String, Error> {
        let inner = &self.0;
        let _changing = inner.changing.lock().await;
        inner.check_not_sealed(id)?;
        inner.check_branch(permit.principal(), id)?;
        {
            // Whoever sets a password can sign in with it: the system administration may not do this to the other two,
            // who watch it (三员分立).
            let company = inner.company.load();
            let account = company.people.get(&id).ok_or(Error::NotFound)?;
            let own = &permit.principal().roles;
            if account.roles.iter().any(|r| administration(r) && !own.contains(r)) {
                return Err(Error::Invalid(
                    "id",
                    "other_administration",
                    "the passwords of the other two administrations are not reset by this one".to_owned(),
                ));
            }
        }
        let initial = random_password(inner.random.as_ref());
        let password = inner.hasher.hash(initial.clone(), inner.salt()).await?;
        let (ledger, now, who) = (inner.ledger.clone(), inner.clock.now(), permit.principal().clone());
        inner
            .store
            .write(move |conn| -> Result<(), Error> {
                let mut sql = Sql::new(conn.engine());
                sql.push("UPDATE person SET must_change = 1, version = version + 1, password = ")
                    .param(password.as_str());
                sql.push(" WHERE id = ").param(id.0);
                conn.execute(sql.text(), &sql.params())?;
                let mut sql = Sql::new(conn.engine());
                sql.push("DELETE FROM session WHERE person = ").param(id.0);
                conn.execute(sql.text(), &sql.params())?;
                ledger.append(
                    conn,
                    &[Entry::new(now, actor(&who), "password.reset").object("person").records([id.0])],
                )?;
                Ok(())
            })
            .await?;
        inner.end_sessions(id);
        inner.reload().await?;
        Ok(initial)
    }
}
