//! One chunk: the records, their histories, the entry and the progress in one transaction, under the job's fence.

use std::sync::Arc;

use kernel::{Object, PersonId, RecordId};
use ledger::{Actor, Entry};
use policy::{Assign, HAND_OVER, HandOver, Permit, Principal};
use serde_json::Value as Json;
use store::jobs::{Job, Jobs};
use store::{Conn, Sql};

use super::plan::{self, Receivers, push_owned};
use super::progress::Progress;
use crate::door::{Inner, home_department};
use crate::error::Error;
use crate::history::FieldChange;
use crate::shape::{Opened, Shape, quoted};

/// Records of one chunk: some 10 ms of the writer, so that others wait no longer.
const CHUNK: i64 = 100;
/// How long a worker holds the job between chunks, in seconds.
pub(super) const LEASE: i64 = 60;

/// Does the next chunk; false when nothing is left.
pub(super) fn step(inner: &Inner, conn: &mut dyn Conn, job: &Job, order: &HandOver) -> Result<bool, Error> {
    Jobs::check(conn, job)?;
    Jobs::renew(conn, job, inner.now(), LEASE)?;
    let mut progress = match Progress::load(conn, order.id)? {
        Some(progress) => progress,
        None => begin(inner, conn, order)?,
    };
    let more = if order.undo {
        progress.state = "returning".to_owned();
        give_back(inner, conn, order, &mut progress)?
    } else {
        hand_on(inner, conn, order, &mut progress)?
    };
    if !more {
        progress.state = if order.undo { "returned" } else { "done" }.to_owned();
        Jobs::finish(conn, job)?;
    }
    progress.save(conn, inner)?;
    Ok(more)
}

fn begin(inner: &Inner, conn: &mut dyn Conn, order: &HandOver) -> Result<Progress, Error> {
    let mut progress = Progress::new(order.id);
    for object in inner.catalog.objects() {
        let sql = plan::count(object, order.from, inner.now(), conn.engine());
        let rows = conn.query(sql.text(), &sql.params())?;
        progress.total += rows.first().map(|r| r.get_int(0)).transpose()?.unwrap_or(0);
    }
    Ok(progress)
}

/// The duty of handing over what this person owns; none when a rule forbids it.
fn duty(inner: &Inner, owner: PersonId, object: &str) -> Option<Permit<Assign>> {
    let who = Arc::new(Principal::system(owner, vec![HAND_OVER.to_owned()]));
    inner.policy.permit::<Assign>(&who, object, inner.now()).ok()
}

fn hand_on(
    inner: &Inner,
    conn: &mut dyn Conn,
    order: &HandOver,
    progress: &mut Progress,
) -> Result<bool, Error> {
    let org = inner.policy.org();
    let mut receivers = Receivers::new(order, &org);
    for object in inner.catalog.objects().filter(|o| o.name >= progress.object) {
        let after = progress.last.filter(|_| progress.object == object.name);
        let rows = owned(inner, conn, order.from, object, after)?;
        let Some(last) = rows.last().map(|(id, _)| *id) else { continue };
        let permit = duty(inner, order.from, &object.name);
        let mut moved = Vec::new();
        for (id, opened) in rows {
            let to = opened.as_ref().and_then(|o| receivers.of(&object.name, o.department));
            let why = match (&opened, to, &permit) {
                (None, ..) => Some("damaged"),
                (Some(o), _, p) if !p.as_ref().is_some_and(|p| p.plan().allows_row(o)) => Some("forbidden"),
                (_, None, _) => Some("nobody"),
                _ => None,
            };
            if let (Some(before), Some(to), None) = (&opened, to, why) {
                give(inner, conn, order, before, to)?;
                moved.push(id);
                progress.moved += 1;
            } else {
                progress.kept += 1;
            }
            note(conn, order, &object.name, id, to.filter(|_| why.is_none()), why)?;
        }
        progress.object.clone_from(&object.name);
        progress.last = Some(last);
        record(inner, conn, order, object, &moved)?;
        return Ok(true);
    }
    Ok(false)
}

fn owned(
    inner: &Inner,
    conn: &mut dyn Conn,
    owner: PersonId,
    object: &Object,
    after: Option<RecordId>,
) -> Result<Vec<(RecordId, Option<Opened>)>, Error> {
    let shape = inner.shape(&object.name)?.clone();
    let mut sql = Sql::new(conn.engine());
    sql.push("SELECT ").push(&shape.select).push(" FROM ").push(&shape.from);
    sql.push(" WHERE k.subject = t.subject AND ");
    push_owned(&mut sql, object, owner, inner.now());
    if let Some(after) = after {
        sql.push(" AND t.id > ").param(after.0);
    }
    sql.push(" ORDER BY t.id LIMIT ").param(CHUNK);
    read(inner, conn, &shape, &sql)
}

