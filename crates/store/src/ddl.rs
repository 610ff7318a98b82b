//! Tables of the catalog's objects.

use kernel::catalog::system_fields;
use kernel::{Class, Field, FieldType, Object};

use crate::conn::Conn;
use crate::error::Error;
use crate::param::Param;
use crate::sql::identifier;

fn column_type(field: &Field) -> &'static str {
    match field.kind {
        FieldType::Ref | FieldType::Person | FieldType::Department => "{BLOB}",
        FieldType::Datetime
        | FieldType::Date
        | FieldType::Int
        | FieldType::Money
        | FieldType::Bool
        | FieldType::Duration => "BIGINT",
        _ => "{TEXT}",
    }
}

/// The statements that make an object's table and indexes, in `{BLOB}` notation.
///
/// # Errors
/// When a name is no identifier.
pub fn statements(object: &Object) -> Result<Vec<String>, Error> {
    let table = identifier(&object.name)?;
    let mut columns = vec![
        "id {BLOB} PRIMARY KEY".to_owned(),
        "seq BIGINT NOT NULL".to_owned(),
        "owner {BLOB}".to_owned(),
        "department {BLOB}".to_owned(),
        "subject {BLOB} NOT NULL".to_owned(),
        "created_at BIGINT NOT NULL".to_owned(),
        "updated_at BIGINT NOT NULL".to_owned(),
        "created_by {BLOB}".to_owned(),
        "updated_by {BLOB}".to_owned(),
        "version BIGINT NOT NULL".to_owned(),
        "deleted_at BIGINT".to_owned(),
        "confidential {BLOB}".to_owned(),
        "restricted {BLOB}".to_owned(),
        "name_key {BLOB}".to_owned(),
    ];
    let open = || object.fields.iter().filter(|f| f.class == Class::Open);
    for field in open() {
        columns.push(format!("{} {}", identifier(&field.name)?, column_type(field)));
    }
    for field in object.fields.iter().filter(|f| f.blind) {
        columns.push(format!("{} {{BLOB}}", identifier(&format!("{}_bi", field.name))?));
    }
    let mut out = vec![format!("CREATE TABLE {table}({})", columns.join(", "))];
    let mut index = |suffix: &str, on: &str, only: &str| {
        out.push(format!("CREATE INDEX {0}_{suffix} ON {table}({on}){only}", object.name));
    };
    // Lists never show deleted records: partial indexes keep them out of ordered scans and counts.
    let live = " WHERE deleted_at IS NULL";
    index("seq", "seq", "");
    index("live", "id, owner", live);
    index("owner", "owner, id", live);
    index("department", "department, id", " WHERE deleted_at IS NULL AND owner IS NULL");
    index("name_key", "name_key", " WHERE name_key IS NOT NULL");
    let sortable = open().chain(system_fields()).filter(|f| f.sortable && f.name != "created_at");
    for field in sortable {
        let name = identifier(&field.name)?;
        index(&format!("s_{}", field.name), &format!("{name}, id, owner"), live);
        index(&format!("os_{}", field.name), &format!("owner, {name}, id"), live);
    }
    for field in open().filter(|f| f.kind == FieldType::Ref) {
        let name = identifier(&field.name)?;
        if object.name == "communication" {
            index(&format!("r_{}", field.name), &format!("{name}, occurred_at, id"), live);
        } else {
            index(&format!("r_{}", field.name), &format!("{name}, id"), live);
        }
    }
    for field in object.fields.iter().filter(|f| f.blind) {
        let name = identifier(&format!("{}_bi", field.name))?;
        index(&format!("b_{}", field.name), &name, &format!(" WHERE {name} IS NOT NULL"));
    }
    Ok(out)
}

/// Makes an object's table unless it exists.
///
/// # Errors
/// When the engine refuses.
pub fn ensure(conn: &mut dyn Conn, object: &Object) -> Result<(), Error> {
    let known = conn.query("SELECT name FROM object_table WHERE name = $1", &[Param::Text(&object.name)])?;
    if !known.is_empty() {
        return Ok(());
    }
    for statement in statements(object)? {
        let statement = conn.engine().words(&statement);
        conn.batch(&statement)?;
    }
    conn.execute("INSERT INTO object_table(name) VALUES ($1)", &[Param::Text(&object.name)])?;
    Ok(())
}
