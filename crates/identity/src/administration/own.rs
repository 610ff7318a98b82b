//! What people change of their own account.

use ledger::Entry;
use policy::Principal;
use store::Sql;

use super::{actor, bounded};
use crate::Identity;
use crate::error::Error;

impl Identity {
    /// Changes the caller's own name or language.
    ///
    /// # Errors
    /// `Invalid`.
    pub async fn update_me(
        &self,
        who: &Principal,
        name: Option<String>,
        language: Option<String>,
    ) -> Result<(), Error> {
        let inner = &self.0;
        let _changing = inner.changing.lock().await;
        if language.as_deref().is_some_and(|l| !matches!(l, "zh" | "en")) {
            return Err(Error::Invalid("language", "not_an_option", "language is zh or en".to_owned()));
        }
        let name = name.map(|n| bounded("name", &n)).transpose()?;
        let (ledger, now, person, actor) = (inner.ledger.clone(), inner.clock.now(), who.person, actor(who));
        let was = inner.company.load().people.get(&person).map(|a| a.language.clone()).unwrap_or_default();
        let mut fields: Vec<String> = language.iter().map(|l| format!("language={was}>{l}")).collect();
        fields.extend(name.iter().map(|_| "name".to_owned()));
        inner
            .store
            .write(move |conn| -> Result<(), Error> {
                let mut sql = Sql::new(conn.engine());
                sql.push("UPDATE person SET version = version + 1");
                if let Some(name) = &name {
                    sql.push(", name = ").param(name.as_str());
                }
                if let Some(language) = &language {
                    sql.push(", language = ").param(language.as_str());
                }
                sql.push(" WHERE id = ").param(person.0);
                conn.execute(sql.text(), &sql.params())?;
                ledger.append(
                    conn,
                    &[Entry::new(now, actor, "person.update")
                        .object("person")
                        .records([person.0])
                        .fields(fields, None)],
                )?;
                Ok(())
            })
            .await?;
        inner.reload().await
    }
}
