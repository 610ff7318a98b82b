//! Signed notes (c2sp.org/signed-note): a text and who vouches for it, readable by people and by standard tools.

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::error::Error;
use crate::hash::sha256;

/// The signature type byte of Ed25519.
const ED25519_TYPE: u8 = 0x01;
/// More signatures than any honest note has; the specification asks for at least 16.
const MOST_SIGNATURES: usize = 64;

/// Holds the ledger's private key. The vault's ledger key is the one of a real workspace.
pub trait Signer: Send + Sync {
    /// The Ed25519 public key (RFC 8032).
    fn public_key(&self) -> [u8; 32];
    /// The Ed25519 signature over a message.
    fn sign(&self, message: &[u8]) -> [u8; 64];
}

/// A signer made from the 32-byte seed of RFC 8032.
pub struct SeedSigner(Ed25519KeyPair);

impl SeedSigner {
    /// The key pair of this seed.
    pub fn from_seed(seed: &[u8; 32]) -> Result<Self, Error> {
        Ed25519KeyPair::from_seed_unchecked(seed).map(Self).map_err(|_| Error::Key)
    }
}

impl Signer for SeedSigner {
    fn public_key(&self) -> [u8; 32] {
        let mut key = [0u8; 32];
        key.copy_from_slice(self.0.public_key().as_ref());
        key
    }

    fn sign(&self, message: &[u8]) -> [u8; 64] {
        let mut signature = [0u8; 64];
        signature.copy_from_slice(self.0.sign(message).as_ref());
        signature
    }
}

/// The public half: all that a verifier needs, written `name+keyid+base64` as in every note tool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    public: [u8; 32],
}

impl VerifierKey {
    /// A key under a name. Names are not empty and hold neither white space nor `+`.
    pub fn new(name: &str, public: [u8; 32]) -> Result<Self, Error> {
        if name.is_empty() || name.contains(|c: char| c.is_whitespace() || c.is_control() || c == '+') {
            return Err(Error::Name(name.to_owned()));
        }
        Ok(Self { name: name.to_owned(), public })
    }

    /// Reads `name+keyid+base64(type ‖ key)`; `None` when malformed, of another type, or when the id is not the key's.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (name, rest) = text.trim().split_once('+')?;
        let (id, key) = rest.split_once('+')?;
        let key = STANDARD.decode(key).ok()?;
        let (&ED25519_TYPE, public) = key.split_first()? else { return None };
        let key = Self::new(name, public.try_into().ok()?).ok()?;
        (hex::encode(key.id()) == id).then_some(key)
    }

    /// The name, which for a ledger is its origin.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The first four bytes of SHA-256(name ‖ LF ‖ 0x01 ‖ public key).
    #[must_use]
    pub fn id(&self) -> [u8; 4] {
        let mut named = Vec::with_capacity(self.name.len() + 34);
        named.extend_from_slice(self.name.as_bytes());
        named.extend_from_slice(&[b'\n', ED25519_TYPE]);
        named.extend_from_slice(&self.public);
        let hash = sha256(&named);
        [hash[0], hash[1], hash[2], hash[3]]
    }

    /// The text of the note when this key's signature on it holds. As the specification asks, signatures of other
    /// keys are skipped, and a wrong signature of this key condemns the note.
    #[must_use]
    pub fn open<'a>(&self, note: &'a str) -> Option<&'a str> {
        if note.contains(|c: char| c < ' ' && c != '\n') {
            return None;
        }
        let end = note.rfind("\n\n")? + 1;
        let (text, signatures) = (&note[..end], note[end + 1..].strip_suffix('\n')?);
        let mut vouched = false;
        for (seen, line) in signatures.split('\n').enumerate() {
            let (name, signature) = line.strip_prefix("— ")?.split_once(' ')?;
            let signature = STANDARD.decode(signature).ok()?;
            let (id, signature) = signature.split_at_checked(4)?;
            if seen >= MOST_SIGNATURES {
                return None;
            }
            if name == self.name && id == self.id() {
                UnparsedPublicKey::new(&ED25519, self.public).verify(text.as_bytes(), signature).ok()?;
                vouched = true;
            }
        }
        vouched.then_some(text)
    }

    /// The note: the text with the signer's signature. The text ends in a line feed and has no control characters.
    pub(crate) fn seal(&self, text: &str, signer: &dyn Signer) -> String {
        debug_assert!(text.ends_with('\n'), "a note's text ends in a line feed");
        let mut signature = self.id().to_vec();
        signature.extend_from_slice(&signer.sign(text.as_bytes()));
        format!("{text}\n— {} {}\n", self.name, STANDARD.encode(signature))
    }
}

impl std::fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut key = vec![ED25519_TYPE];
        key.extend_from_slice(&self.public);
        write!(f, "{}+{}+{}", self.name, hex::encode(self.id()), STANDARD.encode(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the public examples of the signed-note format.
    const KEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    const NOTE: &str = "This is an example message.\n\n\
        — example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

    #[test]
    fn a_note_made_elsewhere_opens() {
        let key = VerifierKey::parse(KEY).unwrap();
        assert_eq!(key.to_string(), KEY);
        assert_eq!(key.open(NOTE), Some("This is an example message.\n"));
    }

    #[test]
    fn a_changed_note_does_not_open() {
        let key = VerifierKey::parse(KEY).unwrap();
        for (from, to) in [
            ("example m", "exemplary m"),
            ("Uw2Q", "Uw3Q"),
            ("n8sr", "n9sr"),
            ("\n\n", "\n \n"),
            ("— ", "- "),
        ] {
            assert_eq!(key.open(&NOTE.replacen(from, to, 1)), None, "{from}");
        }
        assert_eq!(VerifierKey::parse(&KEY.replace("530d", "530e")), None);
    }

    #[test]
    fn signatures_of_strangers_are_skipped_and_own_wrong_ones_condemn() {
        let signer = SeedSigner::from_seed(&[7; 32]).unwrap();
        let own = VerifierKey::new("shouxin.example/ledger", signer.public_key()).unwrap();
        let note = own.seal("a\n\nb\n", &signer);
        assert_eq!(own.open(&note), Some("a\n\nb\n"));
        let stranger = "— witness.example AAAAAAAA\n";
        assert_eq!(own.open(&format!("{note}{stranger}")), Some("a\n\nb\n"));
        let mut forged = own.id().to_vec();
        forged.extend_from_slice(&[0; 64]);
        let forged = format!("— {} {}\n", own.name(), STANDARD.encode(forged));
        assert_eq!(own.open(&format!("{note}{forged}")), None);
    }
}
