//! Throw-away stores for tests (feature `testing`).

use std::future::Future;
use std::path::Path;
use std::sync::{Arc, Weak};

use kernel::{OsRandom, Random};
use parking_lot::Mutex;
use tempfile::TempDir;
use zeroize::Zeroizing;

use crate::cluster::Cluster;
use crate::error::Error;
use crate::migrations::OWN;
use crate::sqlite::SqliteKeys;
use crate::store::{Options, Store};

/// A cluster that serves all test processes; without it each process starts its own.
pub const CLUSTER: &str = "SHOUXIN_TEST_PG_URL";

/// A store with its own schema, and what must live as long as it.
pub struct TestStore {
    // Dropped in this order.
    /// The store.
    pub store: Store,
    /// The folder of the embedded files; an empty one with PostgreSQL.
    pub dir: TempDir,
    /// The database on PostgreSQL.
    pub database: Option<Database>,
}

/// The keys of test stores.
#[must_use]
pub fn keys() -> SqliteKeys {
    SqliteKeys { main: Zeroizing::new([7; 32]), keys: Zeroizing::new([8; 32]) }
}

/// Opens the embedded store in a folder with the test keys.
pub fn open(dir: &Path) -> Result<Store, Error> {
    Store::open_sqlite(dir, &keys(), Options::default())
}

/// An embedded store.
pub fn sqlite() -> Result<TestStore, Error> {
    let dir = folder()?;
    let store = open(dir.path())?;
    store.migrate(&[OWN])?;
    Ok(TestStore { store, dir, database: None })
}

/// A store on a fresh database of the test cluster.
///
/// # Errors
/// `Cluster` when PostgreSQL is not installed or does not start.
pub fn postgres() -> Result<TestStore, Error> {
    let database = Database::create()?;
    let store = database.open()?;
    store.migrate(&[OWN])?;
    Ok(TestStore { store, dir: folder()?, database: Some(database) })
}

/// Runs an async test on both engines, one after the other.
///
/// # Panics
/// When a store cannot be made.
pub async fn both<F, Fut>(test: F)
where
    F: Fn(Store) -> Fut,
    Fut: Future<Output = ()>,
{
    for make in [sqlite, postgres] {
        let made = make().expect("a store for a test");
        test(made.store.clone()).await;
    }
}

/// `both` for tests that are not async.
///
/// # Panics
/// When a store cannot be made.
pub fn both_blocking(test: impl Fn(&Store)) {
    for make in [sqlite, postgres] {
        let made = make().expect("a store for a test");
        test(&made.store);
    }
}

fn folder() -> Result<TempDir, Error> {
    let root = std::env::temp_dir();
    tempfile::Builder::new()
        .prefix("shouxin-")
        .tempdir()
        .map_err(|e| Error::File { path: root, message: e.to_string() })
}

/// A database of the test cluster, dropped with this.
pub struct Database {
    server: Arc<Server>,
    name: String,
}

impl Database {
    /// Makes an empty database.
    pub fn create() -> Result<Self, Error> {
        let server = server()?;
        let id: String = OsRandom::default().array::<8>().iter().map(|b| format!("{b:02x}")).collect();
        let name = format!("test_{id}");
        let create =
            format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'");
        server.run(&create)?;
        Ok(Self { server, name })
    }

    /// Where it is.
    #[must_use]
    pub fn url(&self) -> String {
        self.server.url(&self.name)
    }

    /// Opens a store on it.
    pub fn open(&self) -> Result<Store, Error> {
        Store::open_postgres(&self.url(), Options::default())
    }

    /// Runs statements on a connection of their own, as an administrator of the database could.
    pub fn run(&self, sql: &str) -> Result<(), Error> {
        off_runtime(|| crate::postgres::command(&self.url(), sql))
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let _ = self.server.run(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
    }
}

/// The cluster: another process's, or this process's own, which stops when its last database is gone.
enum Server {
    Given(String),
    Own(Cluster),
}

impl Server {
    fn url(&self, database: &str) -> String {
        match self {
            Self::Own(cluster) => cluster.url(database),
            Self::Given(url) => {
                url.rsplit_once('/').map_or(url.clone(), |(server, _)| format!("{server}/{database}"))
            }
        }
    }

    fn run(&self, sql: &str) -> Result<(), Error> {
        off_runtime(|| crate::postgres::command(&self.url("postgres"), sql))
    }
}

fn server() -> Result<Arc<Server>, Error> {
    static SHARED: Mutex<Weak<Server>> = Mutex::new(Weak::new());
    let mut shared = SHARED.lock();
    if let Some(server) = shared.upgrade() {
        return Ok(server);
    }
    let server = match std::env::var(CLUSTER) {
        Ok(url) => Server::Given(url),
        Err(_) => {
            let dir = folder()?.keep();
            Server::Own(off_runtime(|| Cluster::start_temporary(&dir))?)
        }
    };
    let server = Arc::new(server);
    *shared = Arc::downgrade(&server);
    Ok(server)
}

/// Runs something that blocks on a runtime of its own, from within an async test too.
fn off_runtime<T: Send>(what: impl FnOnce() -> Result<T, Error> + Send) -> Result<T, Error> {
    std::thread::scope(|scope| scope.spawn(what).join().unwrap_or(Err(Error::Panicked)))
}
