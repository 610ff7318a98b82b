//! Parameters in, rows out.

use std::rc::Rc;

use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{Statement, ToSql};

use super::error;
use crate::error::Error;
use crate::param::Param;
use crate::row::Row;

impl ToSql for Param<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let array = |values: Vec<Value>| ToSqlOutput::from_rc(Rc::new(values), c"rarray");
        Ok(match self {
            Self::Null => ToSqlOutput::Borrowed(ValueRef::Null),
            Self::Int(i) => ToSqlOutput::Borrowed(ValueRef::Integer(*i)),
            Self::Text(t) => ToSqlOutput::Borrowed(ValueRef::Text(t.as_bytes())),
            Self::Blob(b) => ToSqlOutput::Borrowed(ValueRef::Blob(b)),
            Self::Id(id) => ToSqlOutput::Borrowed(ValueRef::Blob(id)),
            Self::IdList(ids) => array(ids.iter().map(|id| Value::Blob(id.to_vec())).collect()),
            Self::IntList(ints) => array(ints.iter().map(|i| Value::Integer(*i)).collect()),
            Self::TextList(texts) => array(texts.iter().map(|t| Value::Text(t.clone())).collect()),
            Self::BlobList(blobs) => array(blobs.iter().map(|b| Value::Blob(b.clone())).collect()),
        })
    }
}

/// Binds all parameters. SQLite numbers `$n` by first use, which the contract demands of the SQL anyway.
pub(super) fn bind(statement: &mut Statement<'_>, params: &[Param<'_>]) -> Result<(), Error> {
    let wanted = statement.parameter_count();
    if wanted != params.len() {
        let message = format!("{} parameters given, {wanted} wanted", params.len());
        return Err(Error::Sql { code: "params".to_owned(), message });
    }
    for (i, param) in params.iter().enumerate() {
        debug_assert!(
            statement.parameter_name(i + 1).is_none_or(|name| name[1..] == (i + 1).to_string()),
            "placeholders are numbered in order of first use"
        );
        statement.raw_bind_parameter(i + 1, param).map_err(error)?;
    }
    Ok(())
}

/// Copies a row out.
pub(super) fn read(from: &rusqlite::Row<'_>, columns: usize, to: &mut Row) -> Result<(), Error> {
    for i in 0..columns {
        match from.get_ref(i).map_err(error)? {
            ValueRef::Null => to.push_null(),
            ValueRef::Integer(i) => to.push_int(i),
            ValueRef::Text(t) => to.push_text(t)?,
            ValueRef::Blob(b) => to.push_blob(b)?,
            ValueRef::Real(_) => return Err(Error::Column),
        }
    }
    Ok(())
}
