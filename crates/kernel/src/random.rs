//! Randomness as a parameter.

use std::sync::Mutex;

use aws_lc_rs::rand::{SecureRandom, SystemRandom};

/// A source of random bytes.
pub trait Random: Send + Sync {
    /// Fills the whole buffer.
    fn fill(&self, buffer: &mut [u8]);

    /// A uniformly random array.
    fn array<const N: usize>(&self) -> [u8; N]
    where
        Self: Sized,
    {
        let mut out = [0u8; N];
        self.fill(&mut out);
        out
    }
}

/// The operating system's randomness: the only source outside tests and seeded demo data.
#[derive(Default)]
pub struct OsRandom(SystemRandom);

impl Random for OsRandom {
    fn fill(&self, buffer: &mut [u8]) {
        // A machine without randomness cannot keep secrets: stopping is the only safe answer.
        #[expect(clippy::expect_used, reason = "no safe way to go on without randomness")]
        self.0.fill(buffer).expect("the operating system has no randomness");
    }
}

/// SplitMix64, for tests and demo data: the same seed gives the same bytes. Never for keys of a real workspace.
pub struct SeededRandom(Mutex<u64>);

impl SeededRandom {
    /// A source that repeats itself for the same seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(seed))
    }

    /// The next 64 bits.
    pub fn next_u64(&self) -> u64 {
        let mut state = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = *state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number in `0..n` (`n` > 0); the modulo bias does not matter for demo data.
    pub fn below(&self, n: u64) -> u64 {
        self.next_u64() % n.max(1)
    }
}

impl Random for SeededRandom {
    fn fill(&self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(8) {
            let bytes = self.next_u64().to_le_bytes();
            chunk.copy_from_slice(&bytes[..chunk.len()]);
        }
    }
}
