//! Rows turned into sealed records, off the writer's thread: parsing, checking and encryption happen here.

use std::sync::Arc;

use kernel::catalog::Unfit;
use kernel::{FieldType, PersonId, RecordId, SubjectId, Value};

use super::source::FileError;
use super::state::{Import, Mapping};
use crate::door::{Inner, home_department};
use crate::draft::{Draft, blind_columns, name_key};
use crate::error::Error;
use crate::input::explain;
use crate::shape::Shape;

/// A contact's column that names its customer.
pub(crate) const CUSTOMER_NAME: &str = "customer_name";

/// One row, checked and (unless it failed) sealed.
pub(crate) struct Prepared {
    pub(crate) line: u64,
    pub(crate) cells: Vec<String>,
    pub(crate) outcome: Result<Ready, Complaint>,
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
    /// Tokens of the fields that tell exact duplicates, by blind column.
    pub(crate) tokens: Vec<(String, [u8; 12])>,
    pub(crate) name_key: Option<[u8; 12]>,
    /// The near-name key of the customer that a contact names.
    pub(crate) customer_key: Option<[u8; 12]>,
    /// Which fields the row gave, by position: an update writes only these.
    pub(crate) given: Vec<usize>,
    /// Addresses of a mail as contacts' and customers' tokens: the sender, then those who received it.
    pub(crate) addresses: Vec<Addressed>,
}

/// An address of a mail.
pub(crate) struct Addressed {
    pub(crate) sender: bool,
    pub(crate) contact: Option<[u8; 12]>,
    pub(crate) customer: Option<[u8; 12]>,
}

/// What preparing a run needs.
pub(crate) struct Preparer {
    pub(crate) inner: Arc<Inner>,
    pub(crate) shape: Arc<Shape>,
    pub(crate) me: PersonId,
    pub(crate) mapping: Vec<Mapping>,
    pub(crate) owner: PersonId,
    pub(crate) department: Option<uuid::Uuid>,
}

impl Preparer {
    /// For one import,
    pub(crate) fn new(inner: &Arc<Inner>, import: &Import) -> Result<Self, Error> {
        let me = import.created_by;
        let owner = import.options.owner.map_or(me, PersonId);
        Ok(Self {
            shape: inner.shape(&import.object)?.clone(),
            department: home_department(&inner.policy, owner),
            inner: inner.clone(),
            mapping: import.mapping.clone(),
            me,
            owner,
        })
    }

    /// Checks and seals one row.
    pub(crate) fn row(&self, line: u64, cells: Result<Vec<String>, FileError>) -> Prepared {
        match cells {
            Err(error) => Prepared { line, cells: Vec::new(), outcome: Err(error.into()) },
            Ok(cells) => {
                let outcome = self.ready(&cells);
                Prepared { line, cells, outcome }
            }
        }
    }

    fn ready(&self, cells: &[String]) -> Result<Ready, Complaint> {
        let object = &self.shape.object;
        let mut values = vec![Value::Null; object.fields.len()];
        let mut given = Vec::new();
        if object.name == "communication"
            && let Some(i) = object.fields.iter().position(|f| f.name == "channel")
        {
            values[i] = Value::Text("email".to_owned());
        }
        let mut customer_key = None;
        for Mapping { column, field } in &self.mapping {
            let Some(cell) = cells.get(*column) else { continue };
            if field == CUSTOMER_NAME {
                customer_key = self.inner.vault.name_key(cell);
                continue;
            }
            let Some(i) = object.fields.iter().position(|f| f.name == *field) else { continue };
            let value = self.value(i, cell).map_err(|unfit| Complaint {
                field: Some(field.clone()),
                key: key_of(unfit, object.fields[i].kind).to_owned(),
                detail: explain(unfit).to_owned(),
            })?;
            if value != Value::Null {
                given.push(i);
                values[i] = value;
            }
        }
        if let Some(missing) = object.fields.iter().zip(&values).find(|(f, v)| f.required && v.is_empty()) {
            return Err(Complaint {
                field: Some(missing.0.name.clone()),
                key: "required".to_owned(),
                detail: "this field must have a value".to_owned(),
            });
        }
        let now = self.inner.now();
        let id: RecordId = self.inner.new_id();
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
        let tokens = self.tokens(&draft.values);
        let name_key = name_key(object, &draft.values, &self.inner.vault);
        let addresses = self.addresses(&draft.values);
        Ok(Ready { draft, tokens, name_key, customer_key, given, addresses })
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
        if let Some(option) =
            field.options.iter().find(|o| o.label.zh == wanted || o.label.en.eq_ignore_ascii_case(wanted))
        {
            return Ok(Value::Text(option.value.clone()));
        }
        if field.kind == FieldType::Money {
            return money(wanted).ok_or(Unfit::Type);
        }
        field.parse_text(cell).and_then(|v| if v == Value::Null { Ok(v) } else { field.fit(v) })
    }

    fn tokens(&self, values: &[Value]) -> Vec<(String, [u8; 12])> {
        let object = &self.shape.object;
        blind_columns(object)
            .filter(|(name, _)| matches!(*name, "phone" | "email" | "message_key"))
            .filter_map(|(name, kind)| {
                let i = object.fields.iter().position(|f| f.name == name)?;
                let token = self.inner.vault.blind(&object.name, name, kind, values[i].as_text()?)?;
                Some((format!("{name}_bi"), token))
            })
            .collect()
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

/// Yuan with at most two decimals, thousands separators and a currency sign allowed, as minor units.
fn money(text: &str) -> Option<Value> {
    if text.is_empty() {
        return Some(Value::Null);
    }
    let plain: String = text.chars().filter(|c| !matches!(c, ',' | '，' | ' ' | '¥' | '￥' | '元')).collect();
    let (yuan, fen) = plain.split_once('.').unwrap_or((&plain, ""));
    if fen.len() > 2 || !fen.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let yuan: i64 = yuan.parse().ok()?;
    let fen: i64 = format!("{fen:0<2}").parse().ok()?;
    let signed = if plain.starts_with('-') { -fen } else { fen };
    yuan.checked_mul(100)?.checked_add(signed).map(Value::Int)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_exactly() {
        assert_eq!(money("¥12,345.6"), Some(Value::Int(1_234_560)));
        assert_eq!(money("-0.05"), Some(Value::Int(-5)));
        assert_eq!(money("1.005"), None);
    }
}
