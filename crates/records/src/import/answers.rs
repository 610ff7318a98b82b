//! What people see of their imports: the state, the rows to look at, the check.

use std::sync::Arc;
use utoipa::ToSchema;

use kernel::ImportId;
use ledger::Disclosure;
use policy::{Import as ImportAction, Principal};
use serde::Serialize;

use super::batch::{Kept, kept_rows};
use super::judge::{Judge, Near, Verdict};
use super::pipeline;
use super::prepare::Preparer;
use super::run::open;
use super::state::Import;
use super::view::{ImportLook, ImportNumbers, ImportView};
use crate::door::{Inner, Records};
use crate::error::Error;
use crate::sheet::formula_safe;

/// Rows per page.
const PAGE: usize = 100;
/// Rows that a check judges.
const CHECKED: usize = 1_000;
/// Complaints that a check lists.
const MOST_ERRORS: usize = 100;

/// A person's imports.
#[derive(Serialize, ToSchema)]
pub struct ImportList {
    #[schema(value_type = Vec<ImportView>)]
    items: Vec<ImportNumbers>,
}

/// Rows to look at.
#[derive(Serialize, ToSchema)]
#[schema(as = ImportRowPage)]
pub struct RowsPage {
    items: Vec<RowView>,
    #[schema(required = true)]
    next: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ImportRow)]
struct RowView {
    row: i64,
    key: String,
    detail: String,
    cells: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    record_id: Option<uuid::Uuid>,
}

/// What would become of the first rows.
#[derive(Serialize, ToSchema)]
#[schema(as = ImportCheck)]
pub struct CheckReport {
    checked: usize,
    valid: usize,
    errors: Vec<RowError>,
    duplicates: DuplicateCounts,
}

#[derive(Serialize, Default, ToSchema)]
#[schema(as = ImportDuplicates)]
struct DuplicateCounts {
    exact: usize,
    near: usize,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ImportRowError)]
struct RowError {
    row: u64,
    field: String,
    key: String,
    detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    value: Option<String>,
}

impl Inner {
    /// Wraps an answer about an import in its entry.
    pub(crate) fn import_answer<T>(&self, who: &Arc<Principal>, object: &str, value: T) -> Disclosure<T> {
        let mut entry = self.entry_of(who, "import");
        entry.object = Some(object.to_owned().into());
        Disclosure::new(value, entry)
    }

    /// A person's import, with the right to import asked anew.
    pub(crate) async fn import_of(
        self: &Arc<Self>,
        who: &Arc<Principal>,
        id: ImportId,
    ) -> Result<Import, Error> {
        let (inner, person) = (self.clone(), who.person);
        let import = self.store.read(move |conn| Import::load(conn, &inner, id, person)).await?;
        self.policy.permit::<ImportAction>(who, &import.object, self.now())?;
        Ok(import)
    }
}

