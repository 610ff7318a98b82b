//! A record on its way into the table: typed values sealed into columns.

use std::sync::Arc;

use kernel::{Class, FieldType, Object, Random, RecordId, SubjectId, Timestamp, Value};
use store::{Conn, Sql};
use uuid::Uuid;
use vault::{DataKey, Vault};

use crate::error::Error;
use crate::payload;
use crate::shape::{Shape, quoted};

/// A whole record in clear, before sealing. Never leaves this crate.
pub(crate) struct Draft {
    pub(crate) id: RecordId,
    pub(crate) owner: Option<Uuid>,
    pub(crate) department: Option<Uuid>,
    pub(crate) subject: SubjectId,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    pub(crate) created_by: Option<Uuid>,
    pub(crate) updated_by: Option<Uuid>,
    pub(crate) version: i64,
    /// By position in `object.fields`, restricted ones in clear.
    pub(crate) values: Vec<Value>,
}

/// The keys that seal a draft.
pub(crate) struct SealingKeys {
    pub(crate) confidential: DataKey,
    pub(crate) restricted: DataKey,
}

/// A record as its columns: nothing personal in clear any more.
pub(crate) struct SealedRow {
    pub(crate) draft_id: RecordId,
    owner: Option<Uuid>,
    department: Option<Uuid>,
    subject: SubjectId,
    created_at: Timestamp,
    updated_at: Timestamp,
    created_by: Option<Uuid>,
    updated_by: Option<Uuid>,
    version: i64,
    confidential: Option<Vec<u8>>,
    restricted: Option<Vec<u8>>,
    name_key: Option<[u8; 12]>,
    open: Vec<Value>,
    pub(crate) blind: Vec<Option<[u8; 12]>>,
}

impl Draft {
    /// Seals the values. The context binds every blob to this workspace, object, record and class.
    pub(crate) fn seal(
        &self,
        shape: &Shape,
        vault: &Vault,
        keys: &SealingKeys,
        random: &dyn Random,
    ) -> SealedRow {
        let object = &shape.object;
        let confidential = payload::encode_confidential(object, &self.values).map(|plain| {
            keys.confidential.seal(&shape.context(vault, self.id, Class::Confidential), &plain, random)
        });
        let restricted = payload::encode_restricted(object, &self.values).map(|plain| {
            keys.restricted.seal(&shape.context(vault, self.id, Class::Restricted), &plain, random)
        });
        SealedRow {
            draft_id: self.id,
            owner: self.owner,
            department: self.department,
            subject: self.subject,
            created_at: self.created_at,
            updated_at: self.updated_at,
            created_by: self.created_by,
            updated_by: self.updated_by,
            version: self.version,
            confidential,
            restricted,
            name_key: name_key(object, &self.values, vault),
            open: shape.open_values(&self.values).cloned().collect(),
            blind: blind_tokens(object, &self.values, vault),
        }
    }
}

/// The near-duplicate key of the record's title.
pub(crate) fn name_key(object: &Object, values: &[Value], vault: &Vault) -> Option<[u8; 12]> {
    let i = object.fields.iter().position(|f| f.name == object.title_field)?;
    vault.name_key(values[i].as_text()?)
}

/// Blind-index tokens in the order of the object's blind fields.
fn blind_tokens(object: &Object, values: &[Value], vault: &Vault) -> Vec<Option<[u8; 12]>> {
    object
        .fields
        .iter()
        .zip(values)
        .filter(|(f, _)| f.blind)
        .map(|(f, v)| v.as_text().and_then(|text| vault.blind(&object.name, &f.name, f.kind, text)))
        .collect()
}

/// Names of the blind columns, in the order of `SealedRow::blind`.
pub(crate) fn blind_columns(object: &Object) -> impl Iterator<Item = (&str, FieldType)> {
    object.fields.iter().filter(|f| f.blind).map(|f| (f.name.as_str(), f.kind))
}

