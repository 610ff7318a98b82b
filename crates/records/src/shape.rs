//! How an object lies in its table: the select list, and rows turned into values.

use std::collections::BTreeMap;
use std::sync::Arc;

use kernel::condition::{Path, Row as ConditionRow};
use kernel::{Class, FieldType, Object, RecordId, SubjectId, Timestamp, Value};
use store::Row;
use uuid::Uuid;
use vault::{Context, Vault};
use zeroize::Zeroizing;

use crate::error::Error;
use crate::payload;

/// System columns at the head of every select list, in this order.
const HEAD: &str = "t.id, t.owner, t.department, t.subject, t.created_at, t.updated_at, t.created_by, \
                    t.updated_by, t.version, t.deleted_at, t.confidential, k.confidential";
const HEAD_COLUMNS: usize = 12;

/// An object with its select list.
pub(crate) struct Shape {
    pub(crate) object: Arc<Object>,
    /// Positions (in `object.fields`) of the open fields, in the order of the select list.
    open: Vec<usize>,
    /// `SELECT` list for lists and pages: everything but the restricted blob.
    pub(crate) select: String,
    /// `FROM` with the subject's key: the row's table is `t`, the key's `k`.
    pub(crate) from: String,
}

impl Shape {
    pub(crate) fn new(object: Arc<Object>) -> Self {
        let open: Vec<usize> = object
            .fields
            .iter()
            .enumerate()
            .filter(|(_, f)| f.class == Class::Open)
            .map(|(i, _)| i)
            .collect();
        let mut select = HEAD.to_owned();
        for i in &open {
            select.push_str(", t.");
            select.push_str(&quoted(&object.fields[*i].name));
        }
        let from = format!("{} t CROSS JOIN keys.subject_key k", quoted(&object.name));
        Self { object, open, select, from }
    }

    /// Column number of the first column after the select list: where a caller's own columns begin.
    pub(crate) fn width(&self) -> usize {
        HEAD_COLUMNS + self.open.len()
    }

    /// Decrypts a row of `select`.
    pub(crate) fn read(&self, row: &Row, vault: &Vault) -> Result<Opened, Error> {
        let n = self.object.fields.len();
        let subject = SubjectId(row.get_id(3)?);
        let mut opened = Opened {
            object: self.object.clone(),
            id: RecordId(row.get_id(0)?),
            owner: row.opt_id(1)?,
            department: row.opt_id(2)?,
            subject,
            created_at: Timestamp(row.get_int(4)?),
            updated_at: Timestamp(row.get_int(5)?),
            created_by: row.opt_id(6)?,
            updated_by: row.opt_id(7)?,
            version: row.get_int(8)?,
            deleted: row.opt_int(9)?.is_some(),
            values: vec![Value::Null; n],
            masks: vec![None; n],
            parents: BTreeMap::new(),
        };
        for (column, i) in self.open.iter().enumerate() {
            opened.values[*i] = column_value(row, HEAD_COLUMNS + column, self.object.fields[*i].kind)?;
        }
        if let Some(sealed) = row.opt_blob(10)? {
            let key = vault.confidential_key(subject, row.get_blob(11)?)?;
            let plain = key
                .open(&self.context(vault, opened.id, Class::Confidential), sealed)
                .map_err(|_| Error::Corrupt)?;
            payload::decode_confidential(&self.object, &plain, &mut opened.values, &mut opened.masks)?;
        }
        Ok(opened)
    }

    /// The context that binds a blob to its place.
    pub(crate) fn context<'a>(&'a self, vault: &Vault, record: RecordId, class: Class) -> Context<'a> {
        Context { workspace: vault.workspace(), object: &self.object.name, record, class }
    }

    /// Names of the open columns, in the order of `open_values`.
    pub(crate) fn open_columns(&self) -> impl Iterator<Item = &str> {
        self.open.iter().map(|i| self.object.fields[*i].name.as_str())
    }

    /// Where a field stands among the open values.
    pub(crate) fn open_position(&self, field: usize) -> Option<usize> {
        self.open.iter().position(|i| *i == field)
    }

    /// The open values of a record in column order.
    pub(crate) fn open_values<'a>(&'a self, values: &'a [Value]) -> impl Iterator<Item = &'a Value> {
        self.open.iter().map(|i| &values[*i])
    }
}

