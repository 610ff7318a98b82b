//! Search: names, companies, message text, and exact phone, e-mail or identity numbers. Only what the caller may
//! read can match (DESIGN 8).

use std::collections::HashMap;
use std::sync::Arc;
use utoipa::ToSchema;

use kernel::{Class, FieldType, Object, RecordId, Value};
use ledger::{Disclosure, RecordSet};
use policy::{AccessPlan, FieldAccess, List, Permit, Principal, Visible};
use serde::Serialize;
use store::{Conn, Sql};
use uuid::Uuid;

use crate::door::{Inner, Records};
use crate::error::Error;
use crate::item::Item;
use crate::read::fill;
use crate::shape::{Opened, Shape, quoted};
use crate::tokens;
use crate::visible::push_visible;

/// Longest query, in characters.
const MAX_QUERY: usize = 200;
/// Candidates looked at per step.
const STEP: usize = 500;
/// Most candidates looked at for one object before search answers with what it has and says so.
const MOST_CANDIDATES: usize = 20_000;
/// Up to this many visible owners narrow the index itself; beyond, hits are tested one by one.
const OWNERS_IN_INDEX: usize = 64;
/// Hits that a list's search keeps.
const LIST_HITS: usize = 1_000;
/// Most records looked at that share one exact phone, e-mail or identity number.
const SAME_IDENTIFIER: i64 = 1_000;
/// Characters of context on each side of a hit.
const CONTEXT: usize = 24;

/// A search request.
#[derive(Debug, Clone, Default)]
pub struct SearchQuery {
    /// What to find.
    pub q: String,
    /// In which objects; empty means all.
    pub objects: Vec<String>,
    /// Most hits, 1 to 100.
    pub limit: Option<u32>,
}

/// A part of a snippet.
#[derive(Serialize, ToSchema)]
#[schema(as = SnippetPiece)]
pub struct Piece {
    text: String,
    hit: bool,
}

/// Where a record matched.
#[derive(Serialize, ToSchema)]
#[schema(as = SearchMatch)]
pub struct Match {
    field: String,
    snippet: Vec<Piece>,
}

/// Kind of match, then newest first.
type Rank = (u8, std::cmp::Reverse<Uuid>);

/// A record that matched.
#[derive(Serialize, ToSchema)]
#[schema(as = SearchHit)]
pub struct Hit {
    object: String,
    label: String,
    record: Item,
    matched: Vec<Match>,
    #[serde(skip)]
    rank: Rank,
}

/// What was found.
#[derive(Serialize, ToSchema)]
pub struct SearchHits {
    /// Best first.
    pub items: Vec<Hit>,
    /// There may be more than shown.
    pub more: bool,
    /// Milliseconds spent.
    pub took_ms: u64,
}

/// What a search of one object came to.
#[derive(Default)]
struct Hits {
    ids: Vec<Uuid>,
    /// Those that were opened to look.
    opened: HashMap<Uuid, Opened>,
    /// It stopped before it had looked at everything.
    cut: bool,
}

/// How a query reads as an exact identifier.
fn exact_kinds(q: &str) -> &'static [FieldType] {
    let digits = q.chars().filter(char::is_ascii_digit).count();
    if q.contains('@') {
        &[FieldType::Email]
    } else if q.chars().count() == 18 && digits >= 17 {
        &[FieldType::IdNumber]
    } else if digits >= 7 && q.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | ' ' | '(' | ')'))
    {
        &[FieldType::Phone]
    } else {
        &[]
    }
}

