//! Which records a person sees: a predicate simple enough to be said in SQL (by `records`) and here in memory.
//!
//! [`Visible::bound`] is the meaning; every other form is a shape that a database answers faster. Tests hold
//! [`Visible::holds`] against it.

use std::collections::BTreeSet;
use std::sync::Arc;

use kernel::condition::{Bound, Path, Row};
use kernel::{Class, DepartmentId, PersonId, Value};

/// A sorted set of people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owners(Arc<[PersonId]>);

/// A sorted set of departments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Departments(Arc<[DepartmentId]>);

macro_rules! sorted_set {
    ($set:ident, $id:ident) => {
        impl $set {
            /// Sorts; each counts once.
            #[must_use]
            pub fn new(mut ids: Vec<$id>) -> Self {
                ids.sort_unstable();
                ids.dedup();
                Self(ids.into())
            }

            /// Sorted, each once.
            #[must_use]
            pub fn as_slice(&self) -> &[$id] {
                &self.0
            }

            /// Whether it is in the set.
            #[must_use]
            pub fn contains(&self, id: $id) -> bool {
                self.0.binary_search(&id).is_ok()
            }

            /// Whether there is none.
            #[must_use]
            pub fn is_empty(&self) -> bool {
                self.0.is_empty()
            }

            /// Both; shares memory where it can.
            fn union(&self, other: &Self) -> Self {
                if other.is_empty() || self == other {
                    self.clone()
                } else if self.is_empty() {
                    other.clone()
                } else {
                    Self::new(self.0.iter().chain(other.0.iter()).copied().collect())
                }
            }

            fn values(&self) -> Vec<Value> {
                self.0.iter().map(|id| Value::Id(id.0)).collect()
            }
        }
    };
}

sorted_set!(Owners, PersonId);
sorted_set!(Departments, DepartmentId);

/// Which records of an object are visible.
#[derive(Clone, Debug, PartialEq)]
pub enum Visible {
    /// None.
    Nobody,
    /// All.
    Everything,
    /// Those whose owner is in the set, which is never empty. A record without an owner is in no set.
    Owners(Owners),
    /// Those whose owner is in the set, and those that have no owner and whose department is in the second set,
    /// which is never empty.
    Circle {
        /// The owners; may be empty.
        owners: Owners,
        /// The departments of records without an owner.
        unowned: Departments,
    },
    /// Those for which the condition holds. Speaks only of open fields, over at most one hop.
    Where(Bound),
    /// Those visible by themselves (`own`), and those whose `reference` points to a record of `parent_object` that
    /// exists and is visible by `parent`. `own` and `parent` are never `WithParent`; `parent` has no hops.
    WithParent {
        /// Visible by themselves; may be `Nobody`.
        own: Box<Visible>,
        /// Which parents are visible, seen from the parent: `owner` there is the parent's owner. Never `Nobody`.
        parent: Box<Visible>,
        /// The object of the parents.
        parent_object: String,
        /// The field that points to the parent.
        reference: String,
    },
}

fn system(field: &str) -> Path {
    Path { through: None, field: field.to_owned(), class: Class::Open }
}

impl Visible {
    /// The owners alone that make a record visible, and the departments of records without an owner: what a list
    /// merged from runs per owner needs. `None` when it takes more to decide.
    #[must_use]
    pub fn runs(&self) -> Option<(&[PersonId], &[DepartmentId])> {
        match self {
            Self::Owners(owners) => Some((owners.as_slice(), &[])),
            Self::Circle { owners, unowned } => Some((owners.as_slice(), unowned.as_slice())),
            _ => None,
        }
    }

    /// The same as a condition: the meaning of each form.
    #[must_use]
    pub fn bound(&self) -> Bound {
        match self {
            Self::Nobody => Bound::never(),
            Self::Everything => Bound::always(),
            Self::Owners(owners) => Bound::In { path: system("owner"), values: owners.values() },
            Self::Circle { owners, unowned } => Bound::Any(vec![
                Bound::In { path: system("owner"), values: owners.values() },
                Bound::All(vec![
                    Bound::IsEmpty { path: system("owner") },
                    Bound::In { path: system("department"), values: unowned.values() },
                ]),
            ]),
            Self::Where(bound) => bound.clone(),
            Self::WithParent { own, parent, parent_object, reference } => {
                let mut seen = parent.bound();
                through(&mut seen, reference, parent_object);
                let hop = Some((reference.clone(), parent_object.clone()));
                let exists =
                    Bound::Not(Box::new(Bound::IsEmpty { path: Path { through: hop, ..system("id") } }));
                Bound::Any(vec![own.bound(), Bound::All(vec![exists, seen])])
            }
        }
    }

    /// Whether a record is visible: the twin in memory of what `records` says in SQL.
    #[must_use]
    pub fn holds(&self, row: &dyn Row) -> bool {
        self.holds_at(row, None)
    }

