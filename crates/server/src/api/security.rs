//! The security posture, for the three administrations.

use axum::response::{IntoResponse, Response};
use policy::{AdministerSettings, ReadRules, WORKSPACE};

use crate::app::Ready;
use crate::problem::Problem;
use crate::reply::Plain;
use crate::who::Who;

/// How well the company is guarded, computed from what is in force.
#[utoipa::path(get, path = "/security/posture", responses((status = 200, body = identity::Posture)))]
pub(crate) async fn posture(app: Ready, Who(who): Who) -> Result<Response, Problem> {
    administration(&app, &who)?;
    Ok(Plain(app.identity.posture(who.person)).into_response())
}

/// Any of the three administrations: those who administer settings, and those who read rules.
pub(super) fn administration(app: &Ready, who: &std::sync::Arc<policy::Principal>) -> Result<(), Problem> {
    let Err(refusal) = app.policy.permit::<ReadRules>(who, WORKSPACE, app.now()) else { return Ok(()) };
    let settings = app.policy.permit::<AdministerSettings>(who, WORKSPACE, app.now());
    settings.map(|_| ()).map_err(|_| refusal.into())
}
