//! The same telephone number, the same address, a similar name, a customer by its name.

use serde_json::json;

use super::{all, count, counts, import, mapped, rows, run, taken};
use crate::world::on_both;

/// `#` stands for a digit of the round.
const TABLE: &str = "名称,电话,邮箱,备注\n\
                     云山新名,13# 0013 8001,,更新的备注\n\
                     海天,13#00138002,,\n\
                     海天又一次,+86 13#-0013-8002,,\n\
                     邮箱相同,,YUN#@example.com,\n";

#[tokio::test(flavor = "multi_thread")]
async fn duplicates_are_skipped_filled_or_made_again_as_asked() {
    on_both(|world| async move {
        let zhang = world.sign_in("zhang").await;
        for (round, choice, expected) in
            [("7", "skip", [1, 0, 3, 0]), ("8", "update", [1, 2, 1, 0]), ("9", "create", [4, 0, 0, 0])]
        {
            let (phone, email) = (format!("13{round}00138001"), format!("yun{round}@example.com"));
            let old = json!({ "name": "云山", "phone": phone, "email": email, "level": "a" });
            let old = zhang.make("customer", old).await;
            let id = taken(&zhang, "customer", "a.csv", TABLE.replace('#', round)).await;
            mapped(&zhang, &id, &["name", "phone", "email", "note"], json!({ "duplicates": choice }))
                .await
                .ok();
            let check = zhang.post(&format!("/imports/{id}/check"), json!({})).await.ok().json();
            assert_eq!((&check["valid"], &check["duplicates"]["exact"]), (&json!(4), &json!(3)), "{check}");
            let done = run(&zhang, &id).await;
            assert_eq!(counts(&done), expected, "{choice}: {done}");
            let record = zhang.get(&format!("/records/customer/{old}")).await.ok().json();
            if choice == "update" {
                assert_eq!(
                    (&record["name"], &record["level"]),
                    (&json!("邮箱相同"), &json!("a")),
                    "{record}"
                );
                assert_eq!(record["note"], "更新的备注", "what a row leaves empty stays");
                let history = zhang.get(&format!("/records/customer/{old}/history")).await.ok().text();
                assert!(history.contains("云山新名"), "{history}");
            } else {
                assert_eq!(record["name"], "云山");
            }
            if choice == "skip" {
                let skipped = rows(&zhang, &done, "skipped").await;
                let keys: Vec<(u64, &str)> = skipped.iter().map(|(row, key)| (*row, key.as_str())).collect();
                assert_eq!(keys, [(1, "duplicate"), (3, "duplicate_in_file"), (4, "duplicate")]);
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_importer_may_not_see_is_no_duplicate_and_is_not_touched() {
    on_both(|world| async move {
        let li = world.sign_in("li").await;
        let hers = li.customer("李娜的客户", "13800138001").await;
        let zhang = world.sign_in("zhang").await;
        let id = taken(&zhang, "customer", "a.csv", "名称,电话\n李娜的客户,13800138001\n").await;
        mapped(&zhang, &id, &["name", "phone"], json!({ "duplicates": "update" })).await.ok();
        let check = zhang.post(&format!("/imports/{id}/check"), json!({})).await.ok().json();
        assert_eq!(check["duplicates"], json!({ "exact": 0, "near": 0 }), "probing tells nothing");
        let done = run(&zhang, &id).await;
        assert_eq!((counts(&done), count(&done, "near")), ([1, 0, 0, 0], 0), "{done}");
        let record = li.get(&format!("/records/customer/{hers}")).await.ok().json();
        assert_eq!(record["version"], 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_may_be_seen_but_not_changed_is_a_failed_row() {
    on_both(|world| async move {
        let zhang = world.sign_in("zhang").await;
        zhang.customer("云山", "13800138001").await;
        let mut rules: Vec<policy::Rule> = world.policy().rules().iter().map(|r| (**r).clone()).collect();
        for rule in &mut rules {
            rule.actions.remove(&policy::ActionKind::Update);
        }
        world.policy().set_rules(rules);
        let id = taken(&zhang, "customer", "a.csv", "名称,电话\n新名,13800138001\n").await;
        mapped(&zhang, &id, &["name", "phone"], json!({ "duplicates": "update" })).await.ok();
        let done = run(&zhang, &id).await;
        assert_eq!(counts(&done), [0, 0, 0, 1], "{done}");
        assert_eq!(rows(&zhang, &done, "failed").await, [(1, "not_yours".to_owned())]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn similar_names_are_made_and_told() {
    on_both(|world| async move {
        let zhang = world.sign_in("zhang").await;
        zhang.customer("上海华信科技有限公司", "13800138001").await;
        let csv = "名称\n华信科技（集团）\n云山科技有限公司\n杭州云山科技股份有限公司\n海天\n";
        let done = import(&zhang, "customer", csv).await;
        assert_eq!((counts(&done), count(&done, "near")), ([4, 0, 0, 0], 2), "{done}");
        assert_eq!(done["warnings"][0]["key"], "near_names", "{done}");
        let near = rows(&zhang, &done, "near").await;
        assert_eq!(near, [(1, "near_duplicate".to_owned()), (3, "near_duplicate".to_owned())]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_finds_its_customer_by_its_whole_name() {
    on_both(|world| async move {
        let zhang = world.sign_in("zhang").await;
        let wanted = zhang.customer("上海华信科技有限公司", "13800138001").await;
        zhang.customer("北京云山科技有限公司", "13800138002").await;
        for phone in ["13800138003", "13800138004"] {
            zhang.customer("同名有限公司", phone).await;
        }
        world.sign_in("li").await.customer("李娜的客户", "13800138005").await;
        let csv = "姓名,所属客户,手机\n\
                   张一,上海华信科技有限公司,13900139001\n\
                   张二, 上海华信 科技有限公司 ,13900139002\n\
                   张三,上海云山科技有限公司,\n\
                   张四,同名有限公司,\n\
                   张五,李娜的客户,\n\
                   张六,没有这家,\n\
                   张七,,\n";
        let done = import(&zhang, "contact", csv).await;
        let failed = rows(&zhang, &done, "failed").await;
        let keys =
            ["similar_customer", "ambiguous_customer", "unknown_customer", "unknown_customer", "forbidden"];
        assert_eq!(failed, (3..).zip(keys.map(str::to_owned)).collect::<Vec<_>>(), "{done}");
        assert_eq!(counts(&done), [2, 0, 0, 5]);
        let list = zhang.get("/records/contact").await.ok().json();
        for item in list["items"].as_array().unwrap() {
            assert_eq!(
                item["customer"]["id"].as_str().or(item["customer"].as_str()),
                Some(wanted.as_str()),
                "{item}"
            );
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn records_come_to_the_chosen_owner_if_the_importer_may_give_them() {
    on_both(|world| async move {
        let (boss, zhang) = (world.sign_in("boss").await, world.sign_in("zhang").await);
        let me = zhang.get("/me").await.ok().json();
        let owner = me["person"]["id"].as_str().or(me["id"].as_str()).unwrap().to_owned();
        let csv = "名称,电话\n云山,13800138001\n海天,13800138002\n海天二,13800138002\n";
        let id = taken(&boss, "customer", "a.csv", csv).await;
        let options = json!({ "duplicates": "skip", "owner": owner });
        mapped(&boss, &id, &["name", "phone"], options).await.ok();
        assert_eq!(counts(&run(&boss, &id).await), [2, 0, 1, 0]);
        assert_eq!(all(&zhang, "customer", "name").await, ["云山", "海天"]);
        let id = taken(&zhang, "customer", "a.csv", "名称\n给李娜\n").await;
        let nobody = json!({ "owner": "018f0000-0000-7000-8000-000000000000" });
        mapped(&zhang, &id, &["name"], nobody).await.complains("owner", "not_found");
        let li = world.sign_in("li").await.get("/me").await.ok().json();
        let li = li["person"]["id"].as_str().or(li["id"].as_str()).unwrap().to_owned();
        mapped(&zhang, &id, &["name"], json!({ "owner": li })).await.ok();
        let done = run(&zhang, &id).await;
        assert_eq!(counts(&done), [0, 0, 0, 1], "{done}");
        assert_eq!(rows(&zhang, &done, "failed").await, [(1, "forbidden".to_owned())]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_imports_and_a_person_at_once_make_no_customer_twice() {
    on_both(|world| async move {
        let zhang = world.sign_in("zhang").await;
        let table: String = (0..3_000).map(|n| format!("公司{n},138{n:08}\n")).collect();
        let table = format!("名称,电话\n{table}");
        let one = taken(&zhang, "customer", "a.csv", table.as_str()).await;
        let two = taken(&zhang, "customer", "b.csv", table.as_str()).await;
        let mine = async {
            for n in (0..3_000).step_by(400) {
                zhang.customer(&format!("手工{n}"), &format!("138{n:08}")).await;
            }
        };
        let (first, second, ()) = tokio::join!(run(&zhang, &one), run(&zhang, &two), mine);
        // A person may enter a number that an import has just brought in; an import never does so.
        let [made, _, skipped, failed] = counts(&first);
        let [again, _, rest, wrong] = counts(&second);
        assert_eq!((failed, wrong, made + skipped, again + rest), (0, 0, 3_000, 3_000), "{first} {second}");
        assert!(made + again <= 3_000, "{first} {second}");
        assert_eq!(rest, 3_000 - again);
    })
    .await;
}
