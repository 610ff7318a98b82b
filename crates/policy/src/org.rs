//! The company: people, departments, who is below whom. An immutable snapshot, replaced whole when one changes.

use kernel::condition::Circle;
use kernel::{DepartmentId, PersonId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::group::Group;

/// Whether a person still works here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PersonStatus {
    /// May act.
    #[default]
    Active,
    /// May not act for now.
    Suspended,
    /// May not act any more; records may still be theirs.
    Left,
}

/// A person as rules see them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub id: PersonId,
    /// The name that others read.
    pub name: String,
    /// The departments they belong to.
    pub departments: Vec<DepartmentId>,
    /// Whom they report to.
    pub manager: Option<PersonId>,
    /// Whether they may act.
    pub status: PersonStatus,
    /// Keys of their roles.
    pub roles: Vec<String>,
    /// What else groups and rules may ask.
    pub facts: PersonFacts,
}

/// What else groups and rules may ask of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonFacts {
    /// Keys of their positions.
    pub positions: Vec<String>,
    /// `employee`, `contractor`, `intern` or `external`.
    pub employment: String,
    /// Where they work.
    pub location: Option<String>,
}

/// A department.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Department {
    /// Which.
    pub id: DepartmentId,
    /// The department above.
    pub parent: Option<DepartmentId>,
    /// The name that others read.
    pub name: String,
}

/// The company at one moment. Cycles in the data (A reports to B, B to A) are harmless: walks visit nobody twice.
#[derive(Debug, Default)]
pub struct Org {
    /// Sorted by id; so are the departments. Positions in these lists stand for ids in the groups below.
    people: Vec<Person>,
    departments: Vec<Department>,
    pub(crate) groups: Vec<Group>,
    members: Groups,
    children: Groups,
    reports: Groups,
}

impl Org {
    /// Indexes a company. Of people or departments with the same id the first counts. 50,000 people: some 10 ms.
    #[must_use]
    pub fn new(mut people: Vec<Person>, mut departments: Vec<Department>) -> Self {
        people.sort_by_key(|p| p.id);
        people.dedup_by_key(|p| p.id);
        departments.sort_by_key(|d| d.id);
        departments.dedup_by_key(|d| d.id);
        let mut org = Self { people, departments, ..Self::default() };
        let member = |(i, p): (usize, &Person)| {
            p.departments.iter().filter_map(|d| org.department_at(*d)).map(|d| (d, i)).collect::<Vec<_>>()
        };
        let members = Groups::new(org.departments.len(), org.people.iter().enumerate().flat_map(member));
        let child = |(i, d): (usize, &Department)| Some((org.department_at(d.parent?)?, i));
        let children =
            Groups::new(org.departments.len(), org.departments.iter().enumerate().filter_map(child));
        let report = |(i, p): (usize, &Person)| Some((org.person_at(p.manager?)?, i));
        let reports = Groups::new(org.people.len(), org.people.iter().enumerate().filter_map(report));
        (org.members, org.children, org.reports) = (members, children, reports);
        org
    }

    /// A person by id.
    #[must_use]
    pub fn person(&self, id: PersonId) -> Option<&Person> {
        self.person_at(id).map(|i| &self.people[i])
    }

    /// A department by id.
    #[must_use]
    pub fn department(&self, id: DepartmentId) -> Option<&Department> {
        self.department_at(id).map(|i| &self.departments[i])
    }

    /// Everybody, by id.
    #[must_use]
    pub fn people(&self) -> &[Person] {
        &self.people
    }

    /// All departments, by id.
    #[must_use]
    pub fn departments(&self) -> &[Department] {
        &self.departments
    }

    /// The department and all below it, sorted; nothing when there is no such department.
    #[must_use]
    pub fn subtree(&self, id: DepartmentId) -> Vec<DepartmentId> {
        self.subtree_of(&[id])
    }

    /// The departments and all below them, sorted.
    #[must_use]
    pub fn subtree_of(&self, ids: &[DepartmentId]) -> Vec<DepartmentId> {
        let found = self.children.reach(ids.iter().filter_map(|d| self.department_at(*d)).collect());
        found.into_iter().map(|i| self.departments[i].id).collect()
    }