/// An identifier in SQL's quotes: catalog names are `[a-z][a-z0-9_]*`, some are words of SQL (`primary`).
pub(crate) fn quoted(name: &str) -> String {
    debug_assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'));
    format!("\"{name}\"")
}

/// Reads an open column as its field's kind.
pub(crate) fn column_value(row: &Row, column: usize, kind: FieldType) -> Result<Value, Error> {
    Ok(match kind {
        FieldType::Int | FieldType::Money | FieldType::Duration => {
            row.opt_int(column)?.map_or(Value::Null, Value::Int)
        }
        FieldType::Bool => row.opt_int(column)?.map_or(Value::Null, |i| Value::Bool(i != 0)),
        FieldType::Date => row.opt_int(column)?.map_or(Value::Null, Value::Day),
        FieldType::Datetime => row.opt_int(column)?.map_or(Value::Null, |t| Value::Time(Timestamp(t))),
        FieldType::Ref | FieldType::Person | FieldType::Department => {
            row.opt_id(column)?.map_or(Value::Null, Value::Id)
        }
        _ => row.opt_text(column)?.map_or(Value::Null, |t| Value::Text(t.to_owned())),
    })
}

/// A record with its confidential values in clear; restricted ones only as masks. Never leaves this crate.
pub(crate) struct Opened {
    pub(crate) object: Arc<Object>,
    pub(crate) id: RecordId,
    pub(crate) owner: Option<Uuid>,
    pub(crate) department: Option<Uuid>,
    pub(crate) subject: SubjectId,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    pub(crate) created_by: Option<Uuid>,
    pub(crate) updated_by: Option<Uuid>,
    pub(crate) version: i64,
    pub(crate) deleted: bool,
    /// By position in `object.fields`; `Null` for restricted ones.
    pub(crate) values: Vec<Value>,
    /// Masks of restricted values, by position.
    pub(crate) masks: Vec<Option<String>>,
    /// Records that references point to and that conditions of plans may ask about, by reference. Deleted ones are absent.
    pub(crate) parents: BTreeMap<String, Arc<Opened>>,
}

impl Opened {
    /// A value by field name, system fields included.
    pub(crate) fn get(&self, name: &str) -> Value {
        let id = |id: Option<Uuid>| id.map_or(Value::Null, Value::Id);
        match name {
            "id" => Value::Id(self.id.0),
            "owner" => id(self.owner),
            "department" => id(self.department),
            "created_at" => Value::Time(self.created_at),
            "updated_at" => Value::Time(self.updated_at),
            "created_by" => id(self.created_by),
            "updated_by" => id(self.updated_by),
            "version" => Value::Int(self.version),
            _ => self
                .object
                .fields
                .iter()
                .position(|f| f.name == name)
                .map_or(Value::Null, |i| self.values[i].clone()),
        }
    }

    /// The record's title in clear.
    pub(crate) fn title(&self) -> Option<String> {
        self.get(&self.object.title_field).as_text().map(str::to_owned)
    }

    /// The record that visibility follows.
    pub(crate) fn parent(&self) -> Option<Uuid> {
        let reference = self.object.field_of_parent()?;
        self.get(reference).as_id()
    }
}

impl ConditionRow for Opened {
    fn value(&self, path: &Path) -> Value {
        match &path.through {
            None => self.get(&path.field),
            Some((reference, _)) => {
                self.parents.get(reference).map_or(Value::Null, |parent| parent.get(&path.field))
            }
        }
    }
}

/// Opens the restricted blob with a key that the meter has allowed.
pub(crate) fn open_restricted(
    shape: &Shape,
    vault: &Vault,
    record: RecordId,
    key: &vault::DataKey,
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Error> {
    key.open(&shape.context(vault, record, Class::Restricted), sealed).map_err(|_| Error::Corrupt)
}