impl Records {
    /// Finds records across objects.
    ///
    /// # Errors
    /// `BadQuery` for an empty or too long query.
    pub async fn search(
        &self,
        who: &Arc<Principal>,
        query: SearchQuery,
    ) -> Result<Disclosure<SearchHits>, Error> {
        let started = self.0.now();
        let q = query.q.trim().to_owned();
        if q.is_empty() || q.chars().count() > MAX_QUERY {
            return Err(Error::BadQuery(format!("a search has 1 to {MAX_QUERY} characters")));
        }
        let limit = query.limit.unwrap_or(20).clamp(1, 100) as usize;
        let (mut items, mut more) = (Vec::new(), false);
        let mut rules = Vec::new();
        for shape in self.0.shapes.values() {
            let object = &shape.object;
            if !query.objects.is_empty() && !query.objects.contains(&object.name) {
                continue;
            }
            let Ok(permit) = self.0.policy.permit::<List>(who, &object.name, started) else { continue };
            rules.extend(permit.plan().deciding_rules().iter().map(ToString::to_string));
            let mut hits = self.0.hits(&permit.shared_plan(), object, &q, limit).await?;
            more |= hits.cut || hits.ids.len() > limit;
            hits.ids.truncate(limit);
            let (inner, shape, q) = (self.0.clone(), shape.clone(), q.clone());
            let found =
                self.0.store.read(move |conn| inner.hit_items(conn, &permit, &shape, hits, &q)).await?;
            items.extend(found);
        }
        items.sort_by_key(|a| a.rank);
        more |= items.len() > limit;
        items.truncate(limit);
        let mut entry = self.0.entry_of(who, "search");
        rules.sort_unstable();
        rules.dedup();
        entry.rules = rules.into_iter().map(Into::into).collect();
        let took = self.0.now().0.saturating_sub(started.0);
        let hits = SearchHits { items, more, took_ms: u64::try_from(took / 1_000).unwrap_or(0) };
        fill_hits(&mut entry, &hits);
        self.0.seal_query(&mut entry, &q)?;
        Ok(Disclosure::new(hits, entry))
    }
}

fn fill_hits(entry: &mut ledger::Entry, hits: &SearchHits) {
    let ids: Vec<Uuid> = hits.items.iter().map(|h| h.record.id().0).collect();
    fill(entry, &[]);
    entry.records = RecordSet::of(ids);
    if hits.items.iter().any(|h| h.record.confidential) {
        entry.class = Some(Class::Confidential);
    }
}

impl Inner {
    /// Ids of visible records of one object that match, for a list's search.
    pub(crate) async fn search_ids(
        self: &Arc<Self>,
        plan: &Arc<AccessPlan>,
        object: &Object,
        q: &str,
    ) -> Result<Vec<RecordId>, Error> {
        if q.chars().count() > MAX_QUERY {
            return Err(Error::BadQuery(format!("a search has 1 to {MAX_QUERY} characters")));
        }
        let hits = self.hits(plan, object, q, LIST_HITS).await?;
        Ok(hits.ids.into_iter().map(RecordId).collect())
    }

    /// Visible records that match in a readable field, newest first.
    async fn hits(
        self: &Arc<Self>,
        plan: &Arc<AccessPlan>,
        object: &Object,
        q: &str,
        limit: usize,
    ) -> Result<Hits, Error> {
        let mut out = Hits { ids: self.exact_hits(plan, object, q).await?, ..Hits::default() };
        let letters: Vec<char> = object
            .fields
            .iter()
            .filter(|f| f.searchable && plan.best_access(f) >= FieldAccess::Read)
            .filter_map(|f| tokens::field_letter(object, &f.name))
            .collect();
        let frequency = |token: &str| self.index.frequency(&object.name, token);
        let Some(expression) = tokens::expression(&letters, &tokens::query(q), frequency) else {
            return Ok(out);
        };
        let owners = match plan.rows() {
            Visible::Owners(set) if set.as_slice().len() <= OWNERS_IN_INDEX => Some(set.as_slice()),
            Visible::Nobody => return Ok(out),
            _ => None,
        };
        let (mut before, mut looked_at) = (i64::MAX, 0);
        // Where the index knows whom to show, nearly every candidate is a hit.
        let precise = owners.is_some() || matches!(plan.rows(), Visible::Everything);
        let some = if precise { limit + limit / 4 + 4 } else { limit.saturating_mul(4).max(64) };
        let mut step = STEP.min(some);
        loop {
            let candidates = self.index.candidates(&object.name, &expression, owners, before, step).await?;
            let Some((last, _)) = candidates.last() else { return Ok(out) };
            before = *last;
            looked_at += candidates.len();
            let ids: Vec<Uuid> = candidates.iter().map(|(_, id)| id.0).collect();
            let exhausted = ids.len() < step;
            for row in self.confirm(plan, object, ids, q).await? {
                let id = row.id.0;
                if out.opened.insert(id, row).is_none() && !out.ids.contains(&id) {
                    out.ids.push(id);
                }
            }
            if exhausted || out.ids.len() > limit || looked_at >= MOST_CANDIDATES {
                out.cut = !exhausted;
                return Ok(out);
            }
            step = (step * 4).min(STEP * 4);
        }
    }

