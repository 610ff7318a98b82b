//! Checkpoints (c2sp.org/tlog-checkpoint): what the ledger vouches for at a size, as a signed note.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kernel::Timestamp;

use crate::hash::Hash;
use crate::note::{Signer, VerifierKey};

/// The ledger's signed word: "with this many entries my root was this". Only [`Checkpoint::open`] (signature
/// checked) and the ledger itself make one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    size: u64,
    root: Hash,
    at: Timestamp,
    note: String,
}

impl Checkpoint {
    /// Signs a tree head.
    pub(crate) fn sign(key: &VerifierKey, signer: &dyn Signer, size: u64, root: Hash, at: Timestamp) -> Self {
        let text = format!("{}\n{size}\n{}\n", key.name(), STANDARD.encode(root));
        Self { size, root, at, note: key.seal(&text, signer) }
    }

    /// Reads a note, when this key signed it for this key's log. `at` is what the storage says; it is not signed.
    #[must_use]
    pub fn open(key: &VerifierKey, note: &str, at: Timestamp) -> Option<Self> {
        let mut lines = key.open(note)?.lines();
        let (origin, size, root) = (lines.next()?, lines.next()?, lines.next()?);
        let canonical = size == "0" || !size.starts_with('0');
        if origin != key.name() || !canonical || !size.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let root = STANDARD.decode(root).ok()?.try_into().ok()?;
        Some(Self { size: size.parse().ok()?, root, at, note: note.to_owned() })
    }

    /// How many entries it covers.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The root over them.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.root
    }

    /// When it was signed, by the server's clock.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// The note, as auditors and witnesses keep it.
    #[must_use]
    pub fn note(&self) -> &str {
        &self.note
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::note::SeedSigner;

    #[test]
    fn a_checkpoint_opens_only_with_its_key_and_unchanged() {
        let signer = SeedSigner::from_seed(&[1; 32]).unwrap();
        let key = VerifierKey::new("shouxin.example/ledger", signer.public_key()).unwrap();
        let made = Checkpoint::sign(&key, &signer, 42, [9; 32], Timestamp(5));
        assert!(made.note().starts_with("shouxin.example/ledger\n42\nCQkJ"));
        assert_eq!(Checkpoint::open(&key, made.note(), Timestamp(5)), Some(made.clone()));
        assert_eq!(Checkpoint::open(&key, &made.note().replace("\n42\n", "\n43\n"), Timestamp(5)), None);
        let other = VerifierKey::new("other.example/ledger", signer.public_key()).unwrap();
        assert_eq!(Checkpoint::open(&other, made.note(), Timestamp(5)), None);
    }

    #[test]
    fn the_documented_vector_holds() {
        let page = include_str!("../../../docs/formats/checkpoint.md");
        let note = page.split("```\n").nth(1).unwrap();
        let key = page.lines().find_map(|line| line.strip_prefix("    shouxin.example")).unwrap();
        let key = VerifierKey::parse(&format!("shouxin.example{key}")).unwrap();
        let opened = Checkpoint::open(&key, note, Timestamp(0)).unwrap();
        assert_eq!(
            (opened.size(), hex::encode(opened.root()).as_str()),
            (8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")
        );
        let signer = SeedSigner::from_seed(&[7; 32]).unwrap();
        assert_eq!(Checkpoint::sign(&key, &signer, 8, opened.root(), Timestamp(0)).note(), note);
    }
}
