//! The yes: a witness that the policy decided.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use kernel::Timestamp;

use crate::action::Action;
use crate::plan::AccessPlan;
use crate::principal::Principal;

/// The witness (许可) that a principal may do `A` on an object, within the plan. Only [`Policy`](crate::Policy)
/// makes one, and only for the action it decided about.
pub struct Permit<A: Action> {
    principal: Arc<Principal>,
    plan: Arc<AccessPlan>,
    at: Timestamp,
    action: PhantomData<fn() -> A>,
}

impl<A: Action> Permit<A> {
    /// Says yes: nobody but the policy may call it, after deciding.
    pub(crate) fn grant(principal: Arc<Principal>, plan: Arc<AccessPlan>, at: Timestamp) -> Self {
        Self { principal, plan, at, action: PhantomData }
    }

    /// Who may.
    #[must_use]
    pub fn principal(&self) -> &Arc<Principal> {
        &self.principal
    }

    /// The object; [`WORKSPACE`](crate::WORKSPACE) for offices.
    #[must_use]
    pub fn object(&self) -> &str {
        &self.plan.columns.object.name
    }

    /// Which records and fields.
    #[must_use]
    pub fn plan(&self) -> &AccessPlan {
        &self.plan
    }

    /// The plan, to take along into other threads.
    #[must_use]
    pub fn shared_plan(&self) -> Arc<AccessPlan> {
        self.plan.clone()
    }

    /// When it was decided.
    #[must_use]
    pub fn decided_at(&self) -> Timestamp {
        self.at
    }
}

impl<A: Action> fmt::Debug for Permit<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Permit({} {} by {})", A::KIND.as_str(), self.object(), self.principal.person)
    }
}
