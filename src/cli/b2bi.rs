//! `countersign b2bi`: the embedded engines.

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::PossibleValue;
use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;
use tokio::runtime::Runtime;

use super::Scope;
use super::exit::Exit;
use super::failure::Failure;
use crate::b2bi::maps::{Task, work};
use crate::b2bi::{self, Connection, Engine, Home, Integration, Log, Seen};
use crate::daemon::launch::{self, Report};

/// Arguments of `b2bi`.
#[derive(Debug, Args)]
pub struct B2bi {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Run one engine in this process until it is told to end
    Serve(Serve),
    /// Start an engine, or both, and wait until ready
    Start(Which),
    /// Stop an engine, or both, and wait until gone
    Stop(Which),
    /// Make an engine, or both, read the shared secret anew and prove it
    Reload(Which),
    /// Tell how both engines are
    Status(Place),
    /// Prove the shared secret and register one engine, without starting it
    Register(One),
    /// Show where an engine's PassPort is, or change it for its next start
    Connection(Reconnect),
    /// Turn the document on standard input with the map before it
    #[command(hide = true)]
    Map {
        /// Only tell whether the map compiles
        #[arg(long)]
        check: bool,
    },
}

#[derive(Debug, Args)]
struct Place {
    /// The B2Bi Server's folder [default: b2bi in the estate]
    #[arg(long, value_name = "DIR")]
    home: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct One {
    #[command(flatten)]
    place: Place,
    /// Which engine
    #[arg(long)]
    engine: Engine,
}

#[derive(Debug, Args)]
struct Which {
    #[command(flatten)]
    place: Place,
    /// Which engine [default: both]
    #[arg(long)]
    engine: Option<Engine>,
}

#[derive(Debug, Args)]
struct Serve {
    #[command(flatten)]
    one: One,
    /// Leave the terminal's session and report on standard output when ready
    #[arg(long)]
    detached: bool,
}

#[derive(Debug, Args)]
struct Reconnect {
    #[command(flatten)]
    one: One,
    /// Host name or address
    #[arg(long)]
    host: Option<String>,
    /// Port of requests and proofs
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    https_port: Option<u16>,
    /// Port of everything after the registration
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    client_auth_port: Option<u16>,
    /// Domain
    #[arg(long)]
    domain: Option<String>,
}

impl ValueEnum for Engine {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.id()))
    }
}

impl B2bi {
    /// Runs it.
    pub fn run(&self, scope: &Scope) -> anyhow::Result<Exit> {
        match &self.verb {
            Verb::Serve(verb) => verb.run(scope),
            Verb::Start(verb) => verb.start(scope),
            Verb::Stop(verb) => verb.stop(scope),
            Verb::Reload(verb) => verb.reload(scope),
            Verb::Status(place) => status(&place.home(scope)?, scope),
            Verb::Register(verb) => verb.register(scope),
            Verb::Connection(verb) => verb.run(scope),
            Verb::Map { check } => Ok(Exit::from_code(work(if *check { Task::Check } else { Task::Turn }))),
        }
    }
}

impl Place {
    fn home(&self, scope: &Scope) -> Result<Home, Failure> {
        let folder = self.home.clone().unwrap_or_else(|| scope.dir().join("b2bi"));
        let home = Home::new(&folder).map_err(|error| Failure::refused(format!("{}: {error}", folder.display())))?;
        if home.exists() {
            Ok(home)
        } else {
            Err(Failure::refused(format!(
                "there is no B2Bi Server in {}: name its folder with --home",
                folder.display()
            )))
        }
    }
}

impl Serve {
    fn run(&self, scope: &Scope) -> anyhow::Result<Exit> {
        let (home, engine, detached) = (self.one.place.home(scope)?, self.one.engine, self.detached);
        if detached {
            launch::leave_session();
        }
        let log = Log::new(home.log(engine), !detached);
        let runtime = Runtime::new()?;
        let ready = || {
            if detached {
                tell(0, String::new());
            }
        };
        let ended = runtime.block_on(b2bi::run(&home, engine, &log, ready));
        runtime.shutdown_timeout(Duration::from_secs(1));
        let Err(failure) = ended else { return Ok(Exit::Done) };
        let exit = exit(&failure);
        if detached {
            tell(exit.code(), failure.to_string());
        } else {
            scope.note(&failure.to_string());
        }
        Ok(exit)
    }
}

