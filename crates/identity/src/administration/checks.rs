//! What must hold whoever asks: references exist, nobody stands below themselves, no administration vanishes.

use kernel::{DepartmentId, PersonId};
use policy::{BREAK_GLASS, PersonStatus, separation_of_duties};

use crate::Inner;
use crate::error::Error;
use crate::load::Account;

impl Inner {
    pub(crate) fn check_department(&self, id: DepartmentId) -> Result<(), Error> {
        match self.policy.org().department(id) {
            Some(_) => Ok(()),
            None => {
                Err(Error::Invalid("department_id", "not_found", "choose an existing department".to_owned()))
            }
        }
    }

    pub(crate) fn check_manager(
        &self,
        person: Option<PersonId>,
        manager: Option<PersonId>,
    ) -> Result<(), Error> {
        let Some(manager) = manager else { return Ok(()) };
        let org = self.policy.org();
        if org.person(manager).is_none() {
            return Err(Error::Invalid("manager_id", "not_found", "choose an existing person".to_owned()));
        }
        if person.is_some_and(|p| p == manager || org.reports_of(p).contains(&manager)) {
            return Err(Error::Invalid(
                "manager_id",
                "cycle",
                "nobody reports to themselves, directly or not".to_owned(),
            ));
        }
        Ok(())
    }

    /// The break-glass account is administered by its seal only: whoever could give it a password, a role or an end
    /// would need no custodians.
    pub(crate) fn check_not_sealed(&self, person: PersonId) -> Result<(), Error> {
        let company = self.company.load();
        let sealed = company.people.get(&person).is_some_and(|a| a.roles.iter().any(|r| r == BREAK_GLASS));
        match sealed {
            true => {
                let text = "the break-glass account is administered by sealing it only".to_owned();
                Err(Error::Invalid("id", "break_glass", text))
            }
            false => Ok(()),
        }
    }

    pub(crate) fn check_roles(&self, roles: &[String]) -> Result<(), Error> {
        if roles.iter().any(|r| r == BREAK_GLASS) {
            let text = "this role belongs to the break-glass account alone".to_owned();
            return Err(Error::Invalid("roles", "break_glass", text));
        }
        self.check_known_roles(roles)?;
        separation_of_duties(roles).map_err(|e| Error::Invalid("roles", e.key(), e.to_string()))
    }

    pub(crate) fn check_known_roles(&self, roles: &[String]) -> Result<(), Error> {
        let company = self.company.load();
        match roles.iter().find(|r| !company.roles.iter().any(|k| k.key == **r)) {
            Some(unknown) => Err(Error::Invalid("roles", "not_found", format!("there is no role {unknown}"))),
            None => Ok(()),
        }
    }

    /// Positions that exist, sorted, each once.
    pub(crate) fn check_positions(&self, keys: &[String]) -> Result<Vec<String>, Error> {
        let company = self.company.load();
        if let Some(unknown) = keys.iter().find(|k| !company.positions.iter().any(|p| p.key == **k)) {
            return Err(Error::Invalid("positions", "not_found", format!("there is no position {unknown}")));
        }
        let keys: std::collections::BTreeSet<&String> = keys.iter().collect();
        Ok(keys.into_iter().cloned().collect())
    }

    /// An employee number that nobody else has; nothing for an empty one.
    pub(crate) fn check_number(
        &self,
        person: Option<PersonId>,
        number: Option<&str>,
    ) -> Result<Option<String>, Error> {
        let Some(number) = number.map(str::trim).filter(|n| !n.is_empty()) else { return Ok(None) };
        let complaint = |key, text: &str| Err(Error::Invalid("employee_number", key, text.to_owned()));
        if number.chars().count() > 40 {
            return complaint("too_long", "an employee number has at most 40 characters");
        }
        let company = self.company.load();
        let taken = |a: &&Account| Some(a.id) != person && a.facts.employee_number.as_deref() == Some(number);
        match company.people.values().find(taken) {
            Some(_) => complaint("duplicate", "somebody else has this employee number"),
            None => Ok(Some(number.to_owned())),
        }
    }

    /// The last active person of an administration cannot leave it: nobody could give it back.
    pub(crate) fn check_last_of_office(&self, before: &Account, next: &Account) -> Result<(), Error> {
        let company = self.company.load();
        for office in policy::ADMINISTRATIONS {
            let holds = |a: &Account| a.status == PersonStatus::Active && a.roles.iter().any(|r| r == office);
            if holds(before) && !holds(next) && company.holders(office) <= 1 {
                return Err(Error::Invalid(
                    "roles",
                    "last_administrator",
                    format!(
                        "this is the last person of the {office} administration; give it to somebody else first"
                    ),
                ));
            }
        }
        Ok(())
    }
}
