//! Conditions as SQL. The meaning is `kernel::condition`'s: total and two-valued.
//!
//! A comparison with nothing is NULL in SQL. Where the whole condition stands (and through AND and OR) NULL counts as
//! false, so it may stay; below a `not` it is made false first. A hop is an EXISTS over the record that the
//! reference points to; a deleted record does not exist.

use kernel::condition::{Bound, Op, Path};
use kernel::{Catalog, Class, Value};

use crate::engine::Engine;
use crate::error::Error;
use crate::param::OwnedParam;
use crate::sql::{Ident, Sql};

impl Sql {
    /// Adds a condition on the row `alias` as one expression; put it after `WHERE`, `AND` or `NOT coalesce(…, FALSE)`:
    /// it may be NULL where it does not hold. Blind-index columns (`<field>_bi`) may be compared with tokens.
    ///
    /// # Errors
    /// `NotFilterable` when it speaks of an encrypted field.
    pub fn condition(&mut self, bound: &Bound, alias: &str, catalog: &Catalog) -> Result<&mut Self, Error> {
        match bound {
            Bound::All(parts) => self.join(parts, " AND ", "TRUE", alias, catalog)?,
            Bound::Any(parts) => self.join(parts, " OR ", "FALSE", alias, catalog)?,
            Bound::Not(part) => {
                self.push("NOT coalesce(").condition(part, alias, catalog)?.push(", FALSE)");
            }
            Bound::Test { path, op, value } => self.at(path, alias, catalog, |sql, column| {
                sql.compare(column, *op, value);
            })?,
            Bound::In { path, values } => self.at(path, alias, catalog, |sql, column| {
                sql.among(column, values);
            })?,
            Bound::IsEmpty { path } if path.through.is_some() => {
                self.push("NOT ");
                self.at(path, alias, catalog, |sql, column| {
                    sql.push(column).push(" IS NOT NULL");
                })?;
            }
            Bound::IsEmpty { path } => self.at(path, alias, catalog, |sql, column| {
                sql.push(column).push(" IS NULL");
            })?,
        }
        Ok(self)
    }

    fn join(
        &mut self,
        parts: &[Bound],
        word: &str,
        empty: &str,
        alias: &str,
        catalog: &Catalog,
    ) -> Result<(), Error> {
        match parts {
            [] => {
                self.push(empty);
            }
            [one] => {
                self.condition(one, alias, catalog)?;
            }
            [first, rest @ ..] => {
                self.push("(").condition(first, alias, catalog)?;
                for part in rest {
                    self.push(word).condition(part, alias, catalog)?;
                }
                self.push(")");
            }
        }
        Ok(())
    }

    /// Adds what `test` says about the column at the path.
    fn at(
        &mut self,
        path: &Path,
        alias: &str,
        catalog: &Catalog,
        test: impl FnOnce(&mut Self, &str),
    ) -> Result<(), Error> {
        if path.class != Class::Open && !path.field.ends_with("_bi") {
            return Err(Error::NotFilterable(path.field.clone()));
        }
        let field = Ident::new(&path.field)?;
        let Some((reference, target)) = &path.through else {
            test(self, &format!("{alias}.{field}"));
            return Ok(());
        };
        let (reference, table) = (Ident::new(reference)?, Ident::new(target)?);
        if catalog.object(target).is_none() {
            return Err(Error::NotFilterable(path.field.clone()));
        }
        self.hops += 1;
        let hop = format!("h{}", self.hops);
        self.push(&format!("EXISTS (SELECT 1 FROM {table} {hop} WHERE {hop}.id = {alias}.{reference}"));
        self.push(&format!(" AND {hop}.deleted_at IS NULL AND "));
        test(self, &format!("{hop}.{field}"));
        self.push(")");
        Ok(())
    }

    fn compare(&mut self, column: &str, op: Op, value: &Value) {
        let word = match op {
            Op::Lt => " < ",
            Op::Le => " <= ",
            Op::Gt => " > ",
            Op::Ge => " >= ",
            Op::Contains | Op::StartsWith => return self.search(column, op, value),
            // `Ne` and `IsEmpty` are never tests of a bound condition.
            Op::Eq | Op::Ne | Op::In | Op::IsEmpty => " = ",
        };
        self.push(column).push(word).param(value);
    }

    fn search(&mut self, column: &str, op: Op, value: &Value) {
        let start = op == Op::StartsWith;
        match (self.engine(), start) {
            (Engine::Sqlite, false) => self.push(&format!("instr({column}, ")).param(value).push(") > 0"),
            (Engine::Postgres, false) => self.push(&format!("strpos({column}, ")).param(value).push(") > 0"),
            (Engine::Sqlite, true) => {
                let length = value.as_text().map_or(0, |t| t.chars().count());
                self.push(&format!("substr({column}, 1, {length}) = ")).param(value)
            }
            (Engine::Postgres, true) => self.push(&format!("starts_with({column}, ")).param(value).push(")"),
        };
    }

    fn among(&mut self, column: &str, values: &[Value]) {
        match values {
            [] => {
                self.push("FALSE");
            }
            [one] => {
                self.push(column).push(" = ").param(one);
            }
            _ => {
                self.in_list(column, list(values));
            }
        }
    }
}

/// A set of one kind (binding checks that) as one parameter.
fn list(values: &[Value]) -> OwnedParam {
    match values.first() {
        Some(Value::Id(_)) => {
            OwnedParam::IdList(values.iter().filter_map(|v| v.as_id().map(uuid::Uuid::into_bytes)).collect())
        }
        Some(Value::Text(_)) => {
            OwnedParam::TextList(values.iter().filter_map(|v| v.as_text().map(str::to_owned)).collect())
        }
        Some(Value::Token(_)) => OwnedParam::BlobList(
            values
                .iter()
                .filter_map(|v| if let Value::Token(t) = v { Some(t.clone()) } else { None })
                .collect(),
        ),
        _ => OwnedParam::IntList(
            values
                .iter()
                .filter_map(|v| match OwnedParam::from(v) {
                    OwnedParam::Int(i) => Some(i),
                    _ => None,
                })
                .collect(),
        ),
    }
}
