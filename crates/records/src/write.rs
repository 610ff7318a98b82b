//! Changing records: every change, its history, its change number and its ledger entry in one transaction.

use std::sync::Arc;
use utoipa::ToSchema;

use kernel::{Object, PersonId, RecordId, SubjectId, Value};
use ledger::{Disclosed, RecordSet};
use policy::{AccessPlan, Action, Assign, Create, Delete, Permit, Read, Update};
use serde::Serialize;
use serde_json::{Map, Value as Json};
use store::{Conn, Migration, Sql};
use uuid::Uuid;
use vault::Debit;

use crate::door::{Inner, Records, home_department};
use crate::draft::{self, Draft, SealingKeys};
use crate::error::{Error, FieldError};
use crate::history::{Change, FieldChange, differences};
use crate::input::Input;
use crate::item::Item;
use crate::shape::{Opened, Shape, open_restricted, quoted};
use crate::visible::push_visible;

/// Answers to repeated requests with the same Idempotency-Key.
pub(crate) const MIGRATION: Migration = Migration {
    name: "records-idempotency",
    sql: "CREATE TABLE idempotency(person {BLOB} NOT NULL, key TEXT NOT NULL, digest {BLOB} NOT NULL, object TEXT NOT NULL, \
          record {BLOB} NOT NULL, at BIGINT NOT NULL, PRIMARY KEY(person, key))",
};

/// Most records in one bulk request.
pub const MAX_BULK: usize = 1_000;

/// What became of each record of a bulk request. Nothing is dropped silently: `changed` and `refused` add up.
#[derive(Debug, Serialize, Default, ToSchema)]
pub struct BulkReport {
    /// Records changed.
    pub changed: usize,
    /// Records left as they were, each with the reason's key.
    pub refused: Vec<RefusedRecord>,
}

/// A record that a bulk request left as it was.
#[derive(Debug, Serialize, ToSchema)]
pub struct RefusedRecord {
    /// Which.
    pub id: RecordId,
    /// Why: `not_found`, `forbidden`, `stale` or a field's key.
    pub key: &'static str,
}

impl Records {
    /// Creates a record. With an idempotency key, a repeated request answers with the record of the first.
    ///
    /// # Errors
    /// `Invalid` with every complaint, `Conflict` when the key was used for another request.
    pub async fn create(
        &self,
        permit: Permit<Create>,
        fields: Map<String, Json>,
        idempotency_key: Option<String>,
    ) -> Result<Disclosed<Item>, Error> {
        let shape = self.0.shape(permit.object())?.clone();
        let input = Input::parse(&shape.object, permit.plan(), &fields)?;
        input.require_all(&shape.object)?;
        let read = self.0.policy.permit::<Read>(permit.principal(), permit.object(), self.0.now());
        let inner = self.0.clone();
        let (opened, receipt) = self
            .0
            .store
            .write(move |conn| -> Result<_, Error> {
                if let Some(key) = &idempotency_key
                    && let Some(known) = inner.repeated(conn, &permit, key, &fields)?
                {
                    let opened = inner.load(conn, &shape, known)?.ok_or(Error::NotFound)?;
                    let mut entry = inner.entry(&permit, "read");
                    entry.records = RecordSet::of([known.0]);
                    return Ok((opened, inner.ledger.append(conn, &[entry])?));
                }
                let (draft, keys) = inner.draft_of(conn, &shape, &permit, &input)?;
                let sealed = draft.seal(&shape, &inner.vault, &keys, inner.random.as_ref());
                draft::insert(conn, &shape, &[sealed], || inner.next_change())?;
                touch_customer(conn, &shape.object, &draft)?;
                if let Some(key) = &idempotency_key {
                    inner.remember(conn, &permit, key, &fields, draft.id)?;
                }
                let mut entry = inner.entry(&permit, "create");
                entry.records = RecordSet::of([draft.id.0]);
                entry.fields = fields.keys().cloned().map(Into::into).collect();
                let receipt = inner.ledger.append(conn, &[entry])?;
                Ok((opened_of(&shape, &draft), receipt))
            })
            .await?;
        self.0.changed.notify_one();
        let item = self.0.present_after(read, opened).await?;
        Ok(Disclosed::with_receipt(item, receipt))
    }

