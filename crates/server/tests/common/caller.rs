//! Somebody who asks.

use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderName, HeaderValue, Method, Request, header};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::Answer;

/// A browser or program, with or without a session.
#[derive(Clone)]
pub struct Caller {
    router: Router,
    token: Option<String>,
    peer: SocketAddr,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Caller {
    pub fn new(router: Router) -> Self {
        Self { router, token: None, peer: SocketAddr::from(([127, 0, 0, 1], 40_000)), headers: Vec::new() }
    }

    pub fn with_token(mut self, token: String) -> Self {
        self.token = Some(token);
        self
    }

    /// The same caller from another address.
    pub fn from(&self, ip: &str) -> Self {
        let mut caller = self.clone();
        caller.peer.set_ip(ip.parse().expect("an address"));
        caller
    }

    /// The same caller with one more header.
    pub fn with(&self, name: &'static str, value: &str) -> Self {
        let mut caller = self.clone();
        caller.headers.push((HeaderName::from_static(name), HeaderValue::from_str(value).expect("a header")));
        caller
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.ask(Method::POST, path, Some(body)).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.ask(Method::PATCH, path, Some(body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.ask(Method::DELETE, path, None).await
    }

    /// A request under `/api/v1`; other addresses are given whole by [`Caller::raw`].
    pub async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let kind = body.is_some().then_some("application/json");
        let body = body.map_or_else(Body::empty, |b| Body::from(b.to_string()));
        self.raw(method, &format!("/api/v1{path}"), kind, body).await
    }

    pub async fn raw(&self, method: Method, path: &str, kind: Option<&str>, body: Body) -> Answer {
        let mut request =
            Request::builder().method(method.clone()).uri(path).header(header::HOST, "127.0.0.1:7878");
        if let Some(kind) = kind {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        if let Some(token) = &self.token {
            request = request.header(header::COOKIE, format!("shouxin_session={token}"));
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let mut request = request.body(body).expect("a request");
        request.extensions_mut().insert(ConnectInfo(self.peer));
        let response = self.router.clone().oneshot(request).await.expect("the router never fails");
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("a whole body").to_bytes();
        Answer { status: parts.status, headers: parts.headers, body, asked: format!("{method} {path}") }
    }

    /// Makes a record and gives its id.
    pub async fn make(&self, object: &str, fields: Value) -> String {
        let made = self.post(&format!("/records/{object}"), fields).await;
        made.ok().json()["id"].as_str().expect("an id").to_owned()
    }

    /// Makes a customer with a phone number and gives its id.
    pub async fn customer(&self, name: &str, phone: &str) -> String {
        self.make("customer", json!({ "name": name, "phone": phone })).await
    }

    /// A query parameter's value, as it stands in an address.
    pub fn encoded(text: &str) -> String {
        text.bytes().fold(String::new(), |mut out, byte| {
            if byte.is_ascii_alphanumeric() {
                out.push(char::from(byte));
            } else {
                out.push_str(&format!("%{byte:02X}"));
            }
            out
        })
    }
}
