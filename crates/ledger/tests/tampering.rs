//! Whoever rewrites history is found out: every way of changing the tables behind the ledger's back.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod fixture;

use std::sync::Arc;

use fixture::{ORIGIN, World, open, signer};
use kernel::Clock;
use ledger::{Error, Ledger, Outcome, Problem};
use store::{Param, Store};

fn found(problems: &[Problem], key: &str, seq: u64) -> bool {
    problems.iter().any(|problem| problem.key == key && problem.seq == seq)
}

#[track_caller]
fn assert_found(problems: &[Problem], key: &str, seq: u64) {
    assert!(found(problems, key, seq), "no {key} at {seq} in {problems:#?}");
}

async fn an_untouched_ledger_is_whole(store: Store) {
    let world = World::with_readings(store, 1_000).await;
    let report = world.ledger.verify(Vec::new()).await.unwrap();
    assert_eq!(report.problems, []);
    let head = world.ledger.checkpoint().unwrap();
    assert_eq!((report.size, report.checked, report.root), (1_000, 1_000, Some(head.root())));
    assert!(report.checkpoints >= 1);
}

async fn an_edited_entry_is_found(store: Store) {
    let world = World::with_readings(store, 600).await;
    world.replace(300, &world.reading(300).outcome(Outcome::Refused)).await;
    let problems = world.problems().await;
    assert_found(&problems, "changed", 300);
    assert_eq!(problems.len(), 1, "damage to one entry is one problem: {problems:#?}");
}

async fn an_edited_entry_with_edited_columns_is_found_by_its_tile(store: Store) {
    let world = World::with_readings(store, 600).await;
    let edited = world.reading(300);
    world.replace(300, &edited).await;
    let leaf = ledger::leaf_hash(&edited.bytes().unwrap());
    let at = edited.at.0;
    let fixed: Result<u64, store::Error> = world
        .store
        .write(move |conn| {
            let params = [Param::Blob(&leaf), Param::Int(at)];
            conn.execute("UPDATE ledger_index SET leaf = $1, at = $2 WHERE seq = 300", &params)
        })
        .await;
    assert_eq!(fixed.unwrap(), 1);
    assert_found(&world.problems().await, "tile", 300);
}

async fn an_edit_carried_through_to_all_hashes_is_found_by_the_signature(store: Store) {
    let world = World::with_readings(store, 100).await;
    let edited = world.reading(60);
    world.replace(60, &edited).await;
    let (leaf, at) = (ledger::leaf_hash(&edited.bytes().unwrap()), edited.at.0);
    let fixed: Result<u64, store::Error> = world
        .store
        .write(move |conn| {
            let params = [Param::Blob(&leaf), Param::Int(at)];
            conn.execute("UPDATE ledger_index SET leaf = $1, at = $2 WHERE seq = 60", &params)
        })
        .await;
    assert_eq!(fixed.unwrap(), 1);
    assert_found(&world.problems().await, "root", 0);
}

async fn a_deleted_entry_is_found(store: Store) {
    let world = World::with_readings(store, 600).await;
    world.tamper("DELETE FROM ledger_entry WHERE seq IN (7, 8, 9, 500)").await;
    let problems = world.problems().await;
    assert_found(&problems, "missing", 7);
    assert_found(&problems, "missing", 500);
    assert_eq!(problems.len(), 2, "{problems:#?}");
}

async fn a_deleted_entry_with_its_index_row_is_found(store: Store) {
    let world = World::with_readings(store, 300).await;
    world.tamper("DELETE FROM ledger_entry WHERE seq = 299").await;
    world.tamper("DELETE FROM ledger_index WHERE seq = 299").await;
    assert_found(&world.problems().await, "missing", 299);
}

async fn swapped_entries_are_found(store: Store) {
    let world = World::with_readings(store, 300).await;
    for sql in [
        "UPDATE ledger_entry SET seq = -1 WHERE seq = 10",
        "UPDATE ledger_entry SET seq = 10 WHERE seq = 20",
        "UPDATE ledger_entry SET seq = 20 WHERE seq = -1",
    ] {
        world.tamper(sql).await;
    }
    let problems = world.problems().await;
    assert_found(&problems, "changed", 10);
    assert_found(&problems, "changed", 20);
}

async fn an_inserted_entry_is_found(store: Store) {
    let world = World::with_readings(store, 300).await;
    // Room is made in the middle and the forged row put there.
    for sql in [
        "UPDATE ledger_entry SET seq = -1 - seq WHERE seq >= 150",
        "UPDATE ledger_entry SET seq = -seq WHERE seq < 0",
        "INSERT INTO ledger_entry (seq, body) SELECT 150, body FROM ledger_entry WHERE seq = 3",
    ] {
        world.tamper(sql).await;
    }
    assert_found(&world.problems().await, "changed", 150);
    world
        .tamper("INSERT INTO ledger_entry (seq, body) SELECT -4, body FROM ledger_entry WHERE seq = 3")
        .await;
    assert_found(&world.problems().await, "stray_entry", 0);
}

