//! Judging a chunk of rows against what is there: duplicates, near names, customers, rights.
//!
//! It happens inside the job that writes the chunk: one writer, so nobody can slip a duplicate in between.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use kernel::{RecordId, SubjectId, Value};
use policy::{Create, FieldAccess, Import as ImportAction, Permit, Principal};
use store::Conn;
use uuid::Uuid;

use super::lookup::{Found, Token};
use super::prepare::{Addressed, Complaint, CustomerName, EXACT, Prepared, Ready};
use super::state::Duplicates;
use crate::door::Inner;
use crate::error::Error;
use crate::shape::Shape;
use crate::write::opened_of;

/// What becomes of a row.
pub(crate) enum Verdict {
    /// A new record.
    Create { ready: Box<Ready>, near: Near, unmatched: bool },
    /// Fills a record that is there.
    Update { id: RecordId, ready: Box<Ready> },
    /// Left out: a duplicate of that record, or of an earlier row.
    Skip { of: Option<RecordId> },
    /// Does not fit.
    Fail(Complaint),
}

/// Whether something has a similar name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Near {
    No,
    /// An earlier row of the file.
    Row,
    /// A record that is there.
    Record(RecordId),
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
    seen: HashSet<(u8, Token)>,
    names: HashSet<Token>,
}

/// What a chunk's tokens found.
struct Known {
    exact: [Found; EXACT.len()],
    names: Found,
    customers: Found,
    customer_names: HashMap<RecordId, String>,
    contact_mail: Found,
    customer_mail: Found,
    customer_of: HashMap<RecordId, Uuid>,
}

/// Whom a mail's addresses name.
enum Matched {
    Nobody,
    /// Contacts of several customers: people must say which.
    Several,
    One {
        inbound: bool,
        contact: Option<RecordId>,
        customer: Option<Uuid>,
    },
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
            self.seen.extend(ready.tokens.iter().copied());
            self.names.extend(ready.indexes.name_key);
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
        let mut find = |object: &str, field: &str, tokens: HashSet<Token>| {
            self.inner.by_tokens(conn, &self.who, object, field, &tokens)
        };
        let mut exact: [Found; EXACT.len()] = Default::default();
        for (n, (field, found)) in (0..).zip(EXACT.iter().zip(&mut exact)) {
            let tokens =
                ready().flat_map(|r| r.tokens.iter().filter(|(of, _)| *of == n).map(|(_, token)| *token));
            *found = find(object, field, tokens.collect())?;
        }
        // Many mails bear the same subject: that is no duplicate.
        let names = if object == "communication" {
            Found::new()
        } else {
            find(
                object,
                &self.shape.object.title_field,
                ready().filter_map(|r| r.indexes.name_key).collect(),
            )?
        };
        let named = ready().filter_map(|r| r.customer.as_ref().map(|c| c.key));
        let customers = find("customer", "name", named.collect())?;
        let addresses = || ready().flat_map(|r| &r.addresses);
        let contact_mail = find("contact", "email", addresses().filter_map(|a| a.contact).collect())?;
        let customer_mail = find("customer", "email", addresses().filter_map(|a| a.customer).collect())?;
        let customer_of = self.inner.customers_of(conn, &contact_mail)?;
        let customer_names = self.inner.names_of(conn, &customers)?;
        Ok(Known { exact, names, customers, customer_names, contact_mail, customer_mail, customer_of })
    }

    fn verdict(&mut self, mut ready: Box<Ready>, known: &Known) -> Verdict {
        let mail = self.shape.object.name == "communication";
        if self.policy != Duplicates::Create {
            if ready.tokens.iter().any(|t| self.seen.contains(t)) {
                return Verdict::Skip { of: None };
            }
            let there = (ready.tokens.iter())
                .find_map(|(n, token)| known.exact[usize::from(*n)].get(token)?.first().copied());
            if let Some(id) = there {
                self.seen.extend(ready.tokens.iter().copied());
                return if self.policy == Duplicates::Update && !mail {
                    Verdict::Update { id, ready }
                } else {
                    Verdict::Skip { of: Some(id) }
                };
            }
        }
        if let Some(named) = &ready.customer {
            match customer_of_name(named, known) {
                Ok(customer) => self.set(&mut ready, "customer", Value::Id(customer.0)),
                Err(complaint) => return Verdict::Fail(complaint),
            }
        }
        let unmatched = mail && !self.match_mail(&mut ready, known);
        self.seen.extend(ready.tokens.iter().copied());
        let near = match ready.indexes.name_key.filter(|_| !mail) {
            None => Near::No,
            Some(key) => {
                let again = !self.names.insert(key);
                let there = known.names.get(&key).and_then(|ids| ids.first());
                there.map_or(if again { Near::Row } else { Near::No }, |id| Near::Record(*id))
            }
        };
        Verdict::Create { ready, near, unmatched }
    }

    /// Finds a mail's customer and contact by its addresses, the sender first.
    fn match_mail(&self, ready: &mut Ready, known: &Known) -> bool {
        let hit = ready.addresses.iter().map(|a| matched(a, known)).find(|m| !matches!(m, Matched::Nobody));
        let Some(Matched::One { inbound, contact, customer }) = hit else {
            self.set(ready, "status", Value::Text("unmatched".to_owned()));
            return false;
        };
        self.set(ready, "customer", customer.map_or(Value::Null, Value::Id));
        self.set(ready, "contact", contact.map_or(Value::Null, |c| Value::Id(c.0)));
        self.set(ready, "direction", Value::Text(if inbound { "in" } else { "out" }.to_owned()));
        self.set(ready, "status", Value::Text("matched".to_owned()));
        if let Some(subject) = customer.or(contact.map(|c| c.0)) {
            ready.draft.subject = SubjectId(subject);
            ready.opened.subject = SubjectId(subject);
        }
        true
    }

    fn set(&self, ready: &mut Ready, field: &str, value: Value) {
        let Some(i) = self.shape.object.fields.iter().position(|f| f.name == field) else { return };
        if let Some((row, _)) = &mut ready.sealed {
            row.set_open(&self.shape, i, value.clone());
        }
        ready.opened.values[i] = value.clone();
        ready.draft.values[i] = value;
    }

    fn check_rights(
        &self,
        conn: &mut dyn Conn,
        import: &Permit<ImportAction>,
        create: &Permit<Create>,
        judged: &mut [Judged],
    ) -> Result<(), Error> {
        self.load_parents(conn, judged)?;
        for row in judged {
            let Verdict::Create { ready, .. } = &row.verdict else { continue };
            let rights = create.plan().on_row(&ready.opened);
            let refused = if !rights.allowed() || !import.plan().allows_row(&ready.opened) {
                Some((
                    None,
                    "forbidden",
                    "you may not create such a record for this owner or without a customer",
                ))
            } else {
                let field = ready.given.iter().find(|f| rights.at(**f) < FieldAccess::Write);
                let name = field.map(|f| self.shape.object.fields[*f].name.clone());
                name.map(|name| (Some(name), "not_writable", "you may not write this field"))
            };
            if let Some((field, key, detail)) = refused {
                row.verdict =
                    Verdict::Fail(Complaint { field, key: key.to_owned(), detail: detail.to_owned() });
            }
        }
        Ok(())
    }

    /// Rules may ask about the records that new ones belong to.
    fn load_parents(&self, conn: &mut dyn Conn, judged: &mut [Judged]) -> Result<(), Error> {
        if self.shape.object.fields.iter().all(|f| f.target.is_none()) {
            return Ok(());
        }
        let created: Vec<&mut Ready> = (judged.iter_mut())
            .filter_map(|row| match &mut row.verdict {
                Verdict::Create { ready, .. } => Some(ready.as_mut()),
                _ => None,
            })
            .collect();
        let mut rows: Vec<_> = created.iter().map(|r| opened_of(&self.shape, &r.draft)).collect();
        self.inner.load_parents(conn, &self.shape, &mut rows)?;
        for (ready, opened) in created.into_iter().zip(rows) {
            ready.opened = opened;
        }
        Ok(())
    }
}

