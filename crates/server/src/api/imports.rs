//! Imports: a file is uploaded, mapped, checked, run in the background and accounted for row by row.

use std::str::FromStr;

use axum::body::Body as Raw;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt as _;
use kernel::ImportId;
use policy::Import;
use records::import::{
    CheckReport, ImportList, ImportLook, ImportView, MAX_FILE, Mapping, Options, RowsPage,
};
use serde::Deserialize;

use crate::address::{Path, Query};
use crate::app::Ready;
use crate::body::Body;
use crate::problem::Problem;
use crate::reply::{Plain, Reply};
use crate::who::Who;

/// What a file is.
#[derive(Deserialize, utoipa::IntoParams)]
pub(crate) struct UploadParams {
    /// `customer`, `contact` or `communication`.
    object: String,
    /// The file's name, for display.
    filename: Option<String>,
}

/// Which rows.
#[derive(Deserialize, utoipa::IntoParams)]
pub(crate) struct RowParams {
    /// `failed`, `skipped`, `near` or `unmatched`.
    kind: String,
    /// Where the previous page ended.
    cursor: Option<String>,
}

/// Mapping and choices.
#[derive(Deserialize, utoipa::ToSchema)]
#[schema(as = ImportConfiguration)]
pub(crate) struct Configuration {
    mapping: Vec<Mapping>,
    #[serde(default)]
    options: Options,
}

fn import_id(text: &str) -> Result<ImportId, Problem> {
    uuid::Uuid::from_str(text).map(ImportId).map_err(|_| Problem::not_found())
}

fn too_large() -> Problem {
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "the file is too large: at most 200 MiB")
}

/// Uploads a file as the raw body.
#[utoipa::path(post, path = "/imports", params(UploadParams), request_body(content = Vec<u8>, content_type = "application/octet-stream"), responses((status = 201, body = ImportView)))]
pub(crate) async fn upload(
    app: Ready,
    Who(who): Who,
    Query(params): Query<UploadParams>,
    headers: HeaderMap,
    body: Raw,
) -> Result<Response, Problem> {
    let permit = app.policy.permit::<Import>(&who, app.object(&params.object)?, app.now())?;
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|n| n > MAX_FILE) {
        return Err(too_large());
    }
    let mut upload = app.records.upload(permit, params.filename.as_deref().unwrap_or("import"))?;
    let mut parts = body.into_data_stream();
    while let Some(part) = parts.next().await {
        let Ok(part) = part else {
            upload.abandon().await?;
            return Err(Problem::bad("the file did not arrive whole"));
        };
        upload.push(&part).await.map_err(|e| match e {
            records::Error::TooLarge(_) => too_large(),
            other => other.into(),
        })?;
    }
    let view = upload.finish().await?;
    Ok((StatusCode::CREATED, Reply::from(view)).into_response())
}

/// The caller's imports, newest first.
#[utoipa::path(get, path = "/imports", responses((status = 200, body = ImportList)))]
pub(crate) async fn list(app: Ready, Who(who): Who) -> Result<Plain<ImportList>, Problem> {
    Ok(Plain(app.records.imports(&who).await?))
}

/// One import with its progress.
#[utoipa::path(get, path = "/imports/{id}", responses((status = 200, body = ImportView)))]
pub(crate) async fn one(app: Ready, Who(who): Who, Path(id): Path<String>) -> Result<Response, Problem> {
    Ok(match app.records.import(&who, import_id(&id)?).await? {
        ImportLook::Values(view) => Reply::from(app.ledger.record(*view).await?).into_response(),
        ImportLook::Numbers(numbers) => Plain(*numbers).into_response(),
    })
}

/// Sets which column feeds which field, and what to do with duplicates.
#[utoipa::path(put, path = "/imports/{id}", request_body = Configuration, responses((status = 200, body = ImportView)))]
pub(crate) async fn configure(
    app: Ready,
    Who(who): Who,
    Path(id): Path<String>,
    Body(body): Body<Configuration>,
) -> Result<Reply<ImportView>, Problem> {
    Ok(app.records.configure_import(&who, import_id(&id)?, body.mapping, body.options).await?.into())
}

/// Judges the first 1,000 rows without writing anything.
#[utoipa::path(post, path = "/imports/{id}/check", responses((status = 200, body = CheckReport)))]
pub(crate) async fn check(
    app: Ready,
    Who(who): Who,
    Path(id): Path<String>,
) -> Result<Reply<CheckReport>, Problem> {
    Ok(app.ledger.record(app.records.check_import(&who, import_id(&id)?).await?).await?.into())
}

/// Starts it in the background.
#[utoipa::path(post, path = "/imports/{id}/start", responses((status = 200, body = ImportView)))]
pub(crate) async fn start(
    app: Ready,
    Who(who): Who,
    Path(id): Path<String>,
) -> Result<Reply<ImportView>, Problem> {
    Ok(app.records.start_import(&who, import_id(&id)?).await?.into())
}

/// Stops it after the rows under way.
#[utoipa::path(post, path = "/imports/{id}/cancel", responses((status = 200, body = ImportView)))]
pub(crate) async fn cancel(
    app: Ready,
    Who(who): Who,
    Path(id): Path<String>,
) -> Result<Reply<ImportView>, Problem> {
    Ok(app.records.cancel_import(&who, import_id(&id)?).await?.into())
}

/// Goes on where it stopped.
#[utoipa::path(post, path = "/imports/{id}/resume", responses((status = 200, body = ImportView)))]
pub(crate) async fn resume(
    app: Ready,
    Who(who): Who,
    Path(id): Path<String>,
) -> Result<Reply<ImportView>, Problem> {
    Ok(app.records.resume_import(&who, import_id(&id)?).await?.into())
}

/// Rows to look at.
#[utoipa::path(get, path = "/imports/{id}/rows", params(RowParams), responses((status = 200, body = RowsPage)))]
pub(crate) async fn rows(
    app: Ready,
    Who(who): Who,
    Path(id): Path<String>,
    Query(params): Query<RowParams>,
) -> Result<Reply<RowsPage>, Problem> {
    let page = app.records.import_rows(&who, import_id(&id)?, &params.kind, params.cursor.as_deref()).await?;
    Ok(app.ledger.record(page).await?.into())
}

/// Failed and skipped rows as CSV, to mend and import again.
#[utoipa::path(get, path = "/imports/{id}/errors.csv", responses((status = 200, body = String, content_type = "text/csv")))]
pub(crate) async fn errors(app: Ready, Who(who): Who, Path(id): Path<String>) -> Result<Response, Problem> {
    let file = app.ledger.record(app.records.import_errors(&who, import_id(&id)?).await?).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"errors.csv\""),
    ];
    Ok((headers, file.into_inner()).into_response())
}
