//! The break-glass account: sealed by the security administration, opened by two custodians.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use identity::Opening;
use kernel::Timestamp;
use policy::{AdministerRoles, WORKSPACE};
use serde::{Deserialize, Serialize};

use super::security::administration;
use super::session::{cookie, set_cookie};
use crate::app::Ready;
use crate::body::Body;
use crate::problem::Problem;
use crate::reply::Plain;
use crate::who::{Facts, Secure, Who};

/// How the account stands: for the three administrations and for custodians.
#[utoipa::path(get, path = "/break_glass", responses((status = 200, body = identity::BreakGlassView)))]
pub(crate) async fn state(app: Ready, Who(who): Who) -> Result<Response, Problem> {
    let view = app.identity.break_glass(who.person);
    if !view.yours_waits {
        administration(&app, &who)?;
    }
    Ok(Plain(view).into_response())
}

/// Names the custodians; earlier codes open nothing any more.
#[utoipa::path(put, path = "/break_glass", request_body = identity::NewSeal, responses((status = 204)))]
pub(crate) async fn seal(
    app: Ready,
    Who(who): Who,
    Body(new): Body<identity::NewSeal>,
) -> Result<StatusCode, Problem> {
    let permit = app.policy.permit::<AdministerRoles>(&who, WORKSPACE, app.now())?;
    app.identity.seal_break_glass(permit, new).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A custodian's code.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct CustodianCode {
    /// Shown once, to this custodian only.
    code: String,
}

/// Collects the caller's code.
#[utoipa::path(post, path = "/break_glass/code", responses((status = 200, body = CustodianCode)))]
pub(crate) async fn collect(app: Ready, Who(who): Who) -> Result<Response, Problem> {
    let code = app.identity.collect_break_glass_code(&who).await?;
    Ok(Plain(CustodianCode { code }).into_response())
}

/// One custodian's code.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GivenCode {
    code: String,
}

/// What a code brought about.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Opened {
    /// The session is open; its cookie came with this answer.
    open: bool,
    /// By when the other custodian's code must come.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Timestamp>,
}

/// Gives one custodian's code; the second one within ten minutes opens a session of an hour.
#[utoipa::path(post, path = "/break_glass/open", request_body = GivenCode, responses((status = 200, body = Opened), (status = 202, body = Opened)))]
pub(crate) async fn open(
    Secure(secure): Secure,
    workspace: Ready,
    Facts(facts): Facts,
    Body(given): Body<GivenCode>,
) -> Result<Response, Problem> {
    if given.code.len() > 100 {
        return Err(identity::Error::BadCredentials.into());
    }
    match workspace.identity.open_break_glass(&given.code, &facts).await? {
        Opening::Waiting(until) => {
            Ok((StatusCode::ACCEPTED, Json(Opened { open: false, until: Some(until) })).into_response())
        }
        Opening::Open(token) => {
            let mut response = Plain(Opened { open: true, until: None }).into_response();
            set_cookie(&mut response, &cookie(secure, &token, "Max-Age=3600"));
            Ok(response)
        }
    }
}
