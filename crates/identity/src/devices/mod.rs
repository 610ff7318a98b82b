//! Devices (设备): each browser may enrol a key that never leaves it (ECDSA P-256, not exportable). A session that is
//! bound to a device proves possession of the key on sensitive requests (RFC 9449), so that a stolen cookie alone does
//! not open them; rules say which devices a role may work on; a revoked device ends its sessions at once.

mod change;
mod device;
mod enrol;
mod key;
mod nonce;
mod proof;
mod rules;
mod view;

use std::sync::Arc;

use arc_swap::ArcSwap;
use kernel::Random;
use store::Conn;

use crate::error::Error;

pub use change::{DeviceChange, DeviceRulesChange};
pub use device::DeviceState;
pub use enrol::NewDevice;
pub use proof::{Asked, token_hash};
pub(crate) use rules::Missing;
pub use rules::{DeviceDemand, DeviceRules};
pub use view::DeviceView;

/// The setting under which the rules are stored.
const SETTING: &str = "devices";

/// Table of the devices.
pub(crate) const TABLE: &str = "CREATE TABLE device(id {BLOB} PRIMARY KEY, person {BLOB} NOT NULL, \
    thumbprint {BLOB} NOT NULL, name TEXT NOT NULL, platform TEXT NOT NULL, state TEXT NOT NULL, \
    company_owned BIGINT NOT NULL, first_seen BIGINT NOT NULL, last_seen BIGINT NOT NULL, \
    UNIQUE(person, thumbprint))";

/// The devices and rules in force, and what proofs need.
pub(crate) struct Devices {
    known: ArcSwap<device::Known>,
    rules: ArcSwap<DeviceRules>,
    nonces: nonce::Nonces,
}

impl Devices {
    /// Every device, as known at this moment.
    pub(crate) fn known(&self) -> Arc<device::Known> {
        self.known.load_full()
    }
}

/// Reads the devices and their rules.
pub(crate) fn load(conn: &mut dyn Conn, random: &dyn Random) -> Result<Devices, Error> {
    let rules = match store::settings::get(conn, SETTING)? {
        Some(text) => serde_json::from_str(&text).map_err(|_| Error::Corrupt)?,
        None => DeviceRules::default(),
    };
    Ok(Devices {
        known: ArcSwap::from_pointee(device::load(conn)?),
        rules: ArcSwap::from_pointee(rules),
        nonces: nonce::Nonces::new(random),
    })
}

impl crate::Inner {
    /// Reads the devices anew after another module changed their rows.
    pub(crate) async fn reread_devices(&self) -> Result<(), Error> {
        let known = self.store.read(device::load).await?;
        self.devices.known.store(Arc::new(known));
        Ok(())
    }
}
