//! `countersign gateway`: API Gateway's authentication repositories.

mod add;
mod list;
mod login;
mod register;
mod remove;
mod rename;
mod serve;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use tokio::runtime::Runtime;

use super::Scope;
use super::exit::Exit;
use super::failure::Failure;
use crate::answers::{RepositoryChange, keep_in_step};
use crate::apply::Lock;
use crate::estate::{ComponentHome, Estate, home, record};
use crate::gateway::{self, Home, Log};

/// Arguments of `gateway`.
#[derive(Debug, Args)]
pub struct Gateway {
    /// API Gateway's folder [default: api-gateway in the estate]
    #[arg(long, value_name = "DIR", global = true)]
    home: Option<PathBuf>,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Add a repository: a way to a PassPort
    Add(Box<add::Add>),
    /// Show the repositories, their registrations and certificates
    List,
    /// Give a repository another name, under which it registers anew
    Rename(rename::Rename),
    /// Remove a repository: its files go into a dated folder, its certificate is revoked
    Remove(remove::Remove),
    /// Drive, poll or re-trigger the registration of one repository, or of all
    Register(register::Register),
    /// Tell whether a user can log in, and with which roles; 4 when not
    Login(login::Login),
    /// Answer web servers in this process until it is told to end
    Serve(serve::Serve),
    /// Start it and wait until ready
    Start,
    /// Stop it and wait until gone
    Stop,
    /// Make it read its repositories anew and prove their secrets
    Reload,
    /// Tell how it is
    Status,
}

impl Gateway {
    /// Runs it.
    pub fn run(&self, scope: &Scope) -> anyhow::Result<Exit> {
        let folder = self.home.clone().unwrap_or_else(|| scope.dir().join("api-gateway"));
        let home = Home::new(&folder)?;
        if !home.exists() {
            let text = format!("there is no API Gateway in {}: name its folder with --home", folder.display());
            return Err(Failure::refused(text).into());
        }
        match &self.verb {
            Verb::Add(verb) => verb.run(&home, scope),
            Verb::List => list::run(&home, scope),
            Verb::Rename(verb) => verb.run(&home, scope),
            Verb::Remove(verb) => verb.run(&home, scope),
            Verb::Register(verb) => verb.run(&home, scope),
            Verb::Login(verb) => verb.run(&home, scope),
            Verb::Serve(verb) => Ok(verb.run(&home, scope)),
            Verb::Start => serve::start(&home, scope),
            Verb::Stop => serve::stop(&home, scope),
            Verb::Reload => serve::reload(&home, scope),
            Verb::Status => serve::status(&home, scope),
        }
    }
}

/// The estate's lock, where the gateway stands in an estate.
fn lock(home: &Home, verb: &str) -> Result<Option<Lock>, Failure> {
    let estate = home.folder().parent().filter(|folder| folder.join(record::FILE).exists());
    estate.map(|folder| Scope::new(false, Some(folder.to_path_buf())).lock(verb)).transpose()
}

/// The estate that the gateway stands in.
fn estate(home: &Home) -> anyhow::Result<Option<(PathBuf, Estate)>> {
    let Some(folder) = home.folder().parent() else { return Ok(None) };
    Ok(Estate::read(folder)?.map(|estate| (folder.to_path_buf(), estate)))
}

/// Has the recorded answers of the estate that the gateway is a part of follow a change. What does not follow is told.
fn recorded(home: &Home, scope: &Scope, change: &RepositoryChange<'_>) {
    let of_the_estate = |folder: &Path, estate: &Estate| {
        let installed = home::components(folder, &estate.components);
        let files = installed.iter().filter_map(ComponentHome::repositories_file);
        files.into_iter().any(|file| file == home.repositories())
    };
    let kept = match estate(home) {
        Ok(Some((folder, estate))) if of_the_estate(&folder, &estate) => keep_in_step(&folder, change),
        Ok(_) => Ok(()),
        Err(error) => Err(error.to_string()),
    };
    if let Err(why) = kept {
        scope.note(&format!("countersign: done, but the recorded answers do not say so: {why}"));
    }
}

/// Has a gateway that runs take up what was changed. What it does not take up is told, and stands in its log.
fn taken_up(home: &Home, scope: &Scope) {
    let server = home.server();
    if let Ok(Some(_)) = server.alive()
        && let Err(failure) = server.reload()
    {
        scope.note(&failure.to_string());
    }
}

/// A log for verbs: what it warns of is told, too.
fn log(home: &Home) -> Log {
    Log::of_a_verb(home.log())
}

fn block_on<T>(future: impl Future<Output = T>) -> std::io::Result<T> {
    Ok(Runtime::new()?.block_on(future))
}

fn ours(failure: &gateway::Failure) -> Failure {
    Failure::new(failure.exit(), failure.to_string())
}
