//! `policy::Visible` said in SQL: the twin of `Visible::holds`. Tests hold the two against each other.

use kernel::Catalog;
use policy::Visible;
use store::{Engine, Sql};

use crate::error::Error;
use crate::shape::quoted;

/// Whether the owners should choose the index (a count, one owner's list) or only be tested on rows that something
/// better found (an id, a token, an ordered scan). Only SQLite's planner needs to be told.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// The owners choose the index.
    Lead,
    /// The owners are tested row by row.
    Test,
}

/// Up to so many owners of parents, the visible parents are looked up once; beyond, each row asks for its own parent.
const PARENTS_AT_ONCE: usize = 64;

/// Pushes a boolean expression that is true for rows of `alias` that are visible, tested row by row.
pub(crate) fn push_visible(
    sql: &mut Sql,
    visible: &Visible,
    alias: &str,
    catalog: &Catalog,
) -> Result<(), Error> {
    push_as(sql, visible, alias, catalog, Part::Test)
}

/// The same, saying which part it plays.
pub(crate) fn push_as(
    sql: &mut Sql,
    visible: &Visible,
    alias: &str,
    catalog: &Catalog,
    part: Part,
) -> Result<(), Error> {
    match visible {
        Visible::Nobody => {
            sql.push("FALSE");
        }
        Visible::Everything => {
            sql.push("TRUE");
        }
        Visible::Owners(owners) => push_owners(sql, owners.as_slice(), alias, part),
        Visible::Circle { owners, unowned } => {
            sql.push("(");
            if owners.is_empty() {
                sql.push("FALSE");
            } else {
                push_owners(sql, owners.as_slice(), alias, part);
            }
            let plus = plus(sql, part);
            sql.push(&format!(" OR ({plus}{alias}.owner IS NULL AND "));
            sql.in_ids(&format!("{alias}.department"), unowned.as_slice().iter().map(|d| *d.as_bytes()));
            sql.push("))");
        }
        Visible::Where(bound) => {
            sql.push("(");
            sql.condition(bound, alias, catalog)?;
            sql.push(")");
        }
        Visible::WithParent { own, parent, parent_object, reference } => {
            let few = parent.runs().is_some_and(|(owners, _)| owners.len() <= PARENTS_AT_ONCE);
            let (parents, reference) = (quoted(parent_object), quoted(reference));
            sql.push("(");
            push_as(sql, own, alias, catalog, part)?;
            if few && part == Part::Lead {
                sql.push(&format!(
                    " OR {alias}.{reference} IN (SELECT p.id FROM {parents} p WHERE p.deleted_at IS NULL AND "
                ));
                push_as(sql, parent, "p", catalog, Part::Lead)?;
            } else {
                sql.push(&format!(
                    " OR EXISTS (SELECT 1 FROM {parents} p WHERE p.id = {alias}.{reference} \
                     AND p.deleted_at IS NULL AND "
                ));
                push_as(sql, parent, "p", catalog, Part::Test)?;
            }
            sql.push("))");
        }
    }
    Ok(())
}

/// A plus sign before a column keeps SQLite from using an index on it.
fn plus(sql: &Sql, part: Part) -> &'static str {
    if sql.engine() == Engine::Sqlite && part == Part::Test { "+" } else { "" }
}

fn push_owners(sql: &mut Sql, owners: &[kernel::PersonId], alias: &str, part: Part) {
    let column = format!("{}{alias}.owner", plus(sql, part));
    sql.in_ids(&column, owners.iter().map(|o| *o.as_bytes()));
}
