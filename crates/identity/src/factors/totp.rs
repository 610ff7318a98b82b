//! One-time codes of authenticator applications: RFC 6238 with SHA-1, 6 digits, 30 seconds, as every application has it.

use kernel::Timestamp;
use totp_rs::{Algorithm, Builder, Totp};

use crate::error::Error;

/// Seconds a code is shown.
pub(super) const STEP: u64 = 30;
/// Steps a clock may be off, either way.
const SKEW: u16 = 1;

fn totp(secret: &[u8], account: &str, issuer: &str) -> Result<Totp, Error> {
    let plain = |text: &str| text.replace(':', " ");
    let builder = Builder::new().with_algorithm(Algorithm::SHA1).with_digits(6).with_skew(SKEW);
    let builder = builder.with_step_duration(STEP).with_secret(secret.to_vec());
    let named = builder.with_account_name(plain(account)).with_issuer(Some(plain(issuer)));
    named.build().map_err(|_| Error::Corrupt)
}

fn seconds(now: Timestamp) -> u64 {
    u64::try_from(now.seconds()).unwrap_or(0)
}

/// The step (RFC 6238 §4.2) whose code this is, of the present one and its two neighbours.
pub(super) fn matching_step(secret: &[u8], code: &str, now: Timestamp) -> Result<Option<i64>, Error> {
    // People type the gap that applications show.
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    if code.len() != 6 || !code.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(None);
    }
    let step = totp(secret, "account", "shouxin")?.check(&code, seconds(now));
    Ok(step.and_then(|step| i64::try_from(step).ok()))
}

/// The `otpauth` address that a QR code holds.
pub(super) fn uri(secret: &[u8], account: &str, issuer: &str) -> Result<String, Error> {
    totp(secret, account, issuer)?.to_url().map_err(|_| Error::Corrupt)
}

/// The secret as people type it: base32 (RFC 4648 §6).
#[must_use]
pub fn base32(secret: &[u8]) -> String {
    totp_rs::Secret::from(secret).to_base32()
}

/// The code of a base32 secret at a moment: what an authenticator application would show.
///
/// # Errors
/// `Corrupt` when this is no secret.
pub fn code_at(base32: &str, now: Timestamp) -> Result<String, Error> {
    let secret = totp_rs::Secret::try_from_base32(base32).map_err(|_| Error::Corrupt)?;
    Ok(totp(secret.as_ref(), "account", "shouxin")?.generate(seconds(now)).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238 appendix B has eight digits; the last six are ours.
    #[test]
    fn codes_are_those_of_the_rfc() {
        let secret = b"12345678901234567890";
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            let now = Timestamp(0).plus_seconds(seconds);
            assert_eq!(matching_step(secret, code, now).unwrap(), Some(seconds / 30), "{seconds}");
            assert_eq!(code_at(&base32(secret), now).unwrap(), code);
            let spaced = format!(" {} {}", &code[..3], &code[3..]);
            assert!(matching_step(secret, &spaced, now.plus_seconds(30)).unwrap().is_some(), "a slow clock");
            assert!(matching_step(secret, code, now.plus_seconds(90)).unwrap().is_none(), "too old");
        }
        assert!(matching_step(secret, "28708", Timestamp(59_000_000)).unwrap().is_none());
    }

    #[test]
    fn the_address_names_company_and_person() {
        let uri = uri(b"12345678901234567890", "zhang", "云海:科技").unwrap();
        assert!(uri.starts_with("otpauth://totp/"), "{uri}");
        assert!(uri.contains("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ") && uri.contains("zhang"), "{uri}");
    }
}
