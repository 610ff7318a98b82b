//! The catalog's tables, settings and the job queue, on both engines.
#![allow(clippy::unwrap_used, reason = "a test stops where its world is not as said")]

use kernel::catalog::Label;
use kernel::{Class, Field, FieldType, Timestamp, builtin};
use store::jobs::State;
use store::{Conn, Engine, Error, Job, Jobs, Sql, ddl, settings, testing};
use uuid::Uuid;

#[test]
fn the_built_in_objects_have_their_tables() {
    testing::both_blocking(|store| {
        let make = |conn: &mut dyn Conn| {
            builtin::catalog().objects().try_for_each(|object| ddl::ensure(conn, object))
        };
        store.write_blocking(make).unwrap();
        // Again: nothing to do.
        store.write_blocking(make).unwrap();
        let columns =
            store.read_blocking(|conn| conn.query("SELECT phone_bi, stage, name_key FROM customer", &[]));
        assert_eq!(columns, Ok(Vec::new()));
    });
}

#[test]
fn a_field_made_without_code_becomes_a_column_with_its_indexes() {
    testing::both_blocking(|store| {
        let mut object = builtin::catalog().object("deal").unwrap().as_ref().clone();
        let before = object.clone();
        store.write_blocking(move |conn| ddl::ensure(conn, &before)).unwrap();
        let name = "a_name_as_long_as_postgresql_allows_and_then_some_indexes_of_it";
        object.fields.push(Field {
            name: name.to_owned(),
            label: Label::new("", ""),
            sortable: true,
            class: Class::Open,
            kind: FieldType::Text,
            ..object.fields[0].clone()
        });
        store.write_blocking(move |conn| ddl::ensure(conn, &object)).unwrap();
        let rows = store.read_blocking(move |conn| {
            let sql = match conn.engine() {
                Engine::Sqlite => "SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'deal' AND sql IS NOT NULL",
                Engine::Postgres => "SELECT indexdef FROM pg_indexes WHERE tablename = 'deal'",
            };
            conn.query(sql, &[])
        });
        let rows = rows.unwrap();
        assert_eq!(rows.iter().filter(|row| row.get_text(0).unwrap().contains(name)).count(), 2);
    });
}

#[test]
fn an_object_cannot_take_the_name_of_a_system_table() {
    testing::both_blocking(|store| {
        let mut object = builtin::catalog().object("task").unwrap().as_ref().clone();
        object.name = "settings".to_owned();
        let refused: Result<(), Error> = store.write_blocking(move |conn| ddl::ensure(conn, &object));
        assert_eq!(refused, Err(Error::NameTaken("settings".to_owned())));
    });
}

#[test]
fn lists_by_owner_and_by_field_walk_an_index() {
    let made = testing::sqlite().unwrap();
    let catalog = builtin::catalog();
    let object = catalog.object("customer").unwrap().clone();
    made.store.write_blocking(move |conn| ddl::ensure(conn, &object)).unwrap();
    for (condition, order, index) in [
        ("t.owner = $1", "t.id DESC", "ix_customer__owner__deleted_at__id"),
        ("t.owner = $1", "t.stage DESC, t.id DESC", "ix_customer__owner__deleted_at__stage__id"),
        ("t.owner = $1", "t.updated_at DESC, t.id DESC", "ix_customer__owner__deleted_at__updated_at__id"),
        ("+t.owner = $1", "t.next_contact_at, t.id", "ix_customer__deleted_at__next_contact_at__id__owner"),
        ("t.phone_bi = $1", "t.phone_bi", "ix_customer__phone_bi"),
    ] {
        let mut sql = Sql::new(Engine::Sqlite);
        sql.push("EXPLAIN QUERY PLAN SELECT t.id FROM customer t WHERE t.deleted_at IS NULL AND ")
            .push(condition);
        sql.push(" ORDER BY ").push(order).push(" LIMIT 50");
        let plan =
            made.store.read_blocking(move |conn| conn.query(sql.text(), &[Uuid::nil().into()])).unwrap();
        let plan: Vec<&str> = plan.iter().map(|row| row.get_text(3).unwrap()).collect();
        assert!(plan.iter().any(|step| step.contains(index)), "{plan:?}");
        assert!(!plan.iter().any(|step| step.contains("TEMP B-TREE")), "{plan:?}");
    }
}

