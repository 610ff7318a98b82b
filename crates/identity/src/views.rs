//! People, departments and roles in the API's shapes.

use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;

use kernel::catalog::Label;
use kernel::{DepartmentId, PersonId, RuleId, Timestamp};
use policy::{ActionKind, Effect, PersonStatus, Role, Strength, Who};
use serde::Serialize;

use crate::Identity;
use crate::facts::Restriction;
use crate::life::Employment;
use crate::load::{Account, Company, status_word};
use crate::session::{Sessions, SignedIn};

/// The caller's own account.
#[derive(Serialize, ToSchema)]
#[schema(as = OwnAccount)]
pub struct Me {
    id: PersonId,
    name: String,
    login: String,
    language: String,
    roles: Vec<String>,
    role_names: BTreeMap<String, Label>,
    departments: Vec<Named>,
    must_change_password: bool,
    /// Why the session opens nothing yet: `must_change_password`, `must_enrol_factor`, `must_prove_again`.
    restricted: Option<&'static str>,
    /// How the person proved who they are in this session.
    strength: Strength,
    /// Whether the person has a second factor.
    second_factor: bool,
    capabilities: Vec<String>,
}

/// An id with its name.
#[derive(Serialize, Clone, ToSchema)]
pub struct Named {
    pub(crate) id: uuid::Uuid,
    pub(crate) name: String,
}

/// A person; administrators see all of it, others only the directory part.
#[derive(Serialize, ToSchema)]
#[schema(as = Person)]
pub struct PersonView {
    id: PersonId,
    name: String,
    #[schema(value_type = PersonStatus)]
    status: &'static str,
    departments: Vec<Named>,
    #[serde(flatten)]
    #[schema(value_type = AccountView)]
    account: Option<AccountView>,
}

/// What only administrators see of a person; absent for others.
#[derive(Serialize, ToSchema)]
#[schema(as = Account)]
struct AccountView {
    #[schema(required = false)]
    login: String,
    #[schema(required = false)]
    manager: Option<Named>,
    #[schema(required = false)]
    roles: Vec<String>,
    #[schema(required = false)]
    language: String,
    #[schema(required = false)]
    last_sign_in_at: Option<Timestamp>,
    #[schema(required = false)]
    must_change_password: bool,
    #[schema(required = false)]
    created_at: Timestamp,
    #[schema(required = false)]
    version: i64,
    #[schema(required = false)]
    employee_number: Option<String>,
    #[schema(required = false)]
    employment: Employment,
    #[schema(required = false)]
    location: Option<String>,
    /// The account ends at this moment.
    #[schema(required = false)]
    ends_at: Option<Timestamp>,
    /// Keys of positions.
    #[schema(required = false)]
    positions: Vec<String>,
    /// An administrator's office is limited to these departments and all below; empty: the whole company.
    #[schema(required = false)]
    branch: Vec<Named>,
    /// The roles that a limited security administrator may give.
    #[schema(required = false)]
    may_grant: Vec<String>,
    /// Until when roles are lent.
    #[schema(required = false)]
    role_until: BTreeMap<String, Timestamp>,
}

/// Which people.
#[derive(Debug, Default, Clone)]
pub struct PeopleQuery {
    /// Part of the name or login.
    pub search: Option<String>,
    /// Of this department.
    pub department: Option<DepartmentId>,
    /// `active`, `suspended`, `left`.
    pub status: Option<String>,
    /// With this role.
    pub role: Option<String>,
    /// Accounts of this administrator's branch only; of others the directory part.
    pub viewer: Option<PersonId>,
    /// How many to leave out.
    pub offset: usize,
    /// How many at most.
    pub limit: usize,
}

/// A page of people by name.
#[derive(Serialize, ToSchema)]
pub struct PeoplePage {
    items: Vec<PersonView>,
    #[schema(required = true)]
    next: Option<String>,
    count: Total,
}

/// How many there are in all.
#[derive(Serialize, ToSchema)]
#[schema(as = Count)]
struct Total {
    value: usize,
    capped: bool,
}

/// A department with its place in the tree.
#[derive(Serialize, ToSchema)]
#[schema(as = Department)]
pub struct DepartmentView {
    id: DepartmentId,
    name: String,
    #[schema(required = true)]
    parent_id: Option<DepartmentId>,
    path: Vec<String>,
    people_count: usize,
}

/// A role with its rules as sentences.
#[derive(Serialize, ToSchema)]
#[schema(as = Role)]
pub struct RoleView {
    key: String,
    name: Label,
    description: Label,
    people_count: usize,
    builtin: bool,
    administration: bool,
    /// Only for those who may read rules.
    rules: Vec<RuleView>,
}

/// A rule and how it reads.
#[derive(Serialize, ToSchema)]
#[schema(as = RoleRule)]
struct RuleView {
    id: RuleId,
    sentence: Label,
    effect: Effect,
    object: String,
    #[schema(value_type = Vec<String>)]
    actions: BTreeSet<ActionKind>,
}

pub(crate) fn department(company: &Company, id: DepartmentId) -> Option<Named> {
    company.departments.iter().find(|d| d.id == id).map(|d| Named { id: id.0, name: d.name.clone() })
}

/// A person's name, as others read it.
pub(crate) fn person_named(company: &Company, id: PersonId) -> Named {
    Named { id: id.0, name: company.people.get(&id).map(|a| a.name.clone()).unwrap_or_default() }
}

