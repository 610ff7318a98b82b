//! One timeline of every communication and change of a customer, and the short lists beside it.

use std::collections::BTreeMap;
use utoipa::ToSchema;

use kernel::condition::{Bound, Op, Path};
use kernel::{Class, RecordId, Timestamp, Value};
use ledger::{Disclosure, RecordSet};
use policy::{List, Permit, Read};
use serde::Serialize;
use store::{Conn, Sql};
use uuid::Uuid;

use crate::counts::Count;
use crate::door::{Inner, Records};
use crate::error::Error;
use crate::history::{FieldChange, Past, SELECT};
use crate::item::Item;
use crate::list::{Plan, Request};
use crate::query::{Cursor, Order};
use crate::read::fill;

/// Records in each short list beside the timeline.
const RELATED: usize = 20;
/// Entries on a page of the timeline when the request does not say, and at most.
const PAGE: (usize, usize) = (30, 100);

/// Which part of a timeline.
#[derive(Debug, Default, Clone)]
pub struct TimelineQuery {
    /// Where the previous page ended.
    pub cursor: Option<String>,
    /// Entries on the page.
    pub limit: Option<u32>,
    /// `communication`, `change`; empty means both.
    pub kinds: Vec<String>,
    /// Channels of communications; empty means all.
    pub channels: Vec<String>,
    /// Only what this person did.
    pub person: Option<Uuid>,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Before.
    pub to: Option<Timestamp>,
}

/// A person in an answer.
#[derive(Serialize, Clone, ToSchema)]
pub struct PersonRef {
    id: Uuid,
    #[schema(required = true)]
    name: Option<String>,
}

impl PersonRef {
    pub(crate) fn new(id: Uuid, name: Option<String>) -> Self {
        Self { id, name }
    }
}

/// One entry.
#[derive(Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TimelineItem {
    /// Somebody spoke or wrote.
    Communication {
        /// The communication.
        id: Uuid,
        /// When it happened.
        at: Timestamp,
        /// Whose it is.
        #[schema(required = true)]
        person: Option<PersonRef>,
        /// As the caller may see it.
        record: Box<Item>,
    },
    /// Somebody changed something.
    Change {
        /// The change.
        id: Uuid,
        /// When.
        at: Timestamp,
        /// Who.
        #[schema(required = true)]
        person: Option<PersonRef>,
        /// Of which object.
        object: String,
        /// Of which record.
        record_id: Uuid,
        /// `create`, `update`, `assign`, `delete`, `restore`.
        action: String,
        /// Before and after, as far as the caller may see the fields.
        changes: Vec<FieldChange>,
    },
}

impl TimelineItem {
    fn key(&self) -> (Timestamp, Uuid) {
        match self {
            Self::Communication { at, id, .. } | Self::Change { at, id, .. } => (*at, *id),
        }
    }
}

/// A page of a timeline, newest first.
#[derive(Serialize, ToSchema)]
pub struct Timeline {
    /// The entries.
    pub items: Vec<TimelineItem>,
    /// Where the next page begins.
    #[schema(required = true)]
    pub next: Option<String>,
}

/// The short lists of a customer's page.
#[derive(Serialize, ToSchema)]
pub struct Related(BTreeMap<String, RelatedList>);

/// One short list.
#[derive(Serialize, ToSchema)]
pub struct RelatedList {
    items: Vec<Item>,
    count: Count,
}

impl Records {
    /// Communications and changes of one customer (or contact, deal: their own).
    ///
    /// # Errors
    /// `NotFound` when the record is gone or invisible.
    pub async fn timeline(
        &self,
        permit: Permit<Read>,
        id: RecordId,
        query: TimelineQuery,
    ) -> Result<Disclosure<Timeline>, Error> {
        self.events(permit, id, query, "timeline").await
    }

