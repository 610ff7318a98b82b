//! An upload: bytes are sealed and spooled as they arrive, then the file's beginning is looked at.

use std::sync::Arc;

use kernel::ImportId;
use ledger::Disclosed;
use policy::{AccessPlan, Import as ImportAction, Permit};

use super::MAX_FILE;
use super::source::Format;
use super::spool::CHUNK_BYTES;
use super::state::{Counters, Failure, Head, Import, Mapping, Options};
use super::steps::feedable;
use super::view::ImportView;
use crate::door::{Inner, Records};
use crate::error::{Error, FieldError};

/// Rows of the preview.
const PREVIEW: usize = 20;

/// An upload under way.
pub struct Upload {
    records: Records,
    permit: Permit<ImportAction>,
    id: ImportId,
    filename: String,
    buffer: Vec<u8>,
    head: Vec<u8>,
    chunks: i64,
    bytes: u64,
}

impl Records {
    /// Begins an upload.
    ///
    /// # Errors
    /// `Invalid` for objects that files cannot become.
    pub fn upload(&self, permit: Permit<ImportAction>, filename: &str) -> Result<Upload, Error> {
        if !self.0.imports.formats.iter().any(|f| f.objects().contains(&permit.object())) {
            return Err(Error::Invalid(vec![FieldError::new(
                "object",
                "not_an_option",
                "choose customer, contact or communication",
            )]));
        }
        let filename: String = filename.chars().filter(|c| !c.is_control()).take(200).collect();
        Ok(Upload {
            records: self.clone(),
            permit,
            id: self.0.new_id(),
            filename,
            buffer: Vec::new(),
            head: Vec::new(),
            chunks: 0,
            bytes: 0,
        })
    }
}

impl Upload {
    /// Takes the next bytes of the file.
    ///
    /// # Errors
    /// `TooLarge` beyond the limit.
    pub async fn push(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let taken = self.take(bytes).await;
        if taken.is_err() {
            self.abandon().await?;
        }
        taken
    }

    async fn take(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.bytes += bytes.len() as u64;
        if self.bytes > MAX_FILE {
            return Err(Error::TooLarge("200 MiB".to_owned()));
        }
        if self.head.len() < 8 * 1024 {
            self.head.extend(bytes.iter().take(8 * 1024 - self.head.len()));
        }
        self.buffer.extend_from_slice(bytes);
        while self.buffer.len() >= CHUNK_BYTES {
            let rest = self.buffer.split_off(CHUNK_BYTES);
            self.flush().await?;
            self.buffer = rest;
        }
        Ok(())
    }

    async fn flush(&mut self) -> Result<(), Error> {
        self.records.0.spool_chunk(self.id, self.chunks, &self.buffer).await?;
        self.chunks += 1;
        self.buffer.clear();
        Ok(())
    }

    /// Drops what was spooled of a file that did not arrive whole or is not taken.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn abandon(&self) -> Result<(), Error> {
        self.records.0.drop_spool(self.id).await
    }

    /// Reads the file's beginning and makes the import.
    ///
    /// # Errors
    /// `BadFile` when it is none that the object can be made of.
    pub async fn finish(mut self) -> Result<Disclosed<ImportView>, Error> {
        if !self.buffer.is_empty() {
            self.flush().await?;
        }
        let inner = self.records.0.clone();
        let (id, object, filename) = (self.id, self.permit.object().to_owned(), self.filename.clone());
        let format = inner
            .imports
            .formats
            .iter()
            .find(|f| f.objects().contains(&object.as_str()) && f.recognises(&self.head, &filename))
            .cloned();
        let looked = match format {
            None => Err(Error::BadFile {
                key: "unknown_format",
                detail: "give a CSV or xlsx file (save an old xls as xlsx) for customers and contacts, an mbox or eml file for mails"
                    .to_owned(),
            }),
            Some(format) => {
                let (inner, object, plan) = (inner.clone(), object.clone(), self.permit.shared_plan());
                tokio::task::spawn_blocking(move || {
                    look(&inner, id, format.as_ref(), &object, &plan, filename).map(|l| (format, l))
                })
                .await
                .map_err(|_| Error::Corrupt)?
            }
        };
        let (format, (head, mapping, total)) = match looked {
            Ok(looked) => looked,
            Err(error) => {
                self.abandon().await?;
                return Err(error);
            }
        };
        let import = Import {
            id,
            object,
            format: format.name().to_owned(),
            state: "mapping".to_owned(),
            created_by: self.permit.principal().person,
            created_at: inner.now(),
            head,
            mapping,
            options: Options::default(),
            bytes: i64::try_from(self.bytes).unwrap_or(i64::MAX),
            done: 0,
            counters: Counters::default(),
            total: Some(total),
            error: None,
            started_at: None,
            finished_at: None,
            began: 0,
        };
        let view = import.view(inner.now());
        let permit = self.permit;
        let receipt = self
            .records
            .0
            .store
            .write(move |conn| -> Result<_, Error> {
                import.save(conn, &inner)?;
                Ok(inner.ledger.append(conn, &[inner.entry(&permit, "import")])?)
            })
            .await?;
        Ok(Disclosed::with_receipt(view, receipt))
    }
}

/// Reads the whole file once: its header, its first rows, how many there are.
fn look(
    inner: &Arc<Inner>,
    id: ImportId,
    format: &dyn Format,
    object: &str,
    plan: &AccessPlan,
    filename: String,
) -> Result<(Head, Vec<Mapping>, u64), Error> {
    let bad = |e: super::FileError| Error::BadFile { key: e.key, detail: e.detail };
    let mut rows = format.open(Box::new(inner.spooled(id))).map_err(bad)?;
    let mail = object == "communication";
    let shape = inner.shape(object)?;
    let mut taken = std::collections::BTreeSet::new();
    let suggested: Vec<Option<String>> = rows
        .header()
        .iter()
        .map(|h| {
            let field = format.suggest(h)?;
            let known = mail || feedable(plan, &shape.object, field);
            (known && taken.insert(field)).then(|| field.to_owned())
        })
        .collect();
    let mapping = suggested
        .iter()
        .enumerate()
        .filter_map(|(column, field)| Some(Mapping { column, field: field.clone()? }))
        .collect();
    let mut head = Head {
        filename,
        encoding: rows.encoding().to_owned(),
        header: rows.header().to_vec(),
        preview: Vec::new(),
        suggested,
        notices: rows.notices().into_iter().map(Failure::from).collect(),
    };
    let (mut total, mut unreadable) = (0, 0);
    while let Some((_, row)) = rows.next_row() {
        total += 1;
        unreadable += u64::from(row.is_err());
        if let (Ok(cells), false) = (row, mail || head.preview.len() >= PREVIEW) {
            head.preview.push(cells);
        }
    }
    if unreadable > 0 {
        let detail = format!("{unreadable} rows cannot be read; they will be listed as failed");
        head.notices.push(Failure { key: "unreadable_rows".to_owned(), detail });
    }
    Ok((head, mapping, total))
}
