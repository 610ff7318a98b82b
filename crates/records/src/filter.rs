//! Filters of requests, bound and checked: a field that the caller may not read can neither filter nor sort.

use std::collections::BTreeSet;
use std::sync::Arc;

use kernel::catalog::system_fields;
use kernel::condition::{Bound, Circle, Condition, Facts, Malformed, Op, Path};
use kernel::{Class, Object, RecordId, Timestamp, Value};
use policy::{AccessPlan, FieldAccess, List, Org, Principal};
use uuid::Uuid;

use crate::door::Inner;
use crate::error::Error;
use crate::query::Order;

/// What a request's condition may know of the caller.
struct Circumstances {
    org: Arc<Org>,
    who: Arc<Principal>,
    now: Timestamp,
}

impl Facts for Circumstances {
    fn me(&self) -> Uuid {
        self.who.person.0
    }

    fn people(&self, circle: Circle) -> BTreeSet<Uuid> {
        self.org.circle(circle, self.who.person, &self.who.departments).into_iter().map(|p| p.0).collect()
    }

    fn departments(&self, circle: Circle) -> BTreeSet<Uuid> {
        self.org.circle_departments(circle, &self.who.departments).into_iter().map(|d| d.0).collect()
    }

    fn now(&self) -> Timestamp {
        self.now
    }
}

/// Binds a condition for this caller. Unknown and unreadable fields answer alike (DESIGN 3.8).
pub(crate) fn bind(
    inner: &Inner,
    who: &Arc<Principal>,
    plan: &AccessPlan,
    object: &Object,
    condition: &Condition,
) -> Result<Bound, Error> {
    for name in condition.fields() {
        check_field(inner, who, plan, object, &name)?;
    }
    let facts = Circumstances { org: inner.policy.org(), who: who.clone(), now: inner.now() };
    let bound = condition.bind(object, &inner.catalog, &facts)?;
    rewrite(inner, object, bound)
}

/// Refuses sorting by a field that the caller may not read on every row it is read from.
pub(crate) fn check_sort(plan: &AccessPlan, object: &Object, order: &Order) -> Result<(), Error> {
    let Some((column, _)) = &order.column else { return Ok(()) };
    let readable = system_fields().iter().any(|f| f.name == *column)
        || object.field(column).is_some_and(|f| plan.least_access(f) >= FieldAccess::Read);
    if readable {
        Ok(())
    } else {
        Err(Error::BadQuery(format!(
            "a list cannot be sorted by {column}; /api/v1/objects says which fields are sortable"
        )))
    }
}

fn check_field(
    inner: &Inner,
    who: &Arc<Principal>,
    plan: &AccessPlan,
    object: &Object,
    name: &str,
) -> Result<(), Error> {
    let unknown = || Error::Condition(Malformed::UnknownField(name.to_owned()));
    if name == "id" || system_fields().iter().any(|f| f.name == name) {
        return Ok(());
    }
    if let Some((reference, rest)) = name.split_once('.') {
        let field = object.field(reference).ok_or_else(unknown)?;
        let target = field.target.as_ref().and_then(|t| inner.catalog.object(t)).ok_or_else(unknown)?;
        if plan.least_access(field) < FieldAccess::Read {
            return Err(unknown());
        }
        // The hop leads to rows of another object: only what the caller may list of every such row may be asked.
        let there = inner.policy.permit::<List>(who, &target.name, inner.now()).map_err(|_| unknown())?;
        if rest.contains('.') {
            return Err(unknown());
        }
        return check_field(inner, who, there.plan(), target, rest);
    }
    let field = object.field(name).ok_or_else(unknown)?;
    let needed = if field.class == Class::Restricted { FieldAccess::Masked } else { FieldAccess::Read };
    if plan.least_access(field) < needed {
        return Err(unknown());
    }
    if !field.filterable() {
        return Err(Error::Condition(Malformed::NotFilterable(name.to_owned())));
    }
    Ok(())
}

/// Turns exact tests of restricted fields into tests of their blind index; refuses all others.
fn rewrite(inner: &Inner, object: &Object, bound: Bound) -> Result<Bound, Error> {
    let all = |parts: Vec<Bound>| {
        parts.into_iter().map(|p| rewrite(inner, object, p)).collect::<Result<Vec<_>, _>>()
    };
    Ok(match bound {
        Bound::All(parts) => Bound::All(all(parts)?),
        Bound::Any(parts) => Bound::Any(all(parts)?),
        Bound::Not(part) => Bound::Not(Box::new(rewrite(inner, object, *part)?)),
        Bound::Test { path, op, value } if path.class == Class::Restricted => {
            blind_test(inner, object, &path, op, &value)?
        }
        Bound::In { path, .. } if path.class == Class::Restricted => {
            return Err(Error::Condition(Malformed::Operator { field: path.field, op: Op::In }));
        }
        Bound::IsEmpty { path } if path.class == Class::Restricted => {
            Bound::IsEmpty { path: Path { field: format!("{}_bi", path.field), class: Class::Open, ..path } }
        }
        other => other,
    })
}

fn blind_test(inner: &Inner, object: &Object, path: &Path, op: Op, value: &Value) -> Result<Bound, Error> {
    if op != Op::Eq {
        return Err(Error::Condition(Malformed::Operator { field: path.field.clone(), op }));
    }
    let target = match &path.through {
        None => object.name.clone(),
        Some((_, target)) => target.clone(),
    };
    let field =
        inner.catalog.object(&target).and_then(|o| o.field(&path.field).cloned()).ok_or(Error::NotFound)?;
    let token = value.as_text().and_then(|text| inner.vault.blind(&target, &field.name, field.kind, text));
    let column =
        Path { field: format!("{}_bi", path.field), class: Class::Open, through: path.through.clone() };
    // No token: the text normalises to nothing, so nothing can match.
    Ok(token.map_or_else(Bound::never, |t| Bound::Test {
        path: column,
        op: Op::Eq,
        value: Value::Token(t.to_vec()),
    }))
}

/// Narrows a filter to known records.
pub(crate) fn and_ids(filter: Bound, ids: &[RecordId]) -> Bound {
    let mut values: Vec<Value> = ids.iter().map(|id| Value::Id(id.0)).collect();
    values.sort_by(|a, b| a.compare(b).unwrap_or(std::cmp::Ordering::Equal));
    let path = Path { through: None, field: "id".to_owned(), class: Class::Open };
    Bound::All(vec![Bound::In { path, values }, filter])
}
