//! Opening: the right key, one server at a time, no older program; and what lies on the disk tells nothing.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::path::Path;
use std::time::{Duration, Instant};

use store::migrations::OWN;
use store::testing::{self, TestStore};
use store::{Error, KeyRow, Migration, Options, SqliteKeys, Store};
use zeroize::Zeroizing;

const CANARY: &str = "金丝雀-canary-7f3a";

fn contains(path: &Path, needle: &[u8]) -> bool {
    std::fs::read(path).unwrap().windows(needle.len()).any(|w| w == needle)
}

#[test]
fn nothing_on_the_disk_is_in_clear() {
    let TestStore { store, dir, .. } = testing::sqlite().unwrap();
    store
        .write_blocking(|conn| -> Result<(), Error> {
            conn.batch("CREATE TABLE note(body TEXT)")?;
            for _ in 0..2_000 {
                conn.execute("INSERT INTO note(body) VALUES ($1)", &[CANARY.into()])?;
            }
            let confidential = CANARY.as_bytes().to_vec();
            conn.put_key(
                &[1; 16],
                KeyRow { restricted: confidential.clone(), confidential, kek: 1, created_at: 1 },
            )
        })
        .unwrap();
    let scan = || {
        let mut files = 0;
        for entry in std::fs::read_dir(dir.path()).unwrap() {
            let path = entry.unwrap().path();
            if path.file_name().unwrap() == "lock" {
                continue;
            }
            files += 1;
            for needle in [CANARY.as_bytes(), b"SQLite format 3", b"CREATE TABLE"] {
                assert!(!contains(&path, needle), "{} speaks", path.display());
            }
        }
        files
    };
    assert!(scan() >= 4, "the WAL files are there too");
    drop(store);
    assert_eq!(scan(), 2);
}

#[test]
fn a_destroyed_key_is_on_no_page_any_more() {
    let TestStore { store, dir, .. } = testing::sqlite().unwrap();
    let key = || KeyRow { confidential: vec![1; 60], restricted: vec![2; 60], kek: 1, created_at: 1 };
    store.write_blocking(move |conn| conn.put_key(&[1; 16], key())).unwrap();
    let log = dir.path().join("keys.db-wal");
    assert_ne!(std::fs::metadata(&log).unwrap().len(), 0);
    store.write_blocking(|conn| conn.destroy_key(&[1; 16], kernel::Timestamp(2))).unwrap();
    // The answer may come before the log is cut; then the next commit finds it done.
    store.write_blocking(|_| Ok::<_, Error>(())).unwrap();
    assert_eq!(std::fs::metadata(&log).unwrap().len(), 0);
}

#[test]
fn a_wrong_key_is_said_to_be_one() {
    let TestStore { store, dir, .. } = testing::sqlite().unwrap();
    drop(store);
    let right = testing::keys();
    let wrong = SqliteKeys { main: Zeroizing::new([9; 32]), keys: right.keys.clone() };
    let refused = Store::open_sqlite(dir.path(), &wrong, Options::default()).err();
    assert_eq!(refused, Some(Error::WrongKey(dir.path().join("workspace.db"))));
    let wrong = SqliteKeys { main: right.main, keys: Zeroizing::new([9; 32]) };
    let refused = Store::open_sqlite(dir.path(), &wrong, Options::default()).err();
    assert_eq!(refused, Some(Error::WrongKey(dir.path().join("keys.db"))));
    testing::open(dir.path()).unwrap();
}

#[test]
fn a_file_in_clear_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("workspace.db"), b"SQLite format 3\0 and so on").unwrap();
    let refused = testing::open(dir.path()).err();
    assert_eq!(refused, Some(Error::NotEncrypted(dir.path().join("workspace.db"))));
}

#[test]
fn a_folder_has_one_server() {
    let TestStore { store, dir, .. } = testing::sqlite().unwrap();
    assert_eq!(testing::open(dir.path()).err(), Some(Error::FolderBusy(dir.path().to_owned())));
    drop(store);
    testing::open(dir.path()).unwrap();
}

#[test]
fn a_single_file_keeps_no_keys() {
    let dir = tempfile::tempdir().unwrap();
    let (path, key) = (dir.path().join("search.db"), Zeroizing::new([3; 32]));
    let store = Store::open_file(&path, &key).unwrap();
    assert_eq!(Store::open_file(&path, &key).err(), Some(Error::FolderBusy(path.clone())));
    store.write_blocking(|conn| conn.batch("CREATE VIRTUAL TABLE words USING fts5(body)")).unwrap();
    let row = KeyRow { confidential: vec![1], restricted: vec![1], kek: 1, created_at: 1 };
    assert_eq!(store.write_blocking(move |conn| conn.put_key(&[1; 16], row)), Err(Error::NoKeys));
    // What people search for is not repeated in errors.
    let asked: Result<_, Error> = store.read_blocking(|conn| {
        conn.query("SELECT body FROM words WHERE words MATCH $1", &[format!("\"{CANARY}").as_str().into()])
    });
    let error = asked.unwrap_err().to_string();
    assert!(!error.contains("canary"), "{error}");
}

