//! Judging a chunk of rows against what is there: duplicates, near names, customers, rights.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use kernel::{RecordId, SubjectId, Value};
use policy::{Create, FieldAccess, Import as ImportAction, Permit, Principal};
use store::Conn;
use uuid::Uuid;

use super::lookup::{Found, Token};
use super::prepare::{Complaint, Prepared, Ready};
use super::state::Duplicates;
use crate::door::Inner;
use crate::error::Error;
use crate::shape::Shape;
use crate::write::opened_of;

/// What becomes of a row.
pub(crate) enum Verdict {
    /// A new record; `near` is a record with a similar name.
    Create { ready: Ready, near: Option<RecordId>, is_near: bool, unmatched: bool },
    /// Fills a record that is there.
    Update { id: RecordId, ready: Ready },
    /// Left out: a duplicate of that record, or of an earlier row.
    Skip { of: Option<RecordId> },
    /// Does not fit.
    Fail(Complaint),
}

/// A row with its verdict.
pub(crate) struct Judged {
    pub(crate) line: u64,
    pub(crate) cells: Vec<String>,
    pub(crate) verdict: Verdict,
}

/// Judges rows in the order of the file.
pub(crate) struct Judge {
    pub(crate) inner: Arc<Inner>,
    pub(crate) shape: Arc<Shape>,
    pub(crate) who: Arc<Principal>,
    pub(crate) policy: Duplicates,
    seen: HashSet<(String, Token)>,
    names: HashSet<Token>,
}

/// What a chunk's tokens found.
struct Known {
    exact: HashMap<String, Found>,
    names: Found,
    customers: Found,
    contact_mail: Found,
    customer_mail: Found,
    customer_of: HashMap<RecordId, Uuid>,
}

impl Judge {
    pub(crate) fn new(
        inner: &Arc<Inner>,
        shape: &Arc<Shape>,
        who: &Arc<Principal>,
        policy: Duplicates,
    ) -> Self {
        Self {
            inner: inner.clone(),
            shape: shape.clone(),
            who: who.clone(),
            policy,
            seen: HashSet::new(),
            names: HashSet::new(),
        }
    }

    /// Remembers rows that an earlier run has dealt with.
    pub(crate) fn remember(&mut self, rows: &[Prepared]) {
        for ready in rows.iter().filter_map(|r| r.outcome.as_ref().ok()) {
            self.seen.extend(ready.tokens.iter().cloned());
            self.names.extend(ready.name_key);
        }
    }

    /// Judges one chunk. Rights are asked for anew.
    pub(crate) fn chunk(&mut self, conn: &mut dyn Conn, rows: Vec<Prepared>) -> Result<Vec<Judged>, Error> {
        let object = self.shape.object.name.clone();
        let now = self.inner.now();
        let import = self.inner.policy.permit::<ImportAction>(&self.who, &object, now)?;
        let create = self.inner.policy.permit::<Create>(&self.who, &object, now)?;
        let known = self.known(conn, &object, &rows)?;
        let mut judged: Vec<Judged> = rows
            .into_iter()
            .map(|row| Judged {
                line: row.line,
                cells: row.cells,
                verdict: match row.outcome {
                    Err(complaint) => Verdict::Fail(complaint),
                    Ok(ready) => self.verdict(ready, &known),
                },
            })
            .collect();
        self.check_rights(conn, &import, &create, &mut judged)?;
        Ok(judged)
    }

    fn known(&self, conn: &mut dyn Conn, object: &str, rows: &[Prepared]) -> Result<Known, Error> {
        let ready = || rows.iter().filter_map(|r| r.outcome.as_ref().ok());
        let mut exact = HashMap::new();
        for column in ["phone_bi", "email_bi", "message_key_bi"] {
            let tokens: HashSet<Token> = ready()
                .flat_map(|r| r.tokens.iter().filter(|(name, _)| name == column).map(|(_, token)| *token))
                .collect();
            if !tokens.is_empty() {
                exact.insert(
                    column.to_owned(),
                    self.inner.by_tokens(conn, &self.who, object, column, &tokens)?,
                );
            }
        }
        let mut find = |object: &str, column: &str, tokens: HashSet<Token>| {
            self.inner.by_tokens(conn, &self.who, object, column, &tokens)
        };
        let named = if object == "communication" {
            Found::new()
        } else {
            find(object, "name_key", ready().filter_map(|r| r.name_key).collect())?
        };
        let customers = find("customer", "name_key", ready().filter_map(|r| r.customer_key).collect())?;
        let addresses = || ready().flat_map(|r| &r.addresses);
        let contact_mail = find("contact", "email_bi", addresses().filter_map(|a| a.contact).collect())?;
        let customer_mail = find("customer", "email_bi", addresses().filter_map(|a| a.customer).collect())?;
        let customer_of = self.inner.customers_of(conn, &contact_mail)?;
        Ok(Known { exact, names: named, customers, contact_mail, customer_mail, customer_of })
    }

