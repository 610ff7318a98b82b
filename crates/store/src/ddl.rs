//! Tables of the catalog's objects: creating an object or a field without code runs this.

use std::collections::BTreeSet;

use kernel::catalog::{Class, Field, FieldType, Object};

use crate::conn::Conn;
use crate::engine::Engine;
use crate::error::Error;
use crate::param::Param;
use crate::sql::Ident;

/// Columns that every record has, in order. `seq` is the change number; `name_key` finds near-equal names.
const SYSTEM: &[(&str, &str)] = &[
    ("id", "{BLOB} PRIMARY KEY"),
    ("seq", "BIGINT NOT NULL"),
    ("owner", "{BLOB}"),
    ("department", "{BLOB}"),
    ("subject", "{BLOB} NOT NULL"),
    ("created_at", "BIGINT NOT NULL"),
    ("updated_at", "BIGINT NOT NULL"),
    ("created_by", "{BLOB}"),
    ("updated_by", "{BLOB}"),
    ("version", "BIGINT NOT NULL"),
    ("deleted_at", "BIGINT"),
    ("confidential", "{BLOB}"),
    ("restricted", "{BLOB}"),
    ("name_key", "{BLOB}"),
];

/// Makes the object's table, or adds what it lacks (columns, indexes). Columns are never dropped here.
///
/// # Errors
/// `NameTaken` when a table of that name is not an object's; `BadName`.
pub fn ensure(conn: &mut dyn Conn, object: &Object) -> Result<(), Error> {
    let engine = conn.engine();
    let table = Ident::new(&object.name)?;
    let there = columns_of(conn, table.as_str())?;
    if there.is_empty() {
        return table_for(engine, object)?.iter().try_for_each(|statement| conn.batch(statement));
    }
    if !SYSTEM.iter().all(|(name, _)| there.contains(*name)) {
        return Err(Error::NameTaken(object.name.clone()));
    }
    for (name, kind) in own_columns(engine, object)? {
        if !there.contains(name.as_str()) {
            conn.batch(&format!("ALTER TABLE {table} ADD COLUMN {name} {kind}"))?;
        }
    }
    ensure_indexes(conn, object)
}

/// The statements that make an object's table and its indexes.
pub fn table_for(engine: Engine, object: &Object) -> Result<Vec<String>, Error> {
    let table = Ident::new(&object.name)?;
    let system = SYSTEM.iter().map(|(name, kind)| format!("{name} {}", engine.words(kind)));
    let own = own_columns(engine, object)?.into_iter().map(|(name, kind)| format!("{name} {kind}"));
    let columns: Vec<String> = system.chain(own).collect();
    let mut statements = vec![format!("CREATE TABLE {table} ({})", columns.join(", "))];
    statements.extend(indexes_for(engine, object)?.into_iter().map(|index| index.statement));
    Ok(statements)
}

/// Columns of the object's own fields: open ones as they are, blind ones as tokens.
fn own_columns(engine: Engine, object: &Object) -> Result<Vec<(Ident, &'static str)>, Error> {
    let mut columns = Vec::new();
    for field in &object.fields {
        let taken = |name: &Ident| SYSTEM.iter().any(|(system, _)| *system == name.as_str());
        if field.class == Class::Open {
            let name = Ident::new(&field.name)?;
            if taken(&name) {
                return Err(Error::NameTaken(field.name.clone()));
            }
            columns.push((name, column_type(engine, field)));
        } else if field.blind {
            columns.push((blind_column(field)?, engine.blob()));
        }
    }
    Ok(columns)
}

fn blind_column(field: &Field) -> Result<Ident, Error> {
    Ident::new(&format!("{}_bi", field.name))
}

fn column_type(engine: Engine, field: &Field) -> &'static str {
    match field.kind {
        FieldType::Ref | FieldType::Person | FieldType::Department => engine.blob(),
        FieldType::Datetime
        | FieldType::Date
        | FieldType::Int
        | FieldType::Money
        | FieldType::Bool
        | FieldType::Duration => "BIGINT",
        _ => engine.text(),
    }
}

/// Tells PostgreSQL's planner how an object's table has grown: during an import nobody else would for a minute, and
/// without that it reads whole tables instead of indexes. `SQLite` plans without statistics.
///
/// # Errors
/// When the database refuses.
pub fn analyze(conn: &mut dyn Conn, object: &Object) -> Result<(), Error> {
    match conn.engine() {
        Engine::Sqlite => Ok(()),
        Engine::Postgres => {
            conn.batch(&format!("ANALYZE {}; ANALYZE keys.subject_key", Ident::new(&object.name)?))
        }
    }
}

