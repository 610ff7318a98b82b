//! Durable ledger entries from 8 writers, each waiting for its entry before the next.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;
use kernel::{Clock as _, PersonId, SystemClock};
use ledger::{Actor, Entry};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Engine;
use super::world;
use crate::folder;

const WRITERS: usize = 8;
const SECONDS: u64 = 5;
/// Not counted: while the log of changes reaches the length that it then keeps, each sync costs twice as much. A server
/// that has run for a minute is past that.
const WARMING_UP: Duration = Duration::from_secs(2);

/// Result `append` (entries a second) and `covered` (seconds until a signed checkpoint covers the last).
pub async fn run(scratch: &Path, engine: Engine) -> Result<Vec<Value>> {
    let data = scratch.join("data");
    let _world = world::make(scratch, &data, 1_000, engine).await?;
    let opened = folder::open(&data)?;
    let started = Instant::now() + WARMING_UP;
    let until = started + Duration::from_secs(SECONDS);
    let mut writers = Vec::new();
    for writer in 0..WRITERS {
        let ledger = opened.ledger.clone();
        writers.push(tokio::spawn(async move {
            let (mut n, mut last) = (0u64, 0);
            while Instant::now() < until {
                let who = PersonId(Uuid::from_u128(writer as u128));
                let records = (0..50).map(|i| Uuid::from_u128(u128::from(last) * 50 + i));
                let entry = Entry::new(SystemClock.now(), Actor::person(who), "list")
                    .object("customer")
                    .records(records);
                last = ledger.note(entry).await?;
                n += u64::from(Instant::now() >= started);
            }
            Ok::<_, ledger::Error>((n, last))
        }));
    }
    let (mut total, mut last) = (0, 0);
    for writer in writers {
        let (n, seq) = writer.await??;
        total += n;
        last = last.max(seq);
    }
    let took = started.elapsed().as_secs_f64();
    let waiting = Instant::now();
    opened.ledger.covered(last).await?;
    #[expect(clippy::cast_precision_loss, reason = "a figure")]
    let per_s = (total as f64 / took).round();
    Ok(vec![
        json!({ "name": "append", "per_s": per_s, "seconds": took }),
        json!({ "name": "covered", "seconds": waiting.elapsed().as_secs_f64() }),
    ])
}
