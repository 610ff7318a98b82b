//! A device (设备): a browser with a key of its own, and what the company thinks of it.

use std::collections::HashMap;
use std::sync::Arc;

use kernel::{PersonId, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Conn, Sql};
use utoipa::ToSchema;
use uuid::Uuid;

use super::key::Thumbprint;
use crate::error::Error;

/// What the company thinks of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeviceState {
    /// Waits for an administrator.
    Pending,
    /// Trusted.
    Approved,
    /// Trusted no longer; its sessions have ended and none opens with it again.
    Revoked,
}

impl DeviceState {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Revoked => "revoked",
        }
    }

    fn read(word: &str) -> Option<Self> {
        [Self::Pending, Self::Approved, Self::Revoked].into_iter().find(|s| s.as_str() == word)
    }
}

/// An enrolled device of a person. A browser that two people use is a device of each.
#[derive(Clone, Debug)]
pub(crate) struct Device {
    pub(crate) id: Uuid,
    pub(crate) person: PersonId,
    pub(crate) thumbprint: Thumbprint,
    pub(crate) name: String,
    pub(crate) platform: String,
    pub(crate) state: DeviceState,
    pub(crate) company_owned: bool,
    pub(crate) first_seen: Timestamp,
    pub(crate) last_seen: Timestamp,
}

/// All devices, found in memory by every request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    by_id: HashMap<Uuid, Arc<Device>>,
    by_key: HashMap<(PersonId, Thumbprint), Uuid>,
}

impl Known {
    pub(crate) fn get(&self, id: Uuid) -> Option<&Arc<Device>> {
        self.by_id.get(&id)
    }

    pub(crate) fn find(&self, person: PersonId, key: Thumbprint) -> Option<&Arc<Device>> {
        self.by_key.get(&(person, key)).and_then(|id| self.by_id.get(id))
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Arc<Device>> {
        self.by_id.values()
    }

    pub(crate) fn put(&mut self, device: Device) {
        self.by_key.insert((device.person, device.thumbprint), device.id);
        self.by_id.insert(device.id, Arc::new(device));
    }
}

pub(crate) fn load(conn: &mut dyn Conn) -> Result<Known, Error> {
    let mut known = Known::default();
    let all = "SELECT id, person, thumbprint, name, platform, state, company_owned, first_seen, last_seen FROM device";
    for row in conn.query(all, &[])? {
        let thumbprint = <[u8; 32]>::try_from(row.get_blob(2)?).map_err(|_| Error::Corrupt)?;
        known.put(Device {
            id: row.get_id(0)?,
            person: PersonId(row.get_id(1)?),
            thumbprint: Thumbprint(thumbprint),
            name: row.get_text(3)?.to_owned(),
            platform: row.get_text(4)?.to_owned(),
            state: DeviceState::read(row.get_text(5)?).ok_or(Error::Corrupt)?,
            company_owned: row.get_int(6)? != 0,
            first_seen: Timestamp(row.get_int(7)?),
            last_seen: Timestamp(row.get_int(8)?),
        });
    }
    Ok(known)
}

pub(crate) fn insert(conn: &mut dyn Conn, device: &Device) -> Result<(), Error> {
    let mut sql = Sql::new(conn.engine());
    sql.push(
        "INSERT INTO device(id, person, thumbprint, name, platform, state, company_owned, first_seen, last_seen) VALUES (",
    );
    sql.param(device.id).push(", ").param(device.person.0).push(", ").param(&device.thumbprint.0).push(", ");
    sql.param(device.name.as_str()).push(", ").param(device.platform.as_str()).push(", ");
    sql.param(device.state.as_str()).push(", ").param(i64::from(device.company_owned)).push(", ");
    sql.param(device.first_seen.0).push(", ").param(device.last_seen.0).push(")");
    conn.execute(sql.text(), &sql.params())?;
    Ok(())
}

pub(crate) fn update(conn: &mut dyn Conn, device: &Device) -> Result<(), Error> {
    let mut sql = Sql::new(conn.engine());
    sql.push("UPDATE device SET name = ").param(device.name.as_str());
    sql.push(", state = ").param(device.state.as_str());
    sql.push(", company_owned = ").param(i64::from(device.company_owned));
    sql.push(", last_seen = ").param(device.last_seen.0).push(" WHERE id = ").param(device.id);
    conn.execute(sql.text(), &sql.params())?;
    Ok(())
}
