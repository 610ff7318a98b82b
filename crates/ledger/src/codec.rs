//! The bytes of an entry: what is hashed, signed for and kept. One entry has exactly one encoding
//! (docs/formats/ledger-entry.md); whatever decodes encodes to the same bytes again.

use kernel::{Class, PersonId, SessionId, SubjectId, Timestamp};
use uuid::Uuid;

use crate::entry::{Actor, ActorKind, Entry, MOST_LISTED, Name, Outcome, RecordSet, Sealed, Sealing};
use crate::error::Error;

/// The first byte of every entry of this format.
const VERSION: u8 = 1;
/// The largest entry that fits an entry bundle (C2SP tlog-tiles: 16-bit lengths).
pub const MOST_BYTES: usize = 65_535;

/// The tags, in the order in which they stand.
mod tag {
    pub const AT: u8 = 1;
    pub const KIND: u8 = 2;
    pub const PERSON: u8 = 3;
    pub const SESSION: u8 = 4;
    pub const DEVICE: u8 = 5;
    pub const IP: u8 = 6;
    pub const ACTION: u8 = 7;
    pub const OBJECT: u8 = 8;
    pub const RECORDS: u8 = 9;
    pub const RECORD_DIGEST: u8 = 10;
    pub const FIELDS: u8 = 11;
    pub const CLASS: u8 = 12;
    pub const OUTCOME: u8 = 13;
    pub const RULES: u8 = 14;
    pub const SUBJECT: u8 = 15;
    pub const REASON: u8 = 16;
    pub const DETAILS: u8 = 17;
}

impl Entry {
    /// The canonical bytes. Refuses an entry above 65,535 bytes.
    pub fn bytes(&self) -> Result<Vec<u8>, Error> {
        let mut out = Vec::with_capacity(192 + 16 * self.records.listed().len());
        out.push(VERSION);
        put(&mut out, tag::AT, &self.at.0.to_be_bytes());
        put(&mut out, tag::KIND, &[self.actor.kind.code()]);
        put_some(&mut out, tag::PERSON, self.actor.person.as_ref().map(|id| &id.as_bytes()[..]));
        put_some(&mut out, tag::SESSION, self.actor.session.as_ref().map(|id| &id.as_bytes()[..]));
        put_some(&mut out, tag::DEVICE, self.actor.device.as_deref().map(str::as_bytes));
        put_some(&mut out, tag::IP, self.actor.ip.as_deref().map(str::as_bytes));
        put(&mut out, tag::ACTION, self.action.as_bytes());
        put_some(&mut out, tag::OBJECT, self.object.as_deref().map(str::as_bytes));
        put_records(&mut out, &self.records);
        put_names(&mut out, tag::FIELDS, &self.fields);
        if let Some(class) = self.class {
            put(&mut out, tag::CLASS, &[class_code(class)]);
        }
        put(&mut out, tag::OUTCOME, &[self.outcome.code()]);
        put_names(&mut out, tag::RULES, &self.rules);
        put_some(&mut out, tag::SUBJECT, self.subject.as_ref().map(|id| &id.as_bytes()[..]));
        put_sealed(&mut out, tag::REASON, self.reason.as_ref());
        put_sealed(&mut out, tag::DETAILS, self.details.as_ref());
        if out.len() > MOST_BYTES || self.records.listed().len() > MOST_LISTED {
            return Err(Error::TooLarge { action: self.action.to_string(), bytes: out.len() });
        }
        Ok(out)
    }

