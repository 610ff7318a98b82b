//! Which database, and the few words in which they differ.

/// Which database holds a workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Engine {
    /// Embedded: SQLite with SQLCipher.
    Sqlite,
    /// A server: PostgreSQL 15 or newer.
    Postgres,
}

impl Engine {
    /// The type of byte strings, `{BLOB}` in migrations.
    #[must_use]
    pub fn blob(self) -> &'static str {
        match self {
            Self::Sqlite => "BLOB",
            Self::Postgres => "BYTEA",
        }
    }

    /// The type of text that compares by bytes, `{TEXT}` in migrations: both engines and `kernel::Value` order alike.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Sqlite => "TEXT",
            Self::Postgres => "TEXT COLLATE \"C\"",
        }
    }

    /// The type of a numeric primary key, `{INTEGER}` in migrations: only this word makes it the row's own number on
    /// SQLite, without a second tree.
    #[must_use]
    pub fn integer(self) -> &'static str {
        match self {
            Self::Sqlite => "INTEGER",
            Self::Postgres => "BIGINT",
        }
    }

    /// SQL written for both engines, with `{BLOB}`, `{TEXT}` and `{INTEGER}` replaced.
    #[must_use]
    pub fn words(self, sql: &str) -> String {
        sql.replace("{BLOB}", self.blob()).replace("{TEXT}", self.text()).replace("{INTEGER}", self.integer())
    }
}
