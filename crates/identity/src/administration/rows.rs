//! Rows of people, their departments and roles.

use std::collections::BTreeSet;

use kernel::{DepartmentId, PersonId};
use store::{Conn, Sql};

use crate::error::Error;

/// The departments of a person, the main one first.
pub(crate) fn put_departments(
    conn: &mut dyn Conn,
    person: PersonId,
    departments: &[DepartmentId],
) -> Result<(), Error> {
    let mut sql = Sql::new(conn.engine());
    sql.push("DELETE FROM person_department WHERE person = ").param(person.0);
    conn.execute(sql.text(), &sql.params())?;
    for (place, department) in departments.iter().enumerate() {
        let mut sql = Sql::new(conn.engine());
        sql.push("INSERT INTO person_department(person, department, place) VALUES (").param(person.0);
        sql.push(", ")
            .param(department.0)
            .push(", ")
            .param(i64::try_from(place).unwrap_or(i64::MAX))
            .push(")");
        conn.execute(sql.text(), &sql.params())?;
    }
    Ok(())
}

/// One department only.
pub(crate) fn put_department(
    conn: &mut dyn Conn,
    person: PersonId,
    department: DepartmentId,
) -> Result<(), Error> {
    put_departments(conn, person, &[department])
}

pub(crate) fn put_roles(conn: &mut dyn Conn, person: PersonId, roles: &[String]) -> Result<(), Error> {
    let mut sql = Sql::new(conn.engine());
    sql.push("DELETE FROM person_role WHERE person = ").param(person.0);
    conn.execute(sql.text(), &sql.params())?;
    for role in roles.iter().collect::<BTreeSet<_>>() {
        let mut sql = Sql::new(conn.engine());
        sql.push("INSERT INTO person_role(person, role) VALUES (")
            .param(person.0)
            .push(", ")
            .param(role.as_str())
            .push(")");
        conn.execute(sql.text(), &sql.params())?;
    }
    Ok(())
}
