//! A chunk of rows, sealed, and the one job that writes it with the run's position and counters.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use kernel::{ImportId, RecordId, SubjectId, Value};
use ledger::RecordSet;
use policy::{Import as ImportAction, Principal, Update};
use serde::{Deserialize, Serialize};
use store::{Conn, Sql};
use vault::{Purpose, WrappedSubject};

use super::judge::{Judged, Verdict};
use super::state::{Counters, Import};
use crate::door::Inner;
use crate::draft::{self, SealedRow, SealingKeys};
use crate::error::Error;
use crate::input::Input;
use crate::shape::Shape;

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

/// A chunk ready to be written.
pub(crate) struct Batch {
    rows: Vec<SealedRow>,
    keys: Vec<(SubjectId, WrappedSubject)>,
    updates: Vec<Filling>,
    notes: Vec<Note>,
    counters: Counters,
    read: u64,
}

fn note(
    line: u64,
    kind: &'static str,
    record: Option<uuid::Uuid>,
    key: &str,
    detail: &str,
    cells: Vec<String>,
) -> Note {
    Note { line, kind, record, kept: Kept { key: key.to_owned(), detail: detail.to_owned(), cells } }
}

fn aad(import: ImportId, line: i64, kind: &str) -> Vec<u8> {
    [b"import-row/".as_slice(), import.as_bytes(), &line.to_be_bytes(), kind.as_bytes()].concat()
}

impl Batch {
    /// Seals what is to be created; keys of customers that mails belong to are looked up in the same snapshot.
    pub(crate) fn seal(
        inner: &Inner,
        shape: &Shape,
        conn: &mut dyn Conn,
        judged: Vec<Judged>,
    ) -> Result<Self, Error> {
        let read = judged.len() as u64;
        let mut batch = Self {
            rows: Vec::with_capacity(judged.len()),
            keys: Vec::new(),
            updates: Vec::new(),
            notes: Vec::new(),
            counters: Counters::default(),
            read,
        };
        let mut known: HashMap<SubjectId, SealingKeys> = HashMap::new();
        for Judged { line, cells, verdict } in judged {
            match verdict {
                Verdict::Fail(complaint) => {
                    batch.counters.failed += 1;
                    batch.notes.push(note(line, "failed", None, &complaint.key, &complaint.detail, cells));
                }
                Verdict::Skip { of } => {
                    batch.counters.skipped += 1;
                    let key = if of.is_some() { "duplicate" } else { "duplicate_in_file" };
                    let detail = "the same telephone number, e-mail address or message is there already";
                    batch.notes.push(note(line, "skipped", of.map(|r| r.0), key, detail, cells));
                }
                Verdict::Update { id, ready } => {
                    let mut values = vec![None; shape.object.fields.len()];
                    for i in ready.given {
                        values[i] = Some(ready.draft.values[i].clone());
                    }
                    batch.updates.push((line, cells, id, values));
                }
                Verdict::Create { ready, near, is_near, unmatched } => {
                    let draft = ready.draft;
                    batch.counters.created += 1;
                    if is_near {
                        batch.counters.near += 1;
                        let detail = "a record with a similar name exists";
                        let record = near.unwrap_or(draft.id);
                        batch.notes.push(note(
                            line,
                            "near",
                            Some(record.0),
                            "near_duplicate",
                            detail,
                            cells.clone(),
                        ));
                    }
                    if unmatched {
                        batch.counters.unmatched += 1;
                        let detail = "no contact or customer has this address";
                        batch.notes.push(note(
                            line,
                            "unmatched",
                            Some(draft.id.0),
                            "unmatched",
                            detail,
                            cells,
                        ));
                    }
                    let random = inner.random.as_ref();
                    if draft.subject == SubjectId::from(draft.id) {
                        let (keys, wrapped) =
                            draft::new_subject(&inner.vault, draft.subject, draft.created_at, random);
                        batch.keys.push((draft.subject, wrapped));
                        batch.rows.push(draft.seal(shape, &inner.vault, &keys, random));
                        continue;
                    }
                    let keys = match known.entry(draft.subject) {
                        Entry::Occupied(known) => known.into_mut(),
                        Entry::Vacant(new) => new.insert(inner.sealing_keys(conn, draft.subject)?),
                    };
                    batch.rows.push(draft.seal(shape, &inner.vault, keys, random));
                }
            }
        }
        Ok(batch)
    }

    /// Writes the chunk, the position and the entry. `None`: the import was cancelled meanwhile.
    pub(crate) fn write(
        mut self,
        inner: &Inner,
        shape: &Arc<Shape>,
        conn: &mut dyn Conn,
        who: &Arc<Principal>,
        id: ImportId,
        from: u64,
    ) -> Result<Option<u64>, Error> {
        let mut import = Import::load(conn, inner, id, who.person)?;
        if import.state != "running" || import.done != from {
            return Ok(None);
        }
        let permit = inner.policy.permit::<ImportAction>(who, &shape.object.name, inner.now())?;
        for (subject, wrapped) in self.keys {
            conn.put_key(subject.as_bytes(), draft::key_row(wrapped))?;
        }
        draft::insert(conn, shape, &self.rows, || inner.next_change())?;
        let mut touched: Vec<uuid::Uuid> = self.rows.iter().map(|r| r.draft_id.0).collect();
        for (line, cells, record, values) in self.updates {
            let update = inner.policy.permit::<Update>(who, &shape.object.name, inner.now());
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
                    self.notes.push(note(line, "failed", Some(record.0), "not_yours", detail, cells));
                }
                Err(Error::Invalid(errors)) => {
                    self.counters.failed += 1;
                    let (key, detail) =
                        errors.first().map_or(("invalid", ""), |e| (e.key, e.detail.as_str()));
                    self.notes.push(note(line, "failed", Some(record.0), key, detail, cells));
                }
                Err(other) => return Err(other),
            }
        }
        keep(conn, inner, id, &self.notes)?;
        let (sum, more) = (&mut import.counters, self.counters);
        sum.created += more.created;
        sum.updated += more.updated;
        sum.skipped += more.skipped;
        sum.failed += more.failed;
        sum.unmatched += more.unmatched;
        sum.near += more.near;
        import.done += self.read;
        import.save(conn, inner)?;
        let mut entry = inner.entry(&permit, "import");
        entry.records = RecordSet::of(touched);
        inner.ledger.append(conn, &[entry])?;
        Ok(Some(import.done))
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
