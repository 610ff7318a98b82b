//! Writes are atomic one by one, durable together, and harm no other.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use store::{Conn, Error, KeyRow, Store, testing};

fn table(store: &Store) {
    store.write_blocking(|conn| conn.batch("CREATE TABLE note(id BIGINT PRIMARY KEY, body TEXT)")).unwrap();
}

fn insert(conn: &mut dyn Conn, id: i64) -> Result<(), Error> {
    conn.execute("INSERT INTO note(id, body) VALUES ($1, $2)", &[id.into(), "正文".into()]).map(|_| ())
}

fn ids(store: &Store) -> Vec<i64> {
    store
        .read_blocking(|conn| {
            conn.query("SELECT id FROM note ORDER BY id", &[])?
                .iter()
                .map(|r| r.get_int(0))
                .collect::<Result<_, Error>>()
        })
        .unwrap()
}

/// Holds the writer until all jobs of a test wait, so that they share a transaction.
fn hold(store: &Store) -> (std::sync::mpsc::Sender<()>, std::thread::JoinHandle<()>) {
    let (release, released) = std::sync::mpsc::channel::<()>();
    let (entered, inside) = std::sync::mpsc::channel::<()>();
    let store = store.clone();
    let holder = std::thread::spawn(move || {
        store
            .write_blocking(move |_| -> Result<(), Error> {
                entered.send(()).unwrap();
                let _ = released.recv();
                Ok(())
            })
            .unwrap();
    });
    inside.recv().unwrap();
    (release, holder)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_job_takes_nobody_with_it() {
    testing::both(|store| async move {
        table(&store);
        let (release, holder) = hold(&store);
        let jobs: Vec<_> = (0..60)
            .map(|id| {
                let store = store.clone();
                tokio::spawn(async move {
                    store
                        .write(move |conn| -> Result<(), Error> {
                            insert(conn, id)?;
                            insert(conn, 1_000 + id)?;
                            match id % 6 {
                                1 => Err(Error::LeaseLost),
                                2 => panic!("a job that panics on purpose"),
                                // Fails in SQL.
                                3 => insert(conn, id),
                                // Fails in SQL and hides it.
                                4 => {
                                    let _ = conn.execute("INSERT INTO nowhere VALUES (1)", &[]);
                                    Ok(())
                                }
                                _ => Ok(()),
                            }
                        })
                        .await
                })
            })
            .collect();
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        release.send(()).unwrap();
        for (id, job) in (0..60).zip(jobs) {
            let result = job.await.unwrap();
            match id % 6 {
                1 => assert_eq!(result, Err(Error::LeaseLost)),
                2 => assert_eq!(result, Err(Error::Panicked)),
                3 => assert!(matches!(result, Err(Error::Duplicate(_))), "{result:?}"),
                4 => assert_eq!(result, Err(Error::Ignored)),
                _ => assert_eq!(result, Ok(())),
            }
        }
        holder.join().unwrap();
        let kept: Vec<i64> = (0..60).filter(|id| matches!(id % 6, 0 | 5)).collect();
        let expected: Vec<i64> = kept.iter().copied().chain(kept.iter().map(|id| 1_000 + id)).collect();
        assert_eq!(ids(&store), expected);
    })
    .await;
}

#[test]
fn a_statement_that_does_not_prepare_undoes_only_its_own_job() {
    testing::both_blocking(|store| {
        table(store);
        let (release, holder) = hold(store);
        let results: Vec<_> = std::thread::scope(|scope| {
            let jobs: Vec<_> = (0..40)
                .map(|id| {
                    scope.spawn(move || {
                        store.write_blocking(move |conn| -> Result<(), Error> {
                            if id % 4 == 3 {
                                // Its first statement: nothing of the job has reached the server before.
                                conn.query("SELECT no_such_column FROM note", &[])?;
                            }
                            insert(conn, id)
                        })
                    })
                })
                .collect();
            std::thread::sleep(std::time::Duration::from_millis(100));
            release.send(()).unwrap();
            jobs.into_iter().map(|j| j.join().unwrap()).collect()
        });
        holder.join().unwrap();
        for (id, result) in (0..40).zip(&results) {
            assert_eq!(result.is_ok(), id % 4 != 3, "{id}: {result:?}");
        }
        assert_eq!(ids(store), (0..40).filter(|id| id % 4 != 3).collect::<Vec<i64>>());
    });
}

#[test]
fn a_panic_among_rows_leaves_the_connection_usable() {
    testing::both_blocking(|store| {
        table(store);
        (0..50).for_each(|id| store.write_blocking(move |conn| insert(conn, id)).unwrap());
        for _ in 0..8 {
            let work = |conn: &mut dyn Conn| {
                conn.query_each("SELECT id FROM note", &[], &mut |row| {
                    assert!(row.get_int(0)? < 10, "a visitor that panics on purpose");
                    Ok(true)
                })
            };
            assert_eq!(store.read_blocking(work), Err(Error::Panicked));
            assert_eq!(store.write_blocking(work), Err(Error::Panicked));
        }
        store.write_blocking(|conn| insert(conn, 50)).unwrap();
        assert_eq!(ids(store).len(), 51);
    });
}

#[test]
fn the_first_job_of_a_batch_fails_alone() {
    testing::both_blocking(|store| {
        table(store);
        let failed: Result<(), Error> = store.write_blocking(|conn| {
            insert(conn, 1)?;
            Err(Error::LeaseLost)
        });
        assert_eq!(failed, Err(Error::LeaseLost));
        store.write_blocking(|conn| insert(conn, 2)).unwrap();
        assert_eq!(ids(store), [2]);
    });
}

#[test]
fn readers_cannot_write() {
    testing::both_blocking(|store| {
        table(store);
        for _ in 0..8 {
            assert!(store.read_blocking(|conn| insert(conn, 1)).is_err());
            assert!(store.read_blocking(|conn| conn.batch("DROP TABLE note")).is_err());
        }
        assert_eq!(ids(store), Vec::<i64>::new());
    });
}

#[test]
fn a_read_sees_one_snapshot() {
    testing::both_blocking(|store| {
        table(store);
        let other = store.clone();
        let counts = store
            .read_blocking(move |conn| -> Result<Vec<i64>, Error> {
                let mut counts = Vec::new();
                for id in 0..3 {
                    counts.push(conn.query("SELECT count(*) FROM note", &[])?[0].get_int(0)?);
                    other.write_blocking(move |conn| insert(conn, id))?;
                }
                Ok(counts)
            })
            .unwrap();
        assert_eq!(counts, [0, 0, 0]);
        assert_eq!(ids(store), [0, 1, 2]);
    });
}

#[test]
fn what_was_asked_for_is_done_before_the_store_closes() {
    let made = testing::sqlite().unwrap();
    table(&made.store);
    let done = Arc::new(AtomicUsize::new(0));
    let (release, holder) = hold(&made.store);
    let askers: Vec<_> = (0..20)
        .map(|id| {
            let (store, done) = (made.store.clone(), Arc::clone(&done));
            std::thread::spawn(move || {
                store.write_blocking(move |conn| insert(conn, id)).unwrap();
                done.fetch_add(1, Ordering::SeqCst);
            })
        })
        .collect();
    release.send(()).unwrap();
    askers.into_iter().for_each(|a| a.join().unwrap());
    holder.join().unwrap();
    let testing::TestStore { store, dir, .. } = made;
    drop(store);
    assert_eq!(done.load(Ordering::SeqCst), 20);
    assert_eq!(ids(&testing::open(dir.path()).unwrap()).len(), 20);
}

#[test]
fn a_closed_store_has_done_what_was_asked_and_takes_no_more() {
    let made = testing::sqlite().unwrap();
    let store = &made.store;
    table(store);
    let (release, holder) = hold(store);
    let other = store.clone();
    let closing = std::thread::spawn(move || other.close());
    release.send(()).unwrap();
    holder.join().unwrap();
    closing.join().unwrap();
    let late = store.write_blocking(|conn| insert(conn, 8));
    assert!(matches!(late, Err(Error::Closed)), "{late:?}");
}

#[test]
fn a_job_may_drop_the_last_handle() {
    let made = testing::sqlite().unwrap();
    let testing::TestStore { store, dir, .. } = made;
    let (last, first) = (store.clone(), store);
    let (release, released) = std::sync::mpsc::channel::<()>();
    let waiter = std::thread::spawn(move || {
        let inside = first.clone();
        let work = move |_: &mut dyn Conn| -> Result<(), Error> {
            let _ = released.recv();
            drop(inside);
            Ok(())
        };
        first.write_blocking(work)
    });
    drop(last);
    release.send(()).unwrap();
    waiter.join().unwrap().unwrap();
    testing::open(dir.path()).unwrap();
}

fn key(n: u8) -> KeyRow {
    KeyRow { confidential: vec![n; 60], restricted: vec![n + 1; 60], kek: 1, created_at: 5 }
}

fn has_key(store: &Store, subject: [u8; 16]) -> bool {
    let sql = "SELECT confidential FROM keys.subject_key WHERE subject = $1 AND destroyed_at IS NULL";
    store.read_blocking(move |conn| Ok::<_, Error>(!conn.query(sql, &[subject.into()])?.is_empty())).unwrap()
}

#[test]
fn keys_are_kept_with_their_job_and_destroyed_for_good() {
    testing::both_blocking(|store| {
        table(store);
        let failed: Result<(), Error> = store.write_blocking(|conn| {
            conn.put_key(&[1; 16], key(1))?;
            Err(Error::LeaseLost)
        });
        assert!(failed.is_err());
        assert!(!has_key(store, [1; 16]));
        store
            .write_blocking(|conn| -> Result<(), Error> {
                for n in 1..=200 {
                    conn.put_key(&[n; 16], key(n))?;
                }
                insert(conn, 1)
            })
            .unwrap();
        assert!(has_key(store, [1; 16]) && has_key(store, [200; 16]));
        // A key in use is never overwritten: the job fails alone.
        let twice: Result<(), Error> = store.write_blocking(|conn| {
            insert(conn, 2)?;
            conn.put_key(&[1; 16], key(9))
        });
        assert!(matches!(twice, Err(Error::Duplicate(_))), "{twice:?}");
        assert_eq!(ids(store), [1]);
        store.write_blocking(|conn| conn.destroy_key(&[1; 16], kernel::Timestamp(7))).unwrap();
        store.write_blocking(|conn| conn.rewrap_key(&[1; 16], key(3))).unwrap();
        store.write_blocking(|conn| conn.rewrap_key(&[2; 16], key(4))).unwrap();
        let rows = store
            .read_blocking(|conn| {
                conn.query(
                    "SELECT confidential, restricted, destroyed_at FROM keys.subject_key \
                     WHERE subject < $1 ORDER BY subject",
                    &[[3_u8; 16].into()],
                )
            })
            .unwrap();
        assert_eq!(rows[0].opt_blob(0), Ok(None));
        assert_eq!((rows[0].opt_blob(1), rows[0].get_int(2)), (Ok(None), Ok(7)));
        assert_eq!(rows[1].get_blob(0), Ok([4; 60].as_slice()));
    });
}
