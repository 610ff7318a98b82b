//! The promises of the house, held against the real router on real stores.

mod canaries;
mod lists;
mod outsiders;
mod reads;
mod refusals;
mod swapping;
#[allow(dead_code, unused_imports, reason = "the stories here need a part of the world only")]
#[path = "../common/mod.rs"]
mod world;
