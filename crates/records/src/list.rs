//! The list executor: one page of what the caller may see, by the cheaper of two plans (DESIGN 6).
//!
//! *Merge*: one ordered run per visible owner over the index (owner, sort key, id), and one of the records without an
//! owner, merged until the page is full; good when few owners are visible. *Scan*: one run over (sort key, id) with a membership test; good when many
//! are. Empty sort values come last when descending and first when ascending, on both engines, because each list
//! is read as two sections.

mod merge;

use kernel::Value;
use kernel::condition::Bound;
use policy::{Owners, Visible};
use store::{Conn, Row, Sql};
use uuid::Uuid;

use crate::counts::{COUNT_CAP, Count};
use crate::error::Error;
use crate::query::{Cursor, Order};
use crate::shape::{Shape, quoted};
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
/// Records without an owner that a merge is expected to look at, at most.
const STRAYS_AT_MOST: f64 = 1_000.0;

/// The cheaper plan for a page of `limit` records.
pub(crate) fn choose(visible: &Visible, stats: Option<&OwnerStats>, limit: usize) -> Plan {
    let Some((owners, unowned)) = visible.runs() else { return Plan::Scan };
    let runs = owners.len() + usize::from(!unowned.is_empty());
    if runs <= 1 || runs > MERGE_AT_MOST {
        return Plan::Scan;
    }
    let Some(stats) = stats else {
        return if runs <= MERGE_BLINDLY { Plan::Merge } else { Plan::Scan };
    };
    // Nobody counted the departments of records without an owner: a merge walks all of them for its page.
    let strays = if unowned.is_empty() { 0 } else { stats.unowned };
    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    let (mine, total, runs, limit, strays) =
        (stats.of(owners).max(1) as f64, stats.total.max(1) as f64, runs as f64, limit as f64, strays as f64);
    let scan = (limit * total / mine).min(total);
    let merge = runs * RUN_COST + limit + strays.min(STRAYS_AT_MOST);
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
                visible => match visible.runs() {
                    Some(runs) if self.plan == Plan::Merge => {
                        self.merge(conn, runs, section, cursor, want)?
                    }
                    _ => self.scan(conn, section, cursor, want)?,
                },
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
        match self.visible.runs() {
            Some((owners, unowned)) if owners.len() + unowned.len() > 1 => Part::Test,
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

    /// How many records the list has, counted no further than the cap.
    pub(crate) fn count(&self, conn: &mut dyn Conn) -> Result<Count, Error> {
        let most = COUNT_CAP + 1;
        let counted = match self.visible {
            Visible::Nobody => 0,
            // Two sets without common records, each in an index of its own.
            Visible::Circle { owners, unowned } => {
                let owned = self.count_visible(conn, &Visible::Owners(owners.clone()), most)?;
                let strays = Visible::Circle { owners: Owners::new(Vec::new()), unowned: unowned.clone() };
                owned + self.count_visible(conn, &strays, most.saturating_sub(owned))?
            }
            visible => self.count_visible(conn, visible, most)?,
        };
        Ok(Count::from_probe(counted))
    }

    fn count_visible(&self, conn: &mut dyn Conn, visible: &Visible, most: u64) -> Result<u64, Error> {
        let mut sql = Sql::new(conn.engine());
        sql.push("SELECT count(*) FROM (SELECT 1 FROM ").push(&quoted(&self.shape.object.name));
        sql.push(" t WHERE t.deleted_at IS NULL");
        if !matches!(visible, Visible::Everything) {
            sql.push(" AND ");
            push_as(&mut sql, visible, "t", self.catalog, Part::Lead)?;
        }
        if *self.filter != Bound::always() {
            sql.push(" AND ");
            sql.condition(self.filter, "t", self.catalog)?;
        }
        sql.push(" LIMIT ").param(i64::try_from(most).unwrap_or(i64::MAX)).push(") c");
        let rows = conn.query(sql.text(), &sql.params())?;
        let n = rows.first().map(|r| r.get_int(0)).transpose()?.unwrap_or(0);
        Ok(u64::try_from(n).unwrap_or(0))
    }
}

/// Rows of `shape.select` for known ids, in the order of the ids; ids that are gone are left out.
pub(crate) fn fetch_in_order(conn: &mut dyn Conn, shape: &Shape, ids: &[Uuid]) -> Result<Vec<Row>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new(conn.engine());
    sql.push("SELECT ").push(&shape.select).push(" FROM ").push(&shape.from);
    sql.push(" WHERE k.subject = t.subject AND ").live("t").push(" AND ");
    sql.in_ids("t.id", ids.iter().map(|id| *id.as_bytes()));
    let rows = conn.query(sql.text(), &sql.params())?;
    let mut by_id = std::collections::HashMap::with_capacity(rows.len());
    for row in rows {
        by_id.insert(row.get_id(0)?, row);
    }
    Ok(ids.iter().filter_map(|id| by_id.remove(id)).collect())
}
