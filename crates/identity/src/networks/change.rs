//! Changes of the network rules: each with its entry, before and after, acting at the next request.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ledger::Entry;
use policy::{AdministerRoles, Permit};
use serde::Deserialize;
use utoipa::ToSchema;

use super::SETTING;
use super::country::Country;
use super::rules::{Compiled, NetworkRules, Unknown, Verdict, Whence};
use super::zone::{LOCAL, MOST_ZONES, Zone};
use crate::administration::actor;
use crate::error::Error;
use crate::facts::RequestFacts;
use crate::{Identity, Inner};

/// A zone to be made or changed.
#[derive(Deserialize, Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ZoneChange {
    /// What people call it.
    pub name: String,
    /// All its ranges.
    pub ranges: Vec<String>,
    /// Also when the caller's own address is refused from then on.
    #[serde(default)]
    pub confirm: bool,
}

/// What follows from zones; replaces what was there.
#[derive(Deserialize, Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NetworkRulesChange {
    /// Role to zones.
    #[serde(default)]
    pub roles: BTreeMap<String, BTreeSet<String>>,
    /// Outside of every zone.
    #[serde(default)]
    pub unknown: Unknown,
    /// Countries allowed outside of every zone.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub countries: BTreeSet<Country>,
    /// Also when the caller's own address is refused from then on.
    #[serde(default)]
    pub confirm: bool,
}

/// A change that may shut its own author out.
struct Careful<'a> {
    permit: &'a Permit<AdministerRoles>,
    facts: &'a RequestFacts,
    confirm: bool,
}

impl Identity {
    /// Makes a zone, or replaces the one with this key.
    ///
    /// # Errors
    /// `Invalid` for what is no zone, a range that another zone has, or a change that would shut the caller out and
    /// is not confirmed.
    pub async fn put_zone(
        &self,
        permit: Permit<AdministerRoles>,
        facts: &RequestFacts,
        key: &str,
        change: ZoneChange,
    ) -> Result<(), Error> {
        let zone = Zone::parse(key, &change.name, &change.ranges)?;
        let inner = &self.0;
        let _changing = inner.changing.lock().await;
        let mut next = inner.network_rules();
        let before = next.zones.iter().position(|z| z.key == zone.key).map(|at| next.zones.remove(at));
        if next.zones.len() >= MOST_ZONES {
            return Err(Error::Conflict(format!("there are {MOST_ZONES} zones; remove one first")));
        }
        if let Some((other, range)) = taken(&next.zones, &zone) {
            let text = format!("{range} belongs to the zone {other} already");
            return Err(Error::Invalid("ranges", "duplicate", text));
        }
        let action = if before.is_some() { "zone.update" } else { "zone.create" };
        let fields = differences(before.as_ref(), Some(&zone));
        next.zones.push(zone);
        next.zones.sort_by(|a, b| a.key.cmp(&b.key));
        let careful = Careful { permit: &permit, facts, confirm: change.confirm };
        inner.change_networks(careful, next, action, fields).await
    }

    /// Removes a zone that nothing speaks of.
    ///
    /// # Errors
    /// `NotFound`; `Conflict` while a rule speaks of it; `Invalid` when it would shut the caller out unconfirmed.
    pub async fn delete_zone(
        &self,
        permit: Permit<AdministerRoles>,
        facts: &RequestFacts,
        key: &str,
        confirm: bool,
    ) -> Result<(), Error> {
        let inner = &self.0;
        let _changing = inner.changing.lock().await;
        let mut next = inner.network_rules();
        let at = next.zones.iter().position(|z| z.key == key).ok_or(Error::NotFound)?;
        let zone = next.zones.remove(at);
        if next.roles.values().any(|zones| zones.contains(key)) {
            return Err(Error::Conflict("roles are bound to this zone; change them first".to_owned()));
        }
        let named =
            |r: &policy::Rule| r.circumstances.as_ref().is_some_and(|c| c.zones.iter().any(|z| z == key));
        if inner.company.load().rules.iter().any(named) {
            return Err(Error::Conflict("a permission rule names this zone; change it first".to_owned()));
        }
        let fields = differences(Some(&zone), None);
        inner.change_networks(Careful { permit: &permit, facts, confirm }, next, "zone.delete", fields).await
    }

    /// Replaces what follows from zones.
    ///
    /// # Errors
    /// `Invalid` for unknown roles or zones, countries without a country file, or a change that would shut the caller
    /// out and is not confirmed.
    pub async fn put_network_rules(
        &self,
        permit: Permit<AdministerRoles>,
        facts: &RequestFacts,
        change: NetworkRulesChange,
    ) -> Result<(), Error> {
        let inner = &self.0;
        let _changing = inner.changing.lock().await;
        let before = inner.network_rules();
        let mut roles = change.roles;
        roles.retain(|_, zones| !zones.is_empty());
        inner.check_role_zones(&before.zones, &roles)?;
        if !change.countries.is_empty() && inner.networks.countries.load().is_none() {
            let text = "no country file is in use: start the server with --mmdb FILE, or put one at geo.mmdb in the data folder";
            return Err(Error::Invalid("countries", "no_country_file", text.to_owned()));
        }
        let next = NetworkRules {
            zones: before.zones.clone(),
            roles,
            unknown: change.unknown,
            countries: change.countries,
        };
        let fields = rule_differences(&before, &next);
        let careful = Careful { permit: &permit, facts, confirm: change.confirm };
        inner.change_networks(careful, next, "network_rules.update", fields).await
    }
}

