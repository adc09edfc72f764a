//! `countersign passport`: the embedded authority.

mod audit;
mod certificate;
mod component;
mod console;
mod export;
mod init;
mod process;
mod records;
mod requests;
mod secret;
mod secret_ids;
mod user;

use std::future::Future;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::Value;
use tokio::runtime::Runtime;

use super::Scope;
use super::exit::Exit;
use super::failure::Failure;
use crate::passport::{Fault, Home};
use crate::registration::state::State;

/// Arguments of `passport`.
#[derive(Debug, Args)]
pub struct Passport {
    /// Its folder [default: passport in the estate]
    #[arg(long, value_name = "DIR", global = true)]
    home: Option<PathBuf>,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Make a new authority: folders, keys, certificates, the user system
    Init(init::Init),
    /// Run it in this process until it is told to end
    Serve {
        /// Started by `start`: report on standard output and leave the terminal
        #[arg(long, hide = true)]
        detached: bool,
    },
    /// Start it and wait until ready
    Start,
    /// Stop it and wait until gone
    Stop,
    /// Tell whether it runs
    Status,
    /// Show the certificate requests
    Requests {
        /// Only those in this state, such as `waiting-signing`
        #[arg(long, value_parser = requests::state)]
        state: Option<State>,
    },
    /// Validate or sign a request that waits
    Approve(requests::Approve),
    /// Refuse a request that waits
    Refuse(requests::Refuse),
    /// What was decided, and why
    #[command(subcommand)]
    Audit(audit::Audit),
    /// Its certificates
    #[command(subcommand)]
    Certificate(certificate::Certificate),
    /// The components it knows
    #[command(subcommand)]
    Component(component::Component),
    /// The shared secrets it accepts, by id
    #[command(subcommand)]
    Secret(secret::Secret),
    /// Watch it on a full screen, and decide about requests there
    Console,
    /// Its users
    #[command(subcommand)]
    User(user::User),
    /// Its system properties
    #[command(subcommand)]
    Property(records::Property),
}

impl Passport {
    /// Runs it.
    pub fn run(&self, scope: &Scope) -> anyhow::Result<Exit> {
        let folder = self.home.clone().unwrap_or_else(|| scope.dir().join("passport"));
        // A detached server works from the root folder.
        let home = Home::new(std::path::absolute(folder)?);
        match &self.verb {
            Verb::Init(verb) => verb.run(&home, scope),
            Verb::Serve { detached } => process::serve(&home, *detached),
            Verb::Start => process::start(&home, scope),
            Verb::Stop => process::stop(&home, scope),
            Verb::Status => process::status(&home, scope),
            Verb::Requests { state } => requests::list(&home, state.as_ref(), scope),
            Verb::Approve(verb) => verb.run(&home, scope),
            Verb::Refuse(verb) => verb.run(&home, scope),
            Verb::Audit(verb) => verb.run(&home, scope),
            Verb::Certificate(verb) => verb.run(&home, scope),
            Verb::Component(verb) => verb.run(&home, scope),
            Verb::Secret(verb) => verb.run(&home, scope),
            Verb::Console => console::run(home, scope),
            Verb::User(verb) => verb.run(&home, scope),
            Verb::Property(verb) => verb.run(&home, scope),
        }
    }
}

fn done(scope: &Scope, text: &str, value: &Value) -> Exit {
    scope.print(text, value);
    Exit::Done
}

fn block_on<T>(future: impl Future<Output = T>) -> std::io::Result<T> {
    Ok(Runtime::new()?.block_on(future))
}

fn failure(fault: &Fault) -> Failure {
    let exit = if matches!(fault, Fault::Refused(_)) { Exit::Refused } else { Exit::PutBack };
    Failure::new(exit, fault.to_string())
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::refused(format!("{} cannot be read: {error}", path.display()))
}
