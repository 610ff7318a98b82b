//! Tables: CSV in the encodings people have, read row by row.

use std::io::{self, Cursor, Read};

use encoding_rs::{Decoder, Encoding, GB18030, UTF_8};

use crate::import::{FileError, Format, Rows};

/// Most rows of a table.
pub(crate) const MAX_ROWS: u64 = 1_048_576;
/// Most columns of a table.
pub(crate) const MAX_COLUMNS: usize = 200;
/// Objects that a table's rows can become.
pub(crate) const OBJECTS: &[&str] = &["customer", "contact"];

/// Comma-, semicolon- or tab-separated text in UTF-8, UTF-16 or GBK.
pub(crate) struct Csv;

pub(crate) fn unreadable(detail: &str) -> FileError {
    FileError { key: "unreadable_file", detail: detail.to_owned() }
}

pub(crate) fn too_wide() -> FileError {
    FileError { key: "too_many_columns", detail: format!("a table has at most {MAX_COLUMNS} columns") }
}

pub(crate) fn too_long() -> FileError {
    FileError { key: "too_many_rows", detail: format!("a table has at most {MAX_ROWS} rows; split it") }
}

impl Format for Csv {
    fn name(&self) -> &'static str {
        "csv"
    }

    fn objects(&self) -> &'static [&'static str] {
        OBJECTS
    }

    fn recognises(&self, head: &[u8], _filename: &str) -> bool {
        let utf16 = head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]);
        !head.is_empty() && !head.starts_with(b"PK\x03\x04") && (utf16 || !head.contains(&0))
    }

    fn open(&self, mut file: Box<dyn Read + Send>) -> Result<Box<dyn Rows>, FileError> {
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(|_| unreadable("the file cannot be read"))?;
        let encoding = encoding_of(&bytes);
        let text = Transcoder::new(bytes, encoding);
        let mut sample = vec![0; 64 * 1024];
        let mut text = text;
        let mut n = 0;
        while n < sample.len() {
            let got = text.read(&mut sample[n..]).map_err(|_| unreadable("the file cannot be read"))?;
            if got == 0 {
                break;
            }
            n += got;
        }
        sample.truncate(n);
        let delimiter = delimiter_of(&sample);
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(Cursor::new(sample).chain(text));
        let mut rows =
            CsvRows { reader, header: Vec::new(), encoding: name_of(encoding), line: 0, ended: false };
        rows.header = rows.record().ok_or_else(|| unreadable("the file holds no rows"))??;
        if rows.header.len() > MAX_COLUMNS {
            return Err(too_wide());
        }
        for name in &mut rows.header {
            *name = name.trim().to_owned();
        }
        Ok(Box::new(rows))
    }

    fn suggest(&self, header: &str) -> Option<&'static str> {
        crate::sheet_names::suggest(header)
    }
}

fn encoding_of(bytes: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding;
    }
    if std::str::from_utf8(bytes).is_ok() { UTF_8 } else { GB18030 }
}

fn name_of(encoding: &'static Encoding) -> String {
    if encoding == GB18030 { "gbk".to_owned() } else { encoding.name().to_ascii_lowercase() }
}

/// The separator that the first lines use most, outside quotes.
fn delimiter_of(sample: &[u8]) -> u8 {
    let mut counts = [(b',', 0usize), (b'\t', 0), (b';', 0), (b'|', 0)];
    let (mut quoted, mut lines) = (false, 0);
    for byte in sample {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => {
                lines += 1;
                if lines == 5 {
                    break;
                }
            }
            _ if !quoted => {
                if let Some(found) = counts.iter_mut().find(|c| c.0 == *byte) {
                    found.1 += 1;
                }
            }
            _ => {}
        }
    }
    let mut best = counts[0];
    for other in &counts[1..] {
        if other.1 > best.1 {
            best = *other;
        }
    }
    best.0
}

/// Any encoding as UTF-8, a part at a time.
struct Transcoder {
    bytes: Vec<u8>,
    at: usize,
    decoder: Decoder,
    out: Vec<u8>,
    given: usize,
    ended: bool,
}

impl Transcoder {
    fn new(bytes: Vec<u8>, encoding: &'static Encoding) -> Self {
        let decoder = encoding.new_decoder_with_bom_removal();
        Self { bytes, at: 0, decoder, out: Vec::new(), given: 0, ended: false }
    }
}