fn person_view(company: &Company, sessions: &Sessions, account: &Account, full: bool) -> PersonView {
    PersonView {
        id: account.id,
        name: account.name.clone(),
        status: status_word(account.status),
        departments: account.departments.iter().filter_map(|d| department(company, *d)).collect(),
        account: full.then(|| AccountView {
            login: account.login.clone(),
            manager: account
                .manager
                .and_then(|m| company.people.get(&m))
                .map(|m| Named { id: m.id.0, name: m.name.clone() }),
            roles: account.roles.clone(),
            language: account.language.clone(),
            last_sign_in_at: sessions.last_sign_in(account.id).max(account.last_sign_in_at),
            must_change_password: account.must_change,
            created_at: account.created_at,
            version: account.version,
            employee_number: account.facts.employee_number.clone(),
            employment: account.facts.employment,
            location: account.facts.location.clone(),
            ends_at: account.facts.ends_at,
            positions: account.facts.positions.clone(),
            branch: account.facts.branch.iter().filter_map(|d| department(company, *d)).collect(),
            may_grant: account.facts.may_grant.clone(),
            role_until: account.facts.role_until.clone(),
        }),
    }
}

impl Identity {
    /// The caller's own account and everything they may do.
    #[must_use]
    pub fn me(&self, signed_in: &SignedIn) -> Option<Me> {
        let company = self.0.company.load();
        let principal = &signed_in.principal;
        let account = company.people.get(&principal.person)?;
        let names = company.roles.iter().filter(|r| account.roles.contains(&r.key));
        Some(Me {
            id: account.id,
            name: account.name.clone(),
            login: account.login.clone(),
            language: account.language.clone(),
            roles: account.roles.clone(),
            role_names: names.map(|r| (r.key.clone(), r.name.clone())).collect(),
            departments: account.departments.iter().filter_map(|d| department(&company, *d)).collect(),
            must_change_password: account.must_change,
            restricted: signed_in.restricted.map(Restriction::as_str),
            strength: principal.strength,
            second_factor: company.has_factor(account.id),
            capabilities: self.0.policy.capabilities(principal, self.0.clock.now()),
        })
    }

    /// People by name: `full` with their accounts (for administrators), else the directory only.
    #[must_use]
    pub fn people(&self, full: bool, query: &PeopleQuery) -> PeoplePage {
        let company = self.0.company.load();
        let (office, org) = (query.viewer.map(|v| self.0.office(v)), self.0.policy.org());
        let account = |a: &Account| full && office.as_ref().is_none_or(|o| o.covers(&org, a));
        let wanted = query.search.as_deref().map(str::to_lowercase);
        let mut found: Vec<&Account> = company
            .people
            .values()
            .filter(|a| {
                // Logins are no part of the directory: what is not shown cannot be searched for either.
                wanted
                    .as_ref()
                    .is_none_or(|w| a.name.to_lowercase().contains(w) || (account(a) && a.login.contains(w)))
            })
            .filter(|a| query.department.is_none_or(|d| a.departments.contains(&d)))
            .filter(|a| query.status.as_deref().is_none_or(|s| status_word(a.status) == s))
            .filter(|a| query.role.as_ref().is_none_or(|r| a.roles.contains(r)))
            .collect();
        found.sort_by(|a, b| a.name.cmp(&b.name).then(a.id.cmp(&b.id)));
        let total = found.len();
        let items: Vec<PersonView> = found
            .into_iter()
            .skip(query.offset)
            .take(query.limit)
            .map(|a| person_view(&company, &self.0.sessions, a, account(a)))
            .collect();
        let end = query.offset + items.len();
        PeoplePage {
            items,
            next: (end < total).then(|| end.to_string()),
            count: Total { value: total, capped: false },
        }
    }

    /// One person; accounts for administrators only.
    #[must_use]
    pub fn person(&self, id: PersonId, full: bool) -> Option<PersonView> {
        let company = self.0.company.load();
        company.people.get(&id).map(|a| person_view(&company, &self.0.sessions, a, full))
    }

    /// The department tree, as a list with paths.
    #[must_use]
    pub fn departments(&self) -> Vec<DepartmentView> {
        let company = self.0.company.load();
        let org = self.0.policy.org();
        company
            .departments
            .iter()
            .map(|d| {
                let mut path: Vec<String> = org
                    .ancestors(d.id)
                    .iter()
                    .filter_map(|a| org.department(*a))
                    .map(|a| a.name.clone())
                    .collect();
                path.reverse();
                DepartmentView {
                    id: d.id,
                    name: d.name.clone(),
                    parent_id: d.parent,
                    path,
                    people_count: company.people.values().filter(|a| a.departments.contains(&d.id)).count(),
                }
            })
            .collect()
    }

    /// The roles; their rules only when asked for by somebody who may read rules.
    #[must_use]
    pub fn roles(&self, with_rules: bool) -> Vec<RoleView> {
        let company = self.0.company.load();
        company.roles.iter().map(|role| self.role_view(&company, role, with_rules)).collect()
    }

    fn role_view(&self, company: &Company, role: &Role, with_rules: bool) -> RoleView {
        let rules = company.rules.iter().filter(|r| with_rules && r.who == Who::Role(role.key.clone()));
        RoleView {
            key: role.key.clone(),
            name: role.name.clone(),
            description: role.description.clone(),
            people_count: company.people.values().filter(|a| a.roles.contains(&role.key)).count(),
            builtin: role.builtin,
            administration: role.administration,
            rules: rules
                .map(|r| RuleView {
                    id: r.id,
                    sentence: self.0.policy.sentence(r, &company.roles),
                    effect: r.effect,
                    object: r.object.clone(),
                    actions: r.actions.clone(),
                })
                .collect(),
        }
    }
}
