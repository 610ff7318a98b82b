//! Everything that lets a person act, and how each of it ends. A module that hands out such a thing adds a line here;
//! leaving, suspension and the end of a contract then end it too, in the same transaction.

use kernel::PersonId;
use store::{Conn, Sql};

use super::leaving::Ended;
use crate::Inner;
use crate::error::Error;

/// One kind of access: both statements end with a condition on the person.
struct Ender {
    /// What ends, as reports and entries name it.
    key: &'static str,
    /// Counts what is open.
    count: &'static str,
    /// Ends it.
    end: &'static str,
}

const ENDERS: &[Ender] = &[
    Ender {
        key: "session",
        count: "SELECT count(*) FROM session WHERE person = ",
        end: "DELETE FROM session WHERE person = ",
    },
    Ender {
        key: "device",
        count: "SELECT count(*) FROM device WHERE state <> 'revoked' AND person = ",
        end: "UPDATE device SET state = 'revoked' WHERE state <> 'revoked' AND person = ",
    },
];

/// Ends all access of a person; says how much of each kind there was.
pub(crate) fn end_access(conn: &mut dyn Conn, person: PersonId) -> Result<Vec<Ended>, Error> {
    let mut out = Vec::new();
    for ender in ENDERS {
        let mut sql = Sql::new(conn.engine());
        sql.push(ender.end).param(person.0);
        let count = conn.execute(sql.text(), &sql.params())?;
        out.push(Ended { kind: ender.key.to_owned(), count });
    }
    Ok(out)
}

/// How much of each kind a person has now.
pub(crate) fn access_of(conn: &mut dyn Conn, person: PersonId) -> Result<Vec<Ended>, Error> {
    let mut out = Vec::new();
    for ender in ENDERS {
        let mut sql = Sql::new(conn.engine());
        sql.push(ender.count).param(person.0);
        let rows = conn.query(sql.text(), &sql.params())?;
        let count = rows.first().map(|r| r.get_int(0)).transpose()?.unwrap_or(0);
        out.push(Ended { kind: ender.key.to_owned(), count: u64::try_from(count).unwrap_or(0) });
    }
    Ok(out)
}

impl Inner {
    /// Forgets in memory what the transaction ended.
    pub(crate) async fn forget_access(&self, person: PersonId) -> Result<(), Error> {
        self.end_sessions(person);
        self.reread_devices().await
    }
}
