//! Counts for charts, from the index.

use kernel::{PersonId, Timestamp};
use store::{Conn, Param};

use crate::error::Error;
use crate::query::Filter;
use crate::rows::number;

const MICROS_PER_HOUR: i64 = 3_600_000_000;

/// How much of what happened. Entries of the last second may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Entries by action, most first.
    pub by_action: Vec<(String, u64)>,
    /// Entries by person (none: the server itself), most first.
    pub by_person: Vec<(Option<PersonId>, u64)>,
    /// Entries by full hour (UTC), oldest first; hours without any are left out.
    pub by_hour: Vec<(Timestamp, u64)>,
    /// Entries in which restricted values were revealed.
    pub reveals: u64,
}

pub(crate) fn summary(conn: &mut dyn Conn, filter: &Filter) -> Result<Summary, Error> {
    let mut params: Vec<Param<'_>> = Vec::new();
    let conditions = filter.sql(&mut params);
    let mut groups = |what: &str, order: &str| {
        let sql = format!(
            "SELECT {what}, count(*) FROM ledger_index i WHERE {conditions} GROUP BY 1 ORDER BY {order}"
        );
        conn.query(&sql, &params)
    };
    let mut summary = Summary::default();
    for row in groups("i.action", "2 DESC, 1")? {
        summary.by_action.push((row.get_text(0)?.to_owned(), number(row.get_int(1)?)));
    }
    for row in groups("i.person", "2 DESC, 1")? {
        summary.by_person.push((row.opt_id(0)?.map(PersonId), number(row.get_int(1)?)));
    }
    for row in groups(&format!("i.at / {MICROS_PER_HOUR}"), "1")? {
        summary.by_hour.push((Timestamp(row.get_int(0)? * MICROS_PER_HOUR), number(row.get_int(1)?)));
    }
    summary.reveals = summary.by_action.iter().find(|(action, _)| action == "reveal").map_or(0, |(_, n)| *n);
    Ok(summary)
}
