//! What can be done: the kinds of action, and a type for each, so that a permit names its action.

use serde::{Deserialize, Serialize};

mod sealed {
    pub trait Sealed {}
}

/// An action as a type: `Permit<Read>` and `Permit<Export>` are different things. Only this crate has actions.
pub trait Action: sealed::Sealed + Send + Sync + 'static {
    /// The action as a value.
    const KIND: ActionKind;
}

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident $text:literal $office:literal),+ $(,)?) => {
        /// The kind of an action.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum ActionKind {
            $($(#[$doc])* $name,)+
        }

        impl ActionKind {
            /// Every action.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// For actions on records the verb (`list`); for offices the capability (`audit.read`).
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }

            /// Whether it belongs to an office (people, rules, audit, settings) and concerns no object.
            #[must_use]
            pub fn is_office(self) -> bool {
                match self { $(Self::$name => $office,)+ }
            }
        }

        $(
            $(#[$doc])*
            #[derive(Debug)]
            pub enum $name {}
            impl sealed::Sealed for $name {}
            impl Action for $name {
                const KIND: ActionKind = ActionKind::$name;
            }
        )+
    };
}

actions! {
    /// See that records exist, in lists, searches and counts.
    List "list" false,
    /// Open one record.
    Read "read" false,
    /// Make a record.
    Create "create" false,
    /// Change a record's fields.
    Update "update" false,
    /// Delete a record, and take that back.
    Delete "delete" false,
    /// Give a record another owner.
    Assign "assign" false,
    /// See the full value of a masked field (明文查看).
    Reveal "reveal" false,
    /// Make many records from a file.
    Import "import" false,
    /// Take many records out.
    Export "export" false,
    /// Look people and departments up by name.
    ReadPeople "people.read" true,
    /// Make and change people and departments.
    AdministerPeople "people.administer" true,
    /// Give roles, change rules.
    AdministerRoles "roles.administer" true,
    /// Read the rules.
    ReadRules "rules.read" true,
    /// Change the workspace's settings.
    AdministerSettings "settings.administer" true,
    /// Read the ledger, without sealed details.
    ReadAudit "audit.read" true,
    /// Read the sealed details and reasons of ledger entries.
    ReadAuditDetails "audit.details" true,
    /// Have the ledger verified, obtain proofs.
    VerifyAudit "audit.verify" true,
}

impl ActionKind {
    /// The name under which `/me` lists it: `list.customer`, `audit.read`.
    #[must_use]
    pub fn capability(self, object: &str) -> String {
        if self.is_office() { self.as_str().to_owned() } else { format!("{}.{object}", self.as_str()) }
    }

    /// The action on the parent record that visibility through a parent asks for.
    pub(crate) fn on_parent(self) -> Self {
        if self == Self::List { Self::List } else { Self::Read }
    }
}
