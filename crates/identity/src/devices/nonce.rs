//! Nonces and proofs seen: a proof is made for us, lately, and counts once.

use std::collections::HashMap;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::{Random, Timestamp};
use parking_lot::Mutex;

use super::proof::{Bad, WINDOW};

/// A nonce is given out for so long, in seconds, and taken for as long again.
const STEP: i64 = 120;
/// Proofs remembered at most: beyond, nobody is believed until some are old (some 5 MB).
const MOST_SEEN: usize = 50_000;
/// Bytes of a nonce's seal.
const SEAL: usize = 16;

/// Gives nonces out and remembers proofs. A nonce is the time it was made at, sealed with a key of this run of the
/// server: nothing to store, and a restart makes all of them old.
pub(crate) struct Nonces {
    key: Key,
    seen: Mutex<HashMap<[u8; 32], Timestamp>>,
}

impl Nonces {
    pub(crate) fn new(random: &dyn Random) -> Self {
        let mut bytes = [0u8; 32];
        random.fill(&mut bytes);
        Self { key: Key::new(HMAC_SHA256, &bytes), seen: Mutex::default() }
    }

    /// The nonce of the present moment.
    pub(crate) fn give(&self, now: Timestamp) -> String {
        URL_SAFE_NO_PAD.encode(self.at(now.seconds().div_euclid(STEP)))
    }

    fn at(&self, step: i64) -> [u8; SEAL] {
        let mut seal = [0u8; SEAL];
        seal.copy_from_slice(&sign(&self.key, &step.to_be_bytes()).as_ref()[..SEAL]);
        seal
    }

    /// Whether a nonce is one that was given lately.
    pub(crate) fn is_fresh(&self, nonce: &str, now: Timestamp) -> bool {
        let step = now.seconds().div_euclid(STEP);
        let Ok(given) = URL_SAFE_NO_PAD.decode(nonce) else { return false };
        [step, step - 1].iter().any(|s| verify_slices_are_equal(&self.at(*s), &given).is_ok())
    }

    /// Counts a proof, if it is the first with its name.
    pub(crate) fn count(&self, once: [u8; 32], now: Timestamp) -> Result<(), Bad> {
        let mut seen = self.seen.lock();
        if seen.len() >= MOST_SEEN {
            seen.retain(|_, until| *until >= now);
            if seen.len() >= MOST_SEEN {
                return Err(Bad::Again);
            }
        }
        // A proof's time may lie a window ahead of ours, and it then holds for another.
        let until = now.plus_seconds(2 * WINDOW + 1);
        match seen.insert(once, until) {
            Some(before) if before >= now => Err(Bad::Again),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel::SeededRandom;

    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp(0).plus_seconds(1_700_000_000 + seconds)
    }

    #[test]
    fn a_nonce_is_taken_for_a_while_and_from_its_server_only() {
        let nonces = Nonces::new(&SeededRandom::new(1));
        let nonce = nonces.give(at(0));
        assert!(nonces.is_fresh(&nonce, at(STEP)));
        assert!(!nonces.is_fresh(&nonce, at(3 * STEP)));
        assert!(!nonces.is_fresh(&nonce, at(-2 * STEP)));
        assert!(!Nonces::new(&SeededRandom::new(2)).is_fresh(&nonce, at(0)));
        assert!(!nonces.is_fresh("", at(0)));
    }

    #[test]
    fn a_proof_counts_once() {
        let nonces = Nonces::new(&SeededRandom::new(1));
        assert_eq!(nonces.count([1; 32], at(0)), Ok(()));
        assert_eq!(nonces.count([1; 32], at(100)), Err(Bad::Again));
        assert_eq!(nonces.count([2; 32], at(0)), Ok(()));
    }

    #[test]
    fn when_too_many_proofs_are_remembered_none_is_forgotten_early() {
        let nonces = Nonces::new(&SeededRandom::new(1));
        for n in 0..MOST_SEEN {
            let mut once = [0u8; 32];
            once[..8].copy_from_slice(&n.to_be_bytes());
            assert_eq!(nonces.count(once, at(0)), Ok(()));
        }
        assert_eq!(nonces.count([255; 32], at(1)), Err(Bad::Again));
        assert_eq!(nonces.count([255; 32], at(2 * WINDOW + 2)), Ok(()));
    }
}
