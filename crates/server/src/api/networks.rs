//! Network zones and what follows from them. Read by those who read rules, changed by the security administration.

use std::net::IpAddr;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use identity::RequestFacts;
use policy::{AdministerRoles, ReadRules, WORKSPACE};
use serde::Deserialize;

use crate::address::{Path, Query};
use crate::app::Ready;
use crate::body::Body;
use crate::problem::Problem;
use crate::reply::Plain;
use crate::who::{Facts, Who};

/// The zones, the rules, and where the caller is.
#[utoipa::path(get, path = "/networks", responses((status = 200, body = identity::NetworksView)))]
pub(crate) async fn networks(app: Ready, Who(who): Who, Facts(facts): Facts) -> Result<Response, Problem> {
    app.policy.permit::<ReadRules>(&who, WORKSPACE, app.now())?;
    Ok(Plain(app.identity.networks(&facts, &who.roles)).into_response())
}

/// An address to try, for somebody with a role.
#[derive(Deserialize, utoipa::IntoParams)]
pub(crate) struct PlaceParams {
    ip: String,
    role: Option<String>,
}

/// What the rules say of an address.
#[utoipa::path(get, path = "/networks/check", params(PlaceParams), responses((status = 200, body = identity::PlaceView)))]
pub(crate) async fn check(
    app: Ready,
    Who(who): Who,
    Query(params): Query<PlaceParams>,
) -> Result<Response, Problem> {
    app.policy.permit::<ReadRules>(&who, WORKSPACE, app.now())?;
    let ip = params.ip.trim().parse::<IpAddr>();
    let ip = ip.map_err(|_| Problem::bad("ip is an address like 192.0.2.7 or 2001:db8::7"))?;
    let roles: Vec<String> = params.role.into_iter().collect();
    Ok(Plain(app.identity.place(&RequestFacts::new(Some(ip), None), &roles)).into_response())
}

/// Makes a zone or replaces it.
#[utoipa::path(put, path = "/networks/zones/{key}", request_body = identity::ZoneChange, responses((status = 204)))]
pub(crate) async fn put_zone(
    app: Ready,
    Who(who): Who,
    Facts(facts): Facts,
    Path(key): Path<String>,
    Body(change): Body<identity::ZoneChange>,
) -> Result<StatusCode, Problem> {
    let permit = app.policy.permit::<AdministerRoles>(&who, WORKSPACE, app.now())?;
    app.identity.put_zone(permit, &facts, &key, change).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whether a dangerous change is meant.
#[derive(Deserialize, utoipa::IntoParams)]
pub(crate) struct ConfirmParams {
    /// Also when the caller's own address is refused from then on.
    #[serde(default)]
    confirm: bool,
}

/// Removes a zone that no rule speaks of.
#[utoipa::path(delete, path = "/networks/zones/{key}", params(ConfirmParams), responses((status = 204)))]
pub(crate) async fn delete_zone(
    app: Ready,
    Who(who): Who,
    Facts(facts): Facts,
    Path(key): Path<String>,
    Query(params): Query<ConfirmParams>,
) -> Result<StatusCode, Problem> {
    let permit = app.policy.permit::<AdministerRoles>(&who, WORKSPACE, app.now())?;
    app.identity.delete_zone(permit, &facts, &key, params.confirm).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Replaces what follows from zones.
#[utoipa::path(put, path = "/networks/rules", request_body = identity::NetworkRulesChange, responses((status = 204)))]
pub(crate) async fn put_rules(
    app: Ready,
    Who(who): Who,
    Facts(facts): Facts,
    Body(change): Body<identity::NetworkRulesChange>,
) -> Result<StatusCode, Problem> {
    let permit = app.policy.permit::<AdministerRoles>(&who, WORKSPACE, app.now())?;
    app.identity.put_network_rules(permit, &facts, change).await?;
    Ok(StatusCode::NO_CONTENT)
}
