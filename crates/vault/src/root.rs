//! The root key and where it comes from: a key file, or a passphrase that unwraps it.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use argon2::{Algorithm, Argon2, Params, Version};
use aws_lc_rs::digest::{SHA256, digest};
use kernel::{Random, WorkspaceId};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::error::Error;
use crate::file;
use crate::keyring::Suite;
use crate::primitive::{derive, framed, open, seal};

/// The key above all keys of a workspace. No `Debug`, no serialisation; wiped when dropped.
#[derive(Clone)]
pub struct RootKey(Zeroizing<[u8; 32]>);

/// An encrypted file of the embedded engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Database {
    /// `workspace.db`.
    Main,
    /// `keys.db`.
    Keys,
    /// `search.db`.
    Search,
}

/// A root key wrapped by a passphrase (Argon2id, RFC 9106; 64 MiB, 3 passes).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WrappedByPassphrase {
    salt: String,
    memory_kib: u32,
    passes: u32,
    wrapped: String,
}

const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;

impl RootKey {
    /// A new one.
    #[must_use]
    pub fn generate(random: &dyn Random) -> Self {
        let mut key = Zeroizing::new([0u8; 32]);
        random.fill(key.as_mut_slice());
        Self(key)
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        <[u8; 32]>::try_from(bytes).map(|b| Self(Zeroizing::new(b))).map_err(|_| Error::KeyFileDamaged)
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Reads a key file: 64 hexadecimal digits, readable by its owner only.
    ///
    /// # Errors
    /// `KeyFileOpen`, `KeyFileDamaged` or `Io`.
    pub fn from_file(path: &Path) -> Result<Self, Error> {
        let meta = fs::metadata(path).map_err(|e| Error::Io(e.to_string()))?;
        if meta.permissions().mode() & 0o077 != 0 {
            return Err(Error::KeyFileOpen);
        }
        let text = Zeroizing::new(fs::read_to_string(path).map_err(|e| Error::Io(e.to_string()))?);
        let bytes = Zeroizing::new(hex::decode(text.trim()).map_err(|_| Error::KeyFileDamaged)?);
        Self::from_bytes(&bytes)
    }

    /// Writes a key file, whole or not at all; never over an existing one.
    ///
    /// # Errors
    /// `Io`, also when the file exists.
    pub fn to_file(&self, path: &Path) -> Result<(), Error> {
        let text = Zeroizing::new(hex::encode(self.0.as_slice()));
        file::write_new(path, text.as_bytes())
    }

    /// Wraps it by a passphrase.
    ///
    /// # Errors
    /// `WrongPassphrase` when Argon2 refuses the passphrase.
    pub fn wrap_by_passphrase(
        &self,
        passphrase: &str,
        random: &dyn Random,
    ) -> Result<WrappedByPassphrase, Error> {
        let mut salt = [0u8; 16];
        random.fill(&mut salt);
        let key = stretch(passphrase, &salt, MEMORY_KIB, PASSES)?;
        let wrapped = seal(Suite::default(), 1, &key, b"root-by-passphrase", self.0.as_slice(), random);
        Ok(WrappedByPassphrase {
            salt: hex::encode(salt),
            memory_kib: MEMORY_KIB,
            passes: PASSES,
            wrapped: hex::encode(wrapped),
        })
    }

    /// Unwraps it.
    ///
    /// # Errors
    /// `WrongPassphrase`.
    pub fn from_passphrase(wrapped: &WrappedByPassphrase, passphrase: &str) -> Result<Self, Error> {
        let damaged = |_| Error::KeyFileDamaged;
        let salt = hex::decode(&wrapped.salt).map_err(damaged)?;
        let sealed = hex::decode(&wrapped.wrapped).map_err(damaged)?;
        let key = stretch(passphrase, &salt, wrapped.memory_kib, wrapped.passes)?;
        let plain = open(&key, b"root-by-passphrase", &sealed).map_err(|_| Error::WrongPassphrase)?;
        Self::from_bytes(&plain)
    }

    /// The key of an encrypted file. The store opens it before anything else can be read.
    #[must_use]
    pub fn database_key(&self, database: Database, workspace: WorkspaceId) -> Zeroizing<[u8; 32]> {
        let name: &[u8] = match database {
            Database::Main => b"main",
            Database::Keys => b"keys",
            Database::Search => b"search",
        };
        derive(&self.0, &[&framed(&[b"database", workspace.as_bytes(), name])])
    }

    pub(crate) fn wrapping_key(&self, workspace: WorkspaceId) -> Zeroizing<[u8; 32]> {
        derive(&self.0, &[&framed(&[b"wrap", workspace.as_bytes()])])
    }

    /// A name for the root that tells nothing of it: 8 bytes of a hash, hex.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let tag = derive(&self.0, &[b"fingerprint"]);
        hex::encode(&digest(&SHA256, tag.as_slice()).as_ref()[..8])
    }
}

fn stretch(
    passphrase: &str,
    salt: &[u8],
    memory_kib: u32,
    passes: u32,
) -> Result<Zeroizing<[u8; 32]>, Error> {
    let params = Params::new(memory_kib, passes, 1, Some(32)).map_err(|_| Error::KeyFileDamaged)?;
    let mut out = Zeroizing::new([0u8; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.as_bytes(), salt, out.as_mut_slice())
        .map_err(|_| Error::WrongPassphrase)?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::SeededRandom;

    #[test]
    fn a_key_file_that_others_can_read_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("root.key");
        let root = RootKey::generate(&SeededRandom::new(1));
        root.to_file(&path).unwrap();
        assert_eq!(RootKey::from_file(&path).unwrap().fingerprint(), root.fingerprint());
        assert!(root.to_file(&path).is_err(), "an existing key is never overwritten");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(RootKey::from_file(&path).err(), Some(Error::KeyFileOpen));
    }
}
