//! The rules of a new workspace. They name every field: a field made later is closed until a rule opens it.

use kernel::condition::{Op, Operand};
use kernel::{Class, Condition, Object, RuleId, builtin};
use uuid::Uuid;

use crate::action::ActionKind::{self, *};
use crate::rule::{Effect, FieldAccess, FieldRule, FieldSet, Obligations, RowScope, Rule, StepUp, Who};

/// Everything but taking records out and giving them away.
const EVERYDAY: &[ActionKind] = &[List, Read, Create, Update, Import];
/// Whatever puts values in: numbers must be entered before they can be masked.
const ENTERING: &[ActionKind] = &[Create, Update, Import];
const EVERYTHING: &[ActionKind] = &[List, Read, Create, Update, Delete, Assign, Import, Export];

/// The rules of a new workspace, for the roles of [`starter_roles`](crate::starter_roles). Their ids never change.
#[must_use]
pub fn starter_rules() -> Vec<Rule> {
    let mut rules = Vec::new();
    everyone(&mut rules);
    sales(&mut rules);
    service(&mut rules);
    manager(&mut rules);
    offices(&mut rules);
    rules
}

fn everyone(rules: &mut Vec<Rule>) {
    let object = named("task");
    let task = Draft::new(Who::Everyone, "task", FieldAccess::Write, &object);
    rules.push(task.rule(1, "本人的任务", &[List, Read, Update, Delete], RowScope::Own));
    rules.push(task.rule(2, "为自己新建任务", &[Create], RowScope::Where(mine_without_customer())));
    rules.push(office(3, "通讯录", Who::Everyone, &[ReadPeople]));
}

fn sales(rules: &mut Vec<Rule>) {
    let who = || Who::Role("sales".to_owned());
    let (customer, contact, deal, communication, task) =
        (named("customer"), named("contact"), named("deal"), named("communication"), named("task"));

    let draft = Draft::new(who(), "customer", FieldAccess::Write, &customer);
    rules.push(draft.rule(10, "销售：自己的客户", EVERYDAY, RowScope::Own));
    rules.push(draft.entering(11, "销售：填写客户的敏感字段", RowScope::Own));
    rules.push(draft.reveal(12, "销售：查看自己客户的明文", RowScope::Own));

    let draft = Draft::new(who(), "contact", FieldAccess::Write, &contact);
    rules.push(draft.rule(13, "销售：客户的联系人", EVERYDAY, RowScope::Parent));
    rules.push(draft.entering(14, "销售：填写联系人的敏感字段", RowScope::Parent));
    rules.push(draft.reveal(15, "销售：查看联系人的明文", RowScope::Parent));

    let draft = Draft::new(who(), "deal", FieldAccess::Write, &deal);
    rules.push(draft.rule(16, "销售：客户的商机", EVERYDAY, RowScope::Parent));
    rules.push(draft.rule(17, "销售：自己的商机", &[List, Read, Update], RowScope::Own));

    let draft = Draft::new(who(), "communication", FieldAccess::Write, &communication);
    rules.push(draft.rule(18, "销售：客户的沟通", EVERYDAY, RowScope::Parent));
    rules.push(draft.entering(19, "销售：填写沟通的地址", RowScope::Parent));
    rules.push(draft.reveal(20, "销售：查看沟通的地址", RowScope::Parent));
    let unmatched = || RowScope::Where(mine_without_customer());
    rules.push(draft.rule(21, "销售：自己待匹配的沟通", EVERYDAY, unmatched()));
    rules.push(draft.entering(22, "销售：填写待匹配沟通的地址", unmatched()));

    let draft = Draft::new(who(), "task", FieldAccess::Write, &task);
    rules.push(draft.rule(23, "销售：客户的任务", EVERYDAY, RowScope::Parent));
}

