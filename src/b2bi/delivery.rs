//! The integration engine's part of a document's way: recognise it, map it, put the result into `Integrator/out`.
//!
//! The result is decided once. It is written under a hidden name, then the row says `mapped`, then it gets its name,
//! then the row says `done`: whatever stops us in between, a second delivery ends with the same content.

use std::io;
use std::path::{Path, PathBuf};

use tokio::sync::Mutex;

use super::documents::{Document, Name, Status};
use super::engine::Engine;
use super::exchange::Answer;
use super::free;
use super::home::Home;
use super::maps::{self, Runner, Unmapped};
use super::sha256;
use super::tables::Tables;
use crate::daemon::log::Log;
use crate::fs::{PRIVATE_FILE, clear_temporary, remove_file, replace, temporary_of};

const ENGINE: Engine = Engine::Integrator;
const CLASS: &str = "Documents";

/// Takes documents one after the other.
pub struct Delivery {
    home: Home,
    tables: Tables,
    runner: Runner,
    log: Log,
    one_at_a_time: Mutex<()>,
}

impl Delivery {
    /// Delivers into the outbox of `home`.
    pub fn new(home: Home, tables: Tables, runner: Runner, log: Log) -> Self {
        Self { home, tables, runner, log, one_at_a_time: Mutex::new(()) }
    }

    /// Finishes what was mapped before an interruption.
    pub async fn recover(&self) -> Result<(), String> {
        let outbox = self.home.outbox();
        blocking(move || clear_temporaries(&outbox)).await?;
        let interrupted = Document::with_status(&self.tables, ENGINE, Status::Mapped).await;
        for document in interrupted.map_err(|error| error.to_string())? {
            self.log.info(CLASS, &format!("{} was mapped before the last end and is delivered now", document.name));
            self.place(document).await?;
        }
        Ok(())
    }

    /// Delivers one document, or says why not.
    pub async fn deliver(&self, name: &Name, content: &[u8]) -> Answer {
        let _turn = self.one_at_a_time.lock().await;
        let answer = match self.try_deliver(name, content).await {
            Ok(answer) => answer,
            Err(reason) => Answer::Later { reason },
        };
        match &answer {
            Answer::Accepted { map, version, again: false } => {
                self.log.info(CLASS, &format!("{name} was turned by map {map}, version {version}"));
            }
            Answer::Accepted { again: true, .. } => {
                self.log.info(CLASS, &format!("{name} came again with the same content: it stays delivered once"));
            }
            Answer::Rejected { reason } => self.log.warn(CLASS, &format!("{name} was rejected: {reason}")),
            Answer::Later { reason } => self.log.error(CLASS, &format!("{name} cannot be taken now: {reason}")),
        }
        answer
    }

    /// The error is what keeps this engine from taking any document now.
    async fn try_deliver(&self, name: &Name, content: &[u8]) -> Result<Answer, String> {
        let sha256 = sha256(content);
        let known = Document::find(&self.tables, ENGINE, name, &sha256).await.map_err(|error| error.to_string())?;
        match known {
            Some(document) if document.status == Status::Done => return Ok(accepted(&document, true)),
            Some(document) if document.status == Status::Mapped => {
                return self.place(document).await.map(|document| accepted(&document, true));
            }
            _ => {}
        }
        let document = Document::received(name, Some(&sha256));
        let map = maps::in_use(&self.tables, name.map()).await.map_err(|error| error.to_string())?;
        let Some(map) = map else {
            return self.reject(document, &format!("there is no map {} for it", name.map())).await;
        };
        let document = Document { map: Some((name.map().to_owned(), map.version)), ..document };
        match self.runner.turn(&map.content, content).await {
            Ok(output) => self.write(document, output).await.map(|document| accepted(&document, false)),
            Err(Unmapped::Rejected(reason)) => self.reject(document, &reason).await,
            Err(Unmapped::Later(reason)) => Err(reason),
        }
    }

    async fn reject(&self, document: Document, reason: &str) -> Result<Answer, String> {
        let document = document.rejected(reason);
        document.store(&self.tables, ENGINE).await.map_err(|error| error.to_string())?;
        Ok(Answer::Rejected { reason: reason.to_owned() })
    }

    async fn write(&self, document: Document, output: Vec<u8>) -> Result<Document, String> {
        let document = Document { status: Status::Mapped, output: Some(sha256(&output)), ..document };
        let part = self.part(&document.name);
        blocking(move || replace(&part, &output, PRIVATE_FILE)).await?;
        document.store(&self.tables, ENGINE).await.map_err(|error| error.to_string())?;
        self.place(document).await
    }

    /// Gives a mapped result its name. Without the hidden file it has it already.
    async fn place(&self, document: Document) -> Result<Document, String> {
        let (part, outbox, name) = (self.part(&document.name), self.home.outbox(), document.name.clone());
        let expected = document.output.clone();
        let placed = blocking(move || match std::fs::read(&part) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
            Ok(bytes) if Some(sha256(&bytes)) == expected => {
                let same = |other: &Path| std::fs::read(other).is_ok_and(|other| other == bytes);
                free::keep(&part, &outbox, name.as_str(), same).map(Some)
            }
            // It belongs to another document of the same name that was interrupted before its row was written.
            Ok(_) => remove_file(&part).map(|()| None),
        })
        .await?;
        if let Some(path) = placed {
            self.log.info(CLASS, &format!("the result of {} is {}", document.name, self.home.shown(&path)));
        }
        let document = Document { status: Status::Done, ..document };
        document.store(&self.tables, ENGINE).await.map_err(|error| error.to_string())?;
        Ok(document)
    }

    fn part(&self, name: &Name) -> PathBuf {
        self.home.outbox().join(format!(".{name}.part"))
    }
}

/// Removes results of which only a beginning was written.
fn clear_temporaries(outbox: &Path) -> io::Result<()> {
    for entry in std::fs::read_dir(outbox)? {
        if let Some(part) = temporary_of(&entry?.path()) {
            clear_temporary(&part)?;
        }
    }
    Ok(())
}

fn accepted(document: &Document, again: bool) -> Answer {
    let (map, version) = document.map.clone().unwrap_or_default();
    Answer::Accepted { map, version, again }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> Result<T, String> {
    let done = tokio::task::spawn_blocking(work).await.map_err(|error| error.to_string())?;
    done.map_err(|error| format!("the result cannot be written: {error}"))
}
