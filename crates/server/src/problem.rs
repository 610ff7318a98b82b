//! The one mapping from what went wrong to RFC 9457 problems. Texts say how to mend it, never what the caller may not know.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use records::FieldError;
use serde_json::{Map, Value, json};

use crate::refusals::Refused;
use crate::words;

/// A problem on its way out.
#[derive(Debug)]
pub struct Problem(Box<Parts>);

#[derive(Debug)]
struct Parts {
    status: StatusCode,
    key: &'static str,
    detail: String,
    fields: Vec<FieldError>,
    params: Map<String, Value>,
    refused: Option<Refused>,
}

impl Problem {
    /// A problem with its stable key and the way to mend it.
    pub fn new(status: StatusCode, key: &'static str, detail: impl Into<String>) -> Self {
        let (fields, params) = (Vec::new(), Map::new());
        Self(Box::new(Parts { status, key, detail: detail.into(), fields, params, refused: None }))
    }

    /// With a number or id that texts in both languages need.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.params.insert(name.to_owned(), value.into());
        self
    }

    /// A no of the policy or the meter, which becomes an entry before the answer leaves.
    fn refused(mut self, action: Option<&'static str>) -> Self {
        self.0.refused = Some(Refused { action });
        self
    }

    /// The network rules refuse where the caller is. Only somebody who proved who they are hears this.
    fn network(key: &'static str) -> Self {
        let text = match key {
            "network_role" => "your role works from certain networks of the company only",
            "network_country" => "nobody works from this country, or from one that cannot be told",
            _ => "nobody works from a network that the company does not know",
        };
        Self::new(StatusCode::FORBIDDEN, key, format!("{text}; ask your security administrator"))
            .refused(Some("network"))
    }

    /// Nobody is signed in.
    #[must_use]
    pub fn not_signed_in() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "not_signed_in", "sign in first")
    }

    /// Somebody is signed in, but proved it too long ago for this.
    #[must_use]
    pub fn step_up(max_age_s: i64) -> Self {
        let text =
            "this needs a fresh proof that it is you: prove it at POST /session/step_up, then ask again";
        Self::new(StatusCode::FORBIDDEN, "step_up_required", text).with("max_age_s", max_age_s)
    }

    /// Nothing there.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "there is no such thing, or you may not see it")
    }

    /// No route has this path.
    #[must_use]
    pub fn no_endpoint() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "no_such_endpoint",
            "there is no such endpoint; see /api/openapi.json",
        )
    }

    /// The query or body cannot be understood.
    pub fn bad(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_query", detail)
    }

    /// Some fields of the body do not fit.
    #[must_use]
    pub fn fields(fields: Vec<FieldError>) -> Self {
        let mut problem = Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "some fields do not fit");
        problem.0.fields = fields;
        problem
    }

    /// Something failed on our side; the log has the cause.
    #[must_use]
    pub fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "something failed on the server; its log says what",
        )
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.status
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut body = json!({
            "type": format!("urn:shouxin:problem:{}", self.0.key),
            "key": self.0.key,
            "title": self.0.status.canonical_reason().unwrap_or("Problem"),
            "status": self.0.status.as_u16(),
            "detail": self.0.detail,
            "detail_zh": words::problem(self.0.key),
        });
        if !self.0.fields.is_empty() {
            body["fields"] = self.0.fields.iter().map(complaint).collect();
        }
        let wait = self.0.params.get("retry_after_s").and_then(Value::as_i64);
        if !self.0.params.is_empty() {
            body["params"] = Value::Object(self.0.params);
        }
        let mut response = (self.0.status, Json(body)).into_response();
        let kind = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        if let Some(seconds) = wait {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(refused) = self.0.refused {
            response.extensions_mut().insert(refused);
        }
        response
    }
}

/// A complaint about one field, in both languages.
fn complaint(error: &FieldError) -> Value {
    json!({
        "field": error.field,
        "key": error.key,
        "detail": error.detail,
        "detail_zh": words::field(error.key),
    })
}

impl From<policy::Refusal> for Problem {
    fn from(refusal: policy::Refusal) -> Self {
        if let policy::Cause::StepUp { max_age_s } = refusal.cause() {
            return Self::step_up(max_age_s.into()).refused(Some(refusal.action().as_str()));
        }
        Self::new(StatusCode::FORBIDDEN, "forbidden", "you may not do this; ask your security administrator")
            .refused(Some(refusal.action().as_str()))
    }
}

impl From<ledger::Error> for Problem {
    fn from(error: ledger::Error) -> Self {
        tracing::error!(%error, "the ledger failed");
        Self::internal()
    }
}

