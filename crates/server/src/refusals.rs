//! A no is an entry too: who was refused what, durable before the answer leaves; and so is everything the break-glass
//! account does. One place for every endpoint.

use std::str::FromStr;
use std::sync::{Arc, OnceLock};

use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kernel::RecordId;
use ledger::{Actor, Entry, Outcome};
use policy::Principal;

use crate::app::{App, Workspace};
use crate::problem::Problem;

/// Marks an answer that the policy or the vault's meter refused.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Refused {
    /// What was asked for; where the policy does not say, the request does.
    pub(crate) action: Option<&'static str>,
}

/// Who turned out to ask: filled by the session's check, read when the answer is a no.
#[derive(Clone, Default)]
pub(crate) struct Asking(Arc<OnceLock<Arc<Principal>>>);

impl Asking {
    pub(crate) fn is(&self, who: &Arc<Principal>) {
        let _ = self.0.set(who.clone());
    }
}

/// Notes refused requests of signed-in people; the answer waits until the entry is durable.
pub(crate) async fn note(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let asking = Asking::default();
    request.extensions_mut().insert(asking.clone());
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    let (Some(who), Some(workspace)) = (asking.0.get(), app.workspace()) else { return response };
    let refused = response.extensions().get::<Refused>().copied();
    let refused = refused.map(|refused| entry(&workspace, who, refused, &method, &path));
    let marked = who.has_role(policy::BREAK_GLASS).then(|| {
        let route = route.as_ref().map_or("web", MatchedPath::as_str);
        marked(&workspace, who, &method, route, &response)
    });
    for entry in refused.into_iter().chain(marked) {
        if let Err(error) = workspace.ledger.note(entry).await {
            return Problem::from(error).into_response();
        }
    }
    response
}

/// Everything the break-glass account does is an entry, also what leaves none otherwise.
fn marked(workspace: &Workspace, who: &Principal, method: &Method, route: &str, answer: &Response) -> Entry {
    let actor = Actor::person(who.person).session(who.session).ip(who.ip.clone());
    let outcome = if answer.status().is_success() { Outcome::Ok } else { Outcome::Refused };
    let did = [format!("{method} {route}"), format!("status={}", answer.status().as_u16())];
    Entry::new(workspace.now(), actor, policy::BREAK_GLASS).outcome(outcome).fields(did, None)
}

fn entry(workspace: &Workspace, who: &Principal, refused: Refused, method: &Method, path: &str) -> Entry {
    let actor = Actor::person(who.person).session(who.session).ip(who.ip.clone());
    let mut parts = path.strip_prefix("/api/v1/records/").unwrap_or_default().split('/');
    // Only names of the catalog and true ids: what else an address holds is no matter for the ledger.
    let object = parts.next().and_then(|name| workspace.object(name).ok()).map(str::to_owned);
    let record = parts.next().and_then(|id| RecordId::from_str(id).ok());
    let action = refused.action.unwrap_or(match (method, parts.next()) {
        (_, Some("restore")) => "restore",
        (&Method::PATCH, _) => "update",
        (&Method::DELETE, _) => "delete",
        (&Method::POST, _) => "create",
        _ => "read",
    });
    let mut entry = Entry::new(workspace.now(), actor, action).outcome(Outcome::Refused);
    entry.object = object.map(Into::into);
    match record {
        Some(record) => entry.records([record.0]),
        None => entry,
    }
}
