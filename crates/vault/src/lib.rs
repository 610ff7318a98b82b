//! The vault: what a thief gets is useless without it.
//!
//! Root key → key-encryption keys (per purpose) → random data keys per subject → AEAD bound to its place.
//! It also masks, detects personal data in free text, and makes blind-index tokens. It is pure: keys and blobs in,
//! keys and blobs out. It promises: a blob opens only in the place and under the key it was sealed for; a restricted
//! key is unwrapped only against a [`Debit`]; no key has a `Debug`, a `Display` or a serialisation in clear.

mod blind;
mod clear;
mod detect;
mod error;
pub mod file;
mod keyring;
mod mask;
mod meter;
mod primitive;
mod recovery;
mod root;
mod subject;
mod vault;

pub use blind::normalise;
pub use clear::Clear;
pub use detect::{Finding, FindingKind, detect, mask_text};
pub use error::Error;
pub use keyring::{KeyRing, Suite};
pub use mask::mask;
pub use meter::{Debit, Meter, OverBudget, Usage};
pub use recovery::{RecoveryKit, WrappedRoot};
pub use root::{Database, RootKey, WrappedByPassphrase};
pub use subject::{Context, DataKey, SubjectKeys, WrappedSubject};
pub use vault::{Purpose, Vault};
