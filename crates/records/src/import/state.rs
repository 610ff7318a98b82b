//! What is known of an import, as it is stored between steps.

use kernel::{ImportId, PersonId, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Conn, Row, Sql};
use utoipa::ToSchema;
use uuid::Uuid;
use vault::Purpose;

use crate::door::Inner;
use crate::error::Error;

impl From<super::FileError> for Failure {
    fn from(error: super::FileError) -> Self {
        Self { key: error.key.to_owned(), detail: error.detail }
    }
}

/// A column and the field it becomes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ImportMapping)]
pub struct Mapping {
    /// Position of the column, from 0.
    pub column: usize,
    /// Name of the field; for contacts also `customer_name`, which finds the customer by its name.
    pub field: String,
}

/// What to do with a row whose phone, e-mail or message is already there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DuplicateChoice)]
pub enum Duplicates {
    /// Leave the record as it is; the row counts as skipped.
    #[default]
    Skip,
    /// Fill the record with the row's values.
    Update,
    /// Make a second record.
    Create,
}

/// Choices of the person who imports.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ImportOptions)]
pub struct Options {
    /// Duplicates.
    #[serde(default)]
    pub duplicates: Duplicates,
    /// Owner of the new records; nothing means the person who imports.
    #[serde(default)]
    pub owner: Option<Uuid>,
}

/// How every row ended. `created + updated + skipped + failed == done`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ImportCounters)]
pub struct Counters {
    /// New records.
    pub created: u64,
    /// Records filled with a row's values.
    pub updated: u64,
    /// Rows left out as duplicates.
    pub skipped: u64,
    /// Rows that do not fit.
    pub failed: u64,
    /// Of the created: mails without a known address.
    pub unmatched: u64,
    /// Of the created: names like one that is already there.
    pub near: u64,
}

impl Counters {
    /// Adds what a chunk counted.
    pub(crate) fn add(&mut self, more: &Self) {
        self.created += more.created;
        self.updated += more.updated;
        self.skipped += more.skipped;
        self.failed += more.failed;
        self.unmatched += more.unmatched;
        self.near += more.near;
    }
}

/// What of the file may be personal: kept sealed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Head {
    pub(crate) filename: String,
    pub(crate) encoding: String,
    pub(crate) header: Vec<String>,
    pub(crate) preview: Vec<Vec<String>>,
    pub(crate) suggested: Vec<Option<String>>,
    /// What the file's reader noticed: keys and words, no values.
    #[serde(default)]
    pub(crate) notices: Vec<Failure>,
}

/// An import as stored.
#[derive(Debug, Clone)]
pub(crate) struct Import {
    pub(crate) id: ImportId,
    pub(crate) object: String,
    pub(crate) format: String,
    pub(crate) state: String,
    pub(crate) created_by: PersonId,
    pub(crate) created_at: Timestamp,
    pub(crate) head: Head,
    pub(crate) mapping: Vec<Mapping>,
    pub(crate) options: Options,
    pub(crate) bytes: i64,
    pub(crate) done: u64,
    pub(crate) counters: Counters,
    pub(crate) total: Option<u64>,
    pub(crate) error: Option<Failure>,
    pub(crate) started_at: Option<Timestamp>,
    pub(crate) finished_at: Option<Timestamp>,
    /// How many rows were done when the run began, at `started_at`.
    pub(crate) began: u64,
}

/// Why an import stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ImportFailure)]
pub struct Failure {
    /// Stable key.
    pub key: String,
    /// In words.
    pub detail: String,
}

impl Import {
    const COLUMNS: &'static str = "id, object, format, state, created_by, created_at, sealed, mapping, options, bytes, done, \
                                   counters, total, error, started_at, finished_at, began";

    fn read(row: &Row, inner: &Inner) -> Result<Self, Error> {
        let id = ImportId(row.get_id(0)?);
        let head = inner.vault.open_workspace(Purpose::Spool, id.as_bytes(), row.get_blob(6)?)?;
        let json = |i: usize| row.get_text(i);
        Ok(Self {
            id,
            object: row.get_text(1)?.to_owned(),
            format: row.get_text(2)?.to_owned(),
            state: row.get_text(3)?.to_owned(),
            created_by: PersonId(row.get_id(4)?),
            created_at: Timestamp(row.get_int(5)?),
            head: serde_json::from_slice(&head).map_err(|_| Error::Corrupt)?,
            mapping: serde_json::from_str(json(7)?).map_err(|_| Error::Corrupt)?,
            options: serde_json::from_str(json(8)?).map_err(|_| Error::Corrupt)?,
            bytes: row.get_int(9)?,
            done: u64::try_from(row.get_int(10)?).unwrap_or(0),
            counters: serde_json::from_str(json(11)?).map_err(|_| Error::Corrupt)?,
            total: row.opt_int(12)?.and_then(|t| u64::try_from(t).ok()),
            error: row.opt_text(13)?.and_then(|t| serde_json::from_str(t).ok()),
            started_at: row.opt_int(14)?.map(Timestamp),
            finished_at: row.opt_int(15)?.map(Timestamp),
            began: u64::try_from(row.get_int(16)?).unwrap_or(0),
        })
    }

