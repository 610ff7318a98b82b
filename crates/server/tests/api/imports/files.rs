//! Files of the kinds that people have.

use std::io::{Cursor, Write as _};

use encoding_rs::GB18030;

pub fn gbk(text: &str) -> Vec<u8> {
    GB18030.encode(text).0.into_owned()
}

/// A cell of a workbook.
pub enum Cell<'a> {
    Text(&'a str),
    Number(f64),
    /// A day as Excel counts them, shown as a date.
    Day(u32),
}

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";

/// A workbook with as many sheets, the first of which holds the rows.
pub fn xlsx(rows: &[&[Cell<'_>]], sheets: usize) -> Vec<u8> {
    let mut data = String::new();
    for (r, row) in (1..).zip(rows) {
        data.push_str(&format!("<row r=\"{r}\">"));
        for (column, cell) in ('A'..='Z').zip(*row) {
            data.push_str(&match cell {
                Cell::Text(text) => {
                    format!("<c r=\"{column}{r}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
                }
                Cell::Number(n) => format!("<c r=\"{column}{r}\"><v>{n}</v></c>"),
                Cell::Day(n) => format!("<c r=\"{column}{r}\" s=\"1\"><v>{n}</v></c>"),
            });
        }
        data.push_str("</row>");
    }
    let names: String =
        (1..=sheets).map(|n| format!("<sheet name=\"表{n}\" sheetId=\"{n}\" r:id=\"r{n}\"/>")).collect();
    let links: String = (1..=sheets)
        .map(|n| {
            format!(
                "<Relationship Id=\"r{n}\" Type=\"{OFFICE}/worksheet\" Target=\"worksheets/sheet{n}.xml\"/>"
            )
        })
        .collect();
    let mut parts = vec![
        (
            "[Content_Types].xml".to_owned(),
            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>".to_owned(),
        ),
        (
            "_rels/.rels".to_owned(),
            format!(
                "<Relationships xmlns=\"{PACKAGE}\"><Relationship Id=\"r1\" Type=\"{OFFICE}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml".to_owned(),
            format!("<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets>{names}</sheets></workbook>"),
        ),
        (
            "xl/_rels/workbook.xml.rels".to_owned(),
            format!(
                "<Relationships xmlns=\"{PACKAGE}\">{links}<Relationship Id=\"s\" Type=\"{OFFICE}/styles\" Target=\"styles.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/styles.xml".to_owned(),
            format!(
                "<styleSheet xmlns=\"{MAIN}\"><cellXfs count=\"2\"><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>"
            ),
        ),
    ];
    for n in 1..=sheets {
        let data = if n == 1 { data.as_str() } else { "" };
        parts.push((
            format!("xl/worksheets/sheet{n}.xml"),
            format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{data}</sheetData></worksheet>"),
        ));
    }
    packed(&parts.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect::<Vec<_>>())
}

/// A zip archive.
pub fn packed(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).expect("a part");
        archive.write_all(bytes).expect("its bytes");
    }
    archive.finish().expect("an archive").into_inner()
}

/// A mail as it stands in a mailbox.
pub fn mail(id: &str, from: &str, to: &str, subject: &str, text: &str) -> String {
    format!(
        "From {from} Mon Nov 23 10:00:00 2026\r\nFrom: <{from}>\r\nTo: {to}\r\nDate: Mon, 23 Nov 2026 10:00:00 +0800\r\n\
         Message-ID: <{id}@mail.example>\r\nSubject: {subject}\r\n\r\n{text}\r\n\r\n"
    )
}
