//! 500 people sign in at once, as at nine in the morning, while somebody works: how long that person waits.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use serde_json::{Value, json};

use super::Engine;
use super::client::Client;
use super::server::Server;
use super::world::{self, PASSWORD};

/// Sign-ins at once.
const PEOPLE: usize = 500;
/// Between two requests of the person who works: they read what came.
const PAUSE: Duration = Duration::from_millis(5);
/// Until somebody who was told "busy" tries again.
const RETRY: Duration = Duration::from_millis(500);

/// Sign-ins a second, and the other person's waiting times while they run.
pub async fn run(scratch: &Path, rows: usize, engine: Engine) -> Result<Vec<Value>> {
    let data = scratch.join("data");
    let world = world::make(scratch, &data, rows, engine).await?;
    let server = Server::start(&data, world.database())?;
    let mut worker = Client::connect(server.address, Some(("p1000", PASSWORD)))?;
    for _ in 0..50 {
        page(&mut worker)?;
    }
    let (signed_in, busy, over) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicBool::new(false));
    let started = Instant::now();
    let times = std::thread::scope(|scope| {
        let beside = scope.spawn(|| {
            let mut times = Vec::new();
            while !over.load(Ordering::Acquire) {
                times.push(page(&mut worker)?);
                std::thread::sleep(PAUSE);
            }
            Ok::<_, anyhow::Error>(times)
        });
        let people: Vec<_> = (0..PEOPLE)
            .map(|n| {
                let (address, signed_in, busy) = (server.address, &signed_in, &busy);
                scope.spawn(move || {
                    loop {
                        match Client::connect(address, None)?.sign_in(&world::colleague(n), PASSWORD)? {
                            200 => break,
                            503 => busy.fetch_add(1, Ordering::Relaxed),
                            other => bail!("a sign-in was answered {other}"),
                        };
                        std::thread::sleep(RETRY);
                    }
                    signed_in.fetch_add(1, Ordering::Relaxed);
                    Ok(())
                })
            })
            .collect();
        let all: Result<Vec<()>> = people
            .into_iter()
            .map(|person| person.join().unwrap_or_else(|_| bail!("a sign-in thread failed")))
            .collect();
        over.store(true, Ordering::Release);
        let times = beside.join().unwrap_or_else(|_| bail!("the worker's thread failed"));
        all.and(times)
    });
    let took = started.elapsed();
    let mut times = times?;
    times.sort_unstable();
    let at = |percent: usize| (times[(times.len() - 1) * percent / 100].as_secs_f64() * 1e6).round() / 1e3;
    let signed_in = signed_in.load(Ordering::Relaxed);
    #[expect(clippy::cast_precision_loss, reason = "figures")]
    let per_s = (signed_in as f64 / took.as_secs_f64() * 10.0).round() / 10.0;
    Ok(vec![
        json!({ "name": "sign_in", "per_s": per_s, "people": signed_in, "told_busy": busy.load(Ordering::Relaxed) }),
        json!({ "name": "beside", "p50_ms": at(50), "p99_ms": at(99), "requests": times.len() }),
    ])
}

fn page(worker: &mut Client) -> Result<Duration> {
    let started = Instant::now();
    let answer = worker.send("GET", "/api/v1/records/customer?limit=50", None)?;
    if answer.status != 200 {
        bail!("a page was answered {}", answer.status);
    }
    Ok(started.elapsed())
}
