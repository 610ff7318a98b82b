//! The recovery kit: a code on paper that brings the root key back.

use aws_lc_rs::digest::{SHA256, digest};
use kernel::Random;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::error::Error;
use crate::keyring::Suite;
use crate::primitive::{derive, open, seal};
use crate::root::RootKey;

/// Crockford's base 32: no I, L, O, U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// 160 bits of key and 15 of checksum: 35 characters, seven groups of five.
const KEY_BYTES: usize = 20;
const CHARACTERS: usize = 35;

/// What is shown once and printed.
pub struct RecoveryKit {
    /// Seven groups of five characters.
    pub code: Zeroizing<String>,
}

/// The root key wrapped by the code: lies beside the data (`recovery.json`).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WrappedRoot {
    wrapped: String,
}

fn checksum(key: &[u8]) -> u16 {
    let hash = digest(&SHA256, key);
    u16::from_be_bytes([hash.as_ref()[0], hash.as_ref()[1]]) >> 1
}

fn wrapping(key: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut padded = Zeroizing::new([0u8; 32]);
    padded[..KEY_BYTES].copy_from_slice(key);
    derive(&padded, &[b"recovery"])
}

impl RecoveryKit {
    /// A new code for a root key.
    #[must_use]
    pub fn make(root: &RootKey, random: &dyn Random) -> (Self, WrappedRoot) {
        let mut key = Zeroizing::new([0u8; KEY_BYTES]);
        random.fill(key.as_mut_slice());
        let wrapped =
            seal(Suite::default(), 1, &wrapping(key.as_slice()), b"root-by-recovery", root.bytes(), random);
        (Self { code: encode(key.as_slice()) }, WrappedRoot { wrapped: hex::encode(wrapped) })
    }
}

impl WrappedRoot {
    /// The root key, by the code. Case, spaces and dashes do not matter; O reads as 0, I and L as 1.
    ///
    /// # Errors
    /// `BadCode` for a typing error, `WrongCode` for another kit's code.
    pub fn recover(&self, code: &str) -> Result<RootKey, Error> {
        let key = decode(code)?;
        let sealed = hex::decode(&self.wrapped).map_err(|_| Error::Integrity)?;
        let plain = open(&wrapping(&key), b"root-by-recovery", &sealed).map_err(|_| Error::WrongCode)?;
        RootKey::from_bytes(&plain)
    }
}

fn encode(key: &[u8]) -> Zeroizing<String> {
    let mut bits: Vec<u8> = key.iter().flat_map(|b| (0..8).rev().map(move |i| (b >> i) & 1)).collect();
    let sum = checksum(key);
    bits.extend((0..15).rev().map(|i| u8::from((sum >> i) & 1 == 1)));
    let mut out = Zeroizing::new(String::with_capacity(CHARACTERS + 6));
    for (i, five) in bits.chunks(5).enumerate() {
        if i > 0 && i % 5 == 0 {
            out.push('-');
        }
        let value = five.iter().fold(0usize, |v, b| v << 1 | usize::from(*b));
        out.push(char::from(ALPHABET[value]));
    }
    out
}

fn decode(code: &str) -> Result<Zeroizing<Vec<u8>>, Error> {
    let mut bits = Zeroizing::new(Vec::with_capacity(CHARACTERS * 5));
    for c in code.chars().filter(|c| !c.is_whitespace() && *c != '-') {
        let c = match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            c => c,
        };
        let value = ALPHABET.iter().position(|a| char::from(*a) == c).ok_or(Error::BadCode)?;
        bits.extend((0..5).rev().map(|i| u8::from((value >> i) & 1 == 1)));
    }
    if bits.len() != CHARACTERS * 5 {
        return Err(Error::BadCode);
    }
    let key = Zeroizing::new(
        bits[..KEY_BYTES * 8]
            .chunks(8)
            .map(|byte| byte.iter().fold(0u8, |v, b| v << 1 | b))
            .collect::<Vec<u8>>(),
    );
    let sum = bits[KEY_BYTES * 8..].iter().fold(0u16, |v, b| v << 1 | u16::from(*b));
    if sum == checksum(&key) { Ok(key) } else { Err(Error::BadCode) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::SeededRandom;

    #[test]
    fn a_code_typed_carelessly_still_works_and_a_wrong_one_is_told_apart() {
        let random = SeededRandom::new(5);
        let root = RootKey::generate(&random);
        let (kit, wrapped) = RecoveryKit::make(&root, &random);
        assert_eq!(kit.code.len(), CHARACTERS + 6);
        let careless = kit.code.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
        assert_eq!(wrapped.recover(&careless).unwrap().fingerprint(), root.fingerprint());
        let first = if kit.code.starts_with('A') { 'B' } else { 'A' };
        let mistyped = format!("{first}{}", &kit.code[1..]);
        assert_eq!(wrapped.recover(&mistyped).err(), Some(Error::BadCode));
        let (other, _) = RecoveryKit::make(&root, &random);
        assert_eq!(wrapped.recover(&other.code).err(), Some(Error::WrongCode));
    }
}
