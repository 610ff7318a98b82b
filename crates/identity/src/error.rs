//! What can go wrong with accounts. Carries keys and fields, never passwords.

use kernel::Timestamp;

use crate::factors::FactorKind;

/// What happened to the request.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Unknown login, wrong password, or an account that may not sign in: all alike.
    #[error("login or password is wrong")]
    BadCredentials,
    /// The password is right, and a second factor is asked for.
    #[error("a second factor is needed")]
    SecondFactor {
        /// Names the attempt for the second half.
        attempt: String,
        /// Kinds of factors that would do.
        kinds: Vec<FactorKind>,
    },
    /// The sign-in that waited for its second half is over.
    #[error("this took too long: sign in again")]
    AttemptOver,
    /// Browsers know this server by an address that cannot have passkeys (a bare IP address).
    #[error("passkeys need a host name")]
    NoPasskeysHere,
    /// This needs a more recent proof of who one is.
    #[error("prove again who you are")]
    StepUp {
        /// How recent, in seconds.
        max_age_s: i64,
    },
    /// Too many failures.
    #[error("too many failed sign-ins; try again later")]
    LockedOut {
        /// When to try again.
        until: Timestamp,
    },
    /// Too many sign-ins wait already.
    #[error("too many people sign in at this moment; try again in a few seconds")]
    Busy,
    /// A field that does not fit: field, key, what to do.
    #[error("{2}")]
    Invalid(&'static str, &'static str, String),
    /// No such person, department or role.
    #[error("there is no such person, department or role")]
    NotFound,
    /// Somebody else changed it meanwhile.
    #[error("somebody else has changed this meanwhile; load it again")]
    Conflict(String),
    /// The network rules refuse where the caller is, by this word.
    #[error("the network rules do not allow this from where you are")]
    Network(&'static str),
    /// A proof of possession of the session's device is needed (RFC 9449), made with these.
    #[error("prove possession of this session's device")]
    DeviceProof {
        /// What was wrong with the proof, if there was one.
        why: &'static str,
        /// The nonce to use.
        nonce: String,
        /// The hash of the session's token.
        ath: String,
        /// The server's time, in seconds since 1970.
        at: i64,
    },
    /// The caller administers another branch of the company.
    #[error("this lies outside of the branch that you administer")]
    OutsideBranch,
    /// The policy said no.
    #[error("not allowed")]
    Refused(#[from] policy::Refusal),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The ledger failed.
    #[error(transparent)]
    Ledger(#[from] ledger::Error),
    /// A stored rule, role or hash cannot be read.
    #[error("stored account data cannot be read; run `shouxin doctor`")]
    Corrupt,
}
