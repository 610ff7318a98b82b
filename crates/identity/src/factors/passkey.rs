//! Passkeys (WebAuthn level 3): enrolled, and used as second factor or alone.
//!
//! Challenges live in memory and end with their first use. Each passkey counts its uses (§6.1.1): one that repeats a
//! count may be a copy and opens nothing.

use std::collections::HashMap;

use kernel::{PersonId, Timestamp};
use parking_lot::Mutex;
use policy::{Principal, Strength};
use serde_json::Value;
use url::Url;
use uuid::Uuid;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey, PasskeyAuthentication, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Webauthn, WebauthnBuilder,
};
use webauthn_rs_proto::ResidentKeyRequirement;

use super::mine::{Enrolled, factor_name};
use super::{Evidence, Given, Kind, NewFactor, Spend, seal};
use crate::error::Error;
use crate::facts::{How, Method, RequestFacts};
use crate::session::{TokenHash, hash, random_token};
use crate::{Identity, Inner};

/// A challenge is answered within so long, in seconds.
const LIFE: i64 = 300;
/// Challenges that wait at once; the oldest go first.
const MOST: usize = 10_000;

/// The address at which browsers know this server: passkeys belong to its host, proofs name its origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site(Url);

impl Site {
    /// An origin such as `https://crm.example.com`.
    #[must_use]
    pub fn new(origin: &str) -> Option<Self> {
        Url::parse(origin).ok().filter(|url| url.host_str().is_some()).map(Self)
    }

    fn webauthn(&self) -> Result<Webauthn, Error> {
        let host = self.0.host_str().ok_or(Error::NoPasskeysHere)?;
        let builder = WebauthnBuilder::new(host, &self.0).map_err(|_| Error::NoPasskeysHere)?;
        builder.rp_name("Shouxin").build().map_err(|_| Error::NoPasskeysHere)
    }
}

/// A question to a browser's authenticator.
pub struct Challenge {
    /// Names it in the answer.
    pub ticket: String,
    /// What `navigator.credentials` takes, in the JSON form of WebAuthn.
    pub options: Value,
}

enum Asked {
    Register { person: PersonId, state: Box<PasskeyRegistration> },
    Known { person: PersonId, state: Box<PasskeyAuthentication> },
    Anybody { state: Box<DiscoverableAuthentication> },
}

struct Waiting {
    asked: Asked,
    site: Site,
    until: Timestamp,
}

/// Open challenges by the hash of their tickets.
#[derive(Default)]
pub(crate) struct Challenges(Mutex<HashMap<TokenHash, Waiting>>);

impl Challenges {
    fn put(&self, asked: Asked, site: &Site, now: Timestamp) -> String {
        let ticket = random_token();
        let mut open = self.0.lock();
        open.retain(|_, waiting| waiting.until > now);
        if open.len() >= MOST
            && let Some(oldest) = open.iter().min_by_key(|(_, w)| w.until).map(|(ticket, _)| *ticket)
        {
            open.remove(&oldest);
        }
        open.insert(hash(&ticket), Waiting { asked, site: site.clone(), until: now.plus_seconds(LIFE) });
        ticket
    }

    fn take(&self, ticket: &str, now: Timestamp) -> Option<(Asked, Site)> {
        let waiting = self.0.lock().remove(&hash(ticket))?;
        (waiting.until > now).then_some((waiting.asked, waiting.site))
    }
}

/// A browser's answer to a challenge.
pub struct PasskeyAnswer {
    /// Names the challenge.
    pub ticket: String,
    /// What `navigator.credentials` gave, in the JSON form of WebAuthn.
    pub credential: Value,
}

fn options(challenge: impl serde::Serialize) -> Result<Value, Error> {
    serde_json::to_value(challenge).map_err(|_| Error::Corrupt)
}

impl Identity {
    /// Asks for a new passkey.
    ///
    /// # Errors
    /// `StepUp` without a recent proof, `NoPasskeysHere` when the address cannot have passkeys.
    pub fn begin_passkey(&self, who: &Principal, site: &Site) -> Result<Challenge, Error> {
        let inner = &self.0;
        inner.recently_proved(who)?;
        let company = inner.company.load();
        let account = company.people.get(&who.person).ok_or(Error::NotFound)?;
        let known =
            inner.passkeys_of(who.person)?.into_iter().map(|(_, key)| key.cred_id().clone()).collect();
        let started = site.webauthn()?.start_passkey_registration(
            who.person.0,
            &account.login,
            &account.name,
            Some(known),
        );
        let (mut challenge, state) = started.map_err(|_| Error::Corrupt)?;
        // So that it can also be the only factor: the authenticator must know whose it is.
        if let Some(wanted) = &mut challenge.public_key.authenticator_selection {
            wanted.resident_key = Some(ResidentKeyRequirement::Required);
            wanted.require_resident_key = true;
        }
        let asked = Asked::Register { person: who.person, state: Box::new(state) };
        let ticket = inner.challenges.put(asked, site, inner.clock.now());
        Ok(Challenge { ticket, options: options(challenge)? })
    }