    fn verdict(&mut self, mut ready: Ready, known: &Known) -> Verdict {
        let there = ready
            .tokens
            .iter()
            .find_map(|(column, token)| known.exact.get(column)?.get(token)?.first().copied());
        let in_file = ready.tokens.iter().any(|t| self.seen.contains(t));
        let may_update = self.policy == Duplicates::Update && self.shape.object.name != "communication";
        if self.policy != Duplicates::Create {
            if in_file {
                return Verdict::Skip { of: None };
            }
            if let Some(id) = there {
                self.seen.extend(ready.tokens.iter().cloned());
                return if may_update {
                    Verdict::Update { id, ready }
                } else {
                    Verdict::Skip { of: Some(id) }
                };
            }
        }
        if let Some(key) = ready.customer_key {
            match known.customers.get(&key).map(Vec::as_slice) {
                Some([customer]) => self.set(&mut ready, "customer", Value::Id(customer.0)),
                other => {
                    let detail = if other.is_some() {
                        "several customers have this name"
                    } else {
                        "there is no customer of this name that you may see"
                    };
                    return Verdict::Fail(Complaint {
                        field: Some(super::prepare::CUSTOMER_NAME.to_owned()),
                        key: "unknown_customer".to_owned(),
                        detail: detail.to_owned(),
                    });
                }
            }
        }
        let unmatched = self.shape.object.name == "communication" && !self.match_mail(&mut ready, known);
        self.seen.extend(ready.tokens.iter().cloned());
        let near = ready.name_key.and_then(|k| known.names.get(&k)?.first().copied());
        let again = self.shape.object.name != "communication"
            && ready.name_key.is_some_and(|k| !self.names.insert(k));
        Verdict::Create { is_near: near.is_some() || again, ready, near, unmatched }
    }

    /// Finds a mail's customer and contact by its addresses, the sender first.
    fn match_mail(&self, ready: &mut Ready, known: &Known) -> bool {
        let hit = ready.addresses.iter().find_map(|a| {
            let contact = a.contact.and_then(|t| known.contact_mail.get(&t)?.first().copied());
            let customer = match contact {
                Some(contact) => known.customer_of.get(&contact).copied(),
                None => a.customer.and_then(|t| Some(known.customer_mail.get(&t)?.first()?.0)),
            };
            (contact.is_some() || customer.is_some()).then_some((a.sender, contact, customer))
        });
        let Some((sender, contact, customer)) = hit else {
            self.set(ready, "status", Value::Text("unmatched".to_owned()));
            return false;
        };
        self.set(ready, "customer", customer.map_or(Value::Null, Value::Id));
        self.set(ready, "contact", contact.map_or(Value::Null, |c| Value::Id(c.0)));
        self.set(ready, "direction", Value::Text(if sender { "in" } else { "out" }.to_owned()));
        self.set(ready, "status", Value::Text("matched".to_owned()));
        if let Some(subject) = customer.or(contact.map(|c| c.0)) {
            ready.draft.subject = SubjectId(subject);
        }
        true
    }

    fn set(&self, ready: &mut Ready, field: &str, value: Value) {
        if let Some(i) = self.shape.object.fields.iter().position(|f| f.name == field) {
            ready.draft.values[i] = value;
        }
    }

    fn check_rights(
        &self,
        conn: &mut dyn Conn,
        import: &Permit<ImportAction>,
        create: &Permit<Create>,
        judged: &mut [Judged],
    ) -> Result<(), Error> {
        let mut at = Vec::new();
        let mut opened = Vec::new();
        for (i, row) in judged.iter().enumerate() {
            if let Verdict::Create { ready, .. } = &row.verdict {
                at.push(i);
                opened.push(opened_of(&self.shape, &ready.draft));
            }
        }
        self.inner.load_parents(conn, &self.shape, &mut opened)?;
        for (i, opened) in at.into_iter().zip(&opened) {
            let Verdict::Create { ready, .. } = &judged[i].verdict else { continue };
            let rights = create.plan().on_row(opened);
            let refused = if !rights.allowed() || !import.plan().allows_row(opened) {
                Some((
                    None,
                    "forbidden",
                    "you may not create such a record for this owner or without a customer",
                ))
            } else {
                let field = ready.given.iter().find(|f| rights.at(**f) < FieldAccess::Write);
                field.map(|f| {
                    (
                        Some(self.shape.object.fields[*f].name.clone()),
                        "not_writable",
                        "you may not write this field",
                    )
                })
            };
            if let Some((field, key, detail)) = refused {
                judged[i].verdict =
                    Verdict::Fail(Complaint { field, key: key.to_owned(), detail: detail.to_owned() });
            }
        }
        Ok(())
    }
}
