//! The API through the real router, on real stores, told as stories of a small company.

mod attacks;
mod break_glass;
mod conditional;
mod connections;
mod devices;
mod documents;
mod factors;
mod imports;
mod leavers;
mod life;
mod limits;
mod networks;
mod numbers;
mod people;
mod reveals;
mod sessions;
mod setup;
#[path = "../common/mod.rs"]
mod world;
