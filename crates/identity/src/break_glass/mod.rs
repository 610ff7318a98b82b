//! The break-glass account (应急账户): a sealed emergency administrator. Two custodians hold one code each, which they
//! collect themselves, so that nobody ever sees two; both codes within ten minutes open one session of an hour. Every
//! step alarms, everything the session does is marked, and the codes are spent: new ones must be given out.

mod opening;
mod seal;
mod view;

use arc_swap::ArcSwapOption;
use kernel::{PersonId, Timestamp};
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use store::Conn;

use crate::error::Error;

pub use opening::Opening;
pub use seal::NewSeal;
pub use view::{BreakGlassState, BreakGlassView, CustodianView};

/// How long a break-glass session lasts, in seconds.
pub const SESSION: i64 = 3_600;
/// Within how many seconds of the first code the second must come.
pub const WINDOW: i64 = 600;

/// The setting under which the seal is stored.
const SETTING: &str = "break_glass";

/// The seal, as stored. Codes exist as Argon2id hashes only.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Seal {
    /// The account it opens.
    account: PersonId,
    custodians: Vec<Custodian>,
    sealed_at: Timestamp,
    /// When it was opened last; its codes are spent since.
    opened_at: Option<Timestamp>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Custodian {
    person: PersonId,
    /// Hash of the code, once it is collected.
    code: Option<String>,
}

impl std::fmt::Debug for Custodian {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Custodian({}, {})", self.person, if self.code.is_some() { "collected" } else { "waiting" })
    }
}

/// The seal in force, and a first code that waits for its second.
#[derive(Default)]
pub(crate) struct BreakGlass {
    seal: ArcSwapOption<Seal>,
    half: Mutex<Option<Half>>,
}

/// A custodian's code was given.
#[derive(Clone, Copy)]
struct Half {
    custodian: PersonId,
    until: Timestamp,
}

/// Reads the seal.
pub(crate) fn load(conn: &mut dyn Conn) -> Result<BreakGlass, Error> {
    let seal = match store::settings::get(conn, SETTING)? {
        Some(text) => Some(serde_json::from_str(&text).map_err(|_| Error::Corrupt)?),
        None => None,
    };
    Ok(BreakGlass { seal: ArcSwapOption::from_pointee(seal), half: Mutex::default() })
}

fn put(conn: &mut dyn Conn, seal: &Seal) -> Result<(), Error> {
    let body = serde_json::to_string(seal).map_err(|_| Error::Corrupt)?;
    Ok(store::settings::put(conn, SETTING, &body)?)
}
