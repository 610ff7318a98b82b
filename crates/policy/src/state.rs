//! Everything decisions depend on, at one moment, with the plans made from it. Replaced whole: nothing outlives a change.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use kernel::catalog::Label;
use kernel::condition::Circle;
use kernel::{Catalog, DepartmentId, Object, PersonId, Timestamp};
use parking_lot::{Mutex, RwLock};

use crate::action::ActionKind;
use crate::circumstances::{Asked, Setting, Situation};
use crate::org::{Org, PersonStatus};
use crate::plan::{AccessPlan, Columns};
use crate::principal::{Principal, PrincipalKind};
use crate::rule::{Effect, Rule};
use crate::visible::{Departments, Owners, Visible};

/// The name of the object that offices have instead of one.
pub const WORKSPACE: &str = "workspace";

pub(crate) struct State {
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) rules: Arc<[Arc<Rule>]>,
    pub(crate) org: Arc<Org>,
    pub(crate) version: u64,
    asked: Asked,
    circles: Circles,
    columns: HashMap<String, Arc<Columns>>,
    plans: Plans,
}

impl State {
    pub(crate) fn new(catalog: Arc<Catalog>, rules: Arc<[Arc<Rule>]>, org: Arc<Org>, version: u64) -> Self {
        let office = Object {
            name: WORKSPACE.to_owned(),
            label: Label::new("工作区", "Workspace"),
            label_plural: Label::new("工作区", "Workspace"),
            title_field: String::new(),
            parent: None,
            fields: Vec::new(),
        };
        let objects = catalog.objects().cloned().chain([Arc::new(office)]);
        let columns = objects.map(|o| (o.name.clone(), Arc::new(Columns::new(o)))).collect();
        let asked = Asked::by(rules.iter().map(AsRef::as_ref));
        Self {
            catalog,
            rules,
            org,
            version,
            asked,
            circles: Circles::default(),
            columns,
            plans: Plans::default(),
        }
    }

    /// The object an action is about; for offices the workspace. `None` when there is no such object.
    pub(crate) fn columns(&self, action: ActionKind, object: &str) -> Option<&Arc<Columns>> {
        match (action.is_office(), object) {
            (true, _) => self.columns.get(WORKSPACE),
            (false, WORKSPACE) => None,
            (false, name) => self.columns.get(name),
        }
    }

    /// The facts that rules may use of a principal. `None` when the person may not act.
    pub(crate) fn acting(&self, who: &Principal) -> Option<Acting> {
        let is_person = who.kind == PrincipalKind::Person;
        let claimed = Place { roles: who.roles.clone(), departments: who.departments.clone() };
        let (mut permits, mut forbids) = (claimed.clone(), claimed);
        match self.org.person(who.person) {
            Some(person) => {
                if is_person {
                    if person.status != PersonStatus::Active {
                        return None;
                    }
                    permits.roles.retain(|r| person.roles.contains(r));
                    permits.departments.retain(|d| person.departments.contains(d));
                }
                forbids.roles.extend(person.roles.iter().cloned());
                forbids.departments.extend(&person.departments);
            }
            None if is_person => return None,
            None => {}
        }
        let setting = Setting::Known(self.asked.of(who));
        Some(Acting { person: who.person, kind: who.kind, is_person, setting, permits, forbids })
    }

    /// The plan, from the cache when it has one that is right now. `None` when the person may not act.
    pub(crate) fn plan(
        &self,
        who: &Principal,
        action: ActionKind,
        columns: &Arc<Columns>,
        now: Timestamp,
    ) -> Option<Arc<AccessPlan>> {
        let key = Key { person: who.person, object: Arc::as_ptr(columns) as usize, action };
        let situation = self.asked.of(who);
        if let Some(plan) = self.plans.get(&key, who, &situation, now) {
            return Some(plan);
        }
        let plan = Arc::new(crate::compile::compile(self, &self.acting(who)?, action, columns, now));
        self.plans.put(key, who, situation, &plan);
        Some(plan)
    }

    /// The rows of a circle around a person of the given departments.
    pub(crate) fn circle(&self, circle: Circle, person: PersonId, departments: &[DepartmentId]) -> Visible {
        let (owners, unowned) = self.circles.get(circle, person, departments, &self.org);
        match (owners.is_empty(), unowned.is_empty()) {
            (true, true) => Visible::Nobody,
            (false, true) => Visible::Owners(owners),
            (_, false) => Visible::Circle { owners, unowned },
        }
    }
}

