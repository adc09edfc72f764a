//! A process is alive when it holds the lock on its pid file.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use rustix::process::{Pid, Signal, kill_process};

use crate::fs::lock;
pub use crate::fs::lock::wait_until_free;

/// The lock of a running server; released when the process ends, however it ends.
#[derive(Debug)]
pub struct PidFile(File);

/// Takes the lock and writes our process id. `Ok(None)` when another process holds it.
pub fn take(path: &Path) -> io::Result<Option<PidFile>> {
    let Ok(mut file) = lock::take(path)? else { return Ok(None) };
    file.set_len(0)?;
    writeln!(file, "{}", std::process::id())?;
    Ok(Some(PidFile(file)))
}

/// The process id of the running server, or `None` when it is not running.
pub fn holder(path: &Path) -> io::Result<Option<u32>> {
    Ok(lock::held(path)?.map(|text| text.trim().parse().unwrap_or(0)))
}

/// Asks the running server to end with SIGTERM, for one that does not answer on its socket.
pub fn terminate(path: &Path) -> io::Result<()> {
    match holder(path)?.and_then(|pid| i32::try_from(pid).ok()).and_then(Pid::from_raw) {
        Some(pid) => Ok(kill_process(pid, Signal::TERM)?),
        None => Ok(()),
    }
}

impl PidFile {
    /// Releases the lock early (dropping does the same).
    pub fn release(self) -> io::Result<()> {
        self.0.unlock()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

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
