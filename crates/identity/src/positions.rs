//! Positions (岗位): what people are in the company. Rules can be for a position; groups can ask for one.

use kernel::catalog::Label;
use ledger::Entry;
use policy::{AdministerPeople, Permit};
use serde::{Deserialize, Serialize};
use store::Sql;
use utoipa::ToSchema;

use crate::Identity;
use crate::administration::{actor, bounded};
use crate::error::Error;

/// A position, as stored and as given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewPosition)]
pub struct Position {
    /// Stable key: 2 to 40 of a-z, 0-9 and _.
    pub key: String,
    /// What people call it.
    pub name: Label,
}

/// A position with how many hold it.
#[derive(Serialize, ToSchema)]
#[schema(as = Position)]
pub struct PositionView {
    key: String,
    name: Label,
    people_count: usize,
}

impl Identity {
    /// The positions, by key.
    #[must_use]
    pub fn positions(&self) -> Vec<PositionView> {
        let company = self.0.company.load();
        let holders =
            |key: &String| company.people.values().filter(|a| a.facts.positions.contains(key)).count();
        let view = |p: &Position| PositionView {
            key: p.key.clone(),
            name: p.name.clone(),
            people_count: holders(&p.key),
        };
        company.positions.iter().map(view).collect()
    }

    /// Makes a position, or renames the one with this key.
    ///
    /// # Errors
    /// `Invalid` for a malformed key or name.
    pub async fn put_position(&self, permit: Permit<AdministerPeople>, new: Position) -> Result<(), Error> {
        let inner = &self.0;
        let _changing = inner.changing.lock().await;
        inner.check_whole_company(permit.principal())?;
        let fits = (2..=40).contains(&new.key.len())
            && new.key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if !fits {
            let text = "a position's key has 2 to 40 of a-z, 0-9 and _";
            return Err(Error::Invalid("key", "bad_key", text.to_owned()));
        }
        let name = Label { zh: bounded("name", &new.name.zh)?, en: bounded("name", &new.name.en)? };
        let before = inner.company.load().positions.iter().find(|p| p.key == new.key).cloned();
        let position = Position { key: new.key, name };
        let action = if before.is_some() { "position.update" } else { "position.create" };
        let was = before.map(|p| p.name.zh).unwrap_or_default();
        let entry = Entry::new(inner.clock.now(), actor(permit.principal()), action)
            .object("position")
            .fields([format!("key={}", position.key), format!("name={was}>{}", position.name.zh)], None);
        let (ledger, body) =
            (inner.ledger.clone(), serde_json::to_string(&position).map_err(|_| Error::Corrupt)?);
        inner
            .store
            .write(move |conn| -> Result<(), Error> {
                let mut sql = Sql::new(conn.engine());
                sql.push("INSERT INTO position(key, body) VALUES (").param(position.key.as_str()).push(", ");
                sql.param(body.as_str()).push(") ON CONFLICT (key) DO UPDATE SET body = excluded.body");
                conn.execute(sql.text(), &sql.params())?;
                ledger.append(conn, &[entry])?;
                Ok(())
            })
            .await?;
        inner.reload().await
    }

    /// Removes a position that nobody holds and no rule names.
    ///
    /// # Errors
    /// `Conflict` while it is used.
    pub async fn delete_position(&self, permit: Permit<AdministerPeople>, key: String) -> Result<(), Error> {
        let inner = &self.0;
        let _changing = inner.changing.lock().await;
        inner.check_whole_company(permit.principal())?;
        let company = inner.company.load_full();
        let position = company.positions.iter().find(|p| p.key == key).ok_or(Error::NotFound)?.clone();
        let used = company.people.values().any(|a| a.facts.positions.contains(&key))
            || company.rules.iter().any(|r| r.who == policy::Who::Position(key.clone()));
        if used {
            return Err(Error::Conflict("people or rules still name this position".to_owned()));
        }
        let entry = Entry::new(inner.clock.now(), actor(permit.principal()), "position.delete")
            .object("position")
            .fields([format!("key={key}>"), format!("name={}>", position.name.zh)], None);
        let ledger = inner.ledger.clone();
        inner
            .store
            .write(move |conn| -> Result<(), Error> {
                let mut sql = Sql::new(conn.engine());
                sql.push("DELETE FROM position WHERE key = ").param(key.as_str());
                conn.execute(sql.text(), &sql.params())?;
                ledger.append(conn, &[entry])?;
                Ok(())
            })
            .await?;
        inner.reload().await
    }
}
