//! What came back.

use axum::http::{HeaderMap, StatusCode, header};
use bytes::Bytes;
use serde_json::Value;

/// An answer, read whole.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
    /// Method and path, for messages.
    pub asked: String,
}

impl Answer {
    /// The JSON of a good answer.
    #[track_caller]
    pub fn ok(&self) -> &Self {
        assert!(self.status.is_success(), "{}: {} {}", self.asked, self.status, self.text());
        self
    }

    /// Asserts that this is a problem of RFC 9457 with this status and key.
    #[track_caller]
    pub fn problem(&self, status: u16, key: &str) -> &Self {
        assert_eq!(self.status.as_u16(), status, "{}: {}", self.asked, self.text());
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{}", self.asked);
        let body = self.json();
        assert_eq!(body["key"], key, "{}: {body}", self.asked);
        assert_eq!(body["type"], format!("urn:shouxin:problem:{key}"));
        assert_eq!(body["status"], status);
        assert!(body["detail"].as_str().is_some_and(|d| !d.is_empty()), "{body}");
        assert!(body["detail_zh"].as_str().is_some_and(|d| !d.is_ascii()), "{body}");
        self
    }

    /// Asserts that a field is complained about.
    #[track_caller]
    pub fn complains(&self, field: &str, key: &str) {
        self.problem(422, "invalid");
        let body = self.json();
        let found = body["fields"].as_array().into_iter().flatten();
        assert!(
            found.clone().any(|f| f["field"] == field && f["key"] == key),
            "{}: no {field}/{key} in {body}",
            self.asked
        );
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| panic!("{}: {} is no JSON: {}", self.asked, self.status, self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|v| v.to_str().ok())
    }

    /// The session token that this answer sets.
    pub fn cookie(&self) -> Option<String> {
        let cookie = self.headers.get(header::SET_COOKIE)?.to_str().ok()?;
        let (_, rest) = cookie.split_once('=')?;
        rest.split(';').next().filter(|t| !t.is_empty()).map(str::to_owned)
    }

    /// The items' ids.
    #[track_caller]
    pub fn ids(&self) -> Vec<String> {
        let body = self.ok().json();
        let items = body["items"].as_array().unwrap_or_else(|| panic!("{}: no items", self.asked));
        items.iter().filter_map(|i| i["id"].as_str().map(str::to_owned)).collect()
    }
}
