//! Signing in and out, and one's own account.

use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kernel::WorkspaceId;
use policy::{AdministerSettings, WORKSPACE};
use serde::{Deserialize, Serialize};

use crate::app::Ready;
use crate::body::Body;
use crate::problem::Problem;
use crate::reply::Plain;
use crate::who::{COOKIE, Facts, HOST_COOKIE, Secure, Who, token_of};

/// Credentials.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Credentials {
    login: String,
    password: String,
    /// A one-time code; not asked for yet.
    #[serde(default)]
    #[expect(dead_code, reason = "accepted so that clients need not change when second factors come")]
    totp: Option<String>,
}

/// No login is longer, in bytes; what is longer need not be remembered by those who count failures.
const LONGEST_LOGIN: usize = 200;

/// Signs in; the session is a cookie.
#[utoipa::path(post, path = "/session", request_body = Credentials, responses((status = 200, body = MeView)))]
pub(crate) async fn sign_in(
    workspace: Ready,
    Facts(facts): Facts,
    Secure(secure): Secure,
    Body(credentials): Body<Credentials>,
) -> Result<Response, Problem> {
    if credentials.login.len() > LONGEST_LOGIN {
        return Err(identity::Error::BadCredentials.into());
    }
    let (token, me) = workspace.identity.sign_in(&credentials.login, credentials.password, &facts).await?;
    let mut response = Plain(me_view(&workspace, me)).into_response();
    set_cookie(&mut response, &cookie(secure, &token, "Max-Age=604800"));
    Ok(response)
}

pub(super) fn cookie(secure: bool, token: &str, life: &str) -> String {
    if secure {
        format!("{HOST_COOKIE}={token}; Path=/; {life}; HttpOnly; SameSite=Strict; Secure")
    } else {
        format!("{COOKIE}={token}; Path=/; {life}; HttpOnly; SameSite=Strict")
    }
}

pub(super) fn set_cookie(response: &mut Response, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
}

/// The caller's own account in its workspace.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Me)]
pub(crate) struct MeView {
    #[serde(flatten)]
    me: identity::Me,
    workspace: WorkspaceRef,
}

/// The workspace as everybody in it knows it.
#[derive(Serialize, utoipa::ToSchema)]
struct WorkspaceRef {
    id: WorkspaceId,
    company: String,
    language: String,
}

fn me_view(workspace: &Ready, me: identity::Me) -> MeView {
    let id = workspace.records.workspace();
    let (company, language) = (workspace.company.clone(), workspace.language.clone());
    MeView { me, workspace: WorkspaceRef { id, company, language } }
}

/// Signs out.
#[utoipa::path(delete, path = "/session", responses((status = 204)))]
pub(crate) async fn sign_out(
    workspace: Ready,
    Facts(facts): Facts,
    Secure(secure): Secure,
    parts: Parts,
) -> Result<Response, Problem> {
    if let Some(token) = token_of(&parts) {
        workspace.identity.sign_out(token, &facts).await?;
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    set_cookie(&mut response, &cookie(secure, "", "Max-Age=0"));
    Ok(response)
}

/// The caller's own account and everything they may do.
#[utoipa::path(get, path = "/me", responses((status = 200, body = MeView)))]
pub(crate) async fn me(app: Ready, Who(who): Who) -> Result<Response, Problem> {
    let me = app.identity.me(who.person).ok_or_else(Problem::not_signed_in)?;
    Ok(Plain(me_view(&app, me)).into_response())
}

/// Changes of one's own account.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MeChange {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    language: Option<String>,
}

/// Changes one's own name or language.
#[utoipa::path(patch, path = "/me", request_body = MeChange, responses((status = 200, body = MeView)))]
pub(crate) async fn update_me(
    app: Ready,
    Who(who): Who,
    Body(change): Body<MeChange>,
) -> Result<Response, Problem> {
    app.identity.update_me(&who, change.name, change.language).await?;
    let me = app.identity.me(who.person).ok_or_else(Problem::not_signed_in)?;
    Ok(Plain(me_view(&app, me)).into_response())
}

/// A change of one's own password.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasswordChange {
    current: String,
    new: String,
}

/// Changes one's own password; all other sessions end.
#[utoipa::path(post, path = "/me/password", request_body = PasswordChange, responses((status = 204)))]
pub(crate) async fn change_password(
    app: Ready,
    Who(who): Who,
    parts: Parts,
    Body(change): Body<PasswordChange>,
) -> Result<StatusCode, Problem> {
    let token = token_of(&parts).unwrap_or_default();
    match app.identity.change_password(&who, token, change.current, change.new).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        // The session is fine: only the typed password is not.
        Err(identity::Error::BadCredentials) => Err(Problem::fields(vec![records::FieldError::new(
            "current",
            "bad_credentials",
            "this is not your present password",
        )])),
        Err(other) => Err(other.into()),
    }
}

/// The workspace as its administrators see it.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Workspace)]
pub(crate) struct WorkspaceView {
    company: String,
    language: String,
    /// `sqlite` or `postgres`.
    engine: &'static str,
    version: &'static str,
}

/// The workspace, for those who administer it.
#[utoipa::path(get, path = "/workspace", responses((status = 200, body = WorkspaceView)))]
pub(crate) async fn workspace(app: Ready, Who(who): Who) -> Result<Plain<WorkspaceView>, Problem> {
    app.policy.permit::<AdministerSettings>(&who, WORKSPACE, app.now())?;
    let (company, language) = (app.company.clone(), app.language.clone());
    Ok(Plain(WorkspaceView { company, language, engine: app.engine, version: env!("CARGO_PKG_VERSION") }))
}
