//! The list executor: one page of what the caller may see, by the cheaper of two plans (DESIGN 6).
//!
//! *Merge*: one ordered run per visible owner over the index (owner, sort key, id), merged until the page is full;
//! good when few owners are visible. *Scan*: one run over (sort key, id) with a membership test; good when many
//! are. Empty sort values come last when descending and first when ascending, on both engines, because each list
//! is read as two sections.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use kernel::condition::Bound;
use kernel::{PersonId, Value};
use policy::Visible;
use store::{Conn, Engine, Row, Sql};
use uuid::Uuid;

use crate::error::Error;
use crate::query::{Cursor, Order};
use crate::shape::{Shape, column_value, quoted};
use crate::stats::OwnerStats;
use crate::visible::{Part, push_as};

/// How a page is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plan {
    /// Ordered runs per owner, merged.
    Merge,
    /// One ordered run with a membership test.
    Scan,
}

/// Cost of opening one owner's run and reading its first rows, in units of one scanned row (measured: 6 µs to 0.7 µs).
const RUN_COST: f64 = 9.0;
/// Without statistics: up to this many owners merge.
const MERGE_BLINDLY: usize = 32;
/// More owners than this never merge: each run holds rows in memory.
const MERGE_AT_MOST: usize = 2_000;
/// Rows read at a time from one owner's run.
const RUN_CHUNK: usize = 8;

/// The cheaper plan for a page of `limit` records.
pub(crate) fn choose(visible: &Visible, stats: Option<&OwnerStats>, limit: usize) -> Plan {
    let Visible::Owners(owners) = visible else { return Plan::Scan };
    let owners = owners.as_slice();
    if owners.len() <= 1 || owners.len() > MERGE_AT_MOST {
        return Plan::Scan;
    }
    let Some(stats) = stats else {
        return if owners.len() <= MERGE_BLINDLY { Plan::Merge } else { Plan::Scan };
    };
    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    let (mine, total, runs, limit) =
        (stats.of(owners).max(1) as f64, stats.total.max(1) as f64, owners.len() as f64, limit as f64);
    let scan = (limit * total / mine).min(total);
    let merge = runs * RUN_COST + limit;
    if merge < scan { Plan::Merge } else { Plan::Scan }
}

/// What to page over.
pub(crate) struct Request<'a> {
    pub(crate) shape: &'a Shape,
    pub(crate) catalog: &'a kernel::Catalog,
    pub(crate) visible: &'a Visible,
    pub(crate) filter: &'a Bound,
    pub(crate) order: &'a Order,
    pub(crate) cursor: Option<&'a Cursor>,
    pub(crate) limit: usize,
    pub(crate) plan: Plan,
}

/// The two halves of an ordered list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Section {
    /// Records with a sort value (all of them when ordered by id).
    Valued,
    /// Records without.
    Empty,
}

