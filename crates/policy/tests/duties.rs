//! Duties of the company's jobs.
#![allow(clippy::unwrap_used, reason = "a test stops where its world is not as said")]

mod support;

use std::sync::Arc;

use policy::*;
use support::*;

#[test]
fn the_duty_of_handing_over_opens_what_one_person_owns_and_to_jobs_only() {
    let org = Org::new(vec![someone(1, &["sales"], &[1]), someone(2, &["sales"], &[1])], Vec::new());
    let policy = Policy::new(kernel::builtin::catalog(), Vec::new(), org);
    let job = Arc::new(Principal::system(person(1), vec![HAND_OVER.to_owned()]));
    let permit = policy.permit::<Assign>(&job, "customer", noon()).unwrap();
    assert!(permit.plan().allows_row(&Record::new(1).owned(1)));
    assert!(!permit.plan().allows_row(&Record::new(2).owned(2)));
    assert!(policy.permit::<Read>(&job, "customer", noon()).is_err(), "it discloses nothing");
    assert!(policy.permit::<Export>(&job, "customer", noon()).is_err());
    let liar = Arc::new(Principal::person(person(1), vec![HAND_OVER.to_owned()], vec![department(1)]));
    assert!(policy.permit::<Assign>(&liar, "customer", noon()).is_err(), "no person has it");
    let other = Arc::new(Principal::system(person(1), vec!["sales".to_owned()]));
    assert!(policy.permit::<Assign>(&other, "customer", noon()).is_err(), "no other job has it");
}
