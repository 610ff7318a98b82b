//! Free text of ledger entries, sealed: reasons under the subject's key, queries under the workspace's ledger key.

use kernel::{Class, RecordId, SubjectId};
use ledger::{Entry, Sealed, Sealing};
use store::Conn;
use vault::{Context, Purpose, Vault};

use crate::door::Inner;
use crate::error::Error;

/// What workspace-sealed ledger text is bound to.
const QUERY: &[u8] = b"ledger/query";

fn context(vault: &Vault, subject: SubjectId) -> Context<'static> {
    Context {
        workspace: vault.workspace(),
        object: "ledger",
        record: RecordId(subject.0),
        class: Class::Confidential,
    }
}

impl Inner {
    /// Adds the reason, sealed under the subject's key: erasing the subject erases it, the entry's proof stays.
    pub(crate) fn seal_reason(
        &self,
        conn: &mut dyn Conn,
        entry: &mut Entry,
        subject: SubjectId,
        reason: &str,
    ) -> Result<(), Error> {
        let keys = self.sealing_keys(conn, subject)?;
        let bytes =
            keys.confidential.seal(&context(&self.vault, subject), reason.as_bytes(), self.random.as_ref());
        entry.reason = Some(Sealed { by: Sealing::Subject(subject), bytes });
        entry.subject = Some(subject);
        Ok(())
    }

    /// Adds what was searched for; it may name people, so it is sealed.
    pub(crate) fn seal_query(&self, entry: &mut Entry, q: &str) -> Result<(), Error> {
        let bytes = self.vault.seal_workspace(Purpose::Ledger, QUERY, q.as_bytes(), self.random.as_ref());
        entry.details = Some(Sealed { by: Sealing::Workspace, bytes });
        Ok(())
    }

    /// Opens sealed text for a caller with the right to; `None` when its key is destroyed.
    pub(crate) fn open_sealed(&self, conn: &mut dyn Conn, sealed: &Sealed) -> Result<Option<String>, Error> {
        let plain = match sealed.by {
            Sealing::Workspace => self.vault.open_workspace(Purpose::Ledger, QUERY, &sealed.bytes).ok(),
            Sealing::Subject(subject) => match self.sealing_keys(conn, subject) {
                Err(Error::NotFound) => None,
                Err(other) => return Err(other),
                Ok(keys) => keys.confidential.open(&context(&self.vault, subject), &sealed.bytes).ok(),
            },
        };
        Ok(plain.map(|p| String::from_utf8_lossy(&p).into_owned()))
    }
}
