//! Whether somebody who proved who they are may come in from where they are.

use kernel::PersonId;

use crate::Inner;
use crate::error::Error;
use crate::facts::RequestFacts;

impl Inner {
    /// Asked once before a session opens, whatever the way in. Everybody may come in from everywhere as long as the
    /// workspace has no zones and does not require devices.
    ///
    /// # Errors
    /// None yet.
    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "zones and devices decide here")]
    pub(crate) fn admit(&self, _person: PersonId, _facts: &RequestFacts) -> Result<(), Error> {
        Ok(())
    }

    /// The key of the network zone that a request comes from.
    #[expect(clippy::unused_self, reason = "zones decide here")]
    pub(crate) fn zone_of(&self, _facts: &RequestFacts) -> Option<String> {
        None
    }

    /// Whether the device that signed the request is one that the company trusts for this person.
    #[expect(clippy::unused_self, reason = "devices decide here")]
    pub(crate) fn trusts(&self, _person: PersonId, _facts: &RequestFacts) -> bool {
        false
    }
}
