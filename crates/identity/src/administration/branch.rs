//! Delegated administration (分级管理): an office limited to branches of the company. It reaches people all of whose
//! departments lie within, and departments below its tops. Nobody widens their own, and a limited security
//! administrator gives only the roles that were named to them.

use kernel::{DepartmentId, PersonId};
use ledger::Entry;
use policy::{AdministerRoles, Org, Permit, Principal, administration};
use serde::Deserialize;
use utoipa::ToSchema;

use super::actor;
use crate::error::Error;
use crate::life::put_facts;
use crate::load::Account;
use crate::{Identity, Inner};

/// How far somebody's office reaches.
#[derive(Clone, Debug, Default)]
pub(crate) struct Office {
    /// Tops; empty: the whole company.
    branch: Vec<DepartmentId>,
    may_grant: Vec<String>,
}

impl Office {
    fn limited(&self) -> bool {
        !self.branch.is_empty()
    }

    /// Whether a department lies within.
    pub(crate) fn reaches(&self, org: &Org, department: DepartmentId) -> bool {
        !self.limited() || self.branch.iter().any(|top| org.is_within(department, *top))
    }

    /// Whether a person lies within: with all departments, and without an office of their own.
    pub(crate) fn covers(&self, org: &Org, account: &Account) -> bool {
        !self.limited()
            || (!account.roles.iter().any(|r| administration(r))
                && !account.departments.is_empty()
                && account.departments.iter().all(|d| self.reaches(org, *d)))
    }
}

/// How far somebody's office shall reach; replaces what was there.
#[derive(Deserialize, Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OfficeChange {
    /// Tops of branches; empty: the whole company.
    branch: Vec<DepartmentId>,
    /// Roles that a limited security administrator may give.
    #[serde(default)]
    may_grant: Vec<String>,
}

impl Identity {
    /// Whether somebody lies within the caller's branch.
    #[must_use]
    pub fn in_branch(&self, who: &Principal, person: PersonId) -> bool {
        self.0.check_branch(who, person).is_ok()
    }

    /// Limits an administrator's office, or lifts the limit.
    ///
    /// # Errors
    /// `Invalid` for oneself, for people without an office, for unknown departments and roles.
    pub async fn set_office(
        &self,
        permit: Permit<AdministerRoles>,
        id: PersonId,
        change: OfficeChange,
    ) -> Result<(), Error> {
        let inner = &self.0;
        let _changing = inner.changing.lock().await;
        let who = permit.principal().clone();
        inner.check_whole_company(&who)?;
        inner.check_not_sealed(id)?;
        let account = inner.company.load().people.get(&id).cloned().ok_or(Error::NotFound)?;
        let invalid = |field, key, text: &str| Err(Error::Invalid(field, key, text.to_owned()));
        if who.person == id {
            return invalid("branch", "own_rights", "nobody changes their own rights");
        }
        if !account.roles.iter().any(|r| administration(r)) && !change.branch.is_empty() {
            return invalid("branch", "no_office", "only an administration can be limited to a branch");
        }
        for department in &change.branch {
            inner.check_department(*department)?;
        }
        inner.check_known_roles(&change.may_grant)?;
        if change.may_grant.iter().any(|r| administration(r)) {
            return invalid("may_grant", "not_an_option", "administrations are given by the whole company's");
        }
        if !change.branch.is_empty() && inner.company.load().unlimited(&account.roles, id) == 0 {
            return invalid(
                "branch",
                "last_administrator",
                "one person of each administration stays unlimited",
            );
        }
        let mut facts = account.facts.clone();
        (facts.branch, facts.may_grant) = (change.branch, change.may_grant);
        let ids = |l: &[DepartmentId]| l.iter().map(ToString::to_string).collect::<Vec<_>>().join("+");
        let entry = Entry::new(inner.clock.now(), actor(&who), "office.update")
            .object("person")
            .records([id.0])
            .fields(
                [
                    format!("branch={}>{}", ids(&account.facts.branch), ids(&facts.branch)),
                    format!("may_grant={}>{}", account.facts.may_grant.join("+"), facts.may_grant.join("+")),
                ],
                None,
            );
        let ledger = inner.ledger.clone();
        inner
            .store
            .write(move |conn| -> Result<(), Error> {
                put_facts(conn, id, &facts)?;
                ledger.append(conn, &[entry])?;
                Ok(())
            })
            .await?;
        inner.reload().await
    }
}

impl Inner {
    /// How far the office of a person reaches.
    pub(crate) fn office(&self, person: PersonId) -> Office {
        let company = self.company.load();
        let facts = company.people.get(&person).map(|a| &a.facts);
        facts.map_or_else(Office::default, |f| Office {
            branch: f.branch.clone(),
            may_grant: f.may_grant.clone(),
        })
    }

    /// The caller may administer this person.
    pub(crate) fn check_branch(&self, who: &Principal, person: PersonId) -> Result<(), Error> {
        let company = self.company.load();
        let account = company.people.get(&person).ok_or(Error::NotFound)?;
        match self.office(who.person).covers(&self.policy.org(), account) {
            true => Ok(()),
            false => Err(Error::OutsideBranch),
        }
    }

    /// The caller may administer people of these departments.
    pub(crate) fn check_reach(&self, who: &Principal, departments: &[DepartmentId]) -> Result<(), Error> {
        let (office, org) = (self.office(who.person), self.policy.org());
        let fine = departments.iter().all(|d| office.reaches(&org, *d))
            && (!departments.is_empty() || !office.limited());
        if fine { Ok(()) } else { Err(Error::OutsideBranch) }
    }

    /// The caller may change this department itself: the top of their branch is somebody else's.
    pub(crate) fn check_below(&self, who: &Principal, department: DepartmentId) -> Result<(), Error> {
        self.check_reach(who, &[department])?;
        match self.office(who.person).branch.contains(&department) {
            true => Err(Error::OutsideBranch),
            false => Ok(()),
        }
    }

    /// For what concerns the whole company.
    pub(crate) fn check_whole_company(&self, who: &Principal) -> Result<(), Error> {
        if self.office(who.person).limited() { Err(Error::OutsideBranch) } else { Ok(()) }
    }

    /// The caller may give or take these roles.
    pub(crate) fn check_grant<'a>(
        &self,
        who: &Principal,
        roles: impl Iterator<Item = &'a String>,
    ) -> Result<(), Error> {
        let office = self.office(who.person);
        let mut roles = roles.filter(|r| office.limited() && !office.may_grant.contains(r));
        match roles.next() {
            None => Ok(()),
            Some(role) => Err(Error::Invalid(
                "roles",
                "not_yours_to_give",
                format!("the role {role} is given by the security administrator of the whole company"),
            )),
        }
    }
}
