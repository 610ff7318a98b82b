//! First-run set-up.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use crate::app::App;
use crate::body::Body;
use crate::problem::Problem;
use crate::reply::Plain;

/// Whether the server still needs its workspace.
#[utoipa::path(get, path = "/setup", responses((status = 200)))]
pub(crate) async fn state(State(app): State<App>) -> Response {
    let workspace = app.workspace();
    let body = json!({
        "needed": workspace.is_none(),
        "version": env!("CARGO_PKG_VERSION"),
        "engine": workspace.map_or("sqlite", |w| w.engine),
    });
    Plain(body).into_response()
}

/// Founds the workspace; the recovery kit and initial passwords are in this answer only.
#[utoipa::path(post, path = "/setup", request_body = Object, responses((status = 200)))]
pub(crate) async fn found(
    State(app): State<App>,
    Body(founding): Body<identity::Founding>,
) -> Result<Response, Problem> {
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
    let (workspace, kit) = founder.found(founding).await?;
    app.0.workspace.store(Some(std::sync::Arc::new(workspace)));
    Ok(Plain(kit).into_response())
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
#[utoipa::path(post, path = "/password/check", request_body = PasswordCheck, responses((status = 200)))]
pub(crate) async fn check_password(
    State(app): State<App>,
    Body(request): Body<PasswordCheck>,
) -> Result<Response, Problem> {
    if [&request.password, &request.login, &request.name].iter().any(|text| text.len() > 1_024) {
        return Err(Problem::bad("too long to be a password"));
    }
    // Anybody may ask this, and judging takes a while: one at a time, beside those who serve requests.
    let _turn = app.0.judging.acquire().await.map_err(|_| Problem::internal())?;
    let judged = tokio::task::spawn_blocking(move || {
        identity::check_password(&request.password, &request.login, &request.name)
    });
    Ok(Plain(judged.await.map_err(|_| Problem::internal())?).into_response())
}