    /// A timeline, recorded under the name of what was asked for.
    async fn events(
        &self,
        permit: Permit<Read>,
        id: RecordId,
        query: TimelineQuery,
        action: &'static str,
    ) -> Result<Disclosure<Timeline>, Error> {
        let shape = self.0.shape(permit.object())?.clone();
        let limit = query.limit.map_or(PAGE.0, |l| (l as usize).clamp(1, PAGE.1));
        let before = query.cursor.as_deref().map(Cursor::decode).transpose()?;
        let inner = self.0.clone();
        self.0
            .store
            .read(move |conn| -> Result<_, Error> {
                let record =
                    inner.load_matching(conn, &shape, permit.plan(), id, false)?.ok_or(Error::NotFound)?;
                let wants = |kind: &str| query.kinds.is_empty() || query.kinds.iter().any(|k| k == kind);
                let mut items = Vec::new();
                if wants("communication") && shape.object.name != "communication" {
                    items.extend(inner.communications_of(
                        conn,
                        &permit,
                        id,
                        &query,
                        before.as_ref(),
                        limit + 1,
                    )?);
                }
                if wants("change") {
                    items.extend(inner.changes_of(conn, &permit, id, &query, before.as_ref(), limit + 1)?);
                    let made = TimelineItem::Change {
                        id: record.id.0,
                        at: record.created_at,
                        person: record.created_by.map(|p| inner.person_ref(p)),
                        object: shape.object.name.clone(),
                        record_id: record.id.0,
                        action: "create".to_owned(),
                        changes: Vec::new(),
                    };
                    let after_cursor = before.as_ref().is_none_or(|c| made.key() < cursor_key(c));
                    let in_time = query.from.is_none_or(|t| record.created_at >= t)
                        && query.to.is_none_or(|t| record.created_at < t)
                        && query.person.is_none_or(|p| record.created_by == Some(p));
                    if after_cursor && in_time {
                        items.push(made);
                    }
                }
                items.sort_by_key(|item| std::cmp::Reverse(item.key()));
                let more = items.len() > limit;
                items.truncate(limit);
                let next = items.last().filter(|_| more).map(|last| {
                    let (at, id) = last.key();
                    Cursor { key: Some(Value::Time(at)), id }.encode()
                });
                let mut entry = inner.entry(&permit, action);
                let ids: Vec<Uuid> = std::iter::once(id.0)
                    .chain(items.iter().filter_map(|i| match i {
                        TimelineItem::Communication { id, .. } => Some(*id),
                        TimelineItem::Change { .. } => None,
                    }))
                    .collect();
                entry.records = RecordSet::of(ids);
                entry.class = Some(Class::Confidential);
                Ok(Disclosure::new(Timeline { items, next }, entry))
            })
            .await
    }

    /// Contacts, deals, tasks (open ones first) and the number of communications of a customer.
    ///
    /// # Errors
    /// `NotFound` when the record is gone or invisible.
    pub async fn related(&self, permit: Permit<Read>, id: RecordId) -> Result<Disclosure<Related>, Error> {
        let shape = self.0.shape(permit.object())?.clone();
        let inner = self.0.clone();
        self.0
            .store
            .read(move |conn| -> Result<_, Error> {
                inner.load_matching(conn, &shape, permit.plan(), id, false)?.ok_or(Error::NotFound)?;
                let mut lists = BTreeMap::new();
                let mut all = Vec::new();
                for (name, child) in &inner.shapes {
                    let reference =
                        child.object.fields.iter().find(|f| f.target.as_deref() == Some(&shape.object.name));
                    let Some(reference) = reference else { continue };
                    let Ok(list) = inner.policy.permit::<List>(permit.principal(), name, inner.now()) else {
                        continue;
                    };
                    let path = Path { through: None, field: reference.name.clone(), class: Class::Open };
                    let filter = Bound::Test { path, op: Op::Eq, value: Value::Id(id.0) };
                    let order = Order::parse(&child.object, None)?;
                    let request = Request {
                        shape: child,
                        catalog: &inner.catalog,
                        visible: list.plan().rows(),
                        filter: &filter,
                        order: &order,
                        cursor: None,
                        limit: RELATED,
                        plan: Plan::Scan,
                    };
                    let count = request.count(conn)?;
                    let items = if name == "communication" {
                        Vec::new()
                    } else {
                        let rows = request.rows(conn)?;
                        let opened = rows
                            .iter()
                            .map(|r| child.read(r, &inner.vault))
                            .collect::<Result<Vec<_>, _>>()?;
                        inner.present_many(conn, &list, child, opened, None)?
                    };
                    all.extend(items.iter().map(|i| i.id().0));
                    lists.insert(name.clone(), RelatedList { items, count });
                }
                let mut entry = inner.entry(&permit, "related");
                fill(&mut entry, &[]);
                all.insert(0, id.0);
                entry.records = RecordSet::of(all);
                entry.class = Some(Class::Confidential);
                Ok(Disclosure::new(Related(lists), entry))
            })
            .await
    }

    /// Changes of one record, newest first.
    ///
    /// # Errors
    /// `NotFound` when the record is gone or invisible.
    pub async fn history(
        &self,
        permit: Permit<Read>,
        id: RecordId,
        cursor: Option<String>,
    ) -> Result<Disclosure<Timeline>, Error> {
        let query = TimelineQuery { cursor, kinds: vec!["change".to_owned()], ..TimelineQuery::default() };
        self.events(permit, id, query, "history").await
    }
}

fn cursor_key(cursor: &Cursor) -> (Timestamp, Uuid) {
    match cursor.key {
        Some(Value::Time(at)) => (at, cursor.id),
        _ => (Timestamp(i64::MAX), cursor.id),
    }
}

impl Inner {
    fn person_ref(&self, id: Uuid) -> PersonRef {
        PersonRef { id, name: self.policy.org().person(kernel::PersonId(id)).map(|p| p.name.clone()) }
    }

