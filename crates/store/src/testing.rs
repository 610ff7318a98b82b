//! Stores for tests: a fresh one of each engine.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, Weak};

use tempfile::TempDir;
use zeroize::Zeroizing;

use crate::cluster::Cluster;
use crate::error::Error;
use crate::migrations::OWN;
use crate::store::{Options, SqliteKeys, Store};

/// A store and what must live as long as it.
pub struct TestStore {
    /// The store, with its own migrations applied.
    pub store: Store,
    /// Folder of the embedded files (for PostgreSQL an empty one).
    pub dir: TempDir,
    drop_database: Option<(String, String)>,
    _cluster: Option<Arc<Cluster>>,
}

impl Drop for TestStore {
    fn drop(&mut self) {
        if let Some((server, name)) = self.drop_database.take()
            && let Ok(mut client) = postgres::Client::connect(&server, postgres::NoTls)
        {
            let _ = client.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)"));
        }
    }
}

/// Keys that tests use.
#[must_use]
pub fn keys() -> SqliteKeys {
    SqliteKeys { main: Zeroizing::new([7; 32]), keys: Zeroizing::new([8; 32]) }
}

/// An embedded store.
///
/// # Errors
/// When it cannot be made.
pub fn sqlite() -> Result<TestStore, Error> {
    let dir = TempDir::new()?;
    let store = Store::open_sqlite(dir.path(), &keys(), Options::default())?;
    store.migrate(&[OWN])?;
    Ok(TestStore { store, dir, drop_database: None, _cluster: None })
}

static CLUSTER: OnceLock<Mutex<Weak<Cluster>>> = OnceLock::new();
static DATABASES: AtomicU64 = AtomicU64::new(0);

/// A fresh database on the cluster that `SHOUXIN_TEST_PG_URL` names, else on one started for this process.
///
/// # Errors
/// When PostgreSQL is not installed or does not start.
pub fn postgres() -> Result<TestStore, Error> {
    let (server, cluster) = match std::env::var("SHOUXIN_TEST_PG_URL") {
        Ok(url) => (url, None),
        Err(_) => {
            let mut slot =
                CLUSTER.get_or_init(Mutex::default).lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            let cluster = match slot.upgrade() {
                Some(cluster) => cluster,
                None => {
                    let dir = std::env::temp_dir().join(format!("shouxin-pg-{}", std::process::id()));
                    let cluster = Arc::new(Cluster::start(&dir, false)?);
                    *slot = Arc::downgrade(&cluster);
                    cluster
                }
            };
            (cluster.url("postgres"), Some(cluster))
        }
    };
    let name = format!("t{}_{}", std::process::id(), DATABASES.fetch_add(1, Ordering::Relaxed));
    let (host, _) = server.rsplit_once('/').ok_or(Error::Column)?;
    postgres_client(&server, &format!("CREATE DATABASE {name}"))?;
    let store = Store::open_postgres(&format!("{host}/{name}"), Options::default())?;
    store.migrate(&[OWN])?;
    Ok(TestStore { store, dir: TempDir::new()?, drop_database: Some((server, name)), _cluster: cluster })
}

fn postgres_client(server: &str, sql: &str) -> Result<(), Error> {
    // Off the runtime's threads: the blocking client may not run on them.
    let (server, sql) = (server.to_owned(), sql.to_owned());
    std::thread::spawn(move || -> Result<(), Error> {
        let mut client = postgres::Client::connect(&server, postgres::NoTls)?;
        Ok(client.batch_execute(&sql)?)
    })
    .join()
    .map_err(|_| Error::Panicked)?
}
