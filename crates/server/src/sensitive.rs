//! Which requests need more than a cookie: sessions that are bound to a device prove possession of its key (RFC 9449).
//! The one list; what is new is sensitive until it is named everyday work here.

use axum::extract::{MatchedPath, OriginalUri};
use axum::http::Method;
use axum::http::request::Parts;
use identity::{Asked, Identity};
use policy::Principal;

use crate::front::host;
use crate::problem::Problem;

/// Header of a proof (RFC 9449 §4.1).
const HEADER: &str = "dpop";

/// Routes of everyday work, under `/api/v1`: changes there are what the cookie is for.
const EVERYDAY: [&str; 6] =
    ["/records", "/search", "/duplicates", "/imports", "/session", "/break_glass/open"];
/// One's own account: these carry a proof of their own, or change a name.
const OWN: [&str; 3] = ["/me", "/me/devices", "/me/devices/session"];

/// Whether a request demands a fresh proof: reveals, exports, and every change outside of everyday work.
fn is_sensitive(method: &Method, route: &str) -> bool {
    let route = route.strip_prefix("/api/v1").unwrap_or(route);
    if route.ends_with("/reveal") || route.contains("/export") {
        return true;
    }
    let reads = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
    let everyday =
        EVERYDAY.iter().any(|e| route.strip_prefix(e).is_some_and(|r| r.is_empty() || r.starts_with('/')));
    !reads && !everyday && !OWN.contains(&route)
}

/// A request as a proof has to name it.
pub(crate) struct Address {
    method: String,
    address: String,
    proof: Option<String>,
}

impl Address {
    pub(crate) fn of(parts: &Parts) -> Self {
        let uri = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |o| &o.0);
        let host = host(uri, &parts.headers).unwrap_or_default();
        let proof = parts.headers.get(HEADER).and_then(|v| v.to_str().ok()).map(str::to_owned);
        Self { method: parts.method.to_string(), address: format!("{host}{}", uri.path()), proof }
    }

    pub(crate) fn asked<'a>(&'a self, token: &'a str, tls: bool) -> Asked<'a> {
        Asked { method: &self.method, address: &self.address, tls, token }
    }

    pub(crate) fn proof(&self) -> Option<&str> {
        self.proof.as_deref()
    }
}

/// Demands the proof where the request is sensitive and the session bound.
pub(crate) fn check(
    identity: &Identity,
    who: &Principal,
    parts: &Parts,
    token: &str,
    tls: bool,
) -> Result<(), Problem> {
    let route = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
    if who.device.is_none() || !is_sensitive(&parts.method, route) {
        return Ok(());
    }
    let address = Address::of(parts);
    Ok(identity.check_device(who, &address.asked(token, tls), address.proof())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sensitive() {
        let sensitive = |method: Method, route: &str| is_sensitive(&method, &format!("/api/v1{route}"));
        assert!(sensitive(Method::POST, "/records/{object}/{id}/reveal"));
        assert!(sensitive(Method::GET, "/records/{object}/export"));
        assert!(sensitive(Method::PATCH, "/people/{id}"));
        assert!(sensitive(Method::POST, "/me/password"));
        assert!(sensitive(Method::PUT, "/anything/new"), "until it is named everyday work");
        assert!(sensitive(Method::POST, "/recordsets"));
        assert!(!sensitive(Method::PATCH, "/records/{object}/{id}"));
        assert!(!sensitive(Method::GET, "/people"));
        assert!(!sensitive(Method::DELETE, "/session"));
        assert!(!sensitive(Method::POST, "/me/devices"), "it carries a proof in any case");
        assert!(sensitive(Method::DELETE, "/me/devices/{id}"));
    }
}
