//! Devices as people and administrators see them.

use kernel::{PersonId, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::device::{Device, DeviceState};
use super::rules::DeviceRules;
use crate::Identity;

/// A device.
#[derive(Serialize, ToSchema)]
pub struct DeviceView {
    id: Uuid,
    name: String,
    platform: String,
    state: DeviceState,
    company_owned: bool,
    first_seen: Timestamp,
    last_seen: Timestamp,
    /// The session that asks is bound to it.
    current: bool,
    /// Whose it is; for administrators.
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<OwnerView>,
}

#[derive(Serialize, ToSchema)]
struct OwnerView {
    id: PersonId,
    name: String,
}

impl DeviceView {
    pub(crate) fn of(device: &Device, current: bool) -> Self {
        Self {
            id: device.id,
            name: device.name.clone(),
            platform: device.platform.clone(),
            state: device.state,
            company_owned: device.company_owned,
            first_seen: device.first_seen,
            last_seen: device.last_seen,
            current,
            person: None,
        }
    }
}

impl Identity {
    /// A person's own devices, the latest used first.
    #[must_use]
    pub fn devices_of(&self, person: PersonId, current: Option<Uuid>) -> Vec<DeviceView> {
        let known = self.0.devices.known.load();
        let own = known.all().filter(|d| d.person == person);
        sorted(own.map(|d| DeviceView::of(d, current == Some(d.id))).collect())
    }

    /// Everybody's devices, those that wait first, then the latest used.
    #[must_use]
    pub fn devices(&self) -> Vec<DeviceView> {
        let (known, company) = (self.0.devices.known.load(), self.0.company.load());
        let view = |device: &Device| {
            let person = company.people.get(&device.person)?;
            let owner = OwnerView { id: person.id, name: person.name.clone() };
            Some(DeviceView { person: Some(owner), ..DeviceView::of(device, false) })
        };
        let mut all = sorted(known.all().filter_map(|d| view(d)).collect());
        all.sort_by_key(|d| d.state != DeviceState::Pending);
        all
    }

    /// The device rules in force.
    #[must_use]
    pub fn device_rules(&self) -> DeviceRules {
        (**self.0.devices.rules.load()).clone()
    }
}

fn sorted(mut all: Vec<DeviceView>) -> Vec<DeviceView> {
    all.sort_by(|a, b| b.last_seen.cmp(&a.last_seen).then(a.id.cmp(&b.id)));
    all
}
