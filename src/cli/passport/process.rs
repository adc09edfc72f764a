//! The authority as a process: serve, start, stop, status, and acts of a running one.

use std::ffi::OsString;
use std::io;
use std::time::Duration;

use serde_json::{Value, json};

use super::{Exit, Failure, Scope, done, failure};
use crate::daemon::launch::{self, Report};
use crate::daemon::{control, descriptors, pidfile};
use crate::passport::config::Config;
use crate::passport::serve::{self, ServeError};
use crate::passport::{Fault, Home};

/// How long a start may take.
const START: Duration = Duration::from_secs(30);
/// How long a stop may take: the answers under way are finished first.
const STOP: Duration = Duration::from_secs(15);
/// How long a running authority may take to answer an administrator.
const ACT: Duration = Duration::from_secs(10);

pub(super) fn serve(home: &Home, detached: bool) -> anyhow::Result<Exit> {
    if detached {
        launch::leave_session();
    }
    descriptors::take_all();
    let runtime = tokio::runtime::Runtime::new()?;
    let served = runtime.block_on(async {
        let ready = match serve::open(home).await {
            Ok(ready) => ready,
            Err(error) if detached => {
                let exit = refusal(&error);
                tell(exit, error.to_string());
                return Ok(exit);
            }
            Err(error) => return Err(Failure::new(refusal(&error), error.to_string()).into()),
        };
        if detached {
            tell(Exit::Done, String::new());
        } else {
            eprintln!("PassPort is ready: {}", ready.address());
        }
        ready.serve().await?;
        Ok(Exit::Done)
    });
    runtime.shutdown_timeout(Duration::from_secs(1));
    served
}

fn tell(exit: Exit, message: String) {
    // A starter that went away needs no report.
    let _ = launch::report(&Report { code: exit.code(), message });
}

pub(super) fn start(home: &Home, scope: &Scope) -> anyhow::Result<Exit> {
    if let Some(pid) = pidfile::holder(&home.pid_file())? {
        let text = format!("PassPort is already running with pid {pid}");
        return Ok(done(scope, &text, &json!({ "process": "running", "started": false })));
    }
    if !home.config().exists() {
        let error = ServeError::NoHome(home.path().display().to_string());
        return Err(Failure::refused(error.to_string()).into());
    }
    let arguments: [OsString; 5] =
        ["passport".into(), "serve".into(), "--home".into(), home.path().into(), "--detached".into()];
    let report = launch::start(&arguments, &home.log(), START)
        .map_err(|error| Failure::new(Exit::PutBack, format!("PassPort did not start: {error}")))?;
    match report.code {
        0 => Ok(done(scope, "PassPort is ready", &json!({ "process": "running", "started": true }))),
        code => Err(Failure::new(Exit::from_code(code), report.message).into()),
    }
}

pub(super) fn stop(home: &Home, scope: &Scope) -> anyhow::Result<Exit> {
    let Some(pid) = pidfile::holder(&home.pid_file())? else {
        return Ok(done(scope, "PassPort was not running", &json!({ "process": "stopped", "stopped": false })));
    };
    let asked = control::ask(&home.admin_socket(), &json!({ "do": "stop" }), ACT);
    // It may end before its answer is written; one that is still starting has no socket yet.
    let told = if asked.is_ok() { Ok(()) } else { pidfile::terminate(&home.pid_file()) };
    if pidfile::wait_until_free(&home.pid_file(), STOP)? {
        return Ok(done(scope, "PassPort is stopped", &json!({ "process": "stopped", "stopped": true })));
    }
    let why = match told {
        Ok(()) => format!("still runs {} s after it was told to end", STOP.as_secs()),
        Err(error) => format!("does not answer and cannot be sent SIGTERM: {error}"),
    };
    Err(Failure::new(Exit::PutBack, format!("PassPort (pid {pid}) {why}")).into())
}

pub(super) fn status(home: &Home, scope: &Scope) -> anyhow::Result<Exit> {
    let cannot_tell = |text: String| Failure::new(Exit::CannotTell, text);
    let config = Config::read(home).map_err(|error| cannot_tell(error.to_string()))?;
    let Some(pid) = pidfile::holder(&home.pid_file())? else {
        let value = json!({
            "process": "stopped", "https_port": config.https_port, "client_auth_port": config.client_auth_port,
            "version": null, "pid": null,
        });
        scope.print("PassPort is stopped", &value);
        return Ok(Exit::CannotTell);
    };
    let answer = control::ask(&home.admin_socket(), &json!({ "do": "status" }), ACT)
        .map_err(|error| cannot_tell(format!("PassPort (pid {pid}) does not answer: {error}")))?;
    let (https, client_auth) = (&answer["https_port"], &answer["client_auth_port"]);
    let value = json!({
        "process": "running", "https_port": https, "client_auth_port": client_auth,
        "version": answer["version"], "pid": pid,
    });
    let text = format!("PassPort is running (process {pid}): HTTPS {https}, client authentication {client_auth}");
    Ok(done(scope, &text, &value))
}

/// One act of a running authority.
pub(super) fn act(home: &Home, request: &Value) -> anyhow::Result<Value> {
    if pidfile::holder(&home.pid_file())?.is_none() {
        let text = "PassPort is not running: start it with `countersign passport start`";
        return Err(Failure::new(Exit::CannotTell, text).into());
    }
    Ok(control::ask(&home.admin_socket(), request, ACT).map_err(|error| unanswered(&error))?)
}

/// Only the authority's own word is a refusal; without its answer nobody knows what became of the act.
pub(super) fn unanswered(error: &io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::Other => Failure::refused(error.to_string()),
        _ => Failure::new(Exit::CannotTell, format!("PassPort does not answer: {error}")),
    }
}

fn refusal(error: &ServeError) -> Exit {
    match error {
        // Somebody ended it, which is no refusal either.
        ServeError::Ended(_) => Exit::PutBack,
        // A broken database or a full disk is nothing that was refused.
        ServeError::Fault(fault) if !matches!(fault, Fault::Refused(_)) => failure(fault).exit,
        _ => Exit::Refused,
    }
}