fn service(rules: &mut Vec<Rule>) {
    let who = || Who::Role("service".to_owned());
    let seeing = &[List, Read];
    for (id, object, seen, revealed) in [
        (40, "customer", "客服：全部客户", "客服：查看客户电话"),
        (42, "contact", "客服：全部联系人", "客服：查看联系人电话"),
    ] {
        let fields = named(object);
        let draft = Draft::new(who(), object, FieldAccess::Read, &fields);
        rules.push(draft.rule(id, seen, seeing, RowScope::All));
        let phone = vec![FieldRule {
            fields: FieldSet::Named(vec!["phone".to_owned()]),
            access: FieldAccess::Masked,
        }];
        let reveal = draft.bare(id + 1, revealed, &[Reveal], RowScope::All);
        rules.push(Rule {
            fields: phone,
            obligations: Obligations { reason: true, step_up: Some(StepUp::default()) },
            ..reveal
        });
    }
    let deal = named("deal");
    let mut seen = Draft::new(who(), "deal", FieldAccess::Read, &deal).rule(
        44,
        "客服：商机（不含金额）",
        seeing,
        RowScope::All,
    );
    seen.fields.insert(
        0,
        FieldRule { fields: FieldSet::Named(vec!["amount".to_owned()]), access: FieldAccess::Hidden },
    );
    rules.push(seen);

    let communication = named("communication");
    let draft = Draft::new(who(), "communication", FieldAccess::Write, &communication);
    rules.push(draft.rule(45, "客服：全部沟通", &[List, Read, Create], RowScope::All));
    rules.push(Rule {
        actions: [Create, Update].into(),
        ..draft.entering(46, "客服：填写沟通的地址", RowScope::Own)
    });
    rules.push(draft.rule(47, "客服：修改自己的沟通", &[Update], RowScope::Own));
    let task = named("task");
    let draft = Draft::new(who(), "task", FieldAccess::Write, &task);
    rules.push(draft.rule(48, "客服：全部任务", &[List, Read, Create], RowScope::All));
}

fn manager(rules: &mut Vec<Rule>) {
    let who = || Who::Role("manager".to_owned());
    // What belongs to a customer is made under a visible customer only, whoever will own it.
    const KEEPING: &[ActionKind] = &[List, Read, Update, Delete, Assign, Export];
    let mut id = 60;
    for object in builtin::catalog().objects() {
        let fields = named(&object.name);
        let draft = Draft::new(who(), &object.name, FieldAccess::Write, &fields);
        let of = &object.label_plural.zh;
        let follows = object.parent.is_some();
        let mut circles =
            vec![(RowScope::Subtree, "本部门及下级的", if follows { KEEPING } else { EVERYTHING })];
        if follows {
            circles.push((RowScope::Parent, "随客户可见的", EVERYTHING));
        }
        if object.name == "communication" {
            circles.push((RowScope::Where(mine_without_customer()), "待匹配的", EVERYDAY));
        }
        for (rows, which, actions) in circles {
            rules.push(draft.rule(id, &format!("主管：{which}{of}"), actions, rows.clone()));
            if !fields.restricted.is_empty() {
                let entered =
                    draft.entering(id + 1, &format!("主管：填写{which}{of}的敏感字段"), rows.clone());
                let entered_actions =
                    entered.actions.iter().copied().filter(|a| actions.contains(a)).collect();
                rules.push(Rule { actions: entered_actions, ..entered });
                rules.push(draft.reveal(id + 2, &format!("主管：查看{which}{of}的明文"), rows));
            }
            id += 3;
        }
    }
}

fn offices(rules: &mut Vec<Rule>) {
    let role = |key: &str| Who::Role(key.to_owned());
    rules.push(office(100, "系统管理", role("system"), &[AdministerPeople, AdministerSettings]));
    let obligations = Obligations { step_up: Some(StepUp::default()), ..Obligations::default() };
    let administers = office(101, "安全管理", role("security"), &[AdministerRoles]);
    rules.push(Rule { obligations, ..administers });
    rules.push(office(111, "安全管理：查看规则与账本", role("security"), &[ReadRules, ReadAudit]));
    rules.push(office(102, "审计", role("audit"), &[ReadAudit, ReadAuditDetails, VerifyAudit, ReadRules]));
}

