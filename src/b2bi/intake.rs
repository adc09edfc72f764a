//! The trading engine's part of a document's way: find it in `Interchange/in`, send it, and move it out of there.

use std::collections::{HashSet, VecDeque};
use std::ffi::{OsStr, OsString};
use std::io::{self, Read};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rustix::fs::OFlags;

use super::documents::{Document, Name, Status};
use super::engine::Engine;
use super::exchange::{Answer, Client};
use super::home::{ENDPOINT, Home};
use super::log::{Log, one_line};
use super::sha256;
use super::tables::Tables;
use super::watch::{Change, Watch};
use crate::fs::{PRIVATE_FILE, remove_file, rename, replace};

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

/// What a file in the inbox is.
enum Found {
    Nothing,
    Document { content: Vec<u8>, stamp: Stamp },
    AtFault(String),
}

/// Tells whether a file is still the one that was read.
#[derive(PartialEq, Eq)]
struct Stamp {
    inode: u64,
    size: u64,
    changed: (i64, i64),
}

impl Intake {
    /// Takes documents of up to `limit` bytes from the inbox of `home`.
    pub fn new(home: Home, tables: Tables, client: Client, limit: usize, log: Log) -> Self {
        let (waiting, queued, being_written) = (VecDeque::new(), HashSet::new(), HashSet::new());
        Self { home, tables, client, limit, log, waiting, queued, being_written, held_up: None }
    }

    /// Works until the task is dropped; ends only when the folders cannot be watched.
    pub async fn run(mut self) -> io::Result<()> {
        let mut watch = Watch::new(&[&self.home.inbox(), &self.home.run()])?;
        self.look()?;
        loop {
            self.work().await;
            match tokio::time::timeout(LOOK, watch.next()).await {
                Ok(changes) => {
                    for (folder, change) in changes? {
                        self.notice(folder, change)?;
                    }
                }
                Err(_) => {
                    if let Err(error) = watch.renew().and_then(|()| self.look()) {
                        self.log.error(CLASS, &format!("the folder in cannot be read: {error}"));
                    }
                }
            }
        }
    }

    fn notice(&mut self, folder: usize, change: Change) -> io::Result<()> {
        match (folder, change) {
            (IN, Change::Whole(name)) => {
                self.being_written.remove(&name);
                self.wait(name);
            }
            (IN, Change::Begun(name)) if is_linked(&self.home.inbox().join(&name)) => self.wait(name),
            (IN, Change::Begun(name)) => drop(self.being_written.insert(name)),
            (IN, Change::Gone(name)) => drop(self.being_written.remove(&name)),
            (RUN, Change::Whole(name)) if name == ENDPOINT => self.look()?,
            (_, Change::Missed) => self.look()?,
            _ => {}
        }
        Ok(())
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
                Err(why) => {
                    if self.held_up.as_ref() != Some(&why) {
                        let count = self.waiting.len();
                        self.log.warn(CLASS, &format!("{count} documents wait in the folder in: {why}"));
                        self.held_up = Some(why);
                    }
                    break;
                }
            }
        }
        self.client.close().await;
    }

    /// Does all that can be done with one file. An error is why it must wait.
    async fn one(&mut self, file: &OsStr) -> Result<(), String> {
        let path = self.home.inbox().join(file);
        let Some(name) = file.to_str().and_then(Name::parse) else {
            let name = Name::near(&file.to_string_lossy());
            let document = Document::received(&name, None);
            return self.reject(document, &path, "its name is too long or holds characters that it may not").await;
        };
        let (limit, from) = (self.limit, path.clone());
        let found = tokio::task::spawn_blocking(move || find(&from, limit)).await.map_err(|e| e.to_string())?;
        let (content, stamp) = match found {
            Found::Nothing => return Ok(()),
            Found::AtFault(reason) => return self.reject(Document::received(&name, None), &path, &reason).await,
            Found::Document { content, stamp } => (content, stamp),
        };
        let sha256 = sha256(&content);
        let document = Document::received(&name, Some(&sha256));
        self.store(&document).await?;
        let sent = self.client.send(&name, &sha256, &content).await;
        match sent.map_err(|error| format!("the integration engine cannot be reached: {error}"))? {
            Answer::Accepted { map, version, again } => {
                self.log.info(CLASS, &delivered(&name, &map, version, again));
                self.finish(Document { status: Status::Done, map: Some((map, version)), ..document }, path, stamp).await
            }
            Answer::Rejected { reason } => self.reject(document, &path, &reason).await,
            Answer::Later { reason } => Err(format!("the integration engine cannot take them: {reason}")),
        }
    }

    async fn finish(&self, document: Document, path: PathBuf, stamp: Stamp) -> Result<(), String> {
        let name = document.name.clone();
        self.store(&document).await?;
        let removed = tokio::task::spawn_blocking(move || remove(&path, &stamp)).await.map_err(|e| e.to_string())?;
        match removed {
            Ok(true) => {}
            Ok(false) => self.log.info(CLASS, &format!("{name} was written anew meanwhile and stays")),
            Err(error) => return Err(format!("{name} cannot be removed from the folder in: {error}")),
        }
        Ok(())
    }

    async fn reject(&self, document: Document, path: &Path, reason: &str) -> Result<(), String> {
        let reason = one_line(reason, 500);
        let name = document.name.clone();
        self.log.warn(CLASS, &format!("{name} was rejected: {reason}"));
        self.store(&document.rejected(&reason)).await?;
        let (folder, path) = (self.home.rejected(), path.to_path_buf());
        let shown = name.clone();
        let moved = tokio::task::spawn_blocking(move || {
            replace(&folder.join(format!("{name}.reason")), format!("{reason}\n").as_bytes(), PRIVATE_FILE)?;
            rename(&path, &folder.join(name.as_str()))
        });
        match moved.await.map_err(|error| error.to_string())? {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(format!("{shown} cannot be moved to the folder rejected: {error}"))
            }
            _ => Ok(()),
        }
    }

    async fn store(&self, document: &Document) -> Result<(), String> {
        let stored = document.store(&self.tables, ENGINE).await;
        stored.map_err(|error| format!("the database cannot be written: {error}"))
    }
}

