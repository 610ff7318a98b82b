//! The full-text index: an encrypted SQLite file of this node, whichever engine holds the data (DESIGN 8).
//!
//! Fed by the change feed (every record carries a rising `seq`): the indexer reads what changed since the last
//! applied `seq`, decrypts, makes tokens, and writes them. Losing the file loses nothing: it is rebuilt from the
//! feed. Hits are only candidates: who may see them, and whether the match stands in a readable field, is decided
//! against the record itself.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use kernel::{Object, PersonId, RecordId};
use store::{Conn, Sql, Store};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::error::Error;
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

/// The index of one node.
pub(crate) struct SearchIndex {
    store: Store,
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
        store.write_blocking(move |conn| -> Result<(), store::Error> {
            conn.batch(
                "CREATE TABLE IF NOT EXISTS applied(object TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID",
            )?;
            for name in &names {
                conn.batch(&format!(
                    "CREATE TABLE IF NOT EXISTS doc_{name}(id INTEGER PRIMARY KEY, record BLOB NOT NULL UNIQUE);
                     CREATE VIRTUAL TABLE IF NOT EXISTS fts_{name} USING fts5(t, content='', contentless_delete=1, \
                     tokenize='ascii', detail=none);"
                ))?;
            }
            Ok(())
        })?;
        Ok(Self { store })
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
        let object = object.to_owned();
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
                            let rows = conn.query(&add, &[record.into()])?;
                            rows.first().ok_or(store::Error::Column)?.get_int(0)?
                        }
                    };
                    if let Some(tokens) = &document.tokens {
                        conn.execute(&index, &[id.into(), tokens.as_str().into()])?;
                    }
                }
                conn.execute(
                    "INSERT INTO applied(object, seq) VALUES ($1, $2) \
                     ON CONFLICT(object) DO UPDATE SET seq = max(seq, excluded.seq)",
                    &[object.as_str().into(), position.into()],
                )?;
                Ok(())
            })
            .await?;
        Ok(())
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
