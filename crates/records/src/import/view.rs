//! An import in the API's shape: with cells of the file while its columns are mapped, else in numbers only.

use kernel::{ImportId, PersonId, Timestamp};
use ledger::Disclosure;
use serde::Serialize;
use utoipa::ToSchema;

use super::state::{Counters, Failure, Import, Mapping, Options};

/// A column as shown for mapping.
#[derive(Serialize, ToSchema)]
#[schema(as = ImportColumn)]
struct ColumnView {
    index: usize,
    header: String,
    samples: Vec<String>,
    #[schema(required = true)]
    suggested: Option<String>,
}

/// Progress in numbers.
#[derive(Serialize, ToSchema)]
#[schema(as = ImportProgress)]
struct Progress {
    done: u64,
    #[schema(required = true)]
    total: Option<u64>,
    #[serde(flatten)]
    counters: Counters,
}

/// An import in the API's shape.
#[derive(Serialize, ToSchema)]
#[schema(as = Import)]
pub struct ImportView {
    id: ImportId,
    object: String,
    filename: String,
    format: String,
    encoding: String,
    state: String,
    created_at: Timestamp,
    created_by: PersonId,
    #[schema(required = true)]
    finished_at: Option<Timestamp>,
    bytes: i64,
    columns: Vec<ColumnView>,
    mapping: Vec<Mapping>,
    preview: Vec<Vec<String>>,
    #[schema(required = true)]
    rows_total: Option<u64>,
    options: Options,
    progress: Progress,
    warnings: Vec<Failure>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    error: Option<Failure>,
    #[schema(required = true)]
    per_s: Option<u64>,
}

/// An import without any cell of its file: names of columns and numbers. Progress may be asked for every second
/// without an entry each.
#[derive(Serialize, ToSchema)]
#[serde(transparent)]
pub struct ImportNumbers(ImportView);

/// What a look at an import shows.
pub enum ImportLook {
    /// While columns are mapped: samples and a preview, which are customers' values.
    Values(Box<Disclosure<ImportView>>),
    /// Afterwards.
    Numbers(Box<ImportNumbers>),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sight {
    Values,
    Numbers,
}

impl Import {
    /// Whether people still need to see cells of the file to say which column is what.
    pub(crate) fn shows_values(&self) -> bool {
        self.state == "mapping"
    }

    /// With cells of the file, where the state still shows them.
    pub(crate) fn view(&self, now: Timestamp) -> ImportView {
        self.shown(now, if self.shows_values() { Sight::Values } else { Sight::Numbers })
    }

    /// Without.
    pub(crate) fn numbers(&self, now: Timestamp) -> ImportNumbers {
        ImportNumbers(self.shown(now, Sight::Numbers))
    }

    /// In the API's shape.
    ///
    /// `Sight::Values` shows cells of the file: its answer needs an entry.
    fn shown(&self, now: Timestamp, sight: Sight) -> ImportView {
        let preview: &[Vec<String>] = if sight == Sight::Values { &self.head.preview } else { &[] };
        let columns = self
            .head
            .header
            .iter()
            .enumerate()
            .map(|(index, header)| ColumnView {
                index,
                header: header.clone(),
                samples: preview
                    .iter()
                    .filter_map(|r| r.get(index))
                    .filter(|c| !c.is_empty())
                    .take(3)
                    .cloned()
                    .collect(),
                suggested: self.head.suggested.get(index).cloned().flatten(),
            })
            .collect();
        let per_s = self.started_at.map(|from| {
            let micros = (self.finished_at.unwrap_or(now).0 - from.0).max(1);
            let rows = self.done.saturating_sub(self.began);
            rows.saturating_mul(1_000_000) / u64::try_from(micros).unwrap_or(1)
        });
        ImportView {
            id: self.id,
            object: self.object.clone(),
            filename: self.head.filename.clone(),
            format: self.format.clone(),
            encoding: self.head.encoding.clone(),
            state: self.state.clone(),
            created_at: self.created_at,
            created_by: self.created_by,
            finished_at: self.finished_at,
            bytes: self.bytes,
            columns,
            mapping: self.mapping.clone(),
            preview: preview.to_vec(),
            rows_total: self.total,
            options: self.options.clone(),
            progress: Progress { done: self.done, total: self.total, counters: self.counters },
            warnings: self.warnings(),
            error: self.error.clone(),
            per_s,
        }
    }

    fn warnings(&self) -> Vec<Failure> {
        let mut out = self.head.notices.clone();
        if self.counters.near > 0 {
            out.push(Failure {
                key: "near_names".to_owned(),
                detail: format!(
                    "{} new records have names like records that were there already; look at the rows of kind near",
                    self.counters.near
                ),
            });
        }
        out
    }
}
