//! A chunk of rows in the one job that judges and writes it, with the run's position and counters.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use kernel::{ImportId, RecordId, SubjectId, Value};
use ledger::RecordSet;
use policy::{Import as ImportAction, Update};
use serde::{Deserialize, Serialize};
use store::{Conn, Sql};
use vault::{Purpose, WrappedSubject};

use super::judge::{Judge, Judged, Near, Verdict};
use super::prepare::{Prepared, Ready};
use super::state::{Counters, Import};
use crate::door::Inner;
use crate::draft::{self, SealedRow, SealingKeys};
use crate::error::Error;
use crate::input::Input;
use crate::write::touch_customer;

/// A row that people should look at, as it lies sealed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Kept {
    pub(crate) key: String,
    pub(crate) detail: String,
    pub(crate) cells: Vec<String>,
}

struct Note {
    line: u64,
    kind: &'static str,
    record: Option<uuid::Uuid>,
    kept: Kept,
}

/// A row that fills a record: its line, its cells, the record and the values by position.
type Filling = (u64, Vec<String>, RecordId, Vec<Option<Value>>);

/// What verdicts amount to, before anything is written.
#[derive(Default)]
struct Outcome {
    rows: Vec<SealedRow>,
    keys: Vec<(SubjectId, WrappedSubject)>,
    updates: Vec<Filling>,
    notes: Vec<Note>,
    counters: Counters,
    /// Keys of customers that mails belong to.
    known: HashMap<SubjectId, SealingKeys>,
}

fn aad(import: ImportId, line: i64, kind: &str) -> Vec<u8> {
    [b"import-row/".as_slice(), import.as_bytes(), &line.to_be_bytes(), kind.as_bytes()].concat()
}

/// Judges and writes a chunk, the run's position and the entry. `None`: the import was cancelled meanwhile.
pub(crate) fn write(
    judge: &mut Judge,
    conn: &mut dyn Conn,
    id: ImportId,
    from: u64,
    rows: Vec<Prepared>,
) -> Result<Option<u64>, Error> {
    let inner = judge.inner.clone();
    let mut import = Import::load(conn, &inner, id, judge.who.person)?;
    if import.state != "running" || import.done != from {
        return Ok(None);
    }
    let read = rows.len() as u64;
    let permit = inner.policy.permit::<ImportAction>(&judge.who, &judge.shape.object.name, inner.now())?;
    let judged = judge.chunk(conn, rows)?;
    let mut outcome = Outcome::default();
    for row in judged {
        outcome.take(judge, conn, row)?;
    }
    let touched = outcome.write(judge, conn, id)?;
    import.counters.add(&outcome.counters);
    import.done += read;
    if import.done.checked_ilog2() > from.checked_ilog2() {
        store::ddl::analyze(conn, &judge.shape.object)?;
    }
    import.save_progress(conn)?;
    let mut entry = inner.entry(&permit, "import");
    entry.records = RecordSet::of(touched);
    inner.ledger.append(conn, &[entry])?;
    Ok(Some(import.done))
}

impl Outcome {
    fn take(&mut self, judge: &Judge, conn: &mut dyn Conn, row: Judged) -> Result<(), Error> {
        let Judged { line, cells, verdict } = row;
        match verdict {
            Verdict::Fail(complaint) => {
                self.counters.failed += 1;
                self.note(line, "failed", None, &complaint.key, &complaint.detail, cells);
            }
            Verdict::Skip { of } => {
                self.counters.skipped += 1;
                let key = if of.is_some() { "duplicate" } else { "duplicate_in_file" };
                let detail = "the same telephone number, e-mail address or message is there already";
                self.note(line, "skipped", of.map(|r| r.0), key, detail, cells);
            }
            Verdict::Update { id, ready } => {
                let mut values = vec![None; judge.shape.object.fields.len()];
                for i in ready.given {
                    values[i] = Some(ready.draft.values[i].clone());
                }
                self.updates.push((line, cells, id, values));
            }
            Verdict::Create { ready, near, unmatched } => {
                self.counters.created += 1;
                let record = ready.draft.id.0;
                let similar = match near {
                    Near::No => None,
                    Near::Row => Some((record, "an earlier row of the file has a similar name")),
                    Near::Record(there) => Some((there.0, "a record with a similar name exists")),
                };
                if let Some((of, detail)) = similar {
                    self.counters.near += 1;
                    self.note(line, "near", Some(of), "near_duplicate", detail, cells.clone());
                }
                if unmatched {
                    self.counters.unmatched += 1;
                    let detail =
                        "no contact or customer has this address, or contacts of several customers do";
                    self.note(line, "unmatched", Some(record), "unmatched", detail, cells);
                }
                self.create(judge, conn, *ready)?;
            }
        }
        Ok(())
    }

