//! Who asks: the session's cookie becomes a principal, or the request ends here.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts, MatchedPath};
use axum::http::request::Parts;
use axum::http::{Method, header};
use identity::{RequestFacts, Restriction, SignedIn, Site};
use policy::Principal;

use crate::app::App;
use crate::front::{client, host, peer};
use crate::layers::Caller;
use crate::problem::Problem;
use crate::refusals::Asking;

/// Name of the session cookie on plain HTTP (loopback only).
pub(crate) const COOKIE: &str = "shouxin_session";
/// Name of the session cookie on TLS: browsers bind `__Host-` cookies to this very host.
pub(crate) const HOST_COOKIE: &str = "__Host-shouxin_session";

/// The acting principal.
pub struct Who(pub Arc<Principal>);

/// The session token that a request carries, whether it is valid or not.
pub(crate) fn token_of(parts: &Parts) -> Option<&str> {
    let name = if client(parts).secure { HOST_COOKIE } else { COOKIE };
    parts
        .headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

/// Whether a program on this very machine asks for itself: no proxy speaks for somebody else, and no page of a foreign
/// name that leads to this machine (DNS rebinding).
pub(crate) fn is_local(parts: &Parts) -> bool {
    let host = host(&parts.uri, &parts.headers).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name).trim_matches(['[', ']']);
    let own_name = name == "localhost" || name.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
    let forwarded =
        ["forwarded", "x-forwarded-for", "x-real-ip"].iter().any(|h| parts.headers.contains_key(*h));
    own_name && !forwarded && peer(&parts.extensions).is_some_and(|ip| ip.is_loopback())
}

/// What is known of a request before anybody is known.
fn facts(parts: &Parts) -> RequestFacts {
    let agent = parts.headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok());
    let local = is_local(parts);
    RequestFacts { local, ..RequestFacts::new(client(parts).ip, agent) }
}

/// The facts of a request, as handlers take them.
pub struct Facts(pub RequestFacts);

impl<S: Send + Sync> FromRequestParts<S> for Facts {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(facts(parts)))
    }
}

/// The address at which the caller's browser knows this server: the origin of passkeys. A page of another address
/// cannot lead here with it, because browsers bind passkeys to the host and name the origin in every proof.
pub(crate) struct AtSite(pub(crate) Site);

impl<S: Send + Sync> FromRequestParts<S> for AtSite {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let scheme = if client(parts).secure { "https" } else { "http" };
        let host = host(&parts.uri, &parts.headers).unwrap_or_default();
        let site = Site::new(&format!("{scheme}://{host}"));
        site.map(Self).ok_or_else(|| Problem::from(identity::Error::NoPasskeysHere))
    }
}

/// Signing out stays open from everywhere.
fn is_sign_out(parts: &Parts) -> bool {
    let route = parts.extensions.get::<MatchedPath>().map(MatchedPath::as_str);
    parts.method == Method::DELETE && route == Some("/api/v1/session")
}

/// Whether the caller's side speaks TLS, as handlers take it.
pub struct Secure(pub bool);

impl<S: Send + Sync> FromRequestParts<S> for Secure {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(client(parts).secure))
    }
}

/// The few endpoints that are open in a restricted session. By route, so that no record or object can be named into
/// one.
fn is_open_under(restriction: Restriction, parts: &Parts) -> bool {
    const STEP_UP: &str = "/api/v1/session/step_up";
    const STEP_UP_OPTIONS: &str = "/api/v1/session/step_up/options";
    let Some(route) = parts.extensions.get::<MatchedPath>() else { return false };
    let own: &[&str] = match restriction {
        Restriction::ChangePassword => &["/api/v1/me/password"],
        Restriction::EnrolFactor => &[
            "/api/v1/me/factors",
            "/api/v1/me/factors/totp",
            "/api/v1/me/factors/{id}/confirm",
            "/api/v1/me/passkeys",
            "/api/v1/me/passkeys/options",
            STEP_UP,
        ],
        Restriction::ProveAgain => &[STEP_UP, STEP_UP_OPTIONS],
        Restriction::Challenged => &[],
        Restriction::Network(_) => return is_sign_out(parts),
        Restriction::Device | Restriction::DeviceApproval | Restriction::CompanyDevice => {
            &["/api/v1/me/devices", "/api/v1/me/devices/session"]
        }
    };
    let route = route.as_str();
    matches!(route, "/api/v1/me" | "/api/v1/session") || own.contains(&route)
}

impl<S: Send + Sync> FromRequestParts<S> for Who
where
    App: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        Ok(Self(Session::from_request_parts(parts, state).await?.signed_in.principal))
    }
}

/// The acting principal with their session, for what concerns the session itself.
pub(crate) struct Session {
    pub(crate) signed_in: SignedIn,
    pub(crate) token: String,
    pub(crate) facts: RequestFacts,
}

impl<S: Send + Sync> FromRequestParts<S> for Session
where
    App: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let app = App::from_ref(state);
        let workspace = app.workspace().ok_or_else(Problem::not_signed_in)?;
        let token = token_of(parts).ok_or_else(Problem::not_signed_in)?.to_owned();
        let facts = facts(parts);
        let signed_in = workspace.identity.authenticate(&token, &facts).ok_or_else(Problem::not_signed_in)?;
        if let Some(asking) = parts.extensions.get::<Asking>() {
            asking.is(&signed_in.principal);
        }
        let standing = app.0.rates.take(signed_in.principal.person, workspace.now())?;
        if let Some(caller) = parts.extensions.get::<Caller>() {
            caller.is(signed_in.principal.person, standing);
        }
        if let Some(restriction) = signed_in.restricted
            && !is_open_under(restriction, parts)
        {
            return Err(restriction.into());
        }
        crate::sensitive::check(
            &workspace.identity,
            &signed_in.principal,
            parts,
            &token,
            client(parts).secure,
        )?;
        Ok(Self { signed_in, token, facts })
    }
}
