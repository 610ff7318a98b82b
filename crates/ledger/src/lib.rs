//! The ledger: what can be proved afterwards.
//!
//! Every access, change, refusal and administrative act is an [`Entry`] in an append-only log. The entries are the
//! leaves of an RFC 6962 Merkle tree whose signed heads ([`Checkpoint`]) any standard log client can check.
//! It promises: nothing leaves before its entry is durable ([`Disclosure`] → [`Disclosed`]); an entry once
//! acknowledged is in every later checkpoint; a changed, missing, added or moved entry is found by verification;
//! destroying a subject's key leaves every proof valid.
//! It never sees a clear personal value: reasons and details arrive sealed. It never updates or deletes an entry.

mod append;
mod appender;
mod checkpoint;
mod codec;
mod disclosure;
mod entry;
mod error;
mod hash;
mod integrator;
mod ledger;
mod note;
pub mod proof;
mod query;
mod report;
mod rows;
mod schema;
mod stored;
mod summary;
pub mod tile;
mod tree;
mod verify;

pub use checkpoint::Checkpoint;
pub use codec::MOST_BYTES;
pub use disclosure::{Disclosed, Disclosure, Receipt};
pub use entry::{Actor, ActorKind, Entry, MOST_LISTED, Name, Outcome, RecordSet, Sealed, Sealing};
pub use error::Error;
pub use hash::{Hash, empty_root, leaf_hash, node_hash};
pub use ledger::{Inclusion, Ledger};
pub use note::{SeedSigner, Signer, VerifierKey};
pub use query::{COUNT_CAP, CappedCount, Filter, PAGE_MOST, Page, StoredEntry};
pub use report::{Problem, Report};
pub use schema::MIGRATIONS;
pub use summary::Summary;
pub use tree::Tree;
pub use verify::verify;