    /// Reads an entry; `None` for anything but the canonical bytes of one.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut fields = Fields::of(bytes)?;
        let entry = Self {
            at: Timestamp(i64::from_be_bytes(fields.take(tag::AT)?.try_into().ok()?)),
            actor: Actor {
                kind: ActorKind::from_code(one(fields.take(tag::KIND)?)?)?,
                person: fields.id(tag::PERSON)?.map(PersonId),
                session: fields.id(tag::SESSION)?.map(SessionId),
                device: fields.text(tag::DEVICE)?,
                ip: fields.text(tag::IP)?,
            },
            action: Name::Owned(text(fields.take(tag::ACTION)?)?),
            object: fields.text(tag::OBJECT)?.map(Name::Owned),
            records: fields.records()?,
            fields: fields.names(tag::FIELDS)?,
            class: fields.code(tag::CLASS, class_from_code)?,
            outcome: Outcome::from_code(one(fields.take(tag::OUTCOME)?)?)?,
            rules: fields.names(tag::RULES)?,
            subject: fields.id(tag::SUBJECT)?.map(SubjectId),
            reason: fields.sealed(tag::REASON)?,
            details: fields.sealed(tag::DETAILS)?,
        };
        fields.rest.is_empty().then_some(entry)
    }
}

fn put(out: &mut Vec<u8>, tag: u8, value: &[u8]) {
    out.push(tag);
    put_number(out, value.len() as u64);
    out.extend_from_slice(value);
}

fn put_some(out: &mut Vec<u8>, tag: u8, value: Option<&[u8]>) {
    if let Some(value) = value {
        put(out, tag, value);
    }
}

fn put_records(out: &mut Vec<u8>, records: &RecordSet) {
    match records {
        RecordSet::Listed(ids) if ids.is_empty() => {}
        RecordSet::Listed(ids) => {
            out.push(tag::RECORDS);
            put_number(out, 16 * ids.len() as u64);
            ids.iter().for_each(|id| out.extend_from_slice(id.as_bytes()));
        }
        RecordSet::Digest { count, digest } => {
            let mut value = count.to_be_bytes().to_vec();
            value.extend_from_slice(digest);
            put(out, tag::RECORD_DIGEST, &value);
        }
    }
}

fn put_names(out: &mut Vec<u8>, tag: u8, names: &[Name]) {
    if names.is_empty() {
        return;
    }
    let length: usize = names.iter().map(|name| number_width(name.len() as u64) + name.len()).sum();
    out.push(tag);
    put_number(out, length as u64);
    for name in names {
        put_number(out, name.len() as u64);
        out.extend_from_slice(name.as_bytes());
    }
}

fn put_sealed(out: &mut Vec<u8>, tag: u8, sealed: Option<&Sealed>) {
    let Some(sealed) = sealed else { return };
    let (code, subject): (u8, &[u8]) = match &sealed.by {
        Sealing::Workspace => (0, &[]),
        Sealing::Subject(id) => (1, id.as_bytes()),
    };
    out.push(tag);
    put_number(out, (1 + subject.len() + sealed.bytes.len()) as u64);
    out.push(code);
    out.extend_from_slice(subject);
    out.extend_from_slice(&sealed.bytes);
}

/// LEB128: seven bits per byte, lowest first, the top bit says that more follow.
fn put_number(out: &mut Vec<u8>, mut number: u64) {
    loop {
        let low = u8::try_from(number & 0x7f).unwrap_or(0);
        number >>= 7;
        if number == 0 {
            return out.push(low);
        }
        out.push(low | 0x80);
    }
}

fn number_width(number: u64) -> usize {
    usize::try_from((64 - (number | 1).leading_zeros()).div_ceil(7)).unwrap_or(10)
}

/// A length (at most 21 bits) in its shortest form, and what follows.
fn take_length(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut length = 0usize;
    for (i, byte) in bytes.iter().take(3).enumerate() {
        length |= usize::from(byte & 0x7f) << (7 * i);
        if byte & 0x80 == 0 {
            let shortest = i == 0 || *byte != 0;
            return shortest.then_some((length, &bytes[i + 1..]));
        }
    }
    None
}

