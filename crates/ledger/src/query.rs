//! Looking entries up: newest first, page by page, by what the index knows.

use std::collections::BTreeMap;

use kernel::{PersonId, Timestamp};
use store::{Conn, Engine, Param};
use uuid::Uuid;

use crate::entry::{Entry, Outcome};
use crate::error::Error;
use crate::hash::{Hash, leaf_hash};
use crate::rows::{int, number, one_int};

/// Counts go no further than this.
pub const COUNT_CAP: u64 = 10_000;
/// The most entries on a page.
pub const PAGE_MOST: u32 = 1_000;
/// A search for one record looks through the entries in windows of this many …
const WINDOW: u64 = 16_384;
/// … and through at most this many windows per page (a million entries); the cursor goes on from there.
const MOST_WINDOWS: usize = 64;

/// Which entries. Everything given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// At or after.
    pub from: Option<Timestamp>,
    /// Before.
    pub to: Option<Timestamp>,
    /// By this person.
    pub person: Option<PersonId>,
    /// Of this action.
    pub action: Option<String>,
    /// About this object.
    pub object: Option<String>,
    /// That list this record (entries about more than 200 records list none).
    pub record: Option<Uuid>,
    /// That ended so.
    pub outcome: Option<Outcome>,
}

/// An entry with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEntry {
    /// Its number.
    pub seq: u64,
    /// Its hash.
    pub leaf: Hash,
    /// What it says.
    pub entry: Entry,
}

/// One page, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The entries. A page of a search for one record may hold fewer than asked although more follow.
    pub items: Vec<StoredEntry>,
    /// Where the next page begins; none at the end.
    pub next: Option<String>,
    /// How many entries meet the filter.
    pub count: CappedCount,
}

/// A count that says when it stopped counting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CappedCount {
    /// At least so many; exactly so many unless capped.
    pub value: u64,
    /// There are, or may be, more.
    pub capped: bool,
}

/// A place in the order "newest first": time, then number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Cursor {
    at: i64,
    seq: i64,
}

impl Cursor {
    const TOP: Self = Self { at: i64::MAX, seq: i64::MAX };

    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        let (at, seq) = text.split_once('.').ok_or(Error::BadCursor)?;
        let part = |text: &str| text.parse().map_err(|_| Error::BadCursor);
        Ok(Self { at: part(at)?, seq: part(seq)? })
    }

    fn of(stored: &StoredEntry) -> Self {
        Self { at: stored.entry.at.0, seq: int(stored.seq) }
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.at, self.seq)
    }
}

impl Filter {
    /// The same question asked of an entry in memory.
    #[must_use]
    pub fn matches(&self, entry: &Entry) -> bool {
        self.from.is_none_or(|from| entry.at >= from)
            && self.to.is_none_or(|to| entry.at < to)
            && self.person.is_none_or(|person| entry.actor.person == Some(person))
            && self.action.as_ref().is_none_or(|action| entry.action == action.as_str())
            && self.object.as_ref().is_none_or(|object| entry.object.as_deref() == Some(object))
            && self.record.is_none_or(|record| entry.records.listed().contains(&record))
            && self.outcome.is_none_or(|outcome| entry.outcome == outcome)
    }

    /// What the index (`i`) can answer, as SQL after a `WHERE`; all but the record.
    pub(crate) fn sql<'a>(&'a self, params: &mut Vec<Param<'a>>) -> String {
        let mut sql = String::from("i.seq >= 0");
        let mut put = |text: &str, param| {
            params.push(param);
            sql.push_str(&format!(" AND {text} ${}", params.len()));
        };
        if let Some(person) = &self.person {
            put("i.person =", Param::Blob(person.as_bytes()));
        }
        if let Some(action) = &self.action {
            put("i.action =", Param::Text(action));
        }
        if let Some(object) = &self.object {
            put("i.object =", Param::Text(object));
        }
        if let Some(from) = self.from {
            put("i.at >=", Param::Int(from.0));
        }
        if let Some(to) = self.to {
            put("i.at <", Param::Int(to.0));
        }
        if let Some(outcome) = self.outcome {
            // Written out, so that the partial index on what did not go well can serve.
            sql.push_str(&format!(" AND i.outcome = {}", outcome.code()));
        }
        sql
    }
}

