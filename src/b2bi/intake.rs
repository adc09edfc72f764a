//! The trading engine's part of a document's way: find it in `Interchange/in`, send it, and move it out of there.

use std::collections::{HashSet, VecDeque};
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::task::JoinError;

use super::documents::{Document, Name, Status};
use super::engine::Engine;
use super::exchange::{Answer, Client};
use super::free::names;
use super::home::{ENDPOINT, Home};
use super::inbox::{Found, Stamp, find, is_linked, is_passed_over, remove};
use super::sha256;
use super::tables::Tables;
use crate::daemon::log::{Log, one_line};
use crate::fs::watch::{Change, Watch};
use crate::fs::{PRIVATE_FILE, create, is_free, remove_file, rename_to_free};
use crate::registration::shown::Shown;

const ENGINE: Engine = Engine::Interchange;
const CLASS: &str = "Documents";
/// How often it looks for itself, should the kernel have told nothing: what waits for the integration engine is tried
/// again, and a file that nobody touches any more is taken as whole.
const LOOK: Duration = Duration::from_secs(30);
const IN: usize = 0;
const RUN: usize = 1;

/// Takes documents in and sends them on.
pub struct Intake {
    home: Home,
    tables: Tables,
    client: Client,
    limit: usize,
    log: Log,
    waiting: VecDeque<OsString>,
    /// The same names, to be found quickly.
    queued: HashSet<OsString>,
    being_written: HashSet<OsString>,
    /// Why the integration engine could not take a document, when it was last tried.
    held_up: Option<String>,
}

/// Why a file must wait.
enum Stuck {
    /// It alone.
    File(String),
    /// It and all that follow.
    All(String),
}

impl From<JoinError> for Stuck {
    fn from(error: JoinError) -> Self {
        Self::All(error.to_string())
    }
}

impl Intake {
    /// Takes documents of up to `limit` bytes from the inbox of `home`.
    pub fn new(home: Home, tables: Tables, client: Client, limit: usize, log: Log) -> Self {
        let (waiting, queued, being_written) = (VecDeque::new(), HashSet::new(), HashSet::new());
        Self { home, tables, client, limit, log, waiting, queued, being_written, held_up: None }
    }

    /// The certificate that it shows.
    pub fn shown(&self) -> Arc<Shown> {
        self.client.shown()
    }

    /// Works until the task is dropped; ends only when the folders cannot be watched.
    pub async fn run(mut self) -> io::Result<()> {
        let mut watch = Watch::new(&[&self.home.inbox(), &self.home.run()])?;
        self.look()?;
        loop {
            self.work().await;
            if let Ok(changes) = tokio::time::timeout(LOOK, watch.next()).await {
                for (folder, change) in changes? {
                    self.notice(folder, change);
                }
                continue;
            }
            if let Err(error) = watch.renew() {
                self.log.error(CLASS, &format!("Interchange/in cannot be watched: {error}"));
            }
            self.look_again();
        }
    }

    fn notice(&mut self, folder: usize, change: Change) {
        match (folder, change) {
            (IN, Change::Whole(name)) => {
                self.being_written.remove(&name);
                self.wait(name);
            }
            (IN, Change::Begun(name)) if is_linked(&self.home.inbox().join(&name)) => self.wait(name),
            (IN, Change::Begun(name)) => drop(self.being_written.insert(name)),
            (IN, Change::Gone(name)) => drop(self.being_written.remove(&name)),
            (RUN, Change::Whole(name)) if name == ENDPOINT => self.look_again(),
            (_, Change::Missed) => self.look_again(),
            _ => {}
        }
    }

    fn look_again(&mut self) {
        if let Err(error) = self.look() {
            self.log.error(CLASS, &format!("Interchange/in cannot be read: {error}"));
        }
    }

    /// Queues every file of the inbox that is whole as far as can be told.
    fn look(&mut self) -> io::Result<()> {
        let mut names: Vec<OsString> = Vec::new();
        for entry in std::fs::read_dir(self.home.inbox())? {
            names.push(entry?.file_name());
        }
        self.being_written.retain(|name| names.contains(name));
        names.sort();
        for name in names {
            if !self.being_written.contains(&name) || self.untouched(&name) {
                self.wait(name);
            }
        }
        Ok(())
    }

    fn wait(&mut self, name: OsString) {
        if !is_passed_over(&name) && self.queued.insert(name.clone()) {
            self.waiting.push_back(name);
        }
    }

    fn untouched(&self, name: &OsStr) -> bool {
        let changed = std::fs::symlink_metadata(self.home.inbox().join(name)).and_then(|meta| meta.modified());
        changed.is_ok_and(|time| SystemTime::now().duration_since(time).is_ok_and(|age| age > LOOK))
    }

