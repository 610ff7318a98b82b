//! Making roles.

use ledger::{Entry, RecordSet};
use policy::{AdministerRoles, Permit, Role, administration};
use serde::Deserialize;
use store::Sql;
use utoipa::ToSchema;

use super::{actor, after, bounded};
use crate::Identity;
use crate::error::Error;

/// A role to be made.
#[derive(Deserialize, Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRole {
    key: String,
    name: kernel::catalog::Label,
    /// Take over this role's rules.
    #[serde(default)]
    copy_of: Option<String>,
}

impl Identity {
    /// Makes a role, with the rules of another one when asked.
    ///
    /// # Errors
    /// `Invalid` for a key that is taken or malformed, or an administration to copy.
    pub async fn create_role(&self, permit: Permit<AdministerRoles>, new: NewRole) -> Result<(), Error> {
        let inner = &self.0;
        let _changing = inner.changing.lock().await;
        inner.check_whole_company(permit.principal())?;
        let company = inner.company.load_full();
        let key_fits = (2..=40).contains(&new.key.len())
            && new.key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if !key_fits {
            return Err(Error::Invalid(
                "key",
                "bad_key",
                "a role's key has 2 to 40 of a-z, 0-9 and _".to_owned(),
            ));
        }
        if company.roles.iter().any(|r| r.key == new.key) {
            return Err(Error::Invalid("key", "duplicate", "this key is taken".to_owned()));
        }
        let mut rules = Vec::new();
        if let Some(from) = &new.copy_of {
            if !company.roles.iter().any(|r| r.key == *from) || administration(from) {
                return Err(Error::Invalid(
                    "copy_of",
                    "not_found",
                    "choose a role that is not an administration".to_owned(),
                ));
            }
            for rule in company.rules.iter().filter(|r| r.who == policy::Who::Role(from.clone())) {
                let mut copy = rule.clone();
                copy.id = inner.ids.next_at(inner.clock.now(), inner.random.as_ref());
                copy.who = policy::Who::Role(new.key.clone());
                copy.builtin = false;
                rules.push(copy);
            }
        }
        let name =
            kernel::catalog::Label { zh: bounded("name", &new.name.zh)?, en: bounded("name", &new.name.en)? };
        let role =
            Role { key: new.key, description: name.clone(), name, administration: false, builtin: false };
        let (ledger, now, who) = (inner.ledger.clone(), inner.clock.now(), permit.principal().clone());
        inner
            .store
            .write(move |conn| -> Result<(), Error> {
                let body = serde_json::to_string(&role).map_err(|_| Error::Corrupt)?;
                let mut sql = Sql::new(conn.engine());
                sql.push("INSERT INTO role(key, body) VALUES (")
                    .param(role.key.as_str())
                    .push(", ")
                    .param(body.as_str())
                    .push(")");
                conn.execute(sql.text(), &sql.params())?;
                for rule in &rules {
                    let body = serde_json::to_string(rule).map_err(|_| Error::Corrupt)?;
                    let mut sql = Sql::new(conn.engine());
                    sql.push("INSERT INTO rule(id, body) VALUES (")
                        .param(rule.id.0)
                        .push(", ")
                        .param(body.as_str())
                        .push(")");
                    conn.execute(sql.text(), &sql.params())?;
                }
                let mut entry = Entry::new(now, actor(&who), "role.create").object("role");
                entry.records = RecordSet::of(rules.iter().map(|r| r.id.0));
                entry.fields = after("role", &role.key).into_iter().map(Into::into).collect();
                ledger.append(conn, &[entry])?;
                Ok(())
            })
            .await?;
        inner.reload().await
    }
}
