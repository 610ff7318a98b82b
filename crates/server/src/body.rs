//! Bodies and query values, parsed at the border: size, depth and type are checked before anything else sees them.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use kernel::Timestamp;
use serde::de::DeserializeOwned;

use crate::problem::Problem;

/// Deepest nesting of a JSON body.
const MAX_DEPTH: usize = 32;

/// A JSON body.
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let kind = request
            .headers()
            .get(axum::http::header::CONTENT_TYPE)
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default();
        if !kind.starts_with("application/json") {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported_type",
                "send JSON with content-type: application/json",
            ));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|e| {
            if e.status() == StatusCode::PAYLOAD_TOO_LARGE {
                too_large()
            } else {
                Problem::bad("the body did not arrive whole")
            }
        })?;
        check_depth(&bytes)?;
        serde_json::from_slice(&bytes)
            .map(Body)
            .map_err(|e| Problem::bad(format!("the body does not fit: {}", describe(&e))))
    }
}

/// Serde's message without the values it may quote.
fn describe(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match error.classify() {
        serde_json::error::Category::Data if text.starts_with("missing field") => text,
        // An unknown field's name is the sender's own text: repeated only when it looks like a name.
        serde_json::error::Category::Data if text.starts_with("unknown field") => {
            match text.split('`').nth(1).filter(|name| crate::address::is_name(name)) {
                Some(name) => format!("there is no field {name} here"),
                None => "there is a field that is not known here".to_owned(),
            }
        }
        serde_json::error::Category::Data => {
            format!("a value is of the wrong type at line {} column {}", error.line(), error.column())
        }
        _ => format!("not JSON at line {} column {}", error.line(), error.column()),
    }
}

pub(crate) fn too_large() -> Problem {
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "the body is too large: at most 1 MiB")
}

/// Refuses deep nesting before any parser recurses into it.
pub(crate) fn check_depth(bytes: &[u8]) -> Result<(), Problem> {
    let (mut depth, mut text, mut escaped) = (0usize, false, false);
    for byte in bytes {
        match (text, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (true, b'"') => text = false,
            (true, _) => {}
            (false, b'"') => text = true,
            (false, b'{' | b'[') => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(Problem::bad(format!("JSON may be nested at most {MAX_DEPTH} levels deep")));
                }
            }
            (false, b'}' | b']') => depth = depth.saturating_sub(1),
            (false, _) => {}
        }
    }
    Ok(())
}

/// A moment in a query.
pub(crate) fn time(text: Option<&str>) -> Result<Option<Timestamp>, Problem> {
    match text {
        None | Some("") => Ok(None),
        Some(text) => Timestamp::parse(text)
            .map(Some)
            .ok_or_else(|| Problem::bad("times are RFC 3339: 2026-11-23T00:00:00Z")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_in_text_are_no_nesting() {
        assert!(check_depth(format!("{{\"a\":\"{}\"}}", "[".repeat(100)).as_bytes()).is_ok());
        assert!(check_depth("[".repeat(33).as_bytes()).is_err());
    }
}
