//! The router and the listening server.

use std::net::SocketAddr;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRequestParts as _, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum_server::tls_rustls::RustlsAcceptor;
use axum_server::{Handle, Server};
use policy::{AdministerSettings, WORKSPACE};
use tokio::net::TcpListener;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{Predicate, SizeAbove};

use crate::app::App;
use crate::connection::{Gate, Patience};
use crate::problem::Problem;
use crate::tls::Tls;
use crate::who::{Who, is_local};

/// Requests at once on one HTTP/2 connection.
const STREAMS: u32 = 100;
/// Most bytes of a request's headers on HTTP/2.
const HEADERS: u32 = 16 * 1024;
/// Largest JSON body.
const BODY: usize = 1024 * 1024;

/// The whole application.
pub fn router(app: App) -> Router {
    let (api, _) = crate::api::router().split_for_parts();
    Router::new()
        .nest("/api/v1", api.fallback(|| async { Problem::no_endpoint() }))
        .route("/api/openapi.json", get(openapi))
        .route("/healthz", get(|| async { "ok" }))
        .route("/metrics", get(metrics))
        .fallback(get(crate::web::serve))
        .layer(DefaultBodyLimit::max(BODY))
        .layer(middleware::from_fn_with_state(app.clone(), crate::refusals::note))
        .layer(CatchPanicLayer::custom(|_| Problem::internal().into_response()))
        .layer(
            CompressionLayer::new().quality(tower_http::CompressionLevel::Fastest).compress_when(
                SizeAbove::new(1_024)
                    .and(tower_http::compression::predicate::NotForContentType::const_new("image/")),
            ),
        )
        .layer(middleware::from_fn_with_state(app.clone(), crate::layers::around))
        .with_state(app)
}

async fn openapi(State(app): State<App>) -> Response {
    let workspace = app.workspace();
    let text = app.0.document.of(workspace.as_ref().map(|w| w.records.catalog()));
    ([(header::CONTENT_TYPE, "application/json")], text).into_response()
}

/// For a collector on this machine, or somebody who administers it: the numbers tell how busy a company is.
async fn metrics(State(app): State<App>, request: Request) -> Result<Response, Problem> {
    let (mut parts, _) = request.into_parts();
    let workspace = app.workspace();
    if !is_local(&parts)
        && let Some(workspace) = &workspace
    {
        let closed = || {
            let text = "metrics are answered on this machine, or to a system administrator";
            Problem::new(StatusCode::FORBIDDEN, "forbidden", text)
        };
        let Who(who) = Who::from_request_parts(&mut parts, &app).await.map_err(|_| closed())?;
        workspace.policy.permit::<AdministerSettings>(&who, WORKSPACE, workspace.now())?;
    }
    let size = workspace.and_then(|w| w.ledger.checkpoint()).map(|c| c.size());
    Ok(app.0.metrics.render(size, app.0.started.elapsed()).into_response())
}

/// An address that plain HTTP may not serve.
#[derive(Debug, thiserror::Error)]
#[error(
    "{0} is not a loopback address: plain HTTP would send passwords and customer data in clear. Give a certificate (--tls-cert and --tls-key), let one be generated (--tls self-signed), or listen on 127.0.0.1 behind a TLS proxy on the same machine"
)]
pub struct Unsafe(SocketAddr);

/// Plain HTTP is for loopback only (DESIGN 11).
///
/// # Errors
/// For any other address.
pub fn check_address(address: SocketAddr) -> Result<(), Unsafe> {
    if address.ip().is_loopback() { Ok(()) } else { Err(Unsafe(address)) }
}

/// Serves until the future ends, then finishes the requests that are under way.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    app: App,
    listener: TcpListener,
    tls: Option<Tls>,
    patience: Patience,
    until: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let handle: Handle<SocketAddr> = Handle::new();
    let service = router(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let mut server =
        Server::from_listener(listener).handle(handle.clone()).first_request_timeout(patience.first);
    let http = server.http_builder();
    http.http1().header_read_timeout(patience.header);
    http.http2().max_concurrent_streams(STREAMS).max_header_list_size(HEADERS);
    let gate = Gate::new(patience);
    let chores = tokio::spawn(crate::chores::run(app.clone()));
    let stop = tokio::spawn(async move {
        until.await;
        handle.graceful_shutdown(Some(crate::layers::DEADLINE));
    });
    let done = match tls {
        None => server.acceptor(gate).serve(service).await,
        Some(tls) => {
            let acceptor =
                RustlsAcceptor::new(tls.config.clone()).handshake_timeout(patience.first).acceptor(gate);
            let follow = tokio::spawn(tls.follow(patience.renewal));
            let done = server.acceptor(acceptor).serve(service).await;
            follow.abort();
            done
        }
    };
    stop.abort();
    chores.abort();
    done
}
