//! Identifiers: UUIDs behind a newtype per kind, so that a person can never stand where a record belongs.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::openapi::{KnownFormat, ObjectBuilder, RefOr, Schema, SchemaFormat, Type};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

use crate::random::Random;
use crate::time::{Clock, Timestamp};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// The 16 bytes as stored.
            #[must_use]
            pub fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }

            /// Reads the 16 stored bytes.
            #[must_use]
            pub fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                uuid_schema()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed("Id")
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(s).map(Self)
            }
        }
    )+};
}

/// Every kind of id looks the same from outside.
fn uuid_schema() -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)))
        .build()
        .into()
}

ids! {
    /// One company's isolated data, keys and ledger.
    WorkspaceId,
    /// A person of the company.
    PersonId,
    /// A department of the org tree.
    DepartmentId,
    /// A row of any object.
    RecordId,
    /// The customer or contact that a record is about; owner of data keys. Equals the subject's record id.
    SubjectId,
    /// A permission rule.
    RuleId,
    /// A signed-in session.
    SessionId,
    /// An import run.
    ImportId,
    /// A dynamic group of people.
    GroupId,
}

impl From<RecordId> for SubjectId {
    fn from(id: RecordId) -> Self {
        Self(id.0)
    }
}

/// Makes UUIDv7 ids (RFC 9562 §5.7) that rise strictly within one process: 48 bits of milliseconds, then a
/// 12-bit counter within the millisecond, then 62 random bits. Because ids rise, "newest first" is "id descending".
pub struct Ids {
    last: std::sync::Mutex<(u64, u16)>,
}

impl Default for Ids {
    fn default() -> Self {
        Self { last: std::sync::Mutex::new((0, 0)) }
    }
}

impl Ids {
    /// The next id. When the clock stands still or goes back, the counter (and then the millisecond) runs on.
    pub fn next<T: From<Uuid>>(&self, clock: &dyn Clock, random: &dyn Random) -> T {
        self.next_at(clock.now(), random)
    }

    /// The next id for a given moment.
    pub fn next_at<T: From<Uuid>>(&self, now: Timestamp, random: &dyn Random) -> T {
        let now_ms = u64::try_from(now.millis()).unwrap_or(0);
        let (ms, counter) = {
            let mut last = self.last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            *last = if now_ms > last.0 {
                (now_ms, 0)
            } else if last.1 < 0x0fff {
                (last.0, last.1 + 1)
            } else {
                (last.0 + 1, 0)
            };
            *last
        };
        let mut bytes = [0u8; 16];
        random.fill(&mut bytes[8..]);
        bytes[..6].copy_from_slice(&ms.to_be_bytes()[2..]);
        bytes[6..8].copy_from_slice(&(0x7000 | counter).to_be_bytes());
        bytes[8] = (bytes[8] & 0x3f) | 0x80;
        T::from(Uuid::from_bytes(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SeededRandom;
    use crate::time::FakeClock;

    #[test]
    fn ids_rise_even_when_the_clock_stands_still() {
        let (ids, clock, random) =
            (Ids::default(), FakeClock::at("2026-11-23T00:00:00Z"), SeededRandom::new(1));
        let mut last: RecordId = ids.next(&clock, &random);
        for _ in 0..10_000 {
            let next: RecordId = ids.next(&clock, &random);
            assert!(next > last);
            assert_eq!(next.0.get_version_num(), 7);
            last = next;
        }
    }
}
