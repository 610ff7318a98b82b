//! A subject's data keys, and sealing under them.

use kernel::{Class, Random, RecordId, Timestamp, WorkspaceId};
use zeroize::Zeroizing;

use crate::error::Error;
use crate::keyring::Suite;
use crate::primitive::{framed, open, seal};

/// Where a blob belongs: part of what is authenticated, so that it cannot be moved.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The object.
    pub object: &'a str,
    /// The record.
    pub record: RecordId,
    /// The class.
    pub class: Class,
}

impl Context<'_> {
    fn aad(&self) -> Vec<u8> {
        framed(&[
            b"record",
            self.workspace.as_bytes(),
            self.object.as_bytes(),
            self.record.as_bytes(),
            self.class.as_str().as_bytes(),
        ])
    }
}

/// One data key of a subject. Wiped when dropped.
pub struct DataKey {
    pub(crate) suite: Suite,
    pub(crate) key: Zeroizing<[u8; 32]>,
}

impl DataKey {
    /// Seals a value for its place.
    #[must_use]
    pub fn seal(&self, context: &Context<'_>, plain: &[u8], random: &dyn Random) -> Vec<u8> {
        seal(self.suite, 1, &self.key, &context.aad(), plain, random)
    }

    /// Opens what was sealed for this place under this key.
    ///
    /// # Errors
    /// `Integrity`.
    pub fn open(&self, context: &Context<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        open(&self.key, &context.aad(), sealed)
    }
}

/// Both data keys of a new subject.
pub struct SubjectKeys {
    /// Of confidential fields.
    pub confidential: DataKey,
    /// Of restricted fields.
    pub restricted: DataKey,
}

/// The same, wrapped: a row of the key store.
#[derive(Clone, Debug)]
pub struct WrappedSubject {
    /// By the confidential KEK.
    pub confidential: Vec<u8>,
    /// By the restricted KEK.
    pub restricted: Vec<u8>,
    /// Version of the KEKs.
    pub kek: i64,
    /// When it was made.
    pub created_at: Timestamp,
}
