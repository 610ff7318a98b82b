//! What changed in a record, when and by whom: the second half of a customer's timeline.
//!
//! A row per change, in the change's transaction; before and after are sealed under the subject's key, restricted
//! values only as masks. Creation is not a row of its own: the record itself tells it.

use std::sync::Arc;
use utoipa::ToSchema;

use kernel::condition::Row as ConditionRow;
use kernel::{Class, Object, RecordId, SubjectId, Timestamp, Value};
use policy::{AccessPlan, FieldAccess};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use store::{Conn, Migration, Row, Sql};
use uuid::Uuid;
use vault::{Context, DataKey, Vault};

use crate::error::Error;
use crate::item::FieldValue;

/// The table.
pub(crate) const MIGRATION: Migration = Migration {
    name: "records-history",
    sql: "CREATE TABLE history(id {BLOB} PRIMARY KEY, root {BLOB} NOT NULL, subject {BLOB} NOT NULL, object TEXT NOT NULL, \
          record {BLOB} NOT NULL, at BIGINT NOT NULL, person {BLOB}, action TEXT NOT NULL, version BIGINT NOT NULL, \
          sealed {BLOB});
          CREATE INDEX history_root ON history(root, at, id);
          CREATE INDEX history_record ON history(record, at, id);",
};

/// One field's change: before and after, or their masks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldChange {
    /// The field.
    pub field: String,
    /// Before.
    #[schema(value_type = FieldValue)]
    pub from: Json,
    /// After.
    #[schema(value_type = FieldValue)]
    pub to: Json,
    /// Before and after are masks.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub masked: bool,
}

/// The differences between two states of a record; restricted values as masks.
pub(crate) fn differences(object: &Object, before: &[Value], after: &[Value]) -> Vec<FieldChange> {
    object
        .fields
        .iter()
        .zip(before.iter().zip(after))
        .filter(|(_, (b, a))| b != a)
        .map(|(field, (b, a))| {
            let masked = field.class >= Class::Restricted;
            let show = |v: &Value| match v {
                Value::Text(t) if masked => Json::String(vault::mask(field.kind, t)),
                v => v.to_json(),
            };
            FieldChange { field: field.name.clone(), from: show(b), to: show(a), masked }
        })
        .collect()
}

/// A change to keep.
pub(crate) struct Change<'a> {
    pub(crate) id: Uuid,
    /// The customer (or the record itself) in whose timeline it stands.
    pub(crate) root: Uuid,
    pub(crate) subject: SubjectId,
    pub(crate) object: &'a str,
    pub(crate) record: RecordId,
    pub(crate) at: Timestamp,
    pub(crate) person: Option<Uuid>,
    pub(crate) action: &'a str,
    pub(crate) version: i64,
    pub(crate) fields: &'a [FieldChange],
}

impl Change<'_> {
    /// Writes the row; the fields sealed with the subject's confidential key.
    pub(crate) fn insert(
        &self,
        conn: &mut dyn Conn,
        vault: &Vault,
        key: &DataKey,
        random: &dyn kernel::Random,
    ) -> Result<(), Error> {
        let plain = serde_json::to_vec(self.fields).map_err(|_| Error::Corrupt)?;
        let sealed = key.seal(&context(vault, RecordId(self.id)), &plain, random);
        let mut sql = Sql::new(conn.engine());
        sql.push("INSERT INTO history(id, root, subject, object, record, at, person, action, version, sealed) VALUES (");
        sql.param(self.id).push(", ").param(self.root).push(", ").param(self.subject.0).push(", ");
        sql.param(self.object).push(", ").param(self.record.0).push(", ").param(self.at.0).push(", ");
        sql.param(self.person).push(", ").param(self.action).push(", ").param(self.version).push(", ");
        sql.param(sealed.as_slice()).push(")");
        conn.execute(sql.text(), &sql.params())?;
        Ok(())
    }
}

fn context(vault: &Vault, id: RecordId) -> Context<'static> {
    Context { workspace: vault.workspace(), object: "history", record: id, class: Class::Confidential }
}

/// A change as read back, before the caller's field rights are applied.
pub(crate) struct Past {
    pub(crate) id: Uuid,
    pub(crate) object: String,
    pub(crate) record: Uuid,
    pub(crate) at: Timestamp,
    pub(crate) person: Option<Uuid>,
    pub(crate) action: String,
    pub(crate) fields: Vec<FieldChange>,
}

/// The columns that `Past::read` expects, with the key as `k`.
pub(crate) const SELECT: &str = "SELECT h.id, h.subject, h.object, h.record, h.at, h.person, h.action, h.sealed, k.confidential \
     FROM history h CROSS JOIN keys.subject_key k WHERE k.subject = h.subject";

impl Past {
    pub(crate) fn read(row: &Row, vault: &Vault) -> Result<Self, Error> {
        let id = row.get_id(0)?;
        let fields = match row.opt_blob(7)? {
            None => Vec::new(),
            Some(sealed) => {
                let key = vault.confidential_key(SubjectId(row.get_id(1)?), row.get_blob(8)?)?;
                let plain = key.open(&context(vault, RecordId(id)), sealed).map_err(|_| Error::Corrupt)?;
                serde_json::from_slice(&plain).map_err(|_| Error::Corrupt)?
            }
        };
        Ok(Self {
            id,
            object: row.get_text(2)?.to_owned(),
            record: row.get_id(3)?,
            at: Timestamp(row.get_int(4)?),
            person: row.opt_id(5)?,
            action: row.get_text(6)?.to_owned(),
            fields,
        })
    }

    /// Drops fields that the caller may not know of, blanks those the caller may only see masked.
    pub(crate) fn limit(&mut self, object: &Arc<Object>, plan: &AccessPlan, row: &dyn ConditionRow) {
        self.fields.retain_mut(|change| {
            let Some(field) = object.field(&change.field) else { return false };
            match plan.field_access(row, field) {
                FieldAccess::Hidden => false,
                FieldAccess::Masked if !change.masked => {
                    for side in [&mut change.from, &mut change.to] {
                        if let Json::String(text) = side {
                            *text = vault::mask(field.kind, text);
                        } else if !side.is_null() {
                            *side = Json::String("***".to_owned());
                        }
                    }
                    change.masked = true;
                    true
                }
                _ => true,
            }
        });
    }
}
