//! Identity: people, the org tree, credentials, sessions.
//!
//! It turns a session token into a `policy::Principal` and keeps the policy's picture of the company true: every
//! administrative change is written with its ledger entry in one transaction and acts at the next request. It
//! promises: passwords exist only as Argon2id hashes, tokens only as SHA-256; an unknown login cannot be told from a
//! wrong password, neither by the answer nor by its time; no person holds two administrations; the last person of an
//! administration cannot vanish. It never sees customer data.

mod administration;
mod admission;
mod break_glass;
mod devices;
mod error;
mod factors;
mod facts;
mod founding;
mod groups;
mod life;
mod load;
mod networks;
mod password;
mod positions;
mod posture;
mod session;
mod sessions;
mod signing_in;
mod throttle;
mod views;

use std::sync::Arc;

use arc_swap::ArcSwap;
use kernel::{Clock, Ids, Random};
use ledger::Ledger;
use policy::Policy;
use store::{Migration, Store};
use vault::Vault;

pub use administration::{DepartmentChange, NewPerson, NewRole, OfficeChange, PersonChange};
pub use break_glass::{BreakGlassState, BreakGlassView, CustodianView, NewSeal, Opening};
pub use devices::{
    Asked, DeviceChange, DeviceDemand, DeviceRules, DeviceRulesChange, DeviceState, DeviceView, NewDevice,
    token_hash,
};
pub use error::Error;
pub use factors::{
    Again, Challenge, FactorKind, FactorView, Given, NewTotp, PasskeyAnswer, Site, base32, seed_totp,
    totp_code,
};
pub use facts::{How, Method, RequestFacts, Restriction, short_agent};
pub use founding::{
    Account, FoundedAccount, Founding, SeedDepartment, SeedPerson, found, insert_people, seed_hash,
};
pub use groups::{GroupChange, GroupView};
pub use life::{Employment, Ended, LeaveRequest, Leaving, LeavingState, LeavingView, Plan};
pub use networks::{
    BadCountryFile, Countries, Country, LOCAL, MOST_RANGES, MOST_ZONES, NetworkRefusal, NetworkRules,
    NetworkRulesChange, NetworksView, NoCountry, PlaceView, Unknown, Verdict, Zone, ZoneChange,
};
pub use password::{PasswordReport, check as check_password, random_password};
pub use positions::{Position, PositionView};
pub use posture::Posture;
pub use session::{SignedIn, random_token, same_secret};
pub use sessions::{Ending, SessionView};
pub use views::{DepartmentView, Me, PeoplePage, PeopleQuery, PersonView, RoleView};

