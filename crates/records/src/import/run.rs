//! Running an import: threads prepare chunks while the writer's job judges and writes the one before.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use kernel::{ImportId, PersonId};
use parking_lot::Mutex;
use policy::Principal;

use super::batch;
use super::judge::Judge;
use super::pipeline::{self, Chunk};
use super::prepare::Preparer;
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
    super::sweep::start(inner);
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
        // A panic must not leave the import "running" for ever.
        let ran = catch_unwind(AssertUnwindSafe(|| run(&inner, id, &who)));
        let failure = match ran {
            Ok(Ok(Ended::Stopped)) => return,
            Ok(Ok(Ended::Whole)) => None,
            Ok(Err(Error::Refused(_))) => Some(("forbidden", "the right to import was withdrawn".to_owned())),
            Ok(Err(Error::BadFile { key, detail })) => Some((key, detail)),
            Ok(Err(error)) => {
                tracing::error!(%error, import = %id.0, "an import stopped");
                Some(internal())
            }
            Err(_) => {
                tracing::error!(import = %id.0, "an import panicked");
                Some(internal())
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

/// How far a run came.
enum Ended {
    /// To the end of the file.
    Whole,
    /// It was cancelled, and perhaps queued again: its state is somebody else's by now.
    Stopped,
}

fn internal() -> (&'static str, String) {
    ("internal", "something failed on the server; its log says what".to_owned())
}

/// Saves how a run ended. What is done needs its file no more, nor the preview with customers' values.
fn finish(
    inner: &Arc<Inner>,
    id: ImportId,
    person: PersonId,
    failure: Option<(&'static str, String)>,
) -> Result<(), Error> {
    let saving = inner.clone();
    let done = inner.store.write_blocking(move |conn| -> Result<bool, Error> {
        let mut import = Import::load(conn, &saving, id, person)?;
        if !matches!(import.state.as_str(), "running" | "queued") {
            return Ok(false);
        }
        import.finished_at = Some(saving.now());
        import.state = if failure.is_some() { "failed" } else { "done" }.to_owned();
        if failure.is_none() {
            import.total = Some(import.done);
            import.head.preview = Vec::new();
        }
        import.error = failure.map(|(key, detail)| Failure { key: key.to_owned(), detail });
        import.save(conn, &saving)?;
        Ok(import.state == "done")
    })?;
    if done { inner.drop_spool_blocking(id) } else { Ok(()) }
}

fn run(inner: &Arc<Inner>, id: ImportId, who: &Arc<Principal>) -> Result<Ended, Error> {
    let starting = inner.clone();
    let person = who.person;
    let import = inner.store.write_blocking(move |conn| -> Result<_, Error> {
        let mut import = Import::load(conn, &starting, id, person)?;
        if matches!(import.state.as_str(), "queued" | "running") {
            import.state = "running".to_owned();
            import.started_at = Some(starting.now());
            import.began = import.done;
            import.save(conn, &starting)?;
        }
        Ok(import)
    })?;
    if import.state != "running" {
        return Ok(Ended::Stopped);
    }
    let rows = open(inner, &import)?;
    let preparer = Preparer::new(inner, &import)?;
    let mut judge = Judge::new(inner, &preparer.shape, who, import.options.duplicates);
    let mut done = import.done;
    let mut ended = Ended::Whole;
    pipeline::each(&preparer, rows, import.done, |Chunk { rows, known }| {
        if known {
            judge.remember(&rows);
            return Ok(true);
        }
        // The judge goes into the job and comes back: a job that failed ends the run, and the judge with it.
        let mut judging =
            std::mem::replace(&mut judge, Judge::new(inner, &preparer.shape, who, import.options.duplicates));
        let from = done;
        let (judged, written) = inner.store.write_blocking(move |conn| -> Result<_, Error> {
            let written = batch::write(&mut judging, conn, id, from, rows)?;
            Ok((judging, written))
        })?;
        judge = judged;
        inner.changed.notify_one();
        match written {
            Some(now) => done = now,
            None => ended = Ended::Stopped,
        }
        Ok(written.is_some())
    })?;
    Ok(ended)
}

/// Opens the file of an import with the format that it was recognised as.
pub(crate) fn open(inner: &Arc<Inner>, import: &Import) -> Result<Box<dyn Rows>, Error> {
    let format = inner.imports.formats.iter().find(|f| f.name() == import.format).ok_or(Error::NotFound)?;
    format
        .open(Box::new(inner.spooled(import.id)))
        .map_err(|e| Error::BadFile { key: e.key, detail: e.detail })
}
