//! `demo`: a believable Chinese company, the same for everybody who starts it.

mod company;
mod talk;
mod words;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use indicatif::{ProgressBar, ProgressStyle};
use kernel::{Clock as _, Ids, OsRandom, PersonId, Random as _, SeededRandom, SystemClock, Timestamp};
use records::{Records, SeedRecord, Seeder};
use serde_json::json;
use server::App;

use crate::folder::{self, Engine};
use crate::listen::Listen;
use crate::root::{self, Provider};
use company::{Company, Sizes};

/// The demo's seed: everybody sees the same company.
const SEED: u64 = 20_261_123;
/// The password of every demo account.
const PASSWORD: &str = "Shouxin-Demo-2026";
/// Records per write job.
const BATCH: usize = 1_000;

/// Seeds when needed, then serves.
pub async fn run(listen: SocketAddr, data: PathBuf, seed_only: bool) -> Result<()> {
    server::check_address(listen)?;
    let accounts = data.join("demo-accounts.json");
    if folder::exists(&data) {
        if !accounts.is_file() {
            bail!("{} holds a workspace that is no demo; choose another folder with --data", data.display());
        }
    } else {
        seed(&data, &Sizes::default()).await?;
    }
    if seed_only {
        println!("seeded {}; accounts are in {}", data.display(), accounts.display());
        return Ok(());
    }
    let workspace = folder::open(&data)?.into_service().await?;
    Listen::plain(listen).serve(&data, App::ready(workspace), None).await
}

/// Makes the whole company. The folder becomes a workspace at the end: one that broke off is seeded anew.
async fn seed(data: &Path, sizes: &Sizes) -> Result<()> {
    let root = if root::exists(data) { root::read(data)? } else { root::init(data, Provider::File)? };
    let (opened, _kit, unfinished) = folder::create(data, &Engine::Sqlite, root)?;
    let now = SystemClock.now();
    let company = Company::generate(SEED, sizes, now);
    folder::name(&opened.store, company::NAME, "zh").await?;
    let hash = identity::seed_hash(PASSWORD, &OsRandom::default())?;
    let (departments, people) = company.staff(&hash);
    let (ledger, store, vault) = (opened.ledger.clone(), opened.store.clone(), opened.vault.clone());
    let secrets = authenticators(&people);
    let seeded = secrets.clone();
    store
        .write(move |conn| -> Result<(), identity::Error> {
            identity::insert_people(conn, &departments, &people, "zh", now)?;
            for person in &people {
                if let Some(secret) = seeded.get(&person.login) {
                    identity::seed_totp(conn, &vault, person.id, secret, now, &OsRandom::default())?;
                }
            }
            ledger.append(conn, &[ledger::Entry::new(now, ledger::Actor::setup(), "setup")])?;
            Ok(())
        })
        .await?;
    let workspace = opened.into_service().await?;
    let bar = ProgressBar::new(company.total() as u64);
    bar.set_style(ProgressStyle::with_template("seeding {bar:40} {pos}/{len} records, {eta} left")?);
    fill(&workspace.records, &company, &bar).await?;
    workspace.records.search_caught_up().await?;
    bar.finish_and_clear();
    let list: Vec<_> = company
        .accounts()
        .into_iter()
        .map(|(login, role, name)| {
            let mut account = json!({ "login": login, "password": PASSWORD, "role": role, "name": name });
            if let Some(secret) = secrets.get(&login) {
                account["totp_secret"] = identity::base32(secret).into();
            }
            account
        })
        .collect();
    vault::file::replace(&data.join("demo-accounts.json"), &serde_json::to_vec_pretty(&list)?)
        .context("the accounts file cannot be written")?;
    unfinished.finish()?;
    println!("seeded {} records in {:.1} s", company.total(), bar.elapsed().as_secs_f64());
    Ok(())
}

/// Secrets of the administrators' authenticators: they need a second factor, and whoever tries the demo reads them in
/// the accounts file.
fn authenticators(people: &[identity::SeedPerson]) -> HashMap<String, [u8; 20]> {
    let random = OsRandom::default();
    let administrators = people.iter().filter(|p| policy::administration(&p.role));
    administrators.map(|p| (p.login.clone(), random.array())).collect()
}

async fn fill(records: &Records, company: &Company, bar: &ProgressBar) -> Result<()> {
    let mut seeder = records.seeder(true).await?;
    let random = SeededRandom::new(SEED ^ 1);
    let customers = write(&mut seeder, "customer", company.customers(), &random, bar).await?;
    let contacts = write(&mut seeder, "contact", company.contacts(&customers), &random, bar).await?;
    let deals = write(&mut seeder, "deal", company.deals(&customers), &random, bar).await?;
    write(&mut seeder, "communication", company.communications(&customers, &contacts), &random, bar).await?;
    write(&mut seeder, "task", company.tasks(&customers, &deals), &random, bar).await?;
    Ok(())
}

/// A generated record before it has an id.
pub(crate) struct Made {
    pub(crate) owner: PersonId,
    pub(crate) at: Timestamp,
    pub(crate) fields: Vec<(&'static str, kernel::Value)>,
}

/// Writes records in the order of their times; gives their ids by their place in the input.
async fn write(
    seeder: &mut Seeder,
    object: &str,
    made: Vec<Made>,
    random: &SeededRandom,
    bar: &ProgressBar,
) -> Result<Vec<uuid::Uuid>> {
    let ids = Ids::default();
    let mut order: Vec<usize> = (0..made.len()).collect();
    order.sort_by_key(|i| made[*i].at);
    let mut out = vec![uuid::Uuid::nil(); made.len()];
    let mut batch = Vec::with_capacity(BATCH);
    let mut made: Vec<Option<Made>> = made.into_iter().map(Some).collect();
    for i in order {
        let Some(one) = made[i].take() else { continue };
        let id: kernel::RecordId = ids.next_at(one.at, random);
        out[i] = id.0;
        batch.push(SeedRecord { id, owner: one.owner, at: one.at, fields: one.fields });
        if batch.len() == BATCH {
            bar.inc(seeder.write(object, std::mem::take(&mut batch)).await? as u64);
        }
    }
    bar.inc(seeder.write(object, batch).await? as u64);
    Ok(out)
}
