//! The kernel: what every room of the house agrees on.
//!
//! Ids, time, randomness, values, the catalog (objects, fields, classes) and the one condition language.
//! It promises purity: no I/O, no clock and no randomness of its own; both come in as traits, so that a run
//! can be replayed from a seed. It never knows of SQL, HTTP or keys.

pub mod builtin;
pub mod catalog;
pub mod condition;
pub mod id;
pub mod random;
pub mod time;
pub mod value;
pub mod words;

pub use catalog::{Catalog, Class, Field, FieldType, Object};
pub use condition::Condition;
pub use id::{
    DepartmentId, GroupId, Ids, ImportId, PersonId, RecordId, RuleId, SessionId, SubjectId, WorkspaceId,
};
pub use random::{OsRandom, Random, SeededRandom};
pub use time::{Clock, FakeClock, SystemClock, Timestamp};
pub use value::Value;
