//! What networks may do: which roles may work from where, and what happens outside of every zone.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::country::Country;
use super::table::Table;
use super::zone::{LOCAL, Zone};

/// What happens to somebody who comes from outside of every zone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unknown {
    /// They may work.
    #[default]
    Allow,
    /// They may work after a second factor.
    Challenge,
    /// They are refused.
    Refuse,
}

/// Zones and what follows from them, as stored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NetworkRules {
    /// The zones, by key.
    #[serde(default)]
    pub zones: Vec<Zone>,
    /// Role to the keys of zones from which its people may work. A role that is not listed, or with no zone, may work
    /// from everywhere. Whoever has several roles must satisfy each.
    #[serde(default)]
    pub roles: BTreeMap<String, BTreeSet<String>>,
    /// What happens outside of every zone.
    #[serde(default)]
    pub unknown: Unknown,
    /// Countries (ISO 3166-1 alpha-2) from which people may work outside of every zone; empty: any.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub countries: BTreeSet<Country>,
}

/// Where a request comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Whence {
    /// The address; `None` when it cannot be told.
    pub(crate) ip: Option<IpAddr>,
    /// A program on the server's own machine asks for itself.
    pub(crate) local: bool,
    /// The address's country, when a country file knows it.
    pub(crate) country: Option<Country>,
}

/// What the network rules say of somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// They may work.
    Allowed,
    /// They may work after a second factor.
    Challenged,
    /// They may not.
    Refused(NetworkRefusal),
}

/// Which network rule refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NetworkRefusal {
    /// This role works from certain zones only.
    Role(String),
    /// The address is in no zone.
    Unknown,
    /// The address is in no country from which people may work (or in one that nobody can tell).
    Country,
}

impl NetworkRefusal {
    /// The stable word for it.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            Self::Role(_) => "network_role",
            Self::Unknown => "network_unknown",
            Self::Country => "network_country",
        }
    }
}

/// The rules, ready to be asked at every request.
#[derive(Debug, Default)]
pub(crate) struct Compiled {
    pub(crate) rules: NetworkRules,
    table: Table,
}

impl Compiled {
    pub(crate) fn new(rules: NetworkRules) -> Self {
        Self { table: Table::new(&rules.zones), rules }
    }

    /// The zone, by key. The machine itself is a zone of its own.
    pub(crate) fn zone(&self, whence: &Whence) -> Option<&str> {
        if whence.local { Some(LOCAL) } else { whence.ip.and_then(|ip| self.table.zone(ip)) }
    }

    pub(crate) fn judge(&self, whence: &Whence, roles: &[String]) -> Verdict {
        if whence.local {
            // Whoever sits at the server can mend a rule that shuts everybody out.
            return Verdict::Allowed;
        }
        let zone = self.zone(whence);
        let narrow = roles.iter().find(|role| {
            let allowed = self.rules.roles.get(*role).filter(|zones| !zones.is_empty());
            allowed.is_some_and(|zones| zone.is_none_or(|z| !zones.contains(z)))
        });
        if let Some(role) = narrow {
            return Verdict::Refused(NetworkRefusal::Role(role.clone()));
        }
        if zone.is_some() {
            return Verdict::Allowed;
        }
        let countries = &self.rules.countries;
        if !countries.is_empty() && whence.country.is_none_or(|c| !countries.contains(&c)) {
            return Verdict::Refused(NetworkRefusal::Country);
        }
        match self.rules.unknown {
            Unknown::Allow => Verdict::Allowed,
            Unknown::Challenge => Verdict::Challenged,
            Unknown::Refuse => Verdict::Refused(NetworkRefusal::Unknown),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(unknown: Unknown) -> NetworkRules {
        let zone = |key: &str, range: &str| Zone::parse(key, key, &[range.to_owned()]).unwrap();
        NetworkRules {
            zones: vec![zone("office", "10.0.0.0/8"), zone("depot", "10.9.0.0/16")],
            roles: [("sales".to_owned(), ["office".to_owned()].into()), ("service".to_owned(), [].into())]
                .into(),
            unknown,
            countries: BTreeSet::new(),
        }
    }

    fn from(ip: &str) -> Whence {
        Whence { ip: ip.parse().ok(), ..Whence::default() }
    }

    fn judge(rules: &NetworkRules, whence: &Whence, roles: &[&str]) -> Verdict {
        let roles: Vec<String> = roles.iter().map(|r| (*r).to_owned()).collect();
        Compiled::new(rules.clone()).judge(whence, &roles)
    }

    #[test]
    fn a_role_with_zones_works_from_there_only() {
        let rules = rules(Unknown::Allow);
        assert_eq!(judge(&rules, &from("10.1.1.1"), &["sales"]), Verdict::Allowed);
        let refused = Verdict::Refused(NetworkRefusal::Role("sales".to_owned()));
        assert_eq!(judge(&rules, &from("10.9.1.1"), &["sales"]), refused, "the narrower zone counts");
        assert_eq!(judge(&rules, &from("192.0.2.1"), &["sales"]), refused);
        assert_eq!(judge(&rules, &from("10.9.1.1"), &["service", "sales"]), refused, "every role must agree");
        assert_eq!(judge(&rules, &from("192.0.2.1"), &["service"]), Verdict::Allowed, "no zones: everywhere");
        assert_eq!(judge(&rules, &Whence::default(), &["sales"]), refused, "an address that nobody can tell");
    }

    #[test]
    fn outside_of_every_zone_the_unknown_rule_counts() {
        let outside = from("192.0.2.1");
        assert_eq!(judge(&rules(Unknown::Challenge), &outside, &["service"]), Verdict::Challenged);
        let refused = Verdict::Refused(NetworkRefusal::Unknown);
        assert_eq!(judge(&rules(Unknown::Refuse), &outside, &["service"]), refused);
        assert_eq!(judge(&rules(Unknown::Refuse), &from("10.9.0.1"), &["service"]), Verdict::Allowed);
    }

    #[test]
    fn countries_count_outside_of_zones_only_and_an_untold_one_is_refused() {
        let china: Country = "CN".parse().unwrap();
        let rules = NetworkRules { countries: [china].into(), ..rules(Unknown::Allow) };
        let inside = Whence { country: Some(china), ..from("192.0.2.1") };
        assert_eq!(judge(&rules, &inside, &["service"]), Verdict::Allowed);
        let refused = Verdict::Refused(NetworkRefusal::Country);
        assert_eq!(judge(&rules, &from("192.0.2.1"), &["service"]), refused);
        assert_eq!(judge(&rules, &from("10.9.0.1"), &["service"]), Verdict::Allowed);
    }

    #[test]
    fn the_machine_itself_is_never_shut_out() {
        let here = Whence { local: true, ..from("127.0.0.1") };
        assert_eq!(judge(&rules(Unknown::Refuse), &here, &["sales"]), Verdict::Allowed);
        let through_a_proxy = from("127.0.0.1");
        assert_ne!(judge(&rules(Unknown::Refuse), &through_a_proxy, &["sales"]), Verdict::Allowed);
    }
}
