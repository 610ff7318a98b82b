//! The way out. Data leaves only as [`Disclosed`], and only this crate makes one, after the entry is durable
//! (DESIGN 3.1). A handler that forgets does not compile.

use crate::entry::Entry;

/// Data on its way out, with the entry that will say so. It cannot be looked at, printed, copied or serialised:
/// [`crate::Ledger::record`] is the only way on.
///
/// ```compile_fail
/// fn show<T: std::fmt::Debug>(d: ledger::Disclosure<T>) -> String { format!("{d:?}") }
/// ```
/// ```compile_fail
/// fn send(d: ledger::Disclosure<String>) -> String { serde_json::to_string(&d).unwrap() }
/// ```
/// ```compile_fail
/// fn peek(d: &ledger::Disclosure<String>) -> usize { d.len() }
/// ```
/// ```compile_fail
/// fn open<T>(d: ledger::Disclosure<T>) -> T { d.value }
/// ```
#[must_use = "a disclosure that is not recorded discloses nothing"]
pub struct Disclosure<T> {
    value: T,
    entry: Entry,
}

impl<T> Disclosure<T> {
    /// Data and the entry that records its disclosure.
    pub fn new(value: T, entry: Entry) -> Self {
        Self { value, entry }
    }

    pub(crate) fn into_parts(self) -> (T, Entry) {
        (self.value, self.entry)
    }
}

/// Data whose entry is durable: it may leave. Only this crate makes one.
///
/// ```compile_fail
/// fn forge(value: String) -> ledger::Disclosed<String> { ledger::Disclosed { value, seq: 0 } }
/// ```
/// ```compile_fail
/// fn forge(value: String) -> ledger::Disclosed<String> { ledger::Disclosed::new(value, 0) }
/// ```
pub struct Disclosed<T> {
    value: T,
    seq: u64,
}

impl<T> Disclosed<T> {
    pub(crate) fn new(value: T, seq: u64) -> Self {
        Self { value, seq }
    }

    /// The answer to a change whose entries stand in the change's own transaction. Call it with what the committed
    /// write returned, not inside the write job.
    #[expect(clippy::needless_pass_by_value, reason = "a receipt is good for one answer")]
    pub fn with_receipt(value: T, receipt: Receipt) -> Self {
        Self::new(value, receipt.last())
    }

    /// The data.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// The number of its entry.
    #[must_use]
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// The same, with the value reshaped.
    pub fn map<U>(self, reshape: impl FnOnce(T) -> U) -> Disclosed<U> {
        Disclosed { value: reshape(self.value), seq: self.seq }
    }
}

impl<T> std::fmt::Debug for Disclosed<T> {
    /// Only the entry's number: a log is not where data goes.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Disclosed(entry {})", self.seq)
    }
}

impl<T> std::ops::Deref for Disclosed<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

/// Says that entries stand in the transaction of a change; for one answer. Not copyable.
///
/// ```compile_fail
/// fn twice(r: ledger::Receipt) -> (ledger::Receipt, ledger::Receipt) { (r.clone(), r) }
/// ```
#[derive(Debug)]
pub struct Receipt {
    first: u64,
    count: u64,
}

impl Receipt {
    pub(crate) fn new(first: u64, count: u64) -> Self {
        debug_assert!(count > 0, "a receipt is for at least one entry");
        Self { first, count }
    }

    /// The first entry's number.
    #[must_use]
    pub fn first(&self) -> u64 {
        self.first
    }

    /// The last entry's number.
    #[must_use]
    pub fn last(&self) -> u64 {
        self.first + self.count - 1
    }
}
