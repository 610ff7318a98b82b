//! Numbers for operators, in Prometheus text: requests by route and status, their durations, the ledger's size.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use axum::http::Method;
use parking_lot::Mutex;

/// Upper bounds of the duration histogram, in microseconds.
const BOUNDS: [u64; 10] = [500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 500_000, 2_000_000];

#[derive(Default, Clone)]
struct Route {
    statuses: BTreeMap<u16, u64>,
    buckets: [u64; BOUNDS.len()],
    count: u64,
    micros: u64,
}

/// Methods are the sender's own text: only the known ones become labels.
fn word(method: &Method) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    KNOWN.into_iter().find(|known| method.as_str() == *known).unwrap_or("OTHER")
}

/// Counters since the start.
#[derive(Default)]
pub(crate) struct Metrics {
    routes: Mutex<BTreeMap<(&'static str, String), Route>>,
}

impl Metrics {
    /// Counts one request by its route's template, never by its path: paths hold ids.
    pub(crate) fn count(&self, method: &Method, route: &str, status: u16, took: Duration) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let mut routes = self.routes.lock();
        let entry = routes.entry((word(method), route.to_owned())).or_default();
        *entry.statuses.entry(status).or_default() += 1;
        entry.count += 1;
        entry.micros = entry.micros.saturating_add(micros);
        for (bucket, bound) in entry.buckets.iter_mut().zip(BOUNDS) {
            *bucket += u64::from(micros <= bound);
        }
    }

    /// The text.
    pub(crate) fn render(&self, ledger_size: Option<u64>, uptime: Duration) -> String {
        let mut out = String::new();
        out.push_str("# TYPE shouxin_requests_total counter\n");
        let routes = self.routes.lock().clone();
        for ((method, route), entry) in &routes {
            for (status, n) in &entry.statuses {
                let _ = writeln!(
                    out,
                    "shouxin_requests_total{{method=\"{method}\",route=\"{route}\",status=\"{status}\"}} {n}"
                );
            }
        }
        out.push_str("# TYPE shouxin_request_seconds histogram\n");
        for ((method, route), entry) in &routes {
            let labels = format!("method=\"{method}\",route=\"{route}\"");
            for (n, bound) in entry.buckets.iter().zip(BOUNDS) {
                #[expect(clippy::cast_precision_loss, reason = "bounds are small")]
                let le = bound as f64 / 1e6;
                let _ = writeln!(out, "shouxin_request_seconds_bucket{{{labels},le=\"{le}\"}} {n}");
            }
            let _ = writeln!(out, "shouxin_request_seconds_bucket{{{labels},le=\"+Inf\"}} {}", entry.count);
            #[expect(clippy::cast_precision_loss, reason = "a sum of seconds")]
            let seconds = entry.micros as f64 / 1e6;
            let _ = writeln!(out, "shouxin_request_seconds_sum{{{labels}}} {seconds}");
            let _ = writeln!(out, "shouxin_request_seconds_count{{{labels}}} {}", entry.count);
        }
        if let Some(size) = ledger_size {
            let _ = writeln!(out, "# TYPE shouxin_ledger_entries gauge\nshouxin_ledger_entries {size}");
        }
        let _ =
            writeln!(out, "# TYPE shouxin_uptime_seconds gauge\nshouxin_uptime_seconds {}", uptime.as_secs());
        out
    }
}
