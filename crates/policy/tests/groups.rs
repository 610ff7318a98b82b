//! Dynamic groups and positions: membership follows the facts, at once, and claims do not widen it.
#![allow(clippy::unwrap_used, reason = "a test stops where its world is not as said")]

mod support;

use std::sync::Arc;

use kernel::{Condition, GroupId, PersonId};
use policy::*;
use serde_json::{Value as Json, json};
use support::*;
use uuid::Uuid;

const GROUP: GroupId = GroupId(Uuid::from_u128(0x9000));

fn group(condition: &Json) -> Result<Group, kernel::condition::Malformed> {
    Group::new(GROUP, "northern engineers", &Condition::from_json(condition).unwrap())
}

fn with_facts(n: u128, roles: &[&str], departments: &[u128], facts: PersonFacts) -> Person {
    Person { facts, ..someone(n, roles, departments) }
}

fn engineer() -> PersonFacts {
    PersonFacts {
        positions: vec!["engineer".to_owned()],
        employment: "employee".to_owned(),
        location: Some("北京".to_owned()),
    }
}

fn org(people: Vec<Person>, condition: &Json) -> Org {
    let departments =
        vec![some_department(1, None), some_department(2, Some(1)), some_department(3, Some(2))];
    Org::new(people, departments).with_groups(vec![group(condition).unwrap()])
}

fn members(condition: &Json) -> Vec<PersonId> {
    let contractor = PersonFacts { employment: "contractor".to_owned(), location: None, ..engineer() };
    let people = vec![
        with_facts(1, &["sales"], &[3], engineer()),
        with_facts(2, &["sales", "manager"], &[1], contractor),
        with_facts(3, &[], &[1, 3], PersonFacts::default()),
    ];
    let org = org(people, condition);
    org.members(&org.groups()[0])
}

#[test]
fn membership_follows_subtree_position_role_employment_and_place() {
    let subtree = json!({ "field": "department", "op": "eq", "value": department(2) });
    assert_eq!(members(&subtree), [person(1), person(3)]);
    assert_eq!(members(&json!({ "field": "own_department", "op": "eq", "value": department(2) })), []);
    let position = json!({ "field": "position", "op": "eq", "value": "engineer" });
    assert_eq!(members(&position), [person(1), person(2)]);
    assert_eq!(members(&json!({ "not": position })), [person(3)]);
    assert_eq!(members(&json!({ "field": "role", "op": "in", "value": ["manager"] })), [person(2)]);
    let outside = json!({ "field": "employment", "op": "ne", "value": "employee" });
    assert_eq!(members(&outside), [person(2), person(3)]);
    assert_eq!(members(&json!({ "field": "location", "op": "is_empty" })), [person(2), person(3)]);
    assert_eq!(members(&json!({ "all": [subtree, position] })), [person(1)]);
}

#[test]
fn a_group_asks_for_known_facts_and_never_for_the_moment() {
    for bad in [
        json!({ "field": "salary", "op": "eq", "value": "1" }),
        json!({ "field": "owner", "op": "eq", "value": { "me": true } }),
        json!({ "field": "department", "op": "in", "value": { "my_departments": "subtree" } }),
    ] {
        assert!(group(&bad).is_err(), "{bad}");
    }
}

#[test]
fn a_rule_for_a_group_or_position_opens_and_closes_with_the_facts() {
    let condition = json!({ "all": [
        { "field": "position", "op": "eq", "value": "engineer" },
        { "not": { "field": "role", "op": "eq", "value": "auditor" } },
    ] });
    let opens =
        |n: u128, who: Who, action: ActionKind| Rule { who, actions: [action].into(), ..rule(n, "customer") };
    let rules = vec![
        opens(1, Who::Group(GROUP), ActionKind::List),
        opens(2, Who::Position("engineer".to_owned()), ActionKind::Read),
    ];
    let someone = |facts| with_facts(1, &["sales", "auditor"], &[2], facts);
    let policy = Policy::new(kernel::builtin::catalog(), rules, org(vec![someone(engineer())], &condition));
    let claims = |roles: &[&str]| {
        let roles = roles.iter().map(|r| (*r).to_owned()).collect();
        Arc::new(Principal::person(person(1), roles, vec![department(2)]))
    };
    // Claiming less does not make somebody a member whom the company's facts keep out.
    assert!(policy.permit::<List>(&claims(&["sales"]), "customer", noon()).is_err());
    assert!(policy.permit::<Read>(&claims(&["sales"]), "customer", noon()).is_ok());
    let clean = Person { roles: vec!["sales".to_owned()], ..someone(engineer()) };
    policy.set_org(org(vec![clean], &condition));
    assert!(policy.permit::<List>(&claims(&["sales"]), "customer", noon()).is_ok());
    policy.set_org(org(vec![someone(PersonFacts::default())], &condition));
    assert!(policy.permit::<List>(&claims(&["sales"]), "customer", noon()).is_err());
    assert!(policy.permit::<Read>(&claims(&["sales"]), "customer", noon()).is_err());
}
