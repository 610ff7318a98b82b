//! What can go wrong, named by what happened to the request. Errors carry numbers and names of actions, never values.

/// A request to the ledger that could not be met.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database refused or is out of reach; nothing was recorded.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The batch in which the entry stood was refused; nothing of it was recorded.
    #[error("the entry could not be recorded: {0}")]
    NotRecorded(std::sync::Arc<Error>),
    /// An entry is larger than an entry bundle allows (65,535 bytes). Nothing was recorded; shorten the details.
    #[error(
        "the ledger entry for \"{action}\" has {bytes} bytes; at most 65535 can be recorded: shorten its details"
    )]
    TooLarge {
        /// The entry's action.
        action: String,
        /// Its size.
        bytes: usize,
    },
    /// A change without any entry: nothing may happen unrecorded.
    #[error("a change must be recorded with at least one ledger entry")]
    Unrecorded,
    /// What is stored does not fit together. The ledger goes on recording and signs nothing until it is mended.
    #[error("the ledger is damaged at entry {seq}: {what}. Run `shouxin verify`, then restore from a backup")]
    Damaged {
        /// The first entry concerned.
        seq: u64,
        /// What does not fit.
        what: &'static str,
    },
    /// A proof was asked for that no checkpoint covers yet (or ever).
    #[error("entry {seq} is not covered by a tree of {size} entries; ask again after the next checkpoint")]
    NotCovered {
        /// The entry asked for.
        seq: u64,
        /// The size of the tree asked.
        size: u64,
    },
    /// A cursor that this ledger did not give out.
    #[error("the cursor is not one of this ledger: start again without it")]
    BadCursor,
    /// The signing key cannot be used.
    #[error("the ledger's signing key cannot be used: unlock the vault with the right key")]
    Key,
    /// The origin (the ledger's public name) is not allowed.
    #[error("\"{0}\" cannot name a ledger: a name has no white space and no \"+\"")]
    Name(String),
    /// The ledger was closed while the entry waited; whether it was recorded is not known.
    #[error("the ledger is closing; the entry may not have been recorded")]
    Closed,
}
