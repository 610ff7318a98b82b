//! The reference evaluator: walks the rules one by one, knows no plans, sets or caches. Slow and plain on purpose;
//! shares no code with the policy but the data of rules.
#![allow(dead_code, reason = "each test file uses its part")]

use kernel::condition::{Circle, Op, Operand};
use kernel::{Catalog, Class, Condition, DepartmentId, Object, PersonId, Timestamp, Value};
use policy::*;
use serde_json::Value as Json;

use super::support::Record;

pub struct Reference<'a> {
    pub people: &'a [Person],
    pub departments: &'a [Department],
    pub rules: &'a [Rule],
    pub catalog: &'a Catalog,
    pub now: Timestamp,
}

impl Reference<'_> {
    fn find(&self, person: PersonId) -> Option<&Person> {
        self.people.iter().find(|p| p.id == person)
    }

    fn below(&self, mut department: DepartmentId, top: DepartmentId) -> bool {
        for _ in 0..=self.departments.len() {
            if department == top {
                return true;
            }
            let known = |id: &DepartmentId| self.departments.iter().find(|d| d.id == *id);
            match known(&department).and_then(|d| d.parent).filter(|p| known(p).is_some()) {
                Some(parent) => department = parent,
                None => return false,
            }
        }
        false
    }

    fn reports_to(&self, mut person: PersonId, boss: PersonId) -> bool {
        for _ in 0..=self.people.len() {
            if person == boss {
                return true;
            }
            // A manager nobody knows manages nobody.
            let manager = self.find(person).and_then(|p| p.manager).filter(|m| self.find(*m).is_some());
            match manager {
                Some(manager) => person = manager,
                None => return false,
            }
        }
        false
    }

    fn is_for(&self, rule: &Rule, who: &Person) -> bool {
        match &rule.who {
            Who::Everyone => true,
            // Groups and positions have stories of their own (tests/groups.rs).
            Who::Position(_) | Who::Group(_) => false,
            Who::Person(p) => *p == who.id,
            Who::Role(r) => who.roles.contains(r),
            Who::Department { id, subtree: false } => who.departments.contains(id),
            Who::Department { id, .. } => who.departments.iter().any(|d| self.below(*d, *id)),
        }
    }

    fn applies(&self, rule: &Rule, who: &Person, action: ActionKind, object: &str) -> bool {
        let begun = rule.valid_from.is_none_or(|t| t <= self.now);
        let ended = rule.valid_until.is_some_and(|t| t <= self.now);
        rule.actions.contains(&action)
            && (rule.object == object || rule.object == "*")
            && begun
            && !ended
            && self.is_for(rule, who)
    }

    fn in_circle(&self, who: &Person, circle: Circle, record: &Record) -> bool {
        let mine = |d: DepartmentId| {
            who.departments.iter().any(|m| match circle {
                Circle::Department => *m == d,
                // A department nobody knows has nothing below it.
                Circle::Subtree => {
                    let known = |id| self.departments.iter().any(|x| x.id == id);
                    known(d) && known(*m) && self.below(d, *m)
                }
                Circle::Reports => false,
            })
        };
        match record.get("owner").as_id().map(PersonId) {
            Some(owner) if circle == Circle::Reports => self.reports_to(owner, who.id),
            Some(owner) => self.find(owner).is_some_and(|o| {
                o.departments.iter().any(|d| mine(*d) && self.departments.iter().any(|x| x.id == *d))
            }),
            None => record.get("department").as_id().is_some_and(|d| mine(DepartmentId(d))),
        }
    }

    /// `Err` when the scope cannot be evaluated: parents look no further.
    fn in_rows(
        &self,
        rule: &Rule,
        who: &Person,
        action: ActionKind,
        object: &Object,
        record: &Record,
        is_parent: bool,
    ) -> Result<bool, ()> {
        match &rule.rows {
            RowScope::All => Ok(true),
            RowScope::Own => Ok(record.get("owner") == Value::Id(who.id.0)),
            RowScope::Department => Ok(self.in_circle(who, Circle::Department, record)),
            RowScope::Subtree => Ok(self.in_circle(who, Circle::Subtree, record)),
            RowScope::Reports => Ok(self.in_circle(who, Circle::Reports, record)),
            RowScope::Where(condition) => {
                if self.closed(condition, object, is_parent) {
                    return Err(());
                }
                Ok(self.meets(condition, who, record))
            }
            RowScope::Parent if is_parent || object.parent.is_none() => Err(()),
            RowScope::Parent => {
                let reference = object.parent.as_ref().unwrap();
                let Some(parent) = record.parents.get(reference) else { return Ok(false) };
                let target = object.field(reference).unwrap().target.as_ref().unwrap();
                let action = if action == ActionKind::List { ActionKind::List } else { ActionKind::Read };
                Ok(self.sees(who, action, target, parent, true))
            }
        }
    }

    /// Whether a rule may not use the condition: it speaks of fields that do not exist or are encrypted, or of other
    /// records where it may not.
    fn closed(&self, condition: &Condition, object: &Object, is_parent: bool) -> bool {
        let open = |object: &Object, f: &str| object.field(f).is_some_and(|f| f.class == Class::Open);
        condition.fields().iter().any(|f| match f.split_once('.') {
            None => !open(object, f),
            Some(_) if is_parent => true,
            Some((reference, f)) => {
                let target = object.field(reference).and_then(|r| r.target.as_ref());
                !target.is_some_and(|t| open(self.catalog.object(t).unwrap(), f))
            }
        })
    }

    fn meets(&self, condition: &Condition, who: &Person, record: &Record) -> bool {
        match condition {
            Condition::All(parts) => parts.iter().all(|p| self.meets(p, who, record)),
            Condition::Any(parts) => parts.iter().any(|p| self.meets(p, who, record)),
            Condition::Not(part) => !self.meets(part, who, record),
            Condition::Test { field, op, value } => {
                let found = match field.split_once('.') {
                    None => record.get(field),
                    Some((r, f)) => record.parents.get(r).map_or(Value::Null, |p| p.get(f)),
                };
                match (op, value) {
                    (Op::IsEmpty, _) => found == Value::Null,
                    (Op::Eq, Operand::Me) => found == Value::Id(who.id.0),
                    (Op::Eq, Operand::Literal(Json::String(s))) => found == Value::Text(s.clone()),
                    (Op::Ne, Operand::Literal(Json::String(s))) => found != Value::Text(s.clone()),
                    (Op::In, Operand::MyPeople(circle)) => {
                        found != Value::Null && self.in_circle(who, *circle, record)
                    }
                    (Op::Lt, Operand::Now { days: 0 }) => matches!(found, Value::Time(t) if t < self.now),
                    other => panic!("the reference does not know {other:?}"),
                }
            }
        }
    }

    /// Whether a person may do the action with the record.
    pub fn allows(&self, who: &Person, action: ActionKind, object: &str, record: &Record) -> bool {
        self.sees(who, action, object, record, false)
    }

    fn sees(&self, who: &Person, action: ActionKind, object: &str, record: &Record, is_parent: bool) -> bool {
        let mut permitted = false;
        let definition = self.catalog.object(object).unwrap();
        for rule in self.rules.iter().filter(|r| self.applies(r, who, action, object)) {
            let covered = self.in_rows(rule, who, action, definition, record, is_parent);
            match rule.effect {
                Effect::Permit if covered == Ok(true) => permitted = true,
                Effect::Forbid if rule.fields.is_empty() && covered != Ok(false) => return false,
                _ => {}
            }
        }
        permitted && who.status == PersonStatus::Active
    }

    /// How far a field of the record is open.
    pub fn field(
        &self,
        who: &Person,
        action: ActionKind,
        object: &str,
        record: &Record,
        field: &str,
    ) -> FieldAccess {
        if !self.allows(who, action, object, record) {
            return FieldAccess::Hidden;
        }
        let definition = self.catalog.object(object).unwrap();
        let (system, class) = definition.field(field).map(|f| (f.system, f.class)).unwrap();
        let (mut open, mut most) = (FieldAccess::Hidden, FieldAccess::Write);
        for rule in self.rules.iter().filter(|r| self.applies(r, who, action, object)) {
            let covered = self.in_rows(rule, who, action, definition, record, false);
            let says = says(rule, field, class);
            match rule.effect {
                Effect::Permit if covered == Ok(true) => {
                    let says = if system { FieldAccess::Read } else { says.unwrap_or(FieldAccess::Hidden) };
                    open = if says > open { says } else { open };
                }
                Effect::Forbid if covered != Ok(false) => {
                    let says = says.unwrap_or(FieldAccess::Write);
                    most = if says < most { says } else { most };
                }
                _ => {}
            }
        }
        if most < open { most } else { open }
    }
}

fn says(rule: &Rule, field: &str, class: Class) -> Option<FieldAccess> {
    let by_name =
        rule.fields.iter().find(|f| matches!(&f.fields, FieldSet::Named(n) if n.iter().any(|n| n == field)));
    let by_class = rule.fields.iter().find(|f| f.fields == FieldSet::Class(class));
    let by_all = rule.fields.iter().find(|f| f.fields == FieldSet::All);
    by_name.or(by_class).or(by_all).map(|f| f.access)
}
