//! The server: HTTP API, its OpenAPI document, and the embedded web application.
//!
//! A handler reads like the sentence it implements: ask the policy, ask `records`, record the disclosure, reply.
//! It promises: customer data is answered with only after its ledger entry is durable (only [`Reply`] from a
//! `Disclosed` carries it); what is in the router is in the document; every limit is stated and answered with a clear
//! problem; nothing logged holds a value. It never touches the store or a key.

mod address;
mod api;
mod app;
mod body;
mod chores;
mod connection;
mod front;
mod layers;
mod limits;
mod metrics;
mod openapi;
mod problem;
mod refusals;
mod reply;
mod sensitive;
mod serve;
pub mod tls;
mod web;
mod who;
mod words;

pub use app::{App, FoundFuture, Founded, Founder, RecoveryKit, Workspace};
pub use chores::do_chores;
pub use connection::Patience;
pub use front::Front;
pub use limits::Rate;
pub use openapi::document;
pub use problem::Problem;
pub use reply::{Plain, Reply};
pub use serve::{Unsafe, check_address, router, serve};
