//! What people can do in a new workspace.
#![allow(clippy::unwrap_used, reason = "a test stops where its world is not as said")]

mod support;

use std::sync::Arc;

use kernel::{Value, builtin};
use policy::*;
use support::*;

/// Departments 1 > 2; manager 1 in 1, sales 2 and 3 in 2, service 4, the three administrations 5, 6, 7.
fn policy() -> Policy {
    let people = vec![
        someone(1, &["manager"], &[1]),
        someone(2, &["sales"], &[2]),
        someone(3, &["sales"], &[2]),
        someone(4, &["service"], &[9]),
        someone(5, &["system"], &[1]),
        someone(6, &["security"], &[1]),
        someone(7, &["audit"], &[1]),
    ];
    let departments = vec![some_department(1, None), some_department(2, Some(1)), some_department(9, None)];
    Policy::new(Arc::new(builtin::catalog()), starter_rules(), Org::new(people, departments))
}

fn access<A: Action>(n: u128, object: &str, record: &Record, field: &str) -> FieldAccess {
    let policy = policy();
    let catalog = policy.catalog();
    let field = catalog.object(object).unwrap().field(field).unwrap();
    let permit = policy.permit::<A>(&session(&policy.org(), n), object, noon());
    permit.map_or(FieldAccess::Hidden, |p| p.plan().field_access(record, field))
}

fn may<A: Action>(n: u128, object: &str, record: &Record) -> bool {
    let policy = policy();
    policy.permit::<A>(&session(&policy.org(), n), object, noon()).is_ok_and(|p| p.plan().allows_row(record))
}

fn capabilities(n: u128) -> Vec<String> {
    let policy = policy();
    policy.capabilities(&session(&policy.org(), n), noon())
}

const TASKS: [&str; 5] = ["list.task", "read.task", "create.task", "update.task", "delete.task"];

#[test]
fn sales_look_after_their_own_customers() {
    let (own, other) = (Record::new(10).owned(2), Record::new(11).owned(3));
    assert!(may::<List>(2, "customer", &own) && may::<Update>(2, "customer", &own));
    assert!(!may::<List>(2, "customer", &other) && !may::<Read>(2, "customer", &other));
    assert!(!may::<Delete>(2, "customer", &own) && !may::<Assign>(2, "customer", &own));
    assert!(!may::<Export>(2, "customer", &own) && may::<Import>(2, "customer", &own));
    assert_eq!(access::<List>(2, "customer", &own, "name"), FieldAccess::Write);
    assert_eq!(access::<List>(2, "customer", &own, "phone"), FieldAccess::Masked);
    assert_eq!(access::<Create>(2, "customer", &own, "phone"), FieldAccess::Write, "it must be entered once");
    assert_eq!(access::<Reveal>(2, "customer", &own, "phone"), FieldAccess::Masked);
    assert_eq!(access::<Reveal>(2, "customer", &own, "name"), FieldAccess::Hidden);
    assert!(!may::<Create>(2, "customer", &other), "nor make customers for others");
}

#[test]
fn what_belongs_to_a_customer_follows_it() {
    let (own, other) = (Record::new(10).owned(2), Record::new(11).owned(3));
    for object in ["contact", "deal", "communication", "task"] {
        let under = |customer: &Record, owner| Record::new(20).owned(owner).of("customer", customer);
        assert!(may::<Read>(2, object, &under(&own, 3)), "{object}");
        assert!(may::<Create>(2, object, &under(&own, 2)), "{object}");
        assert!(
            !may::<Create>(2, object, &under(&other, 2)),
            "{object} under a customer that is not visible"
        );
        assert!(!may::<List>(2, object, &under(&other, 3)), "{object}");
        assert!(may::<Delete>(1, object, &under(&other, 99)), "the manager of both: {object}");
        assert!(!may::<Create>(1, object, &under(&Record::new(12).owned(4), 1)), "{object}");
    }
    let contact = Record::new(20).of("customer", &own);
    assert_eq!(access::<Read>(2, "contact", &contact, "phone"), FieldAccess::Masked);
    assert_eq!(access::<Reveal>(2, "contact", &contact, "phone"), FieldAccess::Masked);
    let unmatched = Record::new(21).owned(2);
    assert!(may::<Import>(2, "communication", &unmatched) && may::<Update>(2, "communication", &unmatched));
    assert!(!may::<List>(3, "communication", &unmatched));
}

#[test]
fn service_sees_all_customers_masked_and_no_amounts() {
    let any = Record::new(10).owned(3);
    let deal = Record::new(20).owned(3).of("customer", &any);
    assert_eq!(access::<List>(4, "customer", &any, "name"), FieldAccess::Read);
    assert_eq!(access::<List>(4, "customer", &any, "phone"), FieldAccess::Masked);
    assert_eq!(access::<Read>(4, "deal", &deal, "amount"), FieldAccess::Hidden);
    assert_eq!(access::<Read>(4, "deal", &deal, "stage"), FieldAccess::Read);
    assert_eq!(access::<Reveal>(4, "customer", &any, "phone"), FieldAccess::Masked);
    assert_eq!(access::<Reveal>(4, "customer", &any, "id_number"), FieldAccess::Hidden);
    assert!(!may::<Update>(4, "customer", &any) && !may::<Create>(4, "customer", &any));
    for object in ["communication", "task"] {
        let new = Record::new(30).owned(4).of("customer", &any);
        assert!(may::<Create>(4, object, &new) && may::<Update>(4, object, &new), "{object}");
        assert!(may::<List>(4, object, &Record::new(31).owned(3)), "{object}");
    }
}

