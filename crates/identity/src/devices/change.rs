//! Administration of devices: approve, revoke, name; and the rules.

use std::collections::BTreeMap;
use std::sync::Arc;

use kernel::Timestamp;
use ledger::Entry;
use policy::{AdministerRoles, Permit, Principal};
use serde::Deserialize;
use store::Sql;
use utoipa::ToSchema;
use uuid::Uuid;

use super::SETTING;
use super::device::{self, Device, DeviceState};
use super::enrol::text;
use super::rules::{DeviceDemand, DeviceRules};
use super::view::DeviceView;
use crate::administration::actor;
use crate::error::Error;
use crate::facts::RequestFacts;
use crate::{Identity, Inner};

/// What of a device shall change; what is absent stays.
#[derive(Deserialize, Debug, Default, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeviceChange {
    /// `approved` or `revoked`.
    #[serde(default)]
    pub state: Option<DeviceState>,
    /// Whether it belongs to the company.
    #[serde(default)]
    pub company_owned: Option<bool>,
    /// What it is called.
    #[serde(default)]
    pub name: Option<String>,
}

/// The device rules; replaces what was there.
#[derive(Deserialize, Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeviceRulesChange {
    /// Of everybody.
    pub everyone: DeviceDemand,
    /// Of people with a role.
    #[serde(default)]
    pub roles: BTreeMap<String, DeviceDemand>,
    /// Also when the caller's own session opens nothing from then on.
    #[serde(default)]
    pub confirm: bool,
}

impl Identity {
    /// Approves, revokes, names a device. A revoked one ends its sessions at once and stays revoked.
    ///
    /// # Errors
    /// `NotFound`; `Invalid` for one's own device, which somebody else has to approve, or a revoked one.
    pub async fn update_device(
        &self,
        permit: Permit<AdministerRoles>,
        id: Uuid,
        change: DeviceChange,
    ) -> Result<DeviceView, Error> {
        let inner = &self.0;
        let _changing = inner.changing.lock().await;
        let before = inner.devices.known.load().get(id).cloned().ok_or(Error::NotFound)?;
        let who = permit.principal();
        let raises = change.state == Some(DeviceState::Approved) || change.company_owned == Some(true);
        if raises && before.person == who.person {
            let text = "somebody else has to approve your own device";
            return Err(Error::Invalid("state", "own_rights", text.to_owned()));
        }
        if before.state == DeviceState::Revoked && change.state.is_some_and(|s| s != DeviceState::Revoked) {
            let text = "a revoked device stays revoked; its browser enrols a new key";
            return Err(Error::Invalid("state", "device_revoked", text.to_owned()));
        }
        if change.state == Some(DeviceState::Pending) {
            let text = "state is approved or revoked";
            return Err(Error::Invalid("state", "not_an_option", text.to_owned()));
        }
        let mut next = (*before).clone();
        next.state = change.state.unwrap_or(next.state);
        next.company_owned = change.company_owned.unwrap_or(next.company_owned);
        if let Some(name) = &change.name {
            next.name = text("name", name)?;
        }
        inner.write_device(who, &before, next).await
    }

    /// Revokes a device of one's own.
    ///
    /// # Errors
    /// `NotFound` also for somebody else's.
    pub async fn revoke_own_device(&self, who: &Principal, id: Uuid) -> Result<(), Error> {
        let inner = &self.0;
        let _changing = inner.changing.lock().await;
        let before = inner.devices.known.load().get(id).cloned();
        let before = before.filter(|d| d.person == who.person).ok_or(Error::NotFound)?;
        let next = Device { state: DeviceState::Revoked, ..(*before).clone() };
        inner.write_device(who, &before, next).await.map(|_| ())
    }

