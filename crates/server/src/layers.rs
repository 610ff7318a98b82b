//! What every request goes through: id, a slot, origin check, deadline, headers, log line, metrics.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kernel::PersonId;

use crate::app::App;
use crate::front::{host, peer};
use crate::limits::Standing;
use crate::problem::Problem;

/// Longest time for a request.
pub(crate) const DEADLINE: Duration = Duration::from_secs(30);
/// Longest time for the upload of a file: 200 MiB over a slow line.
const UPLOAD_DEADLINE: Duration = Duration::from_secs(15 * 60);

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Headers of every answer.
const HEADERS: [(&str, &str); 6] = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

/// Who turned out to ask and how they stand: filled by the session's check, read when the answer leaves.
#[derive(Clone, Default)]
pub(crate) struct Caller(Arc<OnceLock<(PersonId, Standing)>>);

impl Caller {
    pub(crate) fn is(&self, person: PersonId, standing: Standing) {
        let _ = self.0.set((person, standing));
    }
}

/// The outermost layer.
pub(crate) async fn around(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let (id, caller) = (app.0.requests.next(), Caller::default());
    let client = app.front().client(peer(request.extensions()), request.headers());
    request.extensions_mut().insert(client);
    request.extensions_mut().insert(caller.clone());
    let (method, matched) = (request.method().clone(), request.extensions().get::<MatchedPath>().cloned());
    // The route's template, never the path or query: those hold ids and words.
    let route = matched.as_ref().map_or("web", MatchedPath::as_str);
    let api = request.uri().path().starts_with("/api/");
    let mut response = answer(&app, request, next, deadline(&method, route)).await;
    if api && response.status() == StatusCode::METHOD_NOT_ALLOWED {
        response = not_allowed(&response);
    }
    if client.secure {
        let year = HeaderValue::from_static("max-age=31536000");
        response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
    let known = caller.0.get();
    finish(response.headers_mut(), &id, api, known.map(|(_, standing)| *standing));
    let (status, took) = (response.status().as_u16(), started.elapsed());
    app.0.metrics.count(&method, route, status, took);
    let (micros, person) = (took.as_micros(), known.map(|(person, _)| tracing::field::display(*person)));
    if method == Method::GET && status < 400 {
        tracing::debug!(%method, route, status, micros, request = id, person, "request");
    } else {
        tracing::info!(%method, route, status, micros, request = id, person, "request");
    }
    response
}

fn deadline(method: &Method, route: &str) -> Duration {
    if method == Method::POST && route == "/api/v1/imports" { UPLOAD_DEADLINE } else { DEADLINE }
}

async fn answer(app: &App, request: Request, next: Next, deadline: Duration) -> Response {
    if foreign(&request) {
        let text = "this request came from another site";
        return Problem::new(StatusCode::FORBIDDEN, "cross_site", text).into_response();
    }
    let Ok(slot) = app.0.slots.clone().try_acquire_owned() else {
        let text = "too many requests are in progress; try again in a moment";
        return Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", text)
            .with("retry_after_s", 1)
            .into_response();
    };
    let reads = is_read(request.method());
    let run = async move {
        let _slot = slot;
        next.run(request).await
    };
    let response = if reads {
        tokio::time::timeout(deadline, run).await.ok()
    } else {
        // A change that has begun is finished, whether its caller waits or hangs up: what is written must also be in
        // force (sessions ended, rules told), and a queue must get its places back.
        let task = tokio::spawn(run);
        tokio::time::timeout(deadline, task)
            .await
            .ok()
            .map(|done| done.unwrap_or_else(|_| Problem::internal().into_response()))
    };
    response.unwrap_or_else(|| {
        let text = "the request took too long; ask for less";
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "timeout", text).into_response()
    })
}

fn is_read(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// The router's bare answer as a problem that still says which methods there are.
fn not_allowed(bare: &Response) -> Response {
    let text = "this address does not know this method";
    let mut response =
        Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", text).into_response();
    if let Some(allow) = bare.headers().get(header::ALLOW) {
        response.headers_mut().insert(header::ALLOW, allow.clone());
    }
    response
}

fn finish(headers: &mut HeaderMap, id: &str, api: bool, standing: Option<Standing>) {
    for (name, value) in HEADERS {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if api {
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
        headers
            .entry(header::CONTENT_SECURITY_POLICY)
            .or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
    }
    if let Some(standing) = standing {
        standing.write(headers);
    }
    if let Ok(value) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, value);
    }
}

/// Changing requests from another site's page are refused; programs send neither header.
fn foreign(request: &Request) -> bool {
    if is_read(request.method()) {
        return false;
    }
    let text = |name: &str| request.headers().get(name).and_then(|v| v.to_str().ok());
    if text("sec-fetch-site").is_some_and(|site| !matches!(site, "same-origin" | "none")) {
        return true;
    }
    match (text("origin"), host(request.uri(), request.headers())) {
        (Some(origin), Some(host)) => origin.split_once("://").is_none_or(|(_, o)| o != host),
        (Some(_), None) => true,
        _ => false,
    }
}
