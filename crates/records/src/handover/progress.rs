//! How a hand-over stands, and what a person still owns: numbers, no customer data.

use kernel::{PersonId, RecordId};
use serde::Serialize;
use store::{Conn, Sql};
use utoipa::ToSchema;
use uuid::Uuid;

use super::plan;
use crate::door::{Inner, Records};
use crate::error::Error;
use crate::timeline::PersonRef;

/// How a hand-over stands.
#[derive(Serialize, ToSchema)]
pub struct HandOverView {
    /// `running`, `done`, `returning`, `returned`.
    state: String,
    /// Records there were to move when it began.
    total: i64,
    moved: i64,
    kept: i64,
    returned: i64,
    received: Vec<Received>,
    kept_by: Vec<Kept>,
}

/// What one person received.
#[derive(Serialize, ToSchema)]
pub struct Received {
    person: PersonRef,
    object: String,
    count: i64,
}

/// What was not moved, and why.
#[derive(Serialize, ToSchema)]
pub struct Kept {
    object: String,
    /// `forbidden` (a rule forbids it), `nobody` (no receiver), `damaged`.
    why: String,
    count: i64,
}

/// Records of an object that a person owns.
#[derive(Serialize, ToSchema)]
pub struct OwnedRecords {
    object: String,
    count: i64,
}

/// The stored row.
pub(super) struct Progress {
    pub(super) id: Uuid,
    pub(super) state: String,
    pub(super) total: i64,
    pub(super) moved: i64,
    pub(super) kept: i64,
    pub(super) returned: i64,
    /// The object under way, and its last record that was looked at.
    pub(super) object: String,
    pub(super) last: Option<RecordId>,
}

impl Progress {
    pub(super) fn new(id: Uuid) -> Self {
        let state = "running".to_owned();
        Self { id, state, total: 0, moved: 0, kept: 0, returned: 0, object: String::new(), last: None }
    }

    pub(super) fn load(conn: &mut dyn Conn, id: Uuid) -> Result<Option<Self>, Error> {
        let rows = conn.query(
            "SELECT state, total, moved, kept, returned, object, last FROM handover WHERE id = $1",
            &[id.into()],
        )?;
        let Some(row) = rows.first() else { return Ok(None) };
        Ok(Some(Self {
            id,
            state: row.get_text(0)?.to_owned(),
            total: row.get_int(1)?,
            moved: row.get_int(2)?,
            kept: row.get_int(3)?,
            returned: row.get_int(4)?,
            object: row.get_text(5)?.to_owned(),
            last: row.opt_id(6)?.map(RecordId),
        }))
    }

    pub(super) fn save(&self, conn: &mut dyn Conn, inner: &Inner) -> Result<(), Error> {
        let mut sql = Sql::new(conn.engine());
        sql.push(
            "INSERT INTO handover(id, state, total, moved, kept, returned, object, last, updated_at) VALUES (",
        );
        sql.param(self.id).push(", ").param(self.state.as_str()).push(", ").param(self.total).push(", ");
        sql.param(self.moved).push(", ").param(self.kept).push(", ").param(self.returned).push(", ");
        sql.param(self.object.as_str()).push(", ").param(self.last.map(|r| r.0)).push(", ");
        sql.param(inner.now().0).push(
            ") ON CONFLICT (id) DO UPDATE SET state = excluded.state, total = excluded.total, moved = excluded.moved, \
             kept = excluded.kept, returned = excluded.returned, object = excluded.object, last = excluded.last, \
             updated_at = excluded.updated_at",
        );
        conn.execute(sql.text(), &sql.params())?;
        Ok(())
    }
}

impl Records {
    /// How the hand-over of a leaving stands; nothing before it began.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn hand_over(&self, id: Uuid) -> Result<Option<HandOverView>, Error> {
        let inner = self.0.clone();
        self.0
            .store
            .read(move |conn| -> Result<_, Error> {
                let Some(progress) = Progress::load(conn, id)? else { return Ok(None) };
                let org = inner.policy.org();
                let mut received = Vec::new();
                let sql = "SELECT receiver, object, count(*) FROM handover_item WHERE handover = $1 AND receiver IS NOT NULL \
                           AND returned = 0 GROUP BY receiver, object ORDER BY 3 DESC, object";
                for row in conn.query(sql, &[id.into()])? {
                    let person = row.get_id(0)?;
                    let name = org.person(PersonId(person)).map(|p| p.name.clone());
                    let (object, count) = (row.get_text(1)?.to_owned(), row.get_int(2)?);
                    received.push(Received { person: PersonRef::new(person, name), object, count });
                }
                let sql = "SELECT object, why, count(*) FROM handover_item WHERE handover = $1 AND receiver IS NULL \
                           GROUP BY object, why ORDER BY object, why";
                let mut kept_by = Vec::new();
                for row in conn.query(sql, &[id.into()])? {
                    let why = row.opt_text(1)?.unwrap_or("nobody").to_owned();
                    kept_by.push(Kept { object: row.get_text(0)?.to_owned(), why, count: row.get_int(2)? });
                }
                let Progress { state, total, moved, kept, returned, .. } = progress;
                Ok(Some(HandOverView { state, total, moved, kept, returned, received, kept_by }))
            })
            .await
    }

    /// How many records of each object a person would hand over today.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn owned_by(&self, person: PersonId) -> Result<Vec<OwnedRecords>, Error> {
        let inner = self.0.clone();
        self.0
            .store
            .read(move |conn| -> Result<_, Error> {
                let mut out = Vec::new();
                for object in inner.catalog.objects() {
                    let sql = plan::count(object, person, inner.now(), conn.engine());
                    let rows = conn.query(sql.text(), &sql.params())?;
                    let count = rows.first().map(|r| r.get_int(0)).transpose()?.unwrap_or(0);
                    out.push(OwnedRecords { object: object.name.clone(), count });
                }
                Ok(out)
            })
            .await
    }
}