/// The tagged values, taken in order: a tag out of order is never reached and makes the entry unreadable.
struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    fn of(bytes: &'a [u8]) -> Option<Self> {
        let (&VERSION, rest) = bytes.split_first()? else { return None };
        (bytes.len() <= MOST_BYTES).then_some(Self { rest })
    }

    /// The value of a tag that must be there.
    fn take(&mut self, tag: u8) -> Option<&'a [u8]> {
        let (&found, rest) = self.rest.split_first()?;
        let (length, rest) = take_length(rest)?;
        let (value, rest) = rest.split_at_checked(length)?;
        self.rest = rest;
        (found == tag).then_some(value)
    }

    /// `Some(None)` when the next tag is another one; `None` when the entry is malformed.
    fn take_if(&mut self, tag: u8) -> Option<Option<&'a [u8]>> {
        if self.rest.first() == Some(&tag) { self.take(tag).map(Some) } else { Some(None) }
    }

    fn id(&mut self, tag: u8) -> Option<Option<Uuid>> {
        let Some(value) = self.take_if(tag)? else { return Some(None) };
        Uuid::from_slice(value).ok().map(Some)
    }

    fn text(&mut self, tag: u8) -> Option<Option<String>> {
        let Some(value) = self.take_if(tag)? else { return Some(None) };
        text(value).map(Some)
    }

    fn code<T>(&mut self, tag: u8, read: impl Fn(u8) -> Option<T>) -> Option<Option<T>> {
        let Some(value) = self.take_if(tag)? else { return Some(None) };
        read(one(value)?).map(Some)
    }

    fn records(&mut self) -> Option<RecordSet> {
        if let Some(value) = self.take_if(tag::RECORDS)? {
            let (ids, rest) = value.as_chunks::<16>();
            let fits = !ids.is_empty() && ids.len() <= MOST_LISTED && rest.is_empty();
            return fits.then(|| RecordSet::Listed(ids.iter().map(|id| Uuid::from_bytes(*id)).collect()));
        }
        let Some(value) = self.take_if(tag::RECORD_DIGEST)? else { return Some(RecordSet::default()) };
        let (count, digest) = value.split_first_chunk::<8>()?;
        Some(RecordSet::Digest { count: u64::from_be_bytes(*count), digest: digest.try_into().ok()? })
    }

    fn names(&mut self, tag: u8) -> Option<Vec<Name>> {
        let Some(mut value) = self.take_if(tag)? else { return Some(Vec::new()) };
        let mut names = Vec::new();
        while !value.is_empty() {
            let (length, rest) = take_length(value)?;
            let (name, rest) = rest.split_at_checked(length)?;
            names.push(Name::Owned(text(name)?));
            value = rest;
        }
        (!names.is_empty()).then_some(names)
    }

    fn sealed(&mut self, tag: u8) -> Option<Option<Sealed>> {
        let Some(value) = self.take_if(tag)? else { return Some(None) };
        let (by, bytes) = match value.split_first()? {
            (0, bytes) => (Sealing::Workspace, bytes),
            (1, rest) => {
                let (id, bytes) = rest.split_first_chunk::<16>()?;
                (Sealing::Subject(SubjectId::from_bytes(*id)), bytes)
            }
            _ => return None,
        };
        Some(Some(Sealed { by, bytes: bytes.to_vec() }))
    }
}

fn one(value: &[u8]) -> Option<u8> {
    if let [byte] = value { Some(*byte) } else { None }
}

fn text(value: &[u8]) -> Option<String> {
    std::str::from_utf8(value).ok().map(str::to_owned)
}

fn class_code(class: Class) -> u8 {
    match class {
        Class::Open => 0,
        Class::Confidential => 1,
        Class::Restricted => 2,
        Class::Sealed => 3,
    }
}

fn class_from_code(code: u8) -> Option<Class> {
    [Class::Open, Class::Confidential, Class::Restricted, Class::Sealed].get(usize::from(code)).copied()
}

#[cfg(test)]
#[path = "codec_tests.rs"]
mod tests;
