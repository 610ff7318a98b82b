//! What was acknowledged survives kill -9 (DESIGN 3.6), whole and with its key.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use store::{Conn, Error, KeyRow, Options, Store, testing};

const FOLDER: &str = "SHOUXIN_CRASH_FOLDER";
const DATABASE: &str = "SHOUXIN_CRASH_DATABASE";
const WRITERS: i64 = 8;

fn subject(id: i64) -> [u8; 16] {
    let mut subject = [0; 16];
    subject[8..].copy_from_slice(&id.to_be_bytes());
    subject
}

/// One job: two rows and a key that belong together.
fn job(conn: &mut dyn Conn, id: i64) -> Result<(), Error> {
    let key = KeyRow { confidential: vec![1; 60], restricted: vec![2; 60], kek: 1, created_at: 1 };
    conn.put_key(&subject(id), key)?;
    conn.execute("INSERT INTO one(id, subject) VALUES ($1, $2)", &[id.into(), subject(id).into()])?;
    conn.execute("INSERT INTO two(id) VALUES ($1)", &[id.into()]).map(|_| ())
}

fn write(store: &Store, id: i64) -> Result<(), Error> {
    store.write_blocking(move |conn| job(conn, id))
}

/// Not a test by itself: the process that the tests below kill.
#[test]
fn child_writes_until_it_is_killed() {
    let store = match (std::env::var_os(FOLDER), std::env::var(DATABASE)) {
        (Some(folder), _) => testing::open(Path::new(&folder)).unwrap(),
        (_, Ok(url)) => Store::open_postgres(&url, Options::default()).unwrap(),
        _ => return,
    };
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let store = &store;
            scope.spawn(move || {
                for n in 0.. {
                    let id = n * WRITERS + writer;
                    write(store, id).unwrap();
                    let mut out = std::io::stdout().lock();
                    out.write_all(format!("\nacknowledged {id}\n").as_bytes()).unwrap();
                    out.flush().unwrap();
                }
            });
        }
    });
}

/// Runs the child, kills it in the middle; what it had acknowledged.
fn run_and_kill(variable: &str, value: &std::ffi::OsStr, after: Duration) -> BTreeSet<i64> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["child_writes_until_it_is_killed", "--exact", "--nocapture"])
        .env(variable, value)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut acknowledged = lines.filter_map(|line| line.unwrap().strip_prefix("acknowledged ")?.parse().ok());
    let mut ids = BTreeSet::from([acknowledged.next().expect("the child writes")]);
    let reader = std::thread::spawn(move || acknowledged.collect::<Vec<i64>>());
    std::thread::sleep(after);
    child.kill().unwrap();
    child.wait().unwrap();
    ids.extend(reader.join().unwrap());
    ids
}

fn ids(store: &Store, sql: &'static str) -> BTreeSet<i64> {
    let rows = store.read_blocking(move |conn| conn.query(sql, &[])).unwrap();
    rows.iter().map(|row| row.get_int(0).unwrap()).collect()
}

fn check(store: &Store, acknowledged: &BTreeSet<i64>) {
    let there = ids(store, "SELECT id FROM one");
    assert!(acknowledged.is_subset(&there), "lost {:?}", acknowledged.difference(&there).collect::<Vec<_>>());
    assert_eq!(there, ids(store, "SELECT id FROM two"), "a job is there whole or not at all");
    let with_key = "SELECT id FROM one o JOIN keys.subject_key k ON k.subject = o.subject";
    assert_eq!(there, ids(store, with_key), "data never exists without its key");
}

fn tables(store: &Store) {
    let sql =
        "CREATE TABLE one(id BIGINT PRIMARY KEY, subject {BLOB}); CREATE TABLE two(id BIGINT PRIMARY KEY);";
    store.write_blocking(move |conn| conn.batch(&conn.engine().words(sql))).unwrap();
}

