//! Locks on files, by which processes find each other: taken whole, looked at, or waited for.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use super::PRIVATE_FILE;

/// How long whoever only looks (see [`held`]) may keep the lock from its next owner.
const LOOK: Duration = Duration::from_millis(200);

/// Takes the lock on a file, which is made (0600) when it is not there. `Err` with the file's text when it is held.
pub fn take(path: &Path) -> io::Result<Result<File, String>> {
    let mut file = open(path)?;
    let until = Instant::now() + LOOK;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Ok(file)),
            Err(TryLockError::WouldBlock) if Instant::now() < until => std::thread::yield_now(),
            Err(TryLockError::WouldBlock) => return text(&mut file).map(Err),
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
}

/// Takes the lock on a file, however long that lasts.
pub fn wait(path: &Path) -> io::Result<File> {
    let file = open(path)?;
    file.lock()?;
    Ok(file)
}

/// The text of a file whose lock is held; `None` when it is free or not there. Nothing is taken.
pub fn held(path: &Path) -> io::Result<Option<String>> {
    let Some(mut file) = existing(path)? else { return Ok(None) };
    match file.try_lock_shared() {
        Ok(()) => Ok(None),
        Err(TryLockError::WouldBlock) => text(&mut file).map(Some),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Waits until nobody holds the lock any more. `false` when the deadline passed before.
pub fn wait_until_free(path: &Path, deadline: Duration) -> io::Result<bool> {
    let Some(file) = existing(path)? else { return Ok(true) };
    let (tell, told) = mpsc::channel();
    // The lock call has no deadline of its own; a thread that waits too long ends with our process.
    std::thread::spawn(move || tell.send(file.lock_shared()));
    match told.recv_timeout(deadline) {
        Ok(locked) => locked.map(|()| true),
        Err(_) => Ok(false),
    }
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(PRIVATE_FILE).open(path)
}

fn existing(path: &Path) -> io::Result<Option<File>> {
    match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        other => other.map(Some),
    }
}

fn text(file: &mut File) -> io::Result<String> {
    let mut text = String::new();
    file.read_to_string(&mut text)?;
    Ok(text)
}
