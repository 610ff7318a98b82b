//! A browser enrols its key, shows it after a sign-in, and proves possession on sensitive requests.

use std::sync::Arc;

use ledger::Entry;
use policy::{Principal, Strength};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::device::{self, Device, DeviceState, Known};
use super::key::Thumbprint;
use super::proof::{Asked, Bad, Proof};
use super::rules::{DeviceDemand, Standing};
use super::view::DeviceView;
use crate::administration::actor;
use crate::error::Error;
use crate::session::{Session, hash};
use crate::{Identity, Inner};

/// Devices of a person that are not revoked, at most.
const MOST: usize = 10;

/// A browser that enrols.
#[derive(Deserialize, Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDevice {
    /// What its person calls it.
    pub name: String,
    /// Browser and system, as the browser says: `Chrome, Windows`.
    pub platform: String,
}

impl Identity {
    /// The nonce for the next proof (RFC 9449 §9).
    #[must_use]
    pub fn device_nonce(&self) -> String {
        self.0.devices.nonces.give(self.0.clock.now())
    }

    /// Enrols the key that made the proof as a device of the person, and binds the session to it.
    ///
    /// # Errors
    /// `DeviceProof` without a proof that holds; `Invalid` when the key was revoked or there are too many devices.
    pub async fn enrol_device(
        &self,
        who: &Principal,
        asked: &Asked<'_>,
        proof: Option<&str>,
        new: NewDevice,
    ) -> Result<DeviceView, Error> {
        let inner = &self.0;
        let key = inner.proven(asked, proof)?;
        let (name, platform) = (text("name", &new.name)?, text("platform", &new.platform)?);
        let _changing = inner.changing.lock().await;
        let session = inner.unbound(asked.token)?;
        let known = inner.devices.known.load_full();
        if let Some(device) = known.find(who.person, key) {
            return inner.bind(who, asked.token, &session, device.clone()).await;
        }
        let own: Vec<_> = known.all().filter(|d| d.person == who.person).collect();
        if own.iter().filter(|d| d.state != DeviceState::Revoked).count() >= MOST {
            let text = format!("you have {MOST} devices; revoke one that you no longer use");
            return Err(Error::Conflict(text));
        }
        // The first device is taken on trust where nothing stricter is asked; later ones on a strong proof.
        let demand = inner.devices.rules.load().demand(&who.roles);
        let proved = session.proof.lock().strength > Strength::Password;
        let state = match demand < DeviceDemand::Approved && (own.is_empty() || proved) {
            true => DeviceState::Approved,
            false => DeviceState::Pending,
        };
        let now = inner.clock.now();
        let device = Device {
            id: inner.ids.next_at::<Uuid>(now, inner.random.as_ref()),
            person: who.person,
            thumbprint: key,
            name,
            platform,
            state,
            company_owned: false,
            first_seen: now,
            last_seen: now,
        };
        let (ledger, row, token) = (inner.ledger.clone(), device.clone(), hash(asked.token));
        let mut entry = Entry::new(now, actor(who).device(Some(device.id.to_string())), "device.enrol");
        entry =
            entry.object("device").records([device.id]).fields([format!("state={}", state.as_str())], None);
        inner
            .store
            .write(move |conn| -> Result<(), Error> {
                device::insert(conn, &row)?;
                crate::session::bind(conn, &token, row.id)?;
                ledger.append(conn, &[entry])?;
                Ok(())
            })
            .await?;
        let _ = session.device.set(device.id);
        let view = DeviceView::of(&device, true);
        inner.put_device(device);
        Ok(view)
    }

    /// Binds the session to the known device whose key made the proof: what a browser does after each sign-in.
    ///
    /// # Errors
    /// `NotFound` when the key is no device of the person; `DeviceProof` without a proof that holds.
    pub async fn show_device(
        &self,
        who: &Principal,
        asked: &Asked<'_>,
        proof: Option<&str>,
    ) -> Result<DeviceView, Error> {
        let inner = &self.0;
        let key = inner.proven(asked, proof)?;
        let _changing = inner.changing.lock().await;
        let device = inner.devices.known.load().find(who.person, key).cloned().ok_or(Error::NotFound)?;
        let session = inner.unbound(asked.token)?;
        inner.bind(who, asked.token, &session, device).await
    }

