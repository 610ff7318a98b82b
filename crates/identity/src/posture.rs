//! How well the company is guarded, counted from what is in force.

use kernel::PersonId;
use policy::PersonStatus;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Identity;
use crate::break_glass::BreakGlassState;
use crate::devices::DeviceState;
use crate::networks::Unknown;

/// The security posture (安全态势).
#[derive(Serialize, ToSchema)]
pub struct Posture {
    /// Active people; the break-glass account is none.
    people: usize,
    /// Of these, with a second factor.
    with_second_factor: usize,
    /// Of these, with a device that is approved.
    with_device: usize,
    /// Devices that wait for approval.
    devices_waiting: usize,
    /// Network zones.
    zones: usize,
    /// What happens outside of every zone.
    unknown_networks: Unknown,
    /// Whether some role is bound to zones or devices.
    bound_roles: usize,
    /// How the break-glass account stands.
    break_glass: BreakGlassState,
}

impl Identity {
    /// The security posture of this moment.
    #[must_use]
    pub fn posture(&self, asking: PersonId) -> Posture {
        let inner = &self.0;
        let (company, known) = (inner.company.load(), inner.devices.known());
        let people: Vec<_> = company
            .people
            .values()
            .filter(|a| a.status == PersonStatus::Active)
            .filter(|a| !a.roles.iter().any(|r| r == policy::BREAK_GLASS))
            .collect();
        let approved: std::collections::HashSet<_> =
            known.all().filter(|d| d.state == DeviceState::Approved).map(|d| d.person).collect();
        let networks = inner.network_rules();
        let devices = self.device_rules();
        let bound = company
            .roles
            .iter()
            .filter(|r| networks.roles.contains_key(&r.key) || devices.roles.contains_key(&r.key));
        Posture {
            people: people.len(),
            with_second_factor: people.iter().filter(|a| company.has_factor(a.id)).count(),
            with_device: people.iter().filter(|a| approved.contains(&a.id)).count(),
            devices_waiting: known.all().filter(|d| d.state == DeviceState::Pending).count(),
            zones: networks.zones.len(),
            unknown_networks: networks.unknown,
            bound_roles: bound.count(),
            break_glass: self.break_glass(asking).state,
        }
    }
}
