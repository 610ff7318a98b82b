//! Mailboxes and single mails become communications of whom they are with.

use serde_json::{Value, json};

use super::files::{gbk, mail};
use super::{count, counts, mapped, rows, run, taken, upload};
use crate::world::{Caller, on_both};

async fn mails(who: &Caller, file: impl Into<Vec<u8>>) -> Value {
    let id = taken(who, "communication", "邮件.mbox", file).await;
    run(who, &id).await
}

async fn communications(who: &Caller) -> Vec<Value> {
    let page = who.get("/records/communication?sort=created_at").await.ok().json();
    page["items"].as_array().expect("items").clone()
}

fn id_of(value: &Value) -> Option<&str> {
    value["id"].as_str().or(value.as_str())
}

#[tokio::test(flavor = "multi_thread")]
async fn mails_are_matched_by_their_addresses_and_the_rest_is_kept_for_review() {
    on_both(|world| async move {
        let zhang = world.sign_in("zhang").await;
        let customer = zhang.make("customer", json!({ "name": "云山", "email": "info@yun.example" })).await;
        let person = json!({ "name": "王芳", "customer": customer, "email": "wang@yun.example" });
        let contact = zhang.make("contact", person).await;
        let mut file = mail("1", "WANG@yun.example", "us@our.example", "询价", "请报价").into_bytes();
        file.extend(mail("2", "us@our.example", "a@b.example, info@yun.example", "回复", "附上报价").bytes());
        file.extend(mail("3", "stranger@far.example", "us@our.example", "你好", "我是谁").bytes());
        file.extend(gbk(&mail("4", "wang@yun.example", "us@our.example", "国标码主题", "国标码正文")));
        file.extend(b"From x\n\xff\xfe\x00 nonsense\n\n");
        let made = upload(&zhang, "communication", "往来.mbox", file).await.ok().json();
        assert_eq!((&made["format"], &made["rows_total"]), (&json!("mbox"), &json!(5)), "{made}");
        assert_eq!(made["preview"], json!([]), "mails are not previewed");
        let done = run(&zhang, made["id"].as_str().unwrap()).await;
        assert_eq!((counts(&done), count(&done, "unmatched")), ([4, 0, 0, 1], 1), "{done}");
        let list = communications(&zhang).await;
        let seen: Vec<_> = list
            .iter()
            .map(|c| (c["subject"].as_str().unwrap(), c["status"].as_str().unwrap(), c["direction"].as_str()))
            .collect();
        assert_eq!(
            seen,
            [
                ("询价", "matched", Some("in")),
                ("回复", "matched", Some("out")),
                ("你好", "unmatched", None),
                ("国标码主题", "matched", Some("in")),
            ]
        );
        assert_eq!(
            (id_of(&list[0]["customer"]), id_of(&list[0]["contact"])),
            (Some(&*customer), Some(&*contact))
        );
        assert_eq!((id_of(&list[1]["customer"]), id_of(&list[1]["contact"])), (Some(&*customer), None));
        assert_eq!(list[0]["channel"], "email");
        assert_eq!(list[0]["occurred_at"], "2026-11-23T02:00:00.000Z");
        assert!(list[3]["body"].as_str().unwrap().contains("国标码正文"), "{}", list[3]);
        let touched = zhang.get(&format!("/records/customer/{customer}")).await.ok().json();
        assert_eq!(touched["last_contact_at"], "2026-11-23T02:00:00.000Z");
        assert_eq!(rows(&zhang, &done, "unmatched").await, [(3, "unmatched".to_owned())]);
        assert_eq!(rows(&zhang, &done, "failed").await, [(5, "broken".to_owned())]);
        let timeline = zhang.get(&format!("/records/customer/{customer}/timeline")).await.ok().text();
        assert!(timeline.contains("询价") && !timeline.contains("你好"), "{timeline}");
        // The unmatched one is told whom it is with.
        let stray = id_of(&list[2]).unwrap();
        let told = json!({ "customer": customer, "status": "matched" });
        zhang.patch(&format!("/records/communication/{stray}"), told).await.ok();
        let timeline = zhang.get(&format!("/records/customer/{customer}/timeline")).await.ok().text();
        assert!(timeline.contains("你好"), "{timeline}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mailbox_imported_twice_makes_each_mail_once() {
    on_both(|world| async move {
        let zhang = world.sign_in("zhang").await;
        let box_of = |ids: &[&str]| {
            ids.iter().map(|id| mail(id, "a@b.example", "c@d.example", "s", "t")).collect::<String>()
        };
        assert_eq!(counts(&mails(&zhang, box_of(&["1", "2", "1"])).await), [2, 0, 1, 0]);
        assert_eq!(counts(&mails(&zhang, box_of(&["1", "2", "3"])).await), [1, 0, 2, 0]);
        // Mails are not filled from other mails.
        let id = taken(&zhang, "communication", "a.mbox", box_of(&["3"])).await;
        mapped(&zhang, &id, &[], json!({ "duplicates": "update" })).await.ok();
        assert_eq!(counts(&run(&zhang, &id).await), [0, 0, 1, 0]);
        // A mail without a name is known by its bytes.
        let bare = "From: <a@b.example>\r\nDate: Mon, 23 Nov 2026 10:00:00 +0800\r\n\r\n没有标识\r\n";
        assert_eq!(counts(&mails(&zhang, bare).await), [1, 0, 0, 0]);
        assert_eq!(counts(&mails(&zhang, bare).await), [0, 0, 1, 0]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_single_mail_is_read_whatever_its_encoding() {
    on_both(|world| async move {
        let zhang = world.sign_in("zhang").await;
        let head = "From: =?GB2312?B?zfW3vA==?= <wang@yun.example>\r\nTo: us@our.example\r\n\
                    Date: Mon, 23 Nov 2026 10:00:00 +0800\r\nMessage-ID: <9@x>\r\n";
        let mut file =
            format!("{head}Subject: =?GBK?B?sai827Wl?=\r\nContent-Type: text/plain; charset=gb2312\r\n\r\n")
                .into_bytes();
        file.extend(gbk("正文在此"));
        let made = upload(&zhang, "communication", "一封.eml", file).await.ok().json();
        assert_eq!((&made["format"], &made["rows_total"]), (&json!("eml"), &json!(1)), "{made}");
        assert_eq!(counts(&run(&zhang, made["id"].as_str().unwrap()).await), [1, 0, 0, 0]);
        let list = communications(&zhang).await;
        assert_eq!(
            (&list[0]["subject"], list[0]["body"].as_str().map(str::trim)),
            (&json!("报价单"), Some("正文在此"))
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_of_several_customers_is_left_to_people() {
    on_both(|world| async move {
        let zhang = world.sign_in("zhang").await;
        for (name, phone) in [("云山", "13800138001"), ("海天", "13800138002")] {
            let customer = zhang.customer(name, phone).await;
            zhang
                .make("contact", json!({ "name": name, "customer": customer, "email": "agent@both.example" }))
                .await;
        }
        let done = mails(&zhang, mail("1", "agent@both.example", "us@our.example", "哪家", "?")).await;
        assert_eq!((counts(&done), count(&done, "unmatched")), ([1, 0, 0, 0], 1), "{done}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mails_are_never_matched_to_customers_out_of_sight() {
    on_both(|world| async move {
        let li = world.sign_in("li").await;
        let customer =
            li.make("customer", json!({ "name": "李娜的客户", "email": "secret@li.example" })).await;
        let zhang = world.sign_in("zhang").await;
        let done = mails(&zhang, mail("1", "secret@li.example", "us@our.example", "探测", "?")).await;
        assert_eq!(
            (counts(&done), count(&done, "unmatched")),
            ([1, 0, 0, 0], 1),
            "probing tells nothing: {done}"
        );
        let timeline = li.get(&format!("/records/customer/{customer}/timeline")).await.ok().text();
        assert!(!timeline.contains("探测"), "{timeline}");
    })
    .await;
}
