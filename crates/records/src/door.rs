//! `Records`: the handle that hangs from a workspace and the parts it stands on.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use kernel::condition::{Bound, Condition};
use kernel::{Catalog, Clock, Ids, Object, PersonId, Random, Timestamp, WorkspaceId};
use ledger::{Actor, Entry, Ledger};
use policy::{Action, Permit, Policy, Principal};
use serde_json::Value as Json;
use store::{Conn, Store};
use tokio::sync::Notify;
use vault::{Meter, Vault};
use zeroize::Zeroizing;

use crate::counts::Counts;
use crate::draft::Shapes;
use crate::error::Error;
use crate::search_index::SearchIndex;
use crate::shape::Shape;
use crate::stats::Statistics;

/// What `Records` stands on.
pub struct Foundations {
    /// Where rows live.
    pub store: Store,
    /// Keys.
    pub vault: Arc<Vault>,
    /// The audit ledger.
    pub ledger: Ledger,
    /// Who may do what.
    pub policy: Arc<Policy>,
    /// Objects and fields.
    pub catalog: Arc<Catalog>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
    /// The search index's file.
    pub search_file: std::path::PathBuf,
    /// The search index's key.
    pub search_key: Zeroizing<[u8; 32]>,
    /// Budget of reveals.
    pub meter: Arc<Meter>,
}

/// The only door to customer data.
#[derive(Clone)]
pub struct Records(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) store: Store,
    pub(crate) vault: Arc<Vault>,
    pub(crate) ledger: Ledger,
    pub(crate) policy: Arc<Policy>,
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) shapes: Shapes,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) ids: Ids,
    pub(crate) meter: Arc<Meter>,
    /// The last change number given out; rises with every written row.
    pub(crate) changes: AtomicI64,
    pub(crate) counts: Counts,
    pub(crate) stats: Arc<Statistics>,
    pub(crate) index: SearchIndex,
    /// Wakes the indexer.
    pub(crate) changed: Arc<Notify>,
    /// Wakes those who wait for the indexer.
    pub(crate) indexed: Notify,
    /// Wakes the worker that hands records over.
    pub(crate) handing_over: Arc<Notify>,
    /// Files that become records.
    pub(crate) imports: crate::import::Runner,
}

/// Tables of this crate that are not objects of the catalog.
pub const MIGRATIONS: &[store::Migration] = &[
    crate::history::MIGRATION,
    crate::write::MIGRATION,
    crate::import::MIGRATION,
    crate::import::BEGAN,
    crate::handover::MIGRATION,
];

impl Records {
    /// Opens the door: creates missing tables of the catalog's objects, opens the search index and starts the
    /// indexer (on the current tokio runtime).
    ///
    /// # Errors
    /// When the store or the index cannot be opened.
    pub async fn open(parts: Foundations) -> Result<Self, Error> {
        Self::open_with(parts, Vec::new()).await
    }

    /// The same with more formats of files to import. Imports that were running when the server stopped go on.
    ///
    /// # Errors
    /// When the store or the index cannot be opened.
    pub async fn open_with(
        parts: Foundations,
        formats: Vec<Arc<dyn crate::import::Format>>,
    ) -> Result<Self, Error> {
        let objects: Vec<Arc<Object>> = parts.catalog.objects().cloned().collect();
        let tables = objects.clone();
        parts
            .store
            .write(move |conn| -> Result<(), Error> {
                for object in &tables {
                    store::ddl::ensure(conn, object)?;
                }
                Ok(())
            })
            .await?;
        let names: Vec<String> = objects.iter().map(|o| o.name.clone()).collect();
        let last = parts.store.read(move |conn| last_change(conn, &names)).await?;
        let index = SearchIndex::open(&parts.search_file, &parts.search_key, &objects)?;
        let records = Self(Arc::new(Inner {
            shapes: objects.iter().map(|o| (o.name.clone(), Arc::new(Shape::new(o.clone())))).collect(),
            store: parts.store,
            vault: parts.vault,
            ledger: parts.ledger,
            policy: parts.policy,
            catalog: parts.catalog,
            clock: parts.clock,
            random: parts.random,
            ids: Ids::default(),
            meter: parts.meter,
            changes: AtomicI64::new(last),
            counts: Counts::default(),
            stats: Arc::default(),
            index,
            changed: Arc::new(Notify::new()),
            indexed: Notify::new(),
            handing_over: Arc::new(Notify::new()),
            imports: crate::import::Runner::new(formats),
        }));
        crate::indexer::start(&records);
        crate::handover::start(&records);
        crate::import::resume_interrupted(&records.0).await?;
        Ok(records)
    }

    /// Closes the databases behind the door: the last thing before a process ends. Blocks; see [`Store::close`].
    pub fn close(&self) {
        self.0.index.close();
        self.0.store.close();
    }

    /// The workspace this door belongs to.
    #[must_use]
    pub fn workspace(&self) -> WorkspaceId {
        self.0.vault.workspace()
    }

    /// The catalog in force.
    #[must_use]
    pub fn catalog(&self) -> &Arc<Catalog> {
        &self.0.catalog
    }
}

fn last_change(conn: &mut dyn Conn, objects: &[String]) -> Result<i64, Error> {
    let mut last = 0;
    for name in objects {
        let rows =
            conn.query(&format!("SELECT coalesce(max(seq), 0) FROM {}", crate::shape::quoted(name)), &[])?;
        last = last.max(rows.first().map(|r| r.get_int(0)).transpose()?.unwrap_or(0));
    }
    Ok(last)
}

impl Inner {
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The next change number. Called inside write jobs only: one writer, so numbers rise in commit order.
    pub(crate) fn next_change(&self) -> i64 {
        self.changes.fetch_add(1, Ordering::AcqRel) + 1
    }

    pub(crate) fn new_id<T: From<uuid::Uuid>>(&self) -> T {
        self.ids.next(self.clock.as_ref(), self.random.as_ref())
    }

    pub(crate) fn shape(&self, object: &str) -> Result<&Arc<Shape>, Error> {
        self.shapes.get(object).ok_or(Error::NotFound)
    }

    /// Binds a request's filter. Fields the caller may not read in lists answer as unknown; restricted fields take
    /// exact values only, through the blind index.
    pub(crate) fn bind_filter<A: Action>(
        &self,
        permit: &Permit<A>,
        json: Option<&Json>,
    ) -> Result<Bound, Error> {
        let Some(json) = json else { return Ok(Bound::always()) };
        let object = self.catalog.object(permit.object()).ok_or(Error::NotFound)?;
        let condition = Condition::from_json(json)?;
        crate::filter::bind(self, permit.principal(), permit.plan(), object, &condition)
    }

    /// An entry about records, with who and where filled in from the permit.
    pub(crate) fn entry<A: Action>(&self, permit: &Permit<A>, action: &'static str) -> Entry {
        let mut entry = self.entry_of(permit.principal(), action);
        entry.object = Some(permit.object().to_owned().into());
        entry.rules = permit.plan().deciding_rules().iter().map(|r| r.to_string().into()).collect();
        entry
    }

    pub(crate) fn entry_of(&self, who: &Principal, action: &'static str) -> Entry {
        Entry::new(self.now(), actor(who), action)
    }
}

/// The ledger's view of a principal.
pub(crate) fn actor(who: &Principal) -> Actor {
    Actor::person(who.person).session(who.session).ip(who.ip.clone())
}

/// The department a new record belongs to: its owner's first.
pub(crate) fn home_department(policy: &Policy, owner: PersonId) -> Option<uuid::Uuid> {
    policy.org().person(owner).and_then(|p| p.departments.first()).map(|d| d.0)
}
