//! Answers. Customer data can only be answered with after its ledger entry is durable (DESIGN 3.1).

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use ledger::Disclosed;
use serde::Serialize;

/// Recorded data as JSON. Only [`Disclosed`] turns into one.
///
/// ```compile_fail
/// fn handler(page: records::Page) -> server::Reply<records::Page> { server::Reply::from(page) }
/// ```
pub struct Reply<T>(T);

impl<T> From<Disclosed<T>> for Reply<T> {
    fn from(disclosed: Disclosed<T>) -> Self {
        Self(disclosed.into_inner())
    }
}

impl<T: Serialize> IntoResponse for Reply<T> {
    fn into_response(self) -> Response {
        Json(self.0).into_response()
    }
}

impl Reply<records::Item> {
    /// A record with its version as ETag.
    pub fn with_etag(self, status: StatusCode) -> Response {
        let etag = format!("\"{}\"", self.0.version());
        (status, [(axum::http::header::ETAG, etag)], Json(self.0)).into_response()
    }
}

/// Data that is not about customers: metadata, the caller's own account, administration.
pub struct Plain<T>(pub T);

impl<T: Serialize> IntoResponse for Plain<T> {
    fn into_response(self) -> Response {
        Json(self.0).into_response()
    }
}
