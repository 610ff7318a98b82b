//! Leaving (离职): one call ends all access in one transaction and orders the hand-over of everything they own.

use std::collections::BTreeMap;

use kernel::{PersonId, Timestamp};
use ledger::{Actor, Entry};
use policy::{AdministerPeople, HandOver, Permit, PersonStatus, Principal, ReadAudit, Receiver};
use serde::{Deserialize, Serialize};
use store::{Conn, Jobs, Sql};
use utoipa::ToSchema;
use uuid::Uuid;

use super::enders::{access_of, end_access};
use super::leaving::{Ended, Leaving, LeavingState, LeavingView};
use crate::administration::actor;
use crate::error::Error;
use crate::load::Account;
use crate::{Identity, Inner};

/// A hand-over can be taken back for so many days.
pub(crate) const UNDO_DAYS: i64 = 30;
/// Kind of the job that carries a leaving out on its date.
pub(crate) const JOB: &str = "leave";

/// How records find their next owner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = LeavingPlan)]
pub enum Plan {
    /// All to the successor.
    #[default]
    All,
    /// Each to the manager of its department, else to the successor when one is named.
    DepartmentManager,
    /// To nobody yet: each is decided about by hand.
    Review,
}

/// An order to leave.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LeaveRequest {
    /// Who gets their records.
    #[serde(default)]
    pub successor_id: Option<PersonId>,
    /// By which plan.
    #[serde(default)]
    pub plan: Plan,
    /// Records of some objects go to somebody else.
    #[serde(default)]
    pub objects: BTreeMap<String, PersonId>,
    /// On which date; absent: now.
    #[serde(default)]
    pub at: Option<Timestamp>,
}

impl Identity {
    /// A person leaves, now or on a date: every session and whatever else lets them act ends with the same transaction
    /// that says so; a job hands their records over. SCIM and the command line call this too.
    ///
    /// # Errors
    /// `Invalid` without a successor who works here, for the last person of an administration, or for oneself.
    pub async fn leave(
        &self,
        permit: &Permit<AdministerPeople>,
        id: PersonId,
        request: LeaveRequest,
    ) -> Result<LeavingView, Error> {
        let inner = &self.0;
        let _changing = inner.changing.lock().await;
        let who = permit.principal();
        inner.check_branch(who, id)?;
        let leaving = inner.order(Some(who), id, &request)?;
        if request.at.is_some_and(|at| at > inner.clock.now()) {
            inner.plan_leaving(who, &leaving).await?;
        } else {
            inner.carry_out(leaving.clone(), actor(who), None).await?;
        }
        self.leaving(permit, leaving.id).await
    }

    /// What would end if a person left now.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn access_of(
        &self,
        permit: &Permit<AdministerPeople>,
        id: PersonId,
    ) -> Result<Vec<Ended>, Error> {
        self.0.company.load().people.get(&id).ok_or(Error::NotFound)?;
        self.0.check_branch(permit.principal(), id)?;
        self.0.store.read(move |conn| access_of(conn, id)).await
    }

    /// One leaving.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn leaving(&self, permit: &Permit<AdministerPeople>, id: Uuid) -> Result<LeavingView, Error> {
        let leaving = self.0.store.read(move |conn| Leaving::load(conn, id)).await?;
        self.0.check_branch(permit.principal(), leaving.person)?;
        Ok(self.0.leaving_view(leaving))
    }

    /// One leaving, for those who read the ledger: it says what entries say.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn leaving_for_audit(
        &self,
        _permit: &Permit<ReadAudit>,
        id: Uuid,
    ) -> Result<LeavingView, Error> {
        let leaving = self.0.store.read(move |conn| Leaving::load(conn, id)).await?;
        Ok(self.0.leaving_view(leaving))
    }

    /// The newest leavings of the caller's branch, at most 200.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn leavings(&self, permit: &Permit<AdministerPeople>) -> Result<Vec<LeavingView>, Error> {
        let all = self.0.store.read(|conn| Leaving::newest(conn, 200)).await?;
        let seen = all.into_iter().filter(|l| self.0.check_branch(permit.principal(), l.person).is_ok());
        Ok(seen.map(|l| self.0.leaving_view(l)).collect())
    }
}

