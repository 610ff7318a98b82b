//! What one principal may do with one action on one object: rows, fields per row, obligations, deciding rules.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use kernel::condition::{Path, Row};
use kernel::{Field, Object, RuleId, Timestamp};

use crate::action::ActionKind;
use crate::rule::{FieldAccess, Obligations, Rule};
use crate::visible::Visible;

/// The compiled rules of one principal for one action on one object. Made by the policy only, shared by requests.
#[derive(Debug)]
pub struct AccessPlan {
    pub(crate) action: ActionKind,
    pub(crate) columns: Arc<Columns>,
    pub(crate) rows: Visible,
    pub(crate) permits: Vec<Grant>,
    pub(crate) forbids: Vec<Grant>,
    pub(crate) caps: Vec<Cap>,
    pub(crate) best: Box<[FieldAccess]>,
    pub(crate) least: Box<[FieldAccess]>,
    pub(crate) obligations: Obligations,
    pub(crate) deciding: Vec<RuleId>,
    pub(crate) hops: Vec<Path>,
    pub(crate) fresh: Fresh,
}

/// A rule that opens (or, among the forbids, closes) rows.
#[derive(Debug)]
pub(crate) struct Grant {
    pub(crate) rule: Arc<Rule>,
    pub(crate) scope: Visible,
    /// By column.
    pub(crate) fields: Box<[FieldAccess]>,
}

/// A forbid that leaves fields at most some access.
#[derive(Debug)]
pub(crate) struct Cap {
    pub(crate) rule: Arc<Rule>,
    pub(crate) scope: Visible,
    /// By column; `Write` where it says nothing.
    pub(crate) most: Box<[FieldAccess]>,
}

/// When a plan is right: from `since`, before `until`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fresh {
    pub(crate) since: Timestamp,
    pub(crate) until: Timestamp,
}

impl Fresh {
    pub(crate) const ALWAYS: Self = Self { since: Timestamp(i64::MIN), until: Timestamp(i64::MAX) };

    pub(crate) fn at(&self, now: Timestamp) -> bool {
        self.since <= now && now < self.until
    }

    pub(crate) fn within(&mut self, since: Timestamp, until: Timestamp) {
        self.since = self.since.max(since);
        self.until = self.until.min(until);
    }
}

/// An object's fields in order, found by name.
pub(crate) struct Columns {
    pub(crate) object: Arc<Object>,
    by_name: HashMap<String, usize>,
}

impl Columns {
    pub(crate) fn new(object: Arc<Object>) -> Self {
        let by_name = object.all_fields().enumerate().map(|(i, f)| (f.name.clone(), i)).collect();
        Self { object, by_name }
    }

    pub(crate) fn at(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }
}

impl std::fmt::Debug for Columns {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Columns({})", self.object.name)
    }
}

impl AccessPlan {
    /// The action.
    #[must_use]
    pub fn action(&self) -> ActionKind {
        self.action
    }

    /// Which records.
    #[must_use]
    pub fn rows(&self) -> &Visible {
        &self.rows
    }

    /// Whether a record is within the plan: the twin in memory of the SQL made from [`rows`](Self::rows).
    #[must_use]
    pub fn allows_row(&self, row: &dyn Row) -> bool {
        self.rows.holds(row)
    }

    /// What the plan opens of one record. Evaluates each rule once: the way for whole records.
    #[must_use]
    pub fn on_row(&self, row: &dyn Row) -> RowAccess<'_> {
        let mut fields: Option<Cow<'_, [FieldAccess]>> = None;
        let mut rules = Vec::new();
        if !self.forbids.iter().any(|f| f.scope.holds(row)) {
            for grant in self.permits.iter().filter(|g| g.scope.holds(row)) {
                rules.push(grant.rule.id);
                match &mut fields {
                    None => fields = Some(Cow::Borrowed(&grant.fields)),
                    Some(all) => {
                        for (access, more) in all.to_mut().iter_mut().zip(&grant.fields) {
                            *access = (*access).max(*more);
                        }
                    }
                }
            }
        }
        if let Some(all) = &mut fields {
            for cap in self.caps.iter().filter(|c| c.scope.holds(row)) {
                rules.push(cap.rule.id);
                for (access, most) in all.to_mut().iter_mut().zip(&cap.most) {
                    *access = (*access).min(*most);
                }
            }
        }
        RowAccess { columns: &self.columns, fields, rules }
    }

    /// How far a field is open on one record: what the permits that hold for the record open, less what forbids
    /// close. `Hidden` when the record is not within the plan. For many fields of a record ask [`on_row`](Self::on_row).
    #[must_use]
    pub fn field_access(&self, row: &dyn Row, field: &Field) -> FieldAccess {
        self.on_row(row).field(field)
    }

    /// How far a field is open at best, on some record: for metadata (which columns to offer).
    #[must_use]
    pub fn best_access(&self, field: &Field) -> FieldAccess {
        self.columns.at(&field.name).map_or(FieldAccess::Hidden, |i| self.best[i])
    }

    /// How far a field is open at least, on every record within the plan: for filters, sorts and search, which
    /// would otherwise tell of records where the field is closed.
    #[must_use]
    pub fn least_access(&self, field: &Field) -> FieldAccess {
        self.columns.at(&field.name).map_or(FieldAccess::Hidden, |i| self.least[i])
    }

    /// The rules that made the plan, permits first.
    #[must_use]
    pub fn deciding_rules(&self) -> &[RuleId] {
        &self.deciding
    }

    /// What the person must do in exchange: of every permit in the plan. Reveals always need a reason.
    #[must_use]
    pub fn obligations(&self) -> Obligations {
        self.obligations
    }

    /// What the plan must know of other records: evaluating a row in memory asks for these paths over one hop.
    #[must_use]
    pub fn hops(&self) -> &[Path] {
        &self.hops
    }

    /// The moment from which the plan no longer holds; long work must ask the policy again by then.
    #[must_use]
    pub fn until(&self) -> Timestamp {
        self.fresh.until
    }

    pub(crate) fn collect_hops<'a>(scopes: impl Iterator<Item = &'a Visible>) -> Vec<Path> {
        let mut found = BTreeSet::new();
        scopes.for_each(|scope| scope.hops(&mut found));
        found.into_iter().collect()
    }
}

/// What a plan opens of one record.
#[derive(Debug)]
pub struct RowAccess<'p> {
    columns: &'p Columns,
    fields: Option<Cow<'p, [FieldAccess]>>,
    rules: Vec<RuleId>,
}

impl RowAccess<'_> {
    /// Whether the record is within the plan.
    #[must_use]
    pub fn allowed(&self) -> bool {
        self.fields.is_some()
    }

    /// How far a field is open.
    #[must_use]
    pub fn field(&self, field: &Field) -> FieldAccess {
        self.columns.at(&field.name).map_or(FieldAccess::Hidden, |i| self.at(i))
    }

    /// How far the field at a position of `Object::all_fields` is open.
    #[must_use]
    pub fn at(&self, position: usize) -> FieldAccess {
        self.fields.as_ref().and_then(|f| f.get(position).copied()).unwrap_or_default()
    }

    /// The rules that decided about this record, permits first.
    #[must_use]
    pub fn rules(&self) -> &[RuleId] {
        &self.rules
    }
}
