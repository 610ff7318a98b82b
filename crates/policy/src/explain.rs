//! Why, or why not; and who can.

use kernel::condition::Row;
use kernel::{PersonId, RuleId, Timestamp};
use serde::Serialize;

use crate::action::ActionKind;
use crate::circumstances::Setting;
use crate::compile::{compile, is_for};
use crate::org::PersonStatus;
use crate::plan::{AccessPlan, Fresh};
use crate::policy::Policy;
use crate::principal::Principal;
use crate::rule::{Effect, FieldAccess, Rule, Who};
use crate::state::State;

/// Why a principal may or may not do something (with a record, with a field of it).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// The action.
    pub action: ActionKind,
    /// The object.
    pub object: String,
    /// The answer.
    pub allowed: bool,
    /// How far the field is open, when one was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access: Option<FieldAccess>,
    /// Every rule about this action on this object, and what came of it. What would be needed is among them:
    /// a permit that is for others, not in force, or about other records.
    pub rules: Vec<Verdict>,
}

/// What came of one rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Which rule.
    pub rule: RuleId,
    /// Its name.
    pub name: String,
    /// Whether it opens or closes.
    pub effect: Effect,
    /// For whom it is.
    pub who: Who,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It decides: it opens, or it closes.
    Decides,
    /// It is for others.
    OtherPeople,
    /// It comes into force later.
    NotYet,
    /// It is no longer in force.
    Expired,
    /// It holds under other circumstances: elsewhere, on a trusted device, after a stronger proof, at other hours.
    OtherCircumstances,
    /// It is about other records, or about none for this person.
    OtherRows,
    /// It says nothing about the field.
    OtherFields,
}

/// Somebody who can, and the rules that let them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Viewer {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// By which rules.
    pub rules: Vec<RuleId>,
}

impl Policy {
    /// Why the principal may or may not do it: on the object at all, or with one record, or with a field of it.
    #[must_use]
    pub fn explain(
        &self,
        who: &Principal,
        action: ActionKind,
        object: &str,
        row: Option<&dyn Row>,
        field: Option<&str>,
        now: Timestamp,
    ) -> Explanation {
        explain(&self.state(), who, action, object, row, field, now)
    }

    /// Everybody who may do the action with a record, and why, under whatever circumstances. Looks at every active person.
    #[must_use]
    pub fn who_can(&self, action: ActionKind, object: &str, row: &dyn Row, now: Timestamp) -> Vec<Viewer> {
        let state = self.state();
        let Some(columns) = state.columns(action, object) else { return Vec::new() };
        let active = state.org.people().iter().filter(|p| p.status == PersonStatus::Active);
        active
            .filter_map(|p| {
                let who = Principal::person(p.id, p.roles.clone(), p.departments.clone());
                // Not through the cache: asking once about everybody must not push out what requests use.
                let mut acting = state.acting(&who)?;
                acting.setting = Setting::AtBest;
                let plan = compile(&state, &acting, action, columns, now);
                let access = plan.on_row(row);
                access.allowed().then(|| Viewer {
                    person: p.id,
                    name: p.name.clone(),
                    rules: access.rules().to_vec(),
                })
            })
            .collect()
    }
}

pub(crate) fn explain(
    state: &State,
    who: &Principal,
    action: ActionKind,
    object: &str,
    row: Option<&dyn Row>,
    field: Option<&str>,
    now: Timestamp,
) -> Explanation {
    let mut explanation =
        Explanation { action, object: object.to_owned(), allowed: false, access: None, rules: Vec::new() };
    let Some(columns) = state.columns(action, object) else { return explanation };
    let acting = state.acting(who);
    let plan = acting.as_ref().map(|a| compile(state, a, action, columns, now));
    let field = field.and_then(|f| columns.object.field(f));
    if let Some(plan) = &plan {
        explanation.allowed = match row {
            Some(row) => plan.allows_row(row),
            None => *plan.rows() != crate::Visible::Nobody,
        };
        explanation.access = field.map(|f| match row {
            Some(row) => plan.field_access(row, f),
            None => plan.best_access(f),
        });
    }
    for rule in state.rules.iter().filter(|r| r.covers(action, &columns.object.name)) {
        let outcome = if acting.as_ref().is_none_or(|a| !is_for(rule, a, state)) {
            Outcome::OtherPeople
        } else if rule.valid_from.is_some_and(|from| now < from) {
            Outcome::NotYet
        } else if !rule.in_force(now) {
            Outcome::Expired
        } else if acting.as_ref().is_some_and(|a| !a.setting.meets(rule, now, &mut Fresh::ALWAYS.clone())) {
            Outcome::OtherCircumstances
        } else if !plan.as_ref().is_some_and(|p| concerns(p, rule, row)) {
            Outcome::OtherRows
        } else if field.is_some_and(|f| !f.system && !rule.fields.is_empty() && rule.field(f).is_none()) {
            Outcome::OtherFields
        } else {
            Outcome::Decides
        };
        let (name, who) = (rule.name.clone(), rule.who.clone());
        explanation.rules.push(Verdict { rule: rule.id, name, effect: rule.effect, who, outcome });
    }
    explanation
}

/// Whether the plan has the rule, and its rows the record.
fn concerns(plan: &AccessPlan, rule: &Rule, row: Option<&dyn Row>) -> bool {
    let grants = plan.permits.iter().chain(&plan.forbids).map(|g| (&g.rule, &g.scope));
    let mut all = grants.chain(plan.caps.iter().map(|c| (&c.rule, &c.scope)));
    all.any(|(r, scope)| r.id == rule.id && row.is_none_or(|row| scope.holds(row)))
}
