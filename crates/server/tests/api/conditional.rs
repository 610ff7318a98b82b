//! Two at once, twice the same: ETags and idempotency keys.

use serde_json::json;

use crate::world::on_both;

#[tokio::test(flavor = "multi_thread")]
async fn the_second_of_two_editors_is_told_that_it_is_late() {
    on_both(|world| async move {
        let zhang = world.sign_in("zhang").await;
        let path = format!("/records/customer/{}", zhang.customer("华远科技", "13800138000").await);
        let read = zhang.get(&path).await;
        assert_eq!(read.ok().header("etag"), Some("\"1\""));
        let first = zhang.with("if-match", "\"1\"").patch(&path, json!({ "stage": "contacted" })).await;
        assert_eq!(first.ok().header("etag"), Some("\"2\""));
        let second = zhang.with("if-match", "\"1\"").patch(&path, json!({ "stage": "lost" })).await;
        second.problem(412, "stale");
        assert_eq!(second.json()["params"]["version"], 2);
        assert_eq!(zhang.get(&path).await.json()["stage"], "contacted");
        zhang.patch(&path, json!({ "stage": "active" })).await.ok();
        zhang.with("if-match", "*").patch(&path, json!({ "stage": "qualified" })).await.ok();
        zhang
            .with("if-match", "nonsense")
            .patch(&path, json!({ "stage": "lost" }))
            .await
            .problem(400, "bad_query");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_sent_twice_makes_one_record() {
    on_both(|world| async move {
        let zhang = world.sign_in("zhang").await;
        let body = json!({ "name": "华远科技", "phone": "13800138000" });
        let once = zhang.with("idempotency-key", "k-1");
        let (a, b) = (
            once.post("/records/customer", body.clone()).await,
            once.post("/records/customer", body.clone()).await,
        );
        assert_eq!((a.status, b.status.is_success()), (axum::http::StatusCode::CREATED, true));
        assert_eq!(a.json()["id"], b.json()["id"]);
        let other = once.post("/records/customer", json!({ "name": "别的公司" })).await;
        other.problem(409, "conflict");
        // The key is the caller's own: somebody else's is another.
        let li = world.sign_in("li").await.with("idempotency-key", "k-1");
        assert_ne!(li.post("/records/customer", body.clone()).await.ok().json()["id"], a.json()["id"]);
        assert_eq!(zhang.get("/records/customer").await.ids().len(), 1);
        let long = "x".repeat(300);
        zhang.with("idempotency-key", &long).post("/records/customer", body).await.problem(400, "bad_query");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_deleted_can_be_taken_back() {
    on_both(|world| async move {
        let boss = world.sign_in("boss").await;
        let path = format!("/records/customer/{}", boss.customer("华远科技", "13800138000").await);
        assert_eq!(boss.delete(&path).await.status, 204);
        boss.get(&path).await.problem(404, "not_found");
        assert!(boss.get("/records/customer").await.ids().is_empty());
        boss.post(&format!("{path}/restore"), json!({})).await.ok();
        assert_eq!(boss.get(&path).await.ok().json()["name"], "华远科技");
    })
    .await;
}
