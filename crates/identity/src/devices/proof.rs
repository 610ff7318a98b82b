//! Proofs of possession (RFC 9449, DPoP): a signed word for one request, from the holder of a device's key.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::key::{Jwk, PublicKey, Thumbprint};

/// Longest proof that is read, in bytes; a browser's has some 600.
const LONGEST: usize = 2_048;
/// How far a proof's time may be from ours, in seconds, either way.
pub(crate) const WINDOW: i64 = 60;

/// The header of a proof: of this type, this algorithm, with this key, and nothing else (no `crit`, no `kid`).
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    typ: String,
    alg: String,
    jwk: Jwk,
}

/// What a proof says (RFC 9449 §4.2). The nonce is not optional here.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    jti: String,
    htm: String,
    htu: String,
    iat: i64,
    nonce: String,
    ath: String,
}

/// The request that a proof must be about.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// Its method.
    pub method: &'a str,
    /// Its host and path: `crm.example.com/api/v1/devices`.
    pub address: &'a str,
    /// It came by TLS to this very server: the proof must name `https`. Behind a proxy or on loopback it may name either.
    pub tls: bool,
    /// The session's token.
    pub token: &'a str,
}

impl Asked<'_> {
    fn is_named(&self, htu: &str) -> bool {
        let plain = htu.strip_prefix("http://").filter(|_| !self.tls);
        htu.strip_prefix("https://").or(plain) == Some(self.address)
    }
}

/// Why a proof counts for nothing. Callers hear one word for all but the nonce.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bad {
    /// It is no proof, is for another request or session, is too old, or is not signed by its key.
    Proof,
    /// It has no nonce of ours, or an old one: a new one is to be used.
    Nonce,
    /// It was shown before.
    Again,
}

/// A proof that holds for the request, not yet known to be the first of its kind.
#[derive(Debug)]
pub(crate) struct Proof {
    pub(crate) key: PublicKey,
    /// Names this proof among all: its key and its `jti`.
    pub(crate) once: [u8; 32],
}

impl Proof {
    /// Reads a proof strictly and checks it against the request. `fresh` says whether a nonce is ours and recent.
    pub(crate) fn check(
        text: &str,
        asked: &Asked<'_>,
        now: Timestamp,
        fresh: impl Fn(&str) -> bool,
    ) -> Result<Self, Bad> {
        let mut parts = text.split('.');
        let (Some(header), Some(claims), Some(signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(Bad::Proof);
        };
        if text.len() > LONGEST {
            return Err(Bad::Proof);
        }
        let head: Header = read(header)?;
        if head.typ != "dpop+jwt" || head.alg != "ES256" {
            return Err(Bad::Proof);
        }
        let key = PublicKey::read(&head.jwk).ok_or(Bad::Proof)?;
        let signed = &text[..header.len() + 1 + claims.len()];
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| Bad::Proof)?;
        let said: Claims = read(claims)?;
        if !key.verifies(signed.as_bytes(), &signature) {
            return Err(Bad::Proof);
        }
        let right = said.htm == asked.method
            && asked.is_named(&said.htu)
            && said.ath == token_hash(asked.token)
            && (now.seconds() - said.iat).abs() <= WINDOW
            && (16..=64).contains(&said.jti.len());
        if !right {
            return Err(Bad::Proof);
        }
        if !fresh(&said.nonce) {
            return Err(Bad::Nonce);
        }
        let once = once(key.thumbprint(), &said.jti);
        Ok(Self { key, once })
    }
}

fn read<T: DeserializeOwned>(part: &str) -> Result<T, Bad> {
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| Bad::Proof)?;
    serde_json::from_slice(&bytes).map_err(|_| Bad::Proof)
}

/// The `ath` of a session's token (RFC 9449 §4.2): SHA-256. Its browser may know it; it opens nothing.
#[must_use]
pub fn token_hash(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, token.as_bytes()))
}

fn once(key: Thumbprint, jti: &str) -> [u8; 32] {
    let mut out = [0u8; 32];
    out.copy_from_slice(digest(&SHA256, &[&key.0[..], jti.as_bytes()].concat()).as_ref());
    out
}