    /// Keeps the new passkey. Gives recovery codes, shown once, when the person has none yet.
    ///
    /// # Errors
    /// `Invalid` when the answer is none to the challenge.
    pub async fn finish_passkey(
        &self,
        who: &Principal,
        token: &str,
        name: &str,
        answer: PasskeyAnswer,
        facts: &RequestFacts,
    ) -> Result<Option<Vec<String>>, Error> {
        let inner = &self.0;
        inner.recently_proved(who)?;
        let name = factor_name(name)?;
        let now = inner.clock.now();
        let wrong = || {
            Error::Invalid(
                "credential",
                "wrong_credential",
                "the passkey could not be made; try again".to_owned(),
            )
        };
        let (asked, site) = inner.challenges.take(&answer.ticket, now).ok_or_else(wrong)?;
        let Asked::Register { person, state } = asked else { return Err(wrong()) };
        if person != who.person {
            return Err(wrong());
        }
        let credential: RegisterPublicKeyCredential =
            serde_json::from_value(answer.credential).map_err(|_| wrong())?;
        let made = site.webauthn()?.finish_passkey_registration(&credential, &state).map_err(|_| wrong())?;
        let id: Uuid = inner.ids.next_at(now, inner.random.as_ref());
        let secret = serde_json::to_vec(&made).map_err(|_| Error::Corrupt)?;
        let sealed = seal(&inner.vault, person, id, &secret, inner.random.as_ref());
        let _changing = inner.changing.lock().await;
        let enrolled = Enrolled { id, kind: Kind::Passkey, strength: Strength::Passkey };
        inner
            .enrol(who, hash(token), enrolled, facts, move |conn| {
                let kind = Kind::Passkey;
                NewFactor { id, person, kind, name: &name, secret: &sealed, confirmed: true, now }
                    .insert(conn)
            })
            .await
    }

    /// Asks whoever is there for a passkey: it tells who they are.
    ///
    /// # Errors
    /// `NoPasskeysHere`.
    pub fn ask_anybody(&self, site: &Site) -> Result<Challenge, Error> {
        let inner = &self.0;
        let started = site.webauthn()?.start_discoverable_authentication();
        let (mut challenge, state) = started.map_err(|_| Error::Corrupt)?;
        challenge.mediation = None;
        let asked = Asked::Anybody { state: Box::new(state) };
        let ticket = inner.challenges.put(asked, site, inner.clock.now());
        Ok(Challenge { ticket, options: options(challenge)? })
    }

    /// Asks the person of a session for one of their passkeys.
    ///
    /// # Errors
    /// `NoPasskeysHere`, `BadCredentials` when they have none.
    pub fn ask_for_passkey(&self, person: PersonId, site: &Site) -> Result<Challenge, Error> {
        let inner = &self.0;
        let keys: Vec<Passkey> = inner.passkeys_of(person)?.into_iter().map(|(_, key)| key).collect();
        if keys.is_empty() {
            return Err(Error::BadCredentials);
        }
        let started = site.webauthn()?.start_passkey_authentication(&keys);
        let (challenge, state) = started.map_err(|_| Error::Corrupt)?;
        let asked = Asked::Known { person, state: Box::new(state) };
        let ticket = inner.challenges.put(asked, site, inner.clock.now());
        Ok(Challenge { ticket, options: options(challenge)? })
    }

    /// Asks for a passkey as the second half of a sign-in.
    ///
    /// # Errors
    /// As [`ask_for_passkey`](Self::ask_for_passkey); `AttemptOver`.
    pub fn ask_in_attempt(
        &self,
        attempt: &str,
        site: &Site,
        facts: &RequestFacts,
    ) -> Result<Challenge, Error> {
        let half = self.0.attempts.get(attempt, facts, self.0.clock.now()).ok_or(Error::AttemptOver)?;
        self.ask_for_passkey(half.account.id, site)
    }

