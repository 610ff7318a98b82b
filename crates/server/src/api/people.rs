//! People, departments and roles.

use std::str::FromStr;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::{DepartmentId, PersonId};
use policy::{ActionKind, AdministerPeople, AdministerRoles, Cause, ReadPeople, ReadRules, WORKSPACE};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::address::{Path, Query};
use crate::app::Ready;
use crate::body::Body;
use crate::problem::Problem;
use crate::reply::Plain;
use crate::who::Who;

/// Which people.
#[derive(Deserialize, utoipa::IntoParams)]
pub(crate) struct PeopleParams {
    search: Option<String>,
    department: Option<Uuid>,
    /// `active`, `suspended`, `left`.
    status: Option<String>,
    /// Holders of a role; administrators only.
    role: Option<String>,
    cursor: Option<String>,
    limit: Option<usize>,
}

/// People by name: names and departments for everybody, accounts for administrators.
#[utoipa::path(get, path = "/people", params(PeopleParams), responses((status = 200, body = identity::PeoplePage)))]
pub(crate) async fn people(
    app: Ready,
    Who(who): Who,
    Query(params): Query<PeopleParams>,
) -> Result<Response, Problem> {
    app.policy.permit::<ReadPeople>(&who, WORKSPACE, app.now())?;
    let full = administers(&app, &who);
    let offset = match params.cursor.as_deref() {
        None | Some("") => 0,
        Some(text) => {
            usize::from_str(text).map_err(|_| Problem::bad("the cursor is not one that this list gave"))?
        }
    };
    let limit = params.limit.unwrap_or(50).clamp(1, 200);
    let query = identity::PeopleQuery {
        search: params.search,
        department: params.department.map(DepartmentId),
        status: params.status,
        role: params.role.filter(|_| full),
        viewer: full.then_some(who.person),
        offset,
        limit,
    };
    Ok(Plain(app.identity.people(full, &query)).into_response())
}

/// Accounts are shown to those who administer people or roles.
fn administers(app: &Ready, who: &std::sync::Arc<policy::Principal>) -> bool {
    let offices = [ActionKind::AdministerPeople, ActionKind::AdministerRoles];
    offices.into_iter().any(|office| app.policy.can(who, office, WORKSPACE, app.now()))
}

/// A new person.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct CreatedPerson {
    person: identity::PersonView,
    /// Shown once; must be changed at the first sign-in.
    initial_password: String,
}

/// Creates a person; the initial password is in this answer only.
#[utoipa::path(post, path = "/people", request_body = identity::NewPerson, responses((status = 201, body = CreatedPerson)))]
pub(crate) async fn create(
    app: Ready,
    Who(who): Who,
    Body(new): Body<identity::NewPerson>,
) -> Result<Response, Problem> {
    let permit = app.policy.permit::<AdministerPeople>(&who, WORKSPACE, app.now())?;
    let roles = app.policy.permit::<AdministerRoles>(&who, WORKSPACE, app.now()).ok();
    let (person, initial_password) = app.identity.create_person(permit, roles, new).await?;
    Ok((StatusCode::CREATED, Plain(CreatedPerson { person, initial_password })).into_response())
}

/// One person.
#[utoipa::path(get, path = "/people/{id}", responses((status = 200, body = identity::PersonView)))]
pub(crate) async fn person(app: Ready, Who(who): Who, Path(id): Path<String>) -> Result<Response, Problem> {
    app.policy.permit::<ReadPeople>(&who, WORKSPACE, app.now())?;
    let id = person_id(&id)?;
    let full = administers(&app, &who) && app.identity.in_branch(&who, id);
    let person = app.identity.person(id, full).ok_or_else(Problem::not_found)?;
    Ok(Plain(person).into_response())
}

/// Changes a person.
#[utoipa::path(patch, path = "/people/{id}", request_body = identity::PersonChange, responses((status = 200, body = identity::PersonView)))]
pub(crate) async fn update(
    app: Ready,
    Who(who): Who,
    Path(id): Path<String>,
    Body(change): Body<identity::PersonChange>,
) -> Result<Response, Problem> {
    let people = app.policy.permit::<AdministerPeople>(&who, WORKSPACE, app.now());
    let roles = app.policy.permit::<AdministerRoles>(&who, WORKSPACE, app.now());
    let (people, roles) = match (people, roles) {
        // Whoever may after a fresh proof is told so.
        (Err(_), Err(refusal)) if matches!(refusal.cause(), Cause::StepUp { .. }) => {
            return Err(refusal.into());
        }
        (Err(refusal), Err(_)) => return Err(refusal.into()),
        (people, roles) => (people.ok(), roles.ok()),
    };
    let person = app.identity.update_person(people, roles, person_id(&id)?, change).await?;
    Ok(Plain(person).into_response())
}

