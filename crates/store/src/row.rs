//! Rows of answers: one buffer for all texts and byte strings of a row.

use uuid::Uuid;

use crate::error::Error;

/// One value of a row; texts and byte strings are ranges of the row's buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cell {
    Null,
    Int(i64),
    Text(u32, u32),
    Blob(u32, u32),
}

/// A row. Columns count from 0. Accessors fail with [`Error::Column`] when the column is of another type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    cells: Vec<Cell>,
    bytes: Vec<u8>,
}

impl Row {
    pub(crate) fn with_capacity(columns: usize, bytes: usize) -> Self {
        Self { cells: Vec::with_capacity(columns), bytes: Vec::with_capacity(bytes) }
    }

    pub(crate) fn clear(&mut self) {
        self.cells.clear();
        self.bytes.clear();
    }

    pub(crate) fn push_null(&mut self) {
        self.cells.push(Cell::Null);
    }

    pub(crate) fn push_int(&mut self, value: i64) {
        self.cells.push(Cell::Int(value));
    }

    pub(crate) fn push_text(&mut self, text: &[u8]) -> Result<(), Error> {
        let (start, end) = self.append(text)?;
        self.cells.push(Cell::Text(start, end));
        Ok(())
    }

    pub(crate) fn push_blob(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let (start, end) = self.append(bytes)?;
        self.cells.push(Cell::Blob(start, end));
        Ok(())
    }

    fn append(&mut self, bytes: &[u8]) -> Result<(u32, u32), Error> {
        let start = u32::try_from(self.bytes.len()).map_err(|_| Error::Column)?;
        self.bytes.extend_from_slice(bytes);
        Ok((start, u32::try_from(self.bytes.len()).map_err(|_| Error::Column)?))
    }

    fn slice(&self, start: u32, end: u32) -> &[u8] {
        &self.bytes[start as usize..end as usize]
    }

    /// Bytes of the row's texts and byte strings.
    pub(crate) fn size(&self) -> usize {
        self.bytes.len()
    }

    /// How many columns.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.cells.len()
    }

    /// A number, or none when null.
    pub fn opt_int(&self, column: usize) -> Result<Option<i64>, Error> {
        match self.cells.get(column) {
            Some(Cell::Null) => Ok(None),
            Some(Cell::Int(i)) => Ok(Some(*i)),
            _ => Err(Error::Column),
        }
    }

    /// A text, or none when null.
    pub fn opt_text(&self, column: usize) -> Result<Option<&str>, Error> {
        match self.cells.get(column) {
            Some(Cell::Null) => Ok(None),
            Some(Cell::Text(a, b)) => {
                std::str::from_utf8(self.slice(*a, *b)).map(Some).map_err(|_| Error::Column)
            }
            _ => Err(Error::Column),
        }
    }

    /// Bytes, or none when null.
    pub fn opt_blob(&self, column: usize) -> Result<Option<&[u8]>, Error> {
        match self.cells.get(column) {
            Some(Cell::Null) => Ok(None),
            Some(Cell::Blob(a, b)) => Ok(Some(self.slice(*a, *b))),
            _ => Err(Error::Column),
        }
    }

    /// An id (16 bytes), or none when null.
    pub fn opt_id(&self, column: usize) -> Result<Option<Uuid>, Error> {
        self.opt_blob(column)?.map(|b| Uuid::from_slice(b).map_err(|_| Error::Column)).transpose()
    }

    /// A number.
    pub fn get_int(&self, column: usize) -> Result<i64, Error> {
        self.opt_int(column)?.ok_or(Error::Column)
    }

    /// A boolean, stored as a number.
    pub fn get_bool(&self, column: usize) -> Result<bool, Error> {
        Ok(self.get_int(column)? != 0)
    }

    /// A text.
    pub fn get_text(&self, column: usize) -> Result<&str, Error> {
        self.opt_text(column)?.ok_or(Error::Column)
    }

    /// Bytes.
    pub fn get_blob(&self, column: usize) -> Result<&[u8], Error> {
        self.opt_blob(column)?.ok_or(Error::Column)
    }

    /// An id.
    pub fn get_id(&self, column: usize) -> Result<Uuid, Error> {
        self.opt_id(column)?.ok_or(Error::Column)
    }
}
