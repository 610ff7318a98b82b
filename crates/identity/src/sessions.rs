//! Sessions as people see them: one's own and, for administrators, others'; ended one by one or all at once.

use std::sync::atomic::Ordering;

use kernel::{PersonId, SessionId, Timestamp};
use ledger::{Actor, Entry};
use policy::{AdministerPeople, Permit, Principal, Strength};
use serde::Serialize;
use store::Sql;
use utoipa::ToSchema;

use crate::error::Error;
use crate::facts::RequestFacts;
use crate::session::TokenHash;
use crate::{Identity, Inner};

/// An open session.
#[derive(Serialize, ToSchema)]
#[schema(as = OpenSession)]
pub struct SessionView {
    id: SessionId,
    /// The session that asks.
    current: bool,
    created_at: Timestamp,
    seen_at: Timestamp,
    /// By what it was opened: `password`, `totp`, `passkey` …
    method: String,
    strength: Strength,
    ip: Option<String>,
    zone: Option<String>,
    /// Browser and system.
    agent: Option<String>,
}

/// Which sessions of a person shall end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// This one.
    One(SessionId),
    /// All but this one.
    AllBut(Option<SessionId>),
}

impl Ending {
    fn includes(self, session: SessionId) -> bool {
        match self {
            Self::One(one) => one == session,
            Self::AllBut(kept) => kept != Some(session),
        }
    }
}

impl Identity {
    /// The caller's open sessions, newest first.
    #[must_use]
    pub fn my_sessions(&self, who: &Principal) -> Vec<SessionView> {
        self.0.sessions_of(who.person, who.session)
    }

    /// A person's open sessions, for those who administer people.
    #[must_use]
    pub fn sessions_of(&self, permit: &Permit<AdministerPeople>, person: PersonId) -> Vec<SessionView> {
        self.0.sessions_of(person, permit.principal().session)
    }

    /// Ends sessions of the caller; they open nothing from the moment this answers.
    ///
    /// # Errors
    /// `NotFound` when there is no such session.
    pub async fn end_my_sessions(
        &self,
        who: &Principal,
        ending: Ending,
        facts: &RequestFacts,
    ) -> Result<usize, Error> {
        self.0.end_some(who, who.person, ending, facts).await
    }

    /// Ends sessions of a person.
    ///
    /// # Errors
    /// `NotFound` when there is no such session.
    pub async fn end_sessions_of(
        &self,
        permit: &Permit<AdministerPeople>,
        person: PersonId,
        ending: Ending,
        facts: &RequestFacts,
    ) -> Result<usize, Error> {
        self.0.end_some(permit.principal(), person, ending, facts).await
    }
}

impl Inner {
    fn sessions_of(&self, person: PersonId, current: Option<SessionId>) -> Vec<SessionView> {
        let now = self.clock.now();
        let open = self.sessions.open.read();
        let own = open.values().filter(|s| s.person == person && !s.is_over(now));
        let mut views: Vec<SessionView> = own
            .map(|s| SessionView {
                id: s.id,
                current: current == Some(s.id),
                created_at: s.created_at,
                seen_at: Timestamp(s.seen_at.load(Ordering::Relaxed)),
                method: s.method.clone(),
                strength: s.proof.lock().strength,
                ip: s.ip.clone(),
                zone: s.zone.clone(),
                agent: s.agent.clone(),
            })
            .collect();
        views.sort_by_key(|s| std::cmp::Reverse(s.id));
        views
    }

    async fn end_some(
        &self,
        who: &Principal,
        person: PersonId,
        ending: Ending,
        facts: &RequestFacts,
    ) -> Result<usize, Error> {
        let ends: Vec<(TokenHash, SessionId)> = {
            let open = self.sessions.open.read();
            let of_person = open.iter().filter(|(_, s)| s.person == person && ending.includes(s.id));
            of_person.map(|(token, s)| (*token, s.id)).collect()
        };
        if ends.is_empty() {
            return if matches!(ending, Ending::One(_)) { Err(Error::NotFound) } else { Ok(0) };
        }
        let actor = facts.of(Actor::person(who.person).session(who.session));
        let entry = Entry::new(self.clock.now(), actor, "session.end").object("session");
        let entry = entry.records(ends.iter().map(|(_, id)| id.0));
        let (ledger, tokens) = (self.ledger.clone(), ends.clone());
        self.store
            .write(move |conn| -> Result<(), Error> {
                for (token, _) in &tokens {
                    let mut sql = Sql::new(conn.engine());
                    sql.push("DELETE FROM session WHERE token = ").param(token.as_slice());
                    conn.execute(sql.text(), &sql.params())?;
                }
                ledger.append(conn, &[entry])?;
                Ok(())
            })
            .await?;
        let mut open = self.sessions.open.write();
        for (token, _) in &ends {
            open.remove(token);
        }
        Ok(ends.len())
    }
}
