//! `policy::Visible` said in SQL: the twin of `Visible::holds`. Tests hold the two against each other.

use kernel::Catalog;
use policy::Visible;
use store::{Engine, Sql};

use crate::error::Error;
use crate::shape::quoted;

/// Pushes a boolean expression that is true for rows of `alias` that are visible.
pub(crate) fn push_visible(
    sql: &mut Sql,
    visible: &Visible,
    alias: &str,
    catalog: &Catalog,
) -> Result<(), Error> {
    match visible {
        Visible::Nobody => {
            sql.push("FALSE");
        }
        Visible::Everything => {
            sql.push("TRUE");
        }
        Visible::Owners(owners) => push_owners(sql, owners.as_slice(), alias),
        Visible::Circle { owners, unowned } => {
            sql.push("(");
            if owners.is_empty() {
                sql.push("FALSE");
            } else {
                push_owners(sql, owners.as_slice(), alias);
            }
            sql.push(&format!(" OR ({alias}.owner IS NULL AND "));
            sql.in_ids(&format!("{alias}.department"), unowned.as_slice().iter().map(|d| *d.as_bytes()));
            sql.push("))");
        }
        Visible::Where(bound) => {
            sql.push("(");
            sql.condition(bound, alias, catalog)?;
            sql.push(")");
        }
        Visible::WithParent { own, parent, parent_object, reference } => {
            sql.push("(");
            push_visible(sql, own, alias, catalog)?;
            sql.push(&format!(
                " OR EXISTS (SELECT 1 FROM {} p WHERE p.id = {alias}.{}",
                quoted(parent_object),
                quoted(reference)
            ));
            sql.push(" AND p.deleted_at IS NULL AND ");
            push_visible(sql, parent, "p", catalog)?;
            sql.push("))");
        }
    }
    Ok(())
}

/// Many owners are a membership test during an ordered scan: the plus sign keeps SQLite from using the owner index
/// and sorting all that it finds.
fn push_owners(sql: &mut Sql, owners: &[kernel::PersonId], alias: &str) {
    let scan = sql.engine() == Engine::Sqlite && owners.len() > 1;
    let column = if scan { format!("+{alias}.owner") } else { format!("{alias}.owner") };
    sql.in_ids(&column, owners.iter().map(|o| *o.as_bytes()));
}
