//! The append-only, Merkle-hashed audit ledger
