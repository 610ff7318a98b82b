//! Recovery codes: ten words for the day on which the telephone is lost, each good once.
//!
//! The set lies sealed and holds only salted hashes; which codes are spent is a bit each in the factor's counter.

use kernel::Random;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::password::random_password;
use crate::session::hash;

/// Codes in a set.
pub(super) const CODES: usize = 10;

/// Hashes of a set's codes, as sealed.
#[derive(Serialize, Deserialize)]
pub(super) struct Set {
    salt: String,
    hashes: Vec<String>,
}

/// Without spaces, hyphens and capitals: people copy from paper.
fn plain(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

fn hashed(salt: &str, code: &str) -> String {
    hex::encode(hash(&format!("{salt}:{}", plain(code))))
}

impl Set {
    /// A new set with its codes, which are shown once.
    pub(super) fn generate(random: &dyn Random) -> (Self, Vec<String>) {
        let salt = crate::session::random_token();
        let codes: Vec<String> = (0..CODES).map(|_| random_password(random)).collect();
        let hashes = codes.iter().map(|code| hashed(&salt, code)).collect();
        (Self { salt, hashes }, codes)
    }

    pub(super) fn bytes(&self) -> Result<Vec<u8>, Error> {
        serde_json::to_vec(self).map_err(|_| Error::Corrupt)
    }

    pub(super) fn read(bytes: &[u8]) -> Result<Self, Error> {
        serde_json::from_slice(bytes).map_err(|_| Error::Corrupt)
    }

    /// The bit of the code in the set's counter.
    pub(super) fn bit(&self, code: &str) -> Option<i64> {
        let wanted = hashed(&self.salt, code);
        let same =
            |have: &String| bool::from(subtle::ConstantTimeEq::ct_eq(have.as_bytes(), wanted.as_bytes()));
        let found: Vec<usize> =
            self.hashes.iter().enumerate().filter(|(_, have)| same(have)).map(|(i, _)| i).collect();
        found.first().map(|i| 1i64 << i)
    }
}

/// How many codes are left by the counter of spent ones.
pub(super) fn left(counter: i64) -> u32 {
    u32::try_from(CODES).unwrap_or(0).saturating_sub(counter.count_ones())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_found_as_people_type_it() {
        let (set, codes) = Set::generate(&kernel::SeededRandom::new(1));
        let set = Set::read(&set.bytes().unwrap()).unwrap();
        assert_eq!(codes.len(), CODES);
        for (i, code) in codes.iter().enumerate() {
            assert_eq!(set.bit(code), Some(1 << i));
            assert_eq!(set.bit(&code.to_uppercase().replace('-', " ")), Some(1 << i));
        }
        assert_eq!(set.bit("abcd-efgh-jkmn-pqrs"), None);
        assert_eq!(set.bit(""), None);
        assert_eq!((left(0), left(0b101)), (10, 8));
    }
}
