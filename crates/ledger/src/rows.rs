//! Many rows in one statement. Batches are cut into powers of two, so that few statements exist and all stay prepared.

use std::fmt::Write;
use std::sync::OnceLock;

use store::{Conn, Param};

/// A size or number as the database keeps it.
pub(crate) fn int(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A size or number from the database, where none is negative.
pub(crate) fn number(int: i64) -> u64 {
    u64::try_from(int).unwrap_or(0)
}

/// The number that a query of one row and column gives.
pub(crate) fn one_int(conn: &mut dyn Conn, sql: &str, params: &[Param<'_>]) -> Result<i64, store::Error> {
    conn.query(sql, params)?.first().map_or(Ok(0), |row| row.get_int(0))
}

/// The largest class: 2^7 rows.
const CLASSES: usize = 8;

/// An INSERT for batches of rows of one table.
pub(crate) struct Insert {
    into: &'static str,
    columns: usize,
    statements: [OnceLock<String>; CLASSES],
}

impl Insert {
    /// `into` is `table (a, b, …)`, of so many columns.
    pub(crate) const fn new(into: &'static str, columns: usize) -> Self {
        Self { into, columns, statements: [const { OnceLock::new() }; CLASSES] }
    }

    /// Inserts the rows; `params` holds them one after another.
    pub(crate) fn run(&self, conn: &mut dyn Conn, params: &[Param<'_>]) -> Result<(), store::Error> {
        debug_assert_eq!(params.len() % self.columns, 0, "whole rows only");
        let mut rest = params;
        while !rest.is_empty() {
            let rows = rest.len() / self.columns;
            let class = usize::try_from(rows.ilog2()).unwrap_or(0).min(CLASSES - 1);
            let (now, later) = rest.split_at(self.columns << class);
            conn.execute(self.statement(class), now)?;
            rest = later;
        }
        Ok(())
    }

    fn statement(&self, class: usize) -> &str {
        self.statements[class].get_or_init(|| {
            let mut sql = format!("INSERT INTO {} VALUES ", self.into);
            for row in 0..1usize << class {
                let places: Vec<String> =
                    (1..=self.columns).map(|column| format!("${}", row * self.columns + column)).collect();
                let comma = if row == 0 { "" } else { ", " };
                let _ = write!(sql, "{comma}({})", places.join(", "));
            }
            sql
        })
    }
}
