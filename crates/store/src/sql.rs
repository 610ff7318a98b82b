//! One SQL text for both engines (docs/decisions/0002): values only as parameters, conditions compiled.

use kernel::condition::{Bound, Op, Path};
use kernel::{Catalog, Class, Value};

use crate::conn::Engine;
use crate::error::Error;
use crate::param::{OwnedParam, Param};

/// A statement being written.
pub struct Sql {
    engine: Engine,
    text: String,
    params: Vec<OwnedParam>,
}

impl Sql {
    /// For an engine.
    #[must_use]
    pub fn new(engine: Engine) -> Self {
        Self { engine, text: String::with_capacity(256), params: Vec::new() }
    }

    /// Which engine.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Appends text of the program. Never text of a request: names come from the catalog, values are parameters.
    pub fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Appends a parameter.
    pub fn param(&mut self, value: impl Into<OwnedParam>) -> &mut Self {
        self.params.push(value.into());
        let n = self.params.len();
        use std::fmt::Write as _;
        let _ = write!(self.text, "${n}");
        self
    }

    /// Appends `column IN (ids)`. One id is an equality, so that an index gives order too.
    pub fn in_ids(&mut self, column: &str, ids: impl IntoIterator<Item = [u8; 16]>) -> &mut Self {
        let ids: Vec<[u8; 16]> = ids.into_iter().collect();
        match ids.as_slice() {
            [] => self.push("FALSE"),
            [one] => {
                self.push(column).push(" = ");
                self.param(one.as_slice())
            }
            _ => {
                self.push(column);
                match self.engine {
                    Engine::Sqlite => self.push(" IN rarray("),
                    Engine::Postgres => self.push(" = ANY("),
                };
                self.param(OwnedParam::Ids(ids)).push(")")
            }
        }
    }

    /// Appends an array of ids as one parameter; PostgreSQL only.
    pub fn id_array(&mut self, ids: impl IntoIterator<Item = [u8; 16]>) -> &mut Self {
        self.param(OwnedParam::Ids(ids.into_iter().collect())).push("::bytea[]")
    }

    /// Appends a condition about `alias`. True exactly where `Bound::holds` is.
    ///
    /// # Errors
    /// `NotFilterable` for a field that is encrypted.
    pub fn condition(&mut self, bound: &Bound, alias: &str, catalog: &Catalog) -> Result<&mut Self, Error> {
        match bound {
            Bound::All(parts) => self.join(parts, alias, catalog, " AND ", "TRUE")?,
            Bound::Any(parts) => self.join(parts, alias, catalog, " OR ", "FALSE")?,
            Bound::Not(part) => {
                // SQL's third truth value would survive a NOT: below it everything is made two-valued.
                self.push("NOT coalesce(");
                self.condition(part, alias, catalog)?;
                self.push(", FALSE)");
            }
            Bound::Test { path, .. } | Bound::In { path, .. } | Bound::IsEmpty { path } => {
                check(path)?;
                match &path.through {
                    None => self.test(bound, &column(alias, &path.field)?),
                    Some((reference, target)) => {
                        let inner = format!("{alias}_{reference}");
                        let value = format!(
                            "(SELECT {} FROM {} {inner} WHERE {inner}.id = {})",
                            column(&inner, &path.field)?,
                            identifier(target)?,
                            column(alias, reference)?
                        );
                        self.test(bound, &value);
                    }
                }
            }
        }
        Ok(self)
    }

    fn join(
        &mut self,
        parts: &[Bound],
        alias: &str,
        catalog: &Catalog,
        word: &str,
        empty: &str,
    ) -> Result<(), Error> {
        if parts.is_empty() {
            self.push(empty);
            return Ok(());
        }
        self.push("(");
        for (i, part) in parts.iter().enumerate() {
            if i > 0 {
                self.push(word);
            }
            self.condition(part, alias, catalog)?;
        }
        self.push(")");
        Ok(())
    }

    fn test(&mut self, bound: &Bound, column: &str) {
        match bound {
            Bound::IsEmpty { .. } => {
                self.push(column).push(" IS NULL");
            }
            Bound::In { values, .. } => self.among(column, values),
            Bound::Test { op: Op::Contains, value, .. } => {
                let function = if self.engine == Engine::Sqlite { "instr" } else { "strpos" };
                self.push(&format!("{function}({column}, ")).param(value).push(") > 0");
            }
            Bound::Test { op: Op::StartsWith, value, .. } => {
                let length = value.as_text().map_or(0, |t| t.chars().count());
                self.push(&format!("substr({column}, 1, {length}) = ")).param(value);
            }
            Bound::Test { op, value, .. } => {
                let operator = match op {
                    Op::Lt => " < ",
                    Op::Le => " <= ",
                    Op::Gt => " > ",
                    Op::Ge => " >= ",
                    _ => " = ",
                };
                self.push(column).push(operator).param(value);
            }
            Bound::All(_) | Bound::Any(_) | Bound::Not(_) => {}
        }
    }

    fn among(&mut self, column: &str, values: &[Value]) {
        let ids: Option<Vec<[u8; 16]>> = values.iter().map(|v| v.as_id().map(|id| *id.as_bytes())).collect();
        if let Some(ids) = ids {
            self.in_ids(column, ids);
            return;
        }
        self.push(column).push(" IN (");
        for (i, value) in values.iter().enumerate() {
            if i > 0 {
                self.push(", ");
            }
            self.param(value);
        }
        self.push(")");
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The parameters, in order.
    #[must_use]
    pub fn params(&self) -> Vec<Param<'_>> {
        self.params.iter().map(OwnedParam::as_param).collect()
    }
}

fn check(path: &Path) -> Result<(), Error> {
    if path.class == Class::Open { Ok(()) } else { Err(Error::NotFilterable(path.field.clone())) }
}

fn column(alias: &str, name: &str) -> Result<String, Error> {
    Ok(format!("{alias}.{}", identifier(name)?))
}

/// A name in quotes, checked: `[a-z][a-z0-9_]*`, at most 63 bytes.
pub(crate) fn identifier(name: &str) -> Result<String, Error> {
    let fits = name.len() <= 63
        && name.bytes().next().is_some_and(|b| b.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if fits { Ok(format!("\"{name}\"")) } else { Err(Error::Identifier(name.to_owned())) }
}
