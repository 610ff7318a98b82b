//! What an address says: its path and its query, as typed values or a problem.

use axum::extract::{FromRequestParts, Path as AnyPath, Query as AnyQuery};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::problem::Problem;

/// Parts of a path. What cannot be one leads nowhere.
pub(crate) struct Path<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = AnyPath::<T>::from_request_parts(parts, state).await;
        path.map(|AnyPath(value)| Self(value)).map_err(|_| Problem::not_found())
    }
}

/// The parameters of a query; unknown ones are ignored.
pub(crate) struct Query<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        match AnyQuery::<T>::try_from_uri(&parts.uri) {
            Ok(AnyQuery(value)) => Ok(Self(value)),
            Err(rejection) => Err(Problem::bad(describe(&rejection.body_text()))),
        }
    }
}

/// Names the parameter, never its value.
fn describe(text: &str) -> String {
    let name = text.split(": ").nth(1).filter(|n| is_name(n));
    let missing = text.split('`').nth(1).filter(|n| text.contains("missing field") && is_name(n));
    match (missing, name) {
        (Some(name), _) => format!("the parameter {name} is missing"),
        (_, Some(name)) => format!("the parameter {name} is not of its type"),
        _ => "a parameter of the address does not fit".to_owned(),
    }
}

/// Looks like one of our own names: lower case, short.
pub(crate) fn is_name(text: &str) -> bool {
    (1..=40).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
}
