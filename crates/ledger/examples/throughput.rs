//! How many durable entries a second: `cargo run --release -p ledger --example throughput [sqlite|postgres] [writers] [seconds]`.
//! Every writer waits for its entry before it makes the next, as a server answering reads does.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use kernel::{Class, Clock, PersonId, SubjectId, SystemClock};
use ledger::{Actor, Disclosure, Entry, Ledger, MIGRATIONS, Sealed, Sealing, SeedSigner};
use store::Store;
use uuid::Uuid;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let argument = |n: usize, default: &str| arguments.get(n).cloned().unwrap_or_else(|| default.to_owned());
    let (writers, seconds) = (argument(1, "8").parse()?, argument(2, "5").parse()?);
    let made = match argument(0, "sqlite").as_str() {
        "postgres" => store::testing::postgres()?,
        _ => store::testing::sqlite()?,
    };
    made.store.migrate(&[store::migrations::OWN, MIGRATIONS])?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(measure(made.store.clone(), made.dir.path(), writers, seconds))
}

async fn measure(
    store: Store,
    dir: &Path,
    writers: u8,
    seconds: u64,
) -> Result<(), Box<dyn std::error::Error>> {
    let signer = Arc::new(SeedSigner::from_seed(&[7; 32])?);
    let ledger = Ledger::open(store, signer, Arc::new(SystemClock), "shouxin.example/bench")?;
    let (stop, slowest) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let start = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for writer in 0..writers {
        let (ledger, stop, slowest) = (ledger.clone(), Arc::clone(&stop), Arc::clone(&slowest));
        tasks.spawn(async move {
            let mut done = 0u64;
            while !stop.load(Ordering::Relaxed) {
                let begun = Instant::now();
                ledger.record(Disclosure::new((), reading(writer, done))).await?;
                let took = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
                slowest.fetch_max(took, Ordering::Relaxed);
                done += 1;
            }
            Ok::<u64, ledger::Error>(done)
        });
    }
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    stop.store(true, Ordering::Relaxed);
    let mut total = 0;
    for done in tasks.join_all().await {
        total += done?;
    }
    let rate = per_second(total, start.elapsed());
    println!(
        "{writers} writers: {total} durable entries, {rate} entries/s, slowest {} us",
        slowest.load(Ordering::Relaxed)
    );
    let behind = ledger.checkpoint().map_or(0, |checkpoint| checkpoint.size());
    let start = Instant::now();
    ledger.integrate().await?;
    println!("{} entries were not yet integrated; integrated in {:?}", total - behind, start.elapsed());
    let start = Instant::now();
    let report = ledger.verify(Vec::new()).await?;
    let rate = per_second(report.checked, start.elapsed());
    println!(
        "verified {} entries and {} checkpoints: {rate} entries/s, problems: {}",
        report.checked,
        report.checkpoints,
        report.problems.len()
    );
    let bytes: u64 =
        std::fs::read_dir(dir)?.flatten().filter_map(|file| file.metadata().ok()).map(|m| m.len()).sum();
    println!("{} bytes on disk per entry (embedded engine)", bytes / total.max(1));
    Ok(())
}

fn per_second(count: u64, took: Duration) -> u64 {
    let millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX).max(1);
    count.saturating_mul(1_000) / millis
}

/// A typical read: one record, five fields, a rule, a sealed detail.
fn reading(writer: u8, n: u64) -> Entry {
    let mut id = [writer; 16];
    id[8..].copy_from_slice(&n.to_be_bytes());
    let record = Uuid::from_bytes(id);
    Entry::new(
        SystemClock.now(),
        Actor::person(PersonId::from_bytes([writer; 16])).ip(Some("10.1.2.3".to_owned())),
        "read",
    )
    .object("customer")
    .records([record])
    .fields(["name", "phone", "email", "level", "stage"], Some(Class::Confidential))
    .rules(["starter.sales"])
    .subject(SubjectId(record))
    .details(Sealed { by: Sealing::Workspace, bytes: vec![0; 60] })
}