impl Inner {
    /// Checks an order and fills in what the person has.
    pub(crate) fn order(
        &self,
        by: Option<&Principal>,
        id: PersonId,
        request: &LeaveRequest,
    ) -> Result<Leaving, Error> {
        let company = self.company.load();
        let account = company.people.get(&id).ok_or(Error::NotFound)?;
        let invalid = |field, key, text: &str| Error::Invalid(field, key, text.to_owned());
        if account.status == PersonStatus::Left {
            return Err(Error::Conflict("this person has left already".to_owned()));
        }
        if by.is_some_and(|w| w.person == id) {
            return Err(invalid("id", "own_account", "another administrator lets you go"));
        }
        let works_here = |p: &PersonId| {
            *p != id && company.people.get(p).is_some_and(|a| a.status == PersonStatus::Active)
        };
        let named = request.successor_id.iter().chain(request.objects.values());
        if !named.into_iter().all(works_here) {
            return Err(invalid("successor_id", "not_found", "choose a successor who works here"));
        }
        let to = match (request.plan, request.successor_id) {
            (Plan::All, Some(successor)) => Receiver::Person(successor),
            (Plan::All, None) => {
                return Err(invalid(
                    "successor_id",
                    "required",
                    "say who takes over, or choose another plan",
                ));
            }
            (Plan::DepartmentManager, otherwise) => Receiver::DepartmentManager(otherwise),
            (Plan::Review, _) => Receiver::Nobody,
        };
        let next = Account { status: PersonStatus::Left, ..account.clone() };
        self.check_last_of_office(account, &next)?;
        let now = self.clock.now();
        let leaving = self.ids.next_at(now, self.random.as_ref());
        let ordered_by = by.map(|w| w.person);
        let objects = request.objects.clone();
        Ok(Leaving {
            id: leaving,
            person: id,
            ordered_by,
            ordered_at: now,
            at: request.at.unwrap_or(now).max(now),
            state: LeavingState::Planned,
            plan: request.plan,
            order: HandOver { id: leaving, from: id, ordered_by, to, objects, undo: false },
            ended: Vec::new(),
            roles: account.roles.clone(),
            departments: account.departments.clone(),
            positions: account.facts.positions.clone(),
            access: self.opened_to(&company, account),
        })
    }

    /// What the rules open to somebody, as sentences.
    fn opened_to(&self, company: &crate::load::Company, account: &Account) -> Vec<kernel::catalog::Label> {
        let rules = company.rules.iter().filter(|r| match &r.who {
            policy::Who::Role(key) => account.roles.contains(key),
            policy::Who::Person(person) => *person == account.id,
            policy::Who::Position(key) => account.facts.positions.contains(key),
            policy::Who::Group(group) => self.policy.org().in_group(account.id, *group),
            policy::Who::Department { id, subtree } => {
                let org = self.policy.org();
                account.departments.iter().any(|d| d == id || (*subtree && org.is_within(*d, *id)))
            }
            policy::Who::Everyone => true,
        });
        rules.map(|r| self.policy.sentence(r, &company.roles)).collect()
    }

    async fn plan_leaving(&self, who: &Principal, leaving: &Leaving) -> Result<(), Error> {
        let (ledger, now, leaving) = (self.ledger.clone(), self.clock.now(), leaving.clone());
        let mut entry = Entry::new(now, actor(who), "person.leave_planned").object("person");
        entry = entry.records([leaving.person.0]);
        entry.fields = describe(&leaving, None).into_iter().map(Into::into).collect();
        self.store
            .write(move |conn| -> Result<(), Error> {
                leaving.save(conn)?;
                Jobs::enqueue(conn, leaving.id, JOB, &leaving.id.to_string(), leaving.at)?;
                ledger.append(conn, &[entry])?;
                Ok(())
            })
            .await
    }