    /// Changes fields of a record. `expected` is the version the caller saw.
    ///
    /// # Errors
    /// `Stale` when somebody else was first, `Invalid` with every complaint.
    pub async fn update(
        &self,
        permit: Permit<Update>,
        id: RecordId,
        expected: Option<i64>,
        fields: Map<String, Json>,
    ) -> Result<Disclosed<Item>, Error> {
        let shape = self.0.shape(permit.object())?.clone();
        let input = Input::parse(&shape.object, permit.plan(), &fields)?;
        let who = permit.principal().clone();
        let read = self.0.policy.permit::<Read>(&who, permit.object(), self.0.now());
        let inner = self.0.clone();
        let (opened, receipt) = self
            .0
            .store
            .write(move |conn| -> Result<_, Error> {
                let (opened, changed) = inner.change(conn, &shape, &permit, id, expected, &input)?;
                let mut entry = inner.entry(&permit, "update");
                entry.records = RecordSet::of([id.0]);
                entry.fields = changed.into_iter().map(Into::into).collect();
                Ok((opened, inner.ledger.append(conn, &[entry])?))
            })
            .await?;
        self.0.changed.notify_one();
        let item = self.0.present_after(read, opened).await?;
        Ok(Disclosed::with_receipt(item, receipt))
    }

    /// The same change to many records, in one transaction; each is checked for itself.
    ///
    /// # Errors
    /// `TooLarge` beyond `MAX_BULK`; `Invalid` when the fields fit no record at all.
    pub async fn bulk_update(
        &self,
        permit: Permit<Update>,
        ids: Vec<RecordId>,
        fields: Map<String, Json>,
    ) -> Result<Disclosed<BulkReport>, Error> {
        check_bulk(&ids)?;
        let shape = self.0.shape(permit.object())?.clone();
        let input = Input::parse(&shape.object, permit.plan(), &fields)?;
        let names: Vec<String> = fields.keys().cloned().collect();
        self.bulk(permit, ids, "update", names, move |inner, conn, permit, id| {
            inner.change(conn, &shape, permit, id, None, &input).map(|_| ())
        })
        .await
    }

    /// Hands records to another owner.
    ///
    /// # Errors
    /// `Invalid` when the new owner is unknown or has left.
    pub async fn assign(
        &self,
        permit: Permit<Assign>,
        ids: Vec<RecordId>,
        owner: PersonId,
    ) -> Result<Disclosed<BulkReport>, Error> {
        check_bulk(&ids)?;
        if !self.0.policy.org().person(owner).is_some_and(|p| p.status == policy::PersonStatus::Active) {
            return Err(Error::Invalid(vec![FieldError::new(
                "owner",
                "not_found",
                "choose a person who works here",
            )]));
        }
        let shape = self.0.shape(permit.object())?.clone();
        let department = home_department(&self.0.policy, owner);
        self.bulk(permit, ids, "assign", vec!["owner".to_owned()], move |inner, conn, permit, id| {
            let before = inner.load_allowed(conn, &shape, permit, id)?;
            let changes = [FieldChange {
                field: "owner".to_owned(),
                from: before.get("owner").to_json(),
                to: Json::String(owner.to_string()),
                masked: false,
            }];
            let mut sql = Sql::new(conn.engine());
            sql.push("UPDATE ").push(&quoted(&shape.object.name)).push(" SET owner = ").param(owner.0);
            sql.push(", department = ").param(department).push(", version = version + 1, seq = ");
            sql.param(inner.next_change())
                .push(", updated_at = ")
                .param(inner.now().0)
                .push(", updated_by = ");
            sql.param(permit.principal().person.0).push(" WHERE id = ").param(id.0);
            conn.execute(sql.text(), &sql.params())?;
            inner.keep_history(conn, permit, &before, "assign", before.version + 1, &changes)
        })
        .await
    }

