//! A browser with a key of its own, as far as proofs go.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use axum::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::{Answer, Caller};

/// A key on P-256.
pub struct Device {
    key: EcdsaKeyPair,
}

impl Device {
    pub fn new() -> Self {
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key");
        Self { key }
    }

    fn jwk(&self) -> Value {
        let point = self.key.public_key().as_ref();
        let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        json!({ "kty": "EC", "crv": "P-256", "x": part(&point[1..33]), "y": part(&point[33..]) })
    }

    /// A proof with these claims.
    pub fn sign(&self, claims: &Value) -> String {
        self.sign_as(&json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": self.jwk() }), claims)
    }

    /// A proof with a header of one's own choice.
    pub fn sign_as(&self, header: &Value, claims: &Value) -> String {
        let encode = |v: &Value| URL_SAFE_NO_PAD.encode(v.to_string());
        let signed = format!("{}.{}", encode(header), encode(claims));
        let signature = self.key.sign(&SystemRandom::new(), signed.as_bytes()).expect("a signature");
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// The header of this key's proofs.
    pub fn header(&self) -> Value {
        json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": self.jwk() })
    }

    /// What a proof for this request must say, after the challenge.
    pub fn claims(method: &Method, path: &str, challenge: &Answer) -> Value {
        let body = challenge.json();
        json!({
            "jti": identity::random_token(),
            "htm": method.as_str(),
            "htu": format!("http://127.0.0.1:7878/api/v1{path}"),
            "iat": body["params"]["at"],
            "nonce": body["params"]["nonce"],
            "ath": body["params"]["ath"],
        })
    }

    /// Asks as a browser does: without a proof, and when one is demanded again with it.
    pub async fn ask(&self, caller: &Caller, method: Method, path: &str, body: Option<Value>) -> Answer {
        let first = caller.ask(method.clone(), path, body.clone()).await;
        if first.status != 401 || first.json()["key"] != "device_proof_needed" {
            return first;
        }
        let proof = self.sign(&Self::claims(&method, path, &first));
        caller.with("dpop", &proof).ask(method, path, body).await
    }

    /// Enrols with a session.
    pub async fn enrol(&self, caller: &Caller) -> Answer {
        let new = json!({ "name": "办公室电脑", "platform": "Chrome, Windows" });
        self.ask(caller, Method::POST, "/me/devices", Some(new)).await
    }

    /// Shows itself after a sign-in.
    pub async fn show(&self, caller: &Caller) -> Answer {
        self.ask(caller, Method::POST, "/me/devices/session", None).await
    }
}
