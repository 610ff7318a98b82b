//! What can go wrong with keys and blobs. Never says what was inside.

/// A failure of the vault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The blob was changed, moved, or sealed under another key.
    #[error("a sealed value does not open: it was changed, moved, or its key is another")]
    Integrity,
    /// The root key is not the one that wrapped these keys.
    #[error("this is not the root key of this workspace")]
    WrongRoot,
    /// The passphrase is wrong.
    #[error("the passphrase is wrong")]
    WrongPassphrase,
    /// The recovery code has a typing error.
    #[error("the recovery code has a typing error; check it group by group")]
    BadCode,
    /// The recovery code is well-formed but belongs to another kit.
    #[error("this recovery code belongs to another workspace or an older kit")]
    WrongCode,
    /// A key file that others can read.
    #[error("the key file can be read by others; restrict it to its owner (chmod 600)")]
    KeyFileOpen,
    /// A key file of the wrong shape.
    #[error("the key file is damaged: expected 64 hexadecimal digits")]
    KeyFileDamaged,
    /// The file system.
    #[error("the key file cannot be used: {0}")]
    Io(String),
    /// The envelope names a suite or key version that this program does not know.
    #[error("sealed under an unknown suite or key version; use the newer program")]
    Unknown,
}
