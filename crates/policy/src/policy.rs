//! The one place that says yes or no.

use std::sync::Arc;

use arc_swap::ArcSwap;
use kernel::{Catalog, Timestamp};

use crate::action::{Action, ActionKind};
use crate::explain::explain;
use crate::org::Org;
use crate::permit::Permit;
use crate::plan::AccessPlan;
use crate::principal::Principal;
use crate::refusal::{Cause, Refusal};
use crate::rule::Rule;
use crate::state::State;
use crate::visible::Visible;

/// Decides. Share it in an `Arc`; every change replaces the whole state, so that the next decision knows it.
pub struct Policy {
    state: ArcSwap<State>,
}

impl Policy {
    /// A policy over a catalog, rules and a company.
    #[must_use]
    pub fn new(catalog: impl Into<Arc<Catalog>>, rules: Vec<Rule>, org: impl Into<Arc<Org>>) -> Self {
        let rules = rules.into_iter().map(Arc::new).collect();
        Self { state: ArcSwap::from_pointee(State::new(catalog.into(), rules, org.into(), 1)) }
    }

    /// Replaces all rules.
    pub fn set_rules(&self, rules: Vec<Rule>) {
        let rules: Arc<[Arc<Rule>]> = rules.into_iter().map(Arc::new).collect();
        self.replace(|s| State::new(s.catalog.clone(), rules.clone(), s.org.clone(), s.version + 1));
    }

    /// Replaces the company: people, departments, who has which role.
    pub fn set_org(&self, org: impl Into<Arc<Org>>) {
        let org = org.into();
        self.replace(|s| State::new(s.catalog.clone(), s.rules.clone(), org.clone(), s.version + 1));
    }

    /// Replaces the catalog.
    pub fn set_catalog(&self, catalog: impl Into<Arc<Catalog>>) {
        let catalog = catalog.into();
        self.replace(|s| State::new(catalog.clone(), s.rules.clone(), s.org.clone(), s.version + 1));
    }

    fn replace(&self, next: impl Fn(&State) -> State) {
        self.state.rcu(|s| next(s));
    }

    pub(crate) fn state(&self) -> arc_swap::Guard<Arc<State>> {
        self.state.load()
    }

    /// Rises with every change.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.state().version
    }

    /// The present company.
    #[must_use]
    pub fn org(&self) -> Arc<Org> {
        self.state().org.clone()
    }

    /// The present rules.
    #[must_use]
    pub fn rules(&self) -> Arc<[Arc<Rule>]> {
        self.state().rules.clone()
    }

    /// The present catalog.
    #[must_use]
    pub fn catalog(&self) -> Arc<Catalog> {
        self.state().catalog.clone()
    }

    /// Decides whether `who` may do `A` on (some records of) the object now. Offices have no object: any name does.
    ///
    /// # Errors
    /// The refusal, when there is no record on which they may: what no rule opens is closed.
    pub fn permit<A: Action>(
        &self,
        who: &Arc<Principal>,
        object: &str,
        now: Timestamp,
    ) -> Result<Permit<A>, Refusal> {
        let state = self.state();
        let decided =
            decide(&state, who, A::KIND, object, now).and_then(|plan| match plan.obligations.step_up {
                Some(wanted) if !wanted.met_by(who, now) => {
                    Err(Cause::StepUp { max_age_s: wanted.max_age_s })
                }
                _ => Ok(plan),
            });
        match decided {
            Ok(plan) => Ok(Permit::grant(who.clone(), plan, now)),
            Err(cause) => Err(Refusal::new(cause, explain(&state, who, A::KIND, object, None, None, now))),
        }
    }

    /// Decides about a further action of the same principal on the same object.
    ///
    /// # Errors
    /// As [`permit`](Self::permit).
    pub fn also<B: Action>(
        &self,
        permit: &Permit<impl Action>,
        now: Timestamp,
    ) -> Result<Permit<B>, Refusal> {
        self.permit(permit.principal(), permit.object(), now)
    }

    /// Whether `who` may do the action on some records of the object. For showing or hiding a button.
    #[must_use]
    pub fn can(&self, who: &Principal, action: ActionKind, object: &str, now: Timestamp) -> bool {
        decide(&self.state(), who, action, object, now).is_ok()
    }

    /// The actions on records that `who` may do on (some records of) the object.
    #[must_use]
    pub fn actions(&self, who: &Principal, object: &str, now: Timestamp) -> Vec<ActionKind> {
        let records = ActionKind::ALL.iter().copied().filter(|a| !a.is_office());
        records.filter(|a| self.can(who, *a, object, now)).collect()
    }

    /// Everything `who` may do, as `/me` lists it: `list.customer`, `audit.read`.
    #[must_use]
    pub fn capabilities(&self, who: &Principal, now: Timestamp) -> Vec<String> {
        let catalog = self.catalog();
        let on_records = catalog.objects().flat_map(|o| {
            self.actions(who, &o.name, now).into_iter().map(|a| a.capability(&o.name)).collect::<Vec<_>>()
        });
        let offices = ActionKind::ALL.iter().filter(|a| a.is_office() && self.can(who, **a, "", now));
        on_records.chain(offices.map(|a| a.as_str().to_owned())).collect()
    }
}

fn decide(
    state: &State,
    who: &Principal,
    action: ActionKind,
    object: &str,
    now: Timestamp,
) -> Result<Arc<AccessPlan>, Cause> {
    let columns = state.columns(action, object).ok_or(Cause::UnknownObject)?;
    let plan = state.plan(who, action, columns, now).ok_or(Cause::NotActive)?;
    if *plan.rows() != Visible::Nobody {
        return Ok(plan);
    }
    Err(if plan.permits.is_empty() { Cause::NoRule } else { Cause::Forbidden })
}
