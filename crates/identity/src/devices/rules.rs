//! Which devices the company wants, by role.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::device::{Device, DeviceState};

/// What is asked of the device somebody works on; later ones are stricter.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum DeviceDemand {
    /// Nothing.
    #[default]
    Any,
    /// On a device that is not known and approved, every proof counts as a password only.
    Known,
    /// Nothing opens but on an approved device; each needs an administrator's word.
    Approved,
    /// The same, and it must belong to the company.
    Company,
}

impl DeviceDemand {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Known => "known",
            Self::Approved => "approved",
            Self::Company => "company",
        }
    }
}

/// The device rules, as stored. Of several demands the strictest counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeviceRules {
    /// Of everybody.
    #[serde(default)]
    pub everyone: DeviceDemand,
    /// Of people with a role.
    #[serde(default)]
    pub roles: BTreeMap<String, DeviceDemand>,
}

/// How a session stands by its device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    /// It works on an approved device.
    pub(crate) trusted: bool,
    /// Proofs count in full.
    pub(crate) full: bool,
    /// Why nothing opens.
    pub(crate) missing: Option<Missing>,
}

/// What a session's device lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Missing {
    /// There is none: the browser must enrol its key, or show it.
    Device,
    /// It waits for approval.
    Approval,
    /// It is not the company's.
    Company,
}

impl DeviceRules {
    pub(crate) fn demand(&self, roles: &[String]) -> DeviceDemand {
        // Two custodians' codes stand for the device: in an emergency any browser must do.
        if roles.iter().any(|r| r == policy::BREAK_GLASS) {
            return DeviceDemand::Any;
        }
        let of_roles = roles.iter().filter_map(|r| self.roles.get(r).copied());
        of_roles.chain([self.everyone]).max().unwrap_or_default()
    }

    pub(crate) fn judge(&self, roles: &[String], device: Option<&Device>) -> Standing {
        let demand = self.demand(roles);
        let trusted = device.is_some_and(|d| d.state == DeviceState::Approved);
        let missing = match device {
            _ if demand < DeviceDemand::Approved => None,
            None => Some(Missing::Device),
            Some(_) if !trusted => Some(Missing::Approval),
            Some(d) if demand == DeviceDemand::Company && !d.company_owned => Some(Missing::Company),
            Some(_) => None,
        };
        Standing { trusted, full: trusted || demand == DeviceDemand::Any, missing }
    }
}

#[cfg(test)]
mod tests {
    use kernel::{PersonId, Timestamp};
    use uuid::Uuid;

    use super::super::key::Thumbprint;
    use super::*;

    fn device(state: DeviceState, company_owned: bool) -> Device {
        Device {
            id: Uuid::from_u128(1),
            person: PersonId(Uuid::from_u128(2)),
            thumbprint: Thumbprint([0; 32]),
            name: String::new(),
            platform: String::new(),
            state,
            company_owned,
            first_seen: Timestamp(0),
            last_seen: Timestamp(0),
        }
    }

    fn demanding(demand: DeviceDemand) -> DeviceRules {
        DeviceRules { everyone: DeviceDemand::Any, roles: [("sales".to_owned(), demand)].into() }
    }

    #[test]
    fn the_strictest_demand_counts() {
        let rules = DeviceRules { everyone: DeviceDemand::Known, ..demanding(DeviceDemand::Company) };
        let roles = |r: &[&str]| r.iter().map(|r| (*r).to_owned()).collect::<Vec<_>>();
        assert_eq!(rules.demand(&roles(&["service", "sales"])), DeviceDemand::Company);
        assert_eq!(rules.demand(&roles(&["service"])), DeviceDemand::Known);
    }

    #[test]
    fn what_each_demand_asks_for() {
        use DeviceState::{Approved, Pending};
        let sales = ["sales".to_owned()];
        let missing =
            |demand, device: Option<Device>| demanding(demand).judge(&sales, device.as_ref()).missing;
        assert_eq!(missing(DeviceDemand::Known, None), None);
        assert_eq!(missing(DeviceDemand::Approved, None), Some(Missing::Device));
        assert_eq!(missing(DeviceDemand::Approved, Some(device(Pending, true))), Some(Missing::Approval));
        assert_eq!(missing(DeviceDemand::Approved, Some(device(Approved, false))), None);
        assert_eq!(missing(DeviceDemand::Company, Some(device(Approved, false))), Some(Missing::Company));
        assert_eq!(missing(DeviceDemand::Company, Some(device(Approved, true))), None);
        let unknown = demanding(DeviceDemand::Known).judge(&sales, None);
        assert!(!unknown.full && !unknown.trusted);
        assert!(demanding(DeviceDemand::Any).judge(&sales, None).full);
    }
}