/// Limits an administrator's office to branches of the company (分级管理), or lifts the limit.
#[utoipa::path(put, path = "/people/{id}/office", request_body = identity::OfficeChange, responses((status = 204)))]
pub(crate) async fn set_office(
    app: Ready,
    Who(who): Who,
    Path(id): Path<String>,
    Body(change): Body<identity::OfficeChange>,
) -> Result<StatusCode, Problem> {
    let permit = app.policy.permit::<AdministerRoles>(&who, WORKSPACE, app.now())?;
    app.identity.set_office(permit, person_id(&id)?, change).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A password for the next sign-in only.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct InitialPassword {
    /// Shown once; must be changed at the next sign-in.
    initial_password: String,
}

/// Gives a person a new initial password, shown in this answer only; all their sessions end.
#[utoipa::path(post, path = "/people/{id}/reset_password", responses((status = 200, body = InitialPassword)))]
pub(crate) async fn reset_password(
    app: Ready,
    Who(who): Who,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let permit = app.policy.permit::<AdministerPeople>(&who, WORKSPACE, app.now())?;
    let initial_password = app.identity.reset_password(permit, person_id(&id)?).await?;
    Ok(Plain(InitialPassword { initial_password }).into_response())
}

/// The departments, as a list with paths.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct DepartmentList {
    items: Vec<identity::DepartmentView>,
}

/// The departments.
#[utoipa::path(get, path = "/departments", responses((status = 200, body = DepartmentList)))]
pub(crate) async fn departments(app: Ready, Who(who): Who) -> Result<Response, Problem> {
    app.policy.permit::<ReadPeople>(&who, WORKSPACE, app.now())?;
    Ok(Plain(DepartmentList { items: app.identity.departments() }).into_response())
}

/// A new department.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct CreatedDepartment {
    id: DepartmentId,
}

/// Makes a department.
#[utoipa::path(post, path = "/departments", request_body = identity::DepartmentChange, responses((status = 201, body = CreatedDepartment)))]
pub(crate) async fn create_department(
    app: Ready,
    Who(who): Who,
    Body(new): Body<identity::DepartmentChange>,
) -> Result<Response, Problem> {
    let permit = app.policy.permit::<AdministerPeople>(&who, WORKSPACE, app.now())?;
    let id = app.identity.create_department(permit, new).await?;
    Ok((StatusCode::CREATED, Plain(CreatedDepartment { id })).into_response())
}

/// Renames or moves a department.
#[utoipa::path(patch, path = "/departments/{id}", request_body = identity::DepartmentChange, responses((status = 204)))]
pub(crate) async fn update_department(
    app: Ready,
    Who(who): Who,
    Path(id): Path<String>,
    Body(change): Body<identity::DepartmentChange>,
) -> Result<StatusCode, Problem> {
    let permit = app.policy.permit::<AdministerPeople>(&who, WORKSPACE, app.now())?;
    app.identity.update_department(permit, department_id(&id)?, change).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Removes an empty department.
#[utoipa::path(delete, path = "/departments/{id}", responses((status = 204)))]
pub(crate) async fn delete_department(
    app: Ready,
    Who(who): Who,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let permit = app.policy.permit::<AdministerPeople>(&who, WORKSPACE, app.now())?;
    app.identity.delete_department(permit, department_id(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The roles of the workspace.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct RoleList {
    items: Vec<identity::RoleView>,
}

/// The roles; with their rules for those who may read rules.
#[utoipa::path(get, path = "/roles", responses((status = 200, body = RoleList)))]
pub(crate) async fn roles(app: Ready, Who(who): Who) -> Result<Response, Problem> {
    app.policy.permit::<ReadPeople>(&who, WORKSPACE, app.now())?;
    let with_rules = app.policy.permit::<ReadRules>(&who, WORKSPACE, app.now()).is_ok();
    Ok(Plain(RoleList { items: app.identity.roles(with_rules) }).into_response())
}

/// Makes a role.
#[utoipa::path(post, path = "/roles", request_body = identity::NewRole, responses((status = 201)))]
pub(crate) async fn create_role(
    app: Ready,
    Who(who): Who,
    Body(new): Body<identity::NewRole>,
) -> Result<StatusCode, Problem> {
    let permit = app.policy.permit::<AdministerRoles>(&who, WORKSPACE, app.now())?;
    app.identity.create_role(permit, new).await?;
    Ok(StatusCode::CREATED)
}

pub(crate) fn person_id(text: &str) -> Result<PersonId, Problem> {
    PersonId::from_str(text).map_err(|_| Problem::not_found())
}

fn department_id(text: &str) -> Result<DepartmentId, Problem> {
    DepartmentId::from_str(text).map_err(|_| Problem::not_found())
}
