//! From rules to a plan: which apply to this person now, which rows each means, and all of them together.

use std::collections::BTreeSet;
use std::sync::Arc;

use kernel::condition::{Bound, Circle, Facts, Operand};
use kernel::{Class, Condition, DepartmentId, Field, Object, PersonId, Timestamp};
use uuid::Uuid;

use crate::action::ActionKind;
use crate::org::Org;
use crate::plan::{AccessPlan, Cap, Columns, Fresh, Grant};
use crate::rule::{Effect, FieldAccess, Obligations, RowScope, Rule, Who};
use crate::state::{Acting, State};
use crate::visible::{Owners, Visible};

/// A rule that cannot be evaluated: it opens nothing when it permits and closes all when it forbids.
struct Broken;

/// How far from the record that the plan is about.
#[derive(Clone, Copy, PartialEq)]
enum Standing {
    Record,
    Parent,
}

/// Compiles the plan of one principal for one action; `columns` is the object's, or for offices an empty one.
pub(crate) fn compile(
    state: &State,
    acting: &Acting,
    action: ActionKind,
    columns: &Arc<Columns>,
    now: Timestamp,
) -> AccessPlan {
    let mut compiler = Compiler { state, acting, now, fresh: Fresh::ALWAYS };
    let object = &columns.object;
    let (mut permits, mut forbids, mut caps) = (Vec::new(), Vec::new(), Vec::new());
    for rule in compiler.applicable(action, &object.name) {
        let scope = compiler.scope_or_default(&rule, action, object, Standing::Record);
        if scope == Visible::Nobody {
            continue;
        }
        match rule.effect {
            Effect::Permit => {
                let fields = object.all_fields().map(|f| opened(&rule, f)).collect();
                permits.push(Grant { rule, scope, fields });
            }
            Effect::Forbid if rule.fields.is_empty() => {
                forbids.push(Grant { rule, scope, fields: Box::default() });
            }
            Effect::Forbid => {
                let most = object.all_fields().map(|f| rule.field(f).unwrap_or(FieldAccess::Write)).collect();
                caps.push(Cap { rule, scope, most });
            }
        }
    }
    let closed = Visible::union(forbids.iter().map(|f| &f.scope));
    let rows = Visible::union(permits.iter().map(|p| &p.scope)).minus(&closed);
    let scopes = permits.iter().chain(&forbids).map(|g| &g.scope).chain(caps.iter().map(|c| &c.scope));
    let hops = AccessPlan::collect_hops(scopes);
    let count = object.all_fields().count();
    let (mut best, mut least) = (vec![FieldAccess::Hidden; count], vec![FieldAccess::Hidden; count]);
    for i in 0..count {
        let open = || permits.iter().map(|p| p.fields[i]);
        let cap = |everywhere: bool| {
            let caps = caps.iter().filter(|c| !everywhere || c.scope == Visible::Everything);
            caps.map(|c| c.most[i]).min().unwrap_or(FieldAccess::Write)
        };
        best[i] = open().max().unwrap_or_default().min(cap(true));
        least[i] = open().min().unwrap_or_default().min(cap(false));
    }
    let mut obligations = Obligations { reason: action == ActionKind::Reveal, step_up: None };
    for grant in &permits {
        obligations = obligations.and(grant.rule.obligations);
    }
    let rules = permits.iter().chain(&forbids).map(|g| &g.rule).chain(caps.iter().map(|c| &c.rule));
    AccessPlan {
        action,
        columns: columns.clone(),
        deciding: rules.map(|r| r.id).collect(),
        rows,
        permits,
        forbids,
        caps,
        best: best.into(),
        least: least.into(),
        obligations,
        hops,
        fresh: compiler.fresh,
    }
}

/// What a permit opens of a field. The system's fields are open to read wherever a record is; nobody writes them.
fn opened(rule: &Rule, field: &Field) -> FieldAccess {
    if field.system { FieldAccess::Read } else { rule.field(field).unwrap_or_default() }
}

/// Whether a rule is for whoever acts.
pub(crate) fn is_for(rule: &Rule, acting: &Acting, state: &State) -> bool {
    let place = acting.place(rule.effect);
    // A job is nobody's colleague, but no job is exempt from a prohibition.
    let counts_as_person = acting.is_person || rule.effect == Effect::Forbid;
    let person = || state.org.person(acting.person);
    match &rule.who {
        Who::Role(key) => place.roles.contains(key),
        Who::Person(person) => acting.person == *person && counts_as_person,
        Who::Department { id, subtree: false } => place.departments.contains(id),
        Who::Department { id, subtree: true } => {
            place.departments.iter().any(|d| state.org.is_within(*d, *id))
        }
        Who::Position(key) => counts_as_person && person().is_some_and(|p| p.facts.positions.contains(key)),
        Who::Group(id) => {
            counts_as_person
                && state.org.group(*id).zip(person()).is_some_and(|(group, p)| {
                    let all = group.holds(&state.org, p, &p.roles, &p.departments);
                    let claimed = || group.holds(&state.org, p, &place.roles, &place.departments);
                    match rule.effect {
                        Effect::Permit => all && claimed(),
                        Effect::Forbid => all || claimed(),
                    }
                })
        }
        Who::Everyone => counts_as_person,
    }
}

struct Compiler<'a> {
    state: &'a State,
    acting: &'a Acting,
    now: Timestamp,
    fresh: Fresh,
}