    /// Checks that a sensitive request of a session that is bound to a device comes from that device. Others pass.
    ///
    /// # Errors
    /// `DeviceProof` without a proof of this device's key that holds.
    pub fn check_device(&self, who: &Principal, asked: &Asked<'_>, proof: Option<&str>) -> Result<(), Error> {
        let Some(bound) = who.device else { return Ok(()) };
        let key = self.0.proven(asked, proof)?;
        let known = self.0.devices.known.load();
        match known.get(bound).filter(|d| d.thumbprint == key) {
            Some(_) => Ok(()),
            None => Err(self.0.unproven(asked, "wrong_device")),
        }
    }
}

impl Inner {
    /// How a session of somebody with these roles stands by its device.
    pub(crate) fn device_standing(&self, roles: &[String], device: Option<Uuid>) -> Standing {
        let known = self.devices.known.load();
        let device = device.and_then(|id| known.get(id));
        self.devices.rules.load().judge(roles, device.map(AsRef::as_ref))
    }

    /// The key whose holder proved possession for this very request, for the first time.
    fn proven(&self, asked: &Asked<'_>, proof: Option<&str>) -> Result<Thumbprint, Error> {
        let now = self.clock.now();
        let missing = || self.unproven(asked, "missing");
        let proof =
            Proof::check(proof.ok_or_else(missing)?, asked, now, |n| self.devices.nonces.is_fresh(n, now))
                .and_then(|proof| self.devices.nonces.count(proof.once, now).map(|()| proof));
        match proof {
            Ok(proof) => Ok(proof.key.thumbprint()),
            Err(Bad::Nonce) => Err(self.unproven(asked, "old_nonce")),
            Err(Bad::Proof) => Err(self.unproven(asked, "bad_proof")),
            Err(Bad::Again) => Err(self.unproven(asked, "seen_before")),
        }
    }

    /// Asks for a proof, with all that a browser needs to make one.
    fn unproven(&self, asked: &Asked<'_>, why: &'static str) -> Error {
        let now = self.clock.now();
        Error::DeviceProof {
            why,
            nonce: self.devices.nonces.give(now),
            ath: super::token_hash(asked.token),
            at: now.seconds(),
        }
    }

    /// The session of a token, which no device is bound to yet.
    fn unbound(&self, token: &str) -> Result<Arc<Session>, Error> {
        let session = self.sessions.open.read().get(&hash(token)).cloned().ok_or(Error::NotFound)?;
        match session.device.get() {
            None => Ok(session),
            Some(_) => Err(Error::Conflict("this session is bound to a device already".to_owned())),
        }
    }

    async fn bind(
        &self,
        who: &Principal,
        token: &str,
        session: &Session,
        device: Arc<Device>,
    ) -> Result<DeviceView, Error> {
        if device.state == DeviceState::Revoked {
            let text = "this device was revoked; ask your security administrator";
            return Err(Error::Invalid("device", "device_revoked", text.to_owned()));
        }
        let (ledger, now, token) = (self.ledger.clone(), self.clock.now(), hash(token));
        let device = Device { last_seen: now, ..(*device).clone() };
        let row = device.clone();
        let entry = Entry::new(now, actor(who).device(Some(device.id.to_string())), "device.use");
        let entry = entry.object("device").records([device.id]);
        self.store
            .write(move |conn| -> Result<(), Error> {
                device::update(conn, &row)?;
                crate::session::bind(conn, &token, row.id)?;
                ledger.append(conn, &[entry])?;
                Ok(())
            })
            .await?;
        let _ = session.device.set(device.id);
        let view = DeviceView::of(&device, true);
        self.put_device(device);
        Ok(view)
    }

    /// Takes a device's new state into memory. The caller holds `changing`.
    pub(super) fn put_device(&self, device: Device) {
        let mut known: Known = (**self.devices.known.load()).clone();
        known.put(device);
        self.devices.known.store(Arc::new(known));
    }
}

pub(super) fn text(field: &'static str, given: &str) -> Result<String, Error> {
    let given = given.trim();
    if given.is_empty() || given.chars().count() > 60 || given.chars().any(char::is_control) {
        return Err(Error::Invalid(
            field,
            "required",
            "give a short text of at most 60 characters".to_owned(),
        ));
    }
    Ok(given.to_owned())
}
