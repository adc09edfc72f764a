//! Starting a server of ours so that it outlives us, and learning when it is ready or why it is not.
//!
//! The child inherits a pipe as standard output. It writes one line of JSON, a [`Report`], and then lets go of the
//! pipe; the parent reads that line, so nobody polls and nobody guesses.

use std::ffi::OsString;
use std::fs::OpenOptions;
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use rustix::fs::{Mode, OFlags};
use serde::{Deserialize, Serialize};

use super::descriptors;
use crate::fs::PRIVATE_FILE;

/// What a starting server says of itself, once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The exit code that the start verb should have: 0 ready, 6 registration pending, 7 not accepted …
    pub code: u8,
    /// One line for a person; empty when all is well.
    pub message: String,
}

/// Starts our own binary with these arguments, detached, its standard error going to `log`.
///
/// Its environment is cleared, and it inherits no descriptor but those three. Returns what the child reported; a child that dies without a word is reported with
/// its own exit code, and one that says nothing within the deadline is ended.
pub fn start(arguments: &[OsString], log: &Path, deadline: Duration) -> io::Result<Report> {
    let errors = OpenOptions::new().append(true).create(true).mode(PRIVATE_FILE).open(log)?;
    descriptors::keep_from_children();
    let mut child = Command::new(std::env::current_exe()?)
        .args(arguments)
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(errors)
        .spawn()?;
    let line = first_line(&mut child, deadline)?;
    if line.is_empty() {
        return died(&mut child, log);
    }
    let report = serde_json::from_str(&line)
        .unwrap_or_else(|_| Report { code: 1, message: "the server gave an answer that is no report".into() });
    if report.code != 0 {
        // It ends by itself after its report; wait, so that its ports and files are free again.
        let _ = child.wait();
    }
    Ok(report)
}

fn first_line(child: &mut Child, deadline: Duration) -> io::Result<String> {
    let Some(mut pipe) = child.stdout.take() else { return Ok(String::new()) };
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        let mut text = String::new();
        let read = pipe.read_to_string(&mut text).map(|_| text);
        tell.send(read)
    });
    if let Ok(text) = told.recv_timeout(deadline) {
        return text;
    }
    child.kill()?;
    child.wait()?;
    Err(io::Error::new(io::ErrorKind::TimedOut, format!("not ready within {} s", deadline.as_secs())))
}

fn died(child: &mut Child, log: &Path) -> io::Result<Report> {
    let status = child.wait()?;
    let code = status.code().and_then(|code| u8::try_from(code).ok()).filter(|code| *code != 0).unwrap_or(1);
    Ok(Report { code, message: format!("it ended at once ({status}); see {}", log.display()) })
}

/// The server's side: leaves the starter's session, so that its terminal's end is not ours.
pub fn leave_session() {
    // Fails only for a process that leads its group already; then there is nothing to leave.
    let _ = rustix::process::setsid();
}

/// The server's side: says how the start went and lets go of the pipe.
pub fn report(report: &Report) -> io::Result<()> {
    let line = serde_json::to_string(report)?;
    let mut out = io::stdout().lock();
    out.write_all(format!("{line}\n").as_bytes())?;
    out.flush()?;
    let nothing = rustix::fs::open("/dev/null", OFlags::RDWR, Mode::empty())?;
    rustix::stdio::dup2_stdout(&nothing)?;
    Ok(())
}