    fn holds_at(&self, row: &dyn Row, hop: Option<&(String, String)>) -> bool {
        let value = |field: &str| row.value(&Path { through: hop.cloned(), ..system(field) });
        match self {
            Self::Nobody => false,
            Self::Everything => true,
            Self::Owners(owners) => value("owner").as_id().is_some_and(|id| owners.contains(PersonId(id))),
            Self::Circle { owners, unowned } => match value("owner").as_id() {
                Some(id) => owners.contains(PersonId(id)),
                None => value("department").as_id().is_some_and(|id| unowned.contains(DepartmentId(id))),
            },
            Self::Where(bound) => match hop {
                None => bound.holds(row),
                Some((reference, object)) => {
                    let mut seen = bound.clone();
                    through(&mut seen, reference, object);
                    seen.holds(row)
                }
            },
            Self::WithParent { own, parent, parent_object, reference } => {
                if own.holds(row) {
                    return true;
                }
                let hop = (reference.clone(), parent_object.clone());
                let exists = row.value(&Path { through: Some(hop.clone()), ..system("id") }) != Value::Null;
                exists && parent.holds_at(row, Some(&hop))
            }
        }
    }

    /// The paths over one hop that evaluating asks for. Does not build the condition: a set may hold 50,000 people.
    pub(crate) fn hops(&self, found: &mut BTreeSet<Path>) {
        match self {
            Self::Nobody | Self::Everything | Self::Owners(_) | Self::Circle { .. } => {}
            Self::Where(bound) => bound.paths(&mut |path| {
                if path.through.is_some() {
                    found.insert(path.clone());
                }
            }),
            Self::WithParent { own, parent, parent_object, reference } => {
                own.hops(found);
                let hop = Some((reference.clone(), parent_object.clone()));
                let mut ask = |path: Path| {
                    found.insert(Path { through: hop.clone(), ..path });
                };
                ask(system("id"));
                match &**parent {
                    Self::Owners(_) => ask(system("owner")),
                    Self::Circle { .. } => {
                        ask(system("owner"));
                        ask(system("department"));
                    }
                    Self::Where(bound) => bound.paths(&mut |path| ask(path.clone())),
                    Self::Nobody | Self::Everything | Self::WithParent { .. } => {}
                }
            }
        }
    }

    /// What any of them shows. At most one distinct parent may occur among them.
    pub(crate) fn union<'a>(parts: impl Iterator<Item = &'a Self>) -> Self {
        let (mut owners, mut unowned) = (Owners::new(Vec::new()), Departments::new(Vec::new()));
        let (mut wheres, mut parents) = (Vec::new(), None);
        for part in parts {
            match part {
                Self::Nobody => {}
                Self::Everything => return Self::Everything,
                Self::Owners(o) => owners = owners.union(o),
                Self::Circle { owners: o, unowned: u } => {
                    (owners, unowned) = (owners.union(o), unowned.union(u));
                }
                Self::Where(bound) => wheres.push(bound.clone()),
                Self::WithParent { .. } => parents = Some(part),
            }
        }
        let own = match (owners.is_empty(), unowned.is_empty()) {
            (true, true) => Self::Nobody,
            (false, true) => Self::Owners(owners),
            (_, false) => Self::Circle { owners, unowned },
        };
        let own = if wheres.is_empty() {
            own
        } else {
            if own != Self::Nobody {
                wheres.push(own.bound());
            }
            Self::Where(if wheres.len() == 1 { wheres.remove(0) } else { Bound::Any(wheres) })
        };
        match parents {
            Some(Self::WithParent { parent, parent_object, reference, .. }) => Self::WithParent {
                own: Box::new(own),
                parent: parent.clone(),
                parent_object: parent_object.clone(),
                reference: reference.clone(),
            },
            _ => own,
        }
    }

    /// What it shows and the other does not.
    pub(crate) fn minus(self, other: &Self) -> Self {
        match (&self, other) {
            (_, Self::Nobody) | (Self::Nobody, _) => self,
            (_, Self::Everything) => Self::Nobody,
            _ => Self::Where(Bound::All(vec![self.bound(), Bound::Not(Box::new(other.bound()))])),
        }
    }
}

/// Says the same about the record that `reference` points to. The condition has no hops yet.
fn through(bound: &mut Bound, reference: &str, object: &str) {
    match bound {
        Bound::All(parts) | Bound::Any(parts) => parts.iter_mut().for_each(|p| through(p, reference, object)),
        Bound::Not(part) => through(part, reference, object),
        Bound::Test { path, .. } | Bound::In { path, .. } | Bound::IsEmpty { path } => {
            path.through = Some((reference.to_owned(), object.to_owned()));
        }
    }
}
