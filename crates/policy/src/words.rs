//! Rules and explanations in words, Chinese and English.

use kernel::catalog::Label;
use kernel::words::{Language, Names};
use kernel::{Catalog, Class, DepartmentId, Field, FieldType, Object, PersonId, Timestamp};
use uuid::Uuid;

use crate::action::ActionKind;
use crate::circumstances::Circumstances;
use crate::explain::{Explanation, Outcome};
use crate::org::Org;
use crate::policy::Policy;
use crate::principal::Strength;
use crate::roles::Role;
use crate::rule::{ANY_OBJECT, Effect, FieldAccess, FieldSet, RowScope, Rule, Who};

impl Policy {
    /// A rule as a sentence: 销售代表可以列出、查看自己负责的客户：敏感字段显示掩码。
    #[must_use]
    pub fn sentence(&self, rule: &Rule, roles: &[Role]) -> Label {
        let (catalog, org) = (self.catalog(), self.org());
        both(&catalog, &org, roles, |speaker| speaker.rule(rule))
    }

    /// An explanation in a few sentences, for those who may hear it.
    #[must_use]
    pub fn explanation(&self, explanation: &Explanation, roles: &[Role]) -> Label {
        let (catalog, org) = (self.catalog(), self.org());
        both(&catalog, &org, roles, |speaker| speaker.explanation(explanation))
    }
}

fn both(catalog: &Catalog, org: &Org, roles: &[Role], say: impl Fn(&Speaker<'_>) -> String) -> Label {
    let speaker = |language| Speaker { language, catalog, org, roles };
    Label { zh: say(&speaker(Language::Zh)), en: say(&speaker(Language::En)) }
}

/// Fields named one by one, before "and n more".
const MOST_FIELDS: usize = 6;

struct Speaker<'a> {
    language: Language,
    catalog: &'a Catalog,
    org: &'a Org,
    roles: &'a [Role],
}

impl Names for Speaker<'_> {
    fn name(&self, kind: FieldType, id: Uuid) -> Option<String> {
        match kind {
            FieldType::Person => self.org.person(PersonId(id)).map(|p| p.name.clone()),
            FieldType::Department => self.org.department(DepartmentId(id)).map(|d| d.name.clone()),
            _ => None,
        }
    }
}