fn tell(code: u8, message: String) {
    // A starter that went away needs no report.
    let _ = launch::report(&Report { code, message });
}

impl Which {
    fn engines(&self) -> Vec<Engine> {
        self.engine.map_or(Engine::ALL.to_vec(), |engine| vec![engine])
    }

    fn start(&self, scope: &Scope) -> anyhow::Result<Exit> {
        let home = self.place.home(scope)?;
        Ok(each(scope, self.engines(), |engine| match b2bi::start(&home, engine) {
            Ok(report) if report.code == 0 && report.message.is_empty() => (Exit::Done, format!("{engine} is ready")),
            Ok(report) => (Exit::from_code(report.code), report.message),
            Err(failure) => failed(&failure),
        }))
    }

    fn stop(&self, scope: &Scope) -> anyhow::Result<Exit> {
        let home = self.place.home(scope)?;
        let engines = self.engines().into_iter().rev().collect();
        Ok(each(scope, engines, |engine| match b2bi::stop(&home, engine) {
            Ok(true) => (Exit::Done, format!("{engine} is stopped")),
            Ok(false) => (Exit::Done, format!("{engine} was not running")),
            Err(failure) => failed(&failure),
        }))
    }

    fn reload(&self, scope: &Scope) -> anyhow::Result<Exit> {
        let home = self.place.home(scope)?;
        Ok(each(scope, self.engines(), |engine| match b2bi::reload(&home, engine) {
            Ok(id) => (Exit::Done, format!("{engine} holds the secret {id}")),
            Err(failure) => failed(&failure),
        }))
    }
}

/// Does the same with each engine, and goes on after a failure: so both requests of a first start wait at the
/// authority at once.
fn each(scope: &Scope, engines: Vec<Engine>, act: impl Fn(Engine) -> (Exit, String)) -> Exit {
    let mut ended = Vec::new();
    for engine in engines {
        let (exit, message) = act(engine);
        if exit != Exit::Done {
            scope.note(&message);
        }
        ended.push((engine, exit, message));
    }
    let lines: Vec<&str> = ended.iter().filter(|end| end.1 == Exit::Done).map(|end| end.2.as_str()).collect();
    let engines: Vec<_> = ended
        .iter()
        .map(|(engine, exit, message)| json!({ "engine": engine.id(), "code": exit.code(), "message": message }))
        .collect();
    if scope.json || !lines.is_empty() {
        scope.print(&lines.join("\n"), &json!({ "engines": engines }));
    }
    worst(ended.iter().map(|end| end.1))
}

/// The first failure; a pending registration only where nothing worse happened.
fn worst(exits: impl Iterator<Item = Exit> + Clone) -> Exit {
    let failures = exits.filter(|exit| *exit != Exit::Done);
    failures.clone().find(|exit| *exit != Exit::Pending).or_else(|| failures.clone().next()).unwrap_or(Exit::Done)
}

impl One {
    fn register(&self, scope: &Scope) -> anyhow::Result<Exit> {
        let (home, engine) = (self.place.home(scope)?, self.engine);
        let log = Log::new(home.log(engine), false);
        match Runtime::new()?.block_on(b2bi::register(&home, engine, &log)) {
            Ok(secret_id) => {
                let text = format!("{engine} is registered; PassPort accepted the secret {secret_id}");
                let value = json!({ "engine": engine.id(), "status": "Registered", "secret_id": secret_id });
                scope.print(&text, &value);
                Ok(Exit::Done)
            }
            Err(failure) => {
                b2bi::tell(&log, &failure);
                Err(Failure::new(exit(&failure), failure.to_string()).into())
            }
        }
    }
}

