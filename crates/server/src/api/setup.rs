//! First-run set-up.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use crate::app::{App, Founded};
use crate::body::Body;
use crate::problem::Problem;
use crate::reply::Plain;

/// How far the server is.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct SetupState {
    /// There is no workspace yet.
    needed: bool,
    version: &'static str,
    /// `sqlite` or `postgres`.
    engine: &'static str,
}

/// Whether the server still needs its workspace.
#[utoipa::path(get, path = "/setup", responses((status = 200, body = SetupState)))]
pub(crate) async fn state(State(app): State<App>) -> Plain<SetupState> {
    let workspace = app.workspace();
    Plain(SetupState {
        needed: workspace.is_none(),
        version: env!("CARGO_PKG_VERSION"),
        engine: workspace.map_or("sqlite", |w| w.engine),
    })
}

/// Founds the workspace; the recovery kit and initial passwords are in this answer only.
#[utoipa::path(post, path = "/setup", request_body = identity::Founding, responses((status = 200, body = Founded)))]
pub(crate) async fn found(
    State(app): State<App>,
    Body(founding): Body<identity::Founding>,
) -> Result<Plain<Founded>, Problem> {
    let done =
        || Problem::new(StatusCode::CONFLICT, "setup_done", "this server has its workspace already; sign in");
    let _one_at_a_time = app.0.founding.lock().await;
    let (Some(founder), Some(code), None) = (&app.0.founder, &app.0.setup_code, app.workspace()) else {
        return Err(done());
    };
    if !identity::same_secret(code, founding.code.trim()) {
        // A guess costs a second: the code has 80 random bits, and this keeps the log readable.
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        return Err(Problem::fields(vec![records::FieldError::new(
            "code",
            "wrong_code",
            "the set-up code stands in the address that the server printed at its start",
        )]));
    }
    founding.check()?;
    let (workspace, founded) = founder.found(founding).await?;
    app.0.workspace.store(Some(std::sync::Arc::new(workspace)));
    Ok(Plain(founded))
}

/// A password to judge.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasswordCheck {
    password: String,
    #[serde(default)]
    login: String,
    #[serde(default)]
    name: String,
}

/// How good a password is; nothing is kept.
#[utoipa::path(post, path = "/password/check", request_body = PasswordCheck, responses((status = 200, body = identity::PasswordReport)))]
pub(crate) async fn check_password(
    State(app): State<App>,
    Body(request): Body<PasswordCheck>,
) -> Result<Plain<identity::PasswordReport>, Problem> {
    if [&request.password, &request.login, &request.name].iter().any(|text| text.len() > 1_024) {
        return Err(Problem::bad("too long to be a password"));
    }
    // Anybody may ask this, and judging takes a while: one at a time, beside those who serve requests.
    let _turn = app.0.judging.acquire().await.map_err(|_| Problem::internal())?;
    let judged = tokio::task::spawn_blocking(move || {
        identity::check_password(&request.password, &request.login, &request.name)
    });
    Ok(Plain(judged.await.map_err(|_| Problem::internal())?))
}
