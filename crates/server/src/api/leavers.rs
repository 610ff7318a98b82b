//! Leaving: what would end and move, the one button, its report, and taking the hand-over back.

use std::str::FromStr;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use policy::{AdministerPeople, Permit, Principal, ReadAudit, WORKSPACE};
use serde::Serialize;
use uuid::Uuid;

use super::people::person_id;
use crate::address::Path;
use crate::app::Ready;
use crate::body::Body;
use crate::problem::Problem;
use crate::reply::Plain;
use crate::who::Who;

/// How far back the report about a leaver looks, in seconds: 90 days.
const LOOKS_BACK: i64 = 90 * 86_400;

/// What would end and move if a person left now.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct LeavePreview {
    ends: Vec<identity::Ended>,
    moves: Vec<records::OwnedRecords>,
}

/// What would end and move if a person left now: numbers only.
#[utoipa::path(get, path = "/people/{id}/leave", responses((status = 200, body = LeavePreview)))]
pub(crate) async fn preview(app: Ready, Who(who): Who, Path(id): Path<String>) -> Result<Response, Problem> {
    let permit = permit(&app, &who)?;
    let id = person_id(&id)?;
    let ends = app.identity.access_of(&permit, id).await?;
    let moves = app.records.owned_by(id).await?;
    Ok(Plain(LeavePreview { ends, moves }).into_response())
}

/// A person leaves, now or on a date: all access ends at once; their records are handed over.
#[utoipa::path(post, path = "/people/{id}/leave", request_body = identity::LeaveRequest, responses((status = 200, body = identity::LeavingView)))]
pub(crate) async fn leave(
    app: Ready,
    Who(who): Who,
    Path(id): Path<String>,
    Body(request): Body<identity::LeaveRequest>,
) -> Result<Response, Problem> {
    let permit = permit(&app, &who)?;
    for object in request.objects.keys() {
        app.object(object)?;
    }
    let leaving = app.identity.leave(&permit, person_id(&id)?, request).await?;
    app.records.hand_over_now();
    Ok(Plain(leaving).into_response())
}

/// Leavings, the newest first.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct LeavingList {
    items: Vec<identity::LeavingView>,
}

/// The newest leavings, at most 200.
#[utoipa::path(get, path = "/leavers", responses((status = 200, body = LeavingList)))]
pub(crate) async fn all(app: Ready, Who(who): Who) -> Result<Response, Problem> {
    let items = app.identity.leavings(&permit(&app, &who)?).await?;
    Ok(Plain(LeavingList { items }).into_response())
}

/// A leaving with its report.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct LeavingReport {
    leaving: identity::LeavingView,
    /// What moved where; nothing before it began.
    #[schema(required = true)]
    hand_over: Option<records::HandOverView>,
    /// What is still in the leaver's name.
    remaining: Vec<records::OwnedRecords>,
    /// What they read, revealed and exported in the last 90 days: for those who may read the ledger.
    #[schema(required = true)]
    activity: Option<records::Activity>,
}

/// One leaving: what ended, what moved where, what the person had and (for readers of the ledger) did.
#[utoipa::path(get, path = "/leavers/{id}", responses((status = 200, body = LeavingReport)))]
pub(crate) async fn one(app: Ready, Who(who): Who, Path(id): Path<String>) -> Result<Response, Problem> {
    let id = leaving_id(&id)?;
    // Those who administer people and those who read the ledger each see their own part.
    let audit = app.policy.permit::<ReadAudit>(&who, WORKSPACE, app.now()).ok();
    let leaving = match (permit(&app, &who), &audit) {
        (Ok(permit), _) => app.identity.leaving(&permit, id).await?,
        (Err(_), Some(permit)) => app.identity.leaving_for_audit(permit, id).await?,
        (Err(refused), None) => return Err(refused),
    };
    let person = leaving.person();
    let hand_over = app.records.hand_over(id).await?;
    let remaining = app.records.owned_by(person).await?;
    let activity = match audit {
        None => None,
        Some(permit) => {
            let from = leaving.at().plus_seconds(-LOOKS_BACK);
            let activity = app.records.activity(&permit, person, from).await?;
            Some(app.ledger.record(activity).await?.into_inner())
        }
    };
    Ok(Plain(LeavingReport { leaving, hand_over, remaining, activity }).into_response())
}

/// Calls a planned leaving off.
#[utoipa::path(delete, path = "/leavers/{id}", responses((status = 204)))]
pub(crate) async fn cancel(app: Ready, Who(who): Who, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    app.identity.cancel_leaving(&permit(&app, &who)?, leaving_id(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives back what was handed over and nobody has moved on since. The account stays closed.
#[utoipa::path(post, path = "/leavers/{id}/undo", responses((status = 200, body = identity::LeavingView)))]
pub(crate) async fn undo(app: Ready, Who(who): Who, Path(id): Path<String>) -> Result<Response, Problem> {
    let leaving = app.identity.undo_leaving(&permit(&app, &who)?, leaving_id(&id)?).await?;
    app.records.hand_over_now();
    Ok(Plain(leaving).into_response())
}

fn permit(app: &Ready, who: &std::sync::Arc<Principal>) -> Result<Permit<AdministerPeople>, Problem> {
    Ok(app.policy.permit::<AdministerPeople>(who, WORKSPACE, app.now())?)
}

fn leaving_id(text: &str) -> Result<Uuid, Problem> {
    Uuid::from_str(text).map_err(|_| Problem::not_found())
}
