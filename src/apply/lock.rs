//! One run at a time: the lock on the estate, with its holder named.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use thiserror::Error;

use crate::fs::PRIVATE_FILE;

/// The lock, held until dropped.
#[derive(Debug)]
pub struct Lock(File);

/// Why the lock was not had.
#[derive(Debug, Error)]
pub enum LockError {
    /// Another run has it.
    #[error("another run holds this estate: {0}")]
    Held(String),
    /// The file cannot be made or locked.
    #[error("the estate cannot be locked: {0}")]
    Io(#[from] io::Error),
}

const NAME: &str = "lock";

impl Lock {
    /// Takes the lock of the estate in this folder, which must exist; `verb` is what is being done.
    pub fn take(dir: &Path, verb: &str) -> Result<Self, LockError> {
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(PRIVATE_FILE)
            .open(dir.join(NAME))?;
        // Somebody who only looks holds the lock for an instant (see `holder`): that is no other run.
        let until = Instant::now() + Duration::from_millis(200);
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if Instant::now() < until => std::thread::yield_now(),
                Err(TryLockError::WouldBlock) => return Err(LockError::Held(text(&mut file)?)),
                Err(TryLockError::Error(error)) => return Err(error.into()),
            }
        }
        file.set_len(0)?;
        file.rewind()?;
        let since = jiff::Zoned::now().strftime("%Y-%m-%d %H:%M:%S");
        write!(file, "{verb}, process {}, since {since}", std::process::id())?;
        Ok(Self(file))
    }

    /// As [`Lock::take`], but waits up to 30 s for what a dead run's commands still have in hand.
    pub fn take_after_death(dir: &Path, verb: &str) -> Result<Self, LockError> {
        match Self::take(dir, verb) {
            Err(LockError::Held(holder)) if !lives(&holder) => {
                let file = File::open(dir.join(NAME))?;
                let (tell, told) = mpsc::channel();
                // The lock call has no deadline of its own; a thread that waits too long ends with our process.
                std::thread::spawn(move || tell.send(file.lock_shared()));
                match told.recv_timeout(Duration::from_secs(30)) {
                    Ok(locked) => locked.map_err(LockError::from).and_then(|()| Self::take(dir, verb)),
                    Err(_) => Err(LockError::Held(format!("what is left of: {holder}"))),
                }
            }
            other => other,
        }
    }

    /// The same lock for a command that we start: it lasts until that ends too.
    pub fn share(&self) -> io::Result<File> {
        self.0.try_clone()
    }

    /// Who holds the lock of this estate, if anybody does. Takes nothing.
    pub fn holder(dir: &Path) -> io::Result<Option<String>> {
        let mut file = match File::open(dir.join(NAME)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            other => other?,
        };
        match file.try_lock_shared() {
            Ok(()) => Ok(None),
            Err(TryLockError::WouldBlock) => text(&mut file).map(Some),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Empties the file, so that it names nobody, and lets go.
    pub fn release(self) -> io::Result<()> {
        self.0.set_len(0)
    }
}

/// Whether the process that a holder's text names is there.
fn lives(holder: &str) -> bool {
    let pid = holder.split("process ").nth(1).and_then(|rest| rest.split(',').next()).unwrap_or_default();
    !pid.is_empty() && Path::new("/proc").join(pid).join("exe").exists()
}

fn text(file: &mut File) -> io::Result<String> {
    let mut text = String::new();
    file.read_to_string(&mut text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_run_is_told_who_holds_the_estate() {
        let dir = tempfile::tempdir().expect("a folder");
        let first = Lock::take(dir.path(), "install").expect("free");
        let Err(LockError::Held(holder)) = Lock::take(dir.path(), "install") else { panic!("not held") };
        assert!(holder.starts_with("install, process "));
        assert_eq!(Lock::holder(dir.path()).expect("asked"), Some(holder));
        first.release().expect("released");
        assert_eq!(Lock::holder(dir.path()).expect("asked"), None);
    }
}