#[test]
fn migrations_run_once_and_a_newer_database_is_refused() {
    const FIRST: &[Migration] =
        &[Migration { name: "t/1", sql: "CREATE TABLE one(id {BLOB} PRIMARY KEY, name {TEXT})" }];
    const SECOND: &[Migration] =
        &[FIRST[0], Migration { name: "t/2", sql: "ALTER TABLE one ADD COLUMN n BIGINT" }];
    const BROKEN: &[Migration] = &[
        SECOND[0],
        SECOND[1],
        Migration { name: "t/3", sql: "CREATE TABLE two(id BIGINT); CREATE TABLE one(id BIGINT)" },
    ];
    testing::both_blocking(|store| {
        store.migrate(&[OWN, FIRST]).unwrap();
        store.migrate(&[OWN, SECOND]).unwrap();
        store.migrate(&[OWN, SECOND]).unwrap();
        assert_eq!(store.migrate(&[OWN, FIRST]), Err(Error::Newer("t/2".to_owned())));
        assert_eq!(store.migrate(&[OWN, FIRST, FIRST]), Err(Error::TwoMigrations("t/1".to_owned())));
        let broken = store.migrate(&[OWN, BROKEN]);
        assert!(matches!(broken, Err(Error::Migration { .. })), "{broken:?}");
        // Nothing of the broken step stayed.
        store.migrate(&[OWN, SECOND]).unwrap();
        assert!(store.read_blocking(|conn| conn.query("SELECT id FROM two", &[])).is_err());
    });
}

#[test]
fn readers_see_new_columns_at_once() {
    testing::both_blocking(|store| {
        store
            .write_blocking(|conn| conn.batch("CREATE TABLE one(id BIGINT); INSERT INTO one VALUES (1)"))
            .unwrap();
        let read =
            || store.read_blocking(|conn| Ok::<_, Error>(conn.query("SELECT * FROM one", &[])?[0].columns()));
        (0..8).for_each(|_| assert_eq!(read(), Ok(1)));
        store.write_blocking(|conn| conn.batch("ALTER TABLE one ADD COLUMN n BIGINT")).unwrap();
        (0..8).for_each(|_| assert_eq!(read(), Ok(2)));
    });
}

#[test]
fn a_database_has_one_writing_server() {
    let made = testing::postgres().unwrap();
    let database = made.database.as_ref().unwrap();
    assert!(matches!(database.open().err(), Some(Error::DatabaseBusy(_))));
    let TestStore { store, database, .. } = made;
    drop(store);
    // Given back at once, not after the lease.
    let begun = Instant::now();
    database.unwrap().open().unwrap();
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_server_that_was_taken_over_writes_no_more() {
    let made = testing::postgres().unwrap();
    let database = made.database.as_ref().unwrap();
    made.store.write_blocking(|conn| conn.batch("CREATE TABLE note(id BIGINT)")).unwrap();
    // As if this server had slept past its lease: another takes the place.
    database.run("UPDATE shouxin.writer_lease SET until = '-infinity'").unwrap();
    let second = database.open().unwrap();
    let insert = |store: &Store, id: i64| {
        store.write_blocking(move |conn| conn.execute("INSERT INTO note(id) VALUES ($1)", &[id.into()]))
    };
    assert_eq!(insert(&made.store, 1), Err(Error::Superseded));
    assert_eq!(insert(&second, 2), Ok(1));
    // Not even when the second is gone: what the first remembers is out of date.
    drop(second);
    assert_eq!(insert(&made.store, 3), Err(Error::Superseded));
    let ids = made.store.read_blocking(|conn| conn.query("SELECT id FROM note", &[])).unwrap();
    assert_eq!(ids.iter().map(|r| r.get_int(0)).collect::<Vec<_>>(), [Ok(2)]);
}

#[test]
fn broken_connections_are_replaced() {
    let made = testing::postgres().unwrap();
    let (store, database) = (&made.store, made.database.as_ref().unwrap());
    store.write_blocking(|conn| conn.batch("CREATE TABLE note(id BIGINT)")).unwrap();
    let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
               WHERE datname = current_database() AND pid <> pg_backend_pid()";
    for id in 1..=3_i64 {
        database.run(cut).unwrap();
        std::thread::sleep(Duration::from_millis(50));
        let insert =
            move |conn: &mut dyn store::Conn| conn.execute("INSERT INTO note(id) VALUES ($1)", &[id.into()]);
        assert_eq!(store.write_blocking(insert), Ok(1));
        for _ in 0..8 {
            let count =
                store.read_blocking(|conn| conn.query("SELECT count(*) FROM note", &[])?[0].get_int(0));
            assert_eq!(count, Ok(id));
        }
    }
}

#[test]
fn a_connection_cut_within_a_transaction_fails_its_jobs() {
    let made = testing::postgres().unwrap();
    let (store, url) = (&made.store, made.database.as_ref().unwrap().url());
    store.write_blocking(|conn| conn.batch("CREATE TABLE note(id BIGINT)")).unwrap();
    let lost: Result<(), Error> = store.write_blocking(move |conn| {
        let pid = conn.query("SELECT pg_backend_pid()", &[])?[0].get_int(0)?;
        conn.execute("INSERT INTO note(id) VALUES (1)", &[])?;
        let other = Store::open_postgres(&url, Options::default()).err();
        assert!(other.is_some(), "the lease holds");
        conn.query("SELECT pg_terminate_backend($1)", &[pid.into()]).map(|_| ())
    });
    assert!(lost.is_err(), "{lost:?}");
    let count = store.read_blocking(|conn| conn.query("SELECT count(*) FROM note", &[])?[0].get_int(0));
    assert_eq!(count, Ok(0));
    store.write_blocking(|conn| conn.execute("INSERT INTO note(id) VALUES (1)", &[])).unwrap();
}

#[test]
fn customer_data_does_not_cross_the_network_in_clear() {
    for url in [
        "postgres://u:secret@db.example.com/x",
        "postgres://u:secret@10.0.0.7/x",
        "host=/tmp,10.0.0.7 user=u",
    ] {
        let refused = Store::open_postgres(url, Options::default()).err().unwrap();
        assert!(matches!(refused, Error::BadAddress(_)), "{refused:?}");
        assert!(!refused.to_string().contains("secret"));
    }
}
