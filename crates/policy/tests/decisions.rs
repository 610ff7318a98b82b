//! What the policy promises, one claim per test.
#![allow(clippy::unwrap_used, reason = "a test stops where its world is not as said")]

mod support;

use std::sync::Arc;

use kernel::condition::{Op, Operand};
use kernel::{Catalog, Class, Condition, Value, builtin};
use policy::*;
use serde_json::json;
use support::*;

/// 总部(0) > 华东(1) > 上海(2), 华北(3). Manager 1 in 华东; sales 2 in 上海, 3 in 华北; service 4 in 总部.
fn company() -> (Vec<Person>, Vec<Department>) {
    let people = vec![
        someone(1, &["manager"], &[1]),
        Person { manager: Some(person(1)), ..someone(2, &["sales"], &[2]) },
        someone(3, &["sales"], &[3]),
        someone(4, &["service"], &[0]),
    ];
    let departments = vec![
        some_department(0, None),
        some_department(1, Some(0)),
        some_department(2, Some(1)),
        some_department(3, Some(0)),
    ];
    (people, departments)
}

fn org() -> Org {
    let (people, departments) = company();
    Org::new(people, departments)
}

fn policy(rules: Vec<Rule>) -> Policy {
    Policy::new(Arc::new(builtin::catalog()), rules, org())
}

fn cause<A: Action>(policy: &Policy, n: u128, object: &str) -> Cause {
    policy.permit::<A>(&session(&policy.org(), n), object, noon()).unwrap_err().cause()
}

fn sees(policy: &Policy, n: u128, record: &Record) -> bool {
    let permit = policy.permit::<Read>(&session(&policy.org(), n), "customer", noon());
    permit.is_ok_and(|p| p.plan().allows_row(record))
}

#[test]
fn without_rules_nothing_is_open() {
    let policy = policy(Vec::new());
    for n in 1..=4 {
        assert_eq!(policy.capabilities(&session(&policy.org(), n), noon()), Vec::<String>::new());
        assert_eq!(cause::<List>(&policy, n, "customer"), Cause::NoRule);
        assert_eq!(cause::<AdministerPeople>(&policy, n, "people"), Cause::NoRule);
    }
}

#[test]
fn a_new_object_or_field_is_closed_until_a_rule_opens_it() {
    let policy = policy(starter_rules());
    let mut objects: Vec<_> = builtin::catalog().objects().map(|o| (**o).clone()).collect();
    let mut invoice = objects[0].clone();
    invoice.name = "invoice".to_owned();
    objects.push(invoice);
    let customer = objects.iter_mut().find(|o| o.name == "customer").unwrap();
    let secret = kernel::Field { name: "secret".to_owned(), ..customer.fields[1].clone() };
    customer.fields.push(secret.clone());
    policy.set_catalog(Catalog::new(objects));
    for n in 1..=4 {
        let who = session(&policy.org(), n);
        assert_eq!(policy.actions(&who, "invoice", noon()), vec![]);
        let plan = policy.permit::<List>(&who, "customer", noon()).unwrap();
        assert_eq!(plan.plan().best_access(&secret), FieldAccess::Hidden);
    }
    assert_eq!(cause::<List>(&policy, 1, "nothing"), Cause::UnknownObject);
    assert_eq!(cause::<List>(&policy, 1, WORKSPACE), Cause::UnknownObject);
}

#[test]
fn a_forbid_beats_every_permit() {
    let lost = Condition::test("stage", Op::Eq, Operand::Literal(json!("lost")));
    let forbid = Rule { effect: Effect::Forbid, rows: RowScope::Where(lost), ..rule(3, "customer") };
    let open = Record::new(10).owned(2);
    let lost = open.clone().with("stage", Value::Text("lost".to_owned()));
    let policy = policy(vec![rule(1, "customer"), rule(2, "*"), forbid.clone()]);
    assert!(sees(&policy, 2, &open) && !sees(&policy, 2, &lost));
    policy.set_rules(vec![forbid.clone(), rule(1, "customer")]);
    assert!(!sees(&policy, 2, &lost), "the order does not matter");
    policy.set_rules(vec![rule(1, "customer"), Rule { rows: RowScope::All, ..forbid }]);
    assert_eq!(cause::<Read>(&policy, 2, "customer"), Cause::Forbidden);
}

