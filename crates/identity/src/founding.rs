//! Founding: the first accounts, the root department, starter roles and rules; and whole companies for demos.

use kernel::{DepartmentId, Ids, PersonId, Random, Timestamp};
use ledger::{Actor, Entry, Ledger};
use policy::{separation_of_duties, starter_roles, starter_rules};
use serde::{Deserialize, Serialize};
use store::{Conn, Sql, Store};
use utoipa::ToSchema;

use crate::error::Error;
use crate::password::{check, hash_now, random_password};

/// An account to be made.
#[derive(Deserialize, Debug, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewAccount)]
pub struct Account {
    /// The person's name.
    pub name: String,
    /// What they type to sign in.
    pub login: String,
    /// Their password.
    pub password: String,
}

/// The answers of the first-run set-up.
#[derive(Deserialize, Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Founding {
    /// The set-up code from the server's console.
    pub code: String,
    /// The company's name.
    pub company: String,
    /// `zh` or `en`.
    pub language: String,
    /// The system administrator.
    pub admin: Account,
    /// The founder's own account for daily work.
    #[serde(default)]
    pub everyday: Option<Account>,
}

/// An account that founding made.
#[derive(Serialize, Clone, ToSchema)]
pub struct FoundedAccount {
    /// Login.
    pub login: String,
    /// Role.
    pub role: String,
    /// Name.
    pub name: String,
    /// Shown once; must be changed at the first sign-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub initial_password: Option<String>,
}

/// A department of a company to be seeded.
pub struct SeedDepartment {
    /// Which.
    pub id: DepartmentId,
    /// Its name.
    pub name: String,
    /// Above it.
    pub parent: Option<DepartmentId>,
}

/// A person of a company to be seeded.
pub struct SeedPerson {
    /// Which.
    pub id: PersonId,
    /// Name.
    pub name: String,
    /// Login.
    pub login: String,
    /// Role's key.
    pub role: String,
    /// Department.
    pub department: DepartmentId,
    /// Whom they report to.
    pub manager: Option<PersonId>,
    /// Hash of the password.
    pub password: String,
    /// The password is an initial one.
    pub must_change: bool,
}

impl Founding {
    /// Checks every answer before anything is made.
    ///
    /// # Errors
    /// `Invalid` with the first field that does not fit.
    pub fn check(&self) -> Result<(), Error> {
        let company = self.company.trim();
        if company.is_empty() || company.chars().count() > 100 {
            return Err(Error::Invalid(
                "company",
                "required",
                "give the company's name (at most 100 characters)".to_owned(),
            ));
        }
        if !matches!(self.language.as_str(), "zh" | "en") {
            return Err(Error::Invalid("language", "not_an_option", "language is zh or en".to_owned()));
        }
        check_account(&self.admin, "admin.login", "admin.password")?;
        if let Some(everyday) = &self.everyday {
            check_account(everyday, "everyday.login", "everyday.password")?;
        }
        let mut logins =
            vec!["security".to_owned(), "audit".to_owned(), self.admin.login.trim().to_lowercase()];
        logins.extend(self.everyday.iter().map(|e| e.login.trim().to_lowercase()));
        logins.sort();
        if logins.windows(2).any(|w| w[0] == w[1]) {
            let text = "logins must differ; security and audit are taken by the other two administrators";
            return Err(Error::Invalid("admin.login", "duplicate", text.to_owned()));
        }
        Ok(())
    }
}

fn check_account(
    account: &Account,
    login_field: &'static str,
    password_field: &'static str,
) -> Result<(), Error> {
    check_login(&account.login).map_err(|text| Error::Invalid(login_field, "bad_login", text))?;
    let report = check(&account.password, &account.login, &account.name);
    match report.problems.first() {
        Some(problem) => Err(Error::Invalid(
            password_field,
            problem,
            "choose a longer or less guessable password".to_owned(),
        )),
        None => Ok(()),
    }
}

/// A login: 2 to 64 of letters, digits and `. _ - @`, lower case.
pub(crate) fn check_login(login: &str) -> Result<String, String> {
    let login = login.trim().to_lowercase();
    let fits = (2..=64).contains(&login.len())
        && login
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'_' | b'-' | b'@'));
    if fits { Ok(login) } else { Err("a login has 2 to 64 letters, digits or . _ - @".to_owned()) }
}

