//! Records of every object through one set of endpoints.

use std::str::FromStr;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use kernel::{PersonId, RecordId};
use policy::{Assign, Create, Delete, List, Read, Reveal, Update};
use records::{ListQuery, TimelineQuery};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::address::{Path, Query};
use crate::app::{App, Ready};
use crate::body::Body;
use crate::problem::Problem;
use crate::reply::{Plain, Reply};
use crate::who::Who;

/// Query of a list.
#[derive(Deserialize, utoipa::IntoParams)]
pub(crate) struct ListParams {
    /// Records on the page, 1 to 200.
    limit: Option<u32>,
    /// Where the previous page ended.
    cursor: Option<String>,
    /// A sortable field; `-` before it means descending.
    sort: Option<String>,
    /// A condition as JSON.
    filter: Option<String>,
    /// Words to find.
    search: Option<String>,
    /// Only these fields, separated by commas.
    fields: Option<String>,
}

/// One page of the records of an object that the caller may see.
#[utoipa::path(get, path = "/records/{object}", params(ListParams), responses((status = 200, body = records::Page)))]
pub(crate) async fn list(
    app: Ready,
    Who(who): Who,
    Path(object): Path<String>,
    Query(params): Query<ListParams>,
) -> Result<Reply<records::Page>, Problem> {
    let permit = app.policy.permit::<List>(&who, app.object(&object)?, app.now())?;
    let filter = params.filter.as_deref().map(parse_filter).transpose()?;
    let query = ListQuery {
        limit: params.limit,
        cursor: params.cursor,
        sort: params.sort,
        filter,
        search: params.search,
        fields: params.fields.map(|f| f.split(',').map(|s| s.trim().to_owned()).collect()),
    };
    let page = app.records.list(permit, query).await?;
    Ok(app.ledger.record(page).await?.into())
}

fn parse_filter(text: &str) -> Result<Value, Problem> {
    crate::body::check_depth(text.as_bytes())?;
    serde_json::from_str(text).map_err(|_| Problem::bad("filter is not JSON"))
}

/// Fields of a record as they are sent: names and types are those of the object's own schema.
#[derive(utoipa::ToSchema)]
#[schema(value_type = BTreeMap<String, Value>)]
#[expect(dead_code, reason = "says the shape of a body that is parsed against the catalog")]
pub(crate) struct RecordInput(Map<String, Value>);

/// Makes a repeated request harmless.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "documents a header")]
pub(crate) struct IdempotencyKey {
    /// 1 to 200 visible characters: the same request with the same key answers with the record of the first.
    #[param(rename = "idempotency-key", min_length = 1, max_length = 200)]
    idempotency_key: Option<String>,
}

/// Guards against overwriting what somebody else has changed meanwhile.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "documents a header")]
pub(crate) struct IfMatch {
    /// The ETag that the record was read with; another version answers 412 `stale`.
    #[param(rename = "if-match")]
    if_match: Option<String>,
}

/// Creates a record.
#[utoipa::path(post, path = "/records/{object}", request_body = RecordInput, params(IdempotencyKey), responses((status = 201, body = records::Item, headers(("etag" = String, description = "The version, for If-Match.")))))]
pub(crate) async fn create(
    app: Ready,
    Who(who): Who,
    Path(object): Path<String>,
    headers: HeaderMap,
    Body(fields): Body<Map<String, Value>>,
) -> Result<Response, Problem> {
    let permit = app.policy.permit::<Create>(&who, app.object(&object)?, app.now())?;
    let key = match headers.get("idempotency-key").map(|v| v.to_str()) {
        None => None,
        Some(Ok(key)) if (1..=200).contains(&key.len()) => Some(key.to_owned()),
        Some(_) => return Err(Problem::bad("an Idempotency-Key has 1 to 200 visible characters")),
    };
    let item = app.records.create(permit, fields, key).await?;
    Ok(Reply::from(item).with_etag(StatusCode::CREATED))
}

/// One record.
#[utoipa::path(get, path = "/records/{object}/{id}", responses((status = 200, body = records::Item, headers(("etag" = String, description = "The version, for If-Match.")))))]
pub(crate) async fn read(
    app: Ready,
    Who(who): Who,
    Path((object, id)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let permit = app.policy.permit::<Read>(&who, app.object(&object)?, app.now())?;
    let item = app.records.read(permit, record_id(&id)?).await?;
    Ok(Reply::from(app.ledger.record(item).await?).with_etag(StatusCode::OK))
}

/// Changes fields of a record.
#[utoipa::path(patch, path = "/records/{object}/{id}", request_body = RecordInput, params(IfMatch), responses((status = 200, body = records::Item, headers(("etag" = String, description = "The version, for If-Match.")))))]
pub(crate) async fn update(
    app: Ready,
    Who(who): Who,
    Path((object, id)): Path<(String, String)>,
    headers: HeaderMap,
    Body(fields): Body<Map<String, Value>>,
) -> Result<Response, Problem> {
    let permit = app.policy.permit::<Update>(&who, app.object(&object)?, app.now())?;
    let expected = headers.get(header::IF_MATCH).map(version_of).transpose()?.flatten();
    let item = app.records.update(permit, record_id(&id)?, expected, fields).await?;
    Ok(Reply::from(item).with_etag(StatusCode::OK))
}

/// The version in an ETag; none for `*`, which fits every one.
fn version_of(value: &axum::http::HeaderValue) -> Result<Option<i64>, Problem> {
    let text = value.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(None);
    }
    text.trim_start_matches("W/")
        .trim_matches('"')
        .parse()
        .map(Some)
        .map_err(|_| Problem::bad("If-Match holds the ETag that the record was read with"))
}

