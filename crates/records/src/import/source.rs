//! Where rows come from: tables here, mail in `channels`; each a `Format` that this crate knows by its trait only.

use std::io::Read;

/// Why a file, or one row of it, cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileError {
    /// Stable key for texts in both languages.
    pub key: &'static str,
    /// In words, with the way to mend it. Never a value of the file.
    pub detail: String,
}

/// Rows of a file, in order.
pub trait Rows: Send {
    /// Column names; for formats without a header line, the format's own.
    fn header(&self) -> &[String];
    /// Encoding found, for display.
    fn encoding(&self) -> &str;
    /// What of the file stays out although it could be read: other sheets, for example. Keys and words, no values.
    fn notices(&self) -> Vec<FileError> {
        Vec::new()
    }
    /// The next row with its number as people count lines of data, from 1; or why it cannot be read. A row that
    /// cannot be read does not end the file.
    fn next_row(&mut self) -> Option<(u64, Result<Vec<String>, FileError>)>;
}

/// A kind of file.
pub trait Format: Send + Sync {
    /// `csv`, `xlsx`, `mbox`, `eml`.
    fn name(&self) -> &'static str;
    /// Objects that such a file can become.
    fn objects(&self) -> &'static [&'static str];
    /// Whether the file is of this kind, by its first bytes (at least 4 KiB when the file has them) and its name.
    fn recognises(&self, head: &[u8], filename: &str) -> bool;
    /// Opens it. The reader gives the whole file.
    ///
    /// # Errors
    /// When it is not such a file after all, or exceeds a limit.
    fn open(&self, file: Box<dyn Read + Send>) -> Result<Box<dyn Rows>, FileError>;
    /// The field of the object that a column most likely is.
    fn suggest(&self, header: &str) -> Option<&'static str>;
}