/// Makes the first accounts, the root department, starter roles and rules; all or nothing.
///
/// # Errors
/// As `Founding::check`, or what the store says.
pub async fn found(
    store: &Store,
    ledger: &Ledger,
    founding: &Founding,
    now: Timestamp,
    random: &dyn Random,
) -> Result<Vec<FoundedAccount>, Error> {
    founding.check()?;
    let ids = Ids::default();
    let root = SeedDepartment {
        id: ids.next_at(now, random),
        name: founding.company.trim().to_owned(),
        parent: None,
    };
    let english = founding.language == "en";
    let (security, audit) = if english {
        ("Security administrator", "Audit administrator")
    } else {
        ("安全管理员", "审计管理员")
    };
    let mut wanted = vec![
        (
            founding.admin.name.trim().to_owned(),
            founding.admin.login.clone(),
            "system",
            Some(founding.admin.password.clone()),
        ),
        (security.to_owned(), "security".to_owned(), "security", None),
        (audit.to_owned(), "audit".to_owned(), "audit", None),
    ];
    if let Some(everyday) = &founding.everyday {
        wanted.push((
            everyday.name.trim().to_owned(),
            everyday.login.clone(),
            "manager",
            Some(everyday.password.clone()),
        ));
    }
    let (mut people, mut accounts) = (Vec::new(), Vec::new());
    for (name, login, role, password) in wanted {
        let login = check_login(&login).map_err(|t| Error::Invalid("login", "bad_login", t))?;
        let initial = password.is_none().then(|| random_password(random));
        let password = hash_now(password.as_ref().or(initial.as_ref()).map_or("", String::as_str), random)?;
        accounts.push(FoundedAccount {
            login: login.clone(),
            role: role.to_owned(),
            name: name.clone(),
            initial_password: initial.clone(),
        });
        people.push(SeedPerson {
            id: ids.next_at(now, random),
            name,
            login,
            role: role.to_owned(),
            department: root.id,
            manager: None,
            password,
            must_change: initial.is_some(),
        });
    }
    let (ledger, language) = (ledger.clone(), founding.language.clone());
    store
        .write(move |conn| -> Result<(), Error> {
            insert_people(conn, &[root], &people, &language, now)?;
            ledger.append(conn, &[Entry::new(now, Actor::setup(), "setup")])?;
            Ok(())
        })
        .await?;
    Ok(accounts)
}

/// Inserts a company: departments, people, starter roles and rules.
///
/// # Errors
/// When two roles do not go together, or what the store says.
pub fn insert_people(
    conn: &mut dyn Conn,
    departments: &[SeedDepartment],
    people: &[SeedPerson],
    language: &str,
    now: Timestamp,
) -> Result<(), Error> {
    for department in departments {
        let mut sql = Sql::new(conn.engine());
        sql.push("INSERT INTO department(id, name, parent) VALUES (").param(department.id.0).push(", ");
        sql.param(department.name.as_str()).push(", ").param(department.parent.map(|p| p.0)).push(")");
        conn.execute(sql.text(), &sql.params())?;
    }
    for person in people {
        separation_of_duties(std::slice::from_ref(&person.role)).map_err(|_| Error::Corrupt)?;
        let mut sql = Sql::new(conn.engine());
        sql.push(
            "INSERT INTO person(id, name, login, password, status, manager, language, must_change, created_at, \
             last_sign_in_at, version) VALUES (",
        );
        sql.param(person.id.0).push(", ").param(person.name.as_str()).push(", ").param(person.login.as_str());
        sql.push(", ")
            .param(person.password.as_str())
            .push(", 'active', ")
            .param(person.manager.map(|m| m.0));
        sql.push(", ")
            .param(language)
            .push(", ")
            .param(i64::from(person.must_change))
            .push(", ")
            .param(now.0);
        sql.push(", NULL, 1)");
        conn.execute(sql.text(), &sql.params())?;
        let mut sql = Sql::new(conn.engine());
        sql.push("INSERT INTO person_department(person, department, place) VALUES (").param(person.id.0);
        sql.push(", ").param(person.department.0).push(", 0)");
        conn.execute(sql.text(), &sql.params())?;
        let mut sql = Sql::new(conn.engine());
        sql.push("INSERT INTO person_role(person, role) VALUES (").param(person.id.0).push(", ");
        sql.param(person.role.as_str()).push(")");
        conn.execute(sql.text(), &sql.params())?;
    }
    for role in starter_roles() {
        let body = serde_json::to_string(&role).map_err(|_| Error::Corrupt)?;
        let mut sql = Sql::new(conn.engine());
        sql.push("INSERT INTO role(key, body) VALUES (")
            .param(role.key.as_str())
            .push(", ")
            .param(body.as_str())
            .push(")");
        conn.execute(sql.text(), &sql.params())?;
    }
    for rule in starter_rules() {
        let body = serde_json::to_string(&rule).map_err(|_| Error::Corrupt)?;
        let mut sql = Sql::new(conn.engine());
        sql.push("INSERT INTO rule(id, body) VALUES (")
            .param(rule.id.0)
            .push(", ")
            .param(body.as_str())
            .push(")");
        conn.execute(sql.text(), &sql.params())?;
    }
    Ok(())
}

/// Hash of a password, for seeded accounts.
///
/// # Errors
/// When hashing fails.
pub fn seed_hash(password: &str, random: &dyn Random) -> Result<String, Error> {
    hash_now(password, random)
}