/// Indexes for the lists (by owner and over all, each sortable field, references), newest changes, exact matches.
fn indexes_for(engine: Engine, object: &Object) -> Result<Vec<Index>, Error> {
    let mut lists: Vec<(Vec<&str>, Vec<&str>)> = Vec::new();
    // Record ids rise with time: creation order is id order.
    let sortable = |f: &&Field| f.sortable && f.class == Class::Open;
    let sorts = object.fields.iter().filter(sortable).map(|f| vec![f.name.as_str(), "id"]);
    for order in [vec!["id"], vec!["updated_at", "id"]].into_iter().chain(sorts) {
        lists.push((vec!["owner"], order.clone()));
        lists.push((Vec::new(), order));
    }
    for field in object.fields.iter().filter(|f| f.kind == FieldType::Ref && f.class == Class::Open) {
        // A timeline reads the records of one parent by time.
        for time in object.fields.iter().filter(sortable).filter(|f| f.kind == FieldType::Datetime) {
            if object.parent.as_ref() == Some(&field.name) {
                lists.push((vec![&field.name], vec![&time.name, "id"]));
            }
        }
        lists.push((vec![&field.name], vec!["id"]));
    }
    let mut indexes = vec![index(object, "ix", &["seq"], "")?];
    for (equal, order) in lists {
        indexes.push(live_index(engine, object, &equal, &order)?);
    }
    indexes.push(index(object, "ix", &["name_key"], " WHERE name_key IS NOT NULL")?);
    for field in object.fields.iter().filter(|f| f.blind && f.class != Class::Open) {
        let column = blind_column(field)?;
        indexes.push(index(object, "ix", &[column.as_str()], &format!(" WHERE {column} IS NOT NULL"))?);
    }
    Ok(indexes)
}

/// An index over records that are not deleted, such that walking a list of theirs reads no row that it does not show.
///
/// `SQLite` takes `deleted_at IS NULL` for an equality and reads owners from the index; PostgreSQL keeps order only in
/// a partial index.
fn live_index(engine: Engine, object: &Object, equal: &[&str], order: &[&str]) -> Result<Index, Error> {
    match engine {
        Engine::Sqlite => {
            let owner = if equal.contains(&"owner") { [].as_slice() } else { &["owner"] };
            let columns = [equal, &["deleted_at"], order, owner].concat();
            index(object, "ix", &columns, "")
        }
        Engine::Postgres => index(object, "live", &[equal, order].concat(), " WHERE deleted_at IS NULL"),
    }
}

struct Index {
    name: Ident,
    statement: String,
}

fn index(object: &Object, prefix: &str, columns: &[&str], filter: &str) -> Result<Index, Error> {
    let table = Ident::new(&object.name)?;
    let names: Vec<String> =
        columns.iter().map(|c| Ident::new(c).map(|i| i.to_string())).collect::<Result<_, _>>()?;
    let name = index_name(prefix, &object.name, columns)?;
    let statement = format!("CREATE INDEX IF NOT EXISTS {name} ON {table} ({}){filter}", names.join(", "));
    Ok(Index { name, statement })
}

/// Makes the indexes that are wanted, and drops those that an earlier version of the product made.
fn ensure_indexes(conn: &mut dyn Conn, object: &Object) -> Result<(), Error> {
    let wanted = indexes_for(conn.engine(), object)?;
    let sql = match conn.engine() {
        Engine::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = $1",
        Engine::Postgres => {
            "SELECT indexname::text FROM pg_indexes WHERE schemaname = current_schema() AND tablename = $1"
        }
    };
    for row in conn.query(sql, &[Param::Text(&object.name)])? {
        let name = Ident::new(row.get_text(0)?);
        let (Ok(name), false) = (name, wanted.iter().any(|i| row.get_text(0) == Ok(i.name.as_str()))) else {
            continue;
        };
        if ["ix_", "live_"].iter().any(|own| name.as_str().starts_with(own)) {
            conn.batch(&format!("DROP INDEX {name}"))?;
        }
    }
    wanted.iter().try_for_each(|index| conn.batch(&index.statement))
}

/// `<prefix>_<table>_<columns>`; when that is too long for PostgreSQL, its end is replaced by a hash (FNV-1a).
fn index_name(prefix: &str, table: &str, columns: &[&str]) -> Result<Ident, Error> {
    let full = format!("{prefix}_{table}__{}", columns.join("__"));
    if full.len() <= 63 {
        return Ident::new(&full);
    }
    let hash = full
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
    Ident::new(&format!("{}_{hash:016x}", &full[..46]))
}

/// Names of a table's columns; none when there is no such table.
fn columns_of(conn: &mut dyn Conn, table: &str) -> Result<BTreeSet<String>, Error> {
    let sql = match conn.engine() {
        Engine::Sqlite => "SELECT name FROM pragma_table_info($1)",
        Engine::Postgres => {
            "SELECT column_name::text FROM information_schema.columns \
             WHERE table_schema = current_schema() AND table_name = $1"
        }
    };
    let rows = conn.query(sql, &[Param::Text(table)])?;
    rows.iter().map(|row| row.get_text(0).map(str::to_owned)).collect()
}
