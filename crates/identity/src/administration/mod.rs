//! Administration of people, departments and roles: each change with its entry, in one transaction, acting at once.

mod branch;
mod change;
mod checks;
mod departments;
mod own;
mod passwords;
pub(crate) mod people;
mod roles;
mod rows;

use kernel::DepartmentId;
use ledger::Actor;
use policy::Principal;
use serde::Deserialize;

use crate::error::Error;

pub use branch::OfficeChange;
pub use change::PersonChange;
pub use departments::DepartmentChange;
pub use people::NewPerson;
pub use roles::NewRole;
pub(crate) use rows::{put_department, put_roles};

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

/// Most departments of one person.
const MOST_DEPARTMENTS: usize = 20;

/// The departments of a person, the main one first: from the one or from the list.
pub(crate) fn homes(one: Option<DepartmentId>, several: &[DepartmentId]) -> Result<Vec<DepartmentId>, Error> {
    let mut homes: Vec<DepartmentId> = Vec::new();
    for department in one.iter().chain(several) {
        if !homes.contains(department) {
            homes.push(*department);
        }
    }
    let complaint = |key, text: String| Err(Error::Invalid("department_id", key, text));
    match homes.len() {
        0 => complaint("required", "choose a department".to_owned()),
        n if n > MOST_DEPARTMENTS => complaint("too_many", format!("at most {MOST_DEPARTMENTS} departments")),
        _ => Ok(homes),
    }
}
