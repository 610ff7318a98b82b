//! Looking entries up: by everything the index knows, page by page, the newest second included.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod fixture;

use fixture::{World, person, record};
use kernel::{Clock, Timestamp};
use ledger::{Actor, Entry, Error, Filter, Outcome, StoredEntry};
use store::Store;

/// All pages of a filter.
async fn all(world: &World, filter: &Filter, limit: u32) -> Vec<StoredEntry> {
    let mut items = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let page = world.ledger.query(filter.clone(), cursor.as_deref(), limit).await.unwrap();
        assert!(page.items.len() <= usize::try_from(limit).unwrap());
        items.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            return items;
        }
    }
}

fn seqs(items: &[StoredEntry]) -> Vec<u64> {
    items.iter().map(|stored| stored.seq).collect()
}

/// 40 readings in the index, 20 more that are not in it yet (or are: it makes no difference).
async fn sixty(store: Store) -> World {
    let world = World::with_readings(store, 40).await;
    world.read(40..60).await;
    world
}

async fn pages_are_complete_newest_first_and_without_repeats(store: Store) {
    let world = sixty(store).await;
    for limit in [1, 7, 20, 59, 60, 200] {
        let items = all(&world, &Filter::default(), limit).await;
        assert_eq!(seqs(&items), (0..60).rev().collect::<Vec<u64>>(), "limit {limit}");
    }
    world.ledger.integrate().await.unwrap();
    let page = world.ledger.query(Filter::default(), None, 5).await.unwrap();
    assert_eq!((page.count.value, page.count.capped, page.items.len()), (60, false, 5));
    assert!(page.items.iter().all(|stored| stored.leaf == ledger::leaf_hash(&stored.entry.bytes().unwrap())));
}

async fn every_filter_agrees_with_itself_in_memory(store: Store) {
    let world = sixty(store).await;
    let odd = [
        Entry::new(world.clock.now(), Actor::unknown(), "sign_in_failed").outcome(Outcome::Refused),
        Entry::new(world.clock.now(), Actor::system(), "export").object("deal").outcome(Outcome::Failed),
        // The clock went back.
        Entry::new(Timestamp::parse("2026-11-23T00:00:10Z").unwrap(), Actor::person(person(1)), "list")
            .object("customer")
            .records((0..90).map(record)),
    ];
    for entry in odd {
        world.ledger.note(entry).await.unwrap();
    }
    let everything = all(&world, &Filter::default(), 1_000).await;
    assert_eq!(everything.len(), 63);
    let at = |text| Timestamp::parse(text);
    let filters = [
        Filter { person: Some(person(3)), ..Filter::default() },
        Filter { action: Some("read".to_owned()), person: Some(person(1)), ..Filter::default() },
        Filter { object: Some("deal".to_owned()), ..Filter::default() },
        Filter { outcome: Some(Outcome::Refused), ..Filter::default() },
        Filter { outcome: Some(Outcome::Failed), object: Some("customer".to_owned()), ..Filter::default() },
        Filter { record: Some(record(55)), ..Filter::default() },
        Filter { record: Some(record(12)), action: Some("list".to_owned()), ..Filter::default() },
        Filter { from: at("2026-11-23T00:00:08Z"), to: at("2026-11-23T00:00:12Z"), ..Filter::default() },
        Filter { from: at("2026-11-23T00:00:50Z"), ..Filter::default() },
    ];
    for integrated in [false, true] {
        if integrated {
            world.ledger.integrate().await.unwrap();
        }
        for filter in &filters {
            let expected: Vec<&StoredEntry> =
                everything.iter().filter(|s| filter.matches(&s.entry)).collect();
            for limit in [1, 2, 100] {
                let items = all(&world, filter, limit).await;
                assert_eq!(items.iter().collect::<Vec<_>>(), expected, "{filter:?}");
            }
        }
    }
}

async fn a_subject_is_not_taken_for_a_record(store: Store) {
    let world = World::new(store);
    let entry = Entry::new(world.clock.now(), Actor::system(), "erase").subject(kernel::SubjectId(record(1)));
    world.ledger.note(entry).await.unwrap();
    world.ledger.integrate().await.unwrap();
    let filter = Filter { record: Some(record(1)), ..Filter::default() };
    assert_eq!(all(&world, &filter, 10).await, []);
}

async fn counts_stop_at_the_cap_and_say_so(store: Store) {
    let world = World::new(store);
    for part in 0..21u16 {
        world.read(part * 500..(part + 1) * 500).await;
    }
    world.ledger.integrate().await.unwrap();
    let page = world.ledger.query(Filter::default(), None, 1).await.unwrap();
    assert_eq!((page.count.value, page.count.capped), (ledger::COUNT_CAP, true));
    let mine = Filter { person: Some(person(1)), ..Filter::default() };
    let page = world.ledger.query(mine, None, 1).await.unwrap();
    assert_eq!((page.count.value, page.count.capped), (2_100, false));
}

async fn a_foreign_cursor_is_refused(store: Store) {
    let world = World::new(store);
    for cursor in ["", "x", "1", "1.x", "1.2.3"] {
        let refused = world.ledger.query(Filter::default(), Some(cursor), 10).await;
        assert!(matches!(refused, Err(Error::BadCursor)), "{cursor}");
    }
}

async fn a_summary_counts_by_action_person_and_hour(store: Store) {
    let world = sixty(store).await;
    world.ledger.note(Entry::new(world.clock.now(), Actor::person(person(2)), "reveal")).await.unwrap();
    world.ledger.integrate().await.unwrap();
    let summary = world.ledger.summary(Filter::default()).await.unwrap();
    assert_eq!(summary.by_action, [("read".to_owned(), 60), ("reveal".to_owned(), 1)]);
    assert_eq!(summary.by_person[0], (Some(person(2)), 13));
    assert_eq!(summary.by_hour, [(Timestamp::parse("2026-11-23T00:00:00Z").unwrap(), 61)]);
    assert_eq!(summary.reveals, 1);
}

on_both_engines!(
    pages_are_complete_newest_first_and_without_repeats,
    every_filter_agrees_with_itself_in_memory,
    a_subject_is_not_taken_for_a_record,
    counts_stop_at_the_cap_and_say_so,
    a_foreign_cursor_is_refused,
    a_summary_counts_by_action_person_and_hour,
);