#[test]
fn claiming_less_does_not_get_around_a_forbid() {
    let forbid = Rule { effect: Effect::Forbid, who: Who::Role("sales".to_owned()), ..rule(2, "customer") };
    let policy = policy(vec![rule(1, "customer"), forbid]);
    let token = Arc::new(Principal::person(person(2), vec![], vec![]));
    assert!(policy.permit::<List>(&token, "customer", noon()).is_err());
    let job = Arc::new(Principal::system(person(2), vec![]));
    assert!(policy.permit::<List>(&job, "customer", noon()).is_err());
}

#[test]
fn claiming_more_than_the_company_gives_opens_nothing() {
    let policy = policy(starter_rules());
    let claims = vec!["manager".to_owned(), "service".to_owned()];
    let liar = Arc::new(Principal::person(person(2), claims, vec![department(0)]));
    assert!(policy.permit::<List>(&liar, "customer", noon()).is_err());
    let stranger = Arc::new(Principal::person(person(99), vec!["service".to_owned()], vec![]));
    let refusal = policy.permit::<List>(&stranger, "customer", noon()).unwrap_err();
    assert_eq!(refusal.cause(), Cause::NotActive);
}

#[test]
fn a_rule_that_expires_ends_at_once_although_its_plan_is_cached() {
    let (start, end) = (noon().plus_seconds(-60), noon().plus_seconds(60));
    let timed = Rule { valid_from: Some(start), valid_until: Some(end), ..rule(1, "customer") };
    let policy = policy(vec![timed]);
    let who = session(&policy.org(), 2);
    let may = |now| policy.permit::<List>(&who, "customer", now).is_ok();
    assert!(!may(kernel::Timestamp(start.0 - 1)));
    assert!(may(start) && may(noon()) && may(kernel::Timestamp(end.0 - 1)));
    assert!(!may(end));
    assert!(may(noon()), "and a clock that goes back is believed");
    let permit = policy.permit::<List>(&who, "customer", noon()).unwrap();
    assert_eq!(permit.plan().until(), end);
}

#[test]
fn the_validity_of_the_parents_rules_counts_too() {
    let end = noon().plus_seconds(60);
    let parent = Rule { valid_until: Some(end), ..rule(1, "customer") };
    let child = Rule { rows: RowScope::Parent, ..rule(2, "deal") };
    let policy = policy(vec![parent, child]);
    let who = session(&policy.org(), 2);
    assert!(policy.permit::<List>(&who, "deal", noon()).is_ok());
    assert!(policy.permit::<List>(&who, "deal", end).is_err());
}

#[test]
fn conditions_on_the_time_are_never_answered_from_yesterday() {
    let due = |operand| Condition::test("next_contact_at", Op::Le, operand);
    for operand in [Operand::Now { days: 0 }, Operand::Today { days: 0 }] {
        let policy = policy(vec![Rule { rows: RowScope::Where(due(operand)), ..rule(1, "customer") }]);
        let who = session(&policy.org(), 2);
        let record = Record::new(10).with("next_contact_at", Value::Time(noon().plus_seconds(3_600)));
        let sees = |now| policy.permit::<List>(&who, "customer", now).unwrap().plan().allows_row(&record);
        assert!(!sees(noon()));
        assert!(sees(noon().plus_seconds(86_400)));
        assert!(!sees(noon()));
    }
}

#[test]
fn a_leaver_and_a_lost_role_count_with_the_next_decision() {
    let policy = policy(starter_rules());
    let stale = session(&policy.org(), 2);
    let record = Record::new(10).owned(2);
    let may =
        || policy.permit::<Read>(&stale, "customer", noon()).is_ok_and(|p| p.plan().allows_row(&record));
    assert!(may());
    let (mut people, departments) = company();
    people[1].roles.clear();
    policy.set_org(Org::new(people.clone(), departments.clone()));
    assert!(!may());
    people[1].roles.push("sales".to_owned());
    policy.set_org(Org::new(people.clone(), departments.clone()));
    assert!(may());
    for status in [PersonStatus::Left, PersonStatus::Suspended] {
        people[1].status = status;
        policy.set_org(Org::new(people.clone(), departments.clone()));
        assert!(!may());
    }
}