/// One page of the entries that meet the filter.
pub(crate) fn page(
    conn: &mut dyn Conn,
    filter: &Filter,
    cursor: Option<Cursor>,
    limit: u32,
) -> Result<Page, Error> {
    let below = cursor.unwrap_or(Cursor::TOP);
    let want = usize::try_from(limit.clamp(1, PAGE_MOST)).unwrap_or(1) + 1;
    let fresh = fresh(conn, filter, below, want)?;
    let (indexed, reached, count) = if let Some(record) = filter.record {
        let search = search_record(conn, filter, record, below, want)?;
        let value = fresh.total + search.items.len() as u64;
        (search.items, search.reached, CappedCount { value, capped: search.more || cursor.is_some() })
    } else {
        let indexed = indexed(conn, filter, below, want)?;
        (indexed, None, count(conn, filter, fresh.total)?)
    };
    let mut items: Vec<StoredEntry> = fresh.items.into_values().chain(indexed).collect();
    items.sort_by_key(|stored| std::cmp::Reverse(Cursor::of(stored)));
    let mut next = reached;
    if items.len() >= want {
        items.truncate(want - 1);
        next = items.last().map(Cursor::of);
    }
    Ok(Page { items, next: next.map(|cursor| cursor.to_string()), count })
}

/// One entry by its number.
pub(crate) fn one(conn: &mut dyn Conn, seq: i64) -> Result<Option<StoredEntry>, Error> {
    let rows = conn.query("SELECT body FROM ledger_entry WHERE seq = $1", &[Param::Int(seq)])?;
    rows.first().map(|row| read(number(seq), row.get_blob(0)?)).transpose()
}

/// Entries that the integrator has not reached yet: at most a second's worth, unless it is stopped by damage.
struct Fresh {
    items: BTreeMap<Cursor, StoredEntry>,
    /// How many there are, on whatever page.
    total: u64,
}

fn fresh(conn: &mut dyn Conn, filter: &Filter, below: Cursor, want: usize) -> Result<Fresh, Error> {
    let mut next = one_int(conn, "SELECT coalesce(max(seq) + 1, 0) FROM ledger_index", &[])?;
    let mut fresh = Fresh { items: BTreeMap::new(), total: 0 };
    loop {
        let sql = format!("SELECT seq, body FROM ledger_entry WHERE seq >= $1 ORDER BY seq LIMIT {WINDOW}");
        let rows = conn.query(&sql, &[Param::Int(next)])?;
        for row in &rows {
            next = row.get_int(0)? + 1;
            let stored = read(number(row.get_int(0)?), row.get_blob(1)?)?;
            if !filter.matches(&stored.entry) {
                continue;
            }
            fresh.total += 1;
            let place = Cursor::of(&stored);
            if place < below {
                fresh.items.insert(place, stored);
            }
            if fresh.items.len() > want {
                fresh.items.pop_first();
            }
        }
        if (rows.len() as u64) < WINDOW {
            return Ok(fresh);
        }
    }
}

fn indexed(
    conn: &mut dyn Conn,
    filter: &Filter,
    below: Cursor,
    want: usize,
) -> Result<Vec<StoredEntry>, Error> {
    let mut params = vec![Param::Int(below.at), Param::Int(below.seq)];
    let conditions = filter.sql(&mut params);
    let sql = format!(
        "SELECT i.seq, e.body FROM ledger_index i JOIN ledger_entry e ON e.seq = i.seq \
         WHERE (i.at, i.seq) < ($1, $2) AND {conditions} ORDER BY i.at DESC, i.seq DESC LIMIT {want}"
    );
    let rows = conn.query(&sql, &params)?;
    rows.iter().map(|row| read(number(row.get_int(0)?), row.get_blob(1)?)).collect()
}

