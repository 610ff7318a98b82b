//! One condition, three evaluators, one meaning (DESIGN 3.3): SQLite, PostgreSQL and memory find the same rows.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::collections::BTreeMap;

use kernel::catalog::Label;
use kernel::condition::{Bound, Op, Path, Row};
use kernel::{Catalog, Class, Field, FieldType, Object, SeededRandom, Timestamp, Value};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use store::{Conn, Error, Sql, Store, ddl, testing};
use uuid::Uuid;

fn field(name: &str, kind: FieldType) -> Field {
    Field {
        name: name.to_owned(),
        label: Label::new(name, name),
        kind,
        class: Class::Open,
        required: false,
        target: (kind == FieldType::Ref).then(|| "place".to_owned()),
        options: Vec::new(),
        max_length: None,
        blind: false,
        searchable: false,
        sortable: kind != FieldType::LongText,
        system: false,
    }
}

fn object(name: &str, fields: Vec<Field>) -> Object {
    Object {
        name: name.to_owned(),
        label: Label::new(name, name),
        label_plural: Label::new(name, name),
        title_field: "text".to_owned(),
        parent: (name == "thing").then(|| "place".to_owned()),
        fields,
    }
}

/// `primary` is a word of SQL; `phone` is a blind field.
fn catalog() -> Catalog {
    let common = || {
        vec![
            field("text", FieldType::Text),
            field("primary", FieldType::Select),
            field("count", FieldType::Int),
            field("on", FieldType::Bool),
            field("day", FieldType::Date),
            field("time", FieldType::Datetime),
            field("person", FieldType::Person),
            Field { class: Class::Restricted, blind: true, ..field("phone", FieldType::Phone) },
        ]
    };
    let mut of_thing = common();
    of_thing.push(field("place", FieldType::Ref));
    Catalog::new(vec![object("thing", of_thing), object("place", common())])
}

/// Few values, so that conditions often hold, and such as break careless SQL.
const TEXTS: [&str; 12] =
    ["a", "A", "ab", "O'Brien", "50%", "5_0", "上海", "上海贸易", "\\", "\"q\"", "a\nb", "😀海"];
const NEEDLES: [&str; 14] = ["", "a", "A", "b", "'", "%", "_", "海", "上海", "\\", "\"", "\n", "😀", "zz"];
const PLACES: u128 = 12;
const THINGS: u128 = 60;

fn value(name: &str, pick: u64) -> Value {
    let small = i64::try_from(pick % 5).unwrap() - 2;
    match name {
        "text" | "primary" => Value::Text(TEXTS[usize::try_from(pick).unwrap() % TEXTS.len()].to_owned()),
        "count" => Value::Int(small),
        "version" => Value::Int(small + 3),
        "on" => Value::Bool(pick.is_multiple_of(2)),
        "day" => Value::Day(20_000 + small),
        "time" | "created_at" => Value::Time(Timestamp(1_700_000_000_000_000 + small)),
        "person" | "owner" => Value::Id(Uuid::from_u128(u128::from(pick % 4))),
        "place" => Value::Id(Uuid::from_u128(1_000 + u128::from(pick) % (PLACES + 3))),
        "phone_bi" => Value::Token(vec![u8::try_from(pick % 4).unwrap(); 12]),
        "id" => Value::Id(Uuid::from_u128(1_000 + u128::from(pick) % THINGS)),
        other => panic!("no values for {other}"),
    }
}

const COLUMNS: [&str; 9] = ["text", "primary", "count", "on", "day", "time", "person", "phone_bi", "owner"];

type Values = BTreeMap<String, Value>;

/// A row in memory with the place it points to, when that exists.
struct Thing {
    own: Values,
    place: Option<Values>,
}

impl Row for Thing {
    fn value(&self, path: &Path) -> Value {
        let of = if path.through.is_some() { self.place.as_ref() } else { Some(&self.own) };
        of.and_then(|values| values.get(&path.field)).cloned().unwrap_or_default()
    }
}

fn random_values(random: &SeededRandom, id: u128, refers: bool) -> Values {
    let mut values = Values::new();
    values.insert("id".to_owned(), Value::Id(Uuid::from_u128(id)));
    for name in ["version", "created_at"] {
        values.insert(name.to_owned(), value(name, random.next_u64()));
    }
    for name in COLUMNS.into_iter().chain(refers.then_some("place")) {
        let null = random.below(10) < 3;
        values.insert(name.to_owned(), if null { Value::Null } else { value(name, random.next_u64()) });
    }
    values
}

fn insert(conn: &mut dyn Conn, table: &str, values: &Values, deleted: bool) -> Result<(), Error> {
    let mut sql = Sql::new(conn.engine());
    sql.push(&format!("INSERT INTO {table}(seq, subject, updated_at, deleted_at"));
    for name in values.keys() {
        sql.push(&format!(", \"{name}\""));
    }
    sql.push(") VALUES (1, ").param(Uuid::nil()).push(", 1, ").param(deleted.then_some(9_i64));
    for value in values.values() {
        sql.push(", ").param(value);
    }
    sql.push(")");
    conn.execute(sql.text(), &sql.params()).map(|_| ())
}