    /// The candidates that are visible and really contain the words in a field readable on that very row.
    async fn confirm(
        self: &Arc<Self>,
        plan: &Arc<AccessPlan>,
        object: &Object,
        ids: Vec<Uuid>,
        q: &str,
    ) -> Result<Vec<Opened>, Error> {
        let shape = self.shape(&object.name)?.clone();
        let (plan, q) = (plan.clone(), q.to_owned());
        let inner = self.clone();
        self.store
            .read(move |conn| {
                let visible = match plan.rows() {
                    Visible::Everything => ids,
                    _ => visible_among(conn, &shape, &plan, &inner.catalog, &ids)?,
                };
                let mut opened = inner.opened_by_id(conn, &shape, &visible)?;
                opened.retain(|row| !matches_in(row, &plan, &q).is_empty());
                Ok(opened)
            })
            .await
    }

    /// Visible records whose phone, e-mail or identity number is exactly the query.
    async fn exact_hits(&self, plan: &Arc<AccessPlan>, object: &Object, q: &str) -> Result<Vec<Uuid>, Error> {
        let mut out = Vec::new();
        for field in object.fields.iter().filter(|f| f.blind && exact_kinds(q).contains(&f.kind)) {
            if plan.best_access(field) < FieldAccess::Masked {
                continue;
            }
            let Some(token) = self.vault.blind(&object.name, &field.name, field.kind, q) else { continue };
            let (plan, catalog, name) = (plan.clone(), self.catalog.clone(), object.name.clone());
            let column = quoted(&format!("{}_bi", field.name));
            let shape = self.shape(&object.name)?.clone();
            let found = self
                .store
                .read(move |conn| -> Result<_, Error> {
                    let mut sql = Sql::new(conn.engine());
                    sql.push("SELECT t.id FROM ").push(&quoted(&name)).push(" t WHERE t.").push(&column);
                    sql.push(" = ").param(token.as_slice()).push(" AND ").live("t").push(" LIMIT ");
                    sql.param(SAME_IDENTIFIER);
                    let rows = conn.query(sql.text(), &sql.params())?;
                    let mut ids = rows.iter().map(|r| r.get_id(0)).collect::<Result<Vec<_>, _>>()?;
                    ids.sort_unstable_by(|a, b| b.cmp(a));
                    visible_among(conn, &shape, &plan, &catalog, &ids)
                })
                .await?;
            out.extend(found);
        }
        Ok(out)
    }

    fn hit_items(
        self: &Arc<Self>,
        conn: &mut dyn Conn,
        permit: &Permit<List>,
        shape: &Shape,
        mut hits: Hits,
        q: &str,
    ) -> Result<Vec<Hit>, Error> {
        let closed: Vec<Uuid> = hits.ids.iter().filter(|id| !hits.opened.contains_key(id)).copied().collect();
        for row in self.opened_by_id(conn, shape, &closed)? {
            hits.opened.insert(row.id.0, row);
        }
        let opened: Vec<Opened> = hits.ids.iter().filter_map(|id| hits.opened.remove(id)).collect();
        let mut described: Vec<(Vec<Match>, String, Rank)> = Vec::new();
        for row in &opened {
            let mut matched = Vec::new();
            for i in matches_in(row, permit.plan(), q) {
                if let Value::Text(text) = &row.values[i] {
                    matched.push(Match {
                        field: shape.object.fields[i].name.clone(),
                        snippet: snippet(text, q),
                    });
                }
            }
            if matched.is_empty() {
                for (i, field) in shape.object.fields.iter().enumerate() {
                    if let (true, Some(mask)) = (exact_kinds(q).contains(&field.kind), &row.masks[i]) {
                        let snippet = vec![Piece { text: mask.clone(), hit: true }];
                        matched.push(Match { field: field.name.clone(), snippet });
                    }
                }
            }
            let title_readable = shape
                .object
                .field(&shape.object.title_field)
                .is_some_and(|f| permit.plan().field_access(row, f) >= FieldAccess::Read);
            let label = if title_readable { row.title().unwrap_or_default() } else { String::new() };
            let rank = rank_of(&label, q, matched.first().map(|m| m.field == shape.object.title_field));
            described.push((matched, label, (rank, std::cmp::Reverse(row.id.0))));
        }
        let items = self.present_many(conn, permit, shape, opened, None)?;
        Ok(items
            .into_iter()
            .zip(described)
            .map(|(record, (matched, label, rank))| Hit {
                object: shape.object.name.clone(),
                label,
                record,
                matched,
                rank,
            })
            .collect())
    }
}

