//! One run at a time: the lock on the estate, with its holder named.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

use thiserror::Error;

use crate::fs::lock;

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
/// How long a dead run's commands may go on with what they have in hand.
const LEFT_IN_HAND: Duration = Duration::from_secs(30);

impl Lock {
    /// Takes the lock of the estate in this folder, which must exist; `verb` is what is being done.
    pub fn take(dir: &Path, verb: &str) -> Result<Self, LockError> {
        let mut file = lock::take(&dir.join(NAME))?.map_err(LockError::Held)?;
        file.set_len(0)?;
        let since = jiff::Zoned::now().strftime("%Y-%m-%d %H:%M:%S");
        write!(file, "{verb}, process {}, since {since}", std::process::id())?;
        Ok(Self(file))
    }

    /// As [`Lock::take`], but waits up to 30 s for what a dead run's commands still have in hand.
    pub fn take_after_death(dir: &Path, verb: &str) -> Result<Self, LockError> {
        match Self::take(dir, verb) {
            Err(LockError::Held(holder)) if !lives(&holder) => {
                if lock::wait_until_free(&dir.join(NAME), LEFT_IN_HAND)? {
                    Self::take(dir, verb)
                } else {
                    Err(LockError::Held(format!("what is left of: {holder}")))
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
        lock::held(&dir.join(NAME))
    }

    /// The holder of this estate's lock, if that is a run that still lives and not what a dead one left in hand.
    pub fn living_holder(dir: &Path) -> io::Result<Option<String>> {
        Ok(Self::holder(dir)?.filter(|holder| lives(holder)))
    }

    /// Empties the file, so that it names nobody, and lets go.
    pub fn release(self) -> io::Result<()> {
        self.0.set_len(0)
    }
}

/// Whether the process that a holder's text names is there, and not merely waiting to be reaped.
fn lives(holder: &str) -> bool {
    let pid = holder.split("process ").nth(1).and_then(|rest| rest.split(',').next()).unwrap_or_default();
    // Its state is open to everybody; what it runs is not, since our processes cannot be looked into (see `secret`).
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(") ").is_some_and(|(_, state)| !state.starts_with('Z'))
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

    #[test]
    fn only_a_living_holder_counts() {
        let mut child = std::process::Command::new("true").spawn().expect("started");
        let of = |pid: u32| format!("install, process {pid}, since 2026-01-01 00:00:00");
        assert!(lives(&of(std::process::id())));
        // Process 1 is somebody else's for most who run this.
        assert!(lives(&of(1)));
        child.wait().expect("ended");
        assert!(!lives(&of(child.id())));
        assert!(!lives(""));
    }
}
