//! Dynamic groups: administered with roles, as membership opens what rules open.

use std::str::FromStr;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::GroupId;
use policy::{AdministerRoles, ReadRules, WORKSPACE};
use serde::Serialize;

use crate::address::Path;
use crate::app::Ready;
use crate::body::Body;
use crate::problem::Problem;
use crate::reply::Plain;
use crate::who::Who;

/// The groups.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct GroupList {
    items: Vec<identity::GroupView>,
}

/// The groups with their members of this moment: for those who may read rules.
#[utoipa::path(get, path = "/groups", responses((status = 200, body = GroupList)))]
pub(crate) async fn all(app: Ready, Who(who): Who) -> Result<Response, Problem> {
    app.policy.permit::<ReadRules>(&who, WORKSPACE, app.now())?;
    Ok(Plain(GroupList { items: app.identity.groups() }).into_response())
}

/// Who would belong to a group; saves nothing.
#[utoipa::path(post, path = "/groups/check", request_body = identity::GroupChange, responses((status = 200, body = identity::GroupView)))]
pub(crate) async fn check(
    app: Ready,
    Who(who): Who,
    Body(change): Body<identity::GroupChange>,
) -> Result<Response, Problem> {
    app.policy.permit::<AdministerRoles>(&who, WORKSPACE, app.now())?;
    Ok(Plain(app.identity.try_group(&change)?).into_response())
}

/// Makes a group.
#[utoipa::path(post, path = "/groups", request_body = identity::GroupChange, responses((status = 201, body = identity::GroupView)))]
pub(crate) async fn create(
    app: Ready,
    Who(who): Who,
    Body(change): Body<identity::GroupChange>,
) -> Result<Response, Problem> {
    let permit = app.policy.permit::<AdministerRoles>(&who, WORKSPACE, app.now())?;
    let group = app.identity.put_group(permit, None, change).await?;
    Ok((StatusCode::CREATED, Plain(group)).into_response())
}

/// Changes a group; membership and rights follow at the next request.
#[utoipa::path(put, path = "/groups/{id}", request_body = identity::GroupChange, responses((status = 200, body = identity::GroupView)))]
pub(crate) async fn update(
    app: Ready,
    Who(who): Who,
    Path(id): Path<String>,
    Body(change): Body<identity::GroupChange>,
) -> Result<Response, Problem> {
    let permit = app.policy.permit::<AdministerRoles>(&who, WORKSPACE, app.now())?;
    Ok(Plain(app.identity.put_group(permit, Some(group_id(&id)?), change).await?).into_response())
}

/// Removes a group that no rule is for.
#[utoipa::path(delete, path = "/groups/{id}", responses((status = 204)))]
pub(crate) async fn delete(app: Ready, Who(who): Who, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    let permit = app.policy.permit::<AdministerRoles>(&who, WORKSPACE, app.now())?;
    app.identity.delete_group(permit, group_id(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn group_id(text: &str) -> Result<GroupId, Problem> {
    GroupId::from_str(text).map_err(|_| Problem::not_found())
}
