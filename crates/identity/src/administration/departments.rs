//! Making, moving and removing departments.

use kernel::DepartmentId;
use ledger::Entry;
use policy::{AdministerPeople, Permit};
use serde::Deserialize;
use store::Sql;
use utoipa::ToSchema;

use super::{actor, bounded, some};
use crate::Identity;
use crate::error::Error;

/// A department to be made or changed.
#[derive(Deserialize, Debug, Default, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DepartmentChange {
    /// Its name.
    #[serde(default)]
    pub name: Option<String>,
    /// Above it; `null` for the top.
    #[serde(default, deserialize_with = "some")]
    pub parent_id: Option<Option<DepartmentId>>,
}

impl Identity {
    /// Makes a department.
    ///
    /// # Errors
    /// `Invalid` for an unknown parent.
    pub async fn create_department(
        &self,
        permit: Permit<AdministerPeople>,
        new: DepartmentChange,
    ) -> Result<DepartmentId, Error> {
        let inner = &self.0;
        let _changing = inner.changing.lock().await;
        let name = bounded("name", new.name.as_deref().unwrap_or_default())?;
        let parent = new.parent_id.flatten();
        if let Some(parent) = parent {
            inner.check_department(parent)?;
        }
        inner.check_reach(permit.principal(), parent.as_slice())?;
        let now = inner.clock.now();
        let id: DepartmentId = inner.ids.next_at(now, inner.random.as_ref());
        let (ledger, who) = (inner.ledger.clone(), permit.principal().clone());
        inner
            .store
            .write(move |conn| -> Result<(), Error> {
                let mut sql = Sql::new(conn.engine());
                sql.push("INSERT INTO department(id, name, parent) VALUES (")
                    .param(id.0)
                    .push(", ")
                    .param(name.as_str());
                sql.push(", ").param(parent.map(|p| p.0)).push(")");
                conn.execute(sql.text(), &sql.params())?;
                ledger.append(
                    conn,
                    &[Entry::new(now, actor(&who), "department.create")
                        .object("department")
                        .records([id.0])
                        .fields([format!("name={name}")], None)],
                )?;
                Ok(())
            })
            .await?;
        inner.reload().await?;
        Ok(id)
    }

    /// Renames or moves a department.
    ///
    /// # Errors
    /// `Invalid` when it would stand below itself.
    pub async fn update_department(
        &self,
        permit: Permit<AdministerPeople>,
        id: DepartmentId,
        change: DepartmentChange,
    ) -> Result<(), Error> {
        let inner = &self.0;
        let _changing = inner.changing.lock().await;
        let org = inner.policy.org();
        let known = org.department(id).ok_or(Error::NotFound)?.clone();
        inner.check_below(permit.principal(), id)?;
        let name = bounded("name", change.name.as_deref().unwrap_or(&known.name))?;
        let parent = change.parent_id.unwrap_or(known.parent);
        inner.check_reach(permit.principal(), parent.as_slice())?;
        if let Some(parent) = parent {
            inner.check_department(parent)?;
            if org.is_within(parent, id) {
                return Err(Error::Invalid(
                    "parent_id",
                    "cycle",
                    "a department cannot stand below itself".to_owned(),
                ));
            }
        }
        let (ledger, now, who) = (inner.ledger.clone(), inner.clock.now(), permit.principal().clone());
        let ids = |p: Option<DepartmentId>| p.map_or_else(String::new, |p| p.to_string());
        let fields =
            [format!("name={}>{name}", known.name), format!("parent={}>{}", ids(known.parent), ids(parent))];
        inner
            .store
            .write(move |conn| -> Result<(), Error> {
                let mut sql = Sql::new(conn.engine());
                sql.push("UPDATE department SET name = ")
                    .param(name.as_str())
                    .push(", parent = ")
                    .param(parent.map(|p| p.0));
                sql.push(" WHERE id = ").param(id.0);
                conn.execute(sql.text(), &sql.params())?;
                ledger.append(
                    conn,
                    &[Entry::new(now, actor(&who), "department.update")
                        .object("department")
                        .records([id.0])
                        .fields(fields, None)],
                )?;
                Ok(())
            })
            .await?;
        inner.reload().await
    }

    /// Removes an empty department.
    ///
    /// # Errors
    /// `Conflict` while people or departments are in it.
    pub async fn delete_department(
        &self,
        permit: Permit<AdministerPeople>,
        id: DepartmentId,
    ) -> Result<(), Error> {
        let inner = &self.0;
        let _changing = inner.changing.lock().await;
        let was;
        {
            let company = inner.company.load();
            if !company.departments.iter().any(|d| d.id == id) {
                return Err(Error::NotFound);
            }
            inner.check_below(permit.principal(), id)?;
            let used = company.departments.iter().any(|d| d.parent == Some(id))
                || company.people.values().any(|p| p.departments.contains(&id));
            was = company.departments.iter().find(|d| d.id == id).map(|d| d.name.clone()).unwrap_or_default();
            if used {
                return Err(Error::Conflict("move the people and departments out of it first".to_owned()));
            }
        }
        let (ledger, now, who) = (inner.ledger.clone(), inner.clock.now(), permit.principal().clone());
        inner
            .store
            .write(move |conn| -> Result<(), Error> {
                let mut sql = Sql::new(conn.engine());
                sql.push("DELETE FROM department WHERE id = ").param(id.0);
                conn.execute(sql.text(), &sql.params())?;
                ledger.append(
                    conn,
                    &[Entry::new(now, actor(&who), "department.delete")
                        .object("department")
                        .records([id.0])
                        .fields([format!("name={was}>")], None)],
                )?;
                Ok(())
            })
            .await?;
        inner.reload().await
    }
}
