//! The policy: the only room that can say yes.
//!
//! Rules (plain data) and the company (an immutable [`Org`]) compile, per principal, action and object, into an
//! [`AccessPlan`]: which records, how far each field of each record is open, what is owed in exchange, which rules
//! decided. [`Policy::permit`] hands the plan out inside a [`Permit`], which nobody else can make, or refuses with
//! an explanation.
//!
//! It promises: what no rule opens is closed; a forbid beats every permit; a change of rules, roles or departments
//! holds from the next decision on, and so does the end of a rule's validity; a person's claims count only as far
//! as the present company agrees. It does no I/O, has no clock, and never knows of SQL: `records` says
//! [`Visible`] in SQL, [`Visible::bound`] is what it means.

mod action;
mod circumstances;
mod compile;
mod duty;
mod explain;
mod group;
mod hand_over;
mod org;
mod permit;
mod plan;
mod policy;
mod principal;
mod refusal;
mod roles;
mod rule;
mod starter;
mod state;
mod visible;
mod words;

pub use action::{
    Action, ActionKind, AdministerPeople, AdministerRoles, AdministerSettings, Assign, Create, Delete,
    Export, Import, List, Read, ReadAudit, ReadAuditDetails, ReadPeople, ReadRules, Reveal, Update,
    VerifyAudit,
};
pub use circumstances::{Circumstances, DayTime, Hours, NoDayTime};
pub use duty::HAND_OVER;
pub use explain::{Explanation, Outcome, Verdict, Viewer};
pub use group::Group;
pub use hand_over::{HandOver, Receiver};
pub use org::{Department, Org, Person, PersonFacts, PersonStatus};
pub use permit::Permit;
pub use plan::{AccessPlan, RowAccess};
pub use policy::Policy;
pub use principal::{Principal, PrincipalKind, Strength};
pub use refusal::{Cause, Refusal};
pub use roles::{
    ADMINISTRATIONS, BREAK_GLASS, Role, SeparationOfDuties, administration, break_glass_role,
    separation_of_duties, starter_roles,
};
pub use rule::{
    ANY_OBJECT, Effect, FieldAccess, FieldRule, FieldSet, Obligations, RowScope, Rule, StepUp, Who,
};
pub use starter::{break_glass_rule, starter_rules};
pub use state::WORKSPACE;
pub use visible::{Departments, Owners, Visible};