async fn an_edited_column_is_found(store: Store) {
    for (sql, seq) in [
        ("UPDATE ledger_index SET at = at + 1 WHERE seq = 11", 11),
        ("UPDATE ledger_index SET person = NULL WHERE seq = 12", 12),
        ("UPDATE ledger_index SET action = 'list' WHERE seq = 13", 13),
        ("UPDATE ledger_index SET object = NULL WHERE seq = 14", 14),
        ("UPDATE ledger_index SET outcome = 1 WHERE seq = 15", 15),
    ] {
        let world =
            if seq == 11 { World::with_readings(store.clone(), 50).await } else { World::attach(&store) };
        world.tamper(sql).await;
        assert_found(&world.problems().await, "column", seq);
    }
    let world = World::attach(&store);
    world.tamper("DELETE FROM ledger_index WHERE seq = 16").await;
    assert_found(&world.problems().await, "not_indexed", 16);
}

async fn an_edited_or_deleted_tile_is_found(store: Store) {
    let world = World::with_readings(store, 600).await;
    world
        .tamper(
            "UPDATE ledger_tile SET hashes = (SELECT hashes FROM ledger_tile WHERE idx = 1) WHERE idx = 0",
        )
        .await;
    assert_found(&world.problems().await, "tile", 0);
    world.tamper("DELETE FROM ledger_tile WHERE idx = 1").await;
    assert_found(&world.problems().await, "tile", 256);
}

async fn a_forged_checkpoint_is_found(store: Store) {
    let world = World::with_readings(store, 100).await;
    world.tamper("UPDATE ledger_checkpoint SET note = replace(note, '100', '099') WHERE size = 100").await;
    assert_found(&world.problems().await, "forged", 99);
}

async fn a_checkpoint_of_another_key_is_found(store: Store) {
    let world = World::with_readings(store, 100).await;
    world.tamper("DELETE FROM ledger_checkpoint WHERE size > 0").await;
    let World { ledger, store, clock } = world;
    drop(ledger);
    let stranger =
        Ledger::open(store.clone(), signer(9), Arc::clone(&clock) as Arc<dyn Clock>, ORIGIN).unwrap();
    // The stranger cannot even start: the rows are already integrated. What it could sign is a copy elsewhere.
    assert!(stranger.integrate().await.is_err());
    drop(stranger);
    let world = World { ledger: open(&store, &clock), store, clock };
    assert!(world.ledger.integrate().await.is_err());
}

async fn a_ledger_cut_short_is_found_with_a_kept_checkpoint(store: Store) {
    let world = World::with_readings(store, 100).await;
    let kept = world.ledger.checkpoint().unwrap().as_ref().clone();
    for sql in [
        "DELETE FROM ledger_entry WHERE seq >= 50",
        "DELETE FROM ledger_index WHERE seq >= 50",
        "DELETE FROM ledger_checkpoint WHERE size > 50",
    ] {
        world.tamper(sql).await;
    }
    let report = world.ledger.verify(vec![kept]).await.unwrap();
    assert_found(&report.problems, "cut_off", 50);
}

async fn a_damaged_tree_is_not_signed_again(store: Store) {
    let world = World::with_readings(store, 100).await;
    world
        .tamper("UPDATE ledger_index SET leaf = (SELECT leaf FROM ledger_index WHERE seq = 1) WHERE seq = 2")
        .await;
    let World { ledger, store, clock } = world;
    drop(ledger);
    let world = World { ledger: open(&store, &clock), store, clock };
    assert_eq!(world.ledger.note(world.reading(1)).await.unwrap(), 100, "recording goes on");
    assert!(matches!(world.ledger.integrate().await, Err(Error::Damaged { .. })));
}

on_both_engines!(
    an_untouched_ledger_is_whole,
    an_edited_entry_is_found,
    an_edited_entry_with_edited_columns_is_found_by_its_tile,
    an_edit_carried_through_to_all_hashes_is_found_by_the_signature,
    a_deleted_entry_is_found,
    a_deleted_entry_with_its_index_row_is_found,
    swapped_entries_are_found,
    an_inserted_entry_is_found,
    an_edited_column_is_found,
    an_edited_or_deleted_tile_is_found,
    a_forged_checkpoint_is_found,
    a_checkpoint_of_another_key_is_found,
    a_ledger_cut_short_is_found_with_a_kept_checkpoint,
    a_damaged_tree_is_not_signed_again,
);