impl Request<'_> {
    /// Rows of `shape.select`, at most `limit`, in order.
    pub(crate) fn rows(&self, conn: &mut dyn Conn) -> Result<Vec<Row>, Error> {
        let mut out = Vec::new();
        for (section, cursor) in self.sections() {
            let want = self.limit - out.len();
            if want == 0 {
                break;
            }
            let rows = match self.visible {
                Visible::Nobody => Vec::new(),
                Visible::Owners(owners) if self.plan == Plan::Merge => {
                    self.merge(conn, owners.as_slice(), section, cursor, want)?
                }
                _ => self.scan(conn, section, cursor, want)?,
            };
            out.extend(rows);
        }
        Ok(out)
    }

    /// The sections still to read, each with where to start in it.
    fn sections(&self) -> Vec<(Section, Option<&Cursor>)> {
        if self.order.column.is_none() {
            return vec![(Section::Valued, self.cursor)];
        }
        let order = if self.order.descending {
            [Section::Valued, Section::Empty]
        } else {
            [Section::Empty, Section::Valued]
        };
        match self.cursor {
            None => order.iter().map(|s| (*s, None)).collect(),
            Some(c) => {
                let at =
                    if matches!(c.key, None | Some(Value::Null)) { Section::Empty } else { Section::Valued };
                let rest = order.iter().skip_while(|s| **s != at);
                rest.map(|s| (*s, (*s == at).then_some(c))).collect()
            }
        }
    }

    fn scan(
        &self,
        conn: &mut dyn Conn,
        section: Section,
        cursor: Option<&Cursor>,
        want: usize,
    ) -> Result<Vec<Row>, Error> {
        let mut sql = Sql::new(conn.engine());
        sql.push("SELECT ").push(&self.shape.select).push(" FROM ").push(&self.shape.from);
        sql.push(" WHERE k.subject = t.subject AND t.deleted_at IS NULL");
        if !matches!(self.visible, Visible::Everything) {
            sql.push(" AND ");
            push_as(&mut sql, self.visible, "t", self.catalog, self.part())?;
        }
        self.push_rest(&mut sql, "t", section, cursor, want)?;
        Ok(conn.query(sql.text(), &sql.params())?)
    }

    /// One owner's rows lie in order in the owner's index, few parents' rows in the reference's; an ordered scan only
    /// tests the owners.
    fn part(&self) -> Part {
        match self.visible {
            Visible::Owners(owners) if owners.as_slice().len() > 1 => Part::Test,
            _ => Part::Lead,
        }
    }

    /// Filter, position, order and limit: the same for both plans.
    fn push_rest(
        &self,
        sql: &mut Sql,
        alias: &str,
        section: Section,
        cursor: Option<&Cursor>,
        want: usize,
    ) -> Result<(), Error> {
        if *self.filter != Bound::always() {
            sql.push(" AND ");
            sql.condition(self.filter, alias, self.catalog)?;
        }
        let (less, direction) = (if self.order.descending { "<" } else { ">" }, self.order.direction());
        match (&self.order.column, section) {
            (Some((column, _)), Section::Valued) => {
                let column = quoted(column);
                sql.push(" AND ").push(&format!("{alias}.{column} IS NOT NULL"));
                if let Some(Cursor { key: Some(key), id }) = cursor {
                    sql.push(&format!(" AND ({alias}.{column}, {alias}.id) {less} ("));
                    sql.param(key).push(", ").param(id).push(")");
                }
                sql.push(&format!(" ORDER BY {alias}.{column} {direction}, {alias}.id {direction}"));
            }
            (column, _) => {
                if let Some((column, _)) = column {
                    sql.push(&format!(" AND {alias}.{} IS NULL", quoted(column)));
                }
                if let Some(cursor) = cursor {
                    sql.push(&format!(" AND {alias}.id {less} ")).param(cursor.id);
                }
                sql.push(&format!(" ORDER BY {alias}.id {direction}"));
            }
        }
        sql.push(" LIMIT ").param(i64::try_from(want).unwrap_or(i64::MAX));
        Ok(())
    }

    fn merge(
        &self,
        conn: &mut dyn Conn,
        owners: &[PersonId],
        section: Section,
        cursor: Option<&Cursor>,
        want: usize,
    ) -> Result<Vec<Row>, Error> {
        let ids = match conn.engine() {
            Engine::Sqlite => self.merge_runs(conn, owners, section, cursor, want)?,
            Engine::Postgres => self.merge_lateral(conn, owners, section, cursor, want)?,
        };
        fetch_in_order(conn, self.shape, &ids)
    }

    /// SQLite: short runs per owner, refilled as the heap eats them.
    fn merge_runs(
        &self,
        conn: &mut dyn Conn,
        owners: &[PersonId],
        section: Section,
        cursor: Option<&Cursor>,
        want: usize,
    ) -> Result<Vec<Uuid>, Error> {
        let mut heap = BinaryHeap::with_capacity(owners.len());
        let mut runs: Vec<Run> = Vec::with_capacity(owners.len());
        for owner in owners {
            let mut run = Run { owner: *owner, rows: Vec::new(), exhausted: false };
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

    /// Reads the next few positions of one owner; kept in reverse, so that `pop` gives the first.
    fn refill(
        &self,
        conn: &mut dyn Conn,
        run: &mut Run,
        section: Section,
        after: Option<&Cursor>,
    ) -> Result<(), Error> {
        let mut sql = Sql::new(conn.engine());
        sql.push("SELECT t.id");
        if let Some((column, _)) = &self.order.column {
            sql.push(", t.").push(&quoted(column));
        }
        sql.push(" FROM ")
            .push(&quoted(&self.shape.object.name))
            .push(" t WHERE t.owner = ")
            .param(run.owner.0);
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
        owners: &[PersonId],
        section: Section,
        cursor: Option<&Cursor>,
        want: usize,
    ) -> Result<Vec<Uuid>, Error> {
        let column = match (&self.order.column, section) {
            (Some((column, _)), Section::Valued) => Some(quoted(column)),
            _ => None,
        };
        let direction = self.order.direction();
        let mut sql = Sql::new(conn.engine());
        sql.push("SELECT x.id FROM unnest(").id_array(owners.iter().map(|o| *o.as_bytes()));
        sql.push(") AS o(owner) CROSS JOIN LATERAL (SELECT t.id");
        if let Some(column) = &column {
            sql.push(&format!(", t.{column} AS key"));
        }
        sql.push(" FROM ").push(&quoted(&self.shape.object.name));
        sql.push(" t WHERE t.owner = o.owner AND t.deleted_at IS NULL");
        self.push_rest(&mut sql, "t", section, cursor, want)?;
        sql.push(") x ORDER BY ");
        if column.is_some() {
            sql.push(&format!("x.key {direction}, "));
        }
        sql.push(&format!("x.id {direction} LIMIT ")).param(i64::try_from(want).unwrap_or(i64::MAX));
        let rows = conn.query(sql.text(), &sql.params())?;
        rows.iter().map(|r| r.get_id(0).map_err(Error::from)).collect()
    }

    /// How many records the list has, counted no further than the cap.
    pub(crate) fn count(&self, conn: &mut dyn Conn) -> Result<crate::counts::Count, Error> {
        if matches!(self.visible, Visible::Nobody) {
            return Ok(crate::counts::Count::from_probe(0));
        }
        let mut sql = Sql::new(conn.engine());
        sql.push("SELECT count(*) FROM (SELECT 1 FROM ").push(&quoted(&self.shape.object.name));
        sql.push(" t WHERE t.deleted_at IS NULL");
        if !matches!(self.visible, Visible::Everything) {
            sql.push(" AND ");
            push_as(&mut sql, self.visible, "t", self.catalog, Part::Lead)?;
        }
        if *self.filter != Bound::always() {
            sql.push(" AND ");
            sql.condition(self.filter, "t", self.catalog)?;
        }
        let cap = i64::try_from(crate::counts::COUNT_CAP).unwrap_or(i64::MAX);
        sql.push(" LIMIT ").param(cap + 1).push(") c");
        let rows = conn.query(sql.text(), &sql.params())?;
        let n = rows.first().map(|r| r.get_int(0)).transpose()?.unwrap_or(0);
        Ok(crate::counts::Count::from_probe(u64::try_from(n).unwrap_or(0)))
    }
}

/// Rows of `shape.select` for known ids, in the order of the ids; ids that are gone are left out.
pub(crate) fn fetch_in_order(conn: &mut dyn Conn, shape: &Shape, ids: &[Uuid]) -> Result<Vec<Row>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new(conn.engine());
    sql.push("SELECT ").push(&shape.select).push(" FROM ").push(&shape.from);
    sql.push(" WHERE k.subject = t.subject AND t.deleted_at IS NULL AND ");
    sql.in_ids("t.id", ids.iter().map(|id| *id.as_bytes()));
    let rows = conn.query(sql.text(), &sql.params())?;
    let mut by_id = std::collections::HashMap::with_capacity(rows.len());
    for row in rows {
        by_id.insert(row.get_id(0)?, row);
    }
    Ok(ids.iter().filter_map(|id| by_id.remove(id)).collect())
}

/// One owner's run: positions read ahead, last first.
struct Run {
    owner: PersonId,
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
