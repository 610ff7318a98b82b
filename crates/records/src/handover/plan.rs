//! What is handed over, and to whom.

use std::collections::HashMap;

use kernel::{DepartmentId, Object, PersonId, Timestamp};
use policy::{HandOver, Org, PersonStatus, Receiver};
use store::Sql;
use uuid::Uuid;

use crate::shape::quoted;

/// Conversations of so many days before are still open; older ones stay in their author's name.
const OPEN_DAYS: i64 = 90;
/// Whoever has this role in a department is its manager.
const MANAGER: &str = "manager";

/// Pushes the condition for what a person hands over: everything of theirs that is not deleted; of tasks the open
/// ones, of communications the recent and the unmatched ones.
pub(super) fn push_owned(sql: &mut Sql, object: &Object, owner: PersonId, now: Timestamp) {
    sql.push("t.owner = ").param(owner.0).push(" AND t.deleted_at IS NULL");
    match object.name.as_str() {
        "task" => {
            sql.push(" AND (t.status IS NULL OR t.status = 'open')");
        }
        "communication" => {
            let recent = now.plus_seconds(-OPEN_DAYS * 86_400);
            sql.push(" AND (t.status = 'unmatched' OR t.occurred_at >= ").param(recent.0).push(")");
        }
        _ => {}
    }
}

/// Counts what a person would hand over of an object.
pub(super) fn count(object: &Object, owner: PersonId, now: Timestamp, engine: store::Engine) -> Sql {
    let mut sql = Sql::new(engine);
    sql.push("SELECT count(*) FROM ").push(&quoted(&object.name)).push(" t WHERE ");
    push_owned(&mut sql, object, owner, now);
    sql
}

/// Finds receivers, remembering the managers of departments.
pub(super) struct Receivers<'a> {
    order: &'a HandOver,
    org: &'a Org,
    managers: HashMap<Option<Uuid>, Option<PersonId>>,
}

impl<'a> Receivers<'a> {
    pub(super) fn new(order: &'a HandOver, org: &'a Org) -> Self {
        Self { order, org, managers: HashMap::new() }
    }

    /// Who gets a record of this object and department; nobody when there is no active one.
    pub(super) fn of(&mut self, object: &str, department: Option<Uuid>) -> Option<PersonId> {
        let (order, org) = (self.order, self.org);
        let named = order.objects.get(object).copied();
        let found = named.or_else(|| match order.to {
            Receiver::Person(person) => Some(person),
            Receiver::Nobody => None,
            Receiver::DepartmentManager(otherwise) => {
                let of = || department.and_then(|d| manager_of(org, DepartmentId(d), order.from));
                self.managers.entry(department).or_insert_with(of).or(otherwise)
            }
        });
        found.filter(|p| *p != order.from && active(org, *p))
    }
}

fn active(org: &Org, person: PersonId) -> bool {
    org.person(person).is_some_and(|p| p.status == PersonStatus::Active)
}

/// The manager of a department or of the nearest one above that has one.
fn manager_of(org: &Org, department: DepartmentId, but: PersonId) -> Option<PersonId> {
    org.ancestors(department).into_iter().find_map(|d| {
        let people = org.people_in(&[d]);
        people.into_iter().find(|id| {
            *id != but
                && org
                    .person(*id)
                    .is_some_and(|p| p.status == PersonStatus::Active && p.roles.iter().any(|r| r == MANAGER))
        })
    })
}