/// The same random rows in a store and in memory.
fn fill(store: &Store, seed: u64) -> Vec<Thing> {
    let random = SeededRandom::new(seed);
    let places: Vec<(Values, bool)> =
        (0..PLACES).map(|n| (random_values(&random, 1_000 + n, false), random.below(4) == 0)).collect();
    let things: Vec<Values> = (0..THINGS).map(|n| random_values(&random, 1_000 + n, true)).collect();
    let rows = (places.clone(), things.clone());
    store
        .write_blocking(move |conn| -> Result<(), Error> {
            for object in catalog().objects() {
                ddl::ensure(conn, object)?;
            }
            rows.0.iter().try_for_each(|(values, deleted)| insert(conn, "place", values, *deleted))?;
            rows.1.iter().try_for_each(|values| insert(conn, "thing", values, false))
        })
        .unwrap();
    let place = |id: Option<&Value>| {
        places
            .iter()
            .find(|(values, deleted)| !deleted && values.get("id") == id)
            .map(|(values, _)| values.clone())
    };
    things.into_iter().map(|own| Thing { place: place(own.get("place")), own }).collect()
}

fn path() -> impl Strategy<Value = Path> {
    let names: Vec<&str> = COLUMNS.into_iter().chain(["id", "version", "created_at"]).collect();
    (any::<bool>(), prop::sample::select(names)).prop_map(|(hop, name)| Path {
        through: hop.then(|| ("place".to_owned(), "place".to_owned())),
        field: name.to_owned(),
        class: if name == "phone_bi" { Class::Restricted } else { Class::Open },
    })
}

fn test() -> impl Strategy<Value = Bound> {
    let ops = [Op::Eq, Op::Lt, Op::Le, Op::Gt, Op::Ge, Op::Contains, Op::StartsWith];
    let compare =
        (path(), prop::sample::select(ops.to_vec()), any::<u32>(), prop::sample::select(NEEDLES.to_vec()));
    let compare = compare.prop_map(|(path, op, pick, needle)| {
        let value = value(&path.field, pick.into());
        let textual = matches!(value, Value::Text(_));
        let ordered = matches!(value, Value::Int(_) | Value::Day(_) | Value::Time(_));
        match op {
            Op::Contains | Op::StartsWith if textual => {
                Bound::Test { path, op, value: Value::Text(needle.to_owned()) }
            }
            Op::Lt | Op::Le | Op::Gt | Op::Ge if ordered => Bound::Test { path, op, value },
            _ => Bound::Test { path, op: Op::Eq, value },
        }
    });
    let among = (path(), prop::collection::vec(any::<u32>(), 0..4)).prop_map(|(path, picks)| {
        let mut values: Vec<Value> = picks.into_iter().map(|pick| value(&path.field, pick.into())).collect();
        values.sort_by(|a, b| a.compare(b).unwrap());
        values.dedup();
        Bound::In { path, values }
    });
    prop_oneof![4 => compare, 2 => among, 1 => path().prop_map(|path| Bound::IsEmpty { path })]
}

fn condition() -> impl Strategy<Value = Bound> {
    test().prop_recursive(4, 24, 3, |inner| {
        let parts = prop::collection::vec(inner.clone(), 0..4);
        prop_oneof![
            2 => parts.clone().prop_map(Bound::All),
            2 => parts.prop_map(Bound::Any),
            3 => inner.prop_map(|part| Bound::Not(Box::new(part))),
        ]
    })
}

fn found(store: &Store, bound: &Bound) -> Result<Vec<Uuid>, Error> {
    let bound = bound.clone();
    store.read_blocking(move |conn| {
        let mut sql = Sql::new(conn.engine());
        sql.push("SELECT t.id FROM thing t WHERE t.deleted_at IS NULL AND ");
        sql.condition(&bound, "t", &catalog())?.push(" ORDER BY t.id");
        conn.query(sql.text(), &sql.params())?.iter().map(|row| row.get_id(0)).collect()
    })
}

fn agrees(made: &testing::TestStore, cases: u32, seed: u64) {
    let things = fill(&made.store, seed);
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&condition(), |bound| {
        let expected: Vec<Uuid> =
            things.iter().filter(|t| bound.holds(*t)).filter_map(|t| t.own["id"].as_id()).collect();
        prop_assert_eq!(found(&made.store, &bound), Ok(expected));
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("rows of seed {seed}: {failure}");
    }
}

#[test]
fn sqlite_and_memory_find_the_same_rows() {
    for seed in 1..=3 {
        agrees(&testing::sqlite().unwrap(), 500, seed);
    }
}

#[test]
fn postgres_and_memory_find_the_same_rows() {
    for seed in 1..=3 {
        agrees(&testing::postgres().unwrap(), 300, seed);
    }
}

#[test]
fn encrypted_fields_cannot_be_filtered_by() {
    for class in [Class::Confidential, Class::Restricted, Class::Sealed] {
        let path = Path { through: None, field: "phone".to_owned(), class };
        let refused =
            Sql::new(store::Engine::Sqlite).condition(&Bound::IsEmpty { path }, "t", &catalog()).err();
        assert_eq!(refused, Some(Error::NotFilterable("phone".to_owned())));
    }
}

#[test]
fn names_from_outside_never_become_sql() {
    let path = Path { through: None, field: "id\" OR 1=1 --".to_owned(), class: Class::Open };
    let refused = Sql::new(store::Engine::Sqlite).condition(&Bound::IsEmpty { path }, "t", &catalog()).err();
    assert!(matches!(refused, Some(Error::BadName(_))));
}
