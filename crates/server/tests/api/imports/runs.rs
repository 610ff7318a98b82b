//! A run's course: progress, cancelling, going on, what stays behind.

use serde_json::json;

use super::{all, count, counts, ended, import, run, taken};
use crate::world::{Caller, World, on_both};

/// How many entries of imports the ledger holds.
async fn entries(audit: &Caller) -> usize {
    let page = audit.get("/ledger/entries?action=import&limit=200").await.ok().json();
    page["items"].as_array().expect("items").len()
}

#[tokio::test(flavor = "multi_thread")]
async fn progress_in_numbers_needs_no_entry_but_values_do() {
    on_both(|world| async move {
        let (zhang, audit) = (world.sign_in("zhang").await, world.sign_in("audit").await);
        let id = taken(&zhang, "customer", "a.csv", "名称,电话\n云山,13800138001\n坏,电话\n").await;
        let before = entries(&audit).await;
        let shown = zhang.get(&format!("/imports/{id}")).await.ok().text();
        assert!(shown.contains("云山"));
        assert_eq!(entries(&audit).await, before + 1, "samples are customers' values");
        let done = run(&zhang, &id).await;
        assert_eq!((&done["preview"], &done["columns"][0]["samples"]), (&json!([]), &json!([])), "{done}");
        let before = entries(&audit).await;
        for _ in 0..5 {
            zhang.get(&format!("/imports/{id}")).await.ok();
            let list = zhang.get("/imports").await.ok().text();
            assert!(!list.contains("云山") && !list.contains("13800138001"), "{list}");
        }
        assert_eq!(entries(&audit).await, before, "a poll tells no value");
        zhang.get(&format!("/imports/{id}/rows?kind=failed")).await.ok();
        zhang.get(&format!("/imports/{id}/errors.csv")).await.ok();
        assert_eq!(entries(&audit).await, before + 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_import_goes_on_where_it_stopped() {
    on_both(|world| async move {
        let zhang = world.sign_in("zhang").await;
        let table: String = (0..20_000).map(|n| format!("公司{n},138{n:08}\n")).collect();
        let id = taken(&zhang, "customer", "a.csv", format!("名称,电话\n{table}")).await;
        zhang.post(&format!("/imports/{id}/resume"), json!({})).await.problem(409, "conflict");
        zhang.post(&format!("/imports/{id}/start"), json!({})).await.ok();
        zhang.post(&format!("/imports/{id}/start"), json!({})).await.problem(409, "conflict");
        while count(&zhang.get(&format!("/imports/{id}")).await.ok().json(), "done") == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
        zhang.post(&format!("/imports/{id}/cancel"), json!({})).await.ok();
        let stopped = ended(&zhang, &id).await;
        assert_eq!(stopped["state"], "cancelled");
        let at = count(&stopped, "done");
        assert!(at > 0 && at < 20_000, "{stopped}");
        zhang.post(&format!("/imports/{id}/cancel"), json!({})).await.problem(409, "conflict");
        zhang.post(&format!("/imports/{id}/resume"), json!({})).await.ok();
        let done = ended(&zhang, &id).await;
        assert_eq!((&done["state"], counts(&done)), (&json!("done"), [20_000, 0, 0, 0]), "{done}");
        let held = zhang.get("/records/customer?limit=1").await.ok().json();
        assert_eq!(held["count"], json!({ "value": 10_000, "capped": true }), "{held}");
        zhang.post(&format!("/imports/{id}/resume"), json!({})).await.problem(409, "conflict");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_was_never_started_can_be_cancelled_and_begun_after_all() {
    on_both(|world| async move {
        let zhang = world.sign_in("zhang").await;
        let id = taken(&zhang, "customer", "a.csv", "名称\n云山\n").await;
        let cancelled = zhang.post(&format!("/imports/{id}/cancel"), json!({})).await.ok().json();
        assert_eq!(cancelled["state"], "cancelled");
        zhang.post(&format!("/imports/{id}/start"), json!({})).await.problem(409, "conflict");
        zhang.post(&format!("/imports/{id}/resume"), json!({})).await.ok();
        assert_eq!(counts(&ended(&zhang, &id).await), [1, 0, 0, 0]);
        assert_eq!(all(&zhang, "customer", "name").await, ["云山"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn speed_counts_the_rows_of_this_run_only() {
    let world = World::new().await;
    let zhang = world.sign_in("zhang").await;
    let done = import(&zhang, "customer", "名称\n云山\n海天\n").await;
    // The stories' clock stands still: two rows in the shortest time that is counted.
    assert_eq!(done["per_s"], 2_000_000, "{done}");
}
