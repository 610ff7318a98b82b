//! The merge plan: ordered runs, one per owner, merged until the page is full.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use kernel::{DepartmentId, PersonId};
use store::{Conn, Engine, Row, Sql};
use uuid::Uuid;

use super::{Request, Section, fetch_in_order};
use crate::error::Error;
use crate::query::Cursor;
use crate::shape::{column_value, quoted};

/// Rows read at a time from one owner's run.
const RUN_CHUNK: usize = 8;

impl Request<'_> {
    /// The page's rows by merging.
    pub(super) fn merge(
        &self,
        conn: &mut dyn Conn,
        runs: Runs<'_>,
        section: Section,
        cursor: Option<&Cursor>,
        want: usize,
    ) -> Result<Vec<Row>, Error> {
        let ids = match conn.engine() {
            Engine::Sqlite => self.merge_runs(conn, runs, section, cursor, want)?,
            Engine::Postgres => self.merge_lateral(conn, runs, section, cursor, want)?,
        };
        fetch_in_order(conn, self.shape, &ids)
    }

    /// SQLite: short runs per owner, refilled as the heap eats them.
    fn merge_runs(
        &self,
        conn: &mut dyn Conn,
        (owners, unowned): Runs<'_>,
        section: Section,
        cursor: Option<&Cursor>,
        want: usize,
    ) -> Result<Vec<Uuid>, Error> {
        let strays = (!unowned.is_empty()).then_some(Source::Unowned(unowned));
        let mut heap = BinaryHeap::with_capacity(owners.len() + 1);
        let mut runs: Vec<Run<'_>> = Vec::with_capacity(owners.len() + 1);
        for source in owners.iter().map(|owner| Source::Owner(*owner)).chain(strays) {
            let mut run = Run { source, rows: Vec::new(), exhausted: false };
            self.refill(conn, &mut run, section, cursor)?;
            if let Some(head) = run.rows.pop() {
                heap.push(Head { position: head, run: runs.len(), descending: self.order.descending });
            }
            runs.push(run);
        }
        let mut out = Vec::with_capacity(want);
        while let Some(Head { position, run, .. }) = heap.pop() {
            out.push(position.id);
            if out.len() == want {
                break;
            }
            let run_state = &mut runs[run];
            if run_state.rows.is_empty() && !run_state.exhausted {
                self.refill(conn, run_state, section, Some(&position))?;
            }
            if let Some(head) = run_state.rows.pop() {
                heap.push(Head { position: head, run, descending: self.order.descending });
            }
        }
        Ok(out)
    }

    /// Reads the next few positions of one run; kept in reverse, so that `pop` gives the first.
    fn refill(
        &self,
        conn: &mut dyn Conn,
        run: &mut Run<'_>,
        section: Section,
        after: Option<&Cursor>,
    ) -> Result<(), Error> {
        let mut sql = Sql::new(conn.engine());
        sql.push("SELECT t.id");
        if let Some((column, _)) = &self.order.column {
            sql.push(", t.").push(&quoted(column));
        }
        sql.push(" FROM ").push(&quoted(&self.shape.object.name)).push(" t WHERE ");
        match run.source {
            Source::Owner(owner) => {
                sql.push("t.owner = ").param(owner.0);
            }
            Source::Unowned(departments) => push_unowned(&mut sql, departments),
        }
        sql.push(" AND t.deleted_at IS NULL");
        self.push_rest(&mut sql, "t", section, after, RUN_CHUNK)?;
        let rows = conn.query(sql.text(), &sql.params())?;
        run.exhausted = rows.len() < RUN_CHUNK;
        run.rows = rows.iter().rev().map(|r| self.position(r)).collect::<Result<_, _>>()?;
        Ok(())
    }

    fn position(&self, row: &Row) -> Result<Cursor, Error> {
        let key = match &self.order.column {
            None => None,
            Some((_, kind)) => Some(column_value(row, 1, *kind)?),
        };
        Ok(Cursor { key, id: row.get_id(0)? })
    }

    /// PostgreSQL: the same runs in one statement, by a lateral join.
    fn merge_lateral(
        &self,
        conn: &mut dyn Conn,
        (owners, unowned): Runs<'_>,
        section: Section,
        cursor: Option<&Cursor>,
        want: usize,
    ) -> Result<Vec<Uuid>, Error> {
        let column = match (&self.order.column, section) {
            (Some((column, _)), Section::Valued) => Some(quoted(column)),
            _ => None,
        };
        let direction = self.order.direction();
        let mut head = "SELECT t.id".to_owned();
        if let Some(column) = &column {
            head.push_str(&format!(", t.{column} AS key"));
        }
        head.push_str(&format!(" FROM {} t WHERE ", quoted(&self.shape.object.name)));
        let mut sql = Sql::new(conn.engine());
        sql.push("SELECT x.* FROM unnest(").id_array(owners.iter().map(|o| *o.as_bytes()));
        sql.push(") AS o(owner) CROSS JOIN LATERAL (").push(&head);
        sql.push("t.owner = o.owner AND t.deleted_at IS NULL");
        self.push_rest(&mut sql, "t", section, cursor, want)?;
        sql.push(") x");
        if !unowned.is_empty() {
            sql.push(" UNION ALL (").push(&head);
            push_unowned(&mut sql, unowned);
            sql.push(" AND t.deleted_at IS NULL");
            self.push_rest(&mut sql, "t", section, cursor, want)?;
            sql.push(")");
        }
        sql.push(" ORDER BY ");
        if column.is_some() {
            sql.push(&format!("key {direction}, "));
        }
        sql.push(&format!("id {direction} LIMIT ")).param(i64::try_from(want).unwrap_or(i64::MAX));
        let rows = conn.query(sql.text(), &sql.params())?;
        rows.iter().map(|r| r.get_id(0).map_err(Error::from)).collect()
    }
}

/// What a merge reads from: owners, and departments whose records without an owner are visible.
type Runs<'a> = (&'a [PersonId], &'a [DepartmentId]);

/// Which records a run is over.
enum Source<'a> {
    Owner(PersonId),
    Unowned(&'a [DepartmentId]),
}

fn push_unowned(sql: &mut Sql, departments: &[DepartmentId]) {
    sql.push("t.owner IS NULL AND ").in_ids("t.department", departments.iter().map(|d| *d.as_bytes()));
}

/// One ordered run: positions read ahead, last first.
struct Run<'a> {
    source: Source<'a>,
    rows: Vec<Cursor>,
    exhausted: bool,
}

/// The first position of a run, ordered so that the heap's greatest comes first in the list.
struct Head {
    position: Cursor,
    run: usize,
    descending: bool,
}

impl Ord for Head {
    fn cmp(&self, other: &Self) -> Ordering {
        let keys = match (&self.position.key, &other.position.key) {
            (Some(a), Some(b)) => a.compare(b).unwrap_or(Ordering::Equal),
            _ => Ordering::Equal,
        };
        let order = keys.then(self.position.id.cmp(&other.position.id));
        if self.descending { order } else { order.reverse() }
    }
}

impl PartialOrd for Head {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Head {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Head {}
