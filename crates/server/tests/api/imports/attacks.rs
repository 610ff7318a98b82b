//! Files and people that mean harm.

use axum::body::Body;
use axum::http::Method;
use policy::{Effect, FieldAccess, FieldRule, FieldSet, RowScope, Rule};
use serde_json::json;

use super::files::packed;
use super::{all, count, counts, import, mapped, rows, run, taken, upload};
use crate::world::{World, on_both};

#[tokio::test(flavor = "multi_thread")]
async fn another_persons_import_is_not_there() {
    on_both(|world| async move {
        let zhang = world.sign_in("zhang").await;
        let id = taken(&zhang, "customer", "a.csv", "名称,电话\n云山,13800138001\n坏,电话\n").await;
        run(&zhang, &id).await;
        for login in ["li", "boss", "system", "security", "audit"] {
            let other = world.sign_in(login).await;
            for path in ["", "/rows?kind=failed", "/errors.csv"] {
                other.get(&format!("/imports/{id}{path}")).await.problem(404, "not_found");
            }
            for verb in ["check", "start", "cancel", "resume"] {
                other.post(&format!("/imports/{id}/{verb}"), json!({})).await.problem(404, "not_found");
            }
            mapped(&other, &id, &["name"], json!({})).await.problem(404, "not_found");
            assert_eq!(other.get("/imports").await.ok().json(), json!({ "items": [] }), "{login}");
        }
        for id in ["x", "018f0000-0000-7000-8000-000000000000"] {
            zhang.get(&format!("/imports/{id}")).await.problem(404, "not_found");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_import_cannot_even_send_a_file() {
    on_both(|world| async move {
        for login in ["chen", "system", "security", "audit"] {
            let who = world.sign_in(login).await;
            let answer = upload(&who, "customer", "a.csv", "名称\n云山\n").await;
            assert!(matches!(answer.status.as_u16(), 403 | 404), "{login}: {}", answer.text());
        }
        let nobody = world.nobody();
        upload(&nobody, "customer", "a.csv", "名称\n云山\n").await.problem(401, "not_signed_in");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_right_that_is_gone_ends_the_import() {
    on_both(|world| async move {
        let zhang = world.sign_in("zhang").await;
        let id = taken(&zhang, "customer", "a.csv", "名称\n云山\n").await;
        world.policy().set_rules(Vec::new());
        zhang.post(&format!("/imports/{id}/start"), json!({})).await.problem(403, "forbidden");
        zhang.get(&format!("/imports/{id}")).await.problem(403, "forbidden");
        assert_eq!(zhang.get("/imports").await.ok().json(), json!({ "items": [] }));
    })
    .await;
}

/// Forbids a role to know of a field.
fn hide(world: &World, field: &str) {
    let mut rules: Vec<Rule> = world.policy().rules().iter().map(|r| (**r).clone()).collect();
    let pattern = rules.iter().find(|r| r.object == "customer" && !r.fields.is_empty()).expect("a rule");
    let mut forbid = pattern.clone();
    forbid.id = kernel::RuleId(uuid::Uuid::from_u128(0xf0));
    forbid.effect = Effect::Forbid;
    forbid.rows = RowScope::All;
    forbid.actions =
        rules.iter().flat_map(|r| r.actions.iter().copied()).filter(|a| !a.is_office()).collect();
    forbid.fields =
        vec![FieldRule { fields: FieldSet::Named(vec![field.to_owned()]), access: FieldAccess::Hidden }];
    rules.push(forbid);
    world.policy().set_rules(rules);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_field_takes_nothing_in_and_finds_no_duplicate() {
    on_both(|world| async move {
        let zhang = world.sign_in("zhang").await;
        zhang.customer("云山", "13800138001").await;
        hide(&world, "phone");
        let made = upload(&zhang, "customer", "a.csv", "名称,电话\n海天,13800138001\n").await.ok().json();
        assert_eq!(made["columns"][1]["suggested"], json!(null), "{made}");
        let id = made["id"].as_str().unwrap();
        let hidden = mapped(&zhang, id, &["name", "phone"], json!({})).await;
        let unknown = mapped(&zhang, id, &["name", "nosuch"], json!({})).await;
        hidden.complains("phone", "unknown_field");
        assert_eq!(hidden.text().replace("phone", "nosuch"), unknown.text());
        let done = run(&zhang, id).await;
        assert_eq!(counts(&done), [1, 0, 0, 0], "{done}");
        let list = zhang.get("/records/customer").await.ok().text();
        assert!(!list.contains("phone") && !list.contains("8001"), "{list}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_that_is_hidden_after_mapping_is_refused_at_the_start() {
    on_both(|world| async move {
        let zhang = world.sign_in("zhang").await;
        let id = taken(&zhang, "customer", "a.csv", "名称,电话\n海天,13800138001\n").await;
        hide(&world, "phone");
        zhang.post(&format!("/imports/{id}/start"), json!({})).await.complains("phone", "unknown_field");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_gigabytes_are_refused_before_they_arrive() {
    let world = World::new().await;
    let zhang = world.sign_in("zhang").await;
    let big = zhang.with("content-length", "2147483648");
    let path = "/api/v1/imports?object=customer&filename=a.csv";
    let answer = big.raw(Method::POST, path, Some("text/csv"), Body::from("名称\n")).await;
    answer.problem(413, "too_large");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_lies_about_its_size_is_stopped_and_leaves_nothing() {
    let made = store::testing::sqlite().unwrap();
    let store = made.store.clone();
    let world = World::on(made).await;
    let zhang = world.sign_in("zhang").await;
    let part = axum::body::Bytes::from(vec![b'x'; 8 * 1024 * 1024]);
    let endless = futures_util::stream::repeat_with(move || Ok::<_, std::convert::Infallible>(part.clone()));
    let path = "/api/v1/imports?object=customer&filename=a.csv";
    let answer = zhang.raw(Method::POST, path, Some("text/csv"), Body::from_stream(endless)).await;
    answer.problem(413, "too_large");
    assert_eq!(chunks(&store).await, 0);
    let broken = futures_util::stream::iter([
        Ok(axum::body::Bytes::from(vec![b'x'; 3 * 1024 * 1024])),
        Err(std::io::Error::other("the line broke")),
    ]);
    let answer = zhang.raw(Method::POST, path, Some("text/csv"), Body::from_stream(broken)).await;
    answer.problem(400, "bad_query");
    assert_eq!(chunks(&store).await, 0);
    upload(&zhang, "customer", "a.bin", vec![0; 2_000_000]).await.problem(422, "unknown_format");
    assert_eq!(chunks(&store).await, 0);
}

async fn chunks(store: &store::Store) -> i64 {
    let rows = store.read_one({
        let mut sql = store::Sql::new(store.engine());
        sql.push("SELECT count(*) FROM import_chunk");
        sql
    });
    rows.await.expect("a count")[0].get_int(0).expect("a number")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_goes_when_its_import_is_done() {
    for make in [store::testing::sqlite, store::testing::postgres] {
        let made = make().unwrap();
        let store = made.store.clone();
        let world = World::on(made).await;
        let zhang = world.sign_in("zhang").await;
        let table: String = (0..60_000).map(|n| format!("公司{n:050}\n")).collect();
        let id = taken(&zhang, "customer", "a.csv", format!("乙\n{table}")).await;
        assert!(chunks(&store).await >= 3);
        mapped(&zhang, &id, &["phone"], json!({})).await.ok();
        zhang.post(&format!("/imports/{id}/start"), json!({})).await.complains("name", "required");
        let small = taken(&zhang, "customer", "a.csv", "名称\n云山\n").await;
        let before = chunks(&store).await;
        assert_eq!(run(&zhang, &small).await["state"], "done");
        while chunks(&store).await != before - 1 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_zip_bomb_is_refused_in_words() {
    let world = World::new().await;
    let zhang = world.sign_in("zhang").await;
    let zeros = vec![b' '; 210 * 1024 * 1024];
    let bomb = packed(&[("xl/workbook.xml", b"<workbook/>"), ("xl/worksheets/sheet1.xml", &zeros)]);
    assert!(bomb.len() < 1_000_000, "{}", bomb.len());
    upload(&zhang, "customer", "a.xlsx", bomb).await.problem(422, "zip_bomb");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_with_too_many_columns_is_refused() {
    let world = World::new().await;
    let zhang = world.sign_in("zhang").await;
    upload(&zhang, "customer", "a.csv", ["列"; 201].join(",")).await.problem(422, "too_many_columns");
}

#[tokio::test(flavor = "multi_thread")]
async fn cells_of_any_kind_break_nothing() {
    on_both(|world| async move {
        let zhang = world.sign_in("zhang").await;
        let long = "长".repeat(300);
        let quotes = "\"引号\"\"里\n有换行\",";
        let csv = format!(
            "名称,备注\n{long},\n{quotes}\n'; DROP TABLE customer; --,\n\u{202e}反写,\n零\0零,\n正常,\u{0}\n"
        );
        let done = import(&zhang, "customer", &csv.replace('\0', "")).await;
        assert_eq!((counts(&done), count(&done, "done")), ([5, 0, 0, 1], 6), "{done}");
        assert_eq!(rows(&zhang, &done, "failed").await, [(1, "too_long".to_owned())]);
        let names = all(&zhang, "customer", "name").await;
        assert!(names.contains(&"引号\"里\n有换行".to_owned()), "{names:?}");
    })
    .await;
}
