//! A device's public key: ECDSA on P-256, made by the browser, whose private half never leaves it.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

/// A coordinate of P-256, in bytes.
const COORDINATE: usize = 32;

/// A public key as a JSON Web Key (RFC 7517, RFC 7518 §6.2). Only these four members: a private half (`d`) or anything
/// else makes it unreadable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Jwk {
    kty: String,
    crv: String,
    x: String,
    y: String,
}

/// A key's name: SHA-256 of its canonical form (RFC 7638).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Thumbprint(pub(crate) [u8; 32]);

/// A public key on P-256, uncompressed (SEC 1 §2.3.3). Whether it is a point of the curve shows when it verifies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PublicKey {
    point: [u8; 1 + 2 * COORDINATE],
    thumbprint: Thumbprint,
}

impl PublicKey {
    pub(crate) fn read(jwk: &Jwk) -> Option<Self> {
        if jwk.kty != "EC" || jwk.crv != "P-256" {
            return None;
        }
        let mut point = [4u8; 1 + 2 * COORDINATE];
        for (place, text) in [(1, &jwk.x), (1 + COORDINATE, &jwk.y)] {
            let bytes = URL_SAFE_NO_PAD.decode(text).ok().filter(|b| b.len() == COORDINATE)?;
            point[place..place + COORDINATE].copy_from_slice(&bytes);
        }
        // One way to write a coordinate: the text that was decoded is the one that decoding allows.
        let canonical = format!(r#"{{"crv":"P-256","kty":"EC","x":"{}","y":"{}"}}"#, jwk.x, jwk.y);
        let mut thumbprint = [0u8; 32];
        thumbprint.copy_from_slice(digest(&SHA256, canonical.as_bytes()).as_ref());
        Some(Self { point, thumbprint: Thumbprint(thumbprint) })
    }

    pub(crate) fn thumbprint(&self) -> Thumbprint {
        self.thumbprint
    }

    /// Whether the signature (r and s, 32 bytes each; RFC 7518 §3.4) is this key's over the message.
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, &self.point[..]).verify(message, signature).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_private_half_or_another_curve_is_no_device_key() {
        let with = |extra: &str| {
            let text = format!(r#"{{"kty":"EC","crv":"P-256","x":"AA","y":"AA"{extra}}}"#);
            serde_json::from_str::<Jwk>(&text)
        };
        assert!(with(r#","d":"AA""#).is_err());
        assert!(with(r#","x":"AA""#).is_err(), "twice");
        assert!(PublicKey::read(&with("").unwrap()).is_none(), "too short");
        let other = Jwk { crv: "P-384".to_owned(), ..with("").unwrap() };
        assert!(PublicKey::read(&other).is_none());
    }
}