#[test]
fn settings_are_kept_and_changed() {
    testing::both_blocking(|store| {
        for value in ["1", "{\"a\":\"中\"}"] {
            store.write_blocking(move |conn| settings::put(conn, "watermark", value)).unwrap();
            let kept = store.read_blocking(|conn| settings::get(conn, "watermark")).unwrap();
            assert_eq!(kept.as_deref(), Some(value));
        }
        assert_eq!(store.read_blocking(|conn| settings::get(conn, "other")), Ok(None));
    });
}

#[test]
fn a_job_has_one_worker_and_a_late_one_is_refused() {
    testing::both_blocking(|store| {
        let at = |seconds: i64| Timestamp(seconds * 1_000_000);
        let claim = |now: i64| -> Option<Job> {
            store.write_blocking(move |conn| Jobs::claim(conn, "import", at(now), 30)).unwrap()
        };
        let (first, second) = (Uuid::from_u128(1), Uuid::from_u128(2));
        store
            .write_blocking(move |conn| {
                Jobs::enqueue(conn, second, "import", "{}", at(20))?;
                Jobs::enqueue(conn, first, "import", "{\"n\":1}", at(10))
            })
            .unwrap();
        assert_eq!(claim(5), None, "not before its time");
        let job = claim(20).unwrap();
        assert_eq!((job.id, job.payload.as_str(), job.attempts), (first, "{\"n\":1}", 1));
        assert_eq!(claim(20).unwrap().id, second);
        assert_eq!(claim(49), None, "both are held");
        // The first worker sleeps past its lease; another gets the job.
        let again = claim(50).unwrap();
        assert_eq!((again.id, again.attempts), (first, 2));
        assert!(again.fence > job.fence);
        let late = job.clone();
        assert_eq!(store.write_blocking(move |conn| Jobs::check(conn, &late)), Err(Error::LeaseLost));
        assert_eq!(store.write_blocking(move |conn| Jobs::finish(conn, &job)), Err(Error::LeaseLost));
        let held = again.clone();
        store.write_blocking(move |conn| Jobs::renew(conn, &held, at(70), 30)).unwrap();
        let held = again.clone();
        store
            .write_blocking(move |conn| {
                Jobs::check(conn, &held)?;
                Jobs::fail(conn, &held, "no_disk", Some(at(200)))
            })
            .unwrap();
        assert_eq!(claim(199).map(|job| job.id), Some(second), "the other's lease is over too");
        let last = claim(200).unwrap();
        assert_eq!((last.id, last.attempts), (first, 3));
        store.write_blocking(move |conn| Jobs::finish(conn, &last)).unwrap();
        let state = |id| store.read_blocking(move |conn| Jobs::state(conn, id)).unwrap();
        assert_eq!(state(first), Some(State::Finished));
        assert_eq!(state(second), Some(State::Waiting));
        assert_eq!(state(Uuid::from_u128(3)), None);
    });
}

#[test]
fn rows_can_be_visited_without_keeping_them() {
    testing::both_blocking(|store| {
        store
            .write_blocking(|conn| -> Result<(), Error> {
                conn.batch("CREATE TABLE n(i BIGINT, t TEXT)")?;
                (0..100_i64).try_for_each(|i| {
                    conn.execute(
                        "INSERT INTO n(i, t) VALUES ($1, $2)",
                        &[i.into(), (i % 2 == 0).then_some("偶").into()],
                    )
                    .map(|_| ())
                })
            })
            .unwrap();
        let seen = store.read_blocking(|conn| -> Result<_, Error> {
            let (mut seen, mut even) = (0, 0);
            conn.query_each("SELECT i, t FROM n ORDER BY i", &[], &mut |row| {
                seen += 1;
                even += i64::from(row.opt_text(1)?.is_some());
                Ok(row.get_int(0)? < 49)
            })?;
            // The connection is ready for the next.
            let sum = conn.query("SELECT sum(i), count(*), max(t) FROM n", &[])?;
            Ok((seen, even, sum[0].get_int(0)?, sum[0].get_int(1)?, sum[0].get_text(2)?.to_owned()))
        });
        assert_eq!(seen, Ok((50, 25, 4_950, 100, "偶".to_owned())));
        let wrong = store.read_blocking(|conn| conn.query("SELECT t FROM n WHERE i = 0", &[])?[0].get_int(0));
        assert_eq!(wrong, Err(Error::Column));
    });
}