impl Compiler<'_> {
    /// The rules in force for this action, object and person. Notes when that changes by itself.
    fn applicable(&mut self, action: ActionKind, object: &str) -> Vec<Arc<Rule>> {
        let mut found = Vec::new();
        for rule in self.state.rules.iter().chain(crate::duty::rules(self.acting.kind)) {
            if !rule.covers(action, object) || !is_for(rule, self.acting, self.state) {
                continue;
            }
            for moment in [rule.valid_from, rule.valid_until].into_iter().flatten() {
                if moment <= self.now {
                    self.fresh.since = self.fresh.since.max(moment);
                } else {
                    self.fresh.until = self.fresh.until.min(moment);
                }
            }
            if rule.in_force(self.now) && self.acting.setting.meets(rule, self.now, &mut self.fresh) {
                found.push(rule.clone());
            }
        }
        found
    }

    fn scope_or_default(
        &mut self,
        rule: &Rule,
        action: ActionKind,
        object: &Object,
        standing: Standing,
    ) -> Visible {
        if action.is_office() {
            return Visible::Everything;
        }
        self.scope(rule, action, object, standing).unwrap_or(match rule.effect {
            Effect::Permit => Visible::Nobody,
            Effect::Forbid => Visible::Everything,
        })
    }

    fn scope(
        &mut self,
        rule: &Rule,
        action: ActionKind,
        object: &Object,
        standing: Standing,
    ) -> Result<Visible, Broken> {
        let circle = |circle| {
            let departments = &self.acting.place(rule.effect).departments;
            self.state.circle(circle, self.acting.person, departments)
        };
        Ok(match &rule.rows {
            RowScope::All => Visible::Everything,
            RowScope::Own => Visible::Owners(Owners::new(vec![self.acting.person])),
            RowScope::Department => circle(Circle::Department),
            RowScope::Subtree => circle(Circle::Subtree),
            RowScope::Reports => circle(Circle::Reports),
            RowScope::Where(condition) => self.condition(condition, rule.effect, object, standing)?,
            RowScope::Parent => {
                if standing == Standing::Parent {
                    return Err(Broken);
                }
                let reference = object.parent.as_ref().ok_or(Broken)?;
                let target = object.field(reference).and_then(|f| f.target.as_ref()).ok_or(Broken)?;
                let parent = self.state.catalog.object(target).ok_or(Broken)?.clone();
                match self.parent_rows(action.on_parent(), &parent) {
                    Visible::Nobody => Visible::Nobody,
                    rows => Visible::WithParent {
                        own: Box::new(Visible::Nobody),
                        parent: Box::new(rows),
                        parent_object: target.clone(),
                        reference: reference.clone(),
                    },
                }
            }
        })
    }

    /// Which parents are visible, without looking beyond them.
    fn parent_rows(&mut self, action: ActionKind, object: &Object) -> Visible {
        let (mut permits, mut forbids) = (Vec::new(), Vec::new());
        for rule in self.applicable(action, &object.name) {
            let scope = self.scope_or_default(&rule, action, object, Standing::Parent);
            match rule.effect {
                Effect::Permit => permits.push(scope),
                Effect::Forbid if rule.fields.is_empty() => forbids.push(scope),
                Effect::Forbid => {}
            }
        }
        Visible::union(permits.iter()).minus(&Visible::union(forbids.iter()))
    }

    fn condition(
        &mut self,
        condition: &Condition,
        effect: Effect,
        object: &Object,
        standing: Standing,
    ) -> Result<Visible, Broken> {
        let facts = FactsOf {
            org: &self.state.org,
            person: self.acting.person,
            departments: &self.acting.place(effect).departments,
            now: self.now,
        };
        let bound = condition.bind(object, &self.state.catalog, &facts).map_err(|_| Broken)?;
        let mut sayable = true;
        bound.paths(&mut |path| {
            sayable &= path.class == Class::Open && (standing == Standing::Record || path.through.is_none());
        });
        if !sayable {
            return Err(Broken);
        }
        self.note_time(condition);
        Ok(match bound {
            Bound::All(parts) if parts.is_empty() => Visible::Everything,
            Bound::Any(parts) if parts.is_empty() => Visible::Nobody,
            bound => Visible::Where(bound),
        })
    }

    /// A condition that speaks of now holds for this moment only, one that speaks of today until midnight (UTC+8).
    fn note_time(&mut self, condition: &Condition) {
        match condition {
            Condition::All(parts) | Condition::Any(parts) => {
                parts.iter().for_each(|p| self.note_time(p));
            }
            Condition::Not(part) => self.note_time(part),
            Condition::Test { value: Operand::Now { .. }, .. } => {
                self.fresh.within(self.now, Timestamp(self.now.0.saturating_add(1)));
            }
            Condition::Test { value: Operand::Today { .. }, .. } => {
                const EAST_8: i64 = 8 * 3_600;
                let day = self.now.plus_seconds(EAST_8).day();
                let midnight = |day| Timestamp::from_day(day).plus_seconds(-EAST_8);
                self.fresh.within(midnight(day), midnight(day + 1));
            }
            Condition::Test { .. } => {}
        }
    }
}

/// What conditions may know.
struct FactsOf<'a> {
    org: &'a Org,
    person: PersonId,
    departments: &'a [DepartmentId],
    now: Timestamp,
}

impl Facts for FactsOf<'_> {
    fn me(&self) -> Uuid {
        self.person.0
    }

    fn people(&self, circle: Circle) -> BTreeSet<Uuid> {
        self.org.circle(circle, self.person, self.departments).into_iter().map(|p| p.0).collect()
    }

    fn departments(&self, circle: Circle) -> BTreeSet<Uuid> {
        self.org.circle_departments(circle, self.departments).into_iter().map(|d| d.0).collect()
    }

    fn now(&self) -> Timestamp {
        self.now
    }
}