impl Reconnect {
    fn run(&self, scope: &Scope) -> anyhow::Result<Exit> {
        let (home, engine) = (self.one.place.home(scope)?, self.one.engine);
        let runtime = Runtime::new()?;
        let old = runtime.block_on(Integration::find(&home, engine)).map_err(|failure| ours(&failure))?.0.connection;
        let new = Connection {
            host: self.host.clone().unwrap_or_else(|| old.host.clone()),
            https_port: self.https_port.unwrap_or(old.https_port),
            client_auth_port: self.client_auth_port.unwrap_or(old.client_auth_port),
            domain: self.domain.clone().unwrap_or_else(|| old.domain.clone()),
        };
        if new != old {
            runtime.block_on(new.store(&home, engine)).map_err(|failure| ours(&failure))?;
        }
        let text = format!(
            "{engine}: PassPort at {}, ports {} and {}, domain {}",
            new.host, new.https_port, new.client_auth_port, new.domain
        );
        scope.print(&text, &json!({ "engine": engine.id(), "connection": new, "before": old, "changed": new != old }));
        Ok(Exit::Done)
    }
}

fn status(home: &Home, scope: &Scope) -> anyhow::Result<Exit> {
    let runtime = Runtime::new()?;
    let mut seen = Vec::new();
    for engine in Engine::ALL {
        seen.push(runtime.block_on(b2bi::see(home, engine)).map_err(|failure| ours(&failure))?);
    }
    let lines: Vec<String> = seen.iter().flat_map(describe).collect();
    scope.print(&lines.join("\n"), &json!({ "engines": seen }));
    Ok(if seen.iter().any(|seen| seen.process == "starting") { Exit::CannotTell } else { Exit::Done })
}

fn describe(seen: &Seen) -> Vec<String> {
    let process = seen.pid.map_or(String::new(), |pid| format!(" (process {pid})"));
    let registration = seen.registration.as_ref().map_or("registration unknown".to_owned(), ToString::to_string);
    let mut lines = vec![format!("{:<12} {}{process}, {registration}", seen.engine, seen.process)];
    if let Some(status) = &seen.status {
        let good = status.maps.iter().filter(|map| map.deployed).count();
        let tables = if status.tables.current { "up to date" } else { "not up to date" };
        let (secret, version, all) = (&status.secret_id, status.tables.version, status.maps.len());
        let more = format!(", secret {secret}, tables {version} {tables}, maps {good} of {all} deployed");
        lines[0].push_str(&more);
        let bad = status.maps.iter().filter_map(|map| Some((&map.name, map.error.as_ref()?)));
        lines.extend(bad.map(|(name, error)| format!("{:<12} map {name} is not deployed: {error}", "")));
    }
    lines
}

fn failed(failure: &b2bi::Failure) -> (Exit, String) {
    (exit(failure), failure.to_string())
}

fn ours(failure: &b2bi::Failure) -> Failure {
    Failure::new(exit(failure), failure.to_string())
}

fn exit(failure: &b2bi::Failure) -> Exit {
    match failure {
        b2bi::Failure::AlreadyRunning(_) => Exit::Done,
        b2bi::Failure::Refused(_) => Exit::Refused,
        b2bi::Failure::CannotTell(_) => Exit::CannotTell,
        b2bi::Failure::Pending(_) => Exit::Pending,
        b2bi::Failure::NotAccepted(_) => Exit::NotAccepted,
        b2bi::Failure::Failed(_) => Exit::PutBack,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pending_registration_counts_only_where_nothing_worse_happened() {
        let of = |exits: &[Exit]| worst(exits.iter().copied());
        assert_eq!(of(&[Exit::Done, Exit::Done]), Exit::Done);
        assert_eq!(of(&[Exit::Pending, Exit::NotAccepted]), Exit::NotAccepted);
        assert_eq!(of(&[Exit::Done, Exit::Pending]), Exit::Pending);
        assert_eq!(of(&[Exit::CannotTell, Exit::NotAccepted]), Exit::CannotTell);
    }
}
