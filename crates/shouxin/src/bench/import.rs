//! Customers from a CSV file: uploaded, mapped, and run until every row is accounted for.

use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use super::Engine;
use super::client::Client;
use super::server::Server;
use super::world::{self, PASSWORD};

/// Customers that are there before: duplicates are looked for among them.
const THERE: usize = 1_000;
/// How often progress is asked for.
const POLL: Duration = Duration::from_millis(100);

/// Results `import` (from the start to the last row durable), `upload` (reading and spooling the file) and
/// `searchable` (until the search index has caught up, counted from the start). `cpu_ms` is per row.
pub async fn run(scratch: &Path, rows: usize, engine: Engine) -> Result<Vec<Value>> {
    let data = scratch.join("data");
    let world = world::make(scratch, &data, THERE, engine).await?;
    let server = Server::start(&data, world.database())?;
    let mut client = Client::connect(server.address, Some(("p1000", PASSWORD)))?;
    let file = table(rows);
    let uploading = Instant::now();
    let path = "/api/v1/imports?object=customer&filename=bench.csv";
    let made = answer(&mut client, "POST", path, Some(&file))?;
    let uploaded = uploading.elapsed().as_secs_f64();
    let id = made["id"].as_str().context("no import")?.to_owned();
    let (cpu, started) = (server.cpu_seconds(), Instant::now());
    answer(&mut client, "POST", &format!("/api/v1/imports/{id}/start"), Some("{}"))?;
    let done = loop {
        let import = answer(&mut client, "GET", &format!("/api/v1/imports/{id}"), None)?;
        if !matches!(import["state"].as_str(), Some("queued" | "running")) {
            break import;
        }
        std::thread::sleep(POLL);
    };
    let (took, cpu) = (started.elapsed().as_secs_f64(), server.cpu_seconds() - cpu);
    if done["state"] != "done" || done["progress"]["created"] != rows {
        bail!("not every row became a customer: {}", done["progress"]);
    }
    let last: String = name(rows - 1).bytes().map(|b| format!("%{b:02X}")).collect();
    let last = format!("/api/v1/search?objects=customer&limit=1&q={last}");
    while answer(&mut client, "GET", &last, None)?["items"].as_array().is_none_or(Vec::is_empty) {
        std::thread::sleep(POLL);
    }
    let searchable = started.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "figures")]
    let (n, bytes) = (rows as f64, file.len() as f64);
    let round = |v: f64| (v * 1_000.0).round() / 1_000.0;
    Ok(vec![
        json!({
            "name": "import", "per_s": (n / took).round(), "rows": rows, "seconds": round(took),
            "cpu_ms": (cpu * 1_000_000.0 / n).round() / 1_000.0,
        }),
        json!({ "name": "upload", "mb_per_s": round(bytes / 1e6 / uploaded), "seconds": round(uploaded) }),
        json!({ "name": "searchable", "per_s": (n / searchable).round(), "seconds": round(searchable) }),
    ])
}

fn answer(client: &mut Client, method: &str, path: &str, body: Option<&str>) -> Result<Value> {
    let answer = client.send(method, path, body)?;
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    if !(200..300).contains(&answer.status) {
        bail!("{method} {path}: {} {text}", answer.status);
    }
    Ok(serde_json::from_str(&text)?)
}

/// A name of its own for every row: similar ones would be noted as such.
fn name(i: usize) -> String {
    const SIGNS: [char; 32] = [
        '华', '恒', '鼎', '瑞', '中', '金', '远', '宏', '天', '博', '万', '新', '佳', '康', '绿', '海', '众',
        '星', '启', '合', '广', '兴', '安', '德', '云', '山', '林', '泽', '润', '达', '通', '成',
    ];
    let signs: String = (0..4).map(|n| SIGNS[i >> (5 * n) & 31]).collect();
    format!("杭州{signs}科技有限公司")
}

fn table(rows: usize) -> String {
    let mut out = String::from("客户名称,类型,级别,阶段,电话,邮箱,地址,备注\r\n");
    for i in 0..rows {
        let (level, stage) =
            (["a", "b", "c", "d"][i % 4], ["lead", "contacted", "qualified", "active"][i / 7 % 4]);
        let _ = write!(
            out,
            "{},企业,{level},{stage},137{i:08},i{i}@import.example,浙江省杭州市西湖区文三路{}号,展会上认识\r\n",
            name(i),
            i % 500
        );
    }
    out
}