#[test]
fn a_department_that_moves_takes_its_records_along_at_once() {
    let policy = policy(starter_rules());
    let record = Record::new(10).owned(2);
    assert!(sees(&policy, 1, &record));
    let (people, mut departments) = company();
    departments[2].parent = Some(department(3));
    policy.set_org(Org::new(people, departments));
    assert!(!sees(&policy, 1, &record));
}

#[test]
fn field_access_is_the_union_of_permits_less_what_forbids_leave() {
    let mine = Rule {
        rows: RowScope::Own,
        fields: vec![named(&["name"], FieldAccess::Write), named(&["phone"], FieldAccess::Masked)],
        ..rule(1, "customer")
    };
    let all_rows = Rule { fields: vec![named(&["name"], FieldAccess::Read)], ..rule(2, "customer") };
    let cap = Rule {
        effect: Effect::Forbid,
        rows: RowScope::Where(Condition::test("level", Op::Eq, Operand::Literal(json!("a")))),
        fields: vec![named(&["name"], FieldAccess::Masked)],
        ..rule(3, "customer")
    };
    let policy = policy(vec![mine, all_rows, cap]);
    let catalog = policy.catalog();
    let field = |f: &str| catalog.object("customer").unwrap().field(f).unwrap().clone();
    let permit = policy.permit::<Read>(&session(&policy.org(), 2), "customer", noon()).unwrap();
    let plan = permit.plan();
    let (own, other) = (Record::new(10).owned(2), Record::new(11).owned(3));
    let key = own.clone().with("level", Value::Text("a".to_owned()));
    assert_eq!(plan.field_access(&own, &field("name")), FieldAccess::Write);
    assert_eq!(plan.field_access(&other, &field("name")), FieldAccess::Read);
    assert_eq!(plan.field_access(&key, &field("name")), FieldAccess::Masked);
    assert_eq!(plan.field_access(&other, &field("phone")), FieldAccess::Hidden);
    assert_eq!(plan.field_access(&own, &field("owner")), FieldAccess::Read, "the system's fields");
    assert_eq!(plan.best_access(&field("phone")), FieldAccess::Masked);
    assert_eq!(
        plan.least_access(&field("phone")),
        FieldAccess::Hidden,
        "no filter may tell of others’ phones"
    );
    assert_eq!(plan.on_row(&own).rules().len(), 2);
    assert_eq!(plan.deciding_rules().len(), 3);
}

#[test]
fn the_narrowest_selection_of_fields_counts() {
    let class = |class, access| FieldRule { fields: FieldSet::Class(class), access };
    let fields = vec![
        all(FieldAccess::Write),
        class(Class::Restricted, FieldAccess::Masked),
        named(&["amount", "phone"], FieldAccess::Hidden),
    ];
    let rule = Rule { fields, ..rule(1, "customer") };
    let catalog = builtin::catalog();
    let access = |f: &str| rule.field(catalog.object("customer").unwrap().field(f).unwrap());
    assert_eq!(access("name"), Some(FieldAccess::Write));
    assert_eq!(access("email"), Some(FieldAccess::Masked));
    assert_eq!(access("phone"), Some(FieldAccess::Hidden));
}

#[test]
fn a_rule_that_cannot_be_evaluated_opens_nothing_or_closes_all() {
    let encrypted = Condition::test("name", Op::Eq, Operand::Literal(json!("甲")));
    let gone = Condition::test("gone", Op::IsEmpty, Operand::Literal(json!(null)));
    for condition in [encrypted, gone] {
        let broken = Rule { rows: RowScope::Where(condition), ..rule(1, "customer") };
        let policy = policy(vec![broken.clone()]);
        assert_eq!(cause::<Read>(&policy, 2, "customer"), Cause::NoRule);
        policy.set_rules(vec![rule(2, "customer"), Rule { effect: Effect::Forbid, ..broken }]);
        assert_eq!(cause::<Read>(&policy, 2, "customer"), Cause::Forbidden);
    }
}

