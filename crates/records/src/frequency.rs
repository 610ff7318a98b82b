//! How many documents hold a token, roughly: a count-min sketch (Cormode and Muthukrishnan, 2005). The true number is
//! never above what it says. A search asks the index for the rarest terms only: the lists of the common ones are long,
//! and hits are checked against the text anyway.

/// Counters per row: tokens that share one inflate each other.
const SLOTS: usize = 1 << 16;
/// Rows with hashes of their own; the smallest counter is the closest.
const ROWS: usize = 2;
/// Documents after which the counts are written down. They steer, they decide nothing: a crash may lose the last.
const SAVE_AFTER: u32 = 20_000;

/// Counts of one object's tokens.
pub(crate) struct Frequencies {
    counts: Vec<u32>,
    unsaved: u32,
}

impl Frequencies {
    /// As it was written down; from nothing when that does not fit.
    pub(crate) fn read(saved: Option<&[u8]>) -> Self {
        let mut counts = vec![0; SLOTS * ROWS];
        if let Some(saved) = saved.filter(|s| s.len() == counts.len() * 4) {
            for (count, bytes) in counts.iter_mut().zip(saved.chunks_exact(4)) {
                *count = u32::from_le_bytes(bytes.try_into().unwrap_or_default());
            }
        }
        Self { counts, unsaved: 0 }
    }

    /// Counts a new document by its tokens, which stand between spaces.
    pub(crate) fn add(&mut self, tokens: &str) {
        for token in tokens.split_ascii_whitespace() {
            for slot in slots(token) {
                self.counts[slot] = self.counts[slot].saturating_add(1);
            }
        }
        self.unsaved += 1;
    }

    /// About how many documents hold a token: at least as many as do.
    pub(crate) fn of(&self, token: &str) -> u32 {
        slots(token).map(|slot| self.counts[slot]).into_iter().min().unwrap_or(0)
    }

    /// What should be written down now, if it is time.
    pub(crate) fn due(&mut self) -> Option<Vec<u8>> {
        if self.unsaved < SAVE_AFTER {
            return None;
        }
        self.unsaved = 0;
        Some(self.counts.iter().flat_map(|count| count.to_le_bytes()).collect())
    }
}

/// A counter in each row (FNV-1a, its halves).
fn slots(token: &str) -> [usize; ROWS] {
    let hash = token.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let [a, b, c, d, e, f, ..] = hash.to_le_bytes();
    let first = usize::from(u16::from_le_bytes([a, b])) ^ usize::from(u16::from_le_bytes([e, f]));
    [first, SLOTS + usize::from(u16::from_le_bytes([c, d]))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_common_and_the_rare_are_told_apart_also_after_a_restart() {
        let mut counted = Frequencies::read(None);
        for n in 0..SAVE_AFTER {
            assert!(counted.due().is_none());
            counted.add(&format!("a上海 a有限 b{n:x}q "));
        }
        counted.add("a远山 a上海");
        let again = Frequencies::read(counted.due().as_deref());
        assert!(counted.due().is_none());
        for counts in [&counted, &again] {
            assert!(counts.of("a上海") > SAVE_AFTER);
            assert!((1..20).contains(&counts.of("a远山")), "{}", counts.of("a远山"));
            assert!(counts.of("c上海") < 20);
        }
        assert_eq!(Frequencies::read(Some(b"short")).of("a上海"), 0);
    }
}
