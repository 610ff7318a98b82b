//! What the store costs: `cargo run --release -p store --features testing --example measure [sqlite|postgres] [seconds]`.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use kernel::{Ids, OsRandom, RecordId, SystemClock};
use store::{Error, KeyRow, Param, Store, testing};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let made = match arguments.first().map(String::as_str) {
        Some("postgres") => testing::postgres()?,
        _ => testing::sqlite()?,
    };
    let seconds = Duration::from_secs(arguments.get(1).map_or(Ok(4), |s| s.parse())?);
    let store = made.store.clone();
    store.write_blocking(|conn| {
        conn.batch(&conn.engine().words(
            "CREATE TABLE row(id {BLOB} PRIMARY KEY, owner {BLOB}, at BIGINT, stage {TEXT}, sealed {BLOB});
             CREATE INDEX row_owner ON row(owner, id); CREATE INDEX row_at ON row(at, id);",
        ))
    })?;
    println!("engine: {:?}", store.engine());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    for writers in [1, 8, 64] {
        runtime.block_on(small_writes(&store, writers, seconds));
    }
    runtime.block_on(import(&store, seconds))?;
    runtime.block_on(reads(&store, seconds))?;
    Ok(())
}

async fn small_writes(store: &Store, writers: usize, seconds: Duration) {
    let (stop, done) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let (ids, start) = (Arc::new(Ids::default()), Instant::now());
    let tasks: Vec<_> = (0..writers)
        .map(|_| {
            let (store, stop, done, ids) =
                (store.clone(), Arc::clone(&stop), Arc::clone(&done), Arc::clone(&ids));
            tokio::spawn(async move {
                while !stop.load(Ordering::Relaxed) {
                    let id: RecordId = ids.next(&SystemClock, &OsRandom::default());
                    let write = store.write(move |conn| -> Result<u64, Error> {
                        conn.execute(
                            "INSERT INTO row(id, owner, at, stage, sealed) VALUES ($1, $2, $3, $4, $5)",
                            &[id.into(), id.into(), 5_i64.into(), "lead".into(), Param::Blob(&[7; 300])],
                        )
                    });
                    write.await.expect("a small write");
                    done.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    tokio::time::sleep(seconds).await;
    stop.store(true, Ordering::Relaxed);
    for task in tasks {
        let _ = task.await;
    }
    let done = done.load(Ordering::Relaxed);
    println!("{writers:3} writers of one insert: {:>8.0} commits/s", per_second(done, start));
}

/// 1,000 rows and 1,000 keys a job, two jobs under way.
async fn import(store: &Store, seconds: Duration) -> Result<(), Error> {
    let (ids, random) = (Ids::default(), OsRandom::default());
    let sql = {
        let rows: Vec<String> = (0..100)
            .map(|r| {
                format!("(${}, ${}, ${}, ${}, ${})", 5 * r + 1, 5 * r + 2, 5 * r + 3, 5 * r + 4, 5 * r + 5)
            })
            .collect();
        Arc::new(format!("INSERT INTO row(id, owner, at, stage, sealed) VALUES {}", rows.join(", ")))
    };
    let (start, mut rows, mut under_way) = (Instant::now(), 0, Vec::new());
    while start.elapsed() < seconds {
        let batch: Vec<RecordId> = (0..1_000).map(|_| ids.next(&SystemClock, &random)).collect();
        let (store, sql) = (store.clone(), Arc::clone(&sql));
        let job = tokio::spawn(async move {
            let job = move |conn: &mut dyn store::Conn| -> Result<(), Error> {
                for chunk in batch.chunks(100) {
                    let mut params = Vec::with_capacity(500);
                    for id in chunk {
                        params.extend([
                            id.into(),
                            id.into(),
                            5_i64.into(),
                            "lead".into(),
                            Param::Blob(&[7; 300]),
                        ]);
                        let wrapped = || vec![3; 60];
                        let row =
                            KeyRow { confidential: wrapped(), restricted: wrapped(), kek: 1, created_at: 5 };
                        conn.put_key(id.as_bytes(), row)?;
                    }
                    conn.execute(&sql, &params)?;
                }
                Ok(())
            };
            store.write(job).await
        });
        under_way.push(job);
        rows += 1_000;
        if under_way.len() == 2 {
            under_way.remove(0).await.map_err(|_| Error::Panicked)??;
        }
    }
    for job in under_way {
        job.await.map_err(|_| Error::Panicked)??;
    }
    println!("import of rows with a key each: {:>8.0} rows/s", per_second(rows, start));
    Ok(())
}

async fn reads(store: &Store, seconds: Duration) -> Result<(), Error> {
    let rows = store.read(|conn| conn.query("SELECT id FROM row ORDER BY id LIMIT 1000", &[])).await?;
    let ids: Vec<uuid::Uuid> = rows.iter().map(|r| r.get_id(0)).collect::<Result<_, _>>()?;
    let report = |what: &str, mut times: Vec<Duration>| {
        times.sort();
        let (half, high) = (times[times.len() / 2], times[times.len() * 99 / 100]);
        println!("{what}: median {half:?}, 99 % below {high:?} ({} asked)", times.len());
    };
    let mut times = Vec::new();
    let start = Instant::now();
    while start.elapsed() < seconds / 2 {
        let one = Instant::now();
        store.read(|_| Ok::<_, Error>(())).await?;
        times.push(one.elapsed());
    }
    report("a read that asks nothing        ", times);
    let (mut times, mut inside) = (Vec::new(), Vec::new());
    let start = Instant::now();
    for id in ids.iter().copied().cycle() {
        let one = Instant::now();
        let asked = store.read(move |conn| {
            let begun = Instant::now();
            conn.query("SELECT id, owner, at, stage, sealed FROM row WHERE id = $1", &[id.into()])?;
            Ok::<_, Error>(begun.elapsed())
        });
        inside.push(asked.await?);
        times.push(one.elapsed());
        if start.elapsed() > seconds / 2 {
            break;
        }
    }
    report("one row by its id               ", times);
    report("  of it within the database     ", inside);
    let mut times = Vec::new();
    let start = Instant::now();
    while start.elapsed() < seconds / 2 {
        let one = Instant::now();
        store
            .read(|conn| conn.query("SELECT id, owner, at, stage, sealed FROM row ORDER BY id LIMIT 50", &[]))
            .await?;
        times.push(one.elapsed());
    }
    report("a page of 50 rows               ", times);
    let done = Arc::new(AtomicU64::new(0));
    let start = Instant::now();
    let tasks: Vec<_> = (0..8)
        .map(|task| {
            let (store, done, ids) = (store.clone(), Arc::clone(&done), ids.clone());
            tokio::spawn(async move {
                for id in ids.iter().copied().cycle().skip(task * 100) {
                    let sql = "SELECT id, owner, at, stage, sealed FROM row WHERE id = $1";
                    let asked = store.read(move |conn| conn.query(sql, &[id.into()])).await;
                    asked.expect("a row");
                    done.fetch_add(1, Ordering::Relaxed);
                    if start.elapsed() > seconds / 2 {
                        break;
                    }
                }
            })
        })
        .collect();
    for task in tasks {
        let _ = task.await;
    }
    println!(
        "8 readers of one row            : {:>8.0} reads/s",
        per_second(done.load(Ordering::Relaxed), start)
    );
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "a rate to print")]
fn per_second(n: u64, since: Instant) -> f64 {
    n as f64 / since.elapsed().as_secs_f64()
}
