//! Seeding: believable records for a demo or a benchmark, into a workspace that holds no record yet.
//!
//! Rows go the same way as everybody's: sealed under subject keys, blind-indexed, counted in the change feed, and
//! each batch is an entry of the ledger. What differs is that times lie in the past and no person acts.

use std::collections::HashMap;
use std::sync::Arc;

use kernel::{PersonId, RecordId, SubjectId, Timestamp, Value};
use ledger::{Actor, Entry, RecordSet};

use crate::door::Records;
use crate::draft::{self, Draft, SealedRow, SealingKeys, key_row, new_subject};
use crate::error::Error;
use crate::shape::Shape;

/// A record to be seeded. Ids rise with `at`, as those of real records do.
pub struct SeedRecord {
    /// Its id.
    pub id: RecordId,
    /// Its owner.
    pub owner: PersonId,
    /// When it was created.
    pub at: Timestamp,
    /// Its fields by name; unknown names are refused.
    pub fields: Vec<(&'static str, Value)>,
}

/// Writes seeds; only a workspace without records gives one.
pub struct Seeder {
    records: Records,
    keys: HashMap<SubjectId, Arc<SealingKeys>>,
    keep_keys: bool,
}

impl Records {
    /// A seeder. `keep_keys` remembers the subjects' keys, so that records about them can follow.
    ///
    /// # Errors
    /// `Conflict` when there are records already.
    pub async fn seeder(&self, keep_keys: bool) -> Result<Seeder, Error> {
        if self.0.changes.load(std::sync::atomic::Ordering::Acquire) != 0 {
            return Err(Error::Conflict("only an empty workspace can be seeded".to_owned()));
        }
        Ok(Seeder { records: self.clone(), keys: HashMap::new(), keep_keys })
    }
}

impl Seeder {
    /// Seals and writes records of one object, in one transaction with its entry.
    ///
    /// # Errors
    /// `NotFound` for an unknown object or field, or a customer without keys.
    pub async fn write(&mut self, object: &str, seeds: Vec<SeedRecord>) -> Result<usize, Error> {
        let shape = self.records.0.shape(object)?.clone();
        let mut rows: Vec<SealedRow> = Vec::with_capacity(seeds.len());
        let mut subjects = Vec::new();
        for seed in seeds {
            let (row, subject) = self.seal(&shape, seed)?;
            rows.push(row);
            subjects.extend(subject);
        }
        let n = rows.len();
        let inner = self.records.0.clone();
        let object = shape.object.name.clone();
        inner
            .clone()
            .store
            .write(move |conn| -> Result<(), Error> {
                for (subject, wrapped) in subjects {
                    conn.put_key(SubjectId::as_bytes(&subject), key_row(wrapped))?;
                }
                draft::insert(conn, &shape, &rows, || inner.next_change())?;
                let mut entry = Entry::new(inner.now(), Actor::system(), "seed").object(object);
                entry.records = RecordSet::of(rows.iter().map(|r| r.draft_id.0));
                inner.ledger.append(conn, &[entry])?;
                Ok(())
            })
            .await?;
        self.records.0.changed.notify_one();
        Ok(n)
    }

    fn seal(
        &mut self,
        shape: &Shape,
        seed: SeedRecord,
    ) -> Result<(SealedRow, Option<(SubjectId, vault::WrappedSubject)>), Error> {
        let inner = &self.records.0;
        let mut values = vec![Value::Null; shape.object.fields.len()];
        for (name, value) in seed.fields {
            let i = shape.object.fields.iter().position(|f| f.name == name).ok_or(Error::NotFound)?;
            values[i] = value;
        }
        let reference = ["customer", "contact"].into_iter().find_map(|name| {
            let i = shape.object.fields.iter().position(|f| f.name == name)?;
            values[i].as_id()
        });
        let own = matches!(shape.object.name.as_str(), "customer" | "contact");
        let subject = reference.filter(|_| !own).map_or(SubjectId::from(seed.id), SubjectId);
        let draft = Draft {
            id: seed.id,
            owner: Some(seed.owner.0),
            department: crate::door::home_department(&inner.policy, seed.owner),
            subject,
            created_at: seed.at,
            updated_at: seed.at,
            created_by: Some(seed.owner.0),
            updated_by: Some(seed.owner.0),
            version: 1,
            values,
        };
        if subject != SubjectId::from(seed.id) {
            let keys = self.keys.get(&subject).cloned().ok_or(Error::NotFound)?;
            return Ok((draft.seal(shape, &inner.vault, &keys, inner.random.as_ref()), None));
        }
        let (keys, wrapped) = new_subject(&inner.vault, subject, seed.at, inner.random.as_ref());
        let row = draft.seal(shape, &inner.vault, &keys, inner.random.as_ref());
        if self.keep_keys {
            self.keys.insert(subject, Arc::new(keys));
        }
        Ok((row, Some((subject, wrapped))))
    }
}
