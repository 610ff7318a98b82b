//! The network rules as administrators see them.

use serde::Serialize;
use utoipa::ToSchema;

use super::country::Country;
use super::rules::{NetworkRules, Verdict};
use crate::Identity;
use crate::facts::RequestFacts;

/// The network rules, and where the caller is.
#[derive(Serialize, ToSchema)]
pub struct NetworksView {
    /// Zones, roles, what happens outside.
    #[serde(flatten)]
    pub rules: NetworkRules,
    /// The caller's own place.
    pub here: PlaceView,
    /// Whether a country file is in use; without one no country can be told.
    pub countries_known: bool,
}

/// A place and what the rules say of it.
#[derive(Serialize, ToSchema)]
pub struct PlaceView {
    /// The address.
    pub ip: Option<String>,
    /// The key of its zone; `local` for the server's own machine.
    pub zone: Option<String>,
    /// Its country, when the country file knows it.
    #[schema(value_type = Option<String>)]
    pub country: Option<Country>,
    /// `allowed`, `challenged`, or the word for the refusal, for somebody with the roles asked about.
    pub verdict: &'static str,
}

impl Verdict {
    /// The word in the API.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Challenged => "challenged",
            Self::Refused(refusal) => refusal.key(),
        }
    }
}

impl Identity {
    /// The network rules, and where the caller is.
    #[must_use]
    pub fn networks(&self, facts: &RequestFacts, roles: &[String]) -> NetworksView {
        let networks = &self.0.networks;
        NetworksView {
            rules: networks.compiled.load().rules.clone(),
            here: self.place(facts, roles),
            countries_known: networks.countries.load().is_some(),
        }
    }

    /// What the rules say of an address, for somebody with these roles.
    #[must_use]
    pub fn place(&self, facts: &RequestFacts, roles: &[String]) -> PlaceView {
        PlaceView {
            ip: facts.ip_text(),
            zone: self.0.zone(facts),
            country: facts.ip.and_then(|ip| self.0.networks.country(ip)),
            verdict: self.0.judge_network(facts, roles).key(),
        }
    }
}
