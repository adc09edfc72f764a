//! One run at a time: the lock on the estate, with its holder named.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

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
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(LockError::Held(text(&mut file)?)),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        file.set_len(0)?;
        file.rewind()?;
        let since = jiff::Zoned::now().strftime("%Y-%m-%d %H:%M:%S");
        write!(file, "{verb}, process {}, since {since}", std::process::id())?;
        Ok(Self(file))
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