    /// Signs in with nothing but a passkey.
    ///
    /// # Errors
    /// `BadCredentials` for every kind of wrong, `LockedOut`.
    pub async fn sign_in_with_passkey(
        &self,
        answer: PasskeyAnswer,
        facts: &RequestFacts,
    ) -> Result<String, Error> {
        let inner = &self.0;
        let keys = crate::signing_in::far(facts.ip);
        inner.attempt(&keys)?;
        let (person, judged) = match inner.discover(answer) {
            Ok((person, evidence)) => (Some(person), Ok(evidence)),
            Err((person, error)) => (person, Err(error)),
        };
        let opened = match (person, judged) {
            (Some(person), Ok(Evidence { how, spend })) => {
                let (_changing, now) = (inner.changing.lock().await, inner.clock.now());
                inner.open_session(person, how, facts, move |conn| spend.write(conn, now)).await
            }
            (_, Err(error)) => Err(error),
            (None, Ok(_)) => Err(Error::BadCredentials),
        };
        match opened {
            Err(Error::BadCredentials) => inner.not_signed_in(person, Method::Passkey, facts).await,
            Ok(token) => {
                keys.iter().for_each(|k| inner.throttle.forgive(k));
                Ok(token)
            }
            other => other,
        }
    }
}

impl Inner {
    fn passkeys_of(&self, person: PersonId) -> Result<Vec<(Uuid, Passkey)>, Error> {
        let factors = self.factors_of(person);
        let keys = factors.iter().filter(|f| f.kind == Kind::Passkey);
        keys.map(|factor| {
            let secret = self.open_secret(person, factor)?;
            Ok((factor.id, serde_json::from_slice(&secret).map_err(|_| Error::Corrupt)?))
        })
        .collect()
    }

    /// Judges an answer by a passkey of a person who is known already.
    pub(super) fn prove_by_passkey(
        &self,
        person: PersonId,
        ticket: &str,
        credential: &Value,
    ) -> Result<Evidence, Error> {
        let taken = self.challenges.take(ticket, self.clock.now()).ok_or(Error::BadCredentials)?;
        let (Asked::Known { person: asked, state }, site) = taken else { return Err(Error::BadCredentials) };
        if asked != person {
            return Err(Error::BadCredentials);
        }
        let credential: PublicKeyCredential =
            serde_json::from_value(credential.clone()).map_err(|_| Error::BadCredentials)?;
        let result = site.webauthn()?.finish_passkey_authentication(&credential, &state);
        let result = result.map_err(|_| Error::BadCredentials)?;
        let keys = self.passkeys_of(person)?;
        let used =
            keys.iter().find(|(_, key)| key.cred_id() == result.cred_id()).ok_or(Error::BadCredentials)?;
        Ok(evidence(used.0, result.counter()))
    }

    /// Who answered, and what the answer is worth.
    fn discover(&self, answer: PasskeyAnswer) -> Result<(PersonId, Evidence), (Option<PersonId>, Error)> {
        let wrong = |person| (person, Error::BadCredentials);
        let taken = self.challenges.take(&answer.ticket, self.clock.now()).ok_or_else(|| wrong(None))?;
        let (Asked::Anybody { state }, site) = taken else { return Err(wrong(None)) };
        let webauthn = site.webauthn().map_err(|e| (None, e))?;
        let credential: PublicKeyCredential =
            serde_json::from_value(answer.credential).map_err(|_| wrong(None))?;
        let (person, used) =
            webauthn.identify_discoverable_authentication(&credential).map_err(|_| wrong(None))?;
        let person = PersonId(person);
        let keys = self.passkeys_of(person).map_err(|e| (None, e))?;
        let Some((factor, key)) = keys.into_iter().find(|(_, key)| key.cred_id().as_slice() == used) else {
            return Err(wrong(self.company.load().people.contains_key(&person).then_some(person)));
        };
        let result = webauthn.finish_discoverable_authentication_v2(&credential, *state, &key);
        let result = result.map_err(|_| wrong(Some(person)))?;
        Ok((person, evidence(factor, result.counter())))
    }
}

fn evidence(factor: Uuid, count: u32) -> Evidence {
    let how = How::by(Method::Passkey, Strength::Passkey);
    Evidence { how, spend: Spend::Count { factor, count: i64::from(count) } }
}

impl From<PasskeyAnswer> for Given {
    fn from(answer: PasskeyAnswer) -> Self {
        Self::Passkey { ticket: answer.ticket, credential: answer.credential }
    }
}
