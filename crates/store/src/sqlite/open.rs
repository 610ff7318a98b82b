//! Opening encrypted files: one process per folder, the right key, the settings that durability and secrecy need.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, OpenFlags};
use zeroize::Zeroizing;

use super::error;
use crate::error::Error;

/// The raw keys of the two files (`vault` derives them from the root key).
#[derive(Clone)]
pub struct SqliteKeys {
    /// Of `workspace.db`.
    pub main: Zeroizing<[u8; 32]>,
    /// Of `keys.db`.
    pub keys: Zeroizing<[u8; 32]>,
}

/// Prepared statements kept per connection.
const STATEMENTS: usize = 256;
/// Pages in the WAL after which a commit moves them into the file, where no thread does so (`Log`).
const CHECKPOINT_PAGES: i64 = 16_384;
/// A WAL that was longer is cut when it is begun anew.
const LONGEST_WAL: i64 = 96 << 20;
/// Page cache per connection: decrypting a page costs more than all else about it.
const CACHE_KIB: i64 = 256 << 10;
/// The same for the key store, whose rows are few and small.
const KEYS_CACHE_KIB: i64 = 128 << 10;
/// How long a start waits for a server that has been told to stop and is finishing.
const ENDING: Duration = Duration::from_secs(3);
const LOOK_AGAIN: Duration = Duration::from_millis(25);
/// How long to wait for another connection of this process: only moments of a checkpoint or a key commit.
pub(super) const BUSY: Duration = Duration::from_secs(10);

/// Where a file is and what opens it.
#[derive(Clone)]
pub(crate) struct Place {
    pub(crate) path: PathBuf,
    pub(crate) key: Zeroizing<[u8; 32]>,
}

/// A folder (or a single file) that this process alone serves while this lives.
pub(crate) struct Folder {
    pub(crate) main: Place,
    /// Absent for a store without keys.
    pub(crate) keys: Option<Place>,
    lock: File,
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Closing it would do; a child process may have inherited the handle.
        let _ = self.lock.unlock();
    }
}

impl Folder {
    /// Takes the folder and makes it if need be.
    pub(crate) fn open(dir: &Path, keys: &SqliteKeys) -> Result<Self, Error> {
        std::fs::create_dir_all(dir).map_err(|e| file_error(dir, &e))?;
        let lock = lock(&dir.join("lock"), dir)?;
        let main = Place { path: dir.join("workspace.db"), key: keys.main.clone() };
        let keys = Place { path: dir.join("keys.db"), key: keys.keys.clone() };
        let made = keys.connect(Access::Write)?;
        made.execute_batch(&crate::migrations::keys_table(crate::Engine::Sqlite)).map_err(error)?;
        drop(main.connect(Access::Write)?);
        main.check_header()?;
        keys.check_header()?;
        Ok(Self { main, keys: Some(keys), lock })
    }

    /// Takes a single file, without keys beside it.
    pub(crate) fn open_file(path: &Path, key: &Zeroizing<[u8; 32]>) -> Result<Self, Error> {
        let mut name = path.as_os_str().to_owned();
        name.push(".lock");
        let lock = lock(Path::new(&name), path)?;
        let main = Place { path: path.to_owned(), key: key.clone() };
        drop(main.connect(Access::Write)?);
        main.check_header()?;
        Ok(Self { main, keys: None, lock })
    }
}

fn file_error(path: &Path, error: &std::io::Error) -> Error {
    Error::File { path: path.to_owned(), message: error.to_string() }
}

fn lock(path: &Path, what: &Path) -> Result<File, Error> {
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(path);
    let file = file.map_err(|e| file_error(path, &e))?;
    let until = Instant::now() + ENDING;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if Instant::now() < until => std::thread::sleep(LOOK_AGAIN),
            Err(TryLockError::WouldBlock) => return Err(Error::FolderBusy(what.to_owned())),
            Err(TryLockError::Error(e)) => return Err(file_error(path, &e)),
        }
    }
}