    fn communications_of(
        self: &std::sync::Arc<Self>,
        conn: &mut dyn Conn,
        permit: &Permit<Read>,
        id: RecordId,
        query: &TimelineQuery,
        before: Option<&Cursor>,
        limit: usize,
    ) -> Result<Vec<TimelineItem>, Error> {
        let shape = self.shape("communication")?.clone();
        let Ok(list) = self.policy.permit::<List>(permit.principal(), "communication", self.now()) else {
            return Ok(Vec::new());
        };
        let Some(reference) =
            shape.object.fields.iter().find(|f| f.target.as_deref() == Some(permit.object()))
        else {
            return Ok(Vec::new());
        };
        let open = |field: &str| Path { through: None, field: field.to_owned(), class: Class::Open };
        let mut parts = vec![Bound::Test { path: open(&reference.name), op: Op::Eq, value: Value::Id(id.0) }];
        if !query.channels.is_empty() {
            let mut values: Vec<Value> = query.channels.iter().cloned().map(Value::Text).collect();
            values.sort_by(|a, b| a.compare(b).unwrap_or(std::cmp::Ordering::Equal));
            parts.push(Bound::In { path: open("channel"), values });
        }
        if let Some(person) = query.person {
            parts.push(Bound::Test { path: open("owner"), op: Op::Eq, value: Value::Id(person) });
        }
        if let Some(from) = query.from {
            parts.push(Bound::Test { path: open("occurred_at"), op: Op::Ge, value: Value::Time(from) });
        }
        if let Some(to) = query.to {
            parts.push(Bound::Test { path: open("occurred_at"), op: Op::Lt, value: Value::Time(to) });
        }
        let filter = Bound::All(parts);
        let order = Order::parse(&shape.object, Some("-occurred_at"))?;
        let request = Request {
            shape: &shape,
            catalog: &self.catalog,
            visible: list.plan().rows(),
            filter: &filter,
            order: &order,
            cursor: before,
            limit,
            plan: Plan::Scan,
        };
        let rows = request.rows(conn)?;
        let opened = rows.iter().map(|r| shape.read(r, &self.vault)).collect::<Result<Vec<_>, _>>()?;
        let facts: Vec<(Timestamp, Option<Uuid>)> = opened
            .iter()
            .map(|o| match o.get("occurred_at") {
                Value::Time(at) => (at, o.owner),
                _ => (o.created_at, o.owner),
            })
            .collect();
        let items = self.present_many(conn, &list, &shape, opened, None)?;
        Ok(items
            .into_iter()
            .zip(facts)
            .map(|(record, (at, person))| TimelineItem::Communication {
                id: record.id().0,
                at,
                person: person.map(|p| self.person_ref(p)),
                record: Box::new(record),
            })
            .collect())
    }

    fn changes_of(
        self: &std::sync::Arc<Self>,
        conn: &mut dyn Conn,
        permit: &Permit<Read>,
        id: RecordId,
        query: &TimelineQuery,
        before: Option<&Cursor>,
        limit: usize,
    ) -> Result<Vec<TimelineItem>, Error> {
        let mut sql = Sql::new(conn.engine());
        let column = if permit.object() == "customer" { "root" } else { "record" };
        sql.push(SELECT).push(&format!(" AND h.{column} = ")).param(id.0);
        if let Some(person) = query.person {
            sql.push(" AND h.person = ").param(person);
        }
        if let Some(from) = query.from {
            sql.push(" AND h.at >= ").param(from.0);
        }
        if let Some(to) = query.to {
            sql.push(" AND h.at < ").param(to.0);
        }
        if let Some(cursor) = before {
            let (at, last) = cursor_key(cursor);
            sql.push(" AND (h.at, h.id) < (").param(at.0).push(", ").param(last).push(")");
        }
        sql.push(" ORDER BY h.at DESC, h.id DESC LIMIT ").param(i64::try_from(limit).unwrap_or(i64::MAX));
        let rows = conn.query(sql.text(), &sql.params())?;
        let mut out = Vec::with_capacity(rows.len());
        for row in &rows {
            let mut past = Past::read(row, &self.vault)?;
            let shape = self.shape(&past.object)?.clone();
            let Ok(read) = self.policy.permit::<Read>(permit.principal(), &past.object, self.now()) else {
                continue;
            };
            // Field rights are those on the record as it is now; a record that the caller may not see stays out.
            let current = self.opened_by_id(conn, &shape, &[past.record])?;
            let Some(current) = current.first().filter(|c| read.plan().allows_row(*c)) else { continue };
            past.limit(&shape.object, read.plan(), current);
            out.push(TimelineItem::Change {
                id: past.id,
                at: past.at,
                person: past.person.map(|p| self.person_ref(p)),
                object: past.object,
                record_id: past.record,
                action: past.action,
                changes: past.fields,
            });
        }
        Ok(out)
    }
}