    fn create(&mut self, judge: &Judge, conn: &mut dyn Conn, ready: Ready) -> Result<(), Error> {
        let Ready { draft, sealed, indexes, .. } = ready;
        if let Some((row, wrapped)) = sealed {
            self.keys.push((draft.subject, wrapped));
            self.rows.push(row);
            return Ok(());
        }
        let (inner, shape) = (&judge.inner, &judge.shape);
        let random = inner.random.as_ref();
        let keys = match self.known.entry(draft.subject) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) if draft.subject == SubjectId::from(draft.id) => {
                let (keys, wrapped) =
                    draft::new_subject(&inner.vault, draft.subject, draft.created_at, random);
                self.keys.push((draft.subject, wrapped));
                new.insert(keys)
            }
            Entry::Vacant(new) => new.insert(inner.sealing_keys(conn, draft.subject)?),
        };
        self.rows.push(draft.seal_indexed(shape, &inner.vault, keys, random, indexes));
        touch_customer(conn, &shape.object, &draft)
    }

    fn note(
        &mut self,
        line: u64,
        kind: &'static str,
        record: Option<uuid::Uuid>,
        key: &str,
        detail: &str,
        cells: Vec<String>,
    ) {
        let kept = Kept { key: key.to_owned(), detail: detail.to_owned(), cells };
        self.notes.push(Note { line, kind, record, kept });
    }

    /// Writes everything; gives the records that were made or changed.
    fn write(&mut self, judge: &Judge, conn: &mut dyn Conn, id: ImportId) -> Result<Vec<uuid::Uuid>, Error> {
        let (inner, shape) = (&judge.inner, &judge.shape);
        for (subject, wrapped) in self.keys.drain(..) {
            conn.put_key(subject.as_bytes(), draft::key_row(wrapped))?;
        }
        draft::insert(conn, shape, &self.rows, || inner.next_change())?;
        let mut touched: Vec<uuid::Uuid> = self.rows.iter().map(|r| r.draft_id.0).collect();
        for (line, cells, record, values) in std::mem::take(&mut self.updates) {
            let update = inner.policy.permit::<Update>(&judge.who, &shape.object.name, inner.now());
            let input = Input { values, owner: None, department: None };
            let result = match &update {
                Err(_) => Err(Error::RefusedRow),
                Ok(permit) => inner.change(conn, shape, permit, record, None, &input),
            };
            match result {
                Ok(_) => {
                    self.counters.updated += 1;
                    touched.push(record.0);
                }
                Err(Error::NotFound | Error::Refused(_) | Error::RefusedRow) => {
                    self.counters.failed += 1;
                    let detail = "the same record exists, but you may not change it";
                    self.note(line, "failed", Some(record.0), "not_yours", detail, cells);
                }
                Err(Error::Invalid(errors)) => {
                    self.counters.failed += 1;
                    let (key, detail) =
                        errors.first().map_or(("invalid", ""), |e| (e.key, e.detail.as_str()));
                    self.note(line, "failed", Some(record.0), key, detail, cells);
                }
                Err(other) => return Err(other),
            }
        }
        keep(conn, inner, id, &self.notes)?;
        Ok(touched)
    }
}

fn keep(conn: &mut dyn Conn, inner: &Inner, id: ImportId, notes: &[Note]) -> Result<(), Error> {
    for chunk in notes.chunks(50) {
        let mut sql = Sql::new(conn.engine());
        sql.push("INSERT INTO import_row(import, line, kind, key, record, sealed) VALUES ");
        for (i, note) in chunk.iter().enumerate() {
            let line = i64::try_from(note.line).unwrap_or(i64::MAX);
            let plain = serde_json::to_vec(&note.kept).map_err(|_| Error::Corrupt)?;
            let place = aad(id, line, note.kind);
            let sealed = inner.vault.seal_workspace(Purpose::Spool, &place, &plain, inner.random.as_ref());
            sql.push(if i > 0 { ", (" } else { "(" }).param(id.0).push(", ").param(line);
            sql.push(", ").param(note.kind).push(", ").param(note.kept.key.as_str()).push(", ");
            sql.param(note.record).push(", ").param(sealed.as_slice()).push(")");
        }
        conn.execute(sql.text(), &sql.params())?;
    }
    Ok(())
}

/// A kept row, opened: its line, its text, and the record it is about.
pub(crate) type KeptRow = (i64, Kept, Option<uuid::Uuid>);

/// Kept rows of some kinds after a line, in order.
pub(crate) fn kept_rows(
    conn: &mut dyn Conn,
    inner: &Inner,
    id: ImportId,
    kinds: &[&str],
    after: i64,
    limit: usize,
) -> Result<Vec<KeptRow>, Error> {
    let mut sql = Sql::new(conn.engine());
    sql.push("SELECT line, kind, record, sealed FROM import_row WHERE import = ").param(id.0);
    sql.push(" AND line > ").param(after).push(" AND kind IN (");
    for (i, kind) in kinds.iter().enumerate() {
        sql.push(if i > 0 { ", " } else { "" }).param(*kind);
    }
    sql.push(&format!(") ORDER BY line LIMIT {limit}"));
    let mut out = Vec::new();
    for row in conn.query(sql.text(), &sql.params())? {
        let line = row.get_int(0)?;
        let place = aad(id, line, row.get_text(1)?);
        let plain = inner.vault.open_workspace(Purpose::Spool, &place, row.get_blob(3)?)?;
        let kept = serde_json::from_slice(&plain).map_err(|_| Error::Corrupt)?;
        out.push((line, kept, row.opt_id(2)?));
    }
    Ok(out)
}
