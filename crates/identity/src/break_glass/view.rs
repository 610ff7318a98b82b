//! The seal as administrators see it.

use kernel::{PersonId, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use super::SESSION;
use crate::Identity;

/// How the break-glass account stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BreakGlassState {
    /// There is none yet.
    None,
    /// Fewer than two custodians have collected their codes.
    Waiting,
    /// Two custodians can open it.
    Sealed,
    /// A first code was given and waits for the second.
    Opening,
    /// Its session is open, or was within the hour.
    Open,
    /// It was opened; new codes must be given out.
    MustRenew,
}

/// The break-glass account.
#[derive(Serialize, ToSchema)]
pub struct BreakGlassView {
    /// How it stands.
    pub state: BreakGlassState,
    /// Who holds codes.
    pub custodians: Vec<CustodianView>,
    /// Sealed since.
    pub sealed_at: Option<Timestamp>,
    /// Opened last.
    pub opened_at: Option<Timestamp>,
    /// Until when the second code may come, or the session lasts.
    pub until: Option<Timestamp>,
    /// The caller is a custodian whose code waits to be collected.
    pub yours_waits: bool,
}

/// A custodian.
#[derive(Serialize, ToSchema)]
pub struct CustodianView {
    person: PersonId,
    name: String,
    collected: bool,
}

impl Identity {
    /// How the break-glass account stands.
    #[must_use]
    pub fn break_glass(&self, asking: PersonId) -> BreakGlassView {
        let inner = &self.0;
        let (now, company) = (inner.clock.now(), inner.company.load());
        let Some(seal) = inner.break_glass.seal.load_full() else {
            return BreakGlassView {
                state: BreakGlassState::None,
                custodians: Vec::new(),
                sealed_at: None,
                opened_at: None,
                until: None,
                yours_waits: false,
            };
        };
        let half = inner.break_glass.half.lock().filter(|h| h.until >= now);
        let ends = seal.opened_at.map(|at| at.plus_seconds(SESSION)).filter(|end| *end > now);
        let collected = seal.custodians.iter().filter(|c| c.code.is_some()).count();
        let (state, until) = match (seal.opened_at, ends, half) {
            (Some(_), Some(end), _) => (BreakGlassState::Open, Some(end)),
            (Some(_), None, _) => (BreakGlassState::MustRenew, None),
            (None, _, Some(half)) => (BreakGlassState::Opening, Some(half.until)),
            (None, _, None) if collected >= 2 => (BreakGlassState::Sealed, None),
            (None, _, None) => (BreakGlassState::Waiting, None),
        };
        let custodians = seal.custodians.iter().map(|c| CustodianView {
            person: c.person,
            name: company.people.get(&c.person).map(|a| a.name.clone()).unwrap_or_default(),
            collected: c.code.is_some(),
        });
        let waits = seal.opened_at.is_none()
            && seal.custodians.iter().any(|c| c.person == asking && c.code.is_none());
        BreakGlassView {
            state,
            custodians: custodians.collect(),
            sealed_at: Some(seal.sealed_at),
            opened_at: seal.opened_at,
            until,
            yours_waits: waits,
        }
    }
}
