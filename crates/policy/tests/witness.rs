//! What must not compile (DESIGN 3.1). One crate with all cases is built by cargo once.
#![allow(clippy::unwrap_used, reason = "a test stops where its world is not as said")]

#[test]
fn a_permit_cannot_be_forged_or_used_for_something_else() {
    trybuild::TestCases::new().compile_fail("tests/witness/*.rs");
}
