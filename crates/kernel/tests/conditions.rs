//! Conditions as an algebra: the JSON form loses nothing, limits hold, and the meaning is total and two-valued.
#![allow(clippy::unwrap_used, reason = "a test stops where its world is not as said")]

use std::collections::{BTreeMap, BTreeSet};

use kernel::condition::{
    Bound, Circle, Facts, MAX_DEPTH, MAX_LIST, MAX_NODES, Malformed, Op, Operand, Path, Row,
};
use kernel::{Catalog, Condition, Object, Timestamp, Value, builtin};
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use uuid::Uuid;

struct World;

impl Facts for World {
    fn me(&self) -> Uuid {
        Uuid::from_u128(1)
    }
    fn people(&self, circle: Circle) -> BTreeSet<Uuid> {
        let n = match circle {
            Circle::Reports => 0,
            Circle::Department => 2,
            Circle::Subtree => 3,
        };
        (1..=n).map(Uuid::from_u128).collect()
    }
    fn departments(&self, circle: Circle) -> BTreeSet<Uuid> {
        self.people(circle)
    }
    fn now(&self) -> Timestamp {
        Timestamp::parse("2026-11-23T05:00:00Z").unwrap()
    }
}

/// A deal and, over `customer`, its customer.
#[derive(Debug, Clone, Default)]
struct Deal(BTreeMap<&'static str, Value>);

impl Row for Deal {
    fn value(&self, path: &Path) -> Value {
        let name = match &path.through {
            None => path.field.clone(),
            Some((reference, _)) => format!("{reference}.{}", path.field),
        };
        self.0.get(name.as_str()).cloned().unwrap_or_default()
    }
}

fn catalog() -> Catalog {
    builtin::catalog()
}

fn deal(catalog: &Catalog) -> &Object {
    catalog.object("deal").unwrap()
}

fn bind(condition: &Condition) -> Result<Bound, Malformed> {
    let catalog = catalog();
    condition.bind(deal(&catalog), &catalog, &World)
}

fn value() -> impl Strategy<Value = Deal> {
    let id = prop_oneof![Just(Value::Null), (1..5u128).prop_map(|n| Value::Id(Uuid::from_u128(n)))];
    let stage = || prop_oneof![Just(Value::Null), "(won|lost|visit)".prop_map(Value::Text)];
    let amount = prop_oneof![Just(Value::Null), (-3..3i64).prop_map(Value::Int)];
    let day = prop_oneof![Just(Value::Null), (20_778..20_784i64).prop_map(Value::Day)];
    let time =
        prop_oneof![Just(Value::Null), (20_778..20_784i64).prop_map(|d| Value::Time(Timestamp::from_day(d)))];
    (id, stage(), stage(), amount, day, time).prop_map(|(owner, stage, parent, amount, day, time)| {
        let values = [
            ("owner", owner),
            ("stage", stage),
            ("customer.stage", parent),
            ("amount", amount),
            ("expected_close", day),
            ("closed_at", time),
        ];
        Deal(values.into_iter().collect())
    })
}

/// A test that binds.
fn test() -> impl Strategy<Value = Condition> {
    let literal = |json| Operand::Literal(json);
    let ordered =
        prop_oneof![Just(Op::Eq), Just(Op::Ne), Just(Op::Lt), Just(Op::Le), Just(Op::Gt), Just(Op::Ge)];
    let any_field = "(owner|stage|customer[.]stage|amount|expected_close|closed_at)";
    prop_oneof![
        any_field.prop_map(move |f| Condition::test(&f, Op::IsEmpty, literal(Json::Null))),
        (ordered.clone(), -3..3i64).prop_map(move |(op, n)| Condition::test("amount", op, literal(json!(n)))),
        (ordered.clone(), -3..3i64).prop_map(|(op, days)| Condition::test(
            "expected_close",
            op,
            Operand::Today { days }
        )),
        (ordered, -3..3i64).prop_map(|(op, days)| Condition::test("closed_at", op, Operand::Now { days })),
        ("(stage|customer[.]stage)", "(won|lost|lo|)", 0..4usize).prop_map(move |(f, text, op)| {
            let op = [Op::Eq, Op::Ne, Op::Contains, Op::StartsWith][op];
            Condition::test(&f, op, literal(json!(text)))
        }),
        proptest::collection::vec(-3..3i64, 0..4).prop_map(move |items| Condition::test(
            "amount",
            Op::In,
            literal(json!(items))
        )),
        Just(Condition::test("owner", Op::Eq, Operand::Me)),
        (0..3usize).prop_map(|c| {
            let circle = [Circle::Reports, Circle::Department, Circle::Subtree][c];
            Condition::test("owner", Op::In, Operand::MyPeople(circle))
        }),
    ]
}

fn condition() -> impl Strategy<Value = Condition> {
    test().prop_recursive(4, 40, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Condition::All),
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Condition::Any),
            inner.prop_map(|c| Condition::Not(Box::new(c))),
        ]
    })
}