/// Deletes a record; it can be restored.
#[utoipa::path(delete, path = "/records/{object}/{id}", responses((status = 204)))]
pub(crate) async fn delete(
    app: Ready,
    Who(who): Who,
    Path((object, id)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let permit = app.policy.permit::<Delete>(&who, app.object(&object)?, app.now())?;
    app.records.delete(permit, record_id(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a deletion back.
#[utoipa::path(post, path = "/records/{object}/{id}/restore", responses((status = 200, body = records::Item, headers(("etag" = String, description = "The version, for If-Match.")))))]
pub(crate) async fn restore(
    app: Ready,
    Who(who): Who,
    Path((object, id)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let permit = app.policy.permit::<Delete>(&who, app.object(&object)?, app.now())?;
    let item = app.records.restore(permit, record_id(&id)?).await?;
    Ok(Reply::from(item).with_etag(StatusCode::OK))
}

/// Body of a reveal.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RevealRequest {
    fields: Vec<String>,
    #[serde(default)]
    reason: String,
}

/// The full value of masked fields, with a reason.
#[utoipa::path(post, path = "/records/{object}/{id}/reveal", request_body = RevealRequest, responses((status = 200, body = records::Revealed)))]
pub(crate) async fn reveal(
    app: Ready,
    Who(who): Who,
    Path((object, id)): Path<(String, String)>,
    Body(request): Body<RevealRequest>,
) -> Result<Reply<records::Revealed>, Problem> {
    let permit = app.policy.permit::<Reveal>(&who, app.object(&object)?, app.now())?;
    let revealed = app.records.reveal(permit, record_id(&id)?, request.fields, request.reason).await?;
    Ok(app.ledger.record(revealed).await?.into())
}

/// Body of a bulk assignment.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AssignRequest {
    ids: Vec<Uuid>,
    owner: Uuid,
}

/// Hands records to another owner.
#[utoipa::path(post, path = "/records/{object}/assign", request_body = AssignRequest, responses((status = 200, body = records::BulkReport)))]
pub(crate) async fn assign(
    app: Ready,
    Who(who): Who,
    Path(object): Path<String>,
    Body(request): Body<AssignRequest>,
) -> Result<Reply<records::BulkReport>, Problem> {
    let permit = app.policy.permit::<Assign>(&who, app.object(&object)?, app.now())?;
    let ids = request.ids.into_iter().map(RecordId).collect();
    Ok(app.records.assign(permit, ids, PersonId(request.owner)).await?.into())
}

/// Body of a bulk change.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BulkRequest {
    ids: Vec<Uuid>,
    #[schema(value_type = Object)]
    fields: Map<String, Value>,
}

/// The same change to many records.
#[utoipa::path(post, path = "/records/{object}/bulk_update", request_body = BulkRequest, responses((status = 200, body = records::BulkReport)))]
pub(crate) async fn bulk_update(
    app: Ready,
    Who(who): Who,
    Path(object): Path<String>,
    Body(request): Body<BulkRequest>,
) -> Result<Reply<records::BulkReport>, Problem> {
    let permit = app.policy.permit::<Update>(&who, app.object(&object)?, app.now())?;
    let ids = request.ids.into_iter().map(RecordId).collect();
    Ok(app.records.bulk_update(permit, ids, request.fields).await?.into())
}

/// Query of a timeline.
#[derive(Deserialize, utoipa::IntoParams)]
pub(crate) struct TimelineParams {
    cursor: Option<String>,
    limit: Option<u32>,
    /// `communication`, `change`, separated by commas.
    kinds: Option<String>,
    /// Channels, separated by commas.
    channel: Option<String>,
    person: Option<Uuid>,
    from: Option<String>,
    to: Option<String>,
}

/// Communications and changes, newest first.
#[utoipa::path(get, path = "/records/{object}/{id}/timeline", params(TimelineParams), responses((status = 200, body = records::Timeline)))]
pub(crate) async fn timeline(
    app: Ready,
    Who(who): Who,
    Path((object, id)): Path<(String, String)>,
    Query(params): Query<TimelineParams>,
) -> Result<Reply<records::Timeline>, Problem> {
    let permit = app.policy.permit::<Read>(&who, app.object(&object)?, app.now())?;
    let words = |text: Option<String>| {
        text.map(|t| t.split(',').filter(|w| !w.is_empty()).map(str::to_owned).collect()).unwrap_or_default()
    };
    let query = TimelineQuery {
        cursor: params.cursor,
        limit: params.limit,
        kinds: words(params.kinds),
        channels: words(params.channel),
        person: params.person,
        from: crate::body::time(params.from.as_deref())?,
        to: crate::body::time(params.to.as_deref())?,
    };
    let timeline = app.records.timeline(permit, record_id(&id)?, query).await?;
    Ok(app.ledger.record(timeline).await?.into())
}

/// The short lists beside a record.
#[utoipa::path(get, path = "/records/{object}/{id}/related", responses((status = 200, body = records::Related)))]
pub(crate) async fn related(
    app: Ready,
    Who(who): Who,
    Path((object, id)): Path<(String, String)>,
) -> Result<Reply<records::Related>, Problem> {
    let permit = app.policy.permit::<Read>(&who, app.object(&object)?, app.now())?;
    let related = app.records.related(permit, record_id(&id)?).await?;
    Ok(app.ledger.record(related).await?.into())
}

/// Query of a history.
#[derive(Deserialize, utoipa::IntoParams)]
pub(crate) struct HistoryParams {
    cursor: Option<String>,
}

/// Changes of one record, newest first.
#[utoipa::path(get, path = "/records/{object}/{id}/history", params(HistoryParams), responses((status = 200, body = records::Timeline)))]
pub(crate) async fn history(
    app: Ready,
    Who(who): Who,
    Path((object, id)): Path<(String, String)>,
    Query(params): Query<HistoryParams>,
) -> Result<Reply<records::Timeline>, Problem> {
    let permit = app.policy.permit::<Read>(&who, app.object(&object)?, app.now())?;
    let history = app.records.history(permit, record_id(&id)?, params.cursor).await?;
    Ok(app.ledger.record(history).await?.into())
}

/// The catalog as the caller may know it.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct ObjectList {
    objects: Vec<records::ObjectView>,
}

/// Objects and fields as the caller may know them.
#[utoipa::path(get, path = "/objects", responses((status = 200, body = ObjectList)))]
pub(crate) async fn objects(app: Ready, Who(who): Who) -> Plain<ObjectList> {
    Plain(ObjectList { objects: app.records.objects(&who) })
}

/// Query of a search.
#[derive(Deserialize, utoipa::IntoParams)]
pub(crate) struct SearchParams {
    /// What to find.
    q: String,
    /// In which objects, separated by commas.
    objects: Option<String>,
    limit: Option<u32>,
}

/// Finds records across objects.
#[utoipa::path(get, path = "/search", params(SearchParams), responses((status = 200, body = records::SearchHits)))]
pub(crate) async fn search(
    app: Ready,
    Who(who): Who,
    Query(params): Query<SearchParams>,
) -> Result<Reply<records::SearchHits>, Problem> {
    let objects = params.objects.map(|o| o.split(',').map(str::to_owned).collect()).unwrap_or_default();
    let query = records::SearchQuery { q: params.q, objects, limit: params.limit };
    let hits = app.records.search(&who, query).await?;
    Ok(app.ledger.record(hits).await?.into())
}

/// What to count.
#[derive(Deserialize, utoipa::IntoParams)]
pub(crate) struct AggregateParams {
    /// A select field.
    group: String,
    /// A number field to add up.
    sum: Option<String>,
    /// A condition as JSON.
    filter: Option<String>,
}

/// How many of the records that the caller may see have which value of a field, and the sum of another.
#[utoipa::path(get, path = "/records/{object}/aggregate", params(AggregateParams), responses((status = 200, body = records::Aggregate)))]
pub(crate) async fn aggregate(
    app: Ready,
    Who(who): Who,
    Path(object): Path<String>,
    Query(params): Query<AggregateParams>,
) -> Result<Reply<records::Aggregate>, Problem> {
    let permit = app.policy.permit::<List>(&who, app.object(&object)?, app.now())?;
    let filter = params.filter.as_deref().map(parse_filter).transpose()?;
    let query = records::AggregateQuery { group: params.group, sum: params.sum, filter };
    let numbers = app.records.aggregate(permit, query).await?;
    Ok(app.ledger.record(numbers).await?.into())
}

/// Records that a new one with these fields may already be: the same phone or e-mail, or a near name. Only among those
/// that the caller may see; a question a second in the long run.
#[utoipa::path(post, path = "/duplicates/{object}", request_body = RecordInput, responses((status = 200, body = records::Duplicates)))]
pub(crate) async fn duplicates(
    State(state): State<App>,
    app: Ready,
    Who(who): Who,
    Path(object): Path<String>,
    Body(draft): Body<Map<String, Value>>,
) -> Result<Reply<records::Duplicates>, Problem> {
    let permit = app.policy.permit::<List>(&who, app.object(&object)?, app.now())?;
    state.0.probes.take(who.person, app.now())?;
    let found = app.records.duplicates(permit, draft).await?;
    Ok(app.ledger.record(found).await?.into())
}

/// An id that is none answers as a missing record.
fn record_id(text: &str) -> Result<RecordId, Problem> {
    RecordId::from_str(text).map_err(|_| Problem::not_found())
}