impl SealedRow {
    fn push_values(&self, sql: &mut Sql, seq: i64) {
        sql.push("(").param(self.draft_id.0).push(", ").param(seq);
        for id in [self.owner, self.department, Some(self.subject.0)] {
            sql.push(", ").param(id);
        }
        sql.push(", ").param(self.created_at.0).push(", ").param(self.updated_at.0);
        for id in [self.created_by, self.updated_by] {
            sql.push(", ").param(id);
        }
        sql.push(", ").param(self.version);
        sql.push(", ").param(self.confidential.as_deref()).push(", ").param(self.restricted.as_deref());
        sql.push(", ").param(self.name_key.as_ref().map(<[u8; 12]>::as_slice));
        for value in &self.open {
            sql.push(", ").param(value);
        }
        for token in &self.blind {
            sql.push(", ").param(token.as_ref().map(<[u8; 12]>::as_slice));
        }
        sql.push(")");
    }
}

fn columns(shape: &Shape) -> Vec<String> {
    let mut out: Vec<String> = [
        "id",
        "seq",
        "owner",
        "department",
        "subject",
        "created_at",
        "updated_at",
        "created_by",
        "updated_by",
        "version",
        "confidential",
        "restricted",
        "name_key",
    ]
    .map(str::to_owned)
    .to_vec();
    out.extend(shape.open_columns().map(quoted));
    out.extend(blind_columns(&shape.object).map(|(name, _)| quoted(&format!("{name}_bi"))));
    out
}

/// Rows per INSERT statement: enough to make round trips cheap, far below the parameter limits of both engines.
const ROWS_PER_STATEMENT: usize = 50;

/// Inserts rows; `seq` gives each its change number.
pub(crate) fn insert(
    conn: &mut dyn Conn,
    shape: &Shape,
    rows: &[SealedRow],
    mut seq: impl FnMut() -> i64,
) -> Result<(), Error> {
    let head = format!("INSERT INTO {}({}) VALUES ", quoted(&shape.object.name), columns(shape).join(", "));
    for chunk in rows.chunks(ROWS_PER_STATEMENT) {
        let mut sql = Sql::new(conn.engine());
        sql.push(&head);
        for (i, row) in chunk.iter().enumerate() {
            if i > 0 {
                sql.push(", ");
            }
            row.push_values(&mut sql, seq());
        }
        conn.execute(sql.text(), &sql.params())?;
    }
    Ok(())
}

/// Replaces a row's columns. The version before is part of the condition: nothing is overwritten unseen.
pub(crate) fn replace(
    conn: &mut dyn Conn,
    shape: &Shape,
    row: &SealedRow,
    expected_version: i64,
    seq: i64,
) -> Result<bool, Error> {
    let mut sql = Sql::new(conn.engine());
    sql.push("UPDATE ").push(&quoted(&shape.object.name)).push(" SET (");
    sql.push(&columns(shape).join(", ")).push(") = ");
    row.push_values(&mut sql, seq);
    sql.push(" WHERE id = ").param(row.draft_id.0).push(" AND version = ").param(expected_version);
    Ok(conn.execute(sql.text(), &sql.params())? == 1)
}

/// The keys of a new subject: to seal with, and wrapped for the key store.
pub(crate) fn new_subject(
    vault: &Vault,
    subject: SubjectId,
    now: Timestamp,
    random: &dyn Random,
) -> (SealingKeys, vault::WrappedSubject) {
    let (keys, wrapped) = vault.new_subject(subject, now, random);
    (SealingKeys { confidential: keys.confidential, restricted: keys.restricted }, wrapped)
}

/// A subject's wrapped keys as a row of the key store.
pub(crate) fn key_row(wrapped: vault::WrappedSubject) -> store::KeyRow {
    store::KeyRow {
        confidential: wrapped.confidential,
        restricted: wrapped.restricted,
        kek: wrapped.kek,
        created_at: wrapped.created_at.0,
    }
}

/// The shapes of all objects by name.
pub(crate) type Shapes = std::collections::BTreeMap<String, Arc<Shape>>;
