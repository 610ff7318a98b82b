//! The SQL builder: static text, checked names, parameters.

use crate::engine::Engine;
use crate::error::Error;
use crate::param::{OwnedParam, Param};

/// A name in SQL: `[a-z][a-z0-9_]{0,62}`, written in quotes because some are words of SQL (`primary`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ident(String);

impl Ident {
    /// Checks a name.
    pub fn new(name: &str) -> Result<Self, Error> {
        let mut bytes = name.bytes();
        let fits = name.len() <= 63
            && bytes.next().is_some_and(|b| b.is_ascii_lowercase())
            && bytes.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if fits { Ok(Self(name.to_owned())) } else { Err(Error::BadName(name.to_owned())) }
    }

    /// Without quotes.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Ident {
    /// With quotes.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "\"{}\"", self.0)
    }
}

/// A statement in the making. Values only ever become parameters.
#[derive(Clone, Debug)]
pub struct Sql {
    engine: Engine,
    text: String,
    params: Vec<OwnedParam>,
    /// How many aliases of hops were given out.
    pub(crate) hops: usize,
}

impl Sql {
    /// An empty statement for an engine.
    #[must_use]
    pub fn new(engine: Engine) -> Self {
        Self { engine, text: String::with_capacity(256), params: Vec::new(), hops: 0 }
    }

    /// The engine it is for.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Adds SQL. Never pass what a user wrote: use `param` or `ident`.
    pub fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Adds a name in quotes.
    pub fn ident(&mut self, name: &Ident) -> &mut Self {
        self.text.push('"');
        self.text.push_str(name.as_str());
        self.text.push('"');
        self
    }

    /// Adds `$n` and keeps its value.
    pub fn param(&mut self, value: impl Into<OwnedParam>) -> &mut Self {
        use std::fmt::Write;
        self.params.push(value.into());
        let _ = write!(self.text, "${}", self.params.len());
        self
    }

    /// Adds "`column` is one of these ids"; false when there are none, also where the column is null.
    pub fn in_ids(&mut self, column: &str, ids: impl IntoIterator<Item = [u8; 16]>) -> &mut Self {
        let ids: Vec<[u8; 16]> = ids.into_iter().collect();
        match ids.as_slice() {
            [] => self.push("FALSE"),
            [one] => self.push(column).push(" = ").param(*one),
            _ => self.in_list(column, OwnedParam::IdList(ids)),
        }
    }

    /// Adds "this record is not deleted" where something better (an id, a token) finds the record. Lists say
    /// `deleted_at IS NULL` themselves: there it leads `SQLite` to an index, which without statistics it takes for as
    /// good as any other equality.
    pub fn live(&mut self, alias: &str) -> &mut Self {
        let plus = if self.engine == Engine::Sqlite { "+" } else { "" };
        self.push(&format!("{plus}{alias}.deleted_at IS NULL"))
    }

    /// Adds "`column` is in this list".
    pub(crate) fn in_list(&mut self, column: &str, list: OwnedParam) -> &mut Self {
        self.push(column);
        match self.engine {
            Engine::Sqlite => self.push(" IN rarray(").param(list).push(")"),
            Engine::Postgres => self.push(" = ANY(").param(list).push(")"),
        }
    }

    /// Adds a `bytea[]` parameter, as PostgreSQL's `unnest` takes it. On SQLite: a table-valued `rarray($n)` with the
    /// column `value`.
    pub fn id_array(&mut self, ids: impl IntoIterator<Item = [u8; 16]>) -> &mut Self {
        let list = OwnedParam::IdList(ids.into_iter().collect());
        match self.engine {
            Engine::Sqlite => self.push("rarray(").param(list).push(")"),
            Engine::Postgres => self.param(list).push("::bytea[]"),
        }
    }

    /// The SQL so far.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The parameters so far.
    #[must_use]
    pub fn params(&self) -> Vec<Param<'_>> {
        self.params.iter().map(OwnedParam::borrow).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_names_are_names() {
        for good in ["a", "customer", "primary", "a_1", &"x".repeat(63)] {
            assert_eq!(Ident::new(good).unwrap().to_string(), format!("\"{good}\""));
        }
        for bad in ["", "1a", "_a", "Customer", "a-b", "a\"b", "a b", "客户", "a;", &"x".repeat(64)] {
            assert_eq!(Ident::new(bad), Err(Error::BadName(bad.to_owned())));
        }
    }

    #[test]
    fn an_empty_set_holds_nobody() {
        for engine in [Engine::Sqlite, Engine::Postgres] {
            assert_eq!(Sql::new(engine).in_ids("t.owner", []).text(), "FALSE");
        }
    }

    #[test]
    fn sets_are_one_parameter() {
        let ids = [[1; 16], [2; 16]];
        assert_eq!(Sql::new(Engine::Sqlite).in_ids("t.owner", ids).text(), "t.owner IN rarray($1)");
        assert_eq!(Sql::new(Engine::Postgres).in_ids("t.owner", ids).text(), "t.owner = ANY($1)");
    }
}
