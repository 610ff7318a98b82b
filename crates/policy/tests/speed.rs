//! Rough measures, run by hand: `cargo nextest run -p policy --release --run-ignored only --no-capture`.
#![allow(clippy::unwrap_used, reason = "a test stops where its world is not as said")]

mod support;

use std::sync::Arc;
use std::time::Instant;

use kernel::builtin;
use policy::*;
use support::*;

const PEOPLE: u128 = 50_000;
const DEPARTMENTS: u128 = 2_000;

fn people() -> Vec<Person> {
    let one = |n: u128| {
        let role = if n.is_multiple_of(20) { "manager" } else { "sales" };
        let manager = (n > 0).then(|| person((n - 1) / 8));
        Person { manager, ..someone(n, &[role], &[n % DEPARTMENTS]) }
    };
    (0..PEOPLE).map(one).collect()
}

fn departments() -> Vec<Department> {
    (0..DEPARTMENTS).map(|n| some_department(n, (n > 0).then(|| (n - 1) / 8))).collect()
}

fn quantile(sorted: &[u128], percent: usize) -> u128 {
    sorted[(sorted.len() - 1) * percent / 100]
}

#[test]
#[ignore = "a measure, not a claim"]
fn nanoseconds() {
    let (people, departments) = (people(), departments());
    let start = Instant::now();
    let org = Arc::new(Org::new(people, departments));
    println!("Org::new with {PEOPLE} people: {:?}", start.elapsed());

    let policy = Policy::new(builtin::catalog(), starter_rules(), org.clone());
    let principals: Vec<_> = (0..1_000).map(|n| session(&org, n * 49)).collect();
    let start = Instant::now();
    for who in &principals {
        assert!(policy.permit::<List>(who, "customer", noon()).is_ok());
    }
    println!("permit, first time: {} ns each of 1,000", start.elapsed().as_nanos() / 1_000);

    let mut all: Vec<u128> = (0..200)
        .flat_map(|_| &principals)
        .map(|who| {
            let start = Instant::now();
            let permit = policy.permit::<List>(who, "customer", noon());
            let took = start.elapsed().as_nanos();
            assert!(permit.is_ok());
            took
        })
        .collect();
    all.sort_unstable();
    println!("permit, cached: p50 {} ns, p99 {} ns (timer included)", quantile(&all, 50), quantile(&all, 99));
    let start = Instant::now();
    for _ in 0..200 {
        for who in &principals {
            assert!(policy.permit::<List>(who, "customer", noon()).is_ok());
        }
    }
    println!("permit, cached: mean {} ns", start.elapsed().as_nanos() / 200_000);

    let top = session(&org, 0);
    policy.set_org(org.clone());
    let start = Instant::now();
    let permit = policy.permit::<List>(&top, "customer", noon()).unwrap();
    println!(
        "permit of the top manager, first time: {:?}, {} owners",
        start.elapsed(),
        permit.plan().rows().runs().unwrap().0.len()
    );
    let record = Record::new(10).owned(777);
    let start = Instant::now();
    for _ in 0..100_000 {
        assert!(permit.plan().on_row(&record).allowed());
    }
    println!("on_row: {} ns", start.elapsed().as_nanos() / 100_000);
    let start = Instant::now();
    policy.set_org(Org::new(self::people(), self::departments()));
    println!("replacing the company: {:?}", start.elapsed());
    let start = Instant::now();
    let found = policy.who_can(ActionKind::Read, "customer", &record, noon());
    println!("who_can among {PEOPLE} people: {:?}, {} can", start.elapsed(), found.len());
    let start = Instant::now();
    assert!(policy.capabilities(&top, noon()).len() > 20);
    println!("capabilities, first time: {:?}", start.elapsed());
}
