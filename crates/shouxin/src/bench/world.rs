//! The seeded workspace of the benches: customers only, owners of very different sizes.

use std::path::Path;

use anyhow::{Result, bail};
use identity::{SeedDepartment, SeedPerson};
use indicatif::ProgressBar;
use kernel::{Clock as _, DepartmentId, Ids, OsRandom, PersonId, SeededRandom, SystemClock, Value};
use records::SeedRecord;
use store::cluster::Cluster;

use super::Engine;
use crate::folder::{self, Engine as FolderEngine};
use crate::root::{self, Provider};

/// Password of every account.
pub const PASSWORD: &str = "bench-River-42-tea";
/// Callers: login and how many of a million customers they see.
pub const CALLERS: [(&str, &str); 4] =
    [("p10", "10"), ("p1000", "1000"), ("p100000", "100000"), ("pall", "all")];
/// Owners in the department of the caller who sees a tenth.
const TEAM: usize = 100;
/// All other owners.
const OTHERS: usize = 900;
const BATCH: usize = 5_000;
/// Login of the n-th colleague, of [`OTHERS`].
pub fn colleague(n: usize) -> String {
    format!("o{}", n % OTHERS)
}

/// Phone number of customer `i`: the search bench asks for one.
pub fn phone(i: usize) -> String {
    format!("139{i:08}")
}
/// Name of customer `i`.
pub fn name(i: usize) -> String {
    const CITIES: [&str; 8] = ["上海", "北京", "深圳", "广州", "杭州", "南京", "成都", "武汉"];
    const FIRST: [&str; 24] = [
        "华", "恒", "鼎", "瑞", "中", "金", "远", "宏", "天", "博", "万", "新", "佳", "康", "绿", "海", "众",
        "星", "启", "合", "广", "兴", "安", "德",
    ];
    const TRADE: [&str; 6] = ["科技", "机械", "商贸", "物流", "生物", "建筑"];
    let mix = i.wrapping_mul(2_654_435_761);
    let pick = |list: &[&'static str], salt: usize| list[(mix >> salt) % list.len()];
    format!(
        "{}{}{}{}{}有限公司",
        pick(&CITIES, 3),
        pick(&FIRST, 7),
        pick(&FIRST, 13),
        pick(&FIRST, 19),
        pick(&TRADE, 23)
    )
}

/// What the bench keeps until it ends.
pub struct World {
    pub cluster: Option<Cluster>,
}

impl World {
    /// Process id of the database server.
    pub fn database(&self) -> Option<u32> {
        self.cluster.as_ref().and_then(Cluster::pid)
    }
}

/// Makes the workspace in `data`, or finds it there from an earlier bench that kept it.
pub async fn make(scratch: &Path, data: &Path, rows: usize, engine: Engine) -> Result<World> {
    let cluster = match engine {
        Engine::Sqlite => None,
        Engine::Postgres => {
            let place = scratch.join("postgres");
            Some(tokio::task::spawn_blocking(move || Cluster::start(&place)).await??)
        }
    };
    let (seeded, wanted) = (scratch.join("seeded"), format!("{rows} {engine:?}"));
    match std::fs::read_to_string(&seeded) {
        Ok(kept) if kept == wanted => {
            if let Some(cluster) = &cluster {
                folder::move_database(data, &cluster.url("postgres"))?;
            }
            return Ok(World { cluster });
        }
        Ok(kept) => bail!("the folder holds another bench ({kept}): choose another one"),
        Err(_) => seed(data, rows, cluster.as_ref()).await?,
    }
    std::fs::write(seeded, wanted)?;
    Ok(World { cluster })
}

async fn seed(data: &Path, rows: usize, cluster: Option<&Cluster>) -> Result<()> {
    let folder_engine = match cluster {
        None => FolderEngine::Sqlite,
        Some(cluster) => FolderEngine::Postgres(cluster.url("postgres")),
    };
    let root = if root::exists(data) { root::read(data)? } else { root::init(data, Provider::File)? };
    let (opened, _kit, unfinished) = folder::create(data, &folder_engine, root)?;
    folder::name(&opened.store, "bench", "zh").await?;
    let (departments, people, owners) = staff()?;
    let now = SystemClock.now();
    opened.store.write(move |conn| identity::insert_people(conn, &departments, &people, "zh", now)).await?;
    let workspace = opened.into_service().await?;
    let mut seeder = workspace.records.seeder(false).await?;
    let bar = ProgressBar::new(rows as u64);
    let (random, ids) = (SeededRandom::new(1), Ids::default());
    let start = now.plus_seconds(-400 * 86_400);
    let mut batch = Vec::with_capacity(BATCH);
    for i in 0..rows {
        let step = i64::try_from(i).unwrap_or(0) * (300 * 86_400_000_000 / i64::try_from(rows).unwrap_or(1));
        let at = kernel::Timestamp(start.0 + step);
        batch.push(SeedRecord {
            id: ids.next_at(at, &random),
            owner: owner_of(i, rows, &owners),
            at,
            fields: vec![
                ("name", Value::Text(name(i))),
                ("kind", Value::Text("company".to_owned())),
                ("level", Value::Text(["a", "b", "c", "d"][i % 4].to_owned())),
                ("stage", Value::Text(["lead", "contacted", "qualified", "active"][i / 7 % 4].to_owned())),
                ("phone", Value::Text(phone(i))),
                ("email", Value::Text(format!("c{i}@example.com"))),
                ("address", Value::Text("上海市浦东新区世纪大道100号".to_owned())),
            ],
        });
        if batch.len() == BATCH {
            bar.inc(seeder.write("customer", std::mem::take(&mut batch)).await? as u64);
        }
    }
    seeder.write("customer", batch).await?;
    workspace.records.search_at_rest().await?;
    bar.finish_and_clear();
    unfinished.finish()?;
    Ok(())
}

/// Scattered over the whole time: 10 to one, 1,000 to another, a tenth to the team, the rest to the others.
fn owner_of(i: usize, rows: usize, owners: &Owners) -> PersonId {
    let mix = i.wrapping_mul(2_654_435_761) >> 5;
    if i % (rows / 10) == rows / 20 {
        owners.ten
    } else if i.is_multiple_of((rows / 1_000).max(1)) {
        owners.thousand
    } else if mix.is_multiple_of(10) {
        owners.team[mix / 10 % TEAM]
    } else {
        owners.others[mix / 10 % OTHERS]
    }
}

struct Owners {
    ten: PersonId,
    thousand: PersonId,
    team: Vec<PersonId>,
    others: Vec<PersonId>,
}

fn staff() -> Result<(Vec<SeedDepartment>, Vec<SeedPerson>, Owners)> {
    let random = OsRandom::default();
    let hash = identity::seed_hash(PASSWORD, &random)?;
    let (ids, now) = (Ids::default(), SystemClock.now());
    let department = |name: &str, parent: Option<DepartmentId>| SeedDepartment {
        id: ids.next_at(now, &random),
        name: name.to_owned(),
        parent,
    };
    let root = department("bench", None);
    let (team, others) = (department("team", Some(root.id)), department("others", Some(root.id)));
    let person = |login: String, role: &str, department: DepartmentId| SeedPerson {
        id: ids.next_at(now, &random),
        name: login.clone(),
        login,
        role: role.to_owned(),
        department,
        manager: None,
        password: hash.clone(),
        must_change: false,
    };
    let mut people = vec![
        person("p10".to_owned(), "sales", others.id),
        person("p1000".to_owned(), "sales", others.id),
        person("p100000".to_owned(), "manager", team.id),
        person("pall".to_owned(), "service", root.id),
        person("audit".to_owned(), "audit", root.id),
    ];
    let fixed = people.len();
    people.extend((0..TEAM).map(|i| person(format!("t{i}"), "sales", team.id)));
    people.extend((0..OTHERS).map(|i| person(format!("o{i}"), "sales", others.id)));
    let id = |range: std::ops::Range<usize>| people[range].iter().map(|p| p.id).collect::<Vec<_>>();
    let owners = Owners {
        ten: people[0].id,
        thousand: people[1].id,
        team: id(fixed..fixed + TEAM),
        others: id(fixed + TEAM..fixed + TEAM + OTHERS),
    };
    Ok((vec![root, team, others], people, owners))
}