impl Read for Transcoder {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.out.len() {
            if self.ended {
                return Ok(0);
            }
            self.out.resize(64 * 1024, 0);
            let (result, read, written, _) =
                self.decoder.decode_to_utf8(&self.bytes[self.at..], &mut self.out, true);
            self.at += read;
            self.out.truncate(written);
            self.given = 0;
            self.ended = result == encoding_rs::CoderResult::InputEmpty;
        }
        let n = buffer.len().min(self.out.len() - self.given);
        buffer[..n].copy_from_slice(&self.out[self.given..self.given + n]);
        self.given += n;
        Ok(n)
    }
}

struct CsvRows {
    reader: csv::Reader<io::Chain<Cursor<Vec<u8>>, Transcoder>>,
    header: Vec<String>,
    encoding: String,
    line: u64,
    ended: bool,
}

impl CsvRows {
    fn record(&mut self) -> Option<Result<Vec<String>, FileError>> {
        let mut record = csv::ByteRecord::new();
        match self.reader.read_byte_record(&mut record) {
            Ok(false) => None,
            Ok(true) => Some(Ok(record.iter().map(|c| String::from_utf8_lossy(c).into_owned()).collect())),
            Err(_) => {
                self.ended = true;
                Some(Err(unreadable("the file breaks off here")))
            }
        }
    }
}

impl Rows for CsvRows {
    fn header(&self) -> &[String] {
        &self.header
    }

    fn encoding(&self) -> &str {
        &self.encoding
    }

    fn next_row(&mut self) -> Option<(u64, Result<Vec<String>, FileError>)> {
        if self.ended {
            return None;
        }
        let row = loop {
            let row = self.record()?;
            self.line += 1;
            if row.as_ref().map_or(true, |cells| cells.iter().any(|c| !c.trim().is_empty())) {
                break row;
            }
        };
        if self.line > MAX_ROWS {
            self.ended = true;
            return Some((self.line, Err(too_long())));
        }
        let row = row.and_then(|mut cells| {
            let width = self.header.len();
            if cells.iter().skip(width).any(|c| !c.trim().is_empty()) {
                return Err(FileError {
                    key: "broken",
                    detail: "the row has more cells than the header; a cell with a separator needs quotes"
                        .to_owned(),
                });
            }
            if cells.iter().any(|c| c.contains('\u{fffd}')) {
                return Err(FileError {
                    key: "broken",
                    detail: "the row holds characters that its encoding does not know".to_owned(),
                });
            }
            cells.resize(width, String::new());
            Ok(cells)
        });
        Some((self.line, row))
    }
}

/// A cell that no spreadsheet takes for a formula.
pub(crate) fn formula_safe(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(bytes: &[u8]) -> (Box<dyn Rows>, Vec<Vec<String>>) {
        let mut rows = Csv.open(Box::new(Cursor::new(bytes.to_vec()))).unwrap();
        let mut all = Vec::new();
        while let Some((_, row)) = rows.next_row() {
            all.push(row.unwrap());
        }
        (rows, all)
    }

    #[test]
    fn encodings_are_found() {
        let text = "姓名,电话\n\"张,伟\",13800138000\n\n李娜,\n";
        let (gbk, _, _) = GB18030.encode(text);
        let bom = [b"\xef\xbb\xbf", text.as_bytes()].concat();
        for (bytes, encoding) in [(text.as_bytes(), "utf-8"), (&*gbk, "gbk"), (&*bom, "utf-8")] {
            let (head, all) = rows(bytes);
            assert_eq!(head.encoding(), encoding);
            assert_eq!(head.header(), ["姓名", "电话"]);
            assert_eq!(all, [["张,伟", "13800138000"], ["李娜", ""]]);
        }
    }

    #[test]
    fn separators_are_found() {
        assert_eq!(delimiter_of(b"a;b;c\n1;2;3\n"), b';');
        assert_eq!(delimiter_of(b"a\tb\n\"1,1,1\"\t2\n"), b'\t');
    }

    #[test]
    fn formulas_become_text() {
        assert_eq!(formula_safe("=1+1"), "'=1+1");
        assert_eq!(formula_safe("张伟"), "张伟");
    }
}
