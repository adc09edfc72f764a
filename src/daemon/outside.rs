//! A server of ours as others see it: started, stopped, reloaded and asked from another process.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};

use super::control::{self, NOT_ACCEPTED, Refusal};
use super::failure::Failure;
use super::launch::{self, Report};
use super::pidfile;

/// How long a server has to become ready.
const START: Duration = Duration::from_mins(1);
/// How long it has to end.
const STOP: Duration = Duration::from_secs(20);
/// How long it has to answer.
const ANSWER: Duration = Duration::from_secs(5);
/// How long it has to answer when it must prove before.
const PROOF: Duration = Duration::from_secs(35);

/// One server, by its files.
#[derive(Debug, Clone)]
pub struct Server {
    /// Its name for people.
    pub name: String,
    /// The file whose lock it holds while it runs.
    pub pid: PathBuf,
    /// Its control socket.
    pub socket: PathBuf,
    /// Its log.
    pub log: PathBuf,
    /// Its log as people read it.
    pub shown_log: String,
}

impl Server {
    /// Whether its process is alive, and its id.
    pub fn alive(&self) -> Result<Option<u32>, Failure> {
        pidfile::holder(&self.pid)
            .map_err(|error| Failure::CannotTell(format!("the pid file of {} cannot be read: {error}", self.name)))
    }

    /// Starts our own binary with these arguments and waits until the server is ready. The report's code is the one that
    /// the verb ends with.
    pub fn start(&self, arguments: &[OsString]) -> Result<Report, Failure> {
        if let Some(pid) = self.alive()? {
            return Ok(Report { code: 0, message: format!("{} is already running (process {pid})", self.name) });
        }
        launch::start(arguments, &self.log, START)
            .map_err(|error| Failure::Failed(format!("{} did not start: {error}; see {}", self.name, self.shown_log)))
    }

    /// Ends it and waits until it is gone. `false` when it did not run.
    pub fn stop(&self) -> Result<bool, Failure> {
        let Some(pid) = self.alive()? else { return Ok(false) };
        let told = control::ask(&self.socket, &json!({ "do": "stop" }), ANSWER);
        // It may end before its answer is written; one that is still starting has no socket yet.
        if told.is_err() {
            let _ = pidfile::terminate(&self.pid);
        }
        let gone = pidfile::wait_until_free(&self.pid, STOP);
        if gone.map_err(|error| Failure::CannotTell(format!("{}: {error}", self.name)))? {
            Ok(true)
        } else {
            Err(Failure::Failed(format!("{} (process {pid}) did not end within {} s", self.name, STOP.as_secs())))
        }
    }

    /// Makes it read its secret anew; its answer.
    pub fn reload(&self) -> Result<Value, Failure> {
        if self.alive()?.is_none() {
            return Err(Failure::CannotTell(format!("{} is not running", self.name)));
        }
        let name = &self.name;
        control::ask(&self.socket, &json!({ "do": "reload" }), PROOF).map_err(|error| match Refusal::of(&error) {
            Some(refusal) if refusal.is(NOT_ACCEPTED) => Failure::NotAccepted(format!("{name}: {refusal}")),
            Some(refusal) => Failure::CannotTell(format!("{name}: {refusal}")),
            None => Failure::CannotTell(format!("{name} does not answer: {error}")),
        })
    }

    /// What it says of itself, if it is ready.
    pub fn status(&self) -> Option<Value> {
        control::ask(&self.socket, &json!({ "do": "status" }), ANSWER).ok()
    }
}
