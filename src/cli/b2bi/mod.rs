//! `countersign b2bi`: the embedded engines.

mod acts;
mod show;

use std::path::PathBuf;

use clap::builder::PossibleValue;
use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;
use tokio::runtime::Runtime;

use super::Scope;
use super::exit::Exit;
use super::failure::Failure;
use crate::b2bi::maps::{Task, work};
use crate::b2bi::{self, Engine, Home, Log};
use crate::daemon::descriptors;
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
    Start(acts::Which),
    /// Stop an engine, or both, and wait until gone
    Stop(acts::Which),
    /// Make an engine, or both, read the shared secret anew and prove it
    Reload(acts::Which),
    /// Tell how both engines are
    Status(Place),
    /// Prove the shared secret and register one engine, without starting it
    Register(Register),
    /// Show where an engine's PassPort is, or change it for its next start
    Connection(show::Reconnect),
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
struct Register {
    #[command(flatten)]
    one: One,
    /// Set keystore and temporaries aside (dated) and register anew
    #[arg(long)]
    again: bool,
}

#[derive(Debug, Args)]
struct Serve {
    #[command(flatten)]
    one: One,
    /// Started by `start`: report on standard output and leave the terminal
    #[arg(long, hide = true)]
    detached: bool,
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
            Verb::Status(place) => show::status(&place.home(scope)?, scope),
            Verb::Register(verb) => verb.run(scope),
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
        descriptors::take_all();
        let log = Log::new(home.log(engine), !detached);
        let ready = || {
            if detached {
                tell(0, String::new());
            }
        };
        let Err(failure) = b2bi::run(&home, engine, &log, ready) else { return Ok(Exit::Done) };
        let exit = failure.exit();
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

impl Register {
    fn run(&self, scope: &Scope) -> anyhow::Result<Exit> {
        let (home, engine) = (self.one.place.home(scope)?, self.one.engine);
        let log = Log::of_a_verb(home.log(engine));
        match Runtime::new()?.block_on(b2bi::register(&home, engine, &log, self.again)) {
            Ok(b2bi::Registered { secret_id }) => {
                let text = match &secret_id {
                    Some(id) => format!("{engine} is registered; PassPort accepted the secret {id}"),
                    None => format!("{engine} is registered"),
                };
                let value = json!({ "engine": engine.id(), "status": "Registered", "secret_id": secret_id });
                scope.print(&text, &value);
                Ok(Exit::Done)
            }
            Err(failure) => {
                b2bi::tell(&Log::new(home.log(engine), false), &failure);
                Err(Failure::new(failure.exit(), failure.to_string()).into())
            }
        }
    }
}

fn ours(failure: &b2bi::Failure) -> Failure {
    Failure::new(failure.exit(), failure.to_string())
}
