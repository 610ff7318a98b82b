//! The full-text index: an encrypted SQLite file of this node, whichever engine holds the data (DESIGN 8).
//!
//! Fed by the change feed (every record carries a rising `seq`): the indexer reads what changed since the last
//! applied `seq`, decrypts, makes tokens, and writes them. Losing the file loses nothing: it is rebuilt from the
//! feed. Hits are only candidates: who may see them, and whether the match stands in a readable field, is decided
//! against the record itself.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use kernel::{Object, PersonId, RecordId};
use parking_lot::Mutex;
use store::{Conn, Sql, Store};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::error::Error;
use crate::frequency::Frequencies;
use crate::tokens;

/// One record as the index sees it.
pub(crate) struct Document {
    pub(crate) record: RecordId,
    pub(crate) seq: i64,
    /// `None` takes the record out of the index.
    pub(crate) tokens: Option<String>,
}

impl Document {
    /// Tokens of the searchable fields, and of the owner (so that few visible owners narrow a search early).
    pub(crate) fn tokens_of(
        object: &Object,
        text_of: impl Fn(usize) -> Option<String>,
        owner: Option<Uuid>,
    ) -> String {
        let mut out = String::new();
        for (i, field) in object.fields.iter().enumerate().filter(|(_, f)| f.searchable) {
            if let (Some(letter), Some(text)) = (tokens::field_letter(object, &field.name), text_of(i)) {
                tokens::index(letter, &text, &mut out);
            }
        }
        if let Some(owner) = owner {
            let _ = write!(out, "{}", owner_token(owner));
        }
        out
    }
}

/// Digits never start a field's token, so an owner can never be mistaken for text.
fn owner_token(owner: Uuid) -> String {
    format!("0{}", owner.simple())
}

/// New documents of one object after which its index is merged into one segment: every segment has to be asked.
const MERGE_AFTER: u32 = 50_000;
/// About how many pages one step of merging writes: new documents wait no longer than that.
const MERGE_PAGES: i64 = 400;

/// How far the segments of one object's index are merged.
#[derive(Default)]
struct Merging {
    /// Documents since the last merge began.
    added: u32,
    begun: bool,
}

/// The index of one node.
pub(crate) struct SearchIndex {
    store: Store,
    /// By object.
    frequencies: HashMap<String, Arc<Mutex<Frequencies>>>,
    merging: Mutex<HashMap<String, Merging>>,
}

impl SearchIndex {
    /// See [`Store::close`].
    pub(crate) fn close(&self) {
        self.store.close();
    }

    /// Opens or creates the file; tables for every object.
    pub(crate) fn open(
        path: &Path,
        key: &Zeroizing<[u8; 32]>,
        objects: &[Arc<Object>],
    ) -> Result<Self, Error> {
        let store = Store::open_file(path, key)?;
        let names: Vec<String> = objects.iter().map(|o| o.name.clone()).collect();
        let frequencies = store.write_blocking(move |conn| -> Result<_, store::Error> {
            conn.batch(
                "CREATE TABLE IF NOT EXISTS applied(object TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID;
                 CREATE TABLE IF NOT EXISTS frequency(object TEXT PRIMARY KEY, counts BLOB NOT NULL)",
            )?;
            for name in &names {
                conn.batch(&format!(
                    "CREATE TABLE IF NOT EXISTS doc_{name}(id INTEGER PRIMARY KEY, record BLOB NOT NULL UNIQUE);
                     CREATE VIRTUAL TABLE IF NOT EXISTS fts_{name} USING fts5(t, content='', contentless_delete=1, \
                     tokenize='ascii', detail=none);"
                ))?;
            }
            let mut frequencies = HashMap::new();
            for name in names {
                let sql = "SELECT counts FROM frequency WHERE object = $1";
                let rows = conn.query(sql, &[name.as_str().into()])?;
                let saved = rows.first().map(|row| row.get_blob(0)).transpose()?;
                frequencies.insert(name, Arc::new(Mutex::new(Frequencies::read(saved))));
            }
            Ok(frequencies)
        })?;
        Ok(Self { store, frequencies, merging: Mutex::default() })
    }

    /// The change number up to which an object is indexed.
    pub(crate) async fn applied(&self, object: &str) -> Result<i64, Error> {
        let object = object.to_owned();
        let rows = self
            .store
            .read(move |conn| {
                conn.query("SELECT seq FROM applied WHERE object = $1", &[object.as_str().into()])
            })
            .await?;
        Ok(rows.first().map(|r| r.get_int(0)).transpose()?.unwrap_or(0))
    }

