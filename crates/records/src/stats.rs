//! Rough knowledge of how many records each owner has: the cost switch between the two list plans stands on it.

use std::collections::HashMap;
use std::sync::Arc;

use kernel::Timestamp;
use parking_lot::Mutex;
use store::Store;
use uuid::Uuid;

use crate::error::Error;
use crate::shape::quoted;

/// How old statistics may be: they steer only the choice of plan, never a result.
const FRESH_SECONDS: i64 = 600;

/// Records per owner of one object, deleted ones included, as of some minutes ago.
#[derive(Debug)]
pub(crate) struct OwnerStats {
    pub(crate) total: u64,
    pub(crate) by_owner: HashMap<Uuid, u64>,
    /// Records without an owner.
    pub(crate) unowned: u64,
    taken_at: Timestamp,
}

impl OwnerStats {
    /// Records of a set of owners.
    pub(crate) fn of(&self, owners: &[kernel::PersonId]) -> u64 {
        owners.iter().filter_map(|o| self.by_owner.get(&o.0)).sum()
    }
}

/// The latest statistics of each object; refreshed in the background by one at a time, never waited for.
#[derive(Default)]
pub(crate) struct Statistics {
    objects: Mutex<HashMap<String, Known>>,
}

#[derive(Default)]
struct Known {
    latest: Option<Arc<OwnerStats>>,
    refreshing: bool,
}

impl Statistics {
    /// What is known now. Starts a refresh when it is old; the first callers get `None`.
    pub(crate) fn get(
        self: &Arc<Self>,
        store: &Store,
        object: &str,
        now: Timestamp,
    ) -> Option<Arc<OwnerStats>> {
        let mut objects = self.objects.lock();
        let known = objects.entry(object.to_owned()).or_default();
        let fresh = known.latest.as_ref().is_some_and(|s| s.taken_at.plus_seconds(FRESH_SECONDS) >= now);
        if !fresh && !known.refreshing {
            known.refreshing = true;
            let (this, store, object) = (self.clone(), store.clone(), object.to_owned());
            tokio::spawn(async move {
                if let Err(error) = this.refresh(&store, &object, now).await {
                    tracing::warn!(object, %error, "owner statistics could not be taken");
                    this.objects.lock().entry(object).or_default().refreshing = false;
                }
            });
        }
        known.latest.clone()
    }

    /// Counts the records per owner by a covering index, the deleted ones too: about 40 ms per million.
    pub(crate) async fn refresh(&self, store: &Store, object: &str, now: Timestamp) -> Result<(), Error> {
        let sql = format!("SELECT owner, count(*) FROM {} GROUP BY owner", quoted(object));
        let rows = store.read(move |conn| conn.query(&sql, &[])).await?;
        let mut stats =
            OwnerStats { total: 0, by_owner: HashMap::with_capacity(rows.len()), unowned: 0, taken_at: now };
        for row in &rows {
            let n = u64::try_from(row.get_int(1)?).unwrap_or(0);
            stats.total += n;
            match row.opt_id(0)? {
                Some(owner) => drop(stats.by_owner.insert(owner, n)),
                None => stats.unowned += n,
            }
        }
        let known = Known { latest: Some(Arc::new(stats)), refreshing: false };
        self.objects.lock().insert(object.to_owned(), known);
        Ok(())
    }
}
