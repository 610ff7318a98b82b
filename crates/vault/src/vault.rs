//! The open vault of a workspace.

use aws_lc_rs::digest::{SHA256, digest};
use kernel::{FieldType, Random, SubjectId, Timestamp, WorkspaceId};
use zeroize::Zeroizing;

use crate::blind;
use crate::error::Error;
use crate::keyring::{Kek, KekUse, KeyRing, Suite};
use crate::meter::Debit;
use crate::primitive::{derive, framed, mac, open, seal, version_of};
use crate::root::RootKey;
use crate::subject::{DataKey, SubjectKeys, WrappedSubject};

/// What a workspace-wide sealed value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Text of ledger entries that concerns no single subject.
    Ledger,
    /// Uploaded and exported files while they wait.
    Spool,
    /// Secrets of the workspace: tokens of channels, keys of factors.
    Secret,
}

/// Unwrapped key-encryption keys of one workspace. Lives in memory only.
pub struct Vault {
    workspace: WorkspaceId,
    suite: Suite,
    keks: Vec<Kek>,
}

impl Vault {
    /// Keys for a new workspace.
    #[must_use]
    pub fn create(
        root: &RootKey,
        workspace: WorkspaceId,
        suite: Suite,
        random: &dyn Random,
    ) -> (Self, KeyRing) {
        let (ring, keks) = KeyRing::create(root, workspace, suite, random);
        (Self { workspace, suite, keks }, ring)
    }

    /// Unwraps the keys of a workspace.
    ///
    /// # Errors
    /// `WrongRoot`, `Integrity`.
    pub fn open(root: &RootKey, ring: &KeyRing) -> Result<Self, Error> {
        Ok(Self { workspace: ring.workspace, suite: ring.suite, keks: ring.unwrap(root)? })
    }

    /// Which workspace.
    #[must_use]
    pub fn workspace(&self) -> WorkspaceId {
        self.workspace
    }

    /// The newest key of a use: for sealing.
    fn newest(&self, purpose: KekUse) -> &Kek {
        #[expect(clippy::expect_used, reason = "a key ring holds a key of every use")]
        self.keks
            .iter()
            .filter(|k| k.purpose == purpose)
            .max_by_key(|k| k.version)
            .expect("the ring is complete")
    }

    fn kek(&self, purpose: KekUse, version: u16) -> Result<&Kek, Error> {
        self.keks.iter().find(|k| k.purpose == purpose && k.version == version).ok_or(Error::Unknown)
    }

    fn wrap(&self, purpose: KekUse, subject: SubjectId, key: &[u8; 32], random: &dyn Random) -> Vec<u8> {
        let kek = self.newest(purpose);
        seal(self.suite, kek.version, &kek.key, &subject_aad(self.workspace, purpose, subject), key, random)
    }

    fn unwrap(&self, purpose: KekUse, subject: SubjectId, wrapped: &[u8]) -> Result<DataKey, Error> {
        let kek = self.kek(purpose, version_of(wrapped)?)?;
        let plain = kek.open(&subject_aad(self.workspace, purpose, subject), wrapped)?;
        let key = <[u8; 32]>::try_from(plain.as_slice()).map_err(|_| Error::Integrity)?;
        Ok(DataKey { suite: self.suite, key: Zeroizing::new(key) })
    }

    /// Random keys for a new subject, and their wrapped form for the key store.
    #[must_use]
    pub fn new_subject(
        &self,
        subject: SubjectId,
        now: Timestamp,
        random: &dyn Random,
    ) -> (SubjectKeys, WrappedSubject) {
        let fresh = || {
            let mut key = Zeroizing::new([0u8; 32]);
            random.fill(key.as_mut_slice());
            DataKey { suite: self.suite, key }
        };
        let keys = SubjectKeys { confidential: fresh(), restricted: fresh() };
        let wrapped = WrappedSubject {
            confidential: self.wrap(KekUse::Confidential, subject, &keys.confidential.key, random),
            restricted: self.wrap(KekUse::Restricted, subject, &keys.restricted.key, random),
            kek: i64::from(self.newest(KekUse::Confidential).version),
            created_at: now,
        };
        (keys, wrapped)
    }

    /// The key of a subject's confidential fields.
    ///
    /// # Errors
    /// `Integrity`, `Unknown`.
    pub fn confidential_key(&self, subject: SubjectId, wrapped: &[u8]) -> Result<DataKey, Error> {
        self.unwrap(KekUse::Confidential, subject, wrapped)
    }

    /// The key of a subject's restricted fields, against a debit that covers the subject.
    ///
    /// # Errors
    /// `Integrity`, also when the debit is for other subjects.
    pub fn restricted_key(
        &self,
        subject: SubjectId,
        wrapped: &[u8],
        debit: &Debit,
    ) -> Result<DataKey, Error> {
        if !debit.covers(subject) {
            return Err(Error::Integrity);
        }
        self.unwrap(KekUse::Restricted, subject, wrapped)
    }

    fn blind_key(&self, parts: &[&[u8]]) -> Zeroizing<[u8; 32]> {
        derive(&self.newest(KekUse::Blind).key, &[&framed(parts)])
    }