    /// Sends what waits, until all is done or the integration engine cannot take more.
    async fn work(&mut self) {
        while let Some(name) = self.waiting.front().cloned() {
            match self.one(&name).await {
                Ok(()) => {
                    self.waiting.pop_front();
                    self.queued.remove(&name);
                    if self.held_up.take().is_some() {
                        self.log.info(CLASS, "the integration engine takes documents again");
                    }
                }
                Err(Stuck::File(why)) => {
                    // It is found and tried again at the next look.
                    self.log.error(CLASS, &why);
                    self.waiting.pop_front();
                    self.queued.remove(&name);
                }
                Err(Stuck::All(why)) => {
                    if self.held_up.as_ref() != Some(&why) {
                        let how_many = match self.waiting.len() {
                            1 => "1 document waits".to_owned(),
                            more => format!("{more} documents wait"),
                        };
                        self.log.warn(CLASS, &format!("{how_many} in Interchange/in: {why}"));
                        self.held_up = Some(why);
                    }
                    break;
                }
            }
        }
        self.client.close().await;
    }

    /// Does all that can be done with one file.
    async fn one(&mut self, file: &OsStr) -> Result<(), Stuck> {
        let path = self.home.inbox().join(file);
        let (limit, from) = (self.limit, path.clone());
        let found = tokio::task::spawn_blocking(move || find(&from, limit)).await?;
        let (name, content, stamp) = match (found, file.to_str().and_then(Name::parse)) {
            // The kernel may tell of one file twice, the second time when it was dealt with.
            (Found::Nothing, _) => return Ok(()),
            (_, None) => {
                let document = Document::received(&Name::near(&file.to_string_lossy()), None);
                return self.reject(document, &path, "its name is too long or holds characters that it may not").await;
            }
            (Found::AtFault(reason), Some(name)) => {
                return self.reject(Document::received(&name, None), &path, &reason).await;
            }
            (Found::Document { content, stamp }, Some(name)) => (name, content, stamp),
        };
        let sha256 = sha256(&content);
        let document = Document::received(&name, Some(&sha256));
        self.store(&document).await?;
        let sent = self.client.send(&name, &sha256, &content).await;
        match sent.map_err(|error| Stuck::All(unreached(&error)))? {
            Answer::Accepted { map, version, again } => {
                self.log.info(CLASS, &delivered(&name, &map, version, again));
                self.finish(Document { status: Status::Done, map: Some((map, version)), ..document }, path, stamp).await
            }
            Answer::Rejected { reason } => self.reject(document, &path, &reason).await,
            Answer::Later { reason } => Err(Stuck::All(format!("the integration engine cannot take them: {reason}"))),
        }
    }

    async fn finish(&self, document: Document, path: PathBuf, stamp: Stamp) -> Result<(), Stuck> {
        let name = document.name.clone();
        self.store(&document).await?;
        let removed = tokio::task::spawn_blocking(move || remove(&path, &stamp)).await?;
        match removed {
            Ok(true) => {}
            Ok(false) => self.log.info(CLASS, &format!("{name} was written anew meanwhile and stays")),
            Err(error) => return Err(Stuck::File(format!("{name} cannot be removed from Interchange/in: {error}"))),
        }
        Ok(())
    }

    async fn reject(&self, document: Document, path: &Path, reason: &str) -> Result<(), Stuck> {
        let reason = one_line(reason, 500);
        let name = document.name.clone();
        self.log.warn(CLASS, &format!("{name} was rejected: {reason}"));
        self.store(&document.rejected(&reason)).await?;
        let (folder, path, wanted) = (self.home.rejected(), path.to_path_buf(), name.clone());
        let moved = tokio::task::spawn_blocking(move || set_aside(&path, &folder, wanted.as_str(), &reason)).await?;
        match moved {
            Ok(Some(kept)) if kept != name.as_str() => {
                self.log.info(CLASS, &format!("{name} is kept as {kept}: an earlier one has its name"));
            }
            Ok(_) => {}
            Err(error) => {
                return Err(Stuck::File(format!("{name} cannot be moved to Interchange/rejected: {error}")));
            }
        }
        Ok(())
    }

    async fn store(&self, document: &Document) -> Result<(), Stuck> {
        let stored = document.store(&self.tables, ENGINE).await;
        stored.map_err(|error| Stuck::All(format!("the database cannot be written: {error}")))
    }
}

/// Moves a rejected file and its reason to names that neither another document nor its reason has. The name that it
/// got; `None` when it is gone.
fn set_aside(path: &Path, folder: &Path, wanted: &str, reason: &str) -> io::Result<Option<String>> {
    for name in names(wanted) {
        let (kept, because) = (folder.join(&name), folder.join(format!("{name}.reason")));
        if !is_free(&kept)? || !is_free(&because)? {
            continue;
        }
        create(&because, format!("{reason}\n").as_bytes(), PRIVATE_FILE)?;
        match rename_to_free(path, &kept) {
            Ok(()) => return Ok(Some(name)),
            Err(error) => {
                remove_file(&because)?;
                match error.kind() {
                    io::ErrorKind::AlreadyExists => {}
                    _ if is_free(path)? => return Ok(None),
                    _ => return Err(error),
                }
            }
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

fn unreached(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => {
            "the integration engine is not running".to_owned()
        }
        _ => format!("the integration engine cannot be reached: {error}"),
    }
}

fn delivered(name: &Name, map: &str, version: i64, again: bool) -> String {
    if again {
        format!("{name} was delivered before with the same content: nothing was written again")
    } else {
        format!("{name} was delivered; map {map}, version {version}, turned it")
    }
}