impl Records {
    /// The person's own imports, newest first, in numbers.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn imports(&self, who: &Arc<Principal>) -> Result<ImportList, Error> {
        let (inner, person) = (self.0.clone(), who.person);
        let mut all = self.0.store.read(move |conn| Import::of_person(conn, &inner, person)).await?;
        let now = self.0.now();
        all.retain(|i| self.0.policy.permit::<ImportAction>(who, &i.object, now).is_ok());
        Ok(ImportList { items: all.iter().map(|i| i.numbers(now)).collect() })
    }

    /// One import.
    ///
    /// # Errors
    /// `NotFound` for anybody else's.
    pub async fn import(&self, who: &Arc<Principal>, id: ImportId) -> Result<ImportLook, Error> {
        let import = self.0.import_of(who, id).await?;
        let now = self.0.now();
        Ok(if import.shows_values() {
            ImportLook::Values(Box::new(self.0.import_answer(who, &import.object, import.view(now))))
        } else {
            ImportLook::Numbers(Box::new(import.numbers(now)))
        })
    }

    /// Rows of one kind: failed, skipped, near or unmatched.
    ///
    /// # Errors
    /// `BadQuery` for another kind.
    pub async fn import_rows(
        &self,
        who: &Arc<Principal>,
        id: ImportId,
        kind: &str,
        cursor: Option<&str>,
    ) -> Result<Disclosure<RowsPage>, Error> {
        let kind = ["failed", "skipped", "near", "unmatched"]
            .into_iter()
            .find(|k| *k == kind)
            .ok_or_else(|| Error::BadQuery("kind is failed, skipped, near or unmatched".to_owned()))?;
        let after: i64 = match cursor.filter(|c| !c.is_empty()) {
            None => 0,
            Some(text) => text.parse().map_err(|_| Error::BadQuery("this cursor is not ours".to_owned()))?,
        };
        let import = self.0.import_of(who, id).await?;
        let inner = self.0.clone();
        let mut rows =
            self.0.store.read(move |conn| kept_rows(conn, &inner, id, &[kind], after, PAGE + 1)).await?;
        let more = rows.len() > PAGE;
        rows.truncate(PAGE);
        let next = rows.last().filter(|_| more).map(|r| r.0.to_string());
        let items = rows
            .into_iter()
            .map(|(row, Kept { key, detail, cells }, record_id)| RowView {
                row,
                key,
                detail,
                cells,
                record_id,
            })
            .collect();
        Ok(self.0.import_answer(who, &import.object, RowsPage { items, next }))
    }

    /// Failed and skipped rows as CSV with two more columns: the row's number and the reason.
    ///
    /// # Errors
    /// `NotFound` for anybody else's.
    pub async fn import_errors(
        &self,
        who: &Arc<Principal>,
        id: ImportId,
    ) -> Result<Disclosure<Vec<u8>>, Error> {
        let import = self.0.import_of(who, id).await?;
        let (inner, header) = (self.0.clone(), import.head.header.clone());
        let bytes = self
            .0
            .store
            .read(move |conn| -> Result<Vec<u8>, Error> {
                let mut out = csv::Writer::from_writer(b"\xef\xbb\xbf".to_vec());
                let width = header.len();
                let head = header.into_iter().chain(["row".to_owned(), "reason".to_owned()]);
                out.write_record(head.map(|c| formula_safe(&c))).map_err(|_| Error::Corrupt)?;
                let mut after = 0;
                loop {
                    let rows = kept_rows(conn, &inner, id, &["failed", "skipped"], after, 1_000)?;
                    let Some(last) = rows.last().map(|r| r.0) else { break };
                    after = last;
                    for (line, mut kept, _) in rows {
                        kept.cells.resize(width, String::new());
                        kept.cells.extend([line.to_string(), format!("{}: {}", kept.key, kept.detail)]);
                        out.write_record(kept.cells.iter().map(|c| formula_safe(c)))
                            .map_err(|_| Error::Corrupt)?;
                    }
                }
                out.into_inner().map_err(|_| Error::Corrupt)
            })
            .await?;
        Ok(self.0.import_answer(who, &import.object, bytes))
    }

    /// Judges the first rows without writing anything.
    ///
    /// # Errors
    /// `BadFile` when the file cannot be read after all.
    pub async fn check_import(
        &self,
        who: &Arc<Principal>,
        id: ImportId,
    ) -> Result<Disclosure<CheckReport>, Error> {
        let import = self.0.import_of(who, id).await?;
        let (inner, asking, object) = (self.0.clone(), who.clone(), import.object.clone());
        let report = tokio::task::spawn_blocking(move || check(&inner, &import, &asking))
            .await
            .map_err(|_| Error::Corrupt)??;
        Ok(self.0.import_answer(who, &object, report))
    }
}

fn check(inner: &Arc<Inner>, import: &Import, who: &Arc<Principal>) -> Result<CheckReport, Error> {
    let mut rows = open(inner, import)?;
    let preparer = Preparer::new(inner, import)?;
    let prepared = pipeline::first(&preparer, rows.as_mut(), CHECKED);
    let mut judge = Judge::new(inner, &preparer.shape, who, super::Duplicates::Skip);
    let judged = inner.store.read_blocking(move |conn| judge.chunk(conn, prepared))?;
    let mut report = CheckReport {
        checked: judged.len(),
        valid: 0,
        errors: Vec::new(),
        duplicates: DuplicateCounts::default(),
    };
    for row in judged {
        match row.verdict {
            Verdict::Create { near, .. } => {
                report.valid += 1;
                report.duplicates.near += usize::from(near != Near::No);
            }
            Verdict::Update { .. } | Verdict::Skip { .. } => {
                report.valid += 1;
                report.duplicates.exact += 1;
            }
            Verdict::Fail(complaint) if report.errors.len() < MOST_ERRORS => {
                let column = import.mapping.iter().find(|m| Some(&m.field) == complaint.field.as_ref());
                let value = column.and_then(|m| row.cells.get(m.column)).cloned();
                report.errors.push(RowError {
                    row: row.line,
                    field: complaint.field.unwrap_or_default(),
                    key: complaint.key,
                    detail: complaint.detail,
                    value,
                });
            }
            Verdict::Fail(_) => {}
        }
    }
    Ok(report)
}
