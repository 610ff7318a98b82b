//! A record on its way into the table: typed values sealed into columns.

use std::sync::Arc;

use kernel::{Class, FieldType, Object, Random, RecordId, SubjectId, Timestamp, Value};
use store::{Conn, Engine, Param};
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

/// Tokens by which a record is found: of its title, and of its blind fields in their order.
#[derive(Clone, Default)]
pub(crate) struct Indexes {
    pub(crate) name_key: Option<[u8; 12]>,
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
        self.seal_indexed(shape, vault, keys, random, self.indexes(&shape.object, vault))
    }

    /// The tokens by which the record is found again.
    pub(crate) fn indexes(&self, object: &Object, vault: &Vault) -> Indexes {
        Indexes {
            name_key: name_key(object, &self.values, vault),
            blind: blind_tokens(object, &self.values, vault),
        }
    }

    /// Seals the values with tokens that were made before.
    pub(crate) fn seal_indexed(
        &self,
        shape: &Shape,
        vault: &Vault,
        keys: &SealingKeys,
        random: &dyn Random,
        indexes: Indexes,
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
            name_key: indexes.name_key,
            open: shape.open_values(&self.values).cloned().collect(),
            blind: indexes.blind,
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
    /// Gives an open field its value after sealing: no blob holds it.
    pub(crate) fn set_open(&mut self, shape: &Shape, field: usize, value: Value) {
        if let Some(i) = shape.open_position(field) {
            self.open[i] = value;
        }
    }

    /// The row's parameters in the order of `columns`.
    fn params<'a>(&'a self, seq: i64, out: &mut Vec<Param<'a>>) {
        out.push(self.draft_id.0.into());
        out.push(seq.into());
        out.extend([self.owner, self.department, Some(self.subject.0)].map(Param::from));
        out.extend([self.created_at.0, self.updated_at.0].map(Param::from));
        out.extend([self.created_by, self.updated_by].map(Param::from));
        out.push(self.version.into());
        out.push(self.confidential.as_ref().into());
        out.push(self.restricted.as_ref().into());
        out.push(self.name_key.as_ref().into());
        out.extend(self.open.iter().map(Param::from));
        out.extend(self.blind.iter().map(|token| Param::from(token.as_ref())));
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

/// Rows per INSERT statement. Round trips are what PostgreSQL waits for; SQLite has none and likes one short statement.
fn rows_per_statement(engine: Engine) -> usize {
    match engine {
        Engine::Sqlite => 1,
        Engine::Postgres => 50,
    }
}

/// `($1, $2), ($3, $4)`: as many rows of as many columns.
fn placeholders(rows: usize, columns: usize) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(rows * columns * 6);
    for n in 0..rows * columns {
        out.push_str(if n == 0 {
            "("
        } else if n % columns == 0 {
            "), ("
        } else {
            ", "
        });
        let _ = write!(out, "${}", n + 1);
    }
    out.push(')');
    out
}

/// Inserts rows; `seq` gives each its change number.
pub(crate) fn insert(
    conn: &mut dyn Conn,
    shape: &Shape,
    rows: &[SealedRow],
    mut seq: impl FnMut() -> i64,
) -> Result<(), Error> {
    let columns = columns(shape);
    let head = format!("INSERT INTO {}({}) VALUES ", quoted(&shape.object.name), columns.join(", "));
    let (mut sql, mut of) = (String::new(), 0);
    for chunk in rows.chunks(rows_per_statement(conn.engine())) {
        if of != chunk.len() {
            of = chunk.len();
            sql = format!("{head}{}", placeholders(of, columns.len()));
        }
        let mut params = Vec::with_capacity(of * columns.len());
        for row in chunk {
            row.params(seq(), &mut params);
        }
        conn.execute(&sql, &params)?;
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
    let columns = columns(shape);
    let sql = format!(
        "UPDATE {} SET ({}) = {} WHERE id = ${} AND version = ${}",
        quoted(&shape.object.name),
        columns.join(", "),
        placeholders(1, columns.len()),
        columns.len() + 1,
        columns.len() + 2,
    );
    let mut params = Vec::with_capacity(columns.len() + 2);
    row.params(seq, &mut params);
    params.extend([Param::from(row.draft_id.0), Param::from(expected_version)]);
    Ok(conn.execute(&sql, &params)? == 1)
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
