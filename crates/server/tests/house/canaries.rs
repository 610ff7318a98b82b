//! Nothing personal stands in the clear on disk.

use std::path::Path;

use serde_json::json;

use crate::world::World;

/// What every canary begins with: two characters of the name are more than an index may show.
const STEMS: [&str; 4] = ["金丝", "1377777", "canary", "北风理由"];

/// Where any stem stands in the files of a folder, as UTF-8 or UTF-16.
fn hits(dir: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for file in std::fs::read_dir(dir).expect("a folder").flatten() {
        if file.path().is_dir() {
            found.extend(hits(&file.path()));
            continue;
        }
        let bytes = std::fs::read(file.path()).expect("a file");
        for stem in STEMS {
            let wide: Vec<u16> = stem.encode_utf16().collect();
            let forms = [
                stem.as_bytes().to_vec(),
                wide.iter().flat_map(|u| u.to_le_bytes()).collect(),
                wide.iter().flat_map(|u| u.to_be_bytes()).collect(),
            ];
            for form in forms {
                if contains(&bytes, &form) {
                    found.push(format!("{stem} in {}", file.path().display()));
                }
            }
        }
    }
    found
}

/// By the first byte first, which the standard library finds fast in a debug build too.
fn contains(mut bytes: &[u8], form: &[u8]) -> bool {
    while let Some(at) = bytes.iter().position(|b| *b == form[0]) {
        if bytes[at..].starts_with(form) {
            return true;
        }
        bytes = &bytes[at + 1..];
    }
    false
}

#[tokio::test(flavor = "multi_thread")]
async fn no_canary_of_a_thousand_customers_is_in_any_file() {
    let made = store::testing::sqlite().unwrap();
    let dir = made.dir.path().to_owned();
    let world = World::on(made).await;
    let zhang = world.sign_in("zhang").await;
    for n in 0..1_000 {
        let (name, phone) = (format!("金丝雀{n:04}号"), format!("1377777{n:04}"));
        let email = format!("canary{n:04}@example.com");
        let id = zhang.make("customer", json!({ "name": name, "phone": phone, "email": email })).await;
        if n % 50 == 0 {
            let ask = json!({ "fields": ["phone", "email"], "reason": "北风理由" });
            let shown = zhang.post(&format!("/records/customer/{id}/reveal"), ask).await;
            assert!(shown.ok().text().contains(&phone), "{}", shown.text());
            zhang.get(&format!("/search?q={}", crate::world::Caller::encoded(&name))).await.ok();
        }
    }
    assert!(dir.join("workspace.db").is_file() && dir.join("search.db").is_file());
    // The scan finds what is there to be found.
    std::fs::write(dir.join("bait"), "x13777770007y").unwrap();
    assert_eq!(hits(&dir).len(), 1);
    std::fs::remove_file(dir.join("bait")).unwrap();
    assert_eq!(hits(&dir), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn no_canary_is_in_a_dump_of_the_database_server() {
    let made = store::testing::postgres().unwrap();
    let store = made.store.clone();
    let world = World::on(made).await;
    let zhang = world.sign_in("zhang").await;
    for n in 0..100 {
        let (name, phone) = (format!("金丝雀{n:04}号"), format!("1377777{n:04}"));
        let fields = json!({ "name": name, "phone": phone, "email": format!("canary{n:04}@example.com") });
        let id = zhang.make("customer", fields).await;
        if n % 20 == 0 {
            let note = json!({ "customer": id, "channel": "note", "occurred_at": "2026-11-23T01:00:00Z", "subject": "金丝雀的备注", "body": "canary" });
            zhang.make("communication", note).await;
            let ask = json!({ "fields": ["phone"], "reason": "北风理由" });
            zhang.post(&format!("/records/customer/{id}/reveal"), ask).await.ok();
            zhang.get(&format!("/search?q={}", crate::world::Caller::encoded(&name))).await.ok();
        }
    }
    let csv = "客户名称,电话\n金丝雀导入,13777779999\n";
    let upload = "/api/v1/imports?object=customer&filename=canary.csv";
    zhang.raw(axum::http::Method::POST, upload, Some("application/octet-stream"), csv.into()).await.ok();
    let (tables, dump) = store.read(|conn| -> Result<_, store::Error> { dump(conn) }).await.unwrap();
    assert!(tables > 15 && dump.len() > 100_000, "{tables} tables, {} bytes", dump.len());
    assert!(dump.contains("云海科技有限公司"), "the dump shows what is in clear");
    for stem in STEMS {
        let bytes: String = stem.bytes().map(|b| format!("{b:02x}")).collect();
        assert!(!dump.contains(stem) && !dump.contains(&bytes), "{stem} is in the dump");
    }
}

/// Every table as text, binary columns in hexadecimal, as `pg_dump` writes them.
fn dump(conn: &mut dyn store::Conn) -> Result<(usize, String), store::Error> {
    let tables = "SELECT table_schema || '.' || quote_ident(table_name) FROM information_schema.tables \
                  WHERE table_schema NOT IN ('pg_catalog', 'information_schema')";
    let tables = conn.query(tables, &[])?;
    let mut text = String::new();
    for table in &tables {
        for row in conn.query(&format!("SELECT CAST(x AS TEXT) FROM {} x", table.get_text(0)?), &[])? {
            text.push_str(row.get_text(0)?);
            text.push('\n');
        }
    }
    Ok((tables.len(), text))
}
