//! Tables in the forms that people have, and what becomes of each cell.

use serde_json::{Value, json};

use super::files::{Cell, gbk, xlsx};
use super::{all, counts, import, mapped, rows, run, taken, upload};
use crate::world::{World, on_both};

const CSV: &str = "客户名称,手机,邮箱,级别,下次联系,网址\r\n\
                   杭州云山科技有限公司,138 0013 8001,yun@example.com,A 重点,2026年1月5日,www.yun.example\r\n\
                   \"上海,海天贸易\",+86-13800138002,,b,2026/1/5 13:04,https://hai.example\r\n";

/// The three forms of one table.
fn forms() -> [(&'static str, &'static str, Vec<u8>); 4] {
    use Cell::{Day, Number, Text};
    let header: Vec<Cell<'_>> =
        ["客户名称", "手机", "邮箱", "级别", "下次联系", "网址"].map(Text).into_iter().collect();
    let first = [
        Text("杭州云山科技有限公司"),
        Number(13_800_138_001.0),
        Text("yun@example.com"),
        Text("A 重点"),
        Day(46_027),
        Text("www.yun.example"),
    ];
    let second = [
        Text("上海,海天贸易"),
        Text("+86-13800138002"),
        Text(""),
        Text("b"),
        Text("2026-01-05 13:04"),
        Text("https://hai.example"),
    ];
    [
        ("csv", "utf-8", CSV.as_bytes().to_vec()),
        ("csv", "utf-8", [b"\xef\xbb\xbf", CSV.as_bytes()].concat()),
        ("csv", "gbk", gbk(CSV)),
        ("xlsx", "utf-8", xlsx(&[&header, &first, &second], 1)),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_in_any_form_becomes_customers() {
    for (format, encoding, file) in forms() {
        becomes_customers(World::new().await, format, encoding, file).await;
    }
    let on_postgres = World::on(store::testing::postgres().expect("a store")).await;
    let [.., (format, encoding, file)] = forms();
    becomes_customers(on_postgres, format, encoding, file).await;
}

async fn becomes_customers(world: World, format: &str, encoding: &str, file: Vec<u8>) {
    let zhang = world.sign_in("zhang").await;
    let made = upload(&zhang, "customer", "客户 表.csv", file).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let made = made.json();
    assert_eq!((&made["format"], &made["encoding"]), (&json!(format), &json!(encoding)), "{made}");
    assert_eq!((&made["state"], &made["filename"]), (&json!("mapping"), &json!("客户 表.csv")));
    assert_eq!(made["rows_total"], 2);
    let suggested: Vec<&Value> =
        made["columns"].as_array().expect("as made").iter().map(|c| &c["suggested"]).collect();
    assert_eq!(suggested, ["name", "phone", "email", "level", "next_contact_at", "website"], "{made}");
    assert_eq!(made["columns"][0]["samples"][0], "杭州云山科技有限公司");
    assert_eq!(made["preview"].as_array().expect("as made").len(), 2);
    let id = made["id"].as_str().expect("as made");
    let check = zhang.post(&format!("/imports/{id}/check"), json!({})).await.ok().json();
    assert_eq!(
        check,
        json!({ "checked": 2, "valid": 2, "errors": [], "duplicates": { "exact": 0, "near": 0 } })
    );
    assert!(all(&zhang, "customer", "name").await.is_empty(), "a check writes nothing");
    let done = run(&zhang, id).await;
    assert_eq!((&done["state"], counts(&done)), (&json!("done"), [2, 0, 0, 0]), "{done}");
    let list = zhang.get("/records/customer?sort=created_at").await.ok().json();
    let first = &list["items"][0];
    assert_eq!(first["name"], "杭州云山科技有限公司", "in the order of the file: {list}");
    assert_eq!((&first["phone"], &first["level"]), (&json!("138****8001"), &json!("a")));
    assert_eq!(first["website"], "http://www.yun.example");
    assert_eq!(first["next_contact_at"], "2026-01-04T16:00:00.000Z");
    let second = &list["items"][1];
    assert_eq!(second["name"], "上海,海天贸易");
    assert_eq!(second["next_contact_at"], "2026-01-05T05:04:00.000Z");
    let id = second["id"].as_str().expect("as made");
    let ask = json!({ "fields": ["phone"], "reason": "核对导入" });
    let shown = zhang.post(&format!("/records/customer/{id}/reveal"), ask).await.ok().json();
    assert_eq!(shown["values"]["phone"], "+86-13800138002");
}

#[tokio::test(flavor = "multi_thread")]
async fn people_say_which_column_is_which_field() {
    on_both(|world| async move {
        let zhang = world.sign_in("zhang").await;
        let id = taken(&zhang, "customer", "a.csv", "甲,乙,丙\n云山,13800138001,不要\n").await;
        zhang.post(&format!("/imports/{id}/start"), json!({})).await.complains("name", "required");
        for fields in
            [&["no_such"][..], &["name", "name"], &["owner"], &["", "", "", "name"], &["customer_name"]]
        {
            mapped(&zhang, &id, fields, json!({})).await.problem(422, "invalid");
        }
        let set = mapped(&zhang, &id, &["name", "phone"], json!({ "duplicates": "skip" })).await.ok().json();
        assert_eq!(
            set["mapping"],
            json!([{ "column": 0, "field": "name" }, { "column": 1, "field": "phone" }])
        );
        assert_eq!(counts(&run(&zhang, &id).await), [1, 0, 0, 0]);
        let list = zhang.get("/records/customer").await.ok().text();
        assert!(list.contains("云山") && !list.contains("不要"), "{list}");
        mapped(&zhang, &id, &["name"], json!({})).await.problem(409, "conflict");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_wrong_row_comes_back_with_its_reason() {
    on_both(|world| async move {
        let zhang = world.sign_in("zhang").await;
        let csv = "客户名称,电话,邮箱,级别,下次联系,备注\n\
                   好的,13800138001,ok@example.com,c,,\n\
                   坏电话,电话号码,,,,\n\
                   坏邮箱,,不是邮箱,,,\n\
                   ,13800138003,,,,没有名称\n\
                   坏级别,,,特级,,\n\
                   坏日期,,,,5/1/2026,\n\
                   多一格,,,,,备注,多\n\
                   =cmd|' /C calc'!A0,电话,,,,\n\n\
                   也好,13800138009,,,,\n";
        let id = taken(&zhang, "customer", "a.csv", csv).await;
        let check = zhang.post(&format!("/imports/{id}/check"), json!({})).await.ok().json();
        assert_eq!((&check["checked"], &check["valid"]), (&json!(9), &json!(2)), "{check}");
        let first = json!({ "row": 2, "field": "phone", "key": "bad_phone", "value": "电话号码" });
        for (name, value) in first.as_object().unwrap() {
            assert_eq!(&check["errors"][0][name], value, "{check}");
        }
        let done = run(&zhang, &id).await;
        assert_eq!(counts(&done), [2, 0, 0, 7], "{done}");
        assert_eq!(done["warnings"][0]["key"], "unreadable_rows", "{done}");
        let failed = rows(&zhang, &done, "failed").await;
        let expected = [
            (2, "bad_phone"),
            (3, "bad_email"),
            (4, "required"),
            (5, "bad_option"),
            (6, "bad_date"),
            (7, "broken"),
            (8, "bad_phone"),
        ];
        assert_eq!(failed, expected.map(|(row, key)| (row, key.to_owned())));
        let file = zhang.get(&format!("/imports/{id}/errors.csv")).await;
        let text = file.ok().text();
        assert!(text.starts_with("\u{feff}客户名称,电话,邮箱,级别,下次联系,备注,row,reason"), "{text}");
        assert!(text.contains("坏电话,电话号码,,,,,2,bad_phone"), "{text}");
        assert!(text.contains("'=cmd|' /C calc'!A0,电话"), "no spreadsheet runs it: {text}");
        assert!(!text.contains("好的,"), "{text}");
        assert_eq!(file.header("content-disposition"), Some("attachment; filename=\"errors.csv\""));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn error_rows_can_be_mended_and_imported_again() {
    on_both(|world| async move {
        let zhang = world.sign_in("zhang").await;
        let done = import(&zhang, "customer", "名称,电话\n云山,电话\n海天,13800138002\n").await;
        let id = done["id"].as_str().unwrap();
        let file = zhang.get(&format!("/imports/{id}/errors.csv")).await.ok().text();
        let again = import(&zhang, "customer", &file.replace("云山,电话", "云山,13800138001")).await;
        assert_eq!(counts(&again), [1, 0, 0, 0], "{again}");
        assert_eq!(all(&zhang, "customer", "name").await, ["云山", "海天"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_rows_hold_all_of_them() {
    on_both(|world| async move {
        let zhang = world.sign_in("zhang").await;
        let csv: String = (0..250).map(|n| format!("公司{n},无\n")).collect();
        let done = import(&zhang, "customer", &format!("名称,电话\n{csv}")).await;
        assert_eq!(counts(&done), [0, 0, 0, 250]);
        let id = done["id"].as_str().unwrap();
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let path = format!("/imports/{id}/rows?kind=failed&cursor={cursor}");
            let page = zhang.get(&path).await.ok().json();
            seen.extend(page["items"].as_array().unwrap().iter().map(|r| r["row"].as_u64().unwrap()));
            let Some(next) = page["next"].as_str() else { break };
            next.clone_into(&mut cursor);
        }
        assert_eq!(seen, (1..=250).collect::<Vec<_>>());
        zhang.get(&format!("/imports/{id}/rows?kind=all")).await.problem(400, "bad_query");
        zhang.get(&format!("/imports/{id}/rows?kind=failed&cursor=x")).await.problem(400, "bad_query");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stays_out_of_a_workbook_is_told() {
    on_both(|world| async move {
        let zhang = world.sign_in("zhang").await;
        let file = xlsx(&[&[Cell::Text("名称")], &[Cell::Text("云山"), Cell::Text("无标题列")]], 2);
        let made = upload(&zhang, "customer", "a.xlsx", file).await.ok().json();
        assert_eq!(made["warnings"][0]["key"], "more_sheets", "{made}");
        assert_eq!(
            made["columns"][1]["samples"],
            json!(["无标题列"]),
            "a column without a name is shown: {made}"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_no_table_is_refused_with_the_way_to_mend_it() {
    on_both(|world| async move {
        let zhang = world.sign_in("zhang").await;
        let old_xls = [&[0xd0, 0xcf, 0x11, 0xe0][..], &[0; 600]].concat();
        for (file, key) in [
            (old_xls, "unknown_format"),
            (Vec::new(), "unknown_format"),
            (b"PK\x03\x04 nothing".to_vec(), "unreadable_file"),
            (super::files::packed(&[("word/document.xml", b"<a/>")]), "unreadable_file"),
        ] {
            upload(&zhang, "customer", "a", file).await.problem(422, key);
        }
        upload(&zhang, "deal", "a.csv", "名称\n云山\n").await.problem(422, "invalid");
        upload(&zhang, "no_such", "a.csv", "名称\n云山\n").await.problem(404, "not_found");
        assert_eq!(zhang.get("/imports").await.ok().json(), json!({ "items": [] }));
    })
    .await;
}
