//! Rows turned into sealed records, off the writer's thread and on all cores: parsing, checking and encryption.

use std::sync::Arc;

use kernel::catalog::Unfit;
use kernel::{FieldType, PersonId, RecordId, SubjectId, Value};

use vault::WrappedSubject;

use super::cells;
use super::lookup::Token;
use super::source::FileError;
use super::state::{Import, Mapping};
use crate::door::{Inner, home_department};
use crate::draft::{self, Draft, Indexes, SealedRow, blind_columns};
use crate::error::Error;
use crate::input::explain;
use crate::shape::{Opened, Shape};
use crate::write::opened_of;

/// A contact's column that names its customer.
pub(crate) const CUSTOMER_NAME: &str = "customer_name";

/// A row as read. Its record's id is given in the order of the file, so that lists show it so.
pub(crate) struct RawRow {
    pub(crate) line: u64,
    pub(crate) id: RecordId,
    pub(crate) cells: Result<Vec<String>, FileError>,
}

/// One row, checked.
pub(crate) struct Prepared {
    pub(crate) line: u64,
    pub(crate) cells: Vec<String>,
    pub(crate) outcome: Result<Box<Ready>, Complaint>,
}

/// Whether rows are sealed when they are prepared. A look ahead, and rows that a run before has dealt with, need not.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sealing {
    Now,
    Never,
}

/// Why a row does not fit: the first complaint.
#[derive(Debug, Clone)]
pub(crate) struct Complaint {
    pub(crate) field: Option<String>,
    pub(crate) key: String,
    pub(crate) detail: String,
}

impl From<FileError> for Complaint {
    fn from(error: FileError) -> Self {
        Self { field: None, key: error.key.to_owned(), detail: error.detail }
    }
}

/// A row whose values fit; whom it concerns and whether it may be written is judged afterwards.
pub(crate) struct Ready {
    pub(crate) draft: Draft,
    /// The record as rules will see it.
    pub(crate) opened: Opened,
    /// The columns, when the record is its own subject. What else is sealed under its customer's key waits for the
    /// judge.
    pub(crate) sealed: Option<(SealedRow, WrappedSubject)>,
    pub(crate) indexes: Indexes,
    /// Tokens of the fields that tell exact duplicates, by position in [`EXACT`].
    pub(crate) tokens: Vec<(u8, Token)>,
    /// The customer that a contact names.
    pub(crate) customer: Option<CustomerName>,
    /// Which fields the row gave, by position: an update writes only these.
    pub(crate) given: Vec<usize>,
    /// Addresses of a mail as contacts' and customers' tokens: the sender, then those who received it.
    pub(crate) addresses: Vec<Addressed>,
}

/// Fields that tell exact duplicates.
pub(crate) const EXACT: [&str; 3] = ["phone", "email", "message_key"];

/// A customer by its name.
pub(crate) struct CustomerName {
    pub(crate) key: Token,
    pub(crate) name: String,
}

/// An address of a mail.
pub(crate) struct Addressed {
    pub(crate) sender: bool,
    pub(crate) contact: Option<[u8; 12]>,
    pub(crate) customer: Option<[u8; 12]>,
}

/// What preparing a run needs. Threads share it.
pub(crate) struct Preparer {
    pub(crate) inner: Arc<Inner>,
    pub(crate) shape: Arc<Shape>,
    me: PersonId,
    /// Column and field, by position; no field for the customer's name.
    mapping: Vec<(usize, Option<usize>)>,
    /// Positions of the fields of [`EXACT`]: in the object, and among its blind fields.
    exact: Vec<(u8, usize)>,
    owner: PersonId,
    department: Option<uuid::Uuid>,
}

impl Preparer {
    /// For one import.
    pub(crate) fn new(inner: &Arc<Inner>, import: &Import) -> Result<Self, Error> {
        let me = import.created_by;
        let owner = import.options.owner.map_or(me, PersonId);
        let shape = inner.shape(&import.object)?.clone();
        let object = &shape.object;
        let position = |name: &str| object.fields.iter().position(|f| f.name == name);
        let mapping = (import.mapping.iter())
            .map(|Mapping { column, field }| (*column, position(field)))
            .filter(|(_, field)| field.is_some() || object.name == "contact")
            .collect();
        let exact = (0..)
            .zip(EXACT)
            .filter_map(|(n, name)| Some((n, blind_columns(object).position(|(blind, _)| blind == name)?)));
        Ok(Self {
            exact: exact.collect(),
            department: home_department(&inner.policy, owner),
            inner: inner.clone(),
            mapping,
            me,
            owner,
            shape,
        })
    }

    /// Checks one row and, if it is to be, seals it.
    pub(crate) fn row(&self, raw: RawRow, sealing: Sealing) -> Prepared {
        let RawRow { line, id, cells } = raw;
        match cells {
            Err(error) => Prepared { line, cells: Vec::new(), outcome: Err(error.into()) },
            Ok(cells) => {
                let outcome = self.ready(id, &cells, sealing).map(Box::new);
                Prepared { line, cells, outcome }
            }
        }
    }

    fn ready(&self, id: RecordId, cells: &[String], sealing: Sealing) -> Result<Ready, Complaint> {
        let (values, given, customer) = self.values(cells)?;
        let now = self.inner.now();
        let me = self.me;
        let draft = Draft {
            id,
            owner: Some(self.owner.0),
            department: self.department,
            subject: SubjectId::from(id),
            created_at: now,
            updated_at: now,
            created_by: Some(me.0),
            updated_by: Some(me.0),
            version: 1,
            values,
        };
        let indexes = draft.indexes(&self.shape.object, &self.inner.vault);
        let tokens = self.exact.iter().filter_map(|(n, blind)| Some((*n, indexes.blind[*blind]?))).collect();
        let addresses = self.addresses(&draft.values);
        let own = self.shape.object.name != "communication";
        let sealed = (own && sealing == Sealing::Now).then(|| self.seal(&draft, &indexes));
        let opened = opened_of(&self.shape, &draft);
        Ok(Ready { draft, opened, sealed, indexes, tokens, customer, given, addresses })
    }

