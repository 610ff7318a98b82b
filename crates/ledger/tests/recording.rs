//! Recording: durable, dense, in the order of the writer, whatever goes on beside it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod fixture;

use std::sync::Arc;

use fixture::{World, open, soon};
use kernel::{Clock, FakeClock};
use ledger::{Actor, Disclosed, Disclosure, Entry, Error, proof};
use store::Store;

async fn a_disclosure_comes_out_after_its_entry(store: Store) {
    let world = World::new(store);
    for n in 0..3 {
        let page = Disclosure::new(format!("page {n}"), world.reading(n));
        let disclosed = world.ledger.record(page).await.unwrap();
        assert_eq!((disclosed.seq(), disclosed.len()), (u64::from(n), 6));
        assert_eq!(world.seqs().await.len(), usize::from(n) + 1);
        assert_eq!(disclosed.into_inner(), format!("page {n}"));
    }
}

async fn a_job_that_rolls_back_leaves_no_gap(store: Store) {
    let world = World::new(store);
    world.read(0..3).await;
    let (ledger, entry) = (world.ledger.clone(), world.reading(3));
    let failed: Result<(), Error> = world
        .store
        .write(move |conn| {
            ledger.append(conn, &[entry])?;
            Err(Error::Unrecorded)
        })
        .await;
    assert!(failed.is_err());
    world.read(4..6).await;
    assert_eq!(world.seqs().await, [0, 1, 2, 3, 4]);
    assert_eq!(world.ledger.integrate().await.unwrap().unwrap().size(), 5);
}

async fn a_change_without_an_entry_is_refused(store: Store) {
    let world = World::new(store);
    let ledger = world.ledger.clone();
    let refused = world.store.write(move |conn| ledger.append(conn, &[])).await;
    assert!(matches!(refused, Err(Error::Unrecorded)));
}

async fn many_readers_and_writers_at_once_lose_nothing(store: Store) {
    let world = Arc::new(World::new(store));
    let mut tasks = tokio::task::JoinSet::new();
    for task in 0..16u16 {
        let world = Arc::clone(&world);
        tasks.spawn(async move {
            let mut mine = Vec::new();
            for n in 0..20 {
                let entry = world.reading(task * 100 + n);
                mine.push(if task % 4 == 0 {
                    let ledger = world.ledger.clone();
                    let written = world.store.write(move |conn| ledger.append(conn, &[entry])).await.unwrap();
                    Disclosed::with_receipt((), written).seq()
                } else {
                    world.ledger.note(entry).await.unwrap()
                });
            }
            mine
        });
    }
    let mut seqs: Vec<u64> = soon(tasks.join_all()).await.into_iter().flatten().collect();
    seqs.sort_unstable();
    assert_eq!(seqs, (0..320).collect::<Vec<u64>>());
    assert_eq!(world.ledger.integrate().await.unwrap().unwrap().size(), 320);
    assert_eq!(world.problems().await, []);
}

async fn a_checkpoint_comes_by_itself_and_covers_the_entry(store: Store) {
    let world = World::new(store);
    for n in 0..3 {
        let seq = world.ledger.note(world.reading(n)).await.unwrap();
        let checkpoint = soon(world.ledger.covered(seq)).await.unwrap();
        assert!(checkpoint.size() > seq);
        let proved = world.ledger.inclusion_proof(seq).await.unwrap();
        assert!(proof::verify_inclusion(&proved.leaf, seq, proved.size, &proved.path, &proved.root));
    }
}

async fn entries_and_tree_survive_reopening(store: Store) {
    let world = World::with_readings(store, 700).await;
    let old = world.ledger.checkpoint().unwrap();
    world.read(700..710).await;
    let World { ledger, store, clock } = world;
    drop(ledger);
    let world = World { ledger: open(&store, &clock), store, clock };
    let new = soon(world.ledger.covered(709)).await.unwrap();
    let path = world.ledger.consistency_proof(old.size(), new.size()).await.unwrap();
    assert!(proof::verify_consistency(old.size(), new.size(), &old.root(), &new.root(), &path));
    assert!(world.ledger.verify(vec![old.as_ref().clone()]).await.unwrap().is_whole());
}

async fn every_entry_can_be_proved_from_the_stored_tiles(store: Store) {
    let world = World::with_readings(store, 1_300).await;
    let head = world.ledger.checkpoint().unwrap();
    for seq in [0, 1, 255, 256, 511, 700, 1_279, 1_280, 1_299] {
        let proved = world.ledger.inclusion_proof(seq).await.unwrap();
        assert!(proof::verify_inclusion(&proved.leaf, seq, head.size(), &proved.path, &head.root()), "{seq}");
    }
    assert!(matches!(
        world.ledger.inclusion_proof(1_300).await,
        Err(Error::NotCovered { seq: 1_300, size: 1_300 })
    ));
    let tile = |level, index| world.ledger.tile(ledger::tile::TileId { level, index }, None);
    assert_eq!(tile(0, 4).await.unwrap().unwrap().len(), 256 * 32);
    assert_eq!(tile(0, 5).await.unwrap().unwrap().len(), 20 * 32);
    assert_eq!(tile(1, 0).await.unwrap().unwrap().len(), 5 * 32);
    assert_eq!(tile(0, 6).await.unwrap(), None);
    let bundle = world.ledger.entry_bundle(5, None).await.unwrap().unwrap();
    let length = usize::from(u16::from_be_bytes([bundle[0], bundle[1]]));
    let first = Entry::from_bytes(&bundle[2..2 + length]).unwrap();
    assert_eq!(first.records.listed(), [fixture::record(1_280)]);
}

async fn an_entry_that_is_too_large_stops_nobody_else(store: Store) {
    let world = World::new(store);
    let clock = FakeClock::at("2026-11-23T00:00:00Z");
    let large = Entry::new(clock.now(), Actor::system(), "x".repeat(70_000));
    assert!(matches!(world.ledger.note(large).await, Err(Error::TooLarge { .. })));
    assert_eq!(world.ledger.note(world.reading(1)).await.unwrap(), 0);
}

on_both_engines!(
    a_disclosure_comes_out_after_its_entry,
    a_job_that_rolls_back_leaves_no_gap,
    a_change_without_an_entry_is_refused,
    many_readers_and_writers_at_once_lose_nothing,
    a_checkpoint_comes_by_itself_and_covers_the_entry,
    entries_and_tree_survive_reopening,
    every_entry_can_be_proved_from_the_stored_tiles,
    an_entry_that_is_too_large_stops_nobody_else,
);
