//! The engines as others see them: started, stopped, reloaded and asked from another process.

use std::ffi::OsString;

use serde::Serialize;

use super::engine::Engine;
use super::failure::Failure;
use super::held::Status;
use super::home::Home;
use super::integration::Integration;
use crate::daemon::launch::Report;
use crate::daemon::outside::Server;
use crate::registration::state::State;

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
    server(home, engine).alive()
}

/// Starts an engine and waits until it is ready. The report's code is the one that the verb ends with.
pub fn start(home: &Home, engine: Engine) -> Result<Report, Failure> {
    let arguments: [OsString; 7] = [
        "b2bi".into(),
        "serve".into(),
        "--home".into(),
        home.folder().into(),
        "--engine".into(),
        engine.id().into(),
        "--detached".into(),
    ];
    server(home, engine).start(&arguments)
}

/// Ends an engine and waits until it is gone. `false` when it did not run.
pub fn stop(home: &Home, engine: Engine) -> Result<bool, Failure> {
    server(home, engine).stop()
}

/// Makes an engine read its secret anew; returns which of PassPort's secrets it now holds, where that is known.
pub fn reload(home: &Home, engine: Engine) -> Result<Option<String>, Failure> {
    server(home, engine).reload().map(|answer| answer["secret_id"].as_str().map(str::to_owned))
}

fn server(home: &Home, engine: Engine) -> Server {
    Server {
        name: engine.to_string(),
        pid: home.pid(engine),
        socket: home.socket(engine),
        log: home.log(engine),
        shown_log: engine.log().to_owned(),
    }
}

/// Tells how an engine is.
pub async fn see(home: &Home, engine: Engine) -> Result<Seen, Failure> {
    let pid = alive(home, engine)?;
    let status = pid.and_then(|_| server(home, engine).status());
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
