//! The engines as others see them: started, stopped, reloaded and asked from another process.

use std::ffi::OsString;
use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use super::engine::Engine;
use super::failure::Failure;
use super::held::Status;
use super::home::Home;
use super::integration::Integration;
use crate::daemon::control::{self, NOT_ACCEPTED, Refusal};
use crate::daemon::launch::{self, Report};
use crate::daemon::pidfile;
use crate::registration::state::State;

/// How long an engine has to become ready.
const START: Duration = Duration::from_mins(1);
/// How long it has to end.
const STOP: Duration = Duration::from_secs(20);
/// How long it has to answer.
const ANSWER: Duration = Duration::from_secs(5);
/// How long it has to answer when it must prove before.
const PROOF: Duration = Duration::from_secs(35);

/// How an engine is, from outside.
#[derive(Debug, Clone, Serialize)]
pub struct Seen {
    /// `integrator` or `interchange`.
    pub engine: &'static str,
    /// `running`, `starting` (alive, but not ready or not answering) or `stopped`.
    pub process: &'static str,
    /// Process id, when it is alive.
    pub pid: Option<u32>,
    /// State of its registration: its own word, or what its files tell.
    pub registration: Option<State>,
    /// What it says of itself, when it is ready.
    pub status: Option<Status>,
}

/// Whether the engine's process is alive, and its id.
pub fn alive(home: &Home, engine: Engine) -> Result<Option<u32>, Failure> {
    pidfile::holder(&home.pid(engine))
        .map_err(|error| Failure::CannotTell(format!("the pid file of {engine} cannot be read: {error}")))
}

/// Starts an engine and waits until it is ready. The report's code is the one that the verb ends with.
pub fn start(home: &Home, engine: Engine) -> Result<Report, Failure> {
    if let Some(pid) = alive(home, engine)? {
        return Ok(Report { code: 0, message: format!("{engine} is already running (process {pid})") });
    }
    let arguments: [OsString; 7] = [
        "b2bi".into(),
        "serve".into(),
        "--home".into(),
        home.folder().into(),
        "--engine".into(),
        engine.id().into(),
        "--detached".into(),
    ];
    launch::start(&arguments, &home.log(engine), START)
        .map_err(|error| Failure::Failed(format!("{engine} did not start: {error}; see {}", engine.log())))
}

/// Ends an engine and waits until it is gone. `false` when it did not run.
pub fn stop(home: &Home, engine: Engine) -> Result<bool, Failure> {
    let Some(pid) = alive(home, engine)? else { return Ok(false) };
    let told = control::ask(&home.socket(engine), &json!({ "do": "stop" }), ANSWER);
    // It may end before its answer is written; one that is still starting has no socket yet.
    if told.is_err() {
        let _ = pidfile::terminate(&home.pid(engine));
    }
    let gone = pidfile::wait_until_free(&home.pid(engine), STOP);
    if gone.map_err(|error| Failure::CannotTell(format!("{engine}: {error}")))? {
        Ok(true)
    } else {
        Err(Failure::Failed(format!("{engine} (process {pid}) did not end within {} s", STOP.as_secs())))
    }
}

/// Makes an engine read its secret anew; returns which of PassPort's secrets it now holds, where that is known.
pub fn reload(home: &Home, engine: Engine) -> Result<Option<String>, Failure> {
    if alive(home, engine)?.is_none() {
        return Err(Failure::CannotTell(format!("{engine} is not running")));
    }
    match control::ask(&home.socket(engine), &json!({ "do": "reload" }), PROOF) {
        Ok(answer) => Ok(answer["secret_id"].as_str().map(str::to_owned)),
        Err(error) => Err(match Refusal::of(&error) {
            Some(refusal) if refusal.is(NOT_ACCEPTED) => Failure::NotAccepted(format!("{engine}: {refusal}")),
            Some(refusal) => Failure::CannotTell(format!("{engine}: {refusal}")),
            None => Failure::CannotTell(format!("{engine} does not answer: {error}")),
        }),
    }
}

/// Tells how an engine is.
pub async fn see(home: &Home, engine: Engine) -> Result<Seen, Failure> {
    let pid = alive(home, engine)?;
    let status = pid.and_then(|_| control::ask(&home.socket(engine), &json!({ "do": "status" }), ANSWER).ok());
    let status: Option<Status> = status.and_then(|answer| serde_json::from_value(answer).ok());
    let registration = match &status {
        Some(status) => Some(status.registration.clone()),
        None => Integration::find(home, engine).await.ok().map(|(found, _)| found.site(home, engine).state()),
    };
    let process = match (&pid, &status) {
        (None, _) => "stopped",
        (Some(_), None) => "starting",
        (Some(_), Some(_)) => "running",
    };
    Ok(Seen { engine: engine.id(), process, pid, registration, status })
}