    /// A record that is its own subject, under new keys.
    fn seal(&self, draft: &Draft, indexes: &Indexes) -> (SealedRow, WrappedSubject) {
        let (vault, random) = (&self.inner.vault, self.inner.random.as_ref());
        let (keys, wrapped) = draft::new_subject(vault, draft.subject, draft.created_at, random);
        (draft.seal_indexed(&self.shape, vault, &keys, random, indexes.clone()), wrapped)
    }

    /// The row's values by position, which of them it gave, and the customer it names.
    fn values(&self, cells: &[String]) -> Result<Values, Complaint> {
        let object = &self.shape.object;
        let mut values = vec![Value::Null; object.fields.len()];
        let mut given = Vec::new();
        if object.name == "communication"
            && let Some(i) = object.fields.iter().position(|f| f.name == "channel")
        {
            values[i] = Value::Text("email".to_owned());
        }
        let mut customer = None;
        for (column, field) in &self.mapping {
            let Some(cell) = cells.get(*column) else { continue };
            let Some(i) = *field else {
                let key = self.inner.vault.name_key(cell);
                customer = key.map(|key| CustomerName { key, name: cell.trim().to_owned() });
                continue;
            };
            let value = self.value(i, cell).map_err(|unfit| Complaint {
                field: Some(object.fields[i].name.clone()),
                key: key_of(unfit, object.fields[i].kind).to_owned(),
                detail: explain_cell(unfit, object.fields[i].kind).to_owned(),
            })?;
            if value != Value::Null {
                given.push(i);
                values[i] = value;
            }
        }
        if let Some((missing, _)) =
            object.fields.iter().zip(&values).find(|(f, v)| f.required && v.is_empty())
        {
            return Err(Complaint {
                field: Some(missing.name.clone()),
                key: "required".to_owned(),
                detail: "this field must have a value".to_owned(),
            });
        }
        Ok((values, given, customer))
    }

    /// Tokens of a mail's addresses.
    fn addresses(&self, values: &[Value]) -> Vec<Addressed> {
        let object = &self.shape.object;
        if object.name != "communication" {
            return Vec::new();
        }
        let text = |name: &str| {
            let i = object.fields.iter().position(|f| f.name == name)?;
            values[i].as_text()
        };
        let token =
            |object: &str, address: &str| self.inner.vault.blind(object, "email", FieldType::Email, address);
        let from = text("from_address").into_iter().map(|a| (true, a));
        let to = text("to_address").into_iter().flat_map(|a| a.split(';')).map(|a| (false, a.trim()));
        from.chain(to)
            .map(|(sender, a)| Addressed {
                sender,
                contact: token("contact", a),
                customer: token("customer", a),
            })
            .collect()
    }

    /// Reads a cell; options may be named by their labels.
    fn value(&self, i: usize, cell: &str) -> Result<Value, Unfit> {
        let field = &self.shape.object.fields[i];
        let wanted = cell.trim();
        if wanted.is_empty() {
            return Ok(Value::Null);
        }
        if let Some(option) =
            field.options.iter().find(|o| o.label.zh == wanted || o.label.en.eq_ignore_ascii_case(wanted))
        {
            return Ok(Value::Text(option.value.clone()));
        }
        let value = match field.kind {
            FieldType::Money => Value::Int(cells::amount(wanted).ok_or(Unfit::Type)?),
            FieldType::Date => Value::Day(cells::day(wanted).ok_or(Unfit::Type)?),
            FieldType::Datetime => Value::Time(cells::moment(wanted).ok_or(Unfit::Type)?),
            FieldType::Url if wanted.starts_with("www.") => Value::Text(format!("http://{wanted}")),
            _ => field.parse_text(cell)?,
        };
        if value == Value::Null { Ok(value) } else { field.fit(value) }
    }
}

/// Values by position, the positions that were given, the named customer.
type Values = (Vec<Value>, Vec<usize>, Option<CustomerName>);

/// What to do about a cell that does not fit.
fn explain_cell(unfit: Unfit, kind: FieldType) -> &'static str {
    match (unfit, kind) {
        (Unfit::Type, FieldType::Date) => {
            "write dates with the year first: 2026-01-05, 2026/1/5 or 2026年1月5日"
        }
        (Unfit::Type, FieldType::Datetime) => "write times like 2026-01-05 13:04, with the year first",
        (Unfit::Type, FieldType::Money) => "write amounts like 12,345.60, with two decimals at most",
        _ => explain(unfit),
    }
}

/// The key under which the web knows the complaint.
fn key_of(unfit: Unfit, kind: FieldType) -> &'static str {
    match (unfit, kind) {
        (Unfit::Phone, _) => "bad_phone",
        (Unfit::Email, _) => "bad_email",
        (Unfit::IdNumber, _) => "bad_id_number",
        (Unfit::NotAnOption, _) => "bad_option",
        (Unfit::Type, FieldType::Date | FieldType::Datetime) => "bad_date",
        (Unfit::Type | Unfit::Range, FieldType::Int | FieldType::Money | FieldType::Duration) => "bad_number",
        _ => unfit.key(),
    }
}
