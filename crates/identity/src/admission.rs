//! Whether somebody who proved who they are may come in from where they are, and stay.

use kernel::PersonId;
use ledger::{Actor, Entry, Outcome};
use policy::Strength;

use crate::Inner;
use crate::devices::Missing;
use crate::error::Error;
use crate::facts::{RequestFacts, Restriction};
use crate::load::Account;
use crate::networks::Verdict;

impl Inner {
    /// Asked once before a session opens, whatever the way in. What can still be mended in the session (a second
    /// factor, a device) is left to the session's restriction.
    ///
    /// # Errors
    /// `Network` when the network rules refuse; the refusal is an entry by then.
    pub(crate) async fn admit(&self, person: PersonId, facts: &RequestFacts) -> Result<(), Error> {
        let roles = self.company.load().people.get(&person).map(|a| a.roles.clone()).unwrap_or_default();
        let Verdict::Refused(refusal) = self.judge_network(facts, &roles) else { return Ok(()) };
        let entry = Entry::new(self.clock.now(), facts.of(Actor::person(person)), "sign_in_failed");
        self.ledger.note(entry.outcome(Outcome::Refused).fields([refusal.key()], None)).await?;
        Err(Error::Network(refusal.key()))
    }

    /// The key of the network zone that a request comes from.
    pub(crate) fn zone_of(&self, facts: &RequestFacts) -> Option<String> {
        self.zone(facts)
    }

    /// Why a session opens nothing from this network. Asked at every request, before anything else.
    pub(crate) fn network_restriction(
        &self,
        account: &Account,
        facts: &RequestFacts,
        proved: Strength,
    ) -> Option<Restriction> {
        match self.judge_network(facts, &account.roles) {
            Verdict::Refused(refusal) => Some(Restriction::Network(refusal.key())),
            // Whoever has a factor gives it; nobody enrols their first one from a network that must be challenged.
            Verdict::Challenged if proved == Strength::Password => Some(match self.has_factor(account.id) {
                true => Restriction::ProveAgain,
                false => Restriction::Challenged,
            }),
            Verdict::Challenged | Verdict::Allowed => None,
        }
    }
}

/// Why a session opens nothing on its device.
pub(crate) fn device_restriction(missing: Option<Missing>, facts: &RequestFacts) -> Option<Restriction> {
    // Whoever sits at the server can mend a rule that shuts everybody out.
    missing.filter(|_| !facts.local).map(|missing| match missing {
        Missing::Device => Restriction::Device,
        Missing::Approval => Restriction::DeviceApproval,
        Missing::Company => Restriction::CompanyDevice,
    })
}