impl From<records::Error> for Problem {
    fn from(error: records::Error) -> Self {
        use records::Error as E;
        match error {
            E::Refused(refusal) => refusal.into(),
            E::RefusedRow => Self::new(
                StatusCode::FORBIDDEN,
                "forbidden",
                "you may see this record but not do this with it",
            )
            .refused(None),
            E::NotFound => Self::not_found(),
            E::Invalid(fields) => Self::fields(fields),
            E::Stale { version } => Self::new(
                StatusCode::PRECONDITION_FAILED,
                "stale",
                "somebody else has changed the record meanwhile; load it again",
            )
            .with("version", version),
            E::BadQuery(detail) => Self::bad(detail),
            E::Condition(malformed) => {
                Self::fields(vec![FieldError::new("filter", malformed.key(), &malformed.to_string())])
            }
            E::OverBudget { used, limit, resets_at } => Self::new(
                StatusCode::FORBIDDEN,
                "over_budget",
                format!("you have revealed {used} customers within the hour; the budget is {limit}"),
            )
            .with("used", used)
            .with("limit", limit)
            .with("resets_at", resets_at.to_string())
            .refused(Some("reveal")),
            E::ReasonRequired => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "reason_required",
                "say why you need the full value (at least 2 characters)",
            ),
            E::Conflict(detail) => Self::new(StatusCode::CONFLICT, "conflict", detail),
            E::TooLarge(detail) => {
                Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", format!("at most {detail}"))
            }
            E::BadFile { key, detail } => Self::new(StatusCode::UNPROCESSABLE_ENTITY, key, detail),
            E::Corrupt | E::Vault(_) | E::Store(_) | E::Ledger(_) => {
                tracing::error!(%error, "a request failed");
                Self::internal()
            }
        }
    }
}

impl From<identity::Restriction> for Problem {
    fn from(restriction: identity::Restriction) -> Self {
        use identity::Restriction as R;
        let text = match restriction {
            R::ChangePassword => "choose a password of your own first",
            R::EnrolFactor => "enrol a second factor first",
            R::ProveAgain => "this session has moved to another network or browser: prove again who you are",
            R::Network(key) => return Self::network(key),
            R::Challenged => "from outside of the company's networks a second factor is needed",
            R::Device => "your role works on approved devices only: enrol this browser and ask for approval",
            R::DeviceApproval => "this device waits for approval; ask your security administrator",
            R::CompanyDevice => {
                "your role works on devices of the company only; ask your security administrator"
            }
        };
        let problem = Self::new(StatusCode::FORBIDDEN, restriction.as_str(), text);
        match restriction {
            R::ChangePassword | R::EnrolFactor => problem,
            _ => problem.refused(None),
        }
    }
}

impl From<identity::Error> for Problem {
    fn from(error: identity::Error) -> Self {
        use identity::Error as E;
        match error {
            E::BadCredentials => {
                Self::new(StatusCode::UNAUTHORIZED, "bad_credentials", "login or password is wrong")
            }
            E::SecondFactor { attempt, kinds } => Self::new(
                StatusCode::UNAUTHORIZED,
                "second_factor_required",
                "give a second factor as well: a code of your authenticator, or another one that you enrolled",
            )
            .with("attempt", attempt)
            .with("factors", kinds.iter().map(|k| k.as_str()).collect::<Vec<_>>()),
            E::AttemptOver => Self::new(
                StatusCode::UNAUTHORIZED,
                "attempt_over",
                "this sign-in took too long: begin again with your password",
            ),
            E::NoPasskeysHere => Self::new(
                StatusCode::CONFLICT,
                "no_passkeys_here",
                "passkeys need a host name: open this server by its name, not by a bare IP address",
            ),
            E::StepUp { max_age_s } => Self::step_up(max_age_s),
            E::LockedOut { until } => Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                "locked_out",
                "too many failed sign-ins; try again later",
            )
            .with("until", until.to_string())
            .with(
                "retry_after_s",
                (until.seconds() - kernel::Clock::now(&kernel::SystemClock).seconds()).max(1),
            ),
            E::Busy => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "busy",
                "too many people sign in at this moment; try again in a few seconds",
            ),
            E::Invalid(field, key, detail) => Self::fields(vec![FieldError::new(field, key, &detail)]),
            E::NotFound => Self::not_found(),
            E::Conflict(detail) => Self::new(StatusCode::CONFLICT, "conflict", detail),
            E::Network(key) => Self::network(key),
            E::DeviceProof { why, nonce, ath, at } => Self::new(
                StatusCode::UNAUTHORIZED,
                "device_proof_needed",
                "prove possession of this session's device key (RFC 9449) and ask again",
            )
            .with("why", why)
            .with("nonce", nonce)
            .with("ath", ath)
            .with("at", at),
            E::OutsideBranch => Self::new(
                StatusCode::FORBIDDEN,
                "outside_branch",
                "this lies outside of the branch of the company that you administer; ask its administrator",
            )
            .refused(Some("people.administer")),
            E::Refused(refusal) => refusal.into(),
            E::Store(_) | E::Ledger(_) | E::Corrupt => {
                tracing::error!(%error, "an account request failed");
                Self::internal()
            }
        }
    }
}