#[test]
fn managers_manage_their_department_and_those_below() {
    let below = Record::new(10).owned(2);
    assert!(may::<Assign>(1, "customer", &below) && may::<Export>(1, "customer", &below));
    assert!(may::<Delete>(1, "customer", &below) && may::<Reveal>(1, "customer", &below));
    assert_eq!(access::<Export>(1, "customer", &below, "phone"), FieldAccess::Masked);
    assert!(!may::<List>(1, "customer", &Record::new(11).owned(4)));
}

#[test]
fn administrations_see_no_customer_data_by_office() {
    let offices: [(u128, &[&str]); 3] = [
        (5, &["people.administer", "settings.administer"]),
        (6, &["roles.administer", "rules.read", "audit.read"]),
        (7, &["rules.read", "audit.read", "audit.details", "audit.verify"]),
    ];
    for (n, office) in offices {
        let mut expected: Vec<_> = TASKS.iter().chain(&["people.read"]).chain(office).copied().collect();
        let mut found = capabilities(n);
        found.sort();
        expected.sort_unstable();
        assert_eq!(found, expected);
        assert!(!may::<List>(n, "task", &Record::new(10).owned(2)), "and of tasks their own only");
    }
}

#[test]
fn capabilities_are_what_me_lists() {
    let sales = capabilities(2);
    for expected in ["list.customer", "reveal.contact", "import.communication", "create.deal", "people.read"]
    {
        assert!(sales.iter().any(|c| c == expected), "{expected}");
    }
    for missing in ["export.customer", "assign.customer", "audit.read", "people.administer"] {
        assert!(!sales.iter().any(|c| c == missing), "{missing}");
    }
    assert_eq!(capabilities(1).iter().filter(|c| c.ends_with(".customer")).count(), 9);
}

#[test]
fn who_can_see_a_customer() {
    let policy = policy();
    let record = Record::new(10).owned(2);
    let found = policy.who_can(ActionKind::Read, "customer", &record, noon());
    let people: Vec<_> = found.iter().map(|v| v.person).collect();
    assert_eq!(people, [person(1), person(2), person(4)]);
    assert!(found.iter().all(|v| !v.rules.is_empty()));
}

#[test]
fn starter_rules_have_distinct_ids_and_known_roles() {
    let rules = starter_rules();
    let ids: std::collections::BTreeSet<_> = rules.iter().map(|r| r.id).collect();
    assert_eq!(ids.len(), rules.len());
    let roles: Vec<_> = starter_roles().into_iter().map(|r| r.key).collect();
    for rule in &rules {
        assert!(rule.builtin && matches!(&rule.who, Who::Everyone | Who::Role(_)));
        assert!(!matches!(&rule.who, Who::Role(r) if !roles.contains(r)));
    }
}

#[test]
fn rules_read_like_sentences() {
    let policy = policy();
    let (rules, roles) = (starter_rules(), starter_roles());
    let of = |name: &str| {
        let rule = rules.iter().find(|r| r.name == name).unwrap();
        let said = policy.sentence(rule, &roles);
        (said.zh, said.en)
    };
    let is = |zh: &str, en: &str| (zh.to_owned(), en.to_owned());
    assert_eq!(
        of("销售：自己的客户"),
        is(
            "销售代表可以列出、查看、新建、修改、导入自己负责的客户：可填写一般字段，电话、邮箱、身份证号、地址显示掩码。",
            "Sales may list, read, create, change and import customers they own: ordinary fields to write, Phone, E-mail, Resident ID and Address masked.",
        )
    );
    assert_eq!(
        of("客服：查看客户电话"),
        is(
            "客户服务可以查看全部客户的明文：电话；须说明理由；须在 10 分钟内验证过身份。",
            "Customer service may reveal all customers: Phone; a reason is required; a proof of who one is must not be older than 10 min.",
        )
    );
    assert_eq!(
        of("销售：自己待匹配的沟通").1,
        "Sales may list, read, create, change and import communications where Owner is me and Customer is empty: ordinary fields to write, From, To and Message key masked."
    );
    assert_eq!(of("安全管理").0, "安全管理员可以管理角色和规则；须在 10 分钟内验证过身份。");
    assert_eq!(of("安全管理：查看规则与账本").0, "安全管理员可以查看权限规则、查看审计账本。");
    let cap = Rule {
        effect: Effect::Forbid,
        who: Who::Department { id: department(2), subtree: true },
        fields: vec![named(&["amount"], FieldAccess::Masked)],
        valid_until: Some(at("2026-12-31T16:00:00Z")),
        ..rule(1, "deal")
    };
    assert_eq!(
        policy.sentence(&cap, &roles).zh,
        "department 2及下级部门的人在列出、查看全部商机时：金额显示掩码；至 2027-01-01 00:00 止。"
    );
}

#[test]
fn values_of_the_wrong_kind_make_nobody_an_owner() {
    let odd = Record::new(10).with("owner", Value::Text(person(2).to_string()));
    assert!(!may::<List>(2, "customer", &odd));
}