/// What a connection may do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    Read,
    Write,
}

impl Place {
    /// `x'…'`: SQLCipher takes 64 hex digits as the key itself, without deriving one.
    fn raw_key(&self) -> Zeroizing<String> {
        use std::fmt::Write;
        let mut text = Zeroizing::new(String::with_capacity(67));
        text.push_str("x'");
        for byte in self.key.iter() {
            let _ = write!(text, "{byte:02x}");
        }
        text.push('\'');
        text
    }

    /// A connection with its key and settings.
    pub(crate) fn connect(&self, access: Access) -> Result<Connection, Error> {
        self.refuse_clear_file()?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX
            | OpenFlags::SQLITE_OPEN_URI;
        let conn = Connection::open_with_flags(&self.path, flags).map_err(|e| self.wrong(e))?;
        let key = Zeroizing::new(format!("PRAGMA key = \"{}\"", *self.raw_key()));
        conn.execute_batch(&key).map_err(|e| self.wrong(e))?;
        // The first page that is read tells whether the key fits.
        conn.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(())).map_err(|e| self.wrong(e))?;
        conn.busy_timeout(BUSY).map_err(error)?;
        conn.set_prepared_statement_cache_capacity(STATEMENTS);
        rusqlite::vtab::array::load_module(&conn).map_err(error)?;
        conn.execute_batch(&format!(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
             PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0; \
             PRAGMA cache_size = -{CACHE_KIB}; PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}; \
             PRAGMA journal_size_limit = {LONGEST_WAL}; PRAGMA trusted_schema = OFF; \
             PRAGMA query_only = {};",
            u8::from(access == Access::Read)
        ))
        .map_err(|e| self.wrong(e))?;
        Ok(conn)
    }

    /// Makes this file readable (never writable) as schema `keys` of another connection.
    pub(crate) fn attach_to(&self, conn: &Connection) -> Result<(), Error> {
        let mut uri = String::from("file:");
        for byte in self.path.as_os_str().as_encoded_bytes() {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'_' | b'-' => {
                    uri.push(char::from(*byte));
                }
                _ => uri.push_str(&format!("%{byte:02X}")),
            }
        }
        uri.push_str("?mode=ro");
        let key = self.raw_key();
        conn.execute("ATTACH DATABASE ?1 AS keys KEY ?2", (uri.as_str(), key.as_str()))
            .map_err(|e| self.wrong(e))?;
        conn.query_row("SELECT count(*) FROM keys.sqlite_master", [], |_| Ok(()))
            .map_err(|e| self.wrong(e))?;
        let cache = format!("PRAGMA keys.cache_size = -{KEYS_CACHE_KIB}; PRAGMA keys.mmap_size = 0;");
        conn.execute_batch(&cache).map_err(error)
    }

    fn wrong(&self, cause: rusqlite::Error) -> Error {
        match cause.sqlite_error_code() {
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => Error::WrongKey(self.path.clone()),
            Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied | ErrorCode::ReadOnly) => {
                Error::File { path: self.path.clone(), message: "cannot be opened for writing".to_owned() }
            }
            _ => error(cause),
        }
    }

    /// The first bytes of an unencrypted database are known: nothing of ours begins so.
    fn header(&self) -> Option<[u8; 16]> {
        let mut header = [0; 16];
        File::open(&self.path).ok()?.read_exact(&mut header).ok()?;
        Some(header)
    }

    fn refuse_clear_file(&self) -> Result<(), Error> {
        if self.header().as_ref() == Some(b"SQLite format 3\0") {
            return Err(Error::NotEncrypted(self.path.clone()));
        }
        Ok(())
    }

    /// After the file was made: it is there and not in clear.
    fn check_header(&self) -> Result<(), Error> {
        match self.header() {
            Some(header) if &header != b"SQLite format 3\0" => Ok(()),
            _ => Err(Error::NotEncrypted(self.path.clone())),
        }
    }
}
