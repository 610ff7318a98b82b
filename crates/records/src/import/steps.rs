//! The steps of an import: upload, mapping, start, cancel, resume.

use std::sync::Arc;

use kernel::{ImportId, PersonId};
use ledger::{Disclosed, Disclosure};
use policy::{FieldAccess, Import as ImportAction, Permit, PersonStatus, Principal};

use super::MAX_FILE;
use super::prepare::CUSTOMER_NAME;
use super::run::launch;
use super::source::Format;
use super::spool::CHUNK_BYTES;
use super::state::{Counters, Head, Import, ImportView, Mapping, Options};
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

    /// Sets the mapping and the choices.
    ///
    /// # Errors
    /// `Invalid` for unknown columns, fields and owners; `Conflict` when it runs already.
    pub async fn configure_import(
        &self,
        who: &Arc<Principal>,
        id: ImportId,
        mapping: Vec<Mapping>,
        options: Options,
    ) -> Result<Disclosure<ImportView>, Error> {
        let import = self.0.import_of(who, id).await?;
        self.0.check_mapping(who, &import, &mapping, &options)?;
        self.alter(who, import, move |import| {
            if import.state != "mapping" {
                return Err(Error::Conflict("this import has been started already".to_owned()));
            }
            if import.object != "communication" {
                import.mapping = mapping;
            }
            import.options = options;
            Ok(())
        })
        .await
    }

    /// Starts it in the background.
    ///
    /// # Errors
    /// `Conflict` when it was started already; `Invalid` without a column for a required field.
    pub async fn start_import(
        &self,
        who: &Arc<Principal>,
        id: ImportId,
    ) -> Result<Disclosure<ImportView>, Error> {
        let import = self.0.import_of(who, id).await?;
        let shape = self.0.shape(&import.object)?;
        let fed = |name: &str| import.mapping.iter().any(|m| m.field == name);
        let lacking: Vec<FieldError> = (shape.object.fields.iter())
            .filter(|f| f.required && f.name != "channel" && !fed(&f.name))
            .map(|f| FieldError::new(&f.name, "required", "no column feeds this field"))
            .collect();
        if !lacking.is_empty() {
            return Err(Error::Invalid(lacking));
        }
        self.enqueue(who, import, &["mapping"]).await
    }

    /// Goes on where a cancelled or failed import stopped.
    ///
    /// # Errors
    /// `Conflict` in any other state.
    pub async fn resume_import(
        &self,
        who: &Arc<Principal>,
        id: ImportId,
    ) -> Result<Disclosure<ImportView>, Error> {
        let import = self.0.import_of(who, id).await?;
        self.enqueue(who, import, &["cancelled", "failed"]).await
    }

    /// Stops it after the chunk under way.
    ///
    /// # Errors
    /// `Conflict` when it has ended.
    pub async fn cancel_import(
        &self,
        who: &Arc<Principal>,
        id: ImportId,
    ) -> Result<Disclosure<ImportView>, Error> {
        let import = self.0.import_of(who, id).await?;
        let now = self.0.now();
        self.alter(who, import, move |import| {
            if !matches!(import.state.as_str(), "mapping" | "queued" | "running") {
                return Err(Error::Conflict("this import has ended already".to_owned()));
            }
            import.state = "cancelled".to_owned();
            import.finished_at = Some(now);
            Ok(())
        })
        .await
    }

    async fn enqueue(
        &self,
        who: &Arc<Principal>,
        import: Import,
        from: &'static [&'static str],
    ) -> Result<Disclosure<ImportView>, Error> {
        let id = import.id;
        let view = self
            .alter(who, import, move |import| {
                if !from.contains(&import.state.as_str()) {
                    return Err(Error::Conflict(format!("this import is {}", import.state)));
                }
                import.state = "queued".to_owned();
                import.error = None;
                import.finished_at = None;
                Ok(())
            })
            .await?;
        launch(&self.0, id, who.clone());
        Ok(view)
    }

    async fn alter(
        &self,
        who: &Arc<Principal>,
        import: Import,
        change: impl FnOnce(&mut Import) -> Result<(), Error> + Send + 'static,
    ) -> Result<Disclosure<ImportView>, Error> {
        let inner = self.0.clone();
        let import = self
            .0
            .store
            .write(move |conn| -> Result<_, Error> {
                let mut import = Import::load(conn, &inner, import.id, import.created_by)?;
                change(&mut import)?;
                import.save(conn, &inner)?;
                Ok(import)
            })
            .await?;
        Ok(self.0.import_answer(who, &import.object, import.view(self.0.now())))
    }
}

impl Inner {
    fn check_mapping(
        &self,
        who: &Arc<Principal>,
        import: &Import,
        mapping: &[Mapping],
        options: &Options,
    ) -> Result<(), Error> {
        let permit = self.policy.permit::<ImportAction>(who, &import.object, self.now())?;
        let shape = self.shape(&import.object)?;
        let mut errors = Vec::new();
        for (i, Mapping { column, field }) in mapping.iter().enumerate() {
            let known = (field == CUSTOMER_NAME && import.object == "contact")
                || shape.object.field(field).is_some_and(|f| {
                    !f.system && f.target.is_none() && permit.plan().best_access(f) == FieldAccess::Write
                });
            let twice = mapping[..i].iter().any(|m| m.field == *field || m.column == *column);
            if import.object != "communication" && (!known || twice || *column >= import.head.header.len()) {
                errors.push(FieldError::new(
                    field,
                    "unknown_field",
                    "map each column once to a field that you may write",
                ));
            }
        }
        if let Some(owner) = options.owner
            && !self.policy.org().person(PersonId(owner)).is_some_and(|p| p.status == PersonStatus::Active)
        {
            errors.push(FieldError::new("owner", "not_found", "choose a person who works here"));
        }
        if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
    }
}

impl Upload {
    /// Takes the next bytes of the file.
    ///
    /// # Errors
    /// `TooLarge` beyond the limit.
    pub async fn push(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.bytes += bytes.len() as u64;
        if self.bytes > MAX_FILE {
            self.abandon().await?;
            return Err(Error::TooLarge("200 MB".to_owned()));
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
                detail: "give a CSV or xlsx file for customers and contacts, an mbox or eml file for mails"
                    .to_owned(),
            }),
            Some(format) => {
                let (inner, object) = (inner.clone(), object.clone());
                tokio::task::spawn_blocking(move || {
                    look(&inner, id, format.as_ref(), &object, filename).map(|l| (format, l))
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
            let known =
                shape.object.field(field).is_some() || (field == CUSTOMER_NAME && object == "contact");
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
    };
    let mut total = 0;
    while let Some((_, row)) = rows.next_row() {
        total += 1;
        if let (Ok(cells), false) = (row, mail || head.preview.len() >= PREVIEW) {
            head.preview.push(cells);
        }
    }
    Ok((head, mapping, total))
}
