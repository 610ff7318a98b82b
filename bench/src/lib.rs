//! Seeded generator of a believable company, and load
