//! `gateway serve`, `start`, `stop`, `reload` and `status`.

use std::net::SocketAddr;

use clap::Args;
use serde_json::{Value, json};

use super::{Exit, Home, Scope, log, ours};
use crate::daemon::descriptors;
use crate::daemon::launch::{self, Report};
use crate::gateway::{self, Log, NAME};

/// Where, and for whom.
#[derive(Debug, Args)]
pub struct Serve {
    /// Where web servers ask [default: `listen` in gateway.toml, else 127.0.0.1:6180 or, if that is taken, any port]
    #[arg(long, value_name = "ADDR:PORT")]
    listen: Option<SocketAddr>,
    /// Started by `start`: report on standard output and leave the terminal
    #[arg(long, hide = true)]
    detached: bool,
}

impl Serve {
    /// Runs it until it is told to end.
    pub fn run(&self, home: &Home, scope: &Scope) -> Exit {
        let detached = self.detached;
        if detached {
            launch::leave_session();
        }
        descriptors::take_all();
        let log = Log::new(home.log(), !detached);
        let ready = || {
            if detached {
                tell(0, String::new());
            }
        };
        let Err(failure) = gateway::run(home, self.listen, &log, ready) else { return Exit::Done };
        let exit = failure.exit();
        if detached {
            tell(exit.code(), failure.to_string());
        } else {
            scope.note(&failure.to_string());
        }
        exit
    }
}

fn tell(code: u8, message: String) {
    // A starter that went away needs no report.
    let _ = launch::report(&Report { code, message });
}

/// Starts it, unless it runs, and tells of repositories that serve no request.
pub fn start(home: &Home, scope: &Scope) -> anyhow::Result<Exit> {
    let server = home.server();
    let arguments = ["gateway".into(), "serve".into(), "--home".into(), home.folder().into(), "--detached".into()];
    let report = server.start(&arguments).map_err(|failure| ours(&failure))?;
    if report.code != 0 {
        scope.note(&format!("countersign: {}", report.message));
        if scope.json {
            scope.print("", &json!({ "process": "stopped", "code": report.code, "message": report.message }));
        }
        return Ok(Exit::from_code(report.code));
    }
    let status = server.status();
    let unserved = unserved(status.as_ref());
    for (name, _, why) in &unserved {
        scope.note(&format!("countersign: {name}: {why}"));
    }
    let text = if report.message.is_empty() { format!("{NAME} is ready") } else { report.message };
    scope.print(&text, &json!({ "process": "running", "status": status }));
    Ok(worst(&unserved))
}

/// Stops it, if it runs.
pub fn stop(home: &Home, scope: &Scope) -> anyhow::Result<Exit> {
    let ran = home.server().stop().map_err(|failure| ours(&failure))?;
    let text = if ran { "is stopped" } else { "was not running" };
    scope.print(&format!("{NAME} {text}"), &json!({ "process": "stopped", "ran": ran }));
    Ok(Exit::Done)
}

/// Makes it read its repositories anew.
pub fn reload(home: &Home, scope: &Scope) -> anyhow::Result<Exit> {
    let answer = home.server().reload().map_err(|failure| ours(&failure))?;
    let text = match answer["secret_id"].as_str() {
        Some(id) => format!("{NAME} holds the secret {id}"),
        None => format!("{NAME} read its repositories anew; which secret it holds is not known"),
    };
    scope.print(&text, &json!({ "secret_id": answer["secret_id"] }));
    Ok(Exit::Done)
}

/// Tells how it is.
pub fn status(home: &Home, scope: &Scope) -> anyhow::Result<Exit> {
    let server = home.server();
    let pid = server.alive().map_err(|failure| ours(&failure))?;
    let status = pid.and_then(|_| server.status());
    let (process, exit) = match (&pid, &status) {
        (None, _) => ("stopped", Exit::Done),
        (Some(_), None) => ("starting", Exit::CannotTell),
        (Some(_), Some(_)) => ("running", Exit::Done),
    };
    let mut lines = vec![match pid {
        Some(pid) => format!("{NAME} {process} (process {pid})"),
        None => format!("{NAME} {process}"),
    }];
    if let Some(status) = &status {
        lines.extend(status["listen"].as_str().map(|address| format!("answers web servers at {address}")));
        lines.extend(status["repositories"].as_array().into_iter().flatten().map(described));
    } else if let Ok(all) = gateway::all(home, &log(home)) {
        let state = |one: &gateway::Named| match &one.link {
            Ok(link) => link.access.site.state().to_string(),
            Err(failure) => failure.to_string(),
        };
        lines.extend(all.iter().map(|one| format!("{}: {}", one.name, state(one))));
    }
    scope.print(&lines.join("\n"), &json!({ "process": process, "pid": pid, "status": status }));
    Ok(exit)
}

fn described(one: &Value) -> String {
    let text = |key: &str| one[key].as_str().unwrap_or("-").to_owned();
    let serves = match one["detail"].as_str() {
        None => "serves".to_owned(),
        Some(why) => format!("serves no request: {why}"),
    };
    format!("{}: {}, secret {}, {serves}", text("repository"), text("registration"), text("secret_id"))
}

/// Name, exit code and reason of the repositories that serve no request.
fn unserved(status: Option<&Value>) -> Vec<(String, Exit, String)> {
    let all = status.and_then(|status| status["repositories"].as_array());
    let one = |one: &Value| {
        let code = one["code"].as_u64().and_then(|code| u8::try_from(code).ok()).filter(|code| *code != 0)?;
        let text = |key: &str| one[key].as_str().unwrap_or_default().to_owned();
        Some((text("repository"), Exit::from_code(code), text("detail")))
    };
    all.into_iter().flatten().filter_map(one).collect()
}

/// The first failure; a pending registration only where nothing worse happened.
fn worst(unserved: &[(String, Exit, String)]) -> Exit {
    let mut exits = unserved.iter().map(|one| one.1);
    let first = exits.clone().next();
    exits.find(|exit| *exit != Exit::Pending).or(first).unwrap_or(Exit::Done)
}
