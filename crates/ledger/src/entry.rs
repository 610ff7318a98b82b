//! An entry: who did what to which records, when, from where, by which rules, and how it ended.

use std::borrow::Cow;

use kernel::{Class, PersonId, SessionId, SubjectId, Timestamp};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

use crate::hash::{Hash, sha256};

/// How many record ids an entry lists; beyond that it holds their count and digest.
pub const MOST_LISTED: usize = 200;

/// Names in entries are mostly fixed words, which cost no allocation.
pub type Name = Cow<'static, str>;

/// One line of the ledger. It holds ids and names of actions, objects, fields and rules; every personal or free
/// text is in `reason` and `details`, which arrive sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When it happened.
    pub at: Timestamp,
    /// Who acted, from where.
    pub actor: Actor,
    /// What was done: `read`, `reveal`, `sign_in`, `person.create` …
    pub action: Name,
    /// The object concerned: `customer` …
    pub object: Option<Name>,
    /// The records concerned.
    pub records: RecordSet,
    /// The fields disclosed or changed, by name.
    pub fields: Vec<Name>,
    /// The highest class disclosed.
    pub class: Option<Class>,
    /// How it ended.
    pub outcome: Outcome,
    /// The rules that decided, by name or id.
    pub rules: Vec<Name>,
    /// The one subject it is about, when there is one.
    pub subject: Option<SubjectId>,
    /// The reason given, sealed.
    pub reason: Option<Sealed>,
    /// Everything else worth keeping (before and after, the query …), sealed.
    pub details: Option<Sealed>,
}

impl Entry {
    /// An entry of something that went well; the rest is added by the methods below.
    #[must_use]
    pub fn new(at: Timestamp, actor: Actor, action: impl Into<Name>) -> Self {
        Self {
            at,
            actor,
            action: action.into(),
            object: None,
            records: RecordSet::default(),
            fields: Vec::new(),
            class: None,
            outcome: Outcome::Ok,
            rules: Vec::new(),
            subject: None,
            reason: None,
            details: None,
        }
    }

    /// About this object.
    #[must_use]
    pub fn object(mut self, object: impl Into<Name>) -> Self {
        self.object = Some(object.into());
        self
    }

    /// About these records: listed up to [`MOST_LISTED`], beyond that as count and digest.
    #[must_use]
    pub fn records<I: Into<Uuid>>(mut self, ids: impl IntoIterator<Item = I>) -> Self {
        self.records = RecordSet::of(ids);
        self
    }

    /// These fields, whose highest class is this.
    #[must_use]
    pub fn fields<N: Into<Name>>(
        mut self,
        fields: impl IntoIterator<Item = N>,
        class: Option<Class>,
    ) -> Self {
        self.fields = fields.into_iter().map(Into::into).collect();
        self.class = class;
        self
    }

    /// It ended so.
    #[must_use]
    pub fn outcome(mut self, outcome: Outcome) -> Self {
        self.outcome = outcome;
        self
    }

    /// These rules decided.
    #[must_use]
    pub fn rules<N: Into<Name>>(mut self, rules: impl IntoIterator<Item = N>) -> Self {
        self.rules = rules.into_iter().map(Into::into).collect();
        self
    }

    /// About this one subject.
    #[must_use]
    pub fn subject(mut self, subject: SubjectId) -> Self {
        self.subject = Some(subject);
        self
    }

    /// For this reason, already sealed.
    #[must_use]
    pub fn reason(mut self, reason: Sealed) -> Self {
        self.reason = Some(reason);
        self
    }

    /// With these details, already sealed.
    #[must_use]
    pub fn details(mut self, details: Sealed) -> Self {
        self.details = Some(details);
        self
    }
}

/// Who acted, from where. No names: they change, and they are personal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// What kind of principal.
    pub kind: ActorKind,
    /// The person, when known (a failed sign-in may have none).
    pub person: Option<PersonId>,
    /// The session.
    pub session: Option<SessionId>,
    /// The device.
    pub device: Option<String>,
    /// The network address.
    pub ip: Option<String>,
}

impl Actor {
    /// A person.
    #[must_use]
    pub fn person(person: PersonId) -> Self {
        Self { kind: ActorKind::Person, person: Some(person), session: None, device: None, ip: None }
    }