impl Inner {
    pub(crate) fn network_rules(&self) -> NetworkRules {
        self.networks.compiled.load().rules.clone()
    }

    fn check_role_zones(
        &self,
        zones: &[Zone],
        roles: &BTreeMap<String, BTreeSet<String>>,
    ) -> Result<(), Error> {
        let company = self.company.load();
        if let Some(role) = roles.keys().find(|key| !company.roles.iter().any(|r| r.key == **key)) {
            return Err(Error::Invalid("roles", "not_found", format!("there is no role {role}")));
        }
        let known = |key: &str| key == LOCAL || zones.iter().any(|z| z.key == key);
        match roles.values().flatten().find(|key| !known(key)) {
            Some(zone) => Err(Error::Invalid("roles", "not_found", format!("there is no zone {zone}"))),
            None => Ok(()),
        }
    }

    /// Writes the rules and their entry, and puts them in force.
    async fn change_networks(
        &self,
        careful: Careful<'_>,
        next: NetworkRules,
        action: &'static str,
        fields: Vec<String>,
    ) -> Result<(), Error> {
        let who = careful.permit.principal().clone();
        let compiled = Compiled::new(next);
        // The rules so far may not have asked for the country.
        let country = careful.facts.ip.and_then(|ip| self.networks.country(ip));
        let whence = Whence { country, ..self.whence(careful.facts) };
        let stays = match compiled.judge(&whence, &who.roles) {
            Verdict::Allowed => true,
            Verdict::Challenged => who.strength > policy::Strength::Password,
            Verdict::Refused(_) => false,
        };
        if !stays && !careful.confirm {
            let text = "after this change your own address would be refused; add it to a zone, or confirm \
                        (the server's own machine always stays a way in)";
            return Err(Error::Invalid("confirm", "would_lock_you_out", text.to_owned()));
        }
        let body = serde_json::to_string(&compiled.rules).map_err(|_| Error::Corrupt)?;
        let (ledger, now) = (self.ledger.clone(), self.clock.now());
        self.store
            .write(move |conn| -> Result<(), Error> {
                store::settings::put(conn, SETTING, &body)?;
                let mut entry = Entry::new(now, actor(&who), action).object("network");
                entry.fields = fields.into_iter().map(Into::into).collect();
                ledger.append(conn, &[entry])?;
                Ok(())
            })
            .await?;
        self.networks.compiled.store(Arc::new(compiled));
        Ok(())
    }
}

/// A range of `zone` that another zone has.
fn taken<'a>(zones: &'a [Zone], zone: &Zone) -> Option<(&'a str, ipnet::IpNet)> {
    let all = zones.iter().flat_map(|z| z.ranges.iter().map(|r| (z.key.as_str(), *r)));
    let mut clashing = all.filter(|(_, range)| zone.ranges.contains(range));
    clashing.next()
}

/// `field=before>after`; of ranges what came and what went.
fn differences(before: Option<&Zone>, after: Option<&Zone>) -> Vec<String> {
    let key = before.or(after).map_or("", |z| z.key.as_str());
    let mut out = vec![format!("zone={key}")];
    let name = |z: Option<&Zone>| z.map_or_else(String::new, |z| z.name.clone());
    if name(before) != name(after) {
        out.push(format!("name={}>{}", name(before), name(after)));
    }
    let ranges = |z: Option<&Zone>| z.map(|z| z.ranges.clone()).unwrap_or_default();
    let (old, new) = (ranges(before), ranges(after));
    out.extend(old.iter().filter(|r| !new.contains(r)).map(|r| format!("ranges-={r}")));
    out.extend(new.iter().filter(|r| !old.contains(r)).map(|r| format!("ranges+={r}")));
    out
}

fn rule_differences(before: &NetworkRules, after: &NetworkRules) -> Vec<String> {
    let zones = |rules: &NetworkRules, role: &str| {
        let set = rules.roles.get(role).map(|z| z.iter().cloned().collect::<Vec<_>>());
        set.unwrap_or_default().join("+")
    };
    let roles: BTreeSet<&String> = before.roles.keys().chain(after.roles.keys()).collect();
    let changed = roles.into_iter().map(|r| (format!("roles.{r}"), zones(before, r), zones(after, r)));
    let word = |u: Unknown| {
        serde_json::to_value(u).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
    };
    let countries =
        |r: &NetworkRules| r.countries.iter().map(ToString::to_string).collect::<Vec<_>>().join("+");
    let rest = [
        ("unknown".to_owned(), word(before.unknown), word(after.unknown)),
        ("countries".to_owned(), countries(before), countries(after)),
    ];
    changed.chain(rest).filter(|(_, b, a)| b != a).map(|(f, b, a)| format!("{f}={b}>{a}")).collect()
}