/// Exact title first, then titles that begin so, then titles, then other fields.
fn rank_of(label: &str, q: &str, in_title: Option<bool>) -> u8 {
    let (label, q) = (tokens::normalise(label), tokens::normalise(q));
    if label == q {
        0
    } else if label.starts_with(&q) {
        1
    } else if in_title == Some(true) {
        2
    } else {
        3
    }
}

/// Positions of the fields that contain the query and are readable on this row.
fn matches_in(row: &Opened, plan: &AccessPlan, q: &str) -> Vec<usize> {
    row.object
        .fields
        .iter()
        .enumerate()
        .filter(|(i, f)| {
            f.searchable
                && matches!(&row.values[*i], Value::Text(t) if tokens::contains_all(t, q))
                && plan.field_access(row, f) >= FieldAccess::Read
        })
        .map(|(i, _)| i)
        .collect()
}

fn visible_among(
    conn: &mut dyn Conn,
    shape: &Shape,
    plan: &AccessPlan,
    catalog: &kernel::Catalog,
    ids: &[Uuid],
) -> Result<Vec<Uuid>, Error> {
    let mut sql = Sql::new(conn.engine());
    sql.push("SELECT t.id FROM ").push(&quoted(&shape.object.name)).push(" t WHERE ").live("t").push(" AND ");
    sql.in_ids("t.id", ids.iter().map(|id| *id.as_bytes())).push(" AND ");
    push_visible(&mut sql, plan.rows(), "t", catalog)?;
    let found: std::collections::HashSet<Uuid> =
        conn.query(sql.text(), &sql.params())?.iter().map(|r| r.get_id(0)).collect::<Result<_, _>>()?;
    Ok(ids.iter().copied().filter(|id| found.contains(id)).collect())
}

/// The text around the first hit, in pieces.
fn snippet(text: &str, q: &str) -> Vec<Piece> {
    let first_word = q.split_whitespace().next().unwrap_or(q);
    let (haystack, needle): (Vec<char>, Vec<char>) =
        (text.chars().collect(), tokens::normalise(first_word).chars().collect());
    let folded: Vec<char> =
        haystack.iter().map(|c| tokens::normalise(&c.to_string()).chars().next().unwrap_or(*c)).collect();
    let at = if needle.is_empty() { None } else { folded.windows(needle.len()).position(|w| w == needle) };
    let text_of =
        |range: std::ops::Range<usize>| haystack[range].iter().collect::<String>().replace(['\n', '\r'], " ");
    let Some(at) = at else {
        return vec![Piece { text: text_of(0..haystack.len().min(CONTEXT * 2)), hit: false }];
    };
    let (start, end) = (at.saturating_sub(CONTEXT), (at + needle.len() + CONTEXT).min(haystack.len()));
    let mut out = Vec::new();
    let lead = if start > 0 { "…" } else { "" };
    let tail = if end < haystack.len() { "…" } else { "" };
    out.push(Piece { text: format!("{lead}{}", text_of(start..at)), hit: false });
    out.push(Piece { text: text_of(at..at + needle.len()), hit: true });
    out.push(Piece { text: format!("{}{tail}", text_of(at + needle.len()..end)), hit: false });
    out.retain(|p| !p.text.is_empty());
    out
}
