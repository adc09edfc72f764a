//! Compiling a map, and mapping one document, in a process of its own with a deadline.

use std::io;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};

use rustix::process::Signal;

use super::sandbox::NOT_TURNED;
use crate::daemon::log::one_line;

/// The largest document that a map may make, in bytes.
const MAX_OUTPUT: usize = 64 * 1024 * 1024;
/// The longest reason, in bytes.
const MAX_REASON: u64 = 4096;

/// How such a process is started.
#[derive(Debug, Clone)]
pub struct Runner {
    program: PathBuf,
    deadline: Duration,
}

/// Why a document was not turned, or a map does not compile.
#[derive(Debug, PartialEq, Eq)]
pub enum Unmapped {
    /// It never will be: the document or the map is at fault. One line.
    Rejected(String),
    /// It may be later: the system had no process for it.
    Later(String),
}

impl Runner {
    /// Maps with this very program, even if its file was replaced meanwhile.
    pub fn new(deadline: Duration) -> Self {
        Self::with_program(PathBuf::from("/proc/self/exe"), deadline)
    }

    /// Maps with another copy of the program.
    pub fn with_program(program: PathBuf, deadline: Duration) -> Self {
        Self { program, deadline }
    }

    /// Checks that a map compiles.
    pub async fn check(&self, map: &str) -> Result<(), Unmapped> {
        self.run(&["b2bi", "map", "--check"], map, &[]).await.map(drop)
    }

    /// Turns one document.
    pub async fn turn(&self, map: &str, document: &[u8]) -> Result<Vec<u8>, Unmapped> {
        self.run(&["b2bi", "map"], map, document).await
    }

    async fn run(&self, arguments: &[&str], map: &str, document: &[u8]) -> Result<Vec<u8>, Unmapped> {
        let later = |error: io::Error| Unmapped::Later(format!("no process for the map: {error}"));
        let child = Command::new(&self.program)
            .args(arguments)
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(later)?;
        match tokio::time::timeout(self.deadline, exchange(child, map, document)).await {
            Err(_) => Err(Unmapped::Rejected(format!("the map took longer than {} s", self.deadline.as_secs_f32()))),
            Ok(ended) => verdict(ended.map_err(later)?),
        }
    }
}

struct Ended {
    status: ExitStatus,
    output: Vec<u8>,
    reason: Vec<u8>,
}

async fn exchange(mut child: Child, map: &str, document: &[u8]) -> io::Result<Ended> {
    let (Some(mut input), Some(output), Some(reason)) = (child.stdin.take(), child.stdout.take(), child.stderr.take())
    else {
        return Err(io::Error::other("its pipes are missing"));
    };
    let send = async move {
        let length = u32::try_from(map.len()).map_err(io::Error::other)?;
        input.write_all(&length.to_be_bytes()).await?;
        input.write_all(map.as_bytes()).await?;
        input.write_all(document).await?;
        input.shutdown().await
    };
    // A process that died early does not read to the end: its exit tells more than the broken pipe.
    let (_, output, reason) = tokio::join!(send, all(output, MAX_OUTPUT as u64 + 1), all(reason, MAX_REASON));
    let (output, reason) = (output?, reason?);
    if output.len() > MAX_OUTPUT {
        child.start_kill()?;
    }
    Ok(Ended { status: child.wait().await?, output, reason })
}

async fn all(from: impl AsyncRead + Unpin, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(most).read_to_end(&mut bytes).await?;
    Ok(bytes)
}

fn verdict(ended: Ended) -> Result<Vec<u8>, Unmapped> {
    if ended.output.len() > MAX_OUTPUT {
        return Err(Unmapped::Rejected(format!("the map gave more than {} MiB", MAX_OUTPUT / 1024 / 1024)));
    }
    match ended.status.code() {
        Some(0) => Ok(ended.output),
        Some(code) if code == i32::from(NOT_TURNED) => {
            Err(Unmapped::Rejected(one_line(String::from_utf8_lossy(&ended.reason).trim_end(), 400)))
        }
        Some(code) => Err(Unmapped::Later(format!("the process for the map ended with code {code}"))),
        None => Err(killed(ended.status.signal().and_then(Signal::from_named_raw))),
    }
}

/// What a signal that ended the process says of the map: its own limits end it with few of them, and every other came
/// from outside.
fn killed(signal: Option<Signal>) -> Unmapped {
    match signal {
        Some(Signal::ABORT | Signal::SEGV | Signal::BUS) => {
            Unmapped::Rejected("the map needs more memory or nests deeper than it may".to_owned())
        }
        Some(Signal::XCPU) => Unmapped::Rejected("the map needs more processor time than it may".to_owned()),
        _ => Unmapped::Later("the process for the map was ended from outside".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_map_did_itself_counts_against_the_document() {
        for signal in [Signal::ABORT, Signal::SEGV, Signal::XCPU] {
            assert!(matches!(killed(Some(signal)), Unmapped::Rejected(_)), "{signal:?}");
        }
        for signal in [Signal::TERM, Signal::INT, Signal::HUP, Signal::KILL] {
            assert!(matches!(killed(Some(signal)), Unmapped::Later(_)), "{signal:?}");
        }
    }
}