/// The rule of the break-glass account: it mends who may come in and who may do what. No customer data, no ledger.
#[must_use]
pub fn break_glass_rule() -> Rule {
    let offices = [AdministerPeople, AdministerRoles, AdministerSettings, ReadPeople, ReadRules];
    office(110, "应急账户", Who::Role(crate::BREAK_GLASS.to_owned()), &offices)
}

/// Records of one's own that belong to no customer (yet).
fn mine_without_customer() -> Condition {
    Condition::All(vec![
        Condition::test("owner", Op::Eq, Operand::Me),
        Condition::test("customer", Op::IsEmpty, Operand::Literal(serde_json::Value::Null)),
    ])
}

/// The fields of a built-in object by what they need.
struct Names {
    ordinary: Vec<String>,
    restricted: Vec<String>,
}

fn named(object: &str) -> Names {
    let catalog = builtin::catalog();
    let fields = catalog.object(object).map_or(&[][..], |o: &std::sync::Arc<Object>| &o.fields[..]);
    let names = |restricted: bool| {
        let of_kind = fields.iter().filter(|f| (f.class >= Class::Restricted) == restricted);
        of_kind.map(|f| f.name.clone()).collect()
    };
    Names { ordinary: names(false), restricted: names(true) }
}

/// What the rules for one role about one object have in common.
struct Draft<'a> {
    who: Who,
    object: &'a str,
    ordinary: FieldAccess,
    names: &'a Names,
}

impl<'a> Draft<'a> {
    fn new(who: Who, object: &'a str, ordinary: FieldAccess, names: &'a Names) -> Self {
        Self { who, object, ordinary, names }
    }

    fn bare(&self, id: u128, name: &str, actions: &[ActionKind], rows: RowScope) -> Rule {
        Rule {
            id: rule_id(id),
            name: name.to_owned(),
            effect: Effect::Permit,
            who: self.who.clone(),
            object: self.object.to_owned(),
            actions: actions.iter().copied().collect(),
            rows,
            fields: Vec::new(),
            obligations: Obligations::default(),
            circumstances: None,
            valid_from: None,
            valid_until: None,
            builtin: true,
        }
    }

    fn restricted(&self, access: FieldAccess) -> Vec<FieldRule> {
        let fields = FieldSet::Named(self.names.restricted.clone());
        if self.names.restricted.is_empty() { Vec::new() } else { vec![FieldRule { fields, access }] }
    }

    /// Ordinary fields as drafted, restricted ones masked.
    fn rule(&self, id: u128, name: &str, actions: &[ActionKind], rows: RowScope) -> Rule {
        let mut fields = self.restricted(FieldAccess::Masked);
        fields
            .push(FieldRule { fields: FieldSet::Named(self.names.ordinary.clone()), access: self.ordinary });
        Rule { fields, ..self.bare(id, name, actions, rows) }
    }

    /// Restricted fields may be entered and corrected. That shows nothing: lists keep their masks.
    fn entering(&self, id: u128, name: &str, rows: RowScope) -> Rule {
        Rule { fields: self.restricted(FieldAccess::Write), ..self.bare(id, name, ENTERING, rows) }
    }

    /// Restricted fields may be revealed, with a reason.
    fn reveal(&self, id: u128, name: &str, rows: RowScope) -> Rule {
        Rule {
            fields: self.restricted(FieldAccess::Masked),
            obligations: Obligations { reason: true, step_up: Some(StepUp::default()) },
            ..self.bare(id, name, &[Reveal], rows)
        }
    }
}

fn office(id: u128, name: &str, who: Who, actions: &[ActionKind]) -> Rule {
    let names = Names { ordinary: Vec::new(), restricted: Vec::new() };
    let draft = Draft::new(who, crate::WORKSPACE, FieldAccess::Hidden, &names);
    draft.bare(id, name, actions, RowScope::All)
}

/// A fixed id (RFC 9562 version 8) for the n-th starter rule.
fn rule_id(n: u128) -> RuleId {
    const BASE: u128 = 0x7368_6f75_7869_8e00_8000_0000_0000_0000;
    RuleId(Uuid::from_u128(BASE | n))
}