#[test]
fn records_without_an_owner_belong_to_their_department() {
    let policy = policy(starter_rules());
    let unowned = Record::new(10).in_department(2);
    assert!(sees(&policy, 1, &unowned), "the manager of the department above");
    assert!(!sees(&policy, 2, &unowned), "sales see their own only");
    assert!(!sees(&policy, 1, &Record::new(11).in_department(3)));
    assert!(!sees(&policy, 1, &Record::new(12)), "nobody’s at all");
}

#[test]
fn cycles_in_the_company_end() {
    let people = vec![
        Person { manager: Some(person(2)), ..someone(1, &[], &[1]) },
        Person { manager: Some(person(1)), ..someone(2, &[], &[2]) },
        Person { manager: Some(person(3)), ..someone(3, &[], &[2]) },
    ];
    let departments =
        vec![some_department(1, Some(2)), some_department(2, Some(1)), some_department(3, Some(3))];
    let org = Org::new(people, departments);
    assert_eq!(org.reports_of(person(1)), vec![person(1), person(2)]);
    assert_eq!(org.reports_of(person(3)), vec![person(3)]);
    assert_eq!(org.reports_of(person(9)), vec![person(9)]);
    assert_eq!(org.subtree(department(1)), vec![department(1), department(2)]);
    assert_eq!(org.ancestors(department(1)), vec![department(1), department(2)]);
    assert!(org.is_within(department(1), department(2)) && !org.is_within(department(3), department(1)));
    assert_eq!(org.people_in(&[department(2), department(1), department(2)]).len(), 3);
}

#[test]
fn reveals_always_need_a_reason() {
    let reveal = Rule { actions: [ActionKind::Reveal].into(), ..rule(1, "customer") };
    let policy = policy(vec![reveal, rule(2, "customer")]);
    let who = session(&policy.org(), 2);
    assert!(policy.permit::<Reveal>(&who, "customer", noon()).unwrap().plan().obligations().reason);
    let read = policy.permit::<Read>(&who, "customer", noon()).unwrap();
    assert!(!read.plan().obligations().reason);
    assert!(policy.also::<Reveal>(&read, noon()).is_ok());
    assert!(policy.also::<Export>(&read, noon()).is_err(), "a permit to read opens nothing else");
}

#[test]
fn rules_survive_their_json_and_unknown_obligations_do_not_pass() {
    for rule in starter_rules() {
        let json = serde_json::to_value(&rule).unwrap();
        assert_eq!(serde_json::from_value::<Rule>(json).unwrap(), rule);
    }
    let mut json = serde_json::to_value(rule(1, "customer")).unwrap();
    json["obligations"] = json!({"approval_by": "manager"});
    assert!(serde_json::from_value::<Rule>(json).is_err());
}

#[test]
fn a_refusal_explains_what_would_be_needed_and_its_text_tells_nothing() {
    let old = Rule { valid_until: Some(noon()), ..rule(1, "customer") };
    let others = Rule { who: Who::Role("service".to_owned()), ..rule(2, "customer") };
    let about_others = Rule { rows: RowScope::Own, ..rule(3, "customer") };
    let policy = policy(vec![old, others, about_others]);
    let who = session(&policy.org(), 2);
    let foreign = Record::new(10).owned(3);
    let explained = policy.explain(&who, ActionKind::Read, "customer", Some(&foreign), None, noon());
    let outcomes: Vec<_> = explained.rules.iter().map(|r| r.outcome).collect();
    assert!(!explained.allowed);
    assert_eq!(outcomes, [Outcome::Expired, Outcome::OtherPeople, Outcome::OtherRows]);
    let words = policy.explanation(&explained, &starter_roles());
    assert_eq!(
        words.zh,
        "不允许查看客户。规则「rule 1」已过期。规则「rule 2」只对客户服务打开。规则「rule 3」只涉及其他记录。"
    );
    assert_eq!(
        words.en,
        "Not allowed: to read customers. “rule 1” has expired. “rule 2” opens it to Customer service only. “rule 3” is about other records."
    );
    let refusal = policy.permit::<Export>(&who, "customer", noon()).unwrap_err();
    assert_eq!(refusal.to_string(), "not allowed");
    assert_eq!(policy.explanation(refusal.explanation(), &[]).zh, "不允许导出客户。没有任何规则打开它。");
}