fn delivered(name: &Name, map: &str, version: i64, again: bool) -> String {
    if again {
        format!("{name} was delivered before with the same content: nothing was written again")
    } else {
        format!("{name} was delivered; map {map}, version {version}, turned it")
    }
}

/// Whether a new name is one more of a file that is whole already: then nobody will close it. Making a link changes the
/// file's status, not its content, and the first name may be gone by now.
fn is_linked(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_ok_and(|meta| {
        let later = (meta.ctime(), meta.ctime_nsec()) > (meta.mtime(), meta.mtime_nsec());
        meta.is_file() && (meta.nlink() > 1 || meta.len() > 0 && later)
    })
}

/// Hidden files, and those that say themselves that they are not whole.
fn is_passed_over(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    name.starts_with(b".") || name.ends_with(b".tmp") || name.ends_with(b".part")
}

fn find(path: &Path, limit: usize) -> Found {
    let unreadable = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => Found::Nothing,
        _ => Found::AtFault(format!("it cannot be read: {error}")),
    };
    let meta = match std::fs::symlink_metadata(path) {
        Ok(meta) if meta.is_dir() => return Found::Nothing,
        Ok(meta) if meta.is_file() => meta,
        Ok(_) => return Found::AtFault("it is no regular file".to_owned()),
        Err(error) => return unreadable(error),
    };
    if meta.len() > limit as u64 {
        return Found::AtFault(format!("it is larger than {} MiB", limit / 1024 / 1024));
    }
    match read(path, limit) {
        Ok((content, _)) if content.len() > limit => {
            Found::AtFault(format!("it is larger than {} MiB", limit / 1024 / 1024))
        }
        Ok((content, stamp)) => Found::Document { content, stamp },
        Err(error) => unreadable(error),
    }
}

/// Reads a file, never through a link and never waiting for a pipe's other end.
fn read(path: &Path, limit: usize) -> io::Result<(Vec<u8>, Stamp)> {
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed();
    let file = std::fs::OpenOptions::new().read(true).custom_flags(flags).open(path)?;
    let stamp = Stamp::of(&file.metadata()?);
    let mut content = Vec::new();
    file.take(limit as u64 + 1).read_to_end(&mut content)?;
    Ok((content, stamp))
}

/// Removes the file if it still is what was read.
fn remove(path: &Path, stamp: &Stamp) -> io::Result<bool> {
    match std::fs::symlink_metadata(path) {
        Ok(meta) if Stamp::of(&meta) == *stamp => remove_file(path).map(|()| true),
        Ok(_) => Ok(false),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}

impl Stamp {
    fn of(meta: &std::fs::Metadata) -> Self {
        Self { inode: meta.ino(), size: meta.len(), changed: (meta.mtime(), meta.mtime_nsec()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unfinished_names_are_passed_over() {
        for (name, passed) in [("order-1.json", false), (".order-1.json", true), ("a.tmp", true), ("a.part", true)] {
            assert_eq!(is_passed_over(OsStr::new(name)), passed, "{name}");
        }
    }

    #[test]
    fn only_a_regular_file_of_a_fitting_size_is_a_document() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("order-1.json");
        assert!(matches!(find(&path, 10), Found::Nothing));
        std::fs::write(&path, "0123456789").expect("written");
        assert!(matches!(find(&path, 10), Found::Document { .. }));
        assert!(matches!(find(&path, 9), Found::AtFault(reason) if reason.contains("larger")));
        let link = dir.path().join("order-2.json");
        std::os::unix::fs::symlink(&path, &link).expect("linked");
        assert!(matches!(find(&link, 10), Found::AtFault(reason) if reason.contains("regular")));
        assert!(matches!(find(dir.path(), 10), Found::Nothing));
    }

    #[test]
    fn a_file_written_anew_after_it_was_read_stays() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("order-1.json");
        std::fs::write(&path, "one").expect("written");
        let (_, stamp) = read(&path, 10).expect("read");
        std::fs::write(&path, "three").expect("written");
        assert!(!remove(&path, &stamp).expect("asked"));
        let (_, stamp) = read(&path, 10).expect("read");
        assert!(remove(&path, &stamp).expect("removed"));
        assert!(remove(&path, &stamp).expect("gone already"));
    }
}
