//! XLSX, behind a guard: what it inflates to is counted before anything parses it.

use std::io::{self, Cursor, Read};

use calamine::{DataRef, Reader as _, Xlsx};

use crate::import::{FileError, Format, Rows};
use crate::sheet::{MAX_COLUMNS, MAX_ROWS, OBJECTS, too_long, too_wide, unreadable};

/// Most bytes that a workbook may inflate to.
const MAX_INFLATED: u64 = 200 * 1024 * 1024;

/// The first sheet of an Excel workbook.
pub(crate) struct Workbook;

impl Format for Workbook {
    fn name(&self) -> &'static str {
        "xlsx"
    }

    fn objects(&self) -> &'static [&'static str] {
        OBJECTS
    }

    fn recognises(&self, head: &[u8], _filename: &str) -> bool {
        head.starts_with(b"PK\x03\x04")
    }

    fn open(&self, mut file: Box<dyn Read + Send>) -> Result<Box<dyn Rows>, FileError> {
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(|_| unreadable("the file cannot be read"))?;
        guard(&bytes, MAX_INFLATED)?;
        let cells = cells(bytes)?;
        let mut cells = cells.into_iter();
        let header = loop {
            let row = cells.next().ok_or_else(|| unreadable("the first sheet is empty"))?;
            if row.iter().any(|c| !c.is_empty()) {
                break row;
            }
        };
        let header = header.into_iter().map(|c| c.trim().to_owned()).collect();
        Ok(Box::new(Sheet { header, cells, line: 0 }))
    }

    fn suggest(&self, header: &str) -> Option<&'static str> {
        crate::sheet_names::suggest(header)
    }
}

/// Inflates every part once, into nothing, and stops at the limit: sizes that the archive states are not believed.
fn guard(bytes: &[u8], most: u64) -> Result<(), FileError> {
    let broken = || unreadable("this is no Excel workbook (xlsx)");
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken())?;
    if archive.len() > 10_000 {
        return Err(too_big());
    }
    let mut left = most;
    for i in 0..archive.len() {
        let part = archive.by_index(i).map_err(|_| broken())?;
        let got = io::copy(&mut part.take(left + 1), &mut io::sink()).map_err(|_| broken())?;
        left = left.checked_sub(got).ok_or_else(too_big)?;
    }
    Ok(())
}

fn too_big() -> FileError {
    FileError {
        key: "zip_bomb",
        detail: "the workbook unpacks to more than 200 MB; split it or save it as CSV".to_owned(),
    }
}

fn cells(bytes: Vec<u8>) -> Result<Vec<Vec<String>>, FileError> {
    let broken = |_| unreadable("the workbook is damaged; save it again as xlsx or CSV");
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let first = book.sheet_names().first().cloned().ok_or_else(|| unreadable("the workbook has no sheet"))?;
    let mut reader = book.worksheet_cells_reader(&first).map_err(broken)?;
    let mut rows: Vec<Vec<String>> = Vec::new();
    while let Some(cell) = reader.next_cell().map_err(broken)? {
        let (row, column) = cell.get_position();
        let text = text_of(cell.get_value());
        if text.is_empty() {
            continue;
        }
        let (row, column) = (row as usize, column as usize);
        if row as u64 > MAX_ROWS {
            return Err(too_long());
        }
        if column >= MAX_COLUMNS {
            return Err(too_wide());
        }
        if rows.len() <= row {
            rows.resize(row + 1, Vec::new());
        }
        let cells = &mut rows[row];
        if cells.len() <= column {
            cells.resize(column + 1, String::new());
        }
        cells[column] = text;
    }
    Ok(rows)
}

fn text_of(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(i) => i.to_string(),
        // Whole numbers (telephone numbers typed as such) print without a fraction.
        DataRef::Float(f) => f.to_string(),
        DataRef::String(s) | DataRef::DateTimeIso(s) | DataRef::DurationIso(s) => s.clone(),
        DataRef::SharedString(s) => (*s).to_owned(),
        DataRef::Bool(b) => b.to_string(),
        DataRef::DateTime(at) => {
            let (y, mo, d, h, mi, s, _) = at.to_ymd_hms_milli();
            if (h, mi, s) == (0, 0, 0) {
                format!("{y:04}-{mo:02}-{d:02}")
            } else {
                format!("{y:04}-{mo:02}-{d:02}T{h:02}:{mi:02}:{s:02}+08:00")
            }
        }
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

struct Sheet {
    header: Vec<String>,
    cells: std::vec::IntoIter<Vec<String>>,
    line: u64,
}

impl Rows for Sheet {
    fn header(&self) -> &[String] {
        &self.header
    }

    fn encoding(&self) -> &'static str {
        "utf-8"
    }

    fn next_row(&mut self) -> Option<(u64, Result<Vec<String>, FileError>)> {
        loop {
            let mut cells = self.cells.next()?;
            self.line += 1;
            if cells.iter().all(|c| c.trim().is_empty()) {
                continue;
            }
            cells.resize(self.header.len().max(cells.len()), String::new());
            return Some((self.line, Ok(cells)));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn bombs_are_refused_by_what_they_inflate_to() {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        archive.start_file("xl/worksheets/sheet1.xml", zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(&vec![b' '; 3_000_000]).unwrap();
        let bytes = archive.finish().unwrap().into_inner();
        assert!(bytes.len() < 100_000);
        assert_eq!(guard(&bytes, 1_000_000).unwrap_err().key, "zip_bomb");
        assert!(guard(&bytes, 4_000_000).is_ok());
        assert!(Workbook.open(Box::new(Cursor::new(bytes))).is_err());
    }
}
