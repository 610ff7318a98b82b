//! The few operations everything here is made of, all from aws-lc-rs.

use aws_lc_rs::aead::{AES_256_GCM, AES_256_GCM_SIV, Aad, Algorithm, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, Salt};
use aws_lc_rs::hmac;
use kernel::Random;
use zeroize::Zeroizing;

use crate::error::Error;
use crate::keyring::Suite;

/// Bytes before the ciphertext: suite, key version (big endian), nonce (docs/formats/envelope.md).
pub(crate) const HEAD: usize = 1 + 2 + 12;

impl Suite {
    fn algorithm(self) -> &'static Algorithm {
        match self {
            Self::Aes256GcmSiv => &AES_256_GCM_SIV,
            Self::Aes256Gcm => &AES_256_GCM,
        }
    }

    fn byte(self) -> u8 {
        match self {
            Self::Aes256GcmSiv => 1,
            Self::Aes256Gcm => 2,
        }
    }

    fn of(byte: u8) -> Result<Self, Error> {
        match byte {
            1 => Ok(Self::Aes256GcmSiv),
            2 => Ok(Self::Aes256Gcm),
            _ => Err(Error::Unknown),
        }
    }
}

fn cipher(suite: Suite, key: &[u8; 32]) -> Result<LessSafeKey, Error> {
    UnboundKey::new(suite.algorithm(), key).map(LessSafeKey::new).map_err(|_| Error::Unknown)
}

/// Seals into an envelope.
pub(crate) fn seal(
    suite: Suite,
    version: u16,
    key: &[u8; 32],
    aad: &[u8],
    plain: &[u8],
    random: &dyn Random,
) -> Vec<u8> {
    let mut nonce = [0u8; 12];
    random.fill(&mut nonce);
    let head = [suite.byte(), version.to_be_bytes()[0], version.to_be_bytes()[1]];
    let aad = [&head, aad].concat();
    let mut body = Vec::with_capacity(plain.len() + 16);
    body.extend_from_slice(plain);
    #[expect(clippy::expect_used, reason = "fails only for keys of a wrong length or texts of 64 GiB")]
    cipher(suite, key)
        .expect("a 32-byte key fits")
        .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(aad), &mut body)
        .expect("the text is short enough");
    let mut out = Vec::with_capacity(HEAD + body.len());
    out.extend_from_slice(&head);
    out.extend_from_slice(&nonce);
    out.extend_from_slice(&body);
    out
}

/// The key version an envelope names.
pub(crate) fn version_of(sealed: &[u8]) -> Result<u16, Error> {
    if sealed.len() < HEAD + 16 {
        return Err(Error::Integrity);
    }
    Ok(u16::from_be_bytes([sealed[1], sealed[2]]))
}

/// A key made ready once: its schedule costs more than opening a short value.
pub(crate) struct ReadyKey {
    suite: Suite,
    cipher: LessSafeKey,
}

impl ReadyKey {
    /// Ready for envelopes of one suite; `open` takes others too, more slowly.
    pub(crate) fn new(suite: Suite, key: &[u8; 32]) -> Result<Self, Error> {
        Ok(Self { suite, cipher: cipher(suite, key)? })
    }

    /// Opens an envelope; `key` is the same key, for envelopes of another suite.
    pub(crate) fn open(
        &self,
        key: &[u8; 32],
        aad: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Error> {
        if sealed.len() < HEAD + 16 || Suite::of(sealed[0])? != self.suite {
            return open(key, aad, sealed);
        }
        open_with(&self.cipher, aad, sealed)
    }
}

/// Opens an envelope.
pub(crate) fn open(key: &[u8; 32], aad: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
    if sealed.len() < HEAD + 16 {
        return Err(Error::Integrity);
    }
    open_with(&cipher(Suite::of(sealed[0])?, key)?, aad, sealed)
}

fn open_with(cipher: &LessSafeKey, aad: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
    let aad = [&sealed[..3], aad].concat();
    let mut nonce = [0u8; 12];
    nonce.copy_from_slice(&sealed[3..HEAD]);
    let mut body = Zeroizing::new(sealed[HEAD..].to_vec());
    let n = cipher
        .open_in_place(Nonce::assume_unique_for_key(nonce), Aad::from(aad), &mut body)
        .map_err(|_| Error::Integrity)?
        .len();
    body.truncate(n);
    Ok(body)
}

/// HKDF-SHA-256 (RFC 5869) with a salt naming the program and an info naming the purpose.
pub(crate) fn derive(key: &[u8; 32], info: &[&[u8]]) -> Zeroizing<[u8; 32]> {
    struct Len;
    impl aws_lc_rs::hkdf::KeyType for Len {
        fn len(&self) -> usize {
            32
        }
    }
    let mut out = Zeroizing::new([0u8; 32]);
    #[expect(clippy::expect_used, reason = "fails only for outputs above 8,160 bytes")]
    Salt::new(HKDF_SHA256, b"shouxin/1")
        .extract(key)
        .expand(info, Len)
        .and_then(|okm| okm.fill(out.as_mut_slice()))
        .expect("32 bytes can be derived");
    out
}

/// HMAC-SHA-256.
pub(crate) fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key));
    for part in parts {
        context.update(part);
    }
    let mut out = [0u8; 32];
    out.copy_from_slice(context.sign().as_ref());
    out
}

/// Joins parts with their lengths, so that no two lists of parts give the same bytes.
pub(crate) fn framed(parts: &[&[u8]]) -> Vec<u8> {
    let mut out = Vec::with_capacity(parts.iter().map(|p| p.len() + 4).sum());
    for part in parts {
        out.extend_from_slice(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
        out.extend_from_slice(part);
    }
    out
}