    /// One import of a person; others' imports answer as missing.
    pub(crate) fn load(
        conn: &mut dyn Conn,
        inner: &Inner,
        id: ImportId,
        person: PersonId,
    ) -> Result<Self, Error> {
        let mut sql = Sql::new(conn.engine());
        sql.push(&format!("SELECT {} FROM import WHERE id = ", Self::COLUMNS)).param(id.0);
        sql.push(" AND created_by = ").param(person.0);
        let rows = conn.query(sql.text(), &sql.params())?;
        rows.first().map(|r| Self::read(r, inner)).transpose()?.ok_or(Error::NotFound)
    }

    /// A person's imports, newest first.
    pub(crate) fn of_person(
        conn: &mut dyn Conn,
        inner: &Inner,
        person: PersonId,
    ) -> Result<Vec<Self>, Error> {
        let mut sql = Sql::new(conn.engine());
        sql.push(&format!("SELECT {} FROM import WHERE created_by = ", Self::COLUMNS)).param(person.0);
        sql.push(" ORDER BY id DESC LIMIT 100");
        conn.query(sql.text(), &sql.params())?.iter().map(|r| Self::read(r, inner)).collect()
    }

    /// Imports that were running when the server stopped.
    pub(crate) fn interrupted(conn: &mut dyn Conn, inner: &Inner) -> Result<Vec<Self>, Error> {
        let mut all = Self::unfinished(conn, inner)?;
        all.retain(|i| matches!(i.state.as_str(), "queued" | "running"));
        Ok(all)
    }

    /// Imports that may still need their file.
    pub(crate) fn unfinished(conn: &mut dyn Conn, inner: &Inner) -> Result<Vec<Self>, Error> {
        let text = format!("SELECT {} FROM import WHERE state <> 'done' ORDER BY id", Self::COLUMNS);
        conn.query(&text, &[])?.iter().map(|r| Self::read(r, inner)).collect()
    }

    /// Writes the whole state.
    pub(crate) fn save(&self, conn: &mut dyn Conn, inner: &Inner) -> Result<(), Error> {
        let head = serde_json::to_vec(&self.head).map_err(|_| Error::Corrupt)?;
        let sealed =
            inner.vault.seal_workspace(Purpose::Spool, self.id.as_bytes(), &head, inner.random.as_ref());
        let mut sql = Sql::new(conn.engine());
        sql.push(&format!("INSERT INTO import({}) VALUES (", Self::COLUMNS)).param(self.id.0);
        sql.push(", ")
            .param(self.object.as_str())
            .push(", ")
            .param(self.format.as_str())
            .push(", ")
            .param(self.state.as_str());
        sql.push(", ")
            .param(self.created_by.0)
            .push(", ")
            .param(self.created_at.0)
            .push(", ")
            .param(sealed.as_slice());
        sql.push(", ").param(json(&self.mapping).as_str()).push(", ").param(json(&self.options).as_str());
        sql.push(", ").param(self.bytes).push(", ").param(i64::try_from(self.done).unwrap_or(i64::MAX));
        sql.push(", ").param(json(&self.counters).as_str());
        sql.push(", ").param(self.total.and_then(|t| i64::try_from(t).ok()));
        sql.push(", ").param(self.error.as_ref().map(json).as_deref());
        sql.push(", ").param(self.started_at.map(|t| t.0)).push(", ").param(self.finished_at.map(|t| t.0));
        sql.push(", ").param(i64::try_from(self.began).unwrap_or(i64::MAX));
        sql.push(
            ") ON CONFLICT(id) DO UPDATE SET state = excluded.state, sealed = excluded.sealed, mapping = excluded.mapping, \
             options = excluded.options, done = excluded.done, counters = excluded.counters, total = excluded.total, \
             error = excluded.error, started_at = excluded.started_at, finished_at = excluded.finished_at, \
             began = excluded.began",
        );
        conn.execute(sql.text(), &sql.params())?;
        Ok(())
    }

    /// Writes how far a run is: what every chunk changes.
    pub(crate) fn save_progress(&self, conn: &mut dyn Conn) -> Result<(), Error> {
        let mut sql = Sql::new(conn.engine());
        sql.push("UPDATE import SET done = ").param(i64::try_from(self.done).unwrap_or(i64::MAX));
        sql.push(", counters = ").param(json(&self.counters).as_str());
        sql.push(" WHERE id = ").param(self.id.0);
        conn.execute(sql.text(), &sql.params())?;
        Ok(())
    }
}

/// JSON text of any of the stored parts.
fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
