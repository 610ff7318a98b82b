//! Passwords: strength, hashing in a bounded queue, initial ones.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use utoipa::ToSchema;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use kernel::Random;
use serde::Serialize;
use tokio::sync::Semaphore;

use crate::error::Error;

/// OWASP's minimum: 19 MiB, 2 passes, 1 lane: about 27 ms.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
/// Hashes computed at once: one, so that a storm of sign-ins leaves a core to everybody else.
const AT_ONCE: usize = 1;
/// Sign-ins that may wait; beyond, the answer is "busy" at once.
const WAITING: usize = 64;
/// Shortest password, in characters.
pub const SHORTEST: usize = 10;
/// Longest password, in bytes: hashing must not become an attack.
const LONGEST: usize = 256;
/// Least zxcvbn score.
const LEAST_SCORE: u8 = 3;

/// Common in China and unknown to zxcvbn's English lists; matched as whole passwords and as their larger part.
const COMMON: &str = include_str!("common_passwords.txt");

/// How good a password is.
#[derive(Debug, Serialize, ToSchema)]
pub struct PasswordReport {
    /// 0 (guessed at once) to 4.
    pub score: u8,
    /// It may be used.
    pub ok: bool,
    /// Keys of what is wrong: `too_short`, `too_long`, `too_common`, `contains_name`, `too_weak`.
    pub problems: Vec<&'static str>,
}

/// Judges a password for a person.
#[must_use]
pub fn check(password: &str, login: &str, name: &str) -> PasswordReport {
    let lower = password.to_lowercase();
    let mut problems = Vec::new();
    if password.chars().count() < SHORTEST {
        problems.push("too_short");
    }
    if password.len() > LONGEST {
        return PasswordReport { score: 0, ok: false, problems: vec!["too_long"] };
    }
    let common = COMMON.lines().map(str::trim).filter(|l| !l.is_empty()).any(|word| {
        lower == word || (word.len() >= 6 && lower.contains(word) && word.len() * 3 >= lower.len() * 2)
    });
    if common {
        problems.push("too_common");
    }
    let names = [login.to_lowercase(), name.to_lowercase()];
    if names.iter().any(|n| n.chars().count() >= 2 && lower.contains(n.as_str())) {
        problems.push("contains_name");
    }
    let hints: Vec<&str> = names.iter().map(String::as_str).filter(|n| !n.is_empty()).collect();
    let mut score = u8::from(zxcvbn::zxcvbn(password, &hints).score());
    if common {
        score = score.min(1);
    }
    if score < LEAST_SCORE && problems.is_empty() {
        problems.push("too_weak");
    }
    PasswordReport { score, ok: problems.is_empty(), problems }
}

/// An initial password: 16 characters without look-alikes, in groups.
#[must_use]
pub fn random_password(random: &dyn Random) -> String {
    const ALPHABET: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let mut out = String::new();
    while out.len() < 19 {
        let mut byte = [0u8; 1];
        random.fill(&mut byte);
        // Rejection keeps every character equally likely.
        if usize::from(byte[0]) < ALPHABET.len() * 8 {
            if out.len() % 5 == 4 {
                out.push('-');
            }
            out.push(char::from(ALPHABET[usize::from(byte[0]) % ALPHABET.len()]));
        }
    }
    out
}

fn argon() -> Result<Argon2<'static>, Error> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).map_err(|_| Error::Corrupt)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Hashes now, on this thread: for founding and seeding.
pub(crate) fn hash_now(password: &str, random: &dyn Random) -> Result<String, Error> {
    let mut salt = [0u8; 16];
    random.fill(&mut salt);
    let hash = argon()?.hash_password_with_salt(password.as_bytes(), &salt).map_err(|_| Error::Corrupt)?;
    Ok(hash.to_string())
}

/// Whether a hash was made with other parameters than the present ones; it is renewed at the next sign-in.
pub(crate) fn is_outdated(hash: &str) -> bool {
    !hash.starts_with(&format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p=1$"))
}

/// Hashing in a bounded queue.
pub(crate) struct Hasher {
    room: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
}

impl Default for Hasher {
    fn default() -> Self {
        Self { room: Arc::new(Semaphore::new(AT_ONCE)), waiting: Arc::default() }
    }
}

/// A place in the queue. Given back however the waiting ends: a browser may hang up.
struct Place(Arc<AtomicUsize>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Hasher {
    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
        let before = self.waiting.fetch_add(1, Ordering::AcqRel);
        let place = Place(self.waiting.clone());
        if before >= WAITING {
            return Err(Error::Busy);
        }
        let turn = self.room.clone().acquire_owned().await.map_err(|_| Error::Busy)?;
        drop(place);
        // The turn ends with the work, not with the request: those who hang up cannot make it run twice at once.
        let done = tokio::task::spawn_blocking(move || {
            let out = work();
            drop(turn);
            out
        });
        done.await.map_err(|_| Error::Busy)
    }

    /// Hashes a new password.
    pub(crate) async fn hash(&self, password: String, salt: [u8; 16]) -> Result<String, Error> {
        self.run(move || {
            let hash =
                argon()?.hash_password_with_salt(password.as_bytes(), &salt).map_err(|_| Error::Corrupt)?;
            Ok(hash.to_string())
        })
        .await?
    }

    /// Whether the password is the hashed one. Costs the same for an account that does not exist (`None`).
    pub(crate) async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, Error> {
        if password.len() > LONGEST {
            return Ok(false);
        }
        self.run(move || match hash {
            Some(hash) => {
                let Ok(parsed) = PasswordHash::new(&hash) else { return Err(Error::Corrupt) };
                Ok(argon()?.verify_password(password.as_bytes(), &parsed).is_ok())
            }
            None => {
                let _ = argon()?.hash_password_with_salt(password.as_bytes(), &[0u8; 16]);
                Ok(false)
            }
        })
        .await?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_passwords_are_told_why() {
        for (password, problem) in [
            ("short", "too_short"),
            ("woaini1314520", "too_common"),
            ("zhangwei88aa!", "contains_name"),
            ("aaaaaaaaaaaa", "too_weak"),
        ] {
            let report = check(password, "zhangwei", "张伟");
            assert!(!report.ok && report.problems.contains(&problem), "{password}: {report:?}");
        }
        assert!(check("cloud-River_42 tea", "zhangwei", "张伟").ok);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn those_who_hang_up_give_their_place_back() {
        let hasher = Arc::new(Hasher::default());
        let blocked = hasher.room.clone().acquire_owned().await.unwrap();
        let mut waiting = Vec::new();
        for _ in 0..WAITING {
            let hasher = hasher.clone();
            waiting.push(tokio::spawn(async move { hasher.run(|| ()).await }));
        }
        while hasher.waiting.load(Ordering::Acquire) < WAITING {
            tokio::task::yield_now().await;
        }
        assert!(matches!(hasher.run(|| ()).await, Err(Error::Busy)), "the queue is bounded");
        for task in waiting {
            task.abort();
            let _ = task.await;
        }
        drop(blocked);
        assert!(hasher.run(|| ()).await.is_ok(), "their places are free again");
        assert_eq!(hasher.waiting.load(Ordering::Acquire), 0);
    }

    #[test]
    fn a_hash_knows_its_age() {
        let fresh = hash_now("correct horse", &kernel::SeededRandom::new(1)).unwrap();
        assert!(!is_outdated(&fresh));
        assert!(is_outdated(&fresh.replace("m=19456", "m=8192")));
    }
}
