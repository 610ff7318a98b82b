//! Running an import: one thread prepares chunks while another's job writes the one before.

use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};

use kernel::{ImportId, PersonId};
use parking_lot::Mutex;
use policy::Principal;

use super::CHUNK;
use super::batch::Batch;
use super::judge::Judge;
use super::prepare::{Prepared, Preparer};
use super::source::{Format, Rows};
use super::state::{Failure, Import};
use crate::door::Inner;
use crate::error::Error;

/// Formats that files are read with, and the turn of imports: one runs at a time.
pub(crate) struct Runner {
    pub(crate) formats: Vec<Arc<dyn Format>>,
    turn: Mutex<()>,
}

impl Runner {
    /// With other formats before the tables of this crate.
    pub(crate) fn new(mut formats: Vec<Arc<dyn Format>>) -> Self {
        formats.push(Arc::new(crate::sheet_xlsx::Workbook));
        formats.push(Arc::new(crate::sheet::Csv));
        Self { formats, turn: Mutex::new(()) }
    }
}

/// A principal of today's rights, for work that goes on without a session.
fn principal(inner: &Inner, person: PersonId) -> Arc<Principal> {
    let org = inner.policy.org();
    let (roles, departments) =
        org.person(person).map(|p| (p.roles.clone(), p.departments.clone())).unwrap_or_default();
    Arc::new(Principal::person(person, roles, departments))
}

/// Goes on with what was running when the server stopped.
pub(crate) async fn resume_interrupted(inner: &Arc<Inner>) -> Result<(), Error> {
    let reading = inner.clone();
    let interrupted = inner.store.read(move |conn| Import::interrupted(conn, &reading)).await?;
    for import in interrupted {
        launch(inner, import.id, principal(inner, import.created_by));
    }
    Ok(())
}

/// Starts the thread of an import whose state is `queued` or `running`.
pub(crate) fn launch(inner: &Arc<Inner>, id: ImportId, who: Arc<Principal>) {
    let inner = inner.clone();
    let spawned = std::thread::Builder::new().name("import".to_owned()).spawn(move || {
        let turn = inner.imports.turn.lock();
        let failure = match run(&inner, id, &who) {
            Ok(()) => None,
            Err(Error::Refused(_)) => Some(("forbidden", "the right to import was withdrawn".to_owned())),
            Err(Error::BadFile { key, detail }) => Some((key, detail)),
            Err(error) => {
                tracing::error!(%error, import = %id.0, "an import stopped");
                Some(("internal", "something failed on the server; its log says what".to_owned()))
            }
        };
        if let Err(error) = finish(&inner, id, who.person, failure) {
            tracing::error!(%error, import = %id.0, "an import's end could not be saved");
        }
        drop(turn);
    });
    if let Err(error) = spawned {
        tracing::error!(%error, "no thread for an import");
    }
}

fn finish(
    inner: &Arc<Inner>,
    id: ImportId,
    person: PersonId,
    failure: Option<(&'static str, String)>,
) -> Result<(), Error> {
    let inner = inner.clone();
    inner.clone().store.write_blocking(move |conn| -> Result<(), Error> {
        let mut import = Import::load(conn, &inner, id, person)?;
        if !matches!(import.state.as_str(), "running" | "queued") {
            return Ok(());
        }
        import.finished_at = Some(inner.now());
        import.state = if failure.is_some() { "failed" } else { "done" }.to_owned();
        if failure.is_none() {
            import.total = Some(import.done);
        }
        import.error = failure.map(|(key, detail)| Failure { key: key.to_owned(), detail });
        import.save(conn, &inner)
    })
}

fn run(inner: &Arc<Inner>, id: ImportId, who: &Arc<Principal>) -> Result<(), Error> {
    let starting = inner.clone();
    let person = who.person;
    let import = inner.store.write_blocking(move |conn| -> Result<_, Error> {
        let mut import = Import::load(conn, &starting, id, person)?;
        if matches!(import.state.as_str(), "queued" | "running") {
            import.state = "running".to_owned();
            import.started_at = Some(starting.now());
            import.save(conn, &starting)?;
        }
        Ok(import)
    })?;
    if import.state != "running" {
        return Ok(());
    }
    let shape = inner.shape(&import.object)?.clone();
    let rows = open(inner, &import)?;
    let mut done = import.done;
    let (sender, batches) = sync_channel::<Result<Batch, Error>>(2);
    std::thread::scope(|scope| -> Result<(), Error> {
        let batches = batches;
        let produced = &import;
        scope.spawn(move || {
            if let Err(error) = produce(inner, produced, who, rows, &sender) {
                let _ = sender.send(Err(error));
            }
        });
        for batch in batches {
            let batch = batch?;
            let (writer, shape, who, from) = (inner.clone(), shape.clone(), who.clone(), done);
            let written =
                inner.store.write_blocking(move |conn| batch.write(&writer, &shape, conn, &who, id, from))?;
            inner.changed.notify_one();
            match written {
                Some(now) => done = now,
                None => return Ok(()),
            }
        }
        Ok(())
    })
}

/// Opens the file of an import with the format that it was recognised as.
pub(crate) fn open(inner: &Arc<Inner>, import: &Import) -> Result<Box<dyn Rows>, Error> {
    let format = inner.imports.formats.iter().find(|f| f.name() == import.format).ok_or(Error::NotFound)?;
    format
        .open(Box::new(inner.spooled(import.id)))
        .map_err(|e| Error::BadFile { key: e.key, detail: e.detail })
}

/// The next rows, checked.
pub(crate) fn next_rows(rows: &mut dyn Rows, preparer: &Preparer, most: usize) -> Vec<Prepared> {
    let mut out = Vec::with_capacity(most);
    while out.len() < most {
        let Some((line, cells)) = rows.next_row() else { break };
        out.push(preparer.row(line, cells));
    }
    out
}

fn produce(
    inner: &Arc<Inner>,
    import: &Import,
    who: &Arc<Principal>,
    mut rows: Box<dyn Rows>,
    out: &SyncSender<Result<Batch, Error>>,
) -> Result<(), Error> {
    let preparer = Preparer::new(inner, import)?;
    let mut judge = Judge::new(inner, &preparer.shape, who, import.options.duplicates);
    let mut left = import.done;
    while left > 0 {
        let most = usize::try_from(left.min(CHUNK as u64)).unwrap_or(CHUNK);
        let known = next_rows(rows.as_mut(), &preparer, most);
        if known.is_empty() {
            return Ok(());
        }
        left -= known.len() as u64;
        judge.remember(&known);
    }
    loop {
        let prepared = next_rows(rows.as_mut(), &preparer, CHUNK);
        if prepared.is_empty() {
            return Ok(());
        }
        let shape = preparer.shape.clone();
        let sealing = inner.clone();
        let (given, batch) = inner.store.read_blocking(move |conn| -> Result<_, Error> {
            let judged = judge.chunk(conn, prepared)?;
            let batch = Batch::seal(&sealing, &shape, conn, judged)?;
            Ok((judge, batch))
        })?;
        judge = given;
        if out.send(Ok(batch)).is_err() {
            return Ok(());
        }
    }
}