    /// The people who belong to one of the departments themselves, sorted; leavers included, as records may be theirs.
    #[must_use]
    pub fn people_in(&self, ids: &[DepartmentId]) -> Vec<PersonId> {
        let mut found: Vec<usize> = ids
            .iter()
            .filter_map(|d| self.department_at(*d))
            .flat_map(|d| self.members.of(d))
            .map(|i| *i as usize)
            .collect();
        found.sort_unstable();
        found.dedup();
        found.into_iter().map(|i| self.people[i].id).collect()
    }

    /// The person and everybody who reports to them, directly or not, sorted.
    #[must_use]
    pub fn reports_of(&self, person: PersonId) -> Vec<PersonId> {
        let Some(start) = self.person_at(person) else { return vec![person] };
        self.reports.reach(vec![start]).into_iter().map(|i| self.people[i].id).collect()
    }

    /// The department and those above it, nearest first.
    #[must_use]
    pub fn ancestors(&self, id: DepartmentId) -> Vec<DepartmentId> {
        let mut found = Vec::new();
        let mut next = self.department(id);
        while let Some(department) = next.filter(|d| !found.contains(&d.id)) {
            found.push(department.id);
            next = department.parent.and_then(|p| self.department(p));
        }
        found
    }

    /// Whether the department is the other one or below it.
    #[must_use]
    pub fn is_within(&self, department: DepartmentId, top: DepartmentId) -> bool {
        department == top || self.ancestors(department).contains(&top)
    }

    /// The people of a circle around a person of the given departments, sorted.
    #[must_use]
    pub fn circle(&self, circle: Circle, person: PersonId, departments: &[DepartmentId]) -> Vec<PersonId> {
        match circle {
            Circle::Reports => self.reports_of(person),
            Circle::Department | Circle::Subtree => {
                self.people_in(&self.circle_departments(circle, departments))
            }
        }
    }

    /// The departments of a circle, sorted. The circle of reports has none: it consists of people.
    #[must_use]
    pub fn circle_departments(&self, circle: Circle, departments: &[DepartmentId]) -> Vec<DepartmentId> {
        match circle {
            Circle::Reports => Vec::new(),
            Circle::Subtree => self.subtree_of(departments),
            Circle::Department => {
                let mut found = departments.to_vec();
                found.sort_unstable();
                found.dedup();
                found
            }
        }
    }

    fn person_at(&self, id: PersonId) -> Option<usize> {
        self.people.binary_search_by_key(&id, |p| p.id).ok()
    }

    fn department_at(&self, id: DepartmentId) -> Option<usize> {
        self.departments.binary_search_by_key(&id, |d| d.id).ok()
    }
}

/// For each position a list of positions, laid end to end.
#[derive(Debug, Default)]
struct Groups {
    starts: Vec<u32>,
    items: Vec<u32>,
}

impl Groups {
    /// From pairs (group, item) by counting.
    fn new(groups: usize, pairs: impl Iterator<Item = (usize, usize)>) -> Self {
        let pairs: Vec<(usize, u32)> =
            pairs.filter_map(|(g, i)| u32::try_from(i).ok().map(|i| (g, i))).collect();
        let mut starts = vec![0u32; groups + 1];
        for (group, _) in &pairs {
            starts[group + 1] += 1;
        }
        for i in 0..groups {
            starts[i + 1] += starts[i];
        }
        let mut next = starts.clone();
        let mut items = vec![0u32; pairs.len()];
        for (group, item) in pairs {
            items[next[group] as usize] = item;
            next[group] += 1;
        }
        Self { starts, items }
    }

    fn of(&self, group: usize) -> &[u32] {
        &self.items[self.starts[group] as usize..self.starts[group + 1] as usize]
    }

    /// The starts and everything below them, sorted, each once.
    fn reach(&self, starts: Vec<usize>) -> Vec<usize> {
        let mut seen = vec![false; self.starts.len().saturating_sub(1)];
        let mut open = starts;
        let mut found = Vec::new();
        while let Some(at) = open.pop() {
            if !std::mem::replace(&mut seen[at], true) {
                found.push(at);
                open.extend(self.of(at).iter().map(|i| *i as usize));
            }
        }
        found.sort_unstable();
        found
    }
}
