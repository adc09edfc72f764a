//! A process is alive when it holds the lock on its pid file.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::fs::PRIVATE_FILE;

/// The lock of a running server; released when the process ends, however it ends.
#[derive(Debug)]
pub struct PidFile(File);

/// Takes the lock and writes our process id. `Ok(None)` when another process holds it.
pub fn take(path: &Path) -> io::Result<Option<PidFile>> {
    let mut file = open(path)?;
    // Somebody who only looks holds the lock for an instant (see `holder`): that is no second server.
    let until = Instant::now() + Duration::from_millis(200);
    loop {
        match file.try_lock() {
            Ok(()) => break,
            Err(TryLockError::WouldBlock) if Instant::now() < until => std::thread::yield_now(),
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{}", std::process::id())?;
    Ok(Some(PidFile(file)))
}

/// The process id of the running server, or `None` when it is not running.
pub fn holder(path: &Path) -> io::Result<Option<u32>> {
    let mut file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        other => other?,
    };
    match file.try_lock_shared() {
        Ok(()) => Ok(None),
        Err(TryLockError::WouldBlock) => {
            let mut text = String::new();
            file.read_to_string(&mut text)?;
            Ok(Some(text.trim().parse().unwrap_or(0)))
        }
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Asks the running server to end with SIGTERM, for one that does not answer on its socket.
pub fn terminate(path: &Path) -> io::Result<()> {
    match holder(path)?.and_then(|pid| i32::try_from(pid).ok()).and_then(Pid::from_raw) {
        Some(pid) => Ok(kill_process(pid, Signal::TERM)?),
        None => Ok(()),
    }
}

/// Waits until no process holds the lock any more. `false` when the deadline passed before.
pub fn wait_until_free(path: &Path, deadline: Duration) -> io::Result<bool> {
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
        other => other?,
    };
    let (tell, told) = mpsc::channel();
    // The lock call has no deadline of its own; a thread that waits too long ends with our process.
    std::thread::spawn(move || tell.send(file.lock_shared()));
    match told.recv_timeout(deadline) {
        Ok(locked) => locked.map(|()| true),
        Err(_) => Ok(false),
    }
}

impl PidFile {
    /// Releases the lock early (dropping does the same).
    pub fn release(self) -> io::Result<()> {
        self.0.unlock()
    }
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(PRIVATE_FILE).open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_holder_of_the_lock_counts_as_alive() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("server.pid");
        assert_eq!(holder(&path).expect("asked"), None);
        let held = take(&path).expect("asked").expect("free");
        assert_eq!(holder(&path).expect("asked"), Some(std::process::id()));
        assert!(take(&path).expect("asked").is_none());
        assert!(!wait_until_free(&path, Duration::from_millis(20)).expect("asked"));
        held.release().expect("released");
        assert!(wait_until_free(&path, Duration::from_secs(5)).expect("asked"));
        assert_eq!(holder(&path).expect("asked"), None);
    }
}