    /// Deletes a record; it can be restored until retention removes it for good.
    ///
    /// # Errors
    /// `NotFound` for a record that is gone or invisible.
    pub async fn delete(&self, permit: Permit<Delete>, id: RecordId) -> Result<Disclosed<()>, Error> {
        let shape = self.0.shape(permit.object())?.clone();
        let inner = self.0.clone();
        let receipt = self
            .0
            .store
            .write(move |conn| -> Result<_, Error> {
                let before = inner.load_allowed(conn, &shape, &permit, id)?;
                inner.mark(conn, &shape, &permit, id, Some(inner.now().0))?;
                inner.keep_history(conn, &permit, &before, "delete", before.version + 1, &[])?;
                let mut entry = inner.entry(&permit, "delete");
                entry.records = RecordSet::of([id.0]);
                Ok(inner.ledger.append(conn, &[entry])?)
            })
            .await?;
        self.0.changed.notify_one();
        Ok(Disclosed::with_receipt((), receipt))
    }

    /// Takes a deletion back.
    ///
    /// # Errors
    /// `NotFound` when the record is not a deleted one, or not one the caller may delete.
    pub async fn restore(&self, permit: Permit<Delete>, id: RecordId) -> Result<Disclosed<Item>, Error> {
        let shape = self.0.shape(permit.object())?.clone();
        let read = self.0.policy.permit::<Read>(permit.principal(), permit.object(), self.0.now());
        let inner = self.0.clone();
        let (opened, receipt) = self
            .0
            .store
            .write(move |conn| -> Result<_, Error> {
                let before =
                    inner.load_matching(conn, &shape, permit.plan(), id, true)?.ok_or(Error::NotFound)?;
                inner.mark(conn, &shape, &permit, id, None)?;
                inner.keep_history(conn, &permit, &before, "restore", before.version + 1, &[])?;
                let mut entry = inner.entry(&permit, "restore");
                entry.records = RecordSet::of([id.0]);
                let receipt = inner.ledger.append(conn, &[entry])?;
                Ok((inner.load(conn, &shape, id)?.ok_or(Error::NotFound)?, receipt))
            })
            .await?;
        self.0.changed.notify_one();
        let item = self.0.present_after(read, opened).await?;
        Ok(Disclosed::with_receipt(item, receipt))
    }

    async fn bulk<A: Action>(
        &self,
        permit: Permit<A>,
        ids: Vec<RecordId>,
        action: &'static str,
        fields: Vec<String>,
        each: impl Fn(&Inner, &mut dyn Conn, &Permit<A>, RecordId) -> Result<(), Error> + Send + 'static,
    ) -> Result<Disclosed<BulkReport>, Error> {
        let inner = self.0.clone();
        let (report, receipt) = self
            .0
            .store
            .write(move |conn| -> Result<_, Error> {
                let mut report = BulkReport::default();
                let mut done = Vec::with_capacity(ids.len());
                for id in ids {
                    match each(&inner, conn, &permit, id) {
                        Ok(()) => done.push(id.0),
                        Err(error) => report.refused.push(RefusedRecord { id, key: refusal_key(error)? }),
                    }
                }
                report.changed = done.len();
                let mut entry = inner.entry(&permit, action);
                entry.records = RecordSet::of(done.iter().copied());
                entry.fields = fields.into_iter().map(Into::into).collect();
                Ok((report, inner.ledger.append(conn, &[entry])?))
            })
            .await?;
        self.0.changed.notify_one();
        Ok(Disclosed::with_receipt(report, receipt))
    }
}

/// A conversation moves its customer's "last contact" on; a note for colleagues is none. The customer's version stays:
/// nobody edited it.
pub(crate) fn touch_customer(conn: &mut dyn Conn, object: &Object, draft: &Draft) -> Result<(), Error> {
    if object.name != "communication" {
        return Ok(());
    }
    let value = |name: &str| object.fields.iter().position(|f| f.name == name).map(|i| &draft.values[i]);
    let (Some(Value::Id(customer)), Some(Value::Time(at))) = (value("customer"), value("occurred_at")) else {
        return Ok(());
    };
    if value("channel").and_then(Value::as_text) == Some("note") {
        return Ok(());
    }
    let mut sql = Sql::new(conn.engine());
    sql.push("UPDATE \"customer\" SET last_contact_at = ").param(at.0).push(" WHERE id = ").param(customer);
    sql.push(" AND (last_contact_at IS NULL OR last_contact_at < ").param(at.0).push(")");
    conn.execute(sql.text(), &sql.params())?;
    Ok(())
}

