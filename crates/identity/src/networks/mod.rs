//! Networks (网络区域): from where people may work. Zones are named sets of address ranges; rules say which roles work
//! from which zones, and what happens outside of all. Asked at sign-in and at every request, from memory: a session
//! that moves to a forbidden network fails at its next request.

mod change;
mod country;
mod rules;
mod table;
mod view;
mod zone;

use std::net::IpAddr;
use std::sync::Arc;

use arc_swap::{ArcSwap, ArcSwapOption};
use store::Conn;

use crate::error::Error;
use crate::facts::RequestFacts;
use crate::{Identity, Inner};

pub use change::{NetworkRulesChange, ZoneChange};
pub use country::{BadCountryFile, Countries, Country, NoCountry};
pub(crate) use rules::Compiled;
pub(crate) use rules::Whence;
pub use rules::{NetworkRefusal, NetworkRules, Unknown, Verdict};
pub use view::{NetworksView, PlaceView};
pub use zone::{LOCAL, MOST_RANGES, MOST_ZONES, Zone};

/// The setting under which the rules are stored.
const SETTING: &str = "networks";

/// The network rules in force, and the countries.
#[derive(Default)]
pub(crate) struct Networks {
    compiled: ArcSwap<Compiled>,
    countries: ArcSwapOption<Countries>,
}

impl Networks {
    fn country(&self, ip: IpAddr) -> Option<Country> {
        self.countries.load().as_ref().and_then(|c| c.country(ip))
    }
}

/// Reads the network rules.
pub(crate) fn load(conn: &mut dyn Conn) -> Result<Networks, Error> {
    let rules = match store::settings::get(conn, SETTING)? {
        Some(text) => serde_json::from_str(&text).map_err(|_| Error::Corrupt)?,
        None => NetworkRules::default(),
    };
    Ok(Networks { compiled: ArcSwap::from_pointee(Compiled::new(rules)), countries: ArcSwapOption::empty() })
}

impl Identity {
    /// Takes a country file into use; none ends the use of one.
    pub fn set_countries(&self, countries: Option<Countries>) {
        self.0.networks.countries.store(countries.map(Arc::new));
    }
}

impl Inner {
    /// Where a request comes from. Its country is looked up only when a rule asks for it.
    fn whence(&self, facts: &RequestFacts) -> Whence {
        let asked = !self.networks.compiled.load().rules.countries.is_empty();
        let country = facts.ip.filter(|_| asked).and_then(|ip| self.networks.country(ip));
        Whence { ip: facts.ip.map(|ip| ip.to_canonical()), local: facts.local, country }
    }

    /// The key of the network zone that a request comes from.
    pub(crate) fn zone(&self, facts: &RequestFacts) -> Option<String> {
        self.networks.compiled.load().zone(&self.whence(facts)).map(str::to_owned)
    }

    /// What the network rules say of somebody with these roles who comes from there.
    pub(crate) fn judge_network(&self, facts: &RequestFacts, roles: &[String]) -> Verdict {
        self.networks.compiled.load().judge(&self.whence(facts), roles)
    }
}
