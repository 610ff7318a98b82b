//! Positions of the company.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use policy::{AdministerPeople, ReadPeople, WORKSPACE};
use serde::Serialize;

use crate::address::Path;
use crate::app::Ready;
use crate::body::Body;
use crate::problem::Problem;
use crate::reply::Plain;
use crate::who::Who;

/// The positions, by key.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct PositionList {
    items: Vec<identity::PositionView>,
}

/// The positions.
#[utoipa::path(get, path = "/positions", responses((status = 200, body = PositionList)))]
pub(crate) async fn all(app: Ready, Who(who): Who) -> Result<Response, Problem> {
    app.policy.permit::<ReadPeople>(&who, WORKSPACE, app.now())?;
    Ok(Plain(PositionList { items: app.identity.positions() }).into_response())
}

/// Makes a position, or renames the one with this key.
#[utoipa::path(put, path = "/positions", request_body = identity::Position, responses((status = 204)))]
pub(crate) async fn put(
    app: Ready,
    Who(who): Who,
    Body(new): Body<identity::Position>,
) -> Result<StatusCode, Problem> {
    let permit = app.policy.permit::<AdministerPeople>(&who, WORKSPACE, app.now())?;
    app.identity.put_position(permit, new).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Removes a position that nobody holds and no rule names.
#[utoipa::path(delete, path = "/positions/{id}", responses((status = 204)))]
pub(crate) async fn delete(
    app: Ready,
    Who(who): Who,
    Path(key): Path<String>,
) -> Result<StatusCode, Problem> {
    let permit = app.policy.permit::<AdministerPeople>(&who, WORKSPACE, app.now())?;
    app.identity.delete_position(permit, key).await?;
    Ok(StatusCode::NO_CONTENT)
}
