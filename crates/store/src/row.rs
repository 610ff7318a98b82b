//! Rows as read.

use uuid::Uuid;

use crate::error::Error;

/// One column's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cell {
    Null,
    Int(i64),
    Text(String),
    Blob(Vec<u8>),
}

/// A row of a result, by column position.
#[derive(Clone, Debug)]
pub struct Row(pub(crate) Vec<Cell>);

impl Row {
    fn cell(&self, i: usize) -> Result<&Cell, Error> {
        self.0.get(i).ok_or(Error::Column)
    }

    /// A number.
    ///
    /// # Errors
    /// When the column is empty or of another type; so with all of these.
    pub fn get_int(&self, i: usize) -> Result<i64, Error> {
        self.opt_int(i)?.ok_or(Error::Column)
    }

    /// A number or nothing.
    pub fn opt_int(&self, i: usize) -> Result<Option<i64>, Error> {
        match self.cell(i)? {
            Cell::Null => Ok(None),
            Cell::Int(v) => Ok(Some(*v)),
            _ => Err(Error::Column),
        }
    }

    /// Text.
    pub fn get_text(&self, i: usize) -> Result<&str, Error> {
        self.opt_text(i)?.ok_or(Error::Column)
    }

    /// Text or nothing.
    pub fn opt_text(&self, i: usize) -> Result<Option<&str>, Error> {
        match self.cell(i)? {
            Cell::Null => Ok(None),
            Cell::Text(v) => Ok(Some(v)),
            _ => Err(Error::Column),
        }
    }

    /// Bytes.
    pub fn get_blob(&self, i: usize) -> Result<&[u8], Error> {
        self.opt_blob(i)?.ok_or(Error::Column)
    }

    /// Bytes or nothing.
    pub fn opt_blob(&self, i: usize) -> Result<Option<&[u8]>, Error> {
        match self.cell(i)? {
            Cell::Null => Ok(None),
            Cell::Blob(v) => Ok(Some(v)),
            _ => Err(Error::Column),
        }
    }

    /// An id of 16 bytes.
    pub fn get_id(&self, i: usize) -> Result<Uuid, Error> {
        self.opt_id(i)?.ok_or(Error::Column)
    }

    /// An id or nothing.
    pub fn opt_id(&self, i: usize) -> Result<Option<Uuid>, Error> {
        self.opt_blob(i)?.map(|b| Uuid::from_slice(b).map_err(|_| Error::Column)).transpose()
    }
}