/// A per-record complaint's key; anything else stops the whole request.
fn refusal_key(error: Error) -> Result<&'static str, Error> {
    Ok(match error {
        Error::NotFound => "not_found",
        Error::Refused(_) | Error::RefusedRow => "forbidden",
        Error::Stale { .. } => "stale",
        Error::Invalid(errors) => errors.first().map_or("invalid", |e| e.key),
        other => return Err(other),
    })
}

fn check_bulk(ids: &[RecordId]) -> Result<(), Error> {
    if ids.len() > MAX_BULK {
        Err(Error::TooLarge(format!("{MAX_BULK} records in one request")))
    } else {
        Ok(())
    }
}

/// A draft as it will be read back.
pub(crate) fn opened_of(shape: &Shape, draft: &Draft) -> Opened {
    let masks = shape.object.fields.iter().zip(&draft.values).map(|(f, v)| match v {
        Value::Text(t) if f.class >= kernel::Class::Restricted => Some(vault::mask(f.kind, t)),
        _ => None,
    });
    let values = shape
        .object
        .fields
        .iter()
        .zip(&draft.values)
        .map(|(f, v)| if f.class >= kernel::Class::Restricted { Value::Null } else { v.clone() });
    Opened {
        object: shape.object.clone(),
        id: draft.id,
        owner: draft.owner,
        department: draft.department,
        subject: draft.subject,
        created_at: draft.created_at,
        updated_at: draft.updated_at,
        created_by: draft.created_by,
        updated_by: draft.updated_by,
        version: draft.version,
        deleted: false,
        values: values.collect(),
        masks: masks.collect(),
        parents: std::collections::BTreeMap::default(),
    }
}

impl Inner {
    /// The record that a new draft becomes: defaults filled, references and rights checked, keys found or made.
    fn draft_of(
        &self,
        conn: &mut dyn Conn,
        shape: &Arc<Shape>,
        permit: &Permit<Create>,
        input: &Input,
    ) -> Result<(Draft, SealingKeys), Error> {
        let me = permit.principal().person;
        let owner = input.owner.unwrap_or(Some(me.0));
        let values: Vec<Value> = input.values.iter().map(|v| v.clone().unwrap_or_default()).collect();
        self.check_references(conn, permit, &shape.object, &input.values)?;
        let id: RecordId = self.new_id();
        let (subject, keys) = self.keys_for_new(conn, &shape.object, id, &values)?;
        let now = self.now();
        let department = input
            .department
            .unwrap_or_else(|| owner.and_then(|o| home_department(&self.policy, PersonId(o))));
        let draft = Draft {
            id,
            owner,
            department,
            subject,
            created_at: now,
            updated_at: now,
            created_by: Some(me.0),
            updated_by: Some(me.0),
            version: 1,
            values,
        };
        let mut opened = [opened_of(shape, &draft)];
        self.load_parents(conn, shape, &mut opened)?;
        let [opened] = opened;
        if !permit.plan().allows_row(&opened) {
            return Err(Error::Invalid(vec![FieldError::new(
                "owner",
                "not_yours",
                "you may not create such a record; leave the owner empty to make it your own",
            )]));
        }
        input.check_writable(&shape.object, permit.plan(), &opened)?;
        Ok((draft, keys))
    }

    /// The subject of a new record and its keys. A customer or contact is its own subject; anything else belongs
    /// to its customer, else its contact, else to itself.
    pub(crate) fn keys_for_new(
        &self,
        conn: &mut dyn Conn,
        object: &Object,
        id: RecordId,
        values: &[Value],
    ) -> Result<(SubjectId, SealingKeys), Error> {
        if !matches!(object.name.as_str(), "customer" | "contact") {
            for reference in ["customer", "contact"] {
                let position = object.fields.iter().position(|f| f.name == reference);
                if let Some(target) = position.and_then(|i| values[i].as_id()) {
                    let subject = SubjectId(target);
                    return Ok((subject, self.sealing_keys(conn, subject)?));
                }
            }
        }
        let subject = SubjectId::from(id);
        let (keys, wrapped) = draft::new_subject(&self.vault, subject, self.now(), self.random.as_ref());
        conn.put_key(subject.as_bytes(), draft::key_row(wrapped))?;
        Ok((subject, keys))
    }

