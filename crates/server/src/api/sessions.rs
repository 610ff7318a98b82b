//! Open sessions: one's own, and those of others for administrators.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use identity::{Ending, SessionView};
use kernel::{PersonId, SessionId};
use policy::{AdministerPeople, WORKSPACE};
use serde::Serialize;

use crate::address::Path;
use crate::app::Ready;
use crate::problem::Problem;
use crate::reply::Plain;
use crate::who::{Facts, Who};

/// Open sessions, newest first.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = OpenSessions)]
pub(crate) struct Sessions {
    items: Vec<SessionView>,
}

/// The caller's own open sessions.
#[utoipa::path(get, path = "/me/sessions", operation_id = "my_sessions", responses((status = 200, body = Sessions)))]
pub(crate) async fn mine(app: Ready, Who(who): Who) -> Result<Response, Problem> {
    Ok(Plain(Sessions { items: app.identity.my_sessions(&who) }).into_response())
}

/// Ends all sessions of the caller but the one that asks.
#[utoipa::path(delete, path = "/me/sessions", operation_id = "end_my_sessions", responses((status = 204)))]
pub(crate) async fn end_mine(app: Ready, Who(who): Who, Facts(facts): Facts) -> Result<StatusCode, Problem> {
    app.identity.end_my_sessions(&who, Ending::AllBut(who.session), &facts).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends one session of the caller.
#[utoipa::path(delete, path = "/me/sessions/{id}", operation_id = "end_my_session", params(("id" = SessionId, Path)),
    responses((status = 204)))]
pub(crate) async fn end_one_of_mine(
    app: Ready,
    Who(who): Who,
    Facts(facts): Facts,
    Path(id): Path<SessionId>,
) -> Result<StatusCode, Problem> {
    app.identity.end_my_sessions(&who, Ending::One(id), &facts).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The open sessions of a person, for those who administer people.
#[utoipa::path(get, path = "/people/{id}/sessions", operation_id = "sessions", params(("id" = PersonId, Path)),
    responses((status = 200, body = Sessions)))]
pub(crate) async fn of_person(
    app: Ready,
    Who(who): Who,
    Path(id): Path<PersonId>,
) -> Result<Response, Problem> {
    let permit = app.policy.permit::<AdministerPeople>(&who, WORKSPACE, app.now())?;
    Ok(Plain(Sessions { items: app.identity.sessions_of(&permit, id) }).into_response())
}

/// Ends all sessions of a person.
#[utoipa::path(delete, path = "/people/{id}/sessions", operation_id = "end_sessions", params(("id" = PersonId, Path)),
    responses((status = 204)))]
pub(crate) async fn end_of_person(
    app: Ready,
    Who(who): Who,
    Facts(facts): Facts,
    Path(id): Path<PersonId>,
) -> Result<StatusCode, Problem> {
    let permit = app.policy.permit::<AdministerPeople>(&who, WORKSPACE, app.now())?;
    app.identity.end_sessions_of(&permit, id, Ending::AllBut(None), &facts).await?;
    Ok(StatusCode::NO_CONTENT)
}
