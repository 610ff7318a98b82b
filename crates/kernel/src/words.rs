//! Conditions in words, Chinese and English, with the labels of the catalog.

use serde_json::Value as Json;
use uuid::Uuid;

use crate::catalog::{Catalog, Field, FieldType, Label, Object};
use crate::condition::{Circle, Condition, Op, Operand, literal};
use crate::time::format_date;
use crate::value::Value;

/// The names of people, departments and records, for those who may hear them.
pub trait Names {
    /// The name; `None` shows the id instead.
    fn name(&self, kind: FieldType, id: Uuid) -> Option<String>;
}

/// Knows no names: ids are shown.
pub struct NoNames;

impl Names for NoNames {
    fn name(&self, _: FieldType, _: Uuid) -> Option<String> {
        None
    }
}

/// A language of the product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Chinese.
    Zh,
    /// English.
    En,
}

impl Language {
    /// The one of two texts that is in this language.
    #[must_use]
    pub fn of<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }

    /// The label's text in this language.
    #[must_use]
    pub fn label(self, label: &Label) -> &str {
        self.of(&label.zh, &label.en)
    }

    /// 「甲」、「乙」 in Chinese is `a, b and c` in English: joins a list whose last two parts `last` joins.
    #[must_use]
    pub fn list(self, parts: &[String], last: &str) -> String {
        match (self, parts) {
            (Self::Zh, _) => parts.join("、"),
            (Self::En, [all @ .., end]) if !all.is_empty() => format!("{} {last} {end}", all.join(", ")),
            (Self::En, _) => parts.concat(),
        }
    }
}

/// A condition on an object's records as half a sentence in both languages: 级别是「A 重点」且负责人是本人.
#[must_use]
pub fn condition(condition: &Condition, object: &Object, catalog: &Catalog, names: &dyn Names) -> Label {
    let say = |language| Speaker { language, object, catalog, names }.condition(condition, Outside::Sentence);
    Label { zh: say(Language::Zh), en: say(Language::En) }
}

/// What surrounds a part, to know whether it needs brackets.
#[derive(Clone, Copy, PartialEq)]
enum Outside {
    Sentence,
    All,
    Any,
}

struct Speaker<'a> {
    language: Language,
    object: &'a Object,
    catalog: &'a Catalog,
    names: &'a dyn Names,
}

