//! Devices: one's own, and everybody's for the security administration.

use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use policy::{AdministerRoles, ReadRules, WORKSPACE};
use serde::Serialize;
use uuid::Uuid;

use crate::address::Path;
use crate::app::Ready;
use crate::body::Body;
use crate::problem::Problem;
use crate::reply::Plain;
use crate::sensitive::Address;
use crate::who::{Facts, Secure, Who, token_of};

/// A person's devices.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct OwnDevices {
    items: Vec<identity::DeviceView>,
}

/// The caller's devices.
#[utoipa::path(get, path = "/me/devices", responses((status = 200, body = OwnDevices)))]
pub(crate) async fn own(app: Ready, Who(who): Who) -> Result<Response, Problem> {
    Ok(Plain(OwnDevices { items: app.identity.devices_of(who.person, who.device) }).into_response())
}

/// Enrols the browser's key and binds the session to it. Needs a proof of the key in the header `DPoP`.
#[utoipa::path(post, path = "/me/devices", request_body = identity::NewDevice, responses((status = 201, body = identity::DeviceView)))]
pub(crate) async fn enrol(
    app: Ready,
    Who(who): Who,
    Secure(secure): Secure,
    parts: Parts,
    Body(new): Body<identity::NewDevice>,
) -> Result<Response, Problem> {
    let token = token_of(&parts).unwrap_or_default();
    let address = Address::of(&parts);
    let asked = address.asked(token, secure);
    let device = app.identity.enrol_device(&who, &asked, address.proof(), new).await?;
    Ok((StatusCode::CREATED, Plain(device)).into_response())
}

/// Binds the session to the device whose key made the proof in the header `DPoP`: after each sign-in.
#[utoipa::path(post, path = "/me/devices/session", responses((status = 200, body = identity::DeviceView)))]
pub(crate) async fn show(
    app: Ready,
    Who(who): Who,
    Secure(secure): Secure,
    parts: Parts,
) -> Result<Response, Problem> {
    let token = token_of(&parts).unwrap_or_default();
    let address = Address::of(&parts);
    let asked = address.asked(token, secure);
    Ok(Plain(app.identity.show_device(&who, &asked, address.proof()).await?).into_response())
}

/// Revokes a device of one's own; its sessions end at once.
#[utoipa::path(delete, path = "/me/devices/{id}", responses((status = 204)))]
pub(crate) async fn revoke_own(
    app: Ready,
    Who(who): Who,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    app.identity.revoke_own_device(&who, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Everybody's devices with the rules.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct AllDevices {
    items: Vec<identity::DeviceView>,
    rules: identity::DeviceRules,
}

/// Everybody's devices, those that wait for approval first, and the rules.
#[utoipa::path(get, path = "/devices", responses((status = 200, body = AllDevices)))]
pub(crate) async fn all(app: Ready, Who(who): Who) -> Result<Response, Problem> {
    app.policy.permit::<ReadRules>(&who, WORKSPACE, app.now())?;
    let all = AllDevices { items: app.identity.devices(), rules: app.identity.device_rules() };
    Ok(Plain(all).into_response())
}

/// Approves, revokes or names a device. A revoked one ends its sessions at once.
#[utoipa::path(patch, path = "/devices/{id}", request_body = identity::DeviceChange, responses((status = 200, body = identity::DeviceView)))]
pub(crate) async fn update(
    app: Ready,
    Who(who): Who,
    Path(id): Path<Uuid>,
    Body(change): Body<identity::DeviceChange>,
) -> Result<Response, Problem> {
    let permit = app.policy.permit::<AdministerRoles>(&who, WORKSPACE, app.now())?;
    Ok(Plain(app.identity.update_device(permit, id, change).await?).into_response())
}

/// Replaces the device rules.
#[utoipa::path(put, path = "/devices/rules", request_body = identity::DeviceRulesChange, responses((status = 204)))]
pub(crate) async fn put_rules(
    app: Ready,
    Who(who): Who,
    Facts(facts): Facts,
    Body(change): Body<identity::DeviceRulesChange>,
) -> Result<StatusCode, Problem> {
    let permit = app.policy.permit::<AdministerRoles>(&who, WORKSPACE, app.now())?;
    app.identity.put_device_rules(permit, &facts, change).await?;
    Ok(StatusCode::NO_CONTENT)
}
