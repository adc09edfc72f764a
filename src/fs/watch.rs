//! Changes in folders, as the kernel tells them (inotify).

use std::ffi::{OsStr, OsString};
use std::io;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustix::fs::inotify::{self, CreateFlags, ReadFlags, Reader, WatchFlags};
use rustix::io::Errno;
use tokio::io::unix::AsyncFd;

/// What happened to one name in one folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// It was closed after writing, or moved here: it is whole.
    Whole(OsString),
    /// It came into being; who made it may still be writing.
    Begun(OsString),
    /// Something was written to it; told only where that was asked for.
    Written(OsString),
    /// It is gone.
    Gone(OsString),
    /// More happened than the kernel kept: look for yourself.
    Missed,
}

/// A watch on some folders.
pub struct Watch {
    inotify: AsyncFd<OwnedFd>,
    folders: Vec<(PathBuf, i32)>,
    /// How many of them, from the first, tell every writing.
    written: usize,
}

impl Watch {
    /// Watches these folders. Needs a running tokio.
    pub fn new(folders: &[&Path]) -> io::Result<Self> {
        Self::with_writes(&[], folders)
    }

    /// As [`Self::new`], and in the first folders every writing is told, though the file stays open.
    pub fn with_writes(written: &[&Path], folders: &[&Path]) -> io::Result<Self> {
        let inotify = register(inotify::init(CreateFlags::NONBLOCK | CreateFlags::CLOEXEC)?)?;
        let mut watch = Self { inotify, folders: Vec::new(), written: written.len() };
        for folder in written.iter().chain(folders) {
            watch.folders.push((folder.to_path_buf(), 0));
        }
        watch.renew()?;
        Ok(watch)
    }

    /// Watches every folder again: one that was removed and made anew is another folder to the kernel.
    pub fn renew(&mut self) -> io::Result<()> {
        for index in 0..self.folders.len() {
            let writes = if index < self.written { WatchFlags::MODIFY } else { WatchFlags::empty() };
            self.folders[index].1 = self.add(&self.folders[index].0, writes)?;
        }
        Ok(())
    }

    fn add(&self, folder: &Path, more: WatchFlags) -> io::Result<i32> {
        let flags = WatchFlags::CLOSE_WRITE
            | WatchFlags::MOVED_TO
            | WatchFlags::CREATE
            | WatchFlags::DELETE
            | WatchFlags::MOVED_FROM
            | WatchFlags::ONLYDIR
            | more;
        Ok(inotify::add_watch(self.inotify.get_ref(), folder, flags)?)
    }

    /// Waits for changes: the number of the folder and what happened there.
    pub async fn next(&mut self) -> io::Result<Vec<(usize, Change)>> {
        loop {
            let mut ready = self.inotify.readable().await?;
            let changes = read(self.inotify.get_ref(), &self.folders)?;
            ready.clear_ready();
            if !changes.is_empty() {
                return Ok(changes);
            }
        }
    }
}

#[expect(deprecated, reason = "its successor is unsafe because of other types: an OwnedFd keeps what that asks for")]
fn register(inotify: OwnedFd) -> io::Result<AsyncFd<OwnedFd>> {
    AsyncFd::new(inotify)
}

/// Reads until the kernel has nothing more.
fn read(inotify: &OwnedFd, folders: &[(PathBuf, i32)]) -> io::Result<Vec<(usize, Change)>> {
    let mut buffer = [MaybeUninit::uninit(); 8192];
    let mut reader = Reader::new(inotify, &mut buffer);
    let mut changes = Vec::new();
    loop {
        let event = match reader.next() {
            Err(Errno::AGAIN) => return Ok(changes),
            Err(Errno::INTR) => continue,
            event => event?,
        };
        let flags = event.events();
        if flags.contains(ReadFlags::QUEUE_OVERFLOW) {
            changes.extend((0..folders.len()).map(|folder| (folder, Change::Missed)));
            continue;
        }
        let folder = folders.iter().position(|(_, number)| *number == event.wd());
        let (Some(folder), Some(name)) = (folder, event.file_name()) else { continue };
        let name = OsStr::from_bytes(name.to_bytes()).to_owned();
        let change = if flags.intersects(ReadFlags::CLOSE_WRITE | ReadFlags::MOVED_TO) {
            Change::Whole(name)
        } else if flags.contains(ReadFlags::CREATE) {
            Change::Begun(name)
        } else if flags.contains(ReadFlags::MODIFY) {
            Change::Written(name)
        } else {
            Change::Gone(name)
        };
        changes.push((folder, change));
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    async fn until(watch: &mut Watch, wanted: &(usize, Change)) -> Vec<(usize, Change)> {
        let mut seen = Vec::new();
        let wait = async {
            while !seen.contains(wanted) {
                seen.extend(watch.next().await.expect("changes"));
            }
        };
        tokio::time::timeout(Duration::from_secs(10), wait).await.expect("told in time");
        seen
    }

    #[tokio::test]
    async fn a_file_is_whole_when_it_is_closed_or_moved_here() {
        let dir = tempfile::tempdir().expect("a folder");
        let (one, two) = (dir.path().join("one"), dir.path().join("two"));
        std::fs::create_dir(&one).expect("made");
        std::fs::create_dir(&two).expect("made");
        let mut watch = Watch::new(&[&one, &two]).expect("watching");
        std::fs::write(one.join("a"), "text").expect("written");
        let seen = until(&mut watch, &(0, Change::Whole("a".into()))).await;
        assert_eq!(seen[0], (0, Change::Begun("a".into())));
        std::fs::rename(one.join("a"), two.join("b")).expect("moved");
        let seen = until(&mut watch, &(1, Change::Whole("b".into()))).await;
        assert_eq!(seen[0], (0, Change::Gone("a".into())));
    }

    #[tokio::test]
    async fn a_folder_made_anew_is_watched_after_a_renewal() {
        let dir = tempfile::tempdir().expect("a folder");
        let folder = dir.path().join("in");
        std::fs::create_dir(&folder).expect("made");
        let mut watch = Watch::new(&[&folder]).expect("watching");
        std::fs::remove_dir(&folder).expect("removed");
        std::fs::create_dir(&folder).expect("made anew");
        watch.renew().expect("renewed");
        std::fs::write(folder.join("a"), "").expect("written");
        until(&mut watch, &(0, Change::Whole("a".into()))).await;
    }
}