impl Speaker<'_> {
    fn condition(&self, condition: &Condition, outside: Outside) -> String {
        let l = self.language;
        match condition {
            Condition::All(parts) if parts.is_empty() => l.of("任何情况", "in any case").to_owned(),
            Condition::Any(parts) if parts.is_empty() => l.of("从不", "never").to_owned(),
            Condition::All(parts) | Condition::Any(parts) if parts.len() == 1 => {
                self.condition(&parts[0], outside)
            }
            Condition::All(parts) => {
                let said: Vec<_> = parts.iter().map(|p| self.condition(p, Outside::All)).collect();
                let joined = said.join(l.of("且", " and "));
                if outside == Outside::Any { self.bracket(&joined) } else { joined }
            }
            Condition::Any(parts) => {
                let said: Vec<_> = parts.iter().map(|p| self.condition(p, Outside::Any)).collect();
                let joined = said.join(l.of("或", " or "));
                if outside == Outside::All { self.bracket(&joined) } else { joined }
            }
            Condition::Not(part) => {
                let said = self.condition(part, Outside::Sentence);
                format!("{}{}", l.of("并非", "not "), self.bracket(&said))
            }
            Condition::Test { field, op, value } => self.test(field, *op, value),
        }
    }

    fn bracket(&self, said: &str) -> String {
        match self.language {
            Language::Zh => format!("（{said}）"),
            Language::En => format!("({said})"),
        }
    }

    fn test(&self, path: &str, op: Op, value: &Operand) -> String {
        let l = self.language;
        let (label, field) = self.field(path);
        let kind = field.map_or(FieldType::Text, |f| f.kind);
        let said = || self.operand(field, kind, value);
        match op {
            Op::IsEmpty => format!("{label}{}", l.of("为空", " is empty")),
            Op::Contains => format!("{label}{}{}", l.of("包含", " contains "), said()),
            Op::StartsWith if l == Language::Zh => format!("{label}以{}开头", said()),
            Op::StartsWith => format!("{label} starts with {}", said()),
            Op::In => match value {
                Operand::Literal(Json::Array(items)) => {
                    let items: Vec<_> = items.iter().map(|i| self.value(field, kind, i)).collect();
                    match l {
                        Language::Zh => format!("{label}是{}之一", items.concat()),
                        Language::En => format!("{label} is one of {}", l.list(&items, "or")),
                    }
                }
                _ => format!("{label}{}{}", l.of("属于", " is among "), said()),
            },
            Op::Eq | Op::Ne | Op::Lt | Op::Le | Op::Gt | Op::Ge => {
                format!("{label}{}{}", self.verb(op, kind), said())
            }
        }
    }

    fn verb(&self, op: Op, kind: FieldType) -> &'static str {
        let when = matches!(kind, FieldType::Date | FieldType::Datetime);
        let number = matches!(kind, FieldType::Int | FieldType::Money | FieldType::Duration);
        let (zh, en) = match op {
            Op::Eq if number => ("等于", " equals "),
            Op::Ne if number => ("不等于", " does not equal "),
            Op::Ne => ("不是", " is not "),
            Op::Lt if when => ("早于", " is earlier than "),
            Op::Le if when => ("不晚于", " is not later than "),
            Op::Gt if when => ("晚于", " is later than "),
            Op::Ge if when => ("不早于", " is not earlier than "),
            Op::Lt => ("小于", " is less than "),
            Op::Le => ("至多", " is at most "),
            Op::Gt => ("大于", " is more than "),
            Op::Ge => ("至少", " is at least "),
            _ => ("是", " is "),
        };
        match self.language {
            Language::Zh => zh,
            Language::En => en,
        }
    }

    /// The label of a field, over one hop with the reference's label, and the field when it exists.
    fn field(&self, path: &str) -> (String, Option<&Field>) {
        let l = self.language;
        let label = |f: &Field| l.label(&f.label).to_owned();
        let Some((reference, name)) = path.split_once('.') else {
            let field = self.object.field(path);
            return (field.map_or_else(|| path.to_owned(), label), field);
        };
        let reference = self.object.field(reference);
        let target = reference.and_then(|r| r.target.as_ref()).and_then(|t| self.catalog.object(t));
        match (reference, target.and_then(|t| t.field(name))) {
            (Some(r), Some(f)) if l == Language::Zh => (format!("{}的{}", label(r), label(f)), Some(f)),
            (Some(r), Some(f)) => (format!("{}’s {}", label(r), label(f)), Some(f)),
            _ => (path.to_owned(), None),
        }
    }

    fn operand(&self, field: Option<&Field>, kind: FieldType, operand: &Operand) -> String {
        let l = self.language;
        match operand {
            Operand::Literal(json) => self.value(field, kind, json),
            Operand::Me => l.of("本人", "me").to_owned(),
            Operand::MyPeople(Circle::Reports) => l.of("本人及下属", "me and my reports").to_owned(),
            Operand::MyPeople(Circle::Department) => {
                l.of("本部门的人", "the people of my department").to_owned()
            }
            Operand::MyPeople(Circle::Subtree) => {
                l.of("本部门及下级部门的人", "the people of my department and those below").to_owned()
            }
            Operand::MyDepartments(Circle::Subtree) => {
                l.of("本部门及下级部门", "my department and those below").to_owned()
            }
            Operand::MyDepartments(Circle::Department) => l.of("本部门", "my department").to_owned(),
            // The circle of reports consists of people.
            Operand::MyDepartments(Circle::Reports) => l.of("无部门", "no department").to_owned(),
            Operand::Now { days: 0 } => l.of("现在", "now").to_owned(),
            Operand::Today { days: 0 } => l.of("今天", "today").to_owned(),
            Operand::Now { days } | Operand::Today { days } => {
                let (n, past) = (days.unsigned_abs(), *days < 0);
                let en = if n == 1 { "day" } else { "days" };
                match (l, past) {
                    (Language::Zh, true) => format!(" {n} 天前"),
                    (Language::Zh, false) => format!(" {n} 天后"),
                    (Language::En, true) => format!("{n} {en} ago"),
                    (Language::En, false) => format!("{n} {en} from now"),
                }
            }
        }
    }

    fn value(&self, field: Option<&Field>, kind: FieldType, json: &Json) -> String {
        let l = self.language;
        let text = match literal(kind, json) {
            Some(Value::Text(t)) => {
                let option = field.and_then(|f| f.options.iter().find(|o| o.value == t));
                option.map_or(t, |o| l.label(&o.label).to_owned())
            }
            Some(Value::Bool(b)) => {
                l.of(if b { "是" } else { "否" }, if b { "yes" } else { "no" }).to_owned()
            }
            Some(Value::Int(n)) => return self.number(kind, n),
            Some(Value::Day(d)) => return format!("{}{}", l.of(" ", ""), format_date(d)),
            Some(Value::Time(t)) => {
                let local = t.plus_seconds(8 * 3_600).to_string();
                let moment = local.get(..16).unwrap_or(&local).replace('T', " ");
                return match l {
                    Language::Zh => format!("北京时间 {moment}"),
                    Language::En => format!("{moment} (UTC+8)"),
                };
            }
            Some(Value::Id(id)) => self.names.name(kind, id).unwrap_or_else(|| id.to_string()),
            _ => json.as_str().map_or_else(|| json.to_string(), str::to_owned),
        };
        match l {
            Language::Zh => format!("「{text}」"),
            Language::En => format!("“{text}”"),
        }
    }

    fn number(&self, kind: FieldType, n: i64) -> String {
        match (self.language, kind) {
            (Language::Zh, FieldType::Money) => format!(" {} 元", yuan(n)),
            (Language::En, FieldType::Money) => format!("CNY {}", yuan(n)),
            (Language::Zh, FieldType::Duration) => format!(" {n} 秒"),
            (Language::En, FieldType::Duration) => format!("{n} seconds"),
            (Language::Zh, _) => format!(" {n}"),
            (Language::En, _) => n.to_string(),
        }
    }
}

