//! What somebody gives to prove who they are, and what it is worth.

use kernel::{PersonId, Timestamp};
use policy::Strength;
use serde_json::Value;
use store::{Conn, Sql};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::recovery_codes::Set;
use super::{Kind, totp};
use crate::Inner;
use crate::error::Error;
use crate::facts::{How, Method};

/// One piece of evidence, as given.
pub enum Given {
    /// A code of an authenticator application.
    Totp(Zeroizing<String>),
    /// A recovery code.
    RecoveryCode(Zeroizing<String>),
    /// A passkey's answer to the challenge that the ticket names.
    Passkey {
        /// Names the challenge.
        ticket: String,
        /// The answer, in the JSON form of WebAuthn.
        credential: Value,
    },
}

impl Given {
    /// A code of an authenticator application.
    #[must_use]
    pub fn totp(code: String) -> Self {
        Self::Totp(Zeroizing::new(code))
    }

    /// A recovery code.
    #[must_use]
    pub fn recovery_code(code: String) -> Self {
        Self::RecoveryCode(Zeroizing::new(code))
    }

    /// By what it would prove.
    pub(crate) fn method(&self) -> Method {
        match self {
            Self::Totp(_) => Method::Totp,
            Self::RecoveryCode(_) => Method::RecoveryCode,
            Self::Passkey { .. } => Method::Passkey,
        }
    }
}

/// A proof that was found good and is spent with what it opens.
pub(crate) struct Evidence {
    pub(crate) how: How,
    pub(crate) spend: Spend,
}

/// What a proof uses up, written in the transaction of what it opens: it opens nothing twice.
pub(crate) enum Spend {
    /// Steps of an authenticator up to this one are over.
    Step {
        /// The factor.
        factor: Uuid,
        /// The step.
        step: i64,
    },
    /// A code of a set.
    Code {
        /// The factor.
        factor: Uuid,
        /// Its bit.
        bit: i64,
    },
    /// A use of a passkey.
    Count {
        /// The factor.
        factor: Uuid,
        /// How often it was used; always 0 for passkeys that do not count (synchronised ones).
        count: i64,
    },
}

impl Spend {
    /// # Errors
    /// `BadCredentials` when it was spent already.
    pub(crate) fn write(&self, conn: &mut dyn Conn, now: Timestamp) -> Result<(), Error> {
        let mut sql = Sql::new(conn.engine());
        sql.push("UPDATE factor SET last_used_at = ").param(now.0);
        match self {
            Self::Step { factor, step } => {
                sql.push(", counter = ").param(*step).push(" WHERE id = ").param(*factor);
                sql.push(" AND confirmed = 1 AND counter < ").param(*step);
            }
            Self::Code { factor, bit } => {
                sql.push(", counter = counter + ").param(*bit).push(" WHERE id = ").param(*factor);
                sql.push(" AND confirmed = 1 AND (counter / ").param(*bit).push(") % 2 = 0");
            }
            Self::Count { factor, count } => {
                sql.push(", counter = ").param(*count).push(" WHERE id = ").param(*factor);
                sql.push(" AND confirmed = 1 AND (counter < ").param(*count);
                sql.push(" OR (counter = 0 AND ").param(*count).push(" = 0))");
            }
        }
        match conn.execute(sql.text(), &sql.params())? {
            1 => Ok(()),
            _ => Err(Error::BadCredentials),
        }
    }
}

impl Inner {
    /// Judges one piece of evidence of a person.
    ///
    /// # Errors
    /// `BadCredentials` when it is none.
    pub(crate) fn prove(&self, person: PersonId, given: &Given) -> Result<Evidence, Error> {
        let (factors, now) = (self.factors_of(person), self.clock.now());
        let of_kind = |kind: Kind| factors.iter().filter(move |f| f.kind == kind);
        match given {
            Given::Passkey { ticket, credential } => {
                return self.prove_by_passkey(person, ticket, credential);
            }
            Given::Totp(code) => {
                for factor in of_kind(Kind::Totp) {
                    let secret = self.open_secret(person, factor)?;
                    if let Some(step) = totp::matching_step(&secret, code, now)? {
                        let how = How::by(given.method(), Strength::SecondFactor);
                        return Ok(Evidence { how, spend: Spend::Step { factor: factor.id, step } });
                    }
                }
            }
            Given::RecoveryCode(code) => {
                for factor in of_kind(Kind::RecoveryCodes) {
                    let set = Set::read(&self.open_secret(person, factor)?)?;
                    if let Some(bit) = set.bit(code) {
                        let how = How::by(given.method(), Strength::SecondFactor);
                        return Ok(Evidence { how, spend: Spend::Code { factor: factor.id, bit } });
                    }
                }
            }
        }
        Err(Error::BadCredentials)
    }
}
