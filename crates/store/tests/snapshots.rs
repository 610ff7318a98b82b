//! Readers keep their snapshots while nothing changes that they look at, and never longer.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use store::{Conn, Error, Store, testing};

fn count(conn: &mut dyn Conn) -> Result<i64, Error> {
    conn.query("SELECT count(*) FROM note", &[])?[0].get_int(0)
}

fn add(conn: &mut dyn Conn) -> Result<(), Error> {
    conn.execute("INSERT INTO note(body) VALUES ($1)", &["正文".into()]).map(|_| ())
}

async fn table(store: &Store) {
    store.write(|conn| conn.batch("CREATE TABLE note(body TEXT)")).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_sees_every_acknowledged_write_whatever_was_read_before() {
    testing::both(|store| async move {
        table(&store).await;
        for written in 1..200 {
            store.write(add).await.unwrap();
            let (one, other) = tokio::join!(store.read(count), store.read(count));
            assert_eq!((one, other), (Ok(written), Ok(written)));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_aside_is_in_the_latest_state() {
    testing::both(|store| async move {
        table(&store).await;
        for written in 1..200 {
            let before = store.read(count).await.unwrap();
            store.write_aside(add).await.unwrap();
            assert!(before < written);
            assert_eq!(store.read_latest(count).await, Ok(written));
        }
        // An ordinary write brings the rest along.
        store.write(add).await.unwrap();
        assert_eq!(store.read(count).await, Ok(200));
    })
    .await;
}

#[test]
fn the_log_of_changes_does_not_grow_behind_kept_snapshots() {
    let made = testing::sqlite().unwrap();
    let store = made.store.clone();
    store.write_blocking(|conn| conn.batch("CREATE TABLE note(body TEXT)")).unwrap();
    let done = Arc::new(AtomicBool::new(false));
    let readers: Vec<_> = (0..4)
        .map(|_| {
            let (store, done) = (store.clone(), done.clone());
            std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
                while !done.load(Ordering::Relaxed) {
                    runtime.block_on(store.read(count)).unwrap();
                }
            })
        })
        .collect();
    let body = "x".repeat(4 << 20);
    for _ in 0..128 {
        let body = body.clone();
        store
            .write_aside_blocking(move |conn| {
                conn.execute("DELETE FROM note", &[])?;
                conn.execute("INSERT INTO note(body) VALUES ($1)", &[body.as_str().into()]).map(|_| ())
            })
            .unwrap();
    }
    done.store(true, Ordering::Relaxed);
    readers.into_iter().for_each(|reader| reader.join().unwrap());
    let log = made.dir.path().join("workspace.db-wal");
    let length = std::fs::metadata(log).unwrap().len();
    assert!(length < 160 << 20, "{length} bytes of the 512 MiB that were written");
}
