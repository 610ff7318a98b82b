//! Signing in and out, and one's own account.

use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use identity::{Again, RequestFacts, SignedIn};
use kernel::WorkspaceId;
use policy::{AdministerSettings, WORKSPACE};
use serde::{Deserialize, Serialize};

use super::factors::{self, PasskeyProof};
use crate::app::Ready;
use crate::body::Body;
use crate::problem::Problem;
use crate::reply::Plain;
use crate::who::{AtSite, COOKIE, Facts, HOST_COOKIE, Secure, Session, Who, token_of};

/// Credentials. A person with a second factor gives one of its proofs as well, here or at `POST /session/factor`.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Credentials {
    login: String,
    password: String,
    /// A code of the person's authenticator.
    #[serde(default)]
    totp: Option<String>,
    /// One of the person's recovery codes.
    #[serde(default)]
    recovery_code: Option<String>,
}

/// No login is longer, in bytes; what is longer need not be remembered by those who count failures.
const LONGEST_LOGIN: usize = 200;

/// Signs in; the session is a cookie. Answers `second_factor_required` with an `attempt` when the password is right
/// and the person has a second factor that was not given.
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
    let Credentials { login, password, totp, recovery_code } = credentials;
    let second = factors::given(totp, recovery_code, None)?;
    let token = workspace.identity.sign_in(&login, password, second, &facts).await?;
    came_in(&workspace, &token, &facts, secure)
}

/// The second half of a sign-in: the attempt that `second_factor_required` named, and one proof.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SecondHalf {
    attempt: String,
    #[serde(default)]
    totp: Option<String>,
    #[serde(default)]
    recovery_code: Option<String>,
    #[serde(default)]
    passkey: Option<PasskeyProof>,
}

/// Completes a sign-in with a second factor.
#[utoipa::path(post, path = "/session/factor", operation_id = "second_factor", request_body = SecondHalf,
    responses((status = 200, body = MeView)))]
pub(crate) async fn second_factor(
    workspace: Ready,
    Facts(facts): Facts,
    Secure(secure): Secure,
    Body(half): Body<SecondHalf>,
) -> Result<Response, Problem> {
    let second = factors::given(half.totp, half.recovery_code, half.passkey)?;
    let second = second.ok_or_else(|| factors::needs_proof("totp"))?;
    let token = workspace.identity.sign_in_with_factor(&half.attempt, second, &facts).await?;
    came_in(&workspace, &token, &facts, secure)
}

/// Which sign-in waits.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AttemptName {
    attempt: String,
}

/// Asks for a passkey as the second half of a sign-in.
#[utoipa::path(post, path = "/session/factor/options", operation_id = "second_factor_options",
    request_body = AttemptName, responses((status = 200, body = factors::PasskeyChallenge)))]
pub(crate) async fn second_factor_options(
    workspace: Ready,
    Facts(facts): Facts,
    AtSite(site): AtSite,
    Body(name): Body<AttemptName>,
) -> Result<Response, Problem> {
    Ok(factors::ask(workspace.identity.ask_in_attempt(&name.attempt, &site, &facts)?))
}

/// Asks whoever is there for a passkey, which tells who they are.
#[utoipa::path(post, path = "/session/passkey/options", operation_id = "passkey_options",
    responses((status = 200, body = factors::PasskeyChallenge)))]
pub(crate) async fn passkey_options(workspace: Ready, AtSite(site): AtSite) -> Result<Response, Problem> {
    Ok(factors::ask(workspace.identity.ask_anybody(&site)?))
}

/// Signs in with nothing but a passkey; the session is a cookie.
#[utoipa::path(post, path = "/session/passkey", operation_id = "sign_in_with_passkey", request_body = PasskeyProof,
    responses((status = 200, body = MeView)))]
