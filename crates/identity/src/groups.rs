//! Dynamic groups (动态组): a name and a condition over facts about people. Administered with roles, as membership
//! opens what rules open.

use kernel::{Condition, GroupId};
use ledger::Entry;
use policy::{AdministerRoles, Group, Permit};
use serde::{Deserialize, Serialize};
use store::Sql;
use utoipa::ToSchema;

use crate::administration::{actor, bounded};
use crate::error::Error;
use crate::views::{Named, person_named};
use crate::{Identity, Inner};

/// As stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredGroup {
    pub(crate) id: GroupId,
    pub(crate) name: String,
    pub(crate) condition: Condition,
}

impl StoredGroup {
    pub(crate) fn group(&self) -> Result<Group, kernel::condition::Malformed> {
        Group::new(self.id, self.name.clone(), &self.condition)
    }
}

/// A group to be made or changed.
#[derive(Deserialize, Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupChange {
    name: String,
    /// A condition over `department` (with all below), `own_department`, `position`, `role`, `employment`, `location`.
    condition: serde_json::Value,
}

/// A group with its members.
#[derive(Serialize, ToSchema)]
#[schema(as = Group)]
pub struct GroupView {
    id: GroupId,
    name: String,
    condition: serde_json::Value,
    people_count: usize,
    /// The first of them, by id.
    people: Vec<Named>,
}

/// Members shown with a group.
const SHOWN: usize = 20;

impl Identity {
    /// The groups, with their members of this moment.
    #[must_use]
    pub fn groups(&self) -> Vec<GroupView> {
        let company = self.0.company.load();
        company.groups.iter().map(|g| self.0.group_view(g)).collect()
    }

    /// Who would belong to a group.
    ///
    /// # Errors
    /// `Invalid` for a condition that asks for something else.
    pub fn try_group(&self, change: &GroupChange) -> Result<GroupView, Error> {
        let stored = stored(GroupId(uuid::Uuid::nil()), change)?;
        Ok(self.0.group_view(&stored))
    }

    /// Makes a group, or changes the one with this id.
    ///
    /// # Errors
    /// `Invalid` for the condition, `NotFound`.
    pub async fn put_group(
        &self,
        permit: Permit<AdministerRoles>,
        id: Option<GroupId>,
        change: GroupChange,
    ) -> Result<GroupView, Error> {
        let inner = &self.0;
        let _changing = inner.changing.lock().await;
        inner.check_whole_company(permit.principal())?;
        let before = match id {
            None => None,
            Some(id) => {
                let company = inner.company.load();
                Some(company.groups.iter().find(|g| g.id == id).cloned().ok_or(Error::NotFound)?)
            }
        };
        let now = inner.clock.now();
        let id = id.unwrap_or_else(|| inner.ids.next_at(now, inner.random.as_ref()));
        let group = stored(id, &change)?;
        let action = if before.is_some() { "group.update" } else { "group.create" };
        let was = before.map(|g| g.condition.to_json().to_string()).unwrap_or_default();
        let entry = Entry::new(now, actor(permit.principal()), action)
            .object("group")
            .records([id.0])
            .fields([format!("condition={was}>{}", group.condition.to_json())], None);
        let ledger = inner.ledger.clone();
        let body = serde_json::to_string(&group).map_err(|_| Error::Corrupt)?;
        inner
            .store
            .write(move |conn| -> Result<(), Error> {
                let mut sql = Sql::new(conn.engine());
                sql.push("INSERT INTO people_group(id, body) VALUES (").param(id.0).push(", ");
                sql.param(body.as_str()).push(") ON CONFLICT (id) DO UPDATE SET body = excluded.body");
                conn.execute(sql.text(), &sql.params())?;
                ledger.append(conn, &[entry])?;
                Ok(())
            })
            .await?;
        inner.reload().await?;
        Ok(inner.group_view(&group))
    }

    /// Removes a group that no rule names.
    ///
    /// # Errors
    /// `Conflict` while a rule is for it.
    pub async fn delete_group(&self, permit: Permit<AdministerRoles>, id: GroupId) -> Result<(), Error> {
        let inner = &self.0;
        let _changing = inner.changing.lock().await;
        inner.check_whole_company(permit.principal())?;
        let company = inner.company.load_full();
        let group = company.groups.iter().find(|g| g.id == id).ok_or(Error::NotFound)?;
        if company.rules.iter().any(|r| r.who == policy::Who::Group(id)) {
            return Err(Error::Conflict("a rule is still for this group".to_owned()));
        }
        let entry = Entry::new(inner.clock.now(), actor(permit.principal()), "group.delete")
            .object("group")
            .records([id.0])
            .fields([format!("condition={}>", group.condition.to_json())], None);
        let ledger = inner.ledger.clone();
        inner
            .store
            .write(move |conn| -> Result<(), Error> {
                let mut sql = Sql::new(conn.engine());
                sql.push("DELETE FROM people_group WHERE id = ").param(id.0);
                conn.execute(sql.text(), &sql.params())?;
                ledger.append(conn, &[entry])?;
                Ok(())
            })
            .await?;
        inner.reload().await
    }
}

fn stored(id: GroupId, change: &GroupChange) -> Result<StoredGroup, Error> {
    let malformed = |e: kernel::condition::Malformed| Error::Invalid("condition", e.key(), e.to_string());
    let name = bounded("name", &change.name)?;
    let condition = Condition::from_json(&change.condition).map_err(malformed)?;
    let group = StoredGroup { id, name, condition };
    group.group().map_err(malformed)?;
    Ok(group)
}

impl Inner {
    fn group_view(&self, stored: &StoredGroup) -> GroupView {
        let (company, org) = (self.company.load(), self.policy.org());
        let members = stored.group().map(|g| org.members(&g)).unwrap_or_default();
        GroupView {
            id: stored.id,
            name: stored.name.clone(),
            condition: stored.condition.to_json(),
            people_count: members.len(),
            people: members.iter().take(SHOWN).map(|p| person_named(&company, *p)).collect(),
        }
    }
}
