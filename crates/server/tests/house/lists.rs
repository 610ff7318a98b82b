//! Paging: every visible record once, in any order, by either plan.

use std::collections::BTreeSet;

use kernel::SeededRandom;
use serde_json::json;

use crate::world::{Caller, on_both};

async fn all_pages(caller: &Caller, sort: &str) -> Vec<String> {
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = caller.get(&format!("/records/customer?limit=3&sort={sort}{cursor}")).await;
        found.extend(page.ids());
        match page.json()["next"].as_str() {
            Some(next) => cursor = format!("&cursor={}", Caller::encoded(next)),
            None => return found,
        }
        assert!(found.len() < 100, "paging by {sort} does not end");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn paging_by_every_sortable_field_yields_every_visible_record_once() {
    on_both(|world| async move {
        let (zhang, li) = (world.sign_in("zhang").await, world.sign_in("li").await);
        let mut own = BTreeSet::new();
        for n in 0..11 {
            // Few distinct values and gaps: ties and nulls are where paging goes wrong.
            let fields = json!({ "name": format!("公司{}", n % 3), "level": (n % 2 == 0).then_some("a") });
            own.insert(zhang.make("customer", fields).await);
            if n % 4 == 0 {
                li.make("customer", json!({ "name": "别家" })).await;
            }
        }
        let objects = zhang.get("/objects").await.ok().json();
        let customer =
            objects["objects"].as_array().unwrap().iter().find(|o| o["name"] == "customer").unwrap();
        let fields = customer["fields"].as_array().unwrap();
        let sortable: Vec<&str> =
            fields.iter().filter(|f| f["sortable"] == true).filter_map(|f| f["name"].as_str()).collect();
        assert!(sortable.len() >= 2, "{fields:?}");
        for field in sortable {
            let (up, down) = (all_pages(&zhang, field).await, all_pages(&zhang, &format!("-{field}")).await);
            for found in [&up, &down] {
                assert_eq!(found.len(), own.len(), "by {field}");
                assert_eq!(found.iter().cloned().collect::<BTreeSet<_>>(), own, "by {field}");
            }
        }
        zhang.get("/records/customer?limit=201").await.problem(400, "bad_query");
        let boss = world.sign_in("boss").await;
        assert_eq!(all_pages(&boss, "-created_at").await.len(), own.len() + 3);
    })
    .await;
}

/// Pages through a list while records are made behind the reader's back.
#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_inserted_between_pages_no_record_comes_twice_and_none_is_left_out() {
    on_both(|world| async move {
        for seed in 0..6_u64 {
            let random = SeededRandom::new(seed);
            let pick =
                |of: &[&'static str]| of[usize::try_from(random.below(of.len() as u64)).expect("an index")];
            let (zhang, wang) = (world.sign_in("zhang").await, world.sign_in("wang").await);
            let make = |n: u64| {
                let fields = json!({
                    "name": format!("公司{}", n % 4),
                    "level": (!n.is_multiple_of(3)).then_some(if n.is_multiple_of(2) { "a" } else { "b" }),
                    "stage": pick(&["lead", "contacted", "active"]),
                });
                let owner = if n.is_multiple_of(2) { zhang.clone() } else { wang.clone() };
                async move { owner.make("customer", fields).await }
            };
            for n in 0..9 + random.below(9) {
                make(n).await;
            }
            // A manager sees several owners; a salesperson one: the lists are read by different plans.
            for reader in [&zhang, &wang] {
                let before: BTreeSet<String> =
                    reader.get("/records/customer?limit=200").await.ids().into_iter().collect();
                let sort =
                    pick(&["created_at", "-created_at", "level", "-level", "stage", "-stage", "-updated_at"]);
                let limit = 1 + random.below(7);
                let (mut found, mut cursor) = (Vec::new(), String::new());
                loop {
                    let page =
                        reader.get(&format!("/records/customer?limit={limit}&sort={sort}{cursor}")).await;
                    found.extend(page.ids());
                    let Some(next) = page.json()["next"].as_str().map(Caller::encoded) else { break };
                    cursor = format!("&cursor={next}");
                    if random.below(3) == 0 && found.len() < 60 {
                        make(random.below(100)).await;
                    }
                }
                let distinct: BTreeSet<String> = found.iter().cloned().collect();
                assert_eq!(
                    distinct.len(),
                    found.len(),
                    "seed {seed}, sort {sort}, limit {limit}: one came twice"
                );
                let missed: Vec<_> = before.difference(&distinct).collect();
                assert!(missed.is_empty(), "seed {seed}, sort {sort}, limit {limit}: left out {missed:?}");
            }
        }
    })
    .await;
}
