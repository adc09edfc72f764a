//! Running the vendor's installer once.

use std::fs::File;
use std::io;
use std::time::Duration;

use thiserror::Error;

use crate::estate::capture::{End, capture};
use crate::estate::command::Input;

/// An installer that has ended. What it wrote is not shown as it is: it may have written the secret.
pub struct Ran {
    /// How it ended.
    pub end: End,
    /// What it wrote to standard output and standard error; of very much the beginning and the end.
    pub(super) output: String,
    /// Bytes in between that were not kept.
    pub(super) lost: u64,
}

/// An installer that could not be run.
#[derive(Debug, Error)]
#[error("{program} cannot be started: {error}")]
pub struct RunError {
    /// The first word of the command.
    pub program: String,
    /// Why.
    #[source]
    pub error: io::Error,
}

/// Runs a command with an empty environment, as a process group of its own, until it ends or the deadline is over: then
/// the whole group is ended. On its standard input it finds the estate's lock, which lasts then until it ends.
///
/// # Errors
/// It cannot be started. Whether it did its work is for [`super::verdict::judge`] to tell.
pub fn run(command: &[String], deadline: Duration, lock: Option<File>) -> Result<Ran, RunError> {
    let program = command.first().cloned().unwrap_or_default();
    let captured = capture(command, lock.map_or(Input::Nothing, Input::Lock), deadline)
        .map_err(|error| RunError { program, error })?;
    let (bytes, lost) = (captured.output.bytes(), captured.output.lost());
    Ok(Ran { end: captured.end, output: String::from_utf8_lossy(&bytes).into_owned(), lost })
}