    /// The server itself, in a background job.
    #[must_use]
    pub fn system() -> Self {
        Self { kind: ActorKind::System, person: None, session: None, device: None, ip: None }
    }

    /// Whoever sets the workspace up, before there are accounts.
    #[must_use]
    pub fn setup() -> Self {
        Self { kind: ActorKind::Setup, ..Self::system() }
    }

    /// Somebody who has not proved who they are (a failed sign-in).
    #[must_use]
    pub fn unknown() -> Self {
        Self { kind: ActorKind::Person, ..Self::system() }
    }

    /// In this session.
    #[must_use]
    pub fn session(mut self, session: Option<SessionId>) -> Self {
        self.session = session;
        self
    }

    /// From this network address.
    #[must_use]
    pub fn ip(mut self, ip: Option<String>) -> Self {
        self.ip = ip;
        self
    }

    /// On this device.
    #[must_use]
    pub fn device(mut self, device: Option<String>) -> Self {
        self.device = device;
        self
    }
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $byte:literal $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$of])* $variant),+ }

        impl $name {
            /// The word in the API.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// Reads the word of the API.
            #[must_use]
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }

            pub(crate) fn code(self) -> u8 {
                match self { $(Self::$variant => $byte),+ }
            }

            pub(crate) fn from_code(code: u8) -> Option<Self> {
                match code { $($byte => Some(Self::$variant),)+ _ => None }
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new().schema_type(Type::String).enum_values(Some([$($word),+])).build().into()
            }
        }

        impl ToSchema for $name {}
    };
}

words! {
    /// What kind of principal acted.
    ActorKind {
        /// A person, through a session.
        Person = 0 "person",
        /// The server itself.
        System = 1 "system",
        /// The set-up, before there are accounts.
        Setup = 2 "setup",
    }
}

words! {
    /// How it ended.
    Outcome {
        /// Done.
        Ok = 0 "ok",
        /// Not allowed.
        Refused = 1 "refused",
        /// Allowed, but it did not work.
        Failed = 2 "failed",
    }
}

/// Which records an entry is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordSet {
    /// These, at most [`MOST_LISTED`].
    Listed(Vec<Uuid>),
    /// Too many to list. Whoever has the ids can show that these were meant.
    Digest {
        /// How many, each counted once.
        count: u64,
        /// SHA-256 over the ids' bytes, sorted, each once.
        digest: Hash,
    },
}

impl Default for RecordSet {
    fn default() -> Self {
        Self::Listed(Vec::new())
    }
}

impl RecordSet {
    /// The set of these ids.
    pub fn of<I: Into<Uuid>>(ids: impl IntoIterator<Item = I>) -> Self {
        let mut ids: Vec<Uuid> = ids.into_iter().map(Into::into).collect();
        if ids.len() <= MOST_LISTED {
            return Self::Listed(ids);
        }
        ids.sort_unstable();
        ids.dedup();
        let bytes: Vec<u8> = ids.iter().flat_map(|id| *id.as_bytes()).collect();
        Self::Digest { count: ids.len() as u64, digest: sha256(&bytes) }
    }

    /// The listed ids; none when only count and digest are kept.
    #[must_use]
    pub fn listed(&self) -> &[Uuid] {
        if let Self::Listed(ids) = self { ids } else { &[] }
    }

    /// How many records.
    #[must_use]
    pub fn count(&self) -> u64 {
        match self {
            Self::Listed(ids) => ids.len() as u64,
            Self::Digest { count, .. } => *count,
        }
    }
}

/// Text that only the holder of a key can read. Destroying a subject's key makes it unreadable for ever and leaves
/// the entry, its hash and every proof as they were (DESIGN 3.7).
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed {
    /// Whose key opens it.
    pub by: Sealing,
    /// The vault's envelope.
    pub bytes: Vec<u8>,
}

/// Whose key sealed something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sealing {
    /// The workspace's ledger key: no subject is concerned, or several are.
    Workspace,
    /// A subject's own key.
    Subject(SubjectId),
}

impl std::fmt::Debug for Sealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sealed({:?}, {} bytes)", self.by, self.bytes.len())
    }
}