    /// Replaces the device rules.
    ///
    /// # Errors
    /// `Invalid` for unknown roles, or when the caller's own session would open nothing any more and that is not
    /// confirmed.
    pub async fn put_device_rules(
        &self,
        permit: Permit<AdministerRoles>,
        facts: &RequestFacts,
        change: DeviceRulesChange,
    ) -> Result<(), Error> {
        let inner = &self.0;
        let _changing = inner.changing.lock().await;
        let who = permit.principal().clone();
        let company = inner.company.load_full();
        if let Some(role) = change.roles.keys().find(|key| !company.roles.iter().any(|r| r.key == **key)) {
            return Err(Error::Invalid("roles", "not_found", format!("there is no role {role}")));
        }
        let before = inner.devices.rules.load_full();
        let mut roles = change.roles;
        roles.retain(|_, demand| *demand > DeviceDemand::Any);
        let next = DeviceRules { everyone: change.everyone, roles };
        let known = inner.devices.known.load();
        let device = who.device.and_then(|id| known.get(id)).map(AsRef::as_ref);
        let shut_out = !facts.local && next.judge(&who.roles, device).missing.is_some();
        if shut_out && !change.confirm {
            let text = "after this change your own session would open nothing; enrol this browser first, or confirm \
                        (the server's own machine always stays a way in)";
            return Err(Error::Invalid("confirm", "would_lock_you_out", text.to_owned()));
        }
        let body = serde_json::to_string(&next).map_err(|_| Error::Corrupt)?;
        let (ledger, now) = (inner.ledger.clone(), inner.clock.now());
        let fields = differences(&before, &next);
        inner
            .store
            .write(move |conn| -> Result<(), Error> {
                store::settings::put(conn, SETTING, &body)?;
                let mut entry = Entry::new(now, actor(&who), "device_rules.update").object("device");
                entry.fields = fields.into_iter().map(Into::into).collect();
                ledger.append(conn, &[entry])?;
                Ok(())
            })
            .await?;
        inner.devices.rules.store(Arc::new(next));
        Ok(())
    }
}

impl Inner {
    /// Writes a device and its entry; a revoked one's sessions end. The caller holds `changing`.
    async fn write_device(
        &self,
        who: &Principal,
        before: &Device,
        next: Device,
    ) -> Result<DeviceView, Error> {
        let now: Timestamp = self.clock.now();
        let ends = next.state == DeviceState::Revoked;
        let action = match (before.state == next.state, next.state) {
            (false, DeviceState::Approved) => "device.approve",
            (false, DeviceState::Revoked) => "device.revoke",
            _ => "device.update",
        };
        let mut entry = Entry::new(now, actor(who), action).object("device").records([next.id]);
        let owned = (before.company_owned, next.company_owned);
        let fields = [
            (before.state != next.state)
                .then(|| format!("state={}>{}", before.state.as_str(), next.state.as_str())),
            (owned.0 != owned.1).then(|| format!("company_owned={}>{}", owned.0, owned.1)),
            (before.name != next.name).then(|| "name".to_owned()),
        ];
        entry.fields = fields.into_iter().flatten().map(Into::into).collect();
        let (ledger, row) = (self.ledger.clone(), next.clone());
        self.store
            .write(move |conn| -> Result<(), Error> {
                device::update(conn, &row)?;
                if ends {
                    let mut sql = Sql::new(conn.engine());
                    sql.push("DELETE FROM session WHERE device = ").param(row.id);
                    conn.execute(sql.text(), &sql.params())?;
                }
                ledger.append(conn, &[entry])?;
                Ok(())
            })
            .await?;
        let view = DeviceView::of(&next, false);
        let id = next.id;
        self.put_device(next);
        if ends {
            self.sessions.open.write().retain(|_, s| s.device.get() != Some(&id));
        }
        Ok(view)
    }
}

fn differences(before: &DeviceRules, after: &DeviceRules) -> Vec<String> {
    let mut roles: Vec<&String> = before.roles.keys().chain(after.roles.keys()).collect();
    roles.sort();
    roles.dedup();
    let of = |rules: &DeviceRules, role: &str| rules.roles.get(role).copied().unwrap_or_default();
    let each = roles.into_iter().map(|r| (format!("roles.{r}"), of(before, r), of(after, r)));
    let all = each.chain([("everyone".to_owned(), before.everyone, after.everyone)]);
    all.filter(|(_, b, a)| b != a).map(|(f, b, a)| format!("{f}={}>{}", b.as_str(), a.as_str())).collect()
}
