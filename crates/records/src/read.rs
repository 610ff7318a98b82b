//! Reading: pages and single records, as disclosures that cannot leave before their ledger entry.

use std::collections::{BTreeSet, HashMap};
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use utoipa::ToSchema;

use kernel::condition::Bound;
use kernel::{Class, RecordId};
use ledger::{Disclosure, Entry, RecordSet};
use policy::{Action, Assign, Delete, FieldAccess, List, Permit, Principal, Read, Reveal, Update};
use serde::Serialize;
use store::Conn;
use uuid::Uuid;

use crate::counts::Count;
use crate::door::{Inner, Records};
use crate::error::Error;
use crate::item::{Can, Item, present};
use crate::list::{Request, choose, fetch_in_order};
use crate::query::{Cursor, DEFAULT_PAGE, ListQuery, MAX_PAGE, Order};
use crate::shape::{Opened, Shape};

/// One page of a list.
#[derive(Serialize, ToSchema)]
#[schema(as = RecordPage)]
pub struct Page {
    /// The records.
    pub items: Vec<Item>,
    /// Where the next page begins; nothing when this is the last.
    #[schema(required = true)]
    pub next: Option<String>,
    /// How many there are in all, counted up to the cap.
    pub count: Count,
}

/// What else the caller may do with records of one object: the plans behind `_can`.
pub(crate) struct Abilities {
    update: Option<Permit<Update>>,
    delete: Option<Permit<Delete>>,
    reveal: Option<Permit<Reveal>>,
    assign: Option<Permit<Assign>>,
}

impl Abilities {
    pub(crate) fn of(inner: &Inner, who: &Arc<Principal>, object: &str) -> Self {
        let now = inner.now();
        Self {
            update: inner.policy.permit(who, object, now).ok(),
            delete: inner.policy.permit(who, object, now).ok(),
            reveal: inner.policy.permit(who, object, now).ok(),
            assign: inner.policy.permit(who, object, now).ok(),
        }
    }

    /// For one row, its parents loaded.
    fn on(&self, opened: &Opened) -> Can {
        fn may<A: Action>(permit: Option<&Permit<A>>, opened: &Opened) -> bool {
            permit.is_some_and(|p| p.plan().allows_row(opened))
        }
        Can {
            update: may(self.update.as_ref(), opened),
            delete: may(self.delete.as_ref(), opened),
            reveal: may(self.reveal.as_ref(), opened),
            assign: may(self.assign.as_ref(), opened),
        }
    }
}

impl Records {
    /// One page of the records that the caller may see.
    ///
    /// # Errors
    /// `BadQuery`, `Condition` when sort, cursor or filter do not fit.
    pub async fn list(&self, permit: Permit<List>, query: ListQuery) -> Result<Disclosure<Page>, Error> {
        let limit = query.limit.unwrap_or(DEFAULT_PAGE);
        if limit == 0 || limit > MAX_PAGE {
            return Err(Error::BadQuery(format!("limit is 1 to {MAX_PAGE}")));
        }
        let shape = self.0.shape(permit.object())?.clone();
        let order = Order::parse(&shape.object, query.sort.as_deref())?;
        crate::filter::check_sort(permit.plan(), &shape.object, &order)?;
        let cursor = query.cursor.as_deref().map(Cursor::decode).transpose()?;
        let mut filter = self.0.bind_filter(&permit, query.filter.as_ref())?;
        if let Some(text) = query.search.as_deref().map(str::trim).filter(|t| !t.is_empty()) {
            let hits = self.0.search_ids(&permit.shared_plan(), &shape.object, text).await?;
            filter = crate::filter::and_ids(filter, &hits);
        }
        let stats = self.0.stats.get(&self.0.store, &shape.object.name, self.0.now());
        let inner = self.0.clone();
        let limit = limit as usize;
        self.0
            .store
            .read(move |conn| -> Result<_, Error> {
                let visible = permit.plan().rows();
                let request = Request {
                    shape: &shape,
                    catalog: &inner.catalog,
                    visible,
                    filter: &filter,
                    order: &order,
                    cursor: cursor.as_ref(),
                    limit: limit + 1,
                    plan: choose(visible, stats.as_deref(), limit),
                };
                let rows = request.rows(conn)?;
                let count = inner.count(conn, &permit, &request)?;
                let more = rows.len() > limit;
                let opened: Vec<Opened> = rows
                    .iter()
                    .take(limit)
                    .map(|row| shape.read(row, &inner.vault))
                    .collect::<Result<_, _>>()?;
                let next = if more { opened.last().map(|o| position_of(o, &order).encode()) } else { None };
                let items = inner.present_many(conn, &permit, &shape, opened, query.fields.as_deref())?;
                let mut entry = inner.entry(&permit, if query.search.is_some() { "search" } else { "list" });
                fill(&mut entry, &items);
                Ok(Disclosure::new(Page { items, next, count }, entry))
            })
            .await
    }

