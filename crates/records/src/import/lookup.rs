//! Which records are already there, as far as the person who imports may see them.

use std::collections::{HashMap, HashSet};

use kernel::{Class, Object, RecordId};
use policy::{FieldAccess, Permit, Principal, Read};
use std::sync::Arc;
use store::{Conn, Sql};
use uuid::Uuid;

use crate::door::Inner;
use crate::error::Error;
use crate::list::fetch_in_order;
use crate::shape::quoted;
use crate::visible::push_visible;

/// A token of a blind column or a name key.
pub(crate) type Token = [u8; 12];
/// Visible records by token.
pub(crate) type Found = HashMap<Token, Vec<RecordId>>;

/// Most candidates that one chunk looks at: a name that everybody bears is no help.
const MAX_CANDIDATES: usize = 10_000;
/// Tokens per statement: the parameter limits of both engines are far above.
const TOKENS_AT_ONCE: usize = 500;

/// The column that finds a field's values, when the caller may know of them on every record that he sees. A field
/// that he may not read can find no duplicate: that would tell its value (as filters do, see `filter`).
fn column_of(permit: &Permit<Read>, object: &Object, field: &str) -> Option<String> {
    let field = object.field(field)?;
    let needed = if field.class == Class::Restricted { FieldAccess::Masked } else { FieldAccess::Read };
    if permit.plan().least_access(field) < needed {
        return None;
    }
    let name =
        if field.name == object.title_field { "name_key".to_owned() } else { format!("{}_bi", field.name) };
    Some(quoted(&name))
}

impl Inner {
    /// Visible records of an object whose field (a blind one, or the title) has one of the tokens. First the tokens by
    /// their index, then the rights of the few that were found.
    pub(crate) fn by_tokens(
        &self,
        conn: &mut dyn Conn,
        who: &Arc<Principal>,
        object: &str,
        field: &str,
        tokens: &HashSet<Token>,
    ) -> Result<Found, Error> {
        let mut found = Found::new();
        if tokens.is_empty() {
            return Ok(found);
        }
        let Ok(read) = self.policy.permit::<Read>(who, object, self.now()) else { return Ok(found) };
        let Some(column) = column_of(&read, &self.shape(object)?.object, field) else { return Ok(found) };
        let mut tokens: Vec<&Token> = tokens.iter().collect();
        // In the order of the index: neighbours share its pages.
        tokens.sort_unstable();
        let mut candidates: Vec<(Token, Uuid)> = Vec::new();
        for some in tokens.chunks(TOKENS_AT_ONCE) {
            let mut sql = Sql::new(conn.engine());
            sql.push(&format!("SELECT t.{column}, t.id FROM {} t WHERE t.{column} IN (", quoted(object)));
            for (i, token) in some.iter().enumerate() {
                sql.push(if i > 0 { ", " } else { "" }).param(token.as_slice());
            }
            sql.push(") AND ").live("t").push(&format!(" LIMIT {MAX_CANDIDATES}"));
            for row in conn.query(sql.text(), &sql.params())? {
                let token = row.get_blob(0)?.try_into().map_err(|_| Error::Corrupt)?;
                candidates.push((token, row.get_id(1)?));
            }
        }
        if candidates.is_empty() {
            return Ok(found);
        }
        let mut sql = Sql::new(conn.engine());
        sql.push(&format!("SELECT t.id FROM {} t WHERE ", quoted(object)));
        sql.in_ids("t.id", candidates.iter().map(|(_, id)| *id.as_bytes())).push(" AND ");
        push_visible(&mut sql, read.plan().rows(), "t", &self.catalog)?;
        let mut visible = HashSet::new();
        for row in conn.query(sql.text(), &sql.params())? {
            visible.insert(row.get_id(0)?);
        }
        candidates.sort_by_key(|(_, id)| *id);
        for (token, id) in candidates.into_iter().filter(|(_, id)| visible.contains(id)) {
            found.entry(token).or_default().push(RecordId(id));
        }
        Ok(found)
    }

    /// Names of customers that were found by their name.
    pub(crate) fn names_of(
        &self,
        conn: &mut dyn Conn,
        customers: &Found,
    ) -> Result<HashMap<RecordId, String>, Error> {
        let ids: Vec<Uuid> = customers.values().flatten().map(|id| id.0).collect();
        let shape = self.shape("customer")?;
        let mut out = HashMap::new();
        if ids.is_empty() {
            return Ok(out);
        }
        for row in fetch_in_order(conn, shape, &ids)? {
            let opened = shape.read(&row, &self.vault)?;
            if let Some(name) = opened.title() {
                out.insert(opened.id, name);
            }
        }
        Ok(out)
    }

    /// The customers of contacts.
    pub(crate) fn customers_of(
        &self,
        conn: &mut dyn Conn,
        contacts: &Found,
    ) -> Result<HashMap<RecordId, Uuid>, Error> {
        let ids: Vec<[u8; 16]> = contacts.values().flatten().map(|id| *id.0.as_bytes()).collect();
        let mut out = HashMap::new();
        if ids.is_empty() {
            return Ok(out);
        }
        let mut sql = Sql::new(conn.engine());
        sql.push("SELECT t.id, t.customer FROM contact t WHERE ").in_ids("t.id", ids);
        for row in conn.query(sql.text(), &sql.params())? {
            if let Some(customer) = row.opt_id(1)? {
                out.insert(RecordId(row.get_id(0)?), customer);
            }
        }
        Ok(out)
    }
}
