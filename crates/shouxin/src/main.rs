//! The Shouxin binary.
fn main() {}
