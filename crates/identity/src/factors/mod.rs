//! Second factors: what a person has beside a password. Secrets lie sealed, each proof counts once.

mod attempt;
mod mine;
mod passkey;
mod proving;
mod recovery_codes;
mod step_up;
mod totp;

use std::collections::HashMap;
use std::sync::Arc;

use kernel::{PersonId, Timestamp};
use store::{Conn, Sql};
use utoipa::ToSchema;
use uuid::Uuid;
use vault::{Purpose, Vault};
use zeroize::Zeroizing;

use crate::Inner;
use crate::error::Error;
use crate::load::Account;

use FactorKind as Kind;
pub(crate) use attempt::Attempts;
pub use mine::{FactorView, NewTotp};
pub(crate) use passkey::Challenges;
pub use passkey::{Challenge, PasskeyAnswer, Site};
pub use proving::Given;
pub(crate) use proving::{Evidence, Spend};
pub use step_up::Again;
pub use totp::{base32, code_at as totp_code};

/// Every factor of a person; the same list is shared by all who look.
pub(crate) type Factors = HashMap<PersonId, Arc<[Factor]>>;

/// What kind of factor it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FactorKind {
    /// An authenticator application with one-time codes (RFC 6238).
    Totp,
    /// A passkey or security key (WebAuthn).
    Passkey,
    /// A set of recovery codes.
    RecoveryCodes,
}

impl FactorKind {
    const ALL: [Self; 3] = [Self::Totp, Self::Passkey, Self::RecoveryCodes];

    /// The word as stored and in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Totp => "totp",
            Self::Passkey => "passkey",
            Self::RecoveryCodes => "recovery_codes",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.as_str() == word)
    }

    /// Recovery codes help out; alone they are no second factor.
    fn stands_alone(self) -> bool {
        self != Self::RecoveryCodes
    }
}

/// A factor as loaded. What it has spent (steps, codes, counters) is asked of the store when it is used.
#[derive(Clone, Debug)]
pub(crate) struct Factor {
    pub(crate) id: Uuid,
    pub(crate) kind: Kind,
    pub(crate) secret: Sealed,
}

/// A sealed secret; its bytes say nothing and are shown nowhere.
#[derive(Clone)]
pub(crate) struct Sealed(Arc<[u8]>);

impl std::fmt::Debug for Sealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealed")
    }
}

/// The place of a factor's secret: it opens nowhere else.
fn place(person: PersonId, factor: Uuid) -> [u8; 38] {
    let mut out = *b"factor                                ";
    out[6..22].copy_from_slice(person.as_bytes());
    out[22..].copy_from_slice(factor.as_bytes());
    out
}

fn seal(vault: &Vault, person: PersonId, id: Uuid, secret: &[u8], random: &dyn kernel::Random) -> Vec<u8> {
    vault.seal_workspace(Purpose::Secret, &place(person, id), secret, random)
}

/// Reads every confirmed factor.
pub(crate) fn load(conn: &mut dyn Conn) -> Result<Factors, Error> {
    let mut all: HashMap<PersonId, Vec<Factor>> = HashMap::new();
    let rows = conn
        .query("SELECT id, person, kind, secret FROM factor WHERE confirmed = 1 ORDER BY created_at", &[])?;
    for row in &rows {
        let factor = Factor {
            id: row.get_id(0)?,
            kind: Kind::parse(row.get_text(2)?).ok_or(Error::Corrupt)?,
            secret: Sealed(row.get_blob(3)?.into()),
        };
        all.entry(PersonId(row.get_id(1)?)).or_default().push(factor);
    }
    Ok(all.into_iter().map(|(person, factors)| (person, factors.into())).collect())
}

/// A factor's row.
struct NewFactor<'a> {
    id: Uuid,
    person: PersonId,
    kind: Kind,
    name: &'a str,
    secret: &'a [u8],
    confirmed: bool,
    now: Timestamp,
}

impl NewFactor<'_> {
    fn insert(&self, conn: &mut dyn Conn) -> Result<(), Error> {
        let mut sql = Sql::new(conn.engine());
        sql.push(
            "INSERT INTO factor(id, person, kind, name, secret, counter, confirmed, created_at) VALUES (",
        );
        sql.param(self.id).push(", ").param(self.person.0).push(", ").param(self.kind.as_str()).push(", ");
        sql.param(self.name).push(", ").param(self.secret).push(", 0, ").param(i64::from(self.confirmed));
        sql.push(", ").param(self.now.0).push(")");
        conn.execute(sql.text(), &sql.params())?;
        Ok(())
    }
}

impl Inner {
    /// The confirmed factors of a person.
    pub(crate) fn factors_of(&self, person: PersonId) -> Arc<[Factor]> {
        self.company.load().factors.get(&person).cloned().unwrap_or_default()
    }

    /// Whether the person has a second factor that stands alone.
    pub(crate) fn has_factor(&self, person: PersonId) -> bool {
        self.company.load().has_factor(person)
    }

    /// Whether the account may work only with a second factor.
    #[expect(clippy::unused_self, reason = "the workspace's sign-in policy decides here too")]
    pub(crate) fn needs_factor(&self, account: &Account) -> bool {
        account.roles.iter().any(|r| policy::ADMINISTRATIONS.contains(&r.as_str()))
    }

    /// The kinds of proof that the person could give.
    pub(crate) fn kinds_of(&self, person: PersonId) -> Vec<Kind> {
        let mut kinds: Vec<Kind> = self.factors_of(person).iter().map(|f| f.kind).collect();
        kinds.dedup();
        kinds
    }

    fn open_secret(&self, person: PersonId, factor: &Factor) -> Result<Zeroizing<Vec<u8>>, Error> {
        let opened = self.vault.open_workspace(Purpose::Secret, &place(person, factor.id), &factor.secret.0);
        opened.map_err(|_| Error::Corrupt)
    }
}

impl crate::load::Company {
    /// Whether the person has a second factor that stands alone.
    pub(crate) fn has_factor(&self, person: PersonId) -> bool {
        self.factors.get(&person).is_some_and(|all| all.iter().any(|f| f.kind.stands_alone()))
    }
}

/// Gives a seeded person an authenticator whose secret is known outside: for demos and tests.
///
/// # Errors
/// What the store says.
pub fn seed_totp(
    conn: &mut dyn Conn,
    vault: &Vault,
    person: PersonId,
    secret: &[u8; 20],
    now: Timestamp,
    random: &dyn kernel::Random,
) -> Result<(), Error> {
    let id: Uuid = kernel::Ids::default().next_at(now, random);
    let sealed = seal(vault, person, id, secret, random);
    let (kind, name) = (Kind::Totp, "demo");
    NewFactor { id, person, kind, name, secret: &sealed, confirmed: true, now }.insert(conn)
}