/// Reads rows; one that is damaged keeps its id and stays where it is.
fn read(
    inner: &Inner,
    conn: &mut dyn Conn,
    shape: &Arc<Shape>,
    sql: &Sql,
) -> Result<Vec<(RecordId, Option<Opened>)>, Error> {
    let mut out = Vec::new();
    for row in &conn.query(sql.text(), &sql.params())? {
        let opened = match shape.read(row, &inner.vault) {
            Ok(opened) => Some(opened),
            Err(Error::Corrupt | Error::Vault(_)) => None,
            Err(other) => return Err(other),
        };
        out.push((RecordId(row.get_id(0)?), opened));
    }
    for (_, opened) in &mut out {
        if let Some(one) = opened {
            inner.load_parents(conn, shape, std::slice::from_mut(one))?;
        }
    }
    Ok(out)
}

fn give_back(
    inner: &Inner,
    conn: &mut dyn Conn,
    order: &HandOver,
    progress: &mut Progress,
) -> Result<bool, Error> {
    let sql = "SELECT object, record, receiver FROM handover_item WHERE handover = $1 AND receiver IS NOT NULL AND returned = 0 \
               ORDER BY object, record LIMIT $2";
    let rows = conn.query(sql, &[order.id.into(), CHUNK.into()])?;
    let Some(name) = rows.first().map(|r| r.get_text(0).map(str::to_owned)).transpose()? else {
        return Ok(false);
    };
    let object = inner.catalog.object(&name).ok_or(Error::NotFound)?.clone();
    let shape = inner.shape(&name)?.clone();
    let mut moved = Vec::new();
    for row in &rows {
        if row.get_text(0)? != name {
            break;
        }
        let (id, receiver) = (RecordId(row.get_id(1)?), PersonId(row.get_id(2)?));
        let before = inner.load(conn, &shape, id)?.filter(|o| !o.deleted && o.owner == Some(receiver.0));
        let allowed = before.filter(|o| duty(inner, receiver, &name).is_some_and(|p| p.plan().allows_row(o)));
        // What somebody has moved on since, or deleted, stays so.
        let state = if let Some(before) = &allowed {
            give(inner, conn, order, before, order.from)?;
            moved.push(id);
            progress.returned += 1;
            1
        } else {
            2
        };
        let mut sql = Sql::new(conn.engine());
        sql.push("UPDATE handover_item SET returned = ").param(i64::from(state));
        sql.push(" WHERE handover = ").param(order.id).push(" AND object = ").param(name.as_str());
        sql.push(" AND record = ").param(id.0);
        conn.execute(sql.text(), &sql.params())?;
    }
    record(inner, conn, order, &object, &moved)?;
    Ok(true)
}

/// Gives one record another owner, with its history.
fn give(
    inner: &Inner,
    conn: &mut dyn Conn,
    order: &HandOver,
    before: &Opened,
    to: PersonId,
) -> Result<(), Error> {
    let change = FieldChange {
        field: "owner".to_owned(),
        from: before.get("owner").to_json(),
        to: Json::String(to.to_string()),
        masked: false,
    };
    let by = order.ordered_by.map(|p| p.0);
    let mut sql = Sql::new(conn.engine());
    sql.push("UPDATE ").push(&quoted(&before.object.name)).push(" SET owner = ").param(to.0);
    sql.push(", department = ").param(home_department(&inner.policy, to));
    sql.push(", version = version + 1, seq = ").param(inner.next_change());
    sql.push(", updated_at = ").param(inner.now().0).push(", updated_by = ").param(by);
    sql.push(" WHERE id = ").param(before.id.0);
    conn.execute(sql.text(), &sql.params())?;
    inner.keep_history_by(conn, by, before, "assign", before.version + 1, &[change])
}

fn note(
    conn: &mut dyn Conn,
    order: &HandOver,
    object: &str,
    id: RecordId,
    receiver: Option<PersonId>,
    why: Option<&str>,
) -> Result<(), Error> {
    let mut sql = Sql::new(conn.engine());
    sql.push("INSERT INTO handover_item(handover, object, record, receiver, why, returned) VALUES (");
    sql.param(order.id).push(", ").param(object).push(", ").param(id.0).push(", ");
    sql.param(receiver.map(|p| p.0)).push(", ").param(why).push(", 0)");
    conn.execute(sql.text(), &sql.params())?;
    Ok(())
}

fn record(
    inner: &Inner,
    conn: &mut dyn Conn,
    order: &HandOver,
    object: &Object,
    moved: &[RecordId],
) -> Result<(), Error> {
    if moved.is_empty() {
        return Ok(());
    }
    let action = if order.undo { "hand_over.undo" } else { "hand_over" };
    let entry = Entry::new(inner.now(), Actor::system(), action)
        .object(object.name.clone())
        .records(moved.iter().map(|r| r.0))
        .rules([HAND_OVER])
        .fields(
            [
                format!("leaving={}", order.id),
                format!("from={}", order.from),
                format!("ordered_by={}", order.ordered_by.map(|p| p.to_string()).unwrap_or_default()),
            ],
            None,
        );
    inner.ledger.append(conn, &[entry])?;
    Ok(())
}
