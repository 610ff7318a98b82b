//! The workspace's key-encryption keys, wrapped by the root: safe to lie beside the data.

use kernel::{Random, WorkspaceId};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::error::Error;
use crate::primitive::{ReadyKey, framed, open, seal};
use crate::root::RootKey;

/// Which algorithm seals new values; old ones stay readable (the envelope names its suite).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Suite {
    /// AES-256-GCM-SIV (RFC 8452): a repeated nonce reveals only equality.
    #[default]
    Aes256GcmSiv,
    /// AES-256-GCM.
    Aes256Gcm,
}

/// What a key-encryption key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum KekUse {
    Confidential,
    Restricted,
    Blind,
    Workspace,
    LedgerSigning,
}

const USES: [KekUse; 5] =
    [KekUse::Confidential, KekUse::Restricted, KekUse::Blind, KekUse::Workspace, KekUse::LedgerSigning];

/// One wrapped key.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct WrappedKek {
    #[serde(rename = "use")]
    pub(crate) purpose: KekUse,
    pub(crate) version: u16,
    /// Hex of an envelope.
    pub(crate) wrapped: String,
}

/// `keyring.json`: the wrapped keys of one workspace.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct KeyRing {
    /// Whose keys.
    pub workspace: WorkspaceId,
    /// What seals new values.
    pub suite: Suite,
    /// Which root wrapped them: first 8 bytes of a hash, hex.
    pub root_fingerprint: String,
    pub(crate) keks: Vec<WrappedKek>,
}

fn name(purpose: KekUse) -> &'static [u8] {
    match purpose {
        KekUse::Confidential => b"confidential",
        KekUse::Restricted => b"restricted",
        KekUse::Blind => b"blind",
        KekUse::Workspace => b"workspace",
        KekUse::LedgerSigning => b"ledger-signing",
    }
}

fn aad(workspace: WorkspaceId, purpose: KekUse, version: u16) -> Vec<u8> {
    framed(&[b"kek", workspace.as_bytes(), name(purpose), &version.to_be_bytes()])
}

/// A key-encryption key in clear.
pub(crate) struct Kek {
    pub(crate) purpose: KekUse,
    pub(crate) version: u16,
    pub(crate) key: Zeroizing<[u8; 32]>,
    ready: ReadyKey,
}

impl Kek {
    fn new(suite: Suite, purpose: KekUse, version: u16, key: Zeroizing<[u8; 32]>) -> Result<Self, Error> {
        let ready = ReadyKey::new(suite, &key)?;
        Ok(Self { purpose, version, key, ready })
    }

    /// Opens what was wrapped by this key.
    pub(crate) fn open(&self, aad: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        self.ready.open(&self.key, aad, sealed)
    }
}

impl KeyRing {
    /// Random keys for a new workspace, and their wrapped form.
    pub(crate) fn create(
        root: &RootKey,
        workspace: WorkspaceId,
        suite: Suite,
        random: &dyn Random,
    ) -> (Self, Vec<Kek>) {
        let wrapping = root.wrapping_key(workspace);
        let mut ring = Self { workspace, suite, root_fingerprint: root.fingerprint(), keks: Vec::new() };
        let mut keks = Vec::new();
        for purpose in USES {
            let mut key = Zeroizing::new([0u8; 32]);
            random.fill(key.as_mut_slice());
            let wrapped = seal(suite, 1, &wrapping, &aad(workspace, purpose, 1), key.as_slice(), random);
            ring.keks.push(WrappedKek { purpose, version: 1, wrapped: hex::encode(wrapped) });
            #[expect(clippy::expect_used, reason = "a 32-byte key fits every suite")]
            keks.push(Kek::new(suite, purpose, 1, key).expect("the key fits"));
        }
        (ring, keks)
    }

    /// Unwraps all keys.
    pub(crate) fn unwrap(&self, root: &RootKey) -> Result<Vec<Kek>, Error> {
        if self.root_fingerprint != root.fingerprint() {
            return Err(Error::WrongRoot);
        }
        let wrapping = root.wrapping_key(self.workspace);
        self.keks
            .iter()
            .map(|kek| {
                let sealed = hex::decode(&kek.wrapped).map_err(|_| Error::Integrity)?;
                let plain = open(&wrapping, &aad(self.workspace, kek.purpose, kek.version), &sealed)?;
                let key = <[u8; 32]>::try_from(plain.as_slice()).map_err(|_| Error::Integrity)?;
                Kek::new(self.suite, kek.purpose, kek.version, Zeroizing::new(key))
            })
            .collect()
    }
}