fn count(conn: &mut dyn Conn, filter: &Filter, fresh: u64) -> Result<CappedCount, Error> {
    let mut params = Vec::new();
    let conditions = filter.sql(&mut params);
    let probe = COUNT_CAP + 1;
    let sql = format!(
        "SELECT count(*) FROM (SELECT 1 FROM ledger_index i WHERE {conditions} LIMIT {probe}) counted"
    );
    let found = fresh + number(one_int(conn, &sql, &params)?);
    Ok(CappedCount { value: found.min(COUNT_CAP), capped: found > COUNT_CAP })
}

/// What a search for a record's entries came to.
struct RecordSearch {
    items: Vec<StoredEntry>,
    /// Where to go on, when it stopped for the number of entries looked at.
    reached: Option<Cursor>,
    more: bool,
}

/// The ids stand in the body as they are: the engine looks for the bytes, the decoded entry decides.
fn search_record(
    conn: &mut dyn Conn,
    filter: &Filter,
    record: Uuid,
    below: Cursor,
    want: usize,
) -> Result<RecordSearch, Error> {
    let mut search = RecordSearch { items: Vec::new(), reached: Some(below), more: true };
    for _ in 0..MOST_WINDOWS {
        let Some(from) = search.reached.filter(|_| search.items.len() < want) else { break };
        search.reached = window_end(conn, filter, from)?;
        for stored in window_hits(conn, filter, record, from)? {
            if search.items.len() < want && filter.matches(&stored.entry) {
                search.items.push(stored);
            }
        }
    }
    search.more = search.reached.is_some() || search.items.len() >= want;
    Ok(search)
}

fn window_hits(
    conn: &mut dyn Conn,
    filter: &Filter,
    record: Uuid,
    from: Cursor,
) -> Result<Vec<StoredEntry>, Error> {
    let mut params = vec![Param::Int(from.at), Param::Int(from.seq)];
    let conditions = filter.sql(&mut params);
    params.push(Param::Blob(record.as_bytes()));
    let place = params.len();
    let has_id = match conn.engine() {
        Engine::Sqlite => format!("instr(w.body, ${place})"),
        Engine::Postgres => format!("position(${place} in w.body)"),
    };
    let sql = format!(
        "SELECT w.seq, w.body FROM (SELECT i.at, i.seq, e.body FROM ledger_index i \
         JOIN ledger_entry e ON e.seq = i.seq WHERE (i.at, i.seq) < ($1, $2) AND {conditions} \
         ORDER BY i.at DESC, i.seq DESC LIMIT {WINDOW}) w WHERE {has_id} > 0 ORDER BY w.at DESC, w.seq DESC"
    );
    let rows = conn.query(&sql, &params)?;
    rows.iter().map(|row| read(number(row.get_int(0)?), row.get_blob(1)?)).collect()
}

/// The last place of the window; none when the window reaches the end.
fn window_end(conn: &mut dyn Conn, filter: &Filter, from: Cursor) -> Result<Option<Cursor>, Error> {
    let mut params = vec![Param::Int(from.at), Param::Int(from.seq)];
    let conditions = filter.sql(&mut params);
    let sql = format!(
        "SELECT i.at, i.seq FROM ledger_index i WHERE (i.at, i.seq) < ($1, $2) AND {conditions} \
         ORDER BY i.at DESC, i.seq DESC LIMIT 1 OFFSET {}",
        WINDOW - 1
    );
    let rows = conn.query(&sql, &params)?;
    rows.first().map(|row| Ok(Cursor { at: row.get_int(0)?, seq: row.get_int(1)? })).transpose()
}

fn read(seq: u64, body: &[u8]) -> Result<StoredEntry, Error> {
    let entry = Entry::from_bytes(body).ok_or(Error::Damaged { seq, what: "an entry cannot be read" })?;
    Ok(StoredEntry { seq, leaf: leaf_hash(body), entry })
}