    /// One record.
    ///
    /// # Errors
    /// `NotFound` for a record that is gone or invisible.
    pub async fn read(&self, permit: Permit<Read>, id: RecordId) -> Result<Disclosure<Item>, Error> {
        let shape = self.0.shape(permit.object())?.clone();
        let inner = self.0.clone();
        self.0
            .store
            .read(move |conn| -> Result<_, Error> {
                let opened =
                    inner.load_matching(conn, &shape, permit.plan(), id, false)?.ok_or(Error::NotFound)?;
                let mut items = inner.present_many(conn, &permit, &shape, vec![opened], None)?;
                let item = items.pop().ok_or(Error::NotFound)?;
                let mut entry = inner.entry(&permit, "read");
                fill(&mut entry, std::slice::from_ref(&item));
                Ok(Disclosure::new(item, entry))
            })
            .await
    }
}

/// The item of one record that the caller has just changed; its disclosure is the change's own entry.
pub(crate) async fn present_one(
    inner: &Arc<Inner>,
    permit: Permit<Read>,
    opened: Opened,
) -> Result<Item, Error> {
    let shape = inner.shape(permit.object())?.clone();
    let (inner_of, id, version) = (inner.clone(), opened.id, opened.version);
    inner
        .store
        .read(move |conn| -> Result<_, Error> {
            let mut items = inner_of.present_many(conn, &permit, &shape, vec![opened], None)?;
            items.pop().map_or_else(|| Item::bare(id, version), Ok)
        })
        .await
}

/// Writes into an entry what a set of items disclosed.
pub(crate) fn fill(entry: &mut Entry, items: &[Item]) {
    entry.records = RecordSet::of(items.iter().map(|i| i.id().0));
    let confidential = items.iter().any(|i| i.confidential);
    entry.class = Some(if confidential { Class::Confidential } else { Class::Open });
}

fn position_of(opened: &Opened, order: &Order) -> Cursor {
    Cursor { key: order.column.as_ref().map(|(column, _)| opened.get(column)), id: opened.id.0 }
}

impl Inner {
    /// Counts, remembering the answer while nothing changes.
    fn count(
        &self,
        conn: &mut dyn Conn,
        permit: &Permit<List>,
        request: &Request<'_>,
    ) -> Result<Count, Error> {
        let mut hasher = std::collections::hash_map::DefaultHasher::new();
        request.shape.object.name.hash(&mut hasher);
        // A plan is a function of these: who, the state of the policy, and the moment it holds until.
        let who = permit.principal();
        (who.person, &who.roles, &who.departments, self.policy.version(), permit.plan().until())
            .hash(&mut hasher);
        if *request.filter != Bound::always() {
            format!("{:?}", request.filter).hash(&mut hasher);
        }
        let key = hasher.finish();
        if let Some(count) = self.counts.get(key, &self.changes, self.now()) {
            return Ok(count);
        }
        let at_change = self.changes.load(std::sync::atomic::Ordering::Acquire);
        let count = request.count(conn)?;
        self.counts.put(key, count, at_change, self.now());
        Ok(count)
    }

    /// Items of rows that the permit's plan contains, with labels and abilities.
    pub(crate) fn present_many<A: Action>(
        self: &Arc<Self>,
        conn: &mut dyn Conn,
        permit: &Permit<A>,
        shape: &Shape,
        opened: Vec<Opened>,
        only: Option<&[String]>,
    ) -> Result<Vec<Item>, Error> {
        let who = permit.principal();
        let mut opened = opened;
        if opened.iter().all(|row| row.parents.is_empty()) {
            self.load_parents(conn, shape, &mut opened)?;
        }
        let mut labels = self.labels(who, &opened);
        let org = self.policy.org();
        for row in &opened {
            for person in [row.owner, row.created_by, row.updated_by].into_iter().flatten() {
                if let std::collections::hash_map::Entry::Vacant(slot) = labels.entry(person)
                    && let Some(p) = org.person(kernel::PersonId(person))
                {
                    slot.insert(p.name.clone());
                }
            }
            if let Some(department) = row.department
                && let Some(d) = org.department(kernel::DepartmentId(department))
            {
                labels.entry(department).or_insert_with(|| d.name.clone());
            }
        }
        let abilities = Abilities::of(self, who, permit.object());
        opened.iter().map(|row| present(row, permit.plan(), &labels, abilities.on(row), only)).collect()
    }