    /// The blind-index token of a value: equal values of a field have equal tokens, and nothing else can be told.
    #[must_use]
    pub fn blind(&self, object: &str, field: &str, kind: FieldType, value: &str) -> Option<[u8; 12]> {
        let text = blind::normalise(kind, value)?;
        let key = self.blind_key(&[b"field", object.as_bytes(), field.as_bytes()]);
        Some(truncated(mac(&key, &[text.as_bytes()])))
    }

    /// The near-name token: equal for names that differ only in width, case, punctuation, region and legal form.
    #[must_use]
    pub fn name_key(&self, name: &str) -> Option<[u8; 12]> {
        let text = blind::name_core(name)?;
        Some(truncated(mac(&self.blind_key(&[b"name"]), &[text.as_bytes()])))
    }

    /// A keyed digest of a request, to recognise its repetition.
    #[must_use]
    pub fn request_digest(&self, request: &[u8]) -> [u8; 32] {
        mac(&self.blind_key(&[b"request"]), &[request])
    }

    fn workspace_key(&self, purpose: Purpose, version: u16) -> Result<Zeroizing<[u8; 32]>, Error> {
        let name: &[u8] = match purpose {
            Purpose::Ledger => b"ledger",
            Purpose::Spool => b"spool",
            Purpose::Secret => b"secret",
        };
        Ok(derive(&self.kek(KekUse::Workspace, version)?.key, &[&framed(&[b"workspace", name])]))
    }

    /// Seals something that belongs to no single subject; `aad` names its place.
    #[must_use]
    pub fn seal_workspace(&self, purpose: Purpose, aad: &[u8], plain: &[u8], random: &dyn Random) -> Vec<u8> {
        let version = self.newest(KekUse::Workspace).version;
        #[expect(clippy::expect_used, reason = "the newest version exists")]
        let key = self.workspace_key(purpose, version).expect("the newest key exists");
        seal(self.suite, version, &key, aad, plain, random)
    }

    /// Opens it.
    ///
    /// # Errors
    /// `Integrity`, `Unknown`.
    pub fn open_workspace(
        &self,
        purpose: Purpose,
        aad: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Error> {
        open(&*self.workspace_key(purpose, version_of(sealed)?)?, aad, sealed)
    }

    /// The seed of the Ed25519 key that signs checkpoints.
    #[must_use]
    pub fn ledger_seed(&self) -> Zeroizing<[u8; 32]> {
        self.newest(KekUse::LedgerSigning).key.clone()
    }

    /// A keyed hash of an opaque token, for lookup tables.
    #[must_use]
    pub fn token_digest(&self, token: &[u8]) -> [u8; 32] {
        let mut out = [0u8; 32];
        out.copy_from_slice(digest(&SHA256, token).as_ref());
        out
    }
}

fn truncated(mac: [u8; 32]) -> [u8; 12] {
    let mut out = [0u8; 12];
    out.copy_from_slice(&mac[..12]);
    out
}

fn subject_aad(workspace: WorkspaceId, purpose: KekUse, subject: SubjectId) -> Vec<u8> {
    let name: &[u8] = if purpose == KekUse::Restricted { b"restricted" } else { b"confidential" };
    framed(&[b"subject", workspace.as_bytes(), name, subject.as_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::subject::Context;
    use kernel::{Class, RecordId, SeededRandom};
    use proptest::prelude::*;
    use uuid::Uuid;

    fn vault() -> (RootKey, Vault, KeyRing, SeededRandom) {
        let random = SeededRandom::new(3);
        let root = RootKey::generate(&random);
        let (vault, ring) = Vault::create(&root, WorkspaceId(Uuid::from_u128(1)), Suite::default(), &random);
        (root, vault, ring, random)
    }

    #[test]
    fn another_root_is_told_and_opens_nothing() {
        let (root, _, ring, random) = vault();
        assert!(Vault::open(&root, &ring).is_ok());
        assert_eq!(Vault::open(&RootKey::generate(&random), &ring).err(), Some(Error::WrongRoot));
    }

    proptest! {
        #[test]
        fn a_blob_opens_only_in_its_place_and_unchanged(plain in prop::collection::vec(any::<u8>(), 0..200), flip in any::<usize>()) {
            let (_, vault, _, random) = vault();
            let subject = SubjectId(Uuid::from_u128(9));
            let (keys, wrapped) = vault.new_subject(subject, Timestamp(0), &random);
            let here = Context { workspace: vault.workspace(), object: "customer", record: RecordId(subject.0), class: Class::Confidential };
            let sealed = keys.confidential.seal(&here, &plain, &random);
            let key = vault.confidential_key(subject, &wrapped.confidential).unwrap();
            prop_assert_eq!(&*key.open(&here, &sealed).unwrap(), &plain);
            for there in [
                Context { object: "contact", ..here },
                Context { record: RecordId(Uuid::from_u128(10)), ..here },
                Context { class: Class::Restricted, ..here },
                Context { workspace: WorkspaceId(Uuid::from_u128(2)), ..here },
            ] {
                prop_assert!(key.open(&there, &sealed).is_err());
            }
            let mut damaged = sealed.clone();
            let at = flip % damaged.len();
            damaged[at] ^= 1;
            prop_assert!(key.open(&here, &damaged).is_err());
            prop_assert!(vault.confidential_key(SubjectId(Uuid::from_u128(8)), &wrapped.confidential).is_err());
            prop_assert!(vault.confidential_key(subject, &wrapped.restricted).is_err());
        }
    }
}