/// The customer that a contact names: by its whole name, whatever its width, case and spaces. A similar one is not
/// good enough: the contact would be shown to that customer's people.
fn customer_of_name(named: &CustomerName, known: &Known) -> Result<RecordId, Complaint> {
    let similar = known.customers.get(&named.key).map(Vec::as_slice).unwrap_or_default();
    let wanted = plain(&named.name);
    let same = |id: &&RecordId| known.customer_names.get(id).is_some_and(|name| plain(name) == wanted);
    let same: Vec<&RecordId> = similar.iter().filter(same).collect();
    let (key, detail) = match (same.as_slice(), similar) {
        ([one], _) => return Ok(**one),
        ([], []) => ("unknown_customer", "there is no customer of this name that you may see"),
        ([], _) => ("similar_customer", "only customers with similar names exist; write the name in full"),
        _ => (
            "ambiguous_customer",
            "several customers have this name; merge them or enter this contact by hand",
        ),
    };
    Err(Complaint {
        field: Some(super::prepare::CUSTOMER_NAME.to_owned()),
        key: key.to_owned(),
        detail: detail.to_owned(),
    })
}

/// A name without width, case and spaces.
fn plain(name: &str) -> String {
    let half = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    };
    name.chars().map(half).filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

fn matched(address: &Addressed, known: &Known) -> Matched {
    let found =
        |found: &Found, token: Option<Token>| token.and_then(|t| found.get(&t).cloned()).unwrap_or_default();
    let contacts = found(&known.contact_mail, address.contact);
    let customers: HashSet<Option<Uuid>> = if contacts.is_empty() {
        found(&known.customer_mail, address.customer).iter().map(|c| Some(c.0)).collect()
    } else {
        contacts.iter().map(|c| known.customer_of.get(c).copied()).collect()
    };
    let mut customers = customers.into_iter();
    match (customers.next(), customers.next()) {
        (None, _) => Matched::Nobody,
        (Some(_), Some(_)) => Matched::Several,
        (Some(customer), None) => {
            Matched::One { inbound: address.sender, contact: contacts.first().copied(), customer }
        }
    }
}
