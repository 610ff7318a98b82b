//! XLSX, behind a guard: what it inflates to is counted before anything parses it.

use std::io::{self, Cursor, Read};

use calamine::{DataRef, Reader as _, Xlsx};

use crate::import::{FileError, Format, Rows};
use crate::sheet::{MAX_COLUMNS, MAX_ROWS, OBJECTS, too_long, too_wide, unreadable};

/// Most bytes that a workbook may inflate to.
const MAX_INFLATED: u64 = 200 * 1024 * 1024;
/// Most filled cells: each takes memory of its own, however short its text.
const MAX_CELLS: usize = 4_000_000;
/// Most bytes of text: a text that stands once in the archive may be used by a million cells.
const MAX_TEXT: usize = 400 * 1024 * 1024;

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
        let (rows, sheets) = rows(bytes, MAX_CELLS, MAX_TEXT)?;
        let width = rows.iter().filter_map(|r| r.last()).map(|(column, _)| column + 1).max().unwrap_or(0);
        let mut rows = rows.into_iter();
        let header = rows.find(|r| !r.is_empty()).ok_or_else(|| unreadable("the first sheet is empty"))?;
        let header = dense(header, width).into_iter().map(|c| c.trim().to_owned()).collect();
        Ok(Box::new(Sheet { header, rows, line: 0, sheets }))
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

/// Filled cells of a row by column: an empty cell costs nothing, wherever the last one stands.
type Sparse = Vec<(usize, String)>;

fn dense(row: Sparse, width: usize) -> Vec<String> {
    let mut cells = vec![String::new(); width];
    for (column, text) in row {
        cells[column] = text;
    }
    cells
}

/// The first sheet's rows, and how many sheets there are.
fn rows(bytes: Vec<u8>, most_cells: usize, most_text: usize) -> Result<(Vec<Sparse>, usize), FileError> {
    let broken = |_| unreadable("the workbook is damaged; save it again as xlsx or CSV");
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let names = book.sheet_names();
    let first = names.first().cloned().ok_or_else(|| unreadable("the workbook has no sheet"))?;
    let sheets = names.len();
    let mut reader = book.worksheet_cells_reader(&first).map_err(broken)?;
    let mut rows: Vec<Sparse> = Vec::new();
    let (mut cells, mut size) = (0, 0);
    while let Some(cell) = reader.next_cell().map_err(broken)? {
        let (row, column) = cell.get_position();
        let (row, column) = (row as usize, column as usize);
        if row as u64 > MAX_ROWS {
            return Err(too_long());
        }
        let text = text_of(cell.get_value());
        if text.is_empty() {
            continue;
        }
        if column >= MAX_COLUMNS {
            return Err(too_wide());
        }
        cells += 1;
        size += text.len();
        if cells > most_cells || size > most_text {
            return Err(too_big());
        }
        if rows.len() <= row {
            rows.resize(row + 1, Sparse::new());
        }
        // Cells come in order; one that stands twice, or before its neighbours, is nobody's spreadsheet.
        if rows[row].last().is_some_and(|(before, _)| *before >= column) {
            return Err(unreadable("the workbook is damaged; save it again as xlsx or CSV"));
        }
        rows[row].push((column, text));
    }
    Ok((rows, sheets))
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
    rows: std::vec::IntoIter<Sparse>,
    line: u64,
    sheets: usize,
}

impl Rows for Sheet {
    fn header(&self) -> &[String] {
        &self.header
    }

    fn encoding(&self) -> &'static str {
        "utf-8"
    }

    fn notices(&self) -> Vec<FileError> {
        let more = FileError {
            key: "more_sheets",
            detail: format!("only the first of {} sheets is imported; save the others as files", self.sheets),
        };
        if self.sheets > 1 { vec![more] } else { Vec::new() }
    }

    fn next_row(&mut self) -> Option<(u64, Result<Vec<String>, FileError>)> {
        loop {
            let row = self.rows.next()?;
            self.line += 1;
            if row.iter().any(|(_, text)| !text.trim().is_empty()) {
                return Some((self.line, Ok(dense(row, self.header.len()))));
            }
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

    /// A workbook whose first sheet holds this XML.
    fn workbook(sheet: &str, strings: &str) -> Vec<u8> {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml";
        for (name, text) in [
            (
                "[Content_Types].xml",
                format!(
                    "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Override PartName=\"/xl/workbook.xml\" ContentType=\"{kind}.sheet.main+xml\"/></Types>"
                ),
            ),
            (
                "_rels/.rels",
                format!(
                    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"{relations}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
                ),
            ),
            (
                "xl/workbook.xml",
                format!(
                    "<workbook xmlns=\"{main}\" xmlns:r=\"{relations}\"><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
                ),
            ),
            (
                "xl/_rels/workbook.xml.rels",
                format!(
                    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"{relations}/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" Type=\"{relations}/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>"
                ),
            ),
            (
                "xl/worksheets/sheet1.xml",
                format!("<worksheet xmlns=\"{main}\"><sheetData>{sheet}</sheetData></worksheet>"),
            ),
            ("xl/sharedStrings.xml", format!("<sst xmlns=\"{main}\">{strings}</sst>")),
        ] {
            archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            archive.write_all(text.as_bytes()).unwrap();
        }
        archive.finish().unwrap().into_inner()
    }

    #[test]
    fn a_text_used_by_many_cells_is_counted_each_time() {
        let cells: String =
            (1..=100).map(|r| format!("<row r=\"{r}\"><c r=\"A{r}\" t=\"s\"><v>0</v></c></row>")).collect();
        let bytes = workbook(&cells, &format!("<si><t>{}</t></si>", "x".repeat(1_000)));
        assert_eq!(rows(bytes.clone(), 1_000, 100_000).unwrap().0.len(), 100);
        assert_eq!(rows(bytes.clone(), 1_000, 99_999).unwrap_err().key, "zip_bomb");
        assert_eq!(rows(bytes, 99, 100_000).unwrap_err().key, "zip_bomb");
    }

    #[test]
    fn a_far_cell_costs_no_row_of_empty_ones_and_cells_out_of_order_are_refused() {
        let far = "<row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"GR1\"><v>2</v></c></row>";
        let (found, _) = rows(workbook(far, ""), 10, 100).unwrap();
        assert_eq!(found, [[(0, "1".to_owned()), (199, "2".to_owned())]]);
        let beyond = "<row r=\"1\"><c r=\"GS1\"><v>1</v></c></row>";
        assert_eq!(rows(workbook(beyond, ""), 10, 100).unwrap_err().key, "too_many_columns");
        let back = "<row r=\"1\"><c r=\"B1\"><v>1</v></c><c r=\"A1\"><v>2</v></c></row>";
        assert!(rows(workbook(back, ""), 10, 100).is_err());
    }
}