/// Tables of this crate.
pub const MIGRATIONS: &[Migration] = &[Migration {
    name: "identity-1",
    sql: "CREATE TABLE person(id {BLOB} PRIMARY KEY, name TEXT NOT NULL, login TEXT NOT NULL UNIQUE, password TEXT NOT NULL, \
          status TEXT NOT NULL, manager {BLOB}, language TEXT NOT NULL, must_change BIGINT NOT NULL, \
          created_at BIGINT NOT NULL, last_sign_in_at BIGINT, version BIGINT NOT NULL);
          CREATE TABLE person_department(person {BLOB} NOT NULL, department {BLOB} NOT NULL, place BIGINT NOT NULL, \
          PRIMARY KEY(person, department));
          CREATE TABLE person_role(person {BLOB} NOT NULL, role TEXT NOT NULL, PRIMARY KEY(person, role));
          CREATE TABLE department(id {BLOB} PRIMARY KEY, name TEXT NOT NULL, parent {BLOB});
          CREATE TABLE role(key TEXT PRIMARY KEY, body TEXT NOT NULL);
          CREATE TABLE rule(id {BLOB} PRIMARY KEY, body TEXT NOT NULL);
          CREATE TABLE session(token {BLOB} PRIMARY KEY, id {BLOB} NOT NULL, person {BLOB} NOT NULL, \
          created_at BIGINT NOT NULL, seen_at BIGINT NOT NULL, ip TEXT);
          CREATE INDEX session_person ON session(person);",
}, Migration {
    name: "identity/session-facts",
    sql: "ALTER TABLE session ADD COLUMN strength TEXT NOT NULL DEFAULT 'password';
          ALTER TABLE session ADD COLUMN strong_at BIGINT;
          ALTER TABLE session ADD COLUMN prove_again BIGINT NOT NULL DEFAULT 0;
          ALTER TABLE session ADD COLUMN method TEXT NOT NULL DEFAULT 'password';
          ALTER TABLE session ADD COLUMN zone TEXT;
          ALTER TABLE session ADD COLUMN agent TEXT;
          ALTER TABLE session ADD COLUMN device {BLOB};",
}, Migration {
    name: "identity/devices",
    sql: devices::TABLE,
}, Migration {
    name: "identity/factors",
    sql: "CREATE TABLE factor(id {BLOB} PRIMARY KEY, person {BLOB} NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, \
          secret {BLOB} NOT NULL, counter BIGINT NOT NULL, confirmed BIGINT NOT NULL, created_at BIGINT NOT NULL, \
          last_used_at BIGINT);
          CREATE INDEX factor_person ON factor(person);",
}, life::MIGRATION];

/// People and sessions of a workspace. Cheap to clone.
#[derive(Clone)]
pub struct Identity(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) store: Store,
    /// Seals the secrets of factors, providers and channels.
    pub(crate) vault: Arc<Vault>,
    pub(crate) ledger: Ledger,
    pub(crate) policy: Arc<Policy>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) ids: Ids,
    /// The company as stored; replaced whole after every change.
    pub(crate) company: ArcSwap<load::Company>,
    pub(crate) sessions: session::Sessions,
    pub(crate) hasher: password::Hasher,
    pub(crate) throttle: throttle::Throttle,
    pub(crate) networks: networks::Networks,
    pub(crate) devices: devices::Devices,
    pub(crate) break_glass: break_glass::BreakGlass,
    /// Sign-ins that wait for their second half.
    pub(crate) attempts: factors::Attempts,
    /// Questions to passkeys that wait for their answers.
    pub(crate) challenges: factors::Challenges,
    /// Administrative changes happen one after another, so that what was checked still holds when it is written.
    pub(crate) changing: tokio::sync::Mutex<()>,
}

impl Identity {
    /// Reads the company and the open sessions, and tells the policy.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn open(
        store: Store,
        vault: Arc<Vault>,
        ledger: Ledger,
        policy: Arc<Policy>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self, Error> {
        let company = store.read(load::company).await?;
        let sessions = store.read(session::load).await?;
        let networks = store.read(networks::load).await?;
        let break_glass = store.read(break_glass::load).await?;
        let seeding = random.clone();
        let devices = store.read(move |conn| devices::load(conn, seeding.as_ref())).await?;
        policy.set_rules(company.rules.clone());
        policy.set_org(company.org());
        Ok(Self(Arc::new(Inner {
            store,
            vault,
            ledger,
            policy,
            clock,
            random,
            ids: Ids::default(),
            company: ArcSwap::from_pointee(company),
            sessions,
            hasher: password::Hasher::default(),
            throttle: throttle::Throttle::default(),
            networks,
            devices,
            break_glass,
            attempts: factors::Attempts::default(),
            challenges: factors::Challenges::default(),
            changing: tokio::sync::Mutex::new(()),
        })))
    }
}

impl Inner {
    /// Reads the company anew after a change and tells the policy: acts at the next decision.
    pub(crate) async fn reload(&self) -> Result<(), Error> {
        let company = self.store.read(load::company).await?;
        self.policy.set_rules(company.rules.clone());
        self.policy.set_org(company.org());
        self.company.store(Arc::new(company));
        Ok(())
    }
}