impl Speaker<'_> {
    fn rule(&self, rule: &Rule) -> String {
        let l = self.language;
        let object = self.catalog.object(&rule.object).map(AsRef::as_ref);
        let reveals = reveals(rule);
        let action =
            |a: &ActionKind| if reveals { l.of("查看", "reveal") } else { self.action(*a) }.to_owned();
        let actions: Vec<_> = rule.actions.iter().map(action).collect();
        let mut sentence = self.who(&rule.who);
        let caps = rule.effect == Effect::Forbid && !rule.fields.is_empty();
        sentence.push_str(match rule.effect {
            Effect::Permit => l.of("可以", " may "),
            Effect::Forbid if caps => l.of("在", ", to "),
            Effect::Forbid => l.of("不得", " must not "),
        });
        sentence.push_str(&l.list(&actions, "and"));
        if rule.actions.iter().any(|a| !a.is_office()) {
            sentence.push_str(l.of("", " "));
            sentence.push_str(&self.rows(rule, object));
        }
        if reveals {
            sentence.push_str(l.of("的明文", ""));
        }
        if caps {
            sentence.push_str(l.of("时", ", gets at most"));
        }
        let fields = self.fields(rule, object);
        if !fields.is_empty() {
            sentence.push_str(l.of("：", ": "));
            sentence.push_str(&fields.join(l.of("，", ", ")));
        }
        if rule.obligations.reason {
            sentence.push_str(l.of("；须说明理由", "; a reason is required"));
        }
        if let Some(step_up) = rule.obligations.step_up {
            let minutes = step_up.max_age_s.div_ceil(60);
            let text = match l.of("zh", "en") {
                "zh" => format!("；须在 {minutes} 分钟内验证过身份"),
                _ => format!("; a proof of who one is must not be older than {minutes} min"),
            };
            sentence.push_str(&text);
        }
        if let Some(circumstances) = &rule.circumstances {
            sentence.push_str(&self.circumstances(circumstances));
        }
        if let Some(from) = rule.valid_from {
            sentence.push_str(&format!("{}{}", l.of("；自 ", "; from "), moment(from)));
            sentence.push_str(l.of(" 起", ""));
        }
        if let Some(until) = rule.valid_until {
            sentence.push_str(&format!("{}{}", l.of("；至 ", "; until "), moment(until)));
            sentence.push_str(l.of(" 止", ""));
        }
        sentence + l.of("。", ".")
    }

    fn who(&self, who: &Who) -> String {
        let l = self.language;
        match who {
            Who::Role(key) => {
                let role = self.roles.iter().find(|r| r.key == *key);
                role.map_or_else(|| key.clone(), |r| l.label(&r.name).to_owned())
            }
            Who::Person(id) => self.name(FieldType::Person, id.0).unwrap_or_else(|| id.to_string()),
            Who::Department { id, subtree } => {
                let name = self.name(FieldType::Department, id.0).unwrap_or_else(|| id.to_string());
                match subtree {
                    true => format!("{name}{}", l.of("及下级部门的人", " and the departments below")),
                    false => format!("{name}{}", l.of("的人", "")),
                }
            }
            Who::Position(key) => match l {
                Language::Zh => format!("岗位为 {key} 的人"),
                Language::En => format!("People in the position {key}"),
            },
            Who::Group(id) => {
                let name = self.org.group(*id).map_or_else(|| id.to_string(), |g| g.name.clone());
                match l {
                    Language::Zh => format!("群组「{name}」的人"),
                    Language::En => format!("People of the group {name}"),
                }
            }
            Who::Everyone => l.of("所有人", "Everyone").to_owned(),
        }
    }

    fn action(&self, action: ActionKind) -> &'static str {
        let (zh, en) = match action {
            ActionKind::List => ("列出", "list"),
            ActionKind::Read => ("查看", "read"),
            ActionKind::Create => ("新建", "create"),
            ActionKind::Update => ("修改", "change"),
            ActionKind::Delete => ("删除", "delete"),
            ActionKind::Assign => ("分配", "assign"),
            ActionKind::Reveal => ("查看明文", "reveal"),
            ActionKind::Import => ("导入", "import"),
            ActionKind::Export => ("导出", "export"),
            ActionKind::ReadPeople => ("查阅通讯录", "look people up"),
            ActionKind::AdministerPeople => ("管理人员和部门", "administer people and departments"),
            ActionKind::AdministerRoles => ("管理角色和规则", "administer roles and rules"),
            ActionKind::ReadRules => ("查看权限规则", "read the rules"),
            ActionKind::AdministerSettings => ("管理系统设置", "administer settings"),
            ActionKind::ReadAudit => ("查看审计账本", "read the ledger"),
            ActionKind::ReadAuditDetails => ("查看审计详情", "read the details of ledger entries"),
            ActionKind::VerifyAudit => ("验证审计账本", "verify the ledger"),
        };
        match self.language {
            Language::Zh => zh,
            Language::En => en,
        }
    }

    fn object(&self, name: &str) -> String {
        let l = self.language;
        match self.catalog.object(name) {
            Some(object) if l == Language::En => l.label(&object.label_plural).to_lowercase(),
            Some(object) => l.label(&object.label_plural).to_owned(),
            None if name == ANY_OBJECT => l.of("任何对象", "records of any kind").to_owned(),
            None => name.to_owned(),
        }
    }

    fn rows(&self, rule: &Rule, object: Option<&Object>) -> String {
        let l = self.language;
        let name = self.object(&rule.object);
        let around = |zh: &str, en: &str| match l {
            Language::Zh => format!("{zh}{name}"),
            Language::En => format!("{name} {en}"),
        };
        match &rule.rows {
            RowScope::All => match l {
                Language::Zh => format!("全部{name}"),
                Language::En => format!("all {name}"),
            },
            RowScope::Own => around("自己负责的", "they own"),
            RowScope::Department => around("本部门的", "of their department"),
            RowScope::Subtree => around("本部门及下级部门的", "of their department and those below"),
            RowScope::Reports => around("本人及下属负责的", "owned by them and their reports"),
            RowScope::Parent => {
                let parent = object.and_then(|o| o.field(o.parent.as_deref()?));
                let parent = parent.map_or_else(
                    || l.of("上级记录", "parent record").to_owned(),
                    |f| match l {
                        Language::Zh => f.label.zh.clone(),
                        Language::En => f.label.en.to_lowercase(),
                    },
                );
                around(&format!("（{parent}可见的）"), &format!("whose {parent} they may see"))
            }
            RowScope::Where(condition) => match object {
                Some(object) => {
                    let said = kernel::words::condition(condition, object, self.catalog, self);
                    around(&format!("满足「{}」的", said.zh), &format!("where {}", said.en))
                }
                None => around("满足条件的", "that meet a condition"),
            },
        }
    }

    /// Where, by which device, how proved, when.
    fn circumstances(&self, asked: &Circumstances) -> String {
        let l = self.language;
        let mut said = Vec::new();
        if !asked.zones.is_empty() {
            said.push(format!(
                "{}{}",
                l.of("限网络区域 ", "only from the network "),
                l.list(&asked.zones, "or")
            ));
        }
        if asked.trusted_device {
            said.push(l.of("限受信任的设备", "only by a trusted device").to_owned());
        }
        match asked.min_strength {
            None | Some(Strength::Password) => {}
            Some(Strength::SecondFactor) => {
                said.push(l.of("须经第二因素验证", "only after a second factor").to_owned());
            }
            Some(Strength::Passkey) => said.push(l.of("须用通行密钥登录", "only with a passkey").to_owned()),
        }
        if let Some(hours) = &asked.hours {
            let days: Vec<_> = hours.days.iter().map(|d| self.weekday(*d).to_owned()).collect();
            let days =
                if days.is_empty() { l.of("每天", "every day").to_owned() } else { l.list(&days, "and") };
            said.push(format!("{}{days} {}–{}", l.of("限", "only on "), hours.from, hours.until));
        }
        said.iter().map(|s| format!("{}{s}", l.of("；", "; "))).collect()
    }

    fn weekday(&self, day: u8) -> &'static str {
        let (zh, en) = match day {
            1 => ("周一", "Monday"),
            2 => ("周二", "Tuesday"),
            3 => ("周三", "Wednesday"),
            4 => ("周四", "Thursday"),
            5 => ("周五", "Friday"),
            6 => ("周六", "Saturday"),
            _ => ("周日", "Sunday"),
        };
        self.language.of(zh, en)
    }

    /// What the rule says about fields, the most open first.
    fn fields(&self, rule: &Rule, object: Option<&Object>) -> Vec<String> {
        let l = self.language;
        let reveals = reveals(rule);
        let mut rules: Vec<_> = rule.fields.iter().collect();
        rules.sort_by_key(|f| std::cmp::Reverse(f.access));
        let said = rules.into_iter().map(|f| {
            let fields = match &f.fields {
                FieldSet::All => l.of("全部字段", "all fields").to_owned(),
                FieldSet::Class(class) => self.class(*class),
                FieldSet::Named(names) => self.named(names, object),
            };
            match (f.access, l) {
                (FieldAccess::Write, Language::Zh) => format!("可填写{fields}"),
                (FieldAccess::Read, Language::Zh) => format!("可看{fields}"),
                (FieldAccess::Masked, Language::Zh) if reveals => fields,
                (FieldAccess::Masked, Language::Zh) => format!("{fields}显示掩码"),
                (FieldAccess::Hidden, Language::Zh) => format!("{fields}不可见"),
                (FieldAccess::Write, Language::En) => format!("{fields} to write"),
                (FieldAccess::Read, Language::En) => format!("{fields} to read"),
                (FieldAccess::Masked, Language::En) if reveals => fields,
                (FieldAccess::Masked, Language::En) => format!("{fields} masked"),
                (FieldAccess::Hidden, Language::En) => format!("{fields} hidden"),
            }
        });
        said.collect()
    }

    fn class(&self, class: Class) -> String {
        let (zh, en) = match class {
            Class::Open => ("公开字段", "open fields"),
            Class::Confidential => ("机密字段", "confidential fields"),
            Class::Restricted => ("敏感字段", "restricted fields"),
            Class::Sealed => ("封存字段", "sealed fields"),
        };
        self.language.of(zh, en).to_owned()
    }

    /// Fields by label; all of an object's ordinary or restricted fields in one word.
    fn named(&self, names: &[String], object: Option<&Object>) -> String {
        let l = self.language;
        let are = |of_kind: &dyn Fn(&Field) -> bool| {
            let mut all = object.iter().flat_map(|o| &o.fields).filter(|f| of_kind(f)).peekable();
            all.peek().is_some()
                && object.is_some_and(|o| names.iter().all(|n| o.field(n).is_some_and(of_kind)))
                && all.all(|f| names.contains(&f.name))
        };
        if are(&|_| true) {
            return l.of("现有全部字段", "all present fields").to_owned();
        }
        if are(&|f| f.class < Class::Restricted) {
            return l.of("一般字段", "ordinary fields").to_owned();
        }
        if are(&|f| f.class >= Class::Restricted) {
            let several = names.len() > MOST_FIELDS;
            if several {
                return self.class(Class::Restricted);
            }
        }
        let label = |n: &String| {
            let field = object.and_then(|o| o.field(n));
            field.map_or_else(|| n.clone(), |f| l.label(&f.label).to_owned())
        };
        let labels: Vec<_> = names.iter().take(MOST_FIELDS).map(label).collect();
        match (names.len().checked_sub(MOST_FIELDS + 1), l) {
            (None, _) => l.list(&labels, "and"),
            (Some(_), Language::Zh) => format!("{}等 {} 个字段", labels.join("、"), names.len()),
            (Some(more), Language::En) => format!("{} and {} more", labels.join(", "), more + 1),
        }
    }

    fn explanation(&self, explanation: &Explanation) -> String {
        let l = self.language;
        let mut said = match (explanation.allowed, l) {
            (true, Language::Zh) => "允许".to_owned(),
            (false, Language::Zh) => "不允许".to_owned(),
            (true, Language::En) => "Allowed: to ".to_owned(),
            (false, Language::En) => "Not allowed: to ".to_owned(),
        };
        said.push_str(self.action(explanation.action));
        if !explanation.action.is_office() {
            said.push_str(&format!("{}{}", l.of("", " "), self.object(&explanation.object)));
        }
        said.push_str(l.of("。", "."));
        let mut none = true;
        for verdict in &explanation.rules {
            let name = format!("{}{}{}", l.of("「", " “"), verdict.name, l.of("」", "”"));
            let who = self.who(&verdict.who);
            let line = match (verdict.outcome, verdict.effect, l) {
                (Outcome::Decides, Effect::Permit, Language::Zh) => format!("由规则{name}（{who}）打开。"),
                (Outcome::Decides, Effect::Forbid, Language::Zh) => format!("被规则{name}（{who}）关闭。"),
                (Outcome::Decides, Effect::Permit, Language::En) => format!("{name} ({who}) opens it."),
                (Outcome::Decides, Effect::Forbid, Language::En) => format!("{name} ({who}) closes it."),
                (_, Effect::Forbid, _) => continue,
                (outcome, Effect::Permit, _) if !explanation.allowed => self.missed(outcome, &name, &who),
                _ => continue,
            };
            none = false;
            said.push_str(&line);
        }
        if none && !explanation.allowed {
            said.push_str(l.of("没有任何规则打开它。", " No rule opens it to anybody."));
        }
        said
    }

    /// A permit that would have opened it.
    fn missed(&self, outcome: Outcome, name: &str, who: &str) -> String {
        match (outcome, self.language) {
            (Outcome::OtherPeople, Language::Zh) => format!("规则{name}只对{who}打开。"),
            (Outcome::OtherPeople, Language::En) => format!("{name} opens it to {who} only."),
            (Outcome::NotYet, Language::Zh) => format!("规则{name}尚未生效。"),
            (Outcome::NotYet, Language::En) => format!("{name} is not in force yet."),
            (Outcome::Expired, Language::Zh) => format!("规则{name}已过期。"),
            (Outcome::Expired, Language::En) => format!("{name} has expired."),
            (Outcome::OtherCircumstances, Language::Zh) => format!("规则{name}在此情形下不适用。"),
            (Outcome::OtherCircumstances, Language::En) => {
                format!("{name} does not hold under these circumstances.")
            }
            (Outcome::OtherRows, Language::Zh) => format!("规则{name}只涉及其他记录。"),
            (Outcome::OtherRows, Language::En) => format!("{name} is about other records."),
            (Outcome::OtherFields | Outcome::Decides, Language::Zh) => format!("规则{name}不涉及该字段。"),
            (Outcome::OtherFields | Outcome::Decides, Language::En) => {
                format!("{name} says nothing about the field.")
            }
        }
    }
}

/// Whether the rule is about revealing and nothing else.
fn reveals(rule: &Rule) -> bool {
    rule.actions.iter().all(|a| *a == ActionKind::Reveal)
}

/// A moment in China Standard Time.
fn moment(at: Timestamp) -> String {
    let local = at.plus_seconds(8 * 3_600).to_string();
    local.get(..16).unwrap_or(&local).replace('T', " ")
}
