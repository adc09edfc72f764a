//! `countersign passport`: the embedded authority.

mod init;
mod process;
mod records;
mod secret;
mod user;

use std::future::Future;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use super::Scope;
use super::exit::Exit;
use super::failure::Failure;
use crate::passport::{Fault, Home};

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
    Requests,
    /// Validate or sign a request that waits
    Approve {
        /// The request's id
        id: String,
    },
    /// Refuse a request that waits
    Refuse {
        /// The request's id
        id: String,
        /// Why, for whoever asked
        #[arg(long)]
        reason: String,
    },
    /// Show what was decided, and why
    Audit {
        /// How many of the newest lines
        #[arg(long, default_value_t = 100, value_name = "N")]
        limit: u32,
    },
    /// Its certificates
    #[command(subcommand)]
    Certificate(records::Certificate),
    /// The components it knows
    #[command(subcommand)]
    Component(records::Component),
    /// The shared secrets it accepts, by id
    #[command(subcommand)]
    Secret(secret::Secret),
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
            Verb::Requests => records::requests(&home, scope),
            Verb::Approve { id } => {
                let answer = process::act(&home, &json!({ "do": "approve", "id": id }))?;
                let status = answer["status"].as_str().unwrap_or_default();
                Ok(done(scope, &format!("{id}: {status}"), &json!({ "id": id, "status": status })))
            }
            Verb::Refuse { id, reason } => {
                process::act(&home, &json!({ "do": "refuse", "id": id, "reason": reason }))?;
                Ok(done(scope, &format!("{id} is refused"), &json!({ "id": id, "status": "Validation Refused" })))
            }
            Verb::Audit { limit } => records::audit(&home, *limit, scope),
            Verb::Certificate(verb) => verb.run(&home, scope),
            Verb::Component(verb) => verb.run(&home, scope),
            Verb::Secret(verb) => verb.run(&home, scope),
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
