//! Records in memory and small companies, shared by the tests.
#![allow(dead_code, reason = "each test file uses its part")]

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use kernel::condition::{Path, Row};
use kernel::{DepartmentId, PersonId, RuleId, Timestamp, Value};
use policy::*;
use uuid::Uuid;

pub fn person(n: u128) -> PersonId {
    PersonId(Uuid::from_u128(0x1000 + n))
}

pub fn department(n: u128) -> DepartmentId {
    DepartmentId(Uuid::from_u128(0x2000 + n))
}

pub fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

pub fn noon() -> Timestamp {
    at("2026-11-23T04:00:00Z")
}

/// A record: its values, and the records that its references point to.
#[derive(Clone, Debug, Default)]
pub struct Record {
    pub id: u128,
    pub values: BTreeMap<String, Value>,
    pub parents: BTreeMap<String, Arc<Record>>,
}

impl Record {
    pub fn new(id: u128) -> Self {
        Self { id, ..Self::default() }
    }

    pub fn owned(self, n: u128) -> Self {
        self.with("owner", Value::Id(person(n).0))
    }

    pub fn in_department(self, n: u128) -> Self {
        self.with("department", Value::Id(department(n).0))
    }

    pub fn with(mut self, field: &str, value: Value) -> Self {
        self.values.insert(field.to_owned(), value);
        self
    }

    pub fn of(mut self, reference: &str, parent: &Record) -> Self {
        self.parents.insert(reference.to_owned(), Arc::new(parent.clone()));
        self.with(reference, Value::Id(Uuid::from_u128(parent.id)))
    }

    pub fn get(&self, field: &str) -> Value {
        if field == "id" {
            return Value::Id(Uuid::from_u128(self.id));
        }
        self.values.get(field).cloned().unwrap_or_default()
    }
}

impl Row for Record {
    fn value(&self, path: &Path) -> Value {
        match &path.through {
            None => self.get(&path.field),
            Some((reference, _)) => self.parents.get(reference).map_or(Value::Null, |p| p.get(&path.field)),
        }
    }
}

/// Notes which paths an evaluation asks for.
pub struct Watched<'a>(pub &'a Record, pub RefCell<BTreeSet<Path>>);

impl Row for Watched<'_> {
    fn value(&self, path: &Path) -> Value {
        self.1.borrow_mut().insert(path.clone());
        self.0.value(path)
    }
}

pub fn someone(n: u128, roles: &[&str], departments: &[u128]) -> Person {
    Person {
        id: person(n),
        name: format!("person {n}"),
        departments: departments.iter().map(|d| department(*d)).collect(),
        manager: None,
        status: PersonStatus::Active,
        roles: roles.iter().map(|r| (*r).to_owned()).collect(),
        facts: PersonFacts::default(),
    }
}

pub fn some_department(n: u128, parent: Option<u128>) -> Department {
    Department { id: department(n), parent: parent.map(department), name: format!("department {n}") }
}

/// The session of a person of the company, with everything the company gives them.
pub fn session(org: &Org, n: u128) -> Arc<Principal> {
    let p = org.person(person(n)).unwrap();
    Arc::new(Principal::person(p.id, p.roles.clone(), p.departments.clone()))
}

/// A permit for everyone to list and read all records of an object, without any field.
pub fn rule(n: u128, object: &str) -> Rule {
    Rule {
        id: RuleId(Uuid::from_u128(n)),
        name: format!("rule {n}"),
        effect: Effect::Permit,
        who: Who::Everyone,
        object: object.to_owned(),
        actions: [ActionKind::List, ActionKind::Read].into(),
        rows: RowScope::All,
        fields: Vec::new(),
        obligations: Obligations::default(),
        circumstances: None,
        valid_from: None,
        valid_until: None,
        builtin: false,
    }
}

pub fn named(fields: &[&str], access: FieldAccess) -> FieldRule {
    FieldRule { fields: FieldSet::Named(fields.iter().map(|f| (*f).to_owned()).collect()), access }
}

pub fn all(access: FieldAccess) -> FieldRule {
    FieldRule { fields: FieldSet::All, access }
}