    /// Applies documents in one transaction with the new position.
    pub(crate) async fn apply(&self, object: &str, documents: Vec<Document>) -> Result<(), Error> {
        let added = u32::try_from(documents.len()).unwrap_or(u32::MAX);
        let object = object.to_owned();
        let frequencies = self.frequencies.get(&object).cloned();
        let merging = object.clone();
        self.store
            .write(move |conn| -> Result<(), store::Error> {
                let find = format!("SELECT id FROM doc_{object} WHERE record = $1");
                let add = format!("INSERT INTO doc_{object}(record) VALUES ($1) RETURNING id");
                let drop = format!("DELETE FROM fts_{object} WHERE rowid = $1");
                let index = format!("INSERT INTO fts_{object}(rowid, t) VALUES ($1, $2)");
                let mut position = 0;
                for document in &documents {
                    position = position.max(document.seq);
                    let record: &[u8] = document.record.as_bytes();
                    let known =
                        conn.query(&find, &[record.into()])?.first().map(|r| r.get_int(0)).transpose()?;
                    let id = match known {
                        Some(id) => {
                            conn.execute(&drop, &[id.into()])?;
                            id
                        }
                        None if document.tokens.is_none() => continue,
                        None => {
                            if let (Some(counted), Some(tokens)) = (&frequencies, &document.tokens) {
                                counted.lock().add(tokens);
                            }
                            let rows = conn.query(&add, &[record.into()])?;
                            rows.first().ok_or(store::Error::Column)?.get_int(0)?
                        }
                    };
                    if let Some(tokens) = &document.tokens {
                        conn.execute(&index, &[id.into(), tokens.as_str().into()])?;
                    }
                }
                if let Some(counts) = frequencies.and_then(|f| f.lock().due()) {
                    conn.execute(
                        "INSERT INTO frequency(object, counts) VALUES ($1, $2) \
                         ON CONFLICT(object) DO UPDATE SET counts = excluded.counts",
                        &[object.as_str().into(), counts.as_slice().into()],
                    )?;
                }
                conn.execute(
                    "INSERT INTO applied(object, seq) VALUES ($1, $2) \
                     ON CONFLICT(object) DO UPDATE SET seq = max(seq, excluded.seq)",
                    &[object.as_str().into(), position.into()],
                )?;
                Ok(())
            })
            .await?;
        let mut merging_of = self.merging.lock();
        let state = merging_of.entry(merging).or_default();
        state.added = state.added.saturating_add(added);
        Ok(())
    }

    /// Whether so much is new that segments should be merged.
    pub(crate) fn is_scattered(&self) -> bool {
        self.merging.lock().values().any(|m| m.begun || m.added >= MERGE_AFTER)
    }

    /// Merges some segments of an object's index, if that is due.
    pub(crate) async fn merge_some(&self) -> Result<(), Error> {
        let due = {
            let mut merging = self.merging.lock();
            let due = merging.iter_mut().find(|(_, m)| m.begun || m.added >= MERGE_AFTER);
            due.map(|(object, m)| {
                let first = !m.begun;
                *m = Merging { added: if first { 0 } else { m.added }, begun: true };
                (object.clone(), first)
            })
        };
        let Some((object, first)) = due else { return Ok(()) };
        // A negative number says that all segments should become one; positive ones go on with that.
        let pages = if first { -MERGE_PAGES } else { MERGE_PAGES };
        let table = format!("fts_{object}");
        let worked = self
            .store
            .write(move |conn| -> Result<bool, store::Error> {
                let changes = |conn: &mut dyn Conn| {
                    conn.query("SELECT total_changes()", &[])?.first().ok_or(store::Error::Column)?.get_int(0)
                };
                if first {
                    conn.batch(&format!("INSERT INTO {table}({table}, rank) VALUES ('usermerge', 2)"))?;
                }
                let before = changes(conn)?;
                conn.batch(&format!("INSERT INTO {table}({table}, rank) VALUES ('merge', {pages})"))?;
                // The statement itself is one.
                Ok(changes(conn)? - before >= 2)
            })
            .await;
        // After a failure it is tried again when there is more to merge.
        if !*worked.as_ref().unwrap_or(&false)
            && let Some(state) = self.merging.lock().get_mut(&object)
        {
            state.begun = false;
        }
        worked.map(|_| ()).map_err(Error::from)
    }

    /// About how many documents of an object hold a token.
    pub(crate) fn frequency(&self, object: &str, token: &str) -> u32 {
        self.frequencies.get(object).map_or(0, |counted| counted.lock().of(token))
    }

    /// Candidates, newest documents first: at most `limit` records below document `before`.
    pub(crate) async fn candidates(
        &self,
        object: &str,
        expression: &str,
        owners: Option<&[PersonId]>,
        before: i64,
        limit: usize,
    ) -> Result<Vec<(i64, RecordId)>, Error> {
        let mut expression = expression.to_owned();
        if let Some(owners) = owners {
            let list: Vec<String> = owners.iter().map(|o| format!("\"{}\"", owner_token(o.0))).collect();
            expression = format!("{expression} AND ({})", list.join(" OR "));
        }
        let object = object.to_owned();
        let rows = self
            .store
            .read(move |conn: &mut dyn Conn| {
                let mut sql = Sql::new(conn.engine());
                sql.push(&format!(
                    "SELECT d.id, d.record FROM (SELECT rowid AS id FROM fts_{object} WHERE fts_{object} MATCH "
                ));
                sql.param(expression.as_str()).push(" AND rowid < ").param(before);
                sql.push(" ORDER BY rowid DESC LIMIT ").param(i64::try_from(limit).unwrap_or(i64::MAX));
                sql.push(&format!(") h CROSS JOIN doc_{object} d WHERE d.id = h.id ORDER BY d.id DESC"));
                conn.query(sql.text(), &sql.params())
            })
            .await?;
        rows.iter().map(|r| Ok((r.get_int(0)?, RecordId(r.get_id(1)?)))).collect()
    }
}