/// The meaning, spelled out on the written condition: independent of binding.
fn means(condition: &Condition, row: &Deal) -> bool {
    match condition {
        Condition::All(parts) => !parts.iter().any(|p| !means(p, row)),
        Condition::Any(parts) => parts.iter().any(|p| means(p, row)),
        Condition::Not(part) => !means(part, row),
        Condition::Test { field, op, value } => {
            let found = row.0.get(field.as_str()).cloned().unwrap_or_default();
            let today = 20_780; // 2026-11-23, also in China at 13:00
            let wanted: Vec<Value> = match value {
                Operand::Literal(Json::Array(items)) => {
                    items.iter().map(|i| Value::Int(i.as_i64().unwrap())).collect()
                }
                Operand::Literal(Json::Number(n)) => vec![Value::Int(n.as_i64().unwrap())],
                Operand::Literal(Json::String(s)) => vec![Value::Text(s.clone())],
                Operand::Literal(_) => vec![],
                Operand::Me => vec![Value::Id(World.me())],
                Operand::MyPeople(c) => World.people(*c).into_iter().map(Value::Id).collect(),
                Operand::Today { days } => vec![Value::Day(today + days)],
                Operand::Now { days } => vec![Value::Time(World.now().plus_seconds(days * 86_400))],
                Operand::MyDepartments(_) => unreachable!("not generated"),
            };
            let is = |f: &dyn Fn(std::cmp::Ordering) -> bool| {
                found != Value::Null && wanted[0].compare(&found).is_some_and(|o| f(o.reverse()))
            };
            let text =
                || (found.as_text().unwrap_or("\0").to_owned(), wanted[0].as_text().unwrap().to_owned());
            match op {
                Op::IsEmpty => found == Value::Null,
                Op::In => wanted.contains(&found),
                Op::Eq => found == wanted[0],
                Op::Ne => found != wanted[0],
                Op::Lt => is(&|o| o.is_lt()),
                Op::Le => is(&|o| o.is_le()),
                Op::Gt => is(&|o| o.is_gt()),
                Op::Ge => is(&|o| o.is_ge()),
                Op::Contains => found != Value::Null && text().0.contains(&text().1),
                Op::StartsWith => found != Value::Null && text().0.starts_with(&text().1),
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn json_loses_nothing(c in condition()) {
        let json = c.to_json();
        prop_assert_eq!(Condition::from_json(&json).unwrap(), c.clone());
        let text = serde_json::to_string(&c).unwrap();
        prop_assert_eq!(serde_json::from_str::<Condition>(&text).unwrap(), c);
    }

    #[test]
    fn a_bound_condition_means_what_is_written(c in condition(), row in value()) {
        prop_assert_eq!(bind(&c).unwrap().holds(&row), means(&c, &row));
    }

    #[test]
    fn there_is_no_third_truth_value(c in condition(), row in value()) {
        let holds = bind(&c).unwrap().holds(&row);
        let not = Condition::Not(Box::new(c.clone()));
        prop_assert_eq!(bind(&not).unwrap().holds(&row), !holds);
        let excluded_middle = Condition::Any(vec![c.clone(), not.clone()]);
        prop_assert!(bind(&excluded_middle).unwrap().holds(&row));
        prop_assert!(!bind(&Condition::All(vec![c, not])).unwrap().holds(&row));
    }

    #[test]
    fn comparisons_with_nothing_are_false(c in test()) {
        let Condition::Test { op, .. } = &c else { unreachable!() };
        let expected = matches!(op, Op::IsEmpty | Op::Ne);
        prop_assert_eq!(bind(&c).unwrap().holds(&Deal::default()), expected);
    }

    #[test]
    fn no_json_makes_it_panic(
        field in "(owner|stage|amount|name[.]x|customer[.]id|.|)",
        op in "(eq|in|lt|is_empty|contains|nonsense)",
        value in prop_oneof![
            any::<i64>().prop_map(|n| json!(n)),
            any::<i64>().prop_map(|n| json!({"now": {"days": n}})),
            any::<i64>().prop_map(|n| json!({"today": {"days": n}})),
            any::<String>().prop_map(|s| json!(s)),
            any::<bool>().prop_map(|b| json!({"me": b})),
            Just(json!([null, [], {}])),
            Just(json!({"my_people": "everybody"})),
            Just(json!(1.5)),
        ],
    ) {
        if let Ok(c) = Condition::from_json(&json!({"field": field, "op": op, "value": value}))
            && let Ok(bound) = bind(&c)
        {
            bound.holds(&Deal::default());
        }
    }
}

fn nested(depth: usize) -> Json {
    (1..depth).fold(json!({"field": "stage", "op": "is_empty"}), |inner, _| json!({ "not": inner }))
}

#[test]
fn limits_hold() {
    let leaf = json!({"field": "stage", "op": "is_empty"});
    let wide = |n: usize| json!({ "all": vec![leaf.clone(); n] });
    let list = |n: usize| json!({"field": "amount", "op": "in", "value": vec![1; n]});
    assert!(Condition::from_json(&nested(MAX_DEPTH)).is_ok());
    assert_eq!(Condition::from_json(&nested(MAX_DEPTH + 1)), Err(Malformed::TooLarge));
    assert!(Condition::from_json(&wide(MAX_NODES - 1)).is_ok());
    assert_eq!(Condition::from_json(&wide(MAX_NODES)), Err(Malformed::TooLarge));
    assert!(Condition::from_json(&list(MAX_LIST)).is_ok());
    assert_eq!(Condition::from_json(&list(MAX_LIST + 1)), Err(Malformed::TooLarge));
}

#[test]
fn malformed_conditions_are_refused_not_guessed() {
    for json in [
        json!(null),
        json!({}),
        json!({"all": {}}),
        json!({"all": [], "any": []}),
        json!({"field": "stage", "op": "eq", "value": "won", "also": 1}),
        json!({"field": "owner", "op": "eq", "value": {"me": false}}),
        json!({"field": "owner", "op": "eq", "value": {"me": true, "you": true}}),
        json!({"field": "closed_at", "op": "lt", "value": {"now": {"days": i64::MIN}}}),
        json!({"field": "closed_at", "op": "lt", "value": {"now": {"days": 1, "hours": 1}}}),
        json!({"field": "stage", "op": "is_empty", "value": "won"}),
    ] {
        assert!(matches!(Condition::from_json(&json), Err(Malformed::Shape(_))), "{json}");
    }
}

#[test]
fn binding_refuses_what_does_not_fit_the_field() {
    let key = |json: Json| bind(&Condition::from_json(&json).unwrap()).unwrap_err().key();
    assert_eq!(key(json!({"field": "nothing", "op": "is_empty"})), "unknown_field");
    assert_eq!(key(json!({"field": "customer.owner.name", "op": "is_empty"})), "unknown_field");
    assert_eq!(key(json!({"field": "stage.id", "op": "is_empty"})), "unknown_field");
    assert_eq!(key(json!({"field": "stage", "op": "lt", "value": "won"})), "bad_operator");
    assert_eq!(key(json!({"field": "amount", "op": "contains", "value": "1"})), "bad_operator");
    assert_eq!(key(json!({"field": "amount", "op": "eq", "value": "1"})), "wrong_type");
    assert_eq!(key(json!({"field": "amount", "op": "eq", "value": null})), "wrong_type");
    assert_eq!(key(json!({"field": "stage", "op": "eq", "value": {"me": true}})), "wrong_type");
    assert_eq!(key(json!({"field": "stage", "op": "in", "value": "won"})), "wrong_type");
    assert_eq!(key(json!({"field": "stage", "op": "eq", "value": "a\u{0}b"})), "wrong_type");
}