#[test]
fn acknowledged_writes_survive_kill_9_on_sqlite() {
    for after in [20, 150, 400] {
        let testing::TestStore { store, dir, .. } = testing::sqlite().unwrap();
        tables(&store);
        drop(store);
        let acknowledged = run_and_kill(FOLDER, dir.path().as_os_str(), Duration::from_millis(after));
        let store = testing::open(dir.path()).unwrap();
        check(&store, &acknowledged);
        let sound = store.read_blocking(|conn| conn.query("PRAGMA integrity_check", &[])).unwrap();
        assert_eq!(sound[0].get_text(0), Ok("ok"));
        write(&store, -1).unwrap();
    }
}

#[test]
fn acknowledged_writes_survive_kill_9_on_postgres() {
    let testing::TestStore { store, database, .. } = testing::postgres().unwrap();
    let database = database.unwrap();
    tables(&store);
    drop(store);
    let acknowledged = run_and_kill(DATABASE, database.url().as_ref(), Duration::from_millis(400));
    // The dead server's lease does not keep the next one out.
    let store = (0..50).find_map(|_| {
        std::thread::sleep(Duration::from_millis(20));
        database.open().ok()
    });
    let store = store.expect("the place of a dead server is free at once");
    check(&store, &acknowledged);
    write(&store, -1).unwrap();
}

#[test]
fn every_commit_reaches_the_disk() {
    let made = testing::sqlite().unwrap();
    let ask = |sql: &'static str| made.store.write_blocking(move |conn| conn.query(sql, &[])).unwrap();
    assert_eq!(ask("PRAGMA synchronous")[0].get_int(0), Ok(2));
    assert_eq!(ask("PRAGMA journal_mode")[0].get_text(0), Ok("wal"));
    assert_eq!(ask("PRAGMA temp_store")[0].get_int(0), Ok(2));
    let made = testing::postgres().unwrap();
    let database = made.database.as_ref().unwrap();
    // Whatever the server's default is.
    database.run("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit TO off', current_database()); END $$").unwrap();
    let testing::TestStore { store, database, .. } = made;
    drop(store);
    let store = database.as_ref().unwrap().open().unwrap();
    let rows = store.write_blocking(|conn| conn.query("SHOW synchronous_commit", &[])).unwrap();
    assert_eq!(rows[0].get_text(0), Ok("on"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_that_fails_fails_all_its_jobs_and_leaves_at_most_orphan_keys() {
    testing::both(|store| async move {
        tables(&store);
        let deferred = "CREATE TABLE late(id BIGINT REFERENCES one(id) DEFERRABLE INITIALLY DEFERRED)";
        store.write(move |conn| conn.batch(deferred)).await.unwrap();
        let (release, released) = std::sync::mpsc::channel::<()>();
        let (entered, inside) = tokio::sync::oneshot::channel();
        let holder = store.write(move |_| {
            let _ = entered.send(());
            let _ = released.recv();
            // Too long for this transaction to take others with it.
            std::thread::sleep(Duration::from_millis(30));
            Ok::<_, Error>(())
        });
        let two = async {
            inside.await.unwrap();
            let breaks = store.write(|conn| conn.execute("INSERT INTO late(id) VALUES (404)", &[]).map(|_| ()));
            // Both are asked for before the writer is released: they share a transaction.
            tokio::join!(biased; store.write(|conn| job(conn, 1)), breaks, async { release.send(()).unwrap() })
        };
        let (holder, (good, breaks, ())) = tokio::join!(holder, two);
        assert_eq!(holder, Ok(()));
        for result in [good, breaks] {
            assert!(matches!(result, Err(Error::Constraint(_))), "{result:?}");
        }
        assert!(ids(&store, "SELECT id FROM one").is_empty());
        let keys = ids(&store, "SELECT count(*) FROM keys.subject_key");
        let orphans = i64::from(store.engine() == store::Engine::Sqlite);
        assert_eq!(keys, BTreeSet::from([orphans]), "the keys were committed before the data");
        // The writer goes on.
        write(&store, 2).unwrap();
    })
    .await;
}
