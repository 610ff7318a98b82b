//! The workspace's settings: one value per key, JSON by convention.

use crate::conn::Conn;
use crate::error::Error;
use crate::param::Param;

/// A setting, when it was ever written.
///
/// # Errors
/// When the engine refuses.
pub fn get(conn: &mut dyn Conn, key: &str) -> Result<Option<String>, Error> {
    let rows = conn.query("SELECT value FROM settings WHERE key = $1", &[Param::Text(key)])?;
    rows.first().map(|r| r.get_text(0).map(str::to_owned)).transpose()
}

/// Writes a setting.
///
/// # Errors
/// When the engine refuses.
pub fn put(conn: &mut dyn Conn, key: &str, value: &str) -> Result<(), Error> {
    conn.execute(
        "INSERT INTO settings(key, value) VALUES ($1, $2) ON CONFLICT(key) DO UPDATE SET value = excluded.value",
        &[Param::Text(key), Param::Text(value)],
    )?;
    Ok(())
}