/// Whoever acts. Permits look at what both the principal claims and the org agrees to; forbids at what either says:
/// claiming less (a narrower token) must not get around a prohibition.
#[derive(Debug)]
pub(crate) struct Acting {
    pub(crate) person: PersonId,
    pub(crate) kind: PrincipalKind,
    pub(crate) is_person: bool,
    pub(crate) setting: Setting,
    permits: Place,
    forbids: Place,
}

/// Roles and departments.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) roles: Vec<String>,
    pub(crate) departments: Vec<DepartmentId>,
}

impl Acting {
    pub(crate) fn place(&self, effect: Effect) -> &Place {
        match effect {
            Effect::Permit => &self.permits,
            Effect::Forbid => &self.forbids,
        }
    }
}

/// Circles already walked, so that the plans of a manager share one list of people.
#[derive(Default)]
struct Circles(Mutex<HashMap<CircleKey, (Owners, Departments)>>);

#[derive(PartialEq, Eq, Hash)]
struct CircleKey {
    circle: Circle,
    /// Only for the circle of reports.
    person: Option<PersonId>,
    departments: Vec<DepartmentId>,
}

impl Circles {
    fn get(
        &self,
        circle: Circle,
        person: PersonId,
        departments: &[DepartmentId],
        org: &Org,
    ) -> (Owners, Departments) {
        let reports = circle == Circle::Reports;
        let key = CircleKey {
            circle,
            person: reports.then_some(person),
            departments: if reports { Vec::new() } else { departments.to_vec() },
        };
        let make = || {
            let owners = org.circle(circle, person, departments);
            let unowned = org.circle_departments(circle, departments);
            (Owners::new(owners), Departments::new(unowned))
        };
        self.0.lock().entry(key).or_insert_with(make).clone()
    }
}

#[derive(PartialEq, Eq, Hash)]
struct Key {
    person: PersonId,
    /// The address of the object's columns, which live as long as the state and this cache.
    object: usize,
    action: ActionKind,
}

/// A plan and the facts of the principal that it was made for.
struct Made {
    kind: PrincipalKind,
    roles: Vec<String>,
    departments: Vec<DepartmentId>,
    situation: Situation,
    plan: Arc<AccessPlan>,
}

impl Made {
    fn fits(&self, who: &Principal, situation: &Situation) -> bool {
        self.kind == who.kind
            && self.roles == who.roles
            && self.departments == who.departments
            && self.situation == *situation
    }
}

const SHARDS: usize = 16;
/// Plans per shard; a full shard is emptied. Together some 50,000 plans of a few hundred bytes to some kilobytes.
const MOST_PLANS: usize = 3_000;
/// Different facts of one person (a session, narrower tokens) remembered per object and action.
const MOST_FACTS: usize = 8;

#[derive(Default)]
struct Plans {
    hasher: RandomState,
    shards: [RwLock<HashMap<Key, Vec<Made>>>; SHARDS],
}

impl Plans {
    fn shard(&self, key: &Key) -> &RwLock<HashMap<Key, Vec<Made>>> {
        let shards = SHARDS as u64;
        #[expect(clippy::cast_possible_truncation, reason = "less than SHARDS")]
        &self.shards[(self.hasher.hash_one(key.person) % shards) as usize]
    }

    fn get(
        &self,
        key: &Key,
        who: &Principal,
        situation: &Situation,
        now: Timestamp,
    ) -> Option<Arc<AccessPlan>> {
        let shard = self.shard(key).read();
        let made = shard.get(key)?.iter().find(|m| m.fits(who, situation))?;
        made.plan.fresh.at(now).then(|| made.plan.clone())
    }

    fn put(&self, key: Key, who: &Principal, situation: Situation, plan: &Arc<AccessPlan>) {
        let made = Made {
            kind: who.kind,
            roles: who.roles.clone(),
            departments: who.departments.clone(),
            situation,
            plan: plan.clone(),
        };
        let mut shard = self.shard(&key).write();
        if shard.len() >= MOST_PLANS {
            shard.clear();
        }
        let all = shard.entry(key).or_default();
        all.retain(|m| !m.fits(who, &made.situation));
        if all.len() >= MOST_FACTS {
            all.remove(0);
        }
        all.push(made);
    }
}