    /// Both keys of a subject, for sealing.
    pub(crate) fn sealing_keys(&self, conn: &mut dyn Conn, subject: SubjectId) -> Result<SealingKeys, Error> {
        let bytes: &[u8] = subject.as_bytes();
        let rows = conn.query(
            "SELECT confidential, restricted FROM keys.subject_key WHERE subject = $1 AND destroyed_at IS NULL",
            &[bytes.into()],
        )?;
        let row = rows.first().ok_or(Error::NotFound)?;
        Ok(SealingKeys {
            confidential: self.vault.confidential_key(subject, row.get_blob(0)?)?,
            restricted: self.vault.restricted_key(subject, row.get_blob(1)?, &Debit::for_write())?,
        })
    }

    /// Every reference points to a record that exists and that the caller may see; others answer alike.
    fn check_references<A: Action>(
        &self,
        conn: &mut dyn Conn,
        permit: &Permit<A>,
        object: &Object,
        values: &[Option<Value>],
    ) -> Result<(), Error> {
        let mut errors = Vec::new();
        for (field, value) in object.fields.iter().zip(values) {
            let (Some(target), Some(Value::Id(id))) = (&field.target, value) else { continue };
            let seen = match self.policy.permit::<Read>(permit.principal(), target, self.now()) {
                Err(_) => false,
                Ok(read) => {
                    let mut sql = Sql::new(conn.engine());
                    sql.push("SELECT 1 FROM ").push(&quoted(target)).push(" t WHERE t.id = ").param(id);
                    sql.push(" AND ").live("t").push(" AND ");
                    push_visible(&mut sql, read.plan().rows(), "t", &self.catalog)?;
                    !conn.query(sql.text(), &sql.params())?.is_empty()
                }
            };
            if !seen {
                errors.push(FieldError::new(
                    &field.name,
                    "not_found",
                    "there is no such record, or you may not see it",
                ));
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
    }

    /// A record by id, whoever asks; callers check rights.
    pub(crate) fn load(
        &self,
        conn: &mut dyn Conn,
        shape: &Shape,
        id: RecordId,
    ) -> Result<Option<Opened>, Error> {
        let mut sql = Sql::new(conn.engine());
        sql.push("SELECT ").push(&shape.select).push(" FROM ").push(&shape.from);
        sql.push(" WHERE k.subject = t.subject AND t.id = ").param(id.0);
        let rows = conn.query(sql.text(), &sql.params())?;
        rows.first().map(|row| shape.read(row, &self.vault)).transpose()
    }

    /// A record that the plan's rows contain.
    pub(crate) fn load_matching(
        &self,
        conn: &mut dyn Conn,
        shape: &Shape,
        plan: &AccessPlan,
        id: RecordId,
        deleted: bool,
    ) -> Result<Option<Opened>, Error> {
        let mut sql = Sql::new(conn.engine());
        sql.push("SELECT ").push(&shape.select).push(" FROM ").push(&shape.from);
        sql.push(" WHERE k.subject = t.subject AND t.id = ").param(id.0);
        sql.push(if deleted {
            " AND t.deleted_at IS NOT NULL AND "
        } else {
            " AND t.deleted_at IS NULL AND "
        });
        push_visible(&mut sql, plan.rows(), "t", &self.catalog)?;
        let rows = conn.query(sql.text(), &sql.params())?;
        let Some(row) = rows.first() else { return Ok(None) };
        let mut opened = [shape.read(row, &self.vault)?];
        self.load_parents(conn, shape, &mut opened)?;
        let [opened] = opened;
        Ok(Some(opened))
    }

    /// A record that the permit allows to act on. Invisible and missing answer alike; visible but not allowed is refused.
    fn load_allowed<A: Action>(
        &self,
        conn: &mut dyn Conn,
        shape: &Shape,
        permit: &Permit<A>,
        id: RecordId,
    ) -> Result<Opened, Error> {
        if let Some(opened) = self.load_matching(conn, shape, permit.plan(), id, false)? {
            return Ok(opened);
        }
        let read = self.policy.permit::<Read>(permit.principal(), permit.object(), self.now())?;
        match self.load_matching(conn, shape, read.plan(), id, false)? {
            Some(_) => Err(Error::RefusedRow),
            None => Err(Error::NotFound),
        }
    }

    /// Applies a request's fields to one record; gives the new state and the names of what changed.
    pub(crate) fn change(
        &self,
        conn: &mut dyn Conn,
        shape: &Arc<Shape>,
        permit: &Permit<Update>,
        id: RecordId,
        expected: Option<i64>,
        input: &Input,
    ) -> Result<(Opened, Vec<String>), Error> {
        let before = self.load_allowed(conn, shape, permit, id)?;
        if expected.is_some_and(|v| v != before.version) {
            return Err(Error::Stale { version: before.version });
        }
        input.check_writable(&shape.object, permit.plan(), &before)?;
        if input.owner.is_some() || input.department.is_some() {
            return Err(Error::Invalid(vec![FieldError::new(
                "owner",
                "use_assign",
                "hand records over with /assign",
            )]));
        }
        self.check_references(conn, permit, &shape.object, &input.values)?;
        let old = self.clear_values(conn, shape, &before)?;
        let mut values = old.clone();
        let mut errors = Vec::new();
        for (i, value) in input.values.iter().enumerate() {
            if let Some(value) = value {
                if shape.object.fields[i].required && value.is_empty() {
                    errors.push(FieldError::new(
                        &shape.object.fields[i].name,
                        "required",
                        "this field must have a value",
                    ));
                }
                values[i] = value.clone();
            }
        }
        if !errors.is_empty() {
            return Err(Error::Invalid(errors));
        }
        let changes = differences(&shape.object, &old, &values);
        if changes.is_empty() {
            return Ok((before, Vec::new()));
        }
        let (subject, keys) = self.keys_after_change(conn, &shape.object, &before, &values)?;
        let draft = Draft {
            id,
            owner: before.owner,
            department: before.department,
            subject,
            created_at: before.created_at,
            updated_at: self.now(),
            created_by: before.created_by,
            updated_by: Some(permit.principal().person.0),
            version: before.version + 1,
            values,
        };
        let sealed = draft.seal(shape, &self.vault, &keys, self.random.as_ref());
        if !draft::replace(conn, shape, &sealed, before.version, self.next_change())? {
            return Err(Error::Stale { version: before.version });
        }
        let after = opened_of(shape, &draft);
        self.keep_history(conn, permit, &after, "update", draft.version, &changes)?;
        Ok((after, changes.into_iter().map(|c| c.field).collect()))
    }

    /// A communication that gets its customer moves under that customer's key; other records keep their subject.
    fn keys_after_change(
        &self,
        conn: &mut dyn Conn,
        object: &Object,
        before: &Opened,
        values: &[Value],
    ) -> Result<(SubjectId, SealingKeys), Error> {
        let own_key = before.subject == SubjectId::from(before.id);
        if own_key && !matches!(object.name.as_str(), "customer" | "contact") {
            return self.keys_of_references(conn, object, before, values);
        }
        Ok((before.subject, self.sealing_keys(conn, before.subject)?))
    }

    fn keys_of_references(
        &self,
        conn: &mut dyn Conn,
        object: &Object,
        before: &Opened,
        values: &[Value],
    ) -> Result<(SubjectId, SealingKeys), Error> {
        for reference in ["customer", "contact"] {
            let position = object.fields.iter().position(|f| f.name == reference);
            if let Some(target) = position.and_then(|i| values[i].as_id()) {
                let subject = SubjectId(target);
                return Ok((subject, self.sealing_keys(conn, subject)?));
            }
        }
        Ok((before.subject, self.sealing_keys(conn, before.subject)?))
    }

    /// All values of a record in clear, for re-sealing after a change.
    fn clear_values(&self, conn: &mut dyn Conn, shape: &Shape, opened: &Opened) -> Result<Vec<Value>, Error> {
        let mut values = opened.values.clone();
        let sql = format!(
            "SELECT t.restricted, k.restricted FROM {} WHERE k.subject = t.subject AND t.id = $1",
            shape.from
        );
        let id: &[u8] = opened.id.as_bytes();
        let rows = conn.query(&sql, &[id.into()])?;
        let row = rows.first().ok_or(Error::NotFound)?;
        if let Some(sealed) = row.opt_blob(0)? {
            let key = self.vault.restricted_key(opened.subject, row.get_blob(1)?, &Debit::for_write())?;
            let plain = open_restricted(shape, &self.vault, opened.id, &key, sealed)?;
            crate::payload::decode_restricted(&shape.object, &plain, &mut values)?;
        }
        Ok(values)
    }

    fn mark<A: Action>(
        &self,
        conn: &mut dyn Conn,
        shape: &Shape,
        permit: &Permit<A>,
        id: RecordId,
        deleted_at: Option<i64>,
    ) -> Result<(), Error> {
        let mut sql = Sql::new(conn.engine());
        sql.push("UPDATE ").push(&quoted(&shape.object.name)).push(" SET deleted_at = ").param(deleted_at);
        sql.push(", version = version + 1, seq = ").param(self.next_change());
        sql.push(", updated_at = ")
            .param(self.now().0)
            .push(", updated_by = ")
            .param(permit.principal().person.0);
        sql.push(" WHERE id = ").param(id.0);
        conn.execute(sql.text(), &sql.params())?;
        Ok(())
    }

    fn keep_history<A: Action>(
        &self,
        conn: &mut dyn Conn,
        permit: &Permit<A>,
        record: &Opened,
        action: &str,
        version: i64,
        fields: &[FieldChange],
    ) -> Result<(), Error> {
        self.keep_history_by(conn, Some(permit.principal().person.0), record, action, version, fields)
    }

    /// The same for whoever did it; nobody: the server by itself.
    pub(crate) fn keep_history_by(
        &self,
        conn: &mut dyn Conn,
        person: Option<Uuid>,
        record: &Opened,
        action: &str,
        version: i64,
        fields: &[FieldChange],
    ) -> Result<(), Error> {
        let keys = self.sealing_keys(conn, record.subject)?;
        let root = if record.object.name == "customer" {
            record.id.0
        } else {
            record.parent().unwrap_or(record.id.0)
        };
        let change = Change {
            id: self.new_id(),
            root,
            subject: record.subject,
            object: &record.object.name,
            record: record.id,
            at: self.now(),
            person,
            action,
            version,
            fields,
        };
        change.insert(conn, &self.vault, &keys.confidential, self.random.as_ref())
    }

    /// The record of an earlier request with the same key.
    fn repeated(
        &self,
        conn: &mut dyn Conn,
        permit: &Permit<Create>,
        key: &str,
        fields: &Map<String, Json>,
    ) -> Result<Option<RecordId>, Error> {
        let person: &[u8] = permit.principal().person.as_bytes();
        let rows = conn.query(
            "SELECT digest, object, record FROM idempotency WHERE person = $1 AND key = $2",
            &[person.into(), key.into()],
        )?;
        let Some(row) = rows.first() else { return Ok(None) };
        if row.get_blob(0)? != self.request_digest(fields) || row.get_text(1)? != permit.object() {
            return Err(Error::Conflict("this Idempotency-Key was used for another request".to_owned()));
        }
        Ok(Some(RecordId(row.get_id(2)?)))
    }

    fn remember(
        &self,
        conn: &mut dyn Conn,
        permit: &Permit<Create>,
        key: &str,
        fields: &Map<String, Json>,
        record: RecordId,
    ) -> Result<(), Error> {
        let mut sql = Sql::new(conn.engine());
        sql.push("INSERT INTO idempotency(person, key, digest, object, record, at) VALUES (");
        sql.param(permit.principal().person.0).push(", ").param(key).push(", ");
        sql.param(self.request_digest(fields).as_slice()).push(", ").param(permit.object()).push(", ");
        sql.param(record.0).push(", ").param(self.now().0).push(")");
        conn.execute(sql.text(), &sql.params())?;
        Ok(())
    }

    /// A keyed digest of a request: tells repeats apart without keeping values.
    fn request_digest(&self, fields: &Map<String, Json>) -> Vec<u8> {
        let text = serde_json::to_string(fields).unwrap_or_default();
        self.vault.request_digest(text.as_bytes()).to_vec()
    }

    /// The id as the caller may see it after a change: with read rights the whole item, without only its id.
    async fn present_after(
        self: &Arc<Self>,
        read: Result<Permit<Read>, policy::Refusal>,
        opened: Opened,
    ) -> Result<Item, Error> {
        match read {
            Ok(read) => crate::read::present_one(self, read, opened).await,
            Err(_) => Item::bare(opened.id, opened.version),
        }
    }
}
