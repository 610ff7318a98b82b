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
    indexes_for(object)?.iter().try_for_each(|statement| conn.batch(statement))
}

/// The statements that make an object's table and its indexes.
pub fn table_for(engine: Engine, object: &Object) -> Result<Vec<String>, Error> {
    let table = Ident::new(&object.name)?;
    let system = SYSTEM.iter().map(|(name, kind)| format!("{name} {}", engine.words(kind)));
    let own = own_columns(engine, object)?.into_iter().map(|(name, kind)| format!("{name} {kind}"));
    let columns: Vec<String> = system.chain(own).collect();
    let mut statements = vec![format!("CREATE TABLE {table} ({})", columns.join(", "))];
    statements.extend(indexes_for(object)?);
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

/// Indexes for the lists: by owner and over all, each sortable field, newest changes, references, exact matches.
fn indexes_for(object: &Object) -> Result<Vec<String>, Error> {
    let mut indexes: Vec<Vec<&str>> =
        vec![vec!["seq"], vec!["owner", "id"], vec!["updated_at", "id"], vec!["owner", "updated_at", "id"]];
    // Record ids rise with time: creation order is id order.
    let sortable = |f: &&Field| f.sortable && f.class == Class::Open;
    for field in object.fields.iter().filter(sortable) {
        indexes.push(vec!["owner", &field.name, "id"]);
        indexes.push(vec![&field.name, "id"]);
    }
    for field in object.fields.iter().filter(|f| f.kind == FieldType::Ref && f.class == Class::Open) {
        // A timeline reads the records of one parent by time.
        for time in object.fields.iter().filter(sortable).filter(|f| f.kind == FieldType::Datetime) {
            if object.parent.as_ref() == Some(&field.name) {
                indexes.push(vec![&field.name, &time.name, "id"]);
            }
        }
        indexes.push(vec![&field.name, "id"]);
    }
    let mut statements: Vec<String> =
        indexes.iter().map(|columns| index(object, columns, "")).collect::<Result<_, _>>()?;
    statements.push(index(object, &["name_key"], " WHERE name_key IS NOT NULL")?);
    for field in object.fields.iter().filter(|f| f.blind && f.class != Class::Open) {
        let column = blind_column(field)?;
        statements.push(index(object, &[column.as_str()], &format!(" WHERE {column} IS NOT NULL"))?);
    }
    Ok(statements)
}

fn index(object: &Object, columns: &[&str], filter: &str) -> Result<String, Error> {
    let table = Ident::new(&object.name)?;
    let names: Vec<String> =
        columns.iter().map(|c| Ident::new(c).map(|i| i.to_string())).collect::<Result<_, _>>()?;
    let name = index_name(&object.name, columns)?;
    Ok(format!("CREATE INDEX IF NOT EXISTS {name} ON {table} ({}){filter}", names.join(", ")))
}

/// `ix_<table>_<columns>`; when that is too long for PostgreSQL, its end is replaced by a hash (FNV-1a).
fn index_name(table: &str, columns: &[&str]) -> Result<Ident, Error> {
    let full = format!("ix_{table}__{}", columns.join("__"));
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
