//! A connection as the reader and writer threads drive it: transactions, savepoints, commits.

use std::sync::atomic::Ordering;

use super::error;
use super::session::{PgSession, Stage};
use crate::conn::apply_keys;
use crate::error::Error;
use crate::session::Session;

impl Session for PgSession {
    fn begin(&mut self) -> Result<(), Error> {
        if self.link.as_ref().is_none_or(|link| link.client.is_closed()) {
            self.connect()?;
        }
        if self.renew().is_err() {
            // Broken, or superseded: connecting anew tells which.
            self.connect()?;
        }
        let schema = self.schema.0.load(Ordering::Acquire);
        if schema != self.schema_seen {
            self.schema_seen = schema;
            if let Some(link) = &mut self.link {
                link.forget_statements();
            }
        }
        self.prefix = Some(self.begin_words());
        self.stage = Stage::Fresh;
        self.failed = false;
        Ok(())
    }

    fn begin_statement(&mut self) -> Result<(), Error> {
        self.begin()?;
        self.prefix = None;
        Ok(())
    }

    fn failed(&self) -> bool {
        self.failed
    }

    fn savepoint(&mut self) -> Result<(), Error> {
        self.failed = false;
        match self.stage {
            // Nothing of this transaction is on the server yet: there is nothing to come back to but its begin.
            Stage::Fresh => {}
            Stage::Begun => self.prefix = Some("SAVEPOINT job".to_owned()),
            Stage::Saved => self.prefix = Some("RELEASE SAVEPOINT job; SAVEPOINT job".to_owned()),
        }
        Ok(())
    }

    fn rollback_to(&mut self) -> Result<(), Error> {
        self.keys.clear();
        self.failed = false;
        let lost = || Error::Unreachable("the connection broke within a transaction".to_owned());
        if self.link.is_none() {
            return Err(lost());
        }
        match (self.stage, self.prefix.is_some()) {
            // The job sent nothing.
            (_, true) => Ok(()),
            (Stage::Saved, false) => self.say("ROLLBACK TO SAVEPOINT job").map_err(|e| error(&e)),
            // It was the first to send anything: the transaction holds nothing else.
            (Stage::Begun | Stage::Fresh, false) => {
                self.say("ROLLBACK").map_err(|e| error(&e))?;
                self.stage = Stage::Fresh;
                self.prefix = Some(self.begin_words());
                Ok(())
            }
        }
    }

    fn flush_keys(&mut self) -> Result<(), Error> {
        let changes = std::mem::take(&mut self.keys);
        apply_keys(self, &changes)
    }

    fn commit(&mut self) -> Result<(), Error> {
        if self.stage == Stage::Fresh {
            self.prefix = None;
            return Ok(());
        }
        self.prefix = None;
        self.stage = Stage::Fresh;
        if self.link.is_none() {
            return Err(Error::Unreachable("the connection broke within a transaction".to_owned()));
        }
        // COMMIT of an aborted transaction succeeds and saves nothing; the SELECT before it fails there.
        match self.say("SELECT 1; COMMIT") {
            Ok(()) => {
                if std::mem::take(&mut self.schema_changed) {
                    self.schema.0.fetch_add(1, Ordering::AcqRel);
                }
                Ok(())
            }
            Err(cause) if cause.as_db_error().is_some() => {
                self.rollback_on_server();
                Err(error(&cause))
            }
            Err(_) => {
                self.link = None;
                Err(Error::Unknown)
            }
        }
    }

    fn rollback(&mut self) {
        self.keys.clear();
        self.failed = false;
        self.prefix = None;
        if std::mem::replace(&mut self.stage, Stage::Fresh) != Stage::Fresh {
            self.rollback_on_server();
        }
    }

    fn idle(&mut self) {
        if let Err(error) = self.renew() {
            tracing::warn!(%error, "the writer's lease could not be renewed");
        }
    }
}

impl PgSession {
    fn rollback_on_server(&mut self) {
        if self.say("ROLLBACK").is_err() {
            self.link = None;
        }
    }
}

impl Drop for PgSession {
    fn drop(&mut self) {
        if let (Some(lease), Some(link)) = (&self.lease, &self.link) {
            self.runtime.block_on(lease.release(&link.client));
        }
    }
}
