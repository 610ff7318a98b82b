//! Channels: mail files as rows of an import. They know nothing of rights, keys or the store.

mod mail;

use std::sync::Arc;

use records::import::Format;

/// The formats that imports learn from here.
#[must_use]
pub fn formats() -> Vec<Arc<dyn Format>> {
    vec![Arc::new(mail::Mbox), Arc::new(mail::Eml)]
}
