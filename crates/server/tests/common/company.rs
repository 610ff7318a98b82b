//! Who works in the company of the stories.

use identity::{SeedDepartment, SeedPerson};
use kernel::{Clock as _, DepartmentId, Ids, OsRandom};
use ledger::{Actor, Entry};

use super::Foundation;

pub const NAME: &str = "云海科技有限公司";
/// Everybody's password.
pub const PASSWORD: &str = "River-42 under tea";

/// Secret of the administrators' authenticators, in base32.
pub const TOTP_SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
/// The same in bytes.
const TOTP_BYTES: &[u8; 20] = b"12345678901234567890";

/// Whether somebody of the cast has an authenticator.
pub fn has_totp(login: &str) -> bool {
    CAST.iter().any(|(l, _, role, _)| *l == login && policy::administration(role))
}

/// Login, name, role, department: 0 the company, 1 the northern team, 2 the southern team.
const CAST: [(&str, &str, &str, usize); 8] = [
    ("zhang", "张伟", "sales", 1),
    ("li", "李娜", "sales", 2),
    ("wang", "王芳", "manager", 1),
    ("boss", "赵总", "manager", 0),
    ("chen", "陈静", "service", 2),
    ("system", "系统管理员", "system", 0),
    ("security", "安全管理员", "security", 0),
    ("audit", "审计管理员", "audit", 0),
];

pub async fn settle(foundation: &Foundation) {
    let (ids, random, now) = (Ids::default(), OsRandom::default(), foundation.clock.now());
    let department = |name: &str, parent: Option<DepartmentId>| SeedDepartment {
        id: ids.next_at(now, &random),
        name: name.to_owned(),
        parent,
    };
    let root = department(NAME, None);
    let (north, south) = (department("北方销售部", Some(root.id)), department("南方销售部", Some(root.id)));
    let homes = [root.id, north.id, south.id];
    let hash = identity::seed_hash(PASSWORD, &random).expect("a hash");
    let people: Vec<SeedPerson> = CAST
        .iter()
        .map(|(login, name, role, home)| SeedPerson {
            id: ids.next_at(now, &random),
            name: (*name).to_owned(),
            login: (*login).to_owned(),
            role: (*role).to_owned(),
            department: homes[*home],
            manager: None,
            password: hash.clone(),
            must_change: false,
        })
        .collect();
    let (ledger, vault) = (foundation.ledger.clone(), foundation.vault.clone());
    foundation
        .store
        .write(move |conn| -> Result<(), identity::Error> {
            identity::insert_people(conn, &[root, north, south], &people, "zh", now)?;
            for person in people.iter().filter(|p| has_totp(&p.login)) {
                identity::seed_totp(conn, &vault, person.id, TOTP_BYTES, now, &random)?;
            }
            ledger.append(conn, &[Entry::new(now, Actor::setup(), "setup")])?;
            Ok(())
        })
        .await
        .expect("people");
}
