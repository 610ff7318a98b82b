//! One's own second factors.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use identity::{Challenge, FactorView, Given, NewTotp, PasskeyAnswer};
use records::FieldError;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::address::Path;
use crate::app::Ready;
use crate::body::Body;
use crate::problem::Problem;
use crate::reply::Plain;
use crate::who::{AtSite, Session, Who};

/// A browser's answer to a challenge for a passkey.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasskeyProof {
    /// Names the challenge.
    ticket: String,
    /// What `navigator.credentials` gave, in the JSON form of WebAuthn.
    credential: Value,
}

impl From<PasskeyProof> for PasskeyAnswer {
    fn from(proof: PasskeyProof) -> Self {
        Self { ticket: proof.ticket, credential: proof.credential }
    }
}

/// At most one proof of those that a body can hold.
pub(crate) fn given(
    totp: Option<String>,
    recovery_code: Option<String>,
    passkey: Option<PasskeyProof>,
) -> Result<Option<Given>, Problem> {
    match (totp, recovery_code, passkey) {
        (None, None, None) => Ok(None),
        (Some(code), None, None) => Ok(Some(Given::totp(code))),
        (None, Some(code), None) => Ok(Some(Given::recovery_code(code))),
        (None, None, Some(proof)) => Ok(Some(PasskeyAnswer::from(proof).into())),
        _ => Err(needs_proof("totp")),
    }
}

/// The complaint about a body without exactly one proof.
pub(crate) fn needs_proof(field: &'static str) -> Problem {
    Problem::fields(vec![FieldError::new(field, "one_proof", "give exactly one proof")])
}

/// The caller's factors, without their secrets.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = FactorList)]
pub(crate) struct Factors {
    items: Vec<FactorView>,
}

/// Lists the caller's factors.
#[utoipa::path(get, path = "/me/factors", operation_id = "factors", responses((status = 200, body = Factors)))]
pub(crate) async fn list(app: Ready, Who(who): Who) -> Result<Response, Problem> {
    Ok(Plain(Factors { items: app.identity.my_factors(&who).await? }).into_response())
}

/// A name by which its person knows a factor.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FactorName {
    name: String,
}

/// Begins the enrolment of an authenticator: the secret is shown this once. Needs a recent proof.
#[utoipa::path(post, path = "/me/factors/totp", operation_id = "begin_totp", request_body = FactorName,
    responses((status = 200, body = NewTotp)))]
pub(crate) async fn begin_totp(
    app: Ready,
    Who(who): Who,
    Body(named): Body<FactorName>,
) -> Result<Response, Problem> {
    Ok(Plain(app.identity.begin_totp(&who, &app.company, &named.name).await?).into_response())
}

/// A code that the new authenticator shows.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FactorCode {
    code: String,
}

/// Recovery codes, shown this once; none when the person has some already.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct RecoveryCodes {
    recovery_codes: Option<Vec<String>>,
}

/// Confirms an authenticator by one of its codes.
#[utoipa::path(post, path = "/me/factors/{id}/confirm", operation_id = "confirm_factor", params(("id" = Uuid, Path)),
    request_body = FactorCode, responses((status = 200, body = RecoveryCodes)))]
pub(crate) async fn confirm(
    app: Ready,
    session: Session,
    Path(id): Path<Uuid>,
    Body(proof): Body<FactorCode>,
) -> Result<Response, Problem> {
    let Session { signed_in, token, facts } = session;
    let who = &signed_in.principal;
    let recovery_codes = app.identity.confirm_totp(who, &token, id, &proof.code, &facts).await?;
    Ok(Plain(RecoveryCodes { recovery_codes }).into_response())
}

/// Replaces the caller's recovery codes. Needs a recent proof.
#[utoipa::path(post, path = "/me/recovery_codes", operation_id = "renew_recovery_codes",
    responses((status = 200, body = RecoveryCodes)))]
pub(crate) async fn renew_recovery_codes(app: Ready, session: Session) -> Result<Response, Problem> {
    let codes = app.identity.renew_recovery_codes(&session.signed_in.principal, &session.facts).await?;
    Ok(Plain(RecoveryCodes { recovery_codes: Some(codes) }).into_response())
}

/// Renames a factor.
#[utoipa::path(patch, path = "/me/factors/{id}", operation_id = "rename_factor", params(("id" = Uuid, Path)),
    request_body = FactorName, responses((status = 204)))]
pub(crate) async fn rename(
    app: Ready,
    session: Session,
    Path(id): Path<Uuid>,
    Body(named): Body<FactorName>,
) -> Result<StatusCode, Problem> {
    app.identity.rename_factor(&session.signed_in.principal, id, &named.name, &session.facts).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Removes a factor; all other sessions of the caller end. Needs a recent proof.
#[utoipa::path(delete, path = "/me/factors/{id}", operation_id = "remove_factor", params(("id" = Uuid, Path)),
    responses((status = 204)))]
pub(crate) async fn remove(
    app: Ready,
    session: Session,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    let Session { signed_in, token, facts } = session;
    app.identity.remove_factor(&signed_in.principal, &token, id, &facts).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A question to the browser's passkeys.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct PasskeyChallenge {
    /// Names the challenge in the answer.
    ticket: String,
    /// For `navigator.credentials`, in the JSON form of WebAuthn.
    options: Value,
}

/// The challenge as an answer.
pub(crate) fn ask(challenge: Challenge) -> Response {
    Plain(PasskeyChallenge { ticket: challenge.ticket, options: challenge.options }).into_response()
}

/// Asks for a new passkey of the caller. Needs a recent proof.
#[utoipa::path(post, path = "/me/passkeys/options", operation_id = "begin_passkey",
    responses((status = 200, body = PasskeyChallenge)))]
pub(crate) async fn begin_passkey(
    app: Ready,
    Who(who): Who,
    AtSite(site): AtSite,
) -> Result<Response, Problem> {
    Ok(ask(app.identity.begin_passkey(&who, &site)?))
}

/// A new passkey with the name by which its person knows it.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPasskey {
    name: String,
    ticket: String,
    credential: Value,
}

/// Keeps a new passkey of the caller.
#[utoipa::path(post, path = "/me/passkeys", operation_id = "finish_passkey", request_body = NewPasskey,
    responses((status = 200, body = RecoveryCodes)))]
pub(crate) async fn finish_passkey(
    app: Ready,
    session: Session,
    Body(new): Body<NewPasskey>,
) -> Result<Response, Problem> {
    let Session { signed_in, token, facts } = session;
    let answer = PasskeyAnswer { ticket: new.ticket, credential: new.credential };
    let kept = app.identity.finish_passkey(&signed_in.principal, &token, &new.name, answer, &facts);
    Ok(Plain(RecoveryCodes { recovery_codes: kept.await? }).into_response())
}
