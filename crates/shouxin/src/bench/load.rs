//! Load over HTTP: 8 connections, each with one request under way.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use serde_json::{Value, json};

use super::Engine;
use super::client::Client;
use super::server::Server;
use super::world::{self, CALLERS, PASSWORD};

const CONNECTIONS: usize = 8;
/// Requests measured per result.
const REQUESTS: usize = 4_000;
/// Requests before measuring: caches fill, statistics are taken.
const WARM_UP: usize = 400;

/// What one result needs: the path and body of request `n`.
type Make<'a> = dyn Fn(usize) -> (&'static str, String, Option<String>) + Sync + 'a;

/// Runs requests on all connections; times in microseconds, sorted.
fn volley(clients: &mut [Client], requests: usize, make: &Make<'_>, expect: u16) -> Result<Vec<u64>> {
    let per_client = requests / clients.len();
    let results: Vec<Result<Vec<u64>>> = std::thread::scope(|scope| {
        let threads: Vec<_> = clients
            .iter_mut()
            .enumerate()
            .map(|(c, client)| {
                scope.spawn(move || {
                    let mut times = Vec::with_capacity(per_client);
                    for i in 0..per_client {
                        let (method, path, body) = make(c * per_client + i);
                        let started = Instant::now();
                        let answer = client.send(method, &path, body.as_deref())?;
                        times.push(u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX));
                        if answer.status != expect {
                            bail!(
                                "{method} {path}: {} {}",
                                answer.status,
                                String::from_utf8_lossy(&answer.body)
                            );
                        }
                    }
                    Ok(times)
                })
            })
            .collect();
        threads.into_iter().map(|t| t.join().unwrap_or_else(|_| bail!("a load thread failed"))).collect()
    });
    let mut all = Vec::with_capacity(requests);
    for times in results {
        all.extend(times?);
    }
    all.sort_unstable();
    Ok(all)
}

fn measure(
    name: &str,
    server: &Server,
    clients: &mut [Client],
    make: &Make<'_>,
    expect: u16,
) -> Result<Value> {
    volley(clients, WARM_UP, &|n| make(n + 1_000_000), expect)?;
    let (cpu, started) = (server.cpu_seconds(), Instant::now());
    let times = volley(clients, REQUESTS, make, expect)?;
    let (cpu, took) = (server.cpu_seconds() - cpu, started.elapsed());
    let at = |percent: usize| times[(times.len() - 1) * percent / 100];
    #[expect(clippy::cast_precision_loss, reason = "figures")]
    let (n, p50, p99) = (times.len() as f64, at(50) as f64 / 1_000.0, at(99) as f64 / 1_000.0);
    let round = |v: f64| (v * 1_000.0).round() / 1_000.0;
    Ok(json!({
        "name": name,
        "p50_ms": round(p50),
        "p99_ms": round(p99),
        "cpu_ms": round(cpu * 1_000.0 / n),
        "per_s": round(n / took.as_secs_f64()),
    }))
}

fn connections(server: &Server, login: &str) -> Result<Vec<Client>> {
    let first = Client::connect(server.address, Some((login, PASSWORD)))?;
    let mut clients = (1..CONNECTIONS).map(|_| first.again(server.address)).collect::<Result<Vec<_>>>()?;
    clients.push(first);
    Ok(clients)
}

/// 50 customers, newest first, for each caller.
pub async fn page(scratch: &Path, rows: usize, engine: Engine) -> Result<Vec<Value>> {
    let data = scratch.join("data");
    let world = world::make(scratch, &data, rows, engine).await?;
    let server = Server::start(&data, world.database())?;
    CALLERS
        .iter()
        .map(|(login, sees)| {
            let mut clients = connections(&server, login)?;
            let make = |_: usize| ("GET", "/api/v1/records/customer?limit=50".to_owned(), None);
            measure(sees, &server, &mut clients, &make, 200)
        })
        .collect()
}

/// One customer read and one created.
pub async fn records(scratch: &Path, rows: usize, engine: Engine) -> Result<Vec<Value>> {
    let data = scratch.join("data");
    let world = world::make(scratch, &data, rows, engine).await?;
    let server = Server::start(&data, world.database())?;
    let mut clients = connections(&server, "p1000")?;
    let page = clients[0].send("GET", "/api/v1/records/customer?limit=200", None)?;
    let page: Value = serde_json::from_slice(&page.body)?;
    let ids: Vec<String> = page["items"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|i| i["id"].as_str().map(str::to_owned))
        .collect();
    let read = |n: usize| ("GET", format!("/api/v1/records/customer/{}", ids[n % ids.len()]), None);
    let create = |n: usize| {
        let body = json!({ "name": world::name(n), "level": "b", "phone": format!("136{n:08}"), "email": format!("n{n}@example.com") });
        ("POST", "/api/v1/records/customer".to_owned(), Some(body.to_string()))
    };
    Ok(vec![
        measure("read", &server, &mut clients, &read, 200)?,
        measure("create", &server, &mut clients, &create, 201)?,
    ])
}

/// A name of four characters, a company's word, an exact phone number.
pub async fn search(scratch: &Path, rows: usize, engine: Engine) -> Result<Vec<Value>> {
    let data = scratch.join("data");
    let world = world::make(scratch, &data, rows, engine).await?;
    let server = Server::start(&data, world.database())?;
    let path = |q: &str| {
        let encoded: String = q.bytes().map(|b| format!("%{b:02X}")).collect();
        format!("/api/v1/search?q={encoded}&objects=customer")
    };
    let mut results = Vec::new();
    for (login, sees) in [CALLERS[1], CALLERS[3]] {
        let mut clients = connections(&server, login)?;
        let name = |n: usize| ("GET", path(&world::name(n * 7 % rows)), None);
        let word = |n: usize| {
            let full: Vec<char> = world::name(n * 11 % rows).chars().collect();
            ("GET", path(&full[2..5].iter().collect::<String>()), None)
        };
        let phone = |n: usize| ("GET", path(&world::phone(n * 13 % rows)), None);
        results.push(measure(&format!("name, sees {sees}"), &server, &mut clients, &name, 200)?);
        results.push(measure(&format!("company, sees {sees}"), &server, &mut clients, &word, 200)?);
        results.push(measure(&format!("phone, sees {sees}"), &server, &mut clients, &phone, 200)?);
    }
    Ok(results)
}

/// Memory when idle, and the time from start to the first answer.
pub async fn idle(scratch: &Path, rows: usize, engine: Engine) -> Result<Vec<Value>> {
    let data = scratch.join("data");
    let world = world::make(scratch, &data, rows, engine).await?;
    let started = Instant::now();
    let server = Server::start(&data, world.database())?;
    let mut client = Client::connect(server.address, None)?;
    client.send("GET", "/api/v1/setup", None)?;
    let first_answer = started.elapsed();
    tokio::time::sleep(Duration::from_secs(3)).await;
    Ok(vec![
        json!({ "name": "memory", "mib": server.memory_mib() }),
        json!({ "name": "start", "seconds": first_answer.as_secs_f64(), "ready_seconds": server.started_in.as_secs_f64() }),
    ])
}
