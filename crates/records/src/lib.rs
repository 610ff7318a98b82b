//! Records: the only door to customer data.
//!
//! Every request comes with a `policy::Permit` and leaves as a `ledger::Disclosure` (reads) or, when its entry
//! stood in the change's own transaction, as a `ledger::Disclosed` (writes). In between: rows are chosen by the
//! plan in SQL, values are decrypted, fields are cut to what the caller may see, restricted ones stay masks.
//! It promises: no value leaves without a decision and an entry (DESIGN 3.1); what is invisible answers as missing
//! (3.8); nothing personal is stored in clear (3.4). It never decides by itself who may do what.

mod activity;
mod aggregate;
mod audit;
mod counts;
mod door;
mod draft;
mod duplicates;
mod error;
mod filter;
mod frequency;
mod handover;
mod history;
pub mod import;
mod indexer;
mod input;
mod item;
mod list;
mod objects;
mod payload;
mod query;
mod read;
mod reveal;
mod sealing;
mod search;
mod search_index;
mod seed;
mod shape;
mod sheet;
mod sheet_names;
mod sheet_xlsx;
mod stats;
mod timeline;
mod tokens;
mod visible;
mod write;

pub use activity::{ActionTally, Activity, Marked};
pub use aggregate::{Aggregate, AggregateQuery};
pub use audit::{AuditEntry, AuditPage, AuditQuery, AuditSummary, Verification};
pub use counts::{COUNT_CAP, Count};
pub use door::{Foundations, MIGRATIONS, Records};
pub use duplicates::Duplicates;
pub use error::{Error, FieldError};
pub use handover::{HandOverView, Kept, OwnedRecords, Received};
pub use history::FieldChange;
pub use item::Item;
pub use objects::{FieldView, ObjectView};
pub use query::{DEFAULT_PAGE, ListQuery, MAX_PAGE};
pub use read::Page;
pub use reveal::{Budget, Revealed};
pub use search::{SearchHits, SearchQuery};
pub use seed::{SeedRecord, Seeder};
pub use timeline::{PersonRef, Related, Timeline, TimelineItem, TimelineQuery};
pub use write::{BulkReport, MAX_BULK, RefusedRecord};
