//! Records that a new one may already be: the same phone or e-mail exactly, or a name that says the same. Among the
//! visible ones only: nobody learns here that a record exists which they may not see.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use kernel::{Class, Object};
use ledger::Disclosure;
use policy::{FieldAccess, List, Permit, Principal};
use serde::Serialize;
use serde_json::{Map, Value as Json};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::door::{Inner, Records};
use crate::error::Error;
use crate::import::Token;
use crate::item::Item;
use crate::read::fill;

/// Most records that are shown.
const MOST: usize = 5;
/// Longest value that is compared, in characters.
const LONGEST: usize = 200;
/// Shortest name whose being part of another says something, in characters.
const TELLING: usize = 4;

/// A record that the new one may be.
#[derive(Serialize, ToSchema)]
pub struct Duplicate {
    record: Item,
    /// Its title.
    label: String,
    /// Fields that are the same; the title field when only the names are near.
    matched: Vec<String>,
}

/// Records that a new one may already be.
#[derive(Serialize, ToSchema)]
pub struct Duplicates {
    /// Most matches first.
    items: Vec<Duplicate>,
}

/// What of a draft is compared, by field.
struct Probe {
    /// Blind tokens by field.
    exact: Vec<(String, Token)>,
    name: Option<(String, Token)>,
    /// What was asked, for the entry.
    text: String,
}

impl Records {
    /// Visible records that share an identifier or a near name with a draft of a record. The asking is recorded with
    /// what was asked, sealed.
    ///
    /// # Errors
    /// `BadQuery` when nothing is given that can be compared.
    pub async fn duplicates(
        &self,
        permit: Permit<List>,
        draft: Map<String, Json>,
    ) -> Result<Disclosure<Duplicates>, Error> {
        let shape = self.0.shape(permit.object())?.clone();
        let probe = self.0.probe(&shape.object, &draft)?;
        let mut parts = Vec::new();
        if let Some((name, _)) = probe.name.as_ref().filter(|(name, _)| name.chars().count() >= TELLING) {
            parts = self.0.search_ids(&permit.shared_plan(), &shape.object, name).await?;
            parts.truncate(MOST * 4);
        }
        let inner = self.0.clone();
        self.0
            .store
            .read(move |conn| -> Result<_, Error> {
                let title = shape.object.title_field.clone();
                let mut found: BTreeMap<Uuid, BTreeSet<String>> = BTreeMap::new();
                for (field, token) in probe.tokens(&shape.object) {
                    let tokens = HashSet::from([token]);
                    let who: &Arc<Principal> = permit.principal();
                    let hits = inner.by_tokens(conn, who, &shape.object.name, &field, &tokens)?;
                    for id in hits.into_values().flatten() {
                        found.entry(id.0).or_default().insert(field.clone());
                    }
                }
                for id in parts {
                    found.entry(id.0).or_default().insert(title.clone());
                }
                let ids: Vec<Uuid> = found.keys().rev().copied().collect();
                let mut opened = inner.opened_by_id(conn, &shape, &ids)?;
                let mut matched = BTreeMap::new();
                opened.retain(|row| {
                    let mut fields = found.remove(&row.id.0).unwrap_or_default();
                    let rights = permit.plan().on_row(row);
                    fields.retain(|name| {
                        let at = shape.object.fields.iter().position(|f| f.name == *name);
                        at.is_some_and(|i| rights.at(i) >= needed(shape.object.fields[i].class))
                            && (*name != title || inner.is_near(row.title().as_deref(), &probe))
                    });
                    let keep = rights.allowed() && !fields.is_empty();
                    matched.insert(row.id, fields.into_iter().collect::<Vec<_>>());
                    keep
                });
                opened.sort_by_key(|row| std::cmp::Reverse(matched.get(&row.id).map_or(0, Vec::len)));
                opened.truncate(MOST);
                let labels: Vec<String> =
                    opened.iter().map(|row| inner.readable_title(&permit, row)).collect();
                let items = inner.present_many(conn, &permit, &shape, opened, None)?;
                let mut entry = inner.entry(&permit, "duplicates");
                fill(&mut entry, &items);
                entry.fields = probe.exact.iter().map(|(field, _)| field.clone().into()).collect();
                inner.seal_query(&mut entry, &probe.text)?;
                let items = items.into_iter().zip(labels).map(|(record, label)| {
                    let matched = matched.remove(&record.id()).unwrap_or_default();
                    Duplicate { record, label, matched }
                });
                Ok(Disclosure::new(Duplicates { items: items.collect() }, entry))
            })
            .await
    }
}

/// Access that lets a field say "the same": for restricted ones the mask, as for exact search.
fn needed(class: Class) -> FieldAccess {
    if class >= Class::Restricted { FieldAccess::Masked } else { FieldAccess::Read }
}

impl Probe {
    /// Field and token of everything that is compared by the database.
    fn tokens(&self, object: &Object) -> Vec<(String, Token)> {
        let name = self.name.iter().map(|(_, token)| (object.title_field.clone(), *token));
        self.exact.iter().cloned().chain(name).collect()
    }
}

impl Inner {
    fn probe(&self, object: &Object, draft: &Map<String, Json>) -> Result<Probe, Error> {
        let text_of = |name: &str| {
            let text = draft.get(name).and_then(Json::as_str).map(str::trim).unwrap_or_default();
            (!text.is_empty() && text.chars().count() <= LONGEST).then(|| text.to_owned())
        };
        let mut probe = Probe { exact: Vec::new(), name: None, text: String::new() };
        let mut asked = Vec::new();
        for field in object.fields.iter().filter(|f| f.blind) {
            let Some(text) = text_of(&field.name) else { continue };
            if let Some(token) = self.vault.blind(&object.name, &field.name, field.kind, &text) {
                probe.exact.push((field.name.clone(), token));
                asked.push(text);
            }
        }
        if let Some(text) = text_of(&object.title_field)
            && let Some(token) = self.vault.name_key(&text)
        {
            asked.push(text.clone());
            probe.name = Some((text, token));
        }
        if asked.is_empty() {
            return Err(Error::BadQuery(
                "give a name, a phone number or an e-mail address to compare".to_owned(),
            ));
        }
        probe.text = asked.join(" ");
        Ok(probe)
    }

    /// The same but for width, region and legal form, or the one within the other.
    fn is_near(&self, title: Option<&str>, probe: &Probe) -> bool {
        let (Some(title), Some((name, token))) = (title, &probe.name) else { return false };
        if self.vault.name_key(title) == Some(*token) {
            return true;
        }
        let (title, name) = (crate::tokens::normalise(title), crate::tokens::normalise(name));
        title.contains(name.as_str())
    }

    /// The title of a row, if this caller may read it there.
    fn readable_title(&self, permit: &Permit<List>, row: &crate::shape::Opened) -> String {
        let readable = row
            .object
            .field(&row.object.title_field)
            .is_some_and(|f| permit.plan().field_access(row, f) >= FieldAccess::Read);
        if readable { row.title().unwrap_or_default() } else { String::new() }
    }
}
