//! The data folder: what lies where, and how a workspace is made of it.
//!
//! `root.key` or `root-passphrase.json` (see `root.rs`), `keyring.json` (wrapped keys), `recovery.json` (the root
//! wrapped by the recovery code), `workspace.db`, `keys.db`, `search.db` (encrypted), `engine.json` (which engine).

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use identity::Identity;
use kernel::{Clock, Ids, OsRandom, Random, SystemClock, WorkspaceId};
use ledger::{Ledger, SeedSigner};
use policy::{Org, Policy};
use records::{Foundations, Records};
use serde::{Deserialize, Serialize};
use store::{Options, SqliteKeys, Store};
use vault::file::{UNFINISHED, write_new};
use vault::{Database, KeyRing, Meter, RecoveryKit, RootKey, Suite, Vault, WrappedRoot};

/// The key ring of a set-up that is not finished.
const NEW_KEYRING: &str = "keyring.new.json";
/// Setting that says whose a database is.
const WORKSPACE: &str = "workspace";

/// Which engine holds the data. The address of a PostgreSQL server is no secret of the workspace; its password
/// belongs into PGPASSWORD or a password file.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Engine {
    /// Files of this folder.
    Sqlite,
    /// A PostgreSQL database.
    Postgres(String),
}

/// An open workspace, before anybody is served.
pub struct Opened {
    pub store: Store,
    pub vault: Arc<Vault>,
    pub ledger: Ledger,
    pub root: RootKey,
    pub dir: PathBuf,
}

fn file(dir: &Path, name: &str) -> PathBuf {
    dir.join(name)
}

/// Whether the folder holds a workspace.
pub fn exists(dir: &Path) -> bool {
    file(dir, "keyring.json").is_file()
}

/// The folder itself, for its owner only.
pub fn make(dir: &Path) -> Result<()> {
    fs::create_dir_all(dir).with_context(|| format!("cannot create {}", dir.display()))?;
    Ok(fs::set_permissions(dir, std::os::unix::fs::PermissionsExt::from_mode(0o700))?)
}

/// A workspace that does not count yet: a crash before `finish` leaves a folder that is set up anew.
#[must_use]
pub struct Unfinished(PathBuf);

impl Unfinished {
    /// Makes the folder a workspace. Comes after everything that must be in it.
    pub fn finish(self) -> Result<()> {
        fs::rename(file(&self.0, NEW_KEYRING), file(&self.0, "keyring.json"))?;
        Ok(fs::File::open(&self.0)?.sync_all()?)
    }
}

/// Makes the keys of a new workspace under this root, and its empty store. What an earlier set-up left that broke off
/// goes first.
pub fn create(dir: &Path, engine: &Engine, root: RootKey) -> Result<(Opened, RecoveryKit, Unfinished)> {
    make(dir)?;
    clear_away(dir, &root)?;
    let random = OsRandom::default();
    let workspace: WorkspaceId = Ids::default().next(&SystemClock, &random);
    let (_, ring) = Vault::create(&root, workspace, Suite::default(), &random);
    let (kit, wrapped) = RecoveryKit::make(&root, &random);
    write_new(&file(dir, "recovery.json"), &serde_json::to_vec_pretty(&wrapped)?)?;
    write_new(&file(dir, "engine.json"), &serde_json::to_vec_pretty(engine)?)?;
    // Before anything is encrypted with its keys; its final name is what makes the folder a workspace.
    write_new(&file(dir, NEW_KEYRING), &serde_json::to_vec_pretty(&ring)?)?;
    let opened = open_with(dir, root, &ring, engine)?;
    if owner(&opened.store)?.is_some() {
        bail!(
            "this database holds a workspace already; name an empty one, or serve the folder that it belongs to"
        );
    }
    let id = workspace.to_string();
    opened.store.write_blocking(move |conn| store::settings::put(conn, WORKSPACE, &id))?;
    Ok((opened, kit, Unfinished(dir.to_owned())))
}

/// Which workspace a store holds.
fn owner(store: &Store) -> Result<Option<String>> {
    Ok(store.read_blocking(|conn| store::settings::get(conn, WORKSPACE))?)
}

/// Removes what a broken-off set-up left. A database is emptied only when it holds that very set-up.
fn clear_away(dir: &Path, root: &RootKey) -> Result<()> {
    let (ring, engine) = (file(dir, NEW_KEYRING), file(dir, "engine.json"));
    if let (Ok(ring), Ok(engine)) = (fs::read_to_string(ring), fs::read_to_string(engine))
        && let (Ok(ring), Ok(engine @ Engine::Postgres(_))) =
            (serde_json::from_str::<KeyRing>(&ring), serde_json::from_str(&engine))
    {
        let store = open_store(dir, root, &ring, &engine)?;
        if owner(&store)?.is_some_and(|id| id == ring.workspace.to_string()) {
            store.write_blocking(|conn| -> Result<(), store::Error> {
                for schema in ["shouxin", "keys"] {
                    conn.execute(&format!("DROP SCHEMA {schema} CASCADE"), &[])?;
                }
                Ok(())
            })?;
        }
    }
    for name in ["workspace.db", "keys.db", "search.db"] {
        for end in ["", "-wal", "-shm"] {
            remove(&file(dir, &format!("{name}{end}")))?;
        }
    }
    for name in ["recovery.json", "engine.json", NEW_KEYRING] {
        remove(&file(dir, name))?;
    }
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(UNFINISHED) {
            remove(&path)?;
        }
    }
    Ok(())
}

fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// Tells a folder that its PostgreSQL server is found elsewhere now.
pub fn move_database(dir: &Path, url: &str) -> Result<()> {
    let engine = serde_json::to_vec_pretty(&Engine::Postgres(url.to_owned()))?;
    Ok(vault::file::replace(&file(dir, "engine.json"), &engine)?)
}

/// Opens a workspace that exists.
pub fn open(dir: &Path) -> Result<Opened> {
    if !exists(dir) {
        bail!("{} holds no workspace; start `shouxin serve` and set one up", dir.display());
    }
    let ring: KeyRing = serde_json::from_str(&fs::read_to_string(file(dir, "keyring.json"))?)
        .context("keyring.json is damaged; restore it from a backup")?;
    let engine: Engine = serde_json::from_str(&fs::read_to_string(file(dir, "engine.json"))?)?;
    open_with(dir, crate::root::read(dir)?, &ring, &engine)
}

/// The tables of a workspace.
fn open_store(dir: &Path, root: &RootKey, ring: &KeyRing, engine: &Engine) -> Result<Store> {
    let store = match engine {
        Engine::Sqlite => {
            let keys = SqliteKeys {
                main: root.database_key(Database::Main, ring.workspace),
                keys: root.database_key(Database::Keys, ring.workspace),
            };
            Store::open_sqlite(dir, &keys, Options::default())?
        }
        Engine::Postgres(url) => Store::open_postgres(url, Options::default())?,
    };
    store.migrate(&[
        store::migrations::OWN,
        ledger::MIGRATIONS,
        identity::MIGRATIONS,
        records::MIGRATIONS,
    ])?;
    Ok(store)
}

fn open_with(dir: &Path, root: RootKey, ring: &KeyRing, engine: &Engine) -> Result<Opened> {
    let vault = Arc::new(Vault::open(&root, ring)?);
    let workspace = ring.workspace;
    let store = open_store(dir, &root, ring, engine)?;
    let signer = Arc::new(SeedSigner::from_seed(&vault.ledger_seed())?);
    let origin = format!("shouxin/{workspace}");
    let ledger = Ledger::open(store.clone(), signer, Arc::new(SystemClock), &origin)?;
    Ok(Opened { store, vault, ledger, root, dir: dir.to_owned() })
}

impl Opened {
    /// Puts the workspace into service.
    pub async fn into_service(self) -> Result<server::Workspace> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let random: Arc<dyn Random> = Arc::new(OsRandom::default());
        let catalog = Arc::new(kernel::builtin::catalog());
        let policy = Arc::new(Policy::new(catalog.clone(), Vec::new(), Org::default()));
        let identity = Identity::open(
            self.store.clone(),
            self.vault.clone(),
            self.ledger.clone(),
            policy.clone(),
            clock.clone(),
            random.clone(),
        )
        .await?;
        let countries = self.dir.join("geo.mmdb");
        if countries.exists() {
            identity.set_countries(Some(identity::Countries::open(&countries)?));
        }
        let (company, language) = self
            .store
            .read(|conn| -> Result<_, store::Error> {
                Ok((store::settings::get(conn, "company")?, store::settings::get(conn, "language")?))
            })
            .await?;
        let engine = match self.store.engine() {
            store::Engine::Sqlite => "sqlite",
            store::Engine::Postgres => "postgres",
        };
        let foundations = Foundations {
            search_key: self.root.database_key(Database::Search, self.vault.workspace()),
            search_file: self.dir.join("search.db"),
            store: self.store,
            vault: self.vault,
            ledger: self.ledger.clone(),
            policy: policy.clone(),
            catalog,
            clock: clock.clone(),
            random,
            meter: Arc::new(Meter::default()),
        };
        let records = Records::open_with(foundations, channels::formats()).await?;
        Ok(server::Workspace {
            records,
            ledger: self.ledger,
            policy,
            identity,
            clock,
            company: company.unwrap_or_default(),
            language: language.unwrap_or_else(|| "zh".to_owned()),
            engine,
        })
    }
}

/// Writes the company's name and language.
pub async fn name(store: &Store, company: &str, language: &str) -> Result<()> {
    let (company, language) = (company.to_owned(), language.to_owned());
    store
        .write(move |conn| -> Result<(), store::Error> {
            store::settings::put(conn, "company", &company)?;
            store::settings::put(conn, "language", &language)
        })
        .await?;
    Ok(())
}

/// Makes a new `root.key` from the recovery code, read from standard input.
pub fn recover(dir: &Path) -> Result<()> {
    let path = file(dir, "root.key");
    if path.exists() {
        bail!("{} exists already; move it away first if it is damaged", path.display());
    }
    let wrapped: WrappedRoot = serde_json::from_str(&fs::read_to_string(file(dir, "recovery.json"))?)?;
    eprintln!("recovery code (seven groups of five characters):");
    let mut code = String::new();
    std::io::stdin().read_line(&mut code)?;
    let root = wrapped.recover(&code)?;
    root.to_file(&path)?;
    println!("wrote {}; start `shouxin serve` again", path.display());
    Ok(())
}
