//! Administration of people, departments and roles: each change with its entry, in one transaction, acting at once.

mod checks;
mod departments;
mod own;
mod passwords;
mod people;
mod roles;

use ledger::Actor;
use policy::Principal;
use serde::Deserialize;

use crate::error::Error;

pub use departments::DepartmentChange;
pub use people::{NewPerson, PersonChange};
pub(crate) use people::{put_department, put_roles};
pub use roles::NewRole;

/// Tells `null` from absent.
pub(crate) fn some<'de, D: serde::Deserializer<'de>, T: Deserialize<'de>>(
    d: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(d).map(Some)
}

/// Who did it, for entries.
pub(crate) fn actor(who: &Principal) -> Actor {
    let device = who.device.map(|d| d.to_string());
    Actor::person(who.person).session(who.session).ip(who.ip.clone()).device(device)
}

/// A name: 1 to 100 characters.
pub(crate) fn bounded(field: &'static str, text: &str) -> Result<String, Error> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > 100 {
        return Err(Error::Invalid(field, "required", "give a name of at most 100 characters".to_owned()));
    }
    Ok(text.to_owned())
}

/// `field=value` for administrative entries: no personal values, only keys and ids.
pub(crate) fn after(field: &str, value: &str) -> Vec<String> {
    vec![format!("{field}={value}")]
}
