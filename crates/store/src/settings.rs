//! Settings of the workspace: one JSON text per key. For what administrators choose, not for customer data.

use crate::conn::Conn;
use crate::error::Error;

/// A setting, when it was ever made.
pub fn get(conn: &mut dyn Conn, key: &str) -> Result<Option<String>, Error> {
    let rows = conn.query("SELECT value FROM settings WHERE key = $1", &[key.into()])?;
    rows.first().map(|row| row.get_text(0).map(str::to_owned)).transpose()
}

/// Makes or changes a setting.
pub fn put(conn: &mut dyn Conn, key: &str, value: &str) -> Result<(), Error> {
    let sql = "INSERT INTO settings(key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    conn.execute(sql, &[key.into(), value.into()]).map(|_| ())
}