    /// Ends everything at once and orders the hand-over. The caller holds `changing`; `job` is the one that a date
    /// brought.
    pub(crate) async fn carry_out(
        &self,
        mut leaving: Leaving,
        actor: Actor,
        job: Option<store::Job>,
    ) -> Result<(), Error> {
        let (ledger, now, person) = (self.ledger.clone(), self.clock.now(), leaving.person);
        let before = self.company.load().people.get(&person).map(|a| a.status).ok_or(Error::NotFound)?;
        (leaving.state, leaving.at) = (LeavingState::Left, now);
        let handing: Uuid = self.ids.next_at(now, self.random.as_ref());
        self.store
            .write(move |conn| -> Result<(), Error> {
                if let Some(job) = &job {
                    Jobs::check(conn, job)?;
                    Jobs::finish(conn, job)?;
                }
                let mut sql = Sql::new(conn.engine());
                sql.push("UPDATE person SET version = version + 1, status = 'left' WHERE id = ")
                    .param(person.0);
                conn.execute(sql.text(), &sql.params())?;
                leaving.ended = end_access(conn, person)?;
                leaving.save(conn)?;
                hand_over(conn, handing, &leaving.order, now)?;
                let mut entry = Entry::new(now, actor, "person.leave").object("person").records([person.0]);
                entry.fields = describe(&leaving, Some(before)).into_iter().map(Into::into).collect();
                ledger.append(conn, &[entry])?;
                Ok(())
            })
            .await?;
        self.forget_access(person).await?;
        self.reload().await
    }

    fn leaving_view(&self, leaving: Leaving) -> LeavingView {
        let company = self.company.load();
        let name = |id: PersonId| crate::views::person_named(&company, id);
        LeavingView {
            person: name(leaving.person),
            ordered_by: leaving.ordered_by.map(name),
            successor: leaving.successor().map(name),
            departments: leaving
                .departments
                .iter()
                .filter_map(|d| crate::views::department(&company, *d))
                .collect(),
            id: leaving.id,
            ordered_at: leaving.ordered_at,
            at: leaving.at,
            state: leaving.state,
            plan: leaving.plan,
            ended: leaving.ended,
            roles: leaving.roles,
            positions: leaving.positions,
            access: leaving.access,
            undo_until: leaving.at.plus_seconds(UNDO_DAYS * 86_400),
        }
    }
}

/// Orders the worker to hand over (or back).
pub(crate) fn hand_over(
    conn: &mut dyn Conn,
    job: Uuid,
    order: &HandOver,
    now: Timestamp,
) -> Result<(), Error> {
    let payload = serde_json::to_string(order).map_err(|_| Error::Corrupt)?;
    Ok(Jobs::enqueue(conn, job, HandOver::JOB, &payload, now)?)
}

/// For the entry: ids and words only.
fn describe(leaving: &Leaving, before: Option<PersonStatus>) -> Vec<String> {
    let mut out = Vec::new();
    if let Some(before) = before {
        out.push(format!("status={}>left", crate::load::status_word(before)));
    }
    let plan = match leaving.plan {
        Plan::All => "all",
        Plan::DepartmentManager => "department_manager",
        Plan::Review => "review",
    };
    out.push(format!("plan={plan}"));
    out.extend(leaving.successor().map(|s| format!("successor={s}")));
    out.extend(leaving.order.objects.iter().map(|(object, to)| format!("{object}={to}")));
    out.push(format!("at={}", leaving.at));
    out.push(format!("roles={}>", leaving.roles.join("+")));
    out.extend(leaving.ended.iter().map(|e| format!("{}={}>0", e.kind, e.count)));
    out
}