/// Minor units as an amount: 1234567 is 12,345.67.
fn yuan(fen: i64) -> String {
    let (whole, part) = (fen.unsigned_abs() / 100, fen.unsigned_abs() % 100);
    let digits = whole.to_string();
    let mut out = String::from(if fen < 0 { "-" } else { "" });
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if part > 0 {
        out.push_str(&format!(".{part:02}"));
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::builtin;

    fn say(object: &str, json: &Json) -> (String, String) {
        let catalog = builtin::catalog();
        let object = catalog.object(object).unwrap();
        let condition = Condition::from_json(json).unwrap();
        let label = super::condition(&condition, object, &catalog, &NoNames);
        (label.zh, label.en)
    }

    #[track_caller]
    fn says(object: &str, json: &Json, zh: &str, en: &str) {
        assert_eq!(say(object, json), (zh.to_owned(), en.to_owned()));
    }

    #[test]
    fn conditions_read_like_sentences() {
        says(
            "customer",
            &json!({"all": [
                {"field": "level", "op": "in", "value": ["a", "b"]},
                {"any": [{"field": "owner", "op": "eq", "value": {"me": true}}, {"field": "stage", "op": "eq", "value": "lead"}]},
            ]}),
            "级别是「A 重点」「B 重要」之一且（负责人是本人或阶段是「线索」）",
            "Level is one of “A key” or “B important” and (Owner is me or Stage is “Lead”)",
        );
        says(
            "deal",
            &json!({"all": [
                {"field": "amount", "op": "ge", "value": 123_456_700},
                {"field": "expected_close", "op": "lt", "value": {"today": {"days": 7}}},
                {"not": {"field": "customer.stage", "op": "eq", "value": "lost"}},
            ]}),
            "金额至少 1,234,567 元且预计成交早于 7 天后且并非（客户的阶段是「流失」）",
            "Amount is at least CNY 1,234,567 and Expected close is earlier than 7 days from now and not (Customer’s Stage is “Lost”)",
        );
        says(
            "task",
            &json!({"any": [
                {"field": "owner", "op": "in", "value": {"my_people": "subtree"}},
                {"field": "due_at", "op": "le", "value": "2026-11-23T05:00:00Z"},
                {"field": "customer", "op": "is_empty"},
            ]}),
            "负责人属于本部门及下级部门的人或截止时间不晚于北京时间 2026-11-23 13:00或客户为空",
            "Owner is among the people of my department and those below or Due is not later than 2026-11-23 13:00 (UTC+8) or Customer is empty",
        );
        says(
            "deal",
            &json!({"field": "expected_close", "op": "gt", "value": "2026-11-23"}),
            "预计成交晚于 2026-11-23",
            "Expected close is later than 2026-11-23",
        );
    }

    #[test]
    fn what_nobody_knows_is_shown_as_it_is() {
        says(
            "customer",
            &json!({"field": "nothing.there", "op": "ne", "value": {"me": true}}),
            "nothing.there不是本人",
            "nothing.there is not me",
        );
        says("customer", &json!({"all": []}), "任何情况", "in any case");
    }
}
