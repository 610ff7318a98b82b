//! What handlers stand on: a workspace that is ready, or one still to be set up.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use arc_swap::ArcSwapOption;
use axum::extract::{FromRef, FromRequestParts};
use axum::http::StatusCode;
use axum::http::request::Parts;
use kernel::{Clock, Timestamp, WorkspaceId};
use serde::Serialize;

use crate::front::Front;
use crate::limits::{AT_ONCE, PROBES, Rate, Rates};
use crate::metrics::Metrics;
use crate::openapi::Written;
use crate::problem::Problem;

/// A workspace in service.
pub struct Workspace {
    /// Customer data.
    pub records: records::Records,
    /// The audit ledger.
    pub ledger: ledger::Ledger,
    /// Who may do what.
    pub policy: Arc<policy::Policy>,
    /// People and sessions.
    pub identity: identity::Identity,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// The company's name.
    pub company: String,
    /// The workspace's language: `zh` or `en`.
    pub language: String,
    /// `sqlite` or `postgres`, for display.
    pub engine: &'static str,
}

impl Workspace {
    /// The present moment.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// An object's name as the catalog has it; unknown ones answer as missing.
    pub(crate) fn object(&self, name: &str) -> Result<&str, Problem> {
        self.records.catalog().object(name).map(|o| o.name.as_str()).ok_or_else(Problem::not_found)
    }
}

/// Makes the workspace at first start; the binary provides it.
pub trait Founder: Send + Sync {
    /// Founds the workspace. The answer holds the recovery kit and initial passwords, shown once.
    fn found(&self, request: identity::Founding) -> FoundFuture<'_>;
}

/// What founding gives: the workspace in service and what is shown once.
pub type FoundFuture<'a> =
    std::pin::Pin<Box<dyn Future<Output = Result<(Workspace, Founded), Problem>> + Send + 'a>>;

/// What a new workspace shows once.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Founded {
    /// The only way back when the root key is lost.
    pub recovery_kit: RecoveryKit,
    /// The first accounts.
    pub accounts: Vec<identity::FoundedAccount>,
}

/// To be kept on paper, away from the server.
#[derive(Serialize, utoipa::ToSchema)]
pub struct RecoveryKit {
    /// Which workspace it opens.
    pub workspace: WorkspaceId,
    /// Whose.
    pub company: String,
    /// Seven groups of five characters.
    pub recovery_code: String,
    /// Tells whether a root key is this workspace's.
    pub root_fingerprint: String,
    /// The key that verifies the ledger's checkpoints.
    pub ledger_key: String,
    /// When.
    pub created_at: Timestamp,
}

/// The server's state.
#[derive(Clone)]
pub struct App(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) workspace: ArcSwapOption<Workspace>,
    pub(crate) founder: Option<Box<dyn Founder>>,
    /// Whoever sets the workspace up proves with this code that they see the server's console.
    pub(crate) setup_code: Option<String>,
    pub(crate) founding: tokio::sync::Mutex<()>,
    pub(crate) metrics: Metrics,
    pub(crate) document: Written,
    pub(crate) requests: RequestIds,
    pub(crate) slots: Arc<tokio::sync::Semaphore>,
    pub(crate) rates: Rates,
    /// Questions whether somebody is known already.
    pub(crate) probes: Rates,
    /// One password at a time is judged for strangers.
    pub(crate) judging: tokio::sync::Semaphore,
    pub(crate) started: Instant,
    /// How requests reach the server; plain HTTP on loopback unless said otherwise.
    pub(crate) front: OnceLock<Front>,
}

/// Names of requests: the run of the server, then a number. Costs no randomness per request.
pub(crate) struct RequestIds {
    run: String,
    last: AtomicU64,
}

impl Default for RequestIds {
    fn default() -> Self {
        Self { run: identity::random_token()[..8].to_owned(), last: AtomicU64::new(0) }
    }
}

impl RequestIds {
    pub(crate) fn next(&self) -> String {
        format!("{}-{}", self.run, self.last.fetch_add(1, Ordering::Relaxed))
    }
}

impl App {
    /// A server for a workspace that exists.
    #[must_use]
    pub fn ready(workspace: Workspace) -> Self {
        Self::new(Some(workspace), None, None, Rate::default())
    }

    /// The same with another rate of requests per person.
    #[must_use]
    pub fn ready_with(workspace: Workspace, rate: Rate) -> Self {
        Self::new(Some(workspace), None, None, rate)
    }

    /// A server whose workspace is still to be founded, by whoever knows the code.
    #[must_use]
    pub fn setup(founder: Box<dyn Founder>, code: String) -> Self {
        Self::new(None, Some(founder), Some(code), Rate::default())
    }

    fn new(
        workspace: Option<Workspace>,
        founder: Option<Box<dyn Founder>>,
        setup_code: Option<String>,
        rate: Rate,
    ) -> Self {
        Self(Arc::new(Inner {
            workspace: ArcSwapOption::from_pointee(workspace),
            founder,
            setup_code,
            founding: tokio::sync::Mutex::new(()),
            metrics: Metrics::default(),
            document: Written::default(),
            requests: RequestIds::default(),
            slots: Arc::new(tokio::sync::Semaphore::new(AT_ONCE)),
            rates: Rates::new(rate),
            probes: Rates::new(PROBES),
            judging: tokio::sync::Semaphore::new(1),
            started: Instant::now(),
            front: OnceLock::new(),
        }))
    }

    /// Says how requests reach the server: once, before it serves.
    #[must_use]
    pub fn behind(self, front: Front) -> Self {
        let _ = self.0.front.set(front);
        self
    }

    pub(crate) fn front(&self) -> &Front {
        self.0.front.get_or_init(Front::default)
    }

    /// The workspace, when there is one.
    #[must_use]
    pub fn workspace(&self) -> Option<Arc<Workspace>> {
        self.0.workspace.load_full()
    }
}

/// The workspace as handlers take it; before set-up they answer `setup_needed`.
pub struct Ready(pub Arc<Workspace>);

impl std::ops::Deref for Ready {
    type Target = Workspace;
    fn deref(&self) -> &Workspace {
        &self.0
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Ready
where
    App: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(_: &mut Parts, state: &S) -> Result<Self, Problem> {
        App::from_ref(state).workspace().map(Ready).ok_or_else(|| {
            Problem::new(
                StatusCode::CONFLICT,
                "setup_needed",
                "this server has no workspace yet: open /setup in a browser",
            )
        })
    }
}
