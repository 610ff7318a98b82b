//! A ciphertext in another record's place does not open.

use crate::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn swapped_ciphertexts_are_detected_and_disclose_nothing() {
    let made = store::testing::sqlite().unwrap();
    let store = made.store.clone();
    let world = World::on(made).await;
    let zhang = world.sign_in("zhang").await;
    let (a, b) =
        (zhang.customer("甲公司", "13800138000").await, zhang.customer("乙公司", "13900139000").await);
    let id = |text: &str| text.parse::<kernel::RecordId>().unwrap();
    let (first, second) = (id(&a), id(&b));
    store
        .write(move |conn| -> Result<(), store::Error> {
            let blob = |conn: &mut dyn store::Conn, id: kernel::RecordId| -> Result<Vec<u8>, store::Error> {
                let bytes: &[u8] = id.as_bytes();
                let rows = conn.query("SELECT confidential FROM customer WHERE id = $1", &[bytes.into()])?;
                Ok(rows[0].get_blob(0)?.to_vec())
            };
            let (one, two) = (blob(conn, first)?, blob(conn, second)?);
            for (id, sealed) in [(first, two), (second, one)] {
                let bytes: &[u8] = id.as_bytes();
                let update = "UPDATE customer SET confidential = $1 WHERE id = $2";
                conn.execute(update, &[sealed.as_slice().into(), bytes.into()])?;
            }
            Ok(())
        })
        .await
        .unwrap();
    for id in [&a, &b] {
        let answer = zhang.get(&format!("/records/customer/{id}")).await;
        answer.problem(500, "internal");
        assert!(!answer.text().contains("公司"));
    }
    let list = zhang.get("/records/customer").await;
    assert!(!list.text().contains("甲公司") && !list.text().contains("乙公司"), "{}", list.text());
}
