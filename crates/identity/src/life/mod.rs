//! People's life in the company: facts about them, temporary roles, leaving, and what ends by itself.

mod due;
mod enders;
mod facts;
mod leave;
mod leaving;
mod undo;

pub(crate) use enders::end_access;
pub use facts::Employment;
pub(crate) use facts::{Facts, put_facts};
pub use leave::{LeaveRequest, Plan};
pub use leaving::{Ended, Leaving, LeavingState, LeavingView};

use store::Migration;

/// Facts, positions, groups and leavings.
pub(crate) const MIGRATION: Migration = Migration {
    name: "identity/life",
    sql: "CREATE TABLE person_facts(person {BLOB} PRIMARY KEY, body TEXT NOT NULL);
          CREATE TABLE position(key {TEXT} PRIMARY KEY, body TEXT NOT NULL);
          CREATE TABLE people_group(id {BLOB} PRIMARY KEY, body TEXT NOT NULL);
          CREATE TABLE leaving(id {BLOB} PRIMARY KEY, person {BLOB} NOT NULL, body TEXT NOT NULL);
          CREATE INDEX leaving_person ON leaving(person);",
};