pub(crate) async fn sign_in_with_passkey(
    workspace: Ready,
    Facts(facts): Facts,
    Secure(secure): Secure,
    Body(proof): Body<PasskeyProof>,
) -> Result<Response, Problem> {
    let token = workspace.identity.sign_in_with_passkey(proof.into(), &facts).await?;
    came_in(&workspace, &token, &facts, secure)
}

/// Asks the caller for one of their passkeys as a fresh proof.
#[utoipa::path(post, path = "/session/step_up/options", operation_id = "step_up_options",
    responses((status = 200, body = factors::PasskeyChallenge)))]
pub(crate) async fn step_up_options(
    app: Ready,
    Who(who): Who,
    AtSite(site): AtSite,
) -> Result<Response, Problem> {
    Ok(factors::ask(app.identity.ask_for_passkey(who.person, &site)?))
}

/// The answer to whoever has just come in: the cookie, and who they are.
pub(crate) fn came_in(
    workspace: &Ready,
    token: &str,
    facts: &RequestFacts,
    secure: bool,
) -> Result<Response, Problem> {
    let signed_in = workspace.identity.authenticate(token, facts).ok_or_else(Problem::not_signed_in)?;
    let mut response = Plain(me_view(workspace, &signed_in)?).into_response();
    set_cookie(&mut response, &cookie(secure, token, "Max-Age=604800"));
    Ok(response)
}

/// A fresh proof; the password counts only for those who have nothing stronger.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StepUp {
    #[serde(default)]
    password: Option<String>,
    #[serde(default)]
    totp: Option<String>,
    #[serde(default)]
    recovery_code: Option<String>,
    #[serde(default)]
    passkey: Option<PasskeyProof>,
}

/// Proves again who one is, for what answers `step_up_required` or `must_prove_again`.
#[utoipa::path(post, path = "/session/step_up", operation_id = "step_up", request_body = StepUp,
    responses((status = 200, body = MeView)))]
pub(crate) async fn step_up(
    app: Ready,
    session: Session,
    Body(proof): Body<StepUp>,
) -> Result<Response, Problem> {
    let again = match (factors::given(proof.totp, proof.recovery_code, proof.passkey)?, proof.password) {
        (Some(factor), None) => Again::Factor(factor),
        (None, Some(password)) => Again::Password(password),
        _ => return Err(factors::needs_proof("totp")),
    };
    let Session { signed_in, token, facts } = session;
    match app.identity.step_up(&signed_in.principal, &token, again, &facts).await {
        Ok(()) => {}
        // The session is fine: only this proof is not.
        Err(identity::Error::BadCredentials) => {
            let text = "this is no proof that it is you; try again";
            return Err(Problem::new(StatusCode::FORBIDDEN, "bad_proof", text));
        }
        Err(other) => return Err(other.into()),
    }
    let signed_in = app.identity.authenticate(&token, &facts).ok_or_else(Problem::not_signed_in)?;
    Ok(Plain(me_view(&app, &signed_in)?).into_response())
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

fn me_view(workspace: &Ready, signed_in: &SignedIn) -> Result<MeView, Problem> {
    let me = workspace.identity.me(signed_in).ok_or_else(Problem::not_signed_in)?;
    let id = workspace.records.workspace();
    let (company, language) = (workspace.company.clone(), workspace.language.clone());
    Ok(MeView { me, workspace: WorkspaceRef { id, company, language } })
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
pub(crate) async fn me(app: Ready, session: Session) -> Result<Response, Problem> {
    Ok(Plain(me_view(&app, &session.signed_in)?).into_response())
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
    session: Session,
    Body(change): Body<MeChange>,
) -> Result<Response, Problem> {
    app.identity.update_me(&session.signed_in.principal, change.name, change.language).await?;
    Ok(Plain(me_view(&app, &session.signed_in)?).into_response())
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
    session: Session,
    Body(change): Body<PasswordChange>,
) -> Result<StatusCode, Problem> {
    let (who, token) = (&session.signed_in.principal, &session.token);
    match app.identity.change_password(who, token, change.current, change.new).await {
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