    /// Titles of referenced records, as far as the caller may read them.
    fn labels(&self, who: &Arc<Principal>, opened: &[Opened]) -> HashMap<Uuid, String> {
        let mut permits: HashMap<String, Option<Permit<Read>>> = HashMap::new();
        let mut labels = HashMap::new();
        for parent in opened.iter().flat_map(|row| row.parents.values()) {
            if labels.contains_key(&parent.id.0) {
                continue;
            }
            let object = &parent.object;
            let permit = permits
                .entry(object.name.clone())
                .or_insert_with(|| self.policy.permit::<Read>(who, &object.name, self.now()).ok());
            let readable = permit.as_ref().is_some_and(|p| {
                object
                    .field(&object.title_field)
                    .is_some_and(|f| p.plan().field_access(&**parent, f) >= FieldAccess::Read)
            });
            if let (true, Some(title)) = (readable, parent.title()) {
                labels.insert(parent.id.0, title);
            }
        }
        labels
    }

    /// Loads what the rows' references point to, one query per target object: conditions and labels ask for it.
    pub(crate) fn load_parents(
        &self,
        conn: &mut dyn Conn,
        shape: &Shape,
        opened: &mut [Opened],
    ) -> Result<(), Error> {
        let mut wanted: HashMap<&str, BTreeSet<Uuid>> = HashMap::new();
        for (i, field) in shape.object.fields.iter().enumerate() {
            let Some(target) = &field.target else { continue };
            wanted.entry(target).or_default().extend(opened.iter().filter_map(|row| row.values[i].as_id()));
        }
        let mut found: HashMap<Uuid, Opened> = HashMap::new();
        for (target, ids) in wanted {
            if ids.is_empty() {
                continue;
            }
            let shape = self.shape(target)?;
            let ids: Vec<Uuid> = ids.into_iter().collect();
            for row in fetch_in_order(conn, shape, &ids)? {
                let parent = shape.read(&row, &self.vault)?;
                found.insert(parent.id.0, parent);
            }
        }
        let found = self.with_their_parents(conn, found)?;
        for (i, field) in shape.object.fields.iter().enumerate().filter(|(_, f)| f.target.is_some()) {
            for row in opened.iter_mut() {
                if let Some(parent) = row.values[i].as_id().and_then(|id| found.get(&id)) {
                    row.parents.insert(field.name.clone(), parent.clone());
                }
            }
        }
        Ok(())
    }

    /// Whether a parent may be named depends on its own parent (a contact's name on its customer): one step further,
    /// along the reference that visibility follows.
    fn with_their_parents(
        &self,
        conn: &mut dyn Conn,
        mut found: HashMap<Uuid, Opened>,
    ) -> Result<HashMap<Uuid, Arc<Opened>>, Error> {
        let mut wanted: HashMap<String, BTreeSet<Uuid>> = HashMap::new();
        for parent in found.values() {
            let target = parent.object.parent.as_deref().and_then(|r| parent.object.field(r)?.target.clone());
            if let (Some(target), Some(id)) = (target, parent.parent()) {
                wanted.entry(target).or_default().insert(id);
            }
        }
        let mut above: HashMap<Uuid, Arc<Opened>> = HashMap::new();
        for (target, ids) in wanted {
            let shape = self.shape(&target)?;
            let ids: Vec<Uuid> = ids.into_iter().collect();
            for row in fetch_in_order(conn, shape, &ids)? {
                let opened = shape.read(&row, &self.vault)?;
                above.insert(opened.id.0, Arc::new(opened));
            }
        }
        for parent in found.values_mut() {
            let known = parent.parent().and_then(|id| above.get(&id));
            if let (Some(reference), Some(opened)) = (parent.object.parent.clone(), known) {
                parent.parents.insert(reference, opened.clone());
            }
        }
        Ok(found.into_iter().map(|(id, opened)| (id, Arc::new(opened))).collect())
    }

    /// Rows by id with their parents, in the order of the ids; callers check rights.
    pub(crate) fn opened_by_id(
        &self,
        conn: &mut dyn Conn,
        shape: &Shape,
        ids: &[Uuid],
    ) -> Result<Vec<Opened>, Error> {
        let rows = fetch_in_order(conn, shape, ids)?;
        let mut opened = rows.iter().map(|r| shape.read(r, &self.vault)).collect::<Result<Vec<_>, _>>()?;
        self.load_parents(conn, shape, &mut opened)?;
        Ok(opened)
    }
}
