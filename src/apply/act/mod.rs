//! How each kind of step is done and undone. Undoing is safe for a step that was only half done, or not at all.

mod authority;
mod files;
mod process;
mod registration;

use std::path::{Path, PathBuf};

use thiserror::Error;

use super::{Context, Event};
use crate::plan::{Plan, Step};
use crate::registration::state::State;
use crate::verify::ProbeResult;

/// How a step ended.
#[derive(Debug, PartialEq, Eq)]
pub enum Ended {
    /// It is done.
    Done,
    /// The authority holds the registration: the rest of the plan goes on later.
    Pending(State),
}

/// Why a step failed: one line for people.
#[derive(Debug, Error)]
pub enum ActError {
    /// Something stands where the step would make it; it is not ours, so the step did nothing and is not undone.
    #[error("{} exists already", .0.display())]
    InTheWay(PathBuf),
    /// A file or folder.
    #[error("{0}: {1}")]
    File(PathBuf, std::io::Error),
    /// A command ended with a failure.
    #[error("{what} failed (exit {code}): {message}")]
    Command {
        /// What was tried.
        what: String,
        /// The command's exit code.
        code: u8,
        /// Its last words.
        message: String,
    },
    /// The authority.
    #[error("PassPort: {0}")]
    Authority(std::io::Error),
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

/// Does a step.
pub fn act(step: &Step, plan: &Plan, context: &Context, events: &mut dyn FnMut(Event)) -> Result<Ended, ActError> {
    match step {
        Step::MakeHome { home, command, system_password_from, .. } => {
            process::make_home(home, command, system_password_from, context)?;
        }
        Step::MakeFolders { home, folders, .. } => files::make_folders(home, folders)?,
        Step::CreateFile { path, content } => files::create(path, content)?,
        Step::CreatePlace { path, template, format, key, mode, .. } => {
            files::create_place(path, template, format, key, *mode, context)?;
        }
        Step::Start(process) => process::start(process, context)?,
        Step::Stop(process) => process::stop(process, context)?,
        Step::SetSecret { socket } => authority::set_secret(socket, context)?,
        Step::ImportComponent { socket, csd, identity } => authority::import_component(socket, csd, identity)?,
        Step::Register { name, command, site, .. } => return registration::register(name, command, site, context),
        Step::MoveAside { path, to } => files::move_aside(path, to)?,
        Step::Verify => verify(&plan.dir, events)?,
        other => return Err(ActError::Other(format!("{} is not known yet", other.describe(&plan.dir)))),
    }
    Ok(Ended::Done)
}

/// Undoes a step of which at least the beginning is in the journal.
pub fn undo(step: &Step, plan: &Plan, context: &Context) -> Result<(), ActError> {
    match step {
        Step::MakeHome { home, .. } | Step::MakeFolders { home, .. } => files::remove_home(home),
        Step::CreateFile { path, .. } => files::remove(path),
        Step::CreatePlace { path, .. } => files::remove_place(path),
        Step::Start(process) => process::stop(process, context),
        Step::Stop(process) => process::start(process, context),
        Step::SetSecret { socket } if !goes_with_its_home(socket, plan) => authority::unset_secret(socket),
        Step::ImportComponent { socket, identity, .. } if !goes_with_its_home(socket, plan) => {
            authority::remove_component(socket, identity)
        }
        Step::Register { site, socket, .. } => {
            let socket = socket.as_deref().filter(|socket| !goes_with_its_home(socket, plan));
            registration::unregister(site, socket)
        }
        Step::MoveAside { path, to } => files::move_back(path, to),
        _ => Ok(()),
    }
}

/// Whether the authority itself was made by this plan, so that undoing the plan removes all it knows.
fn goes_with_its_home(socket: &Path, plan: &Plan) -> bool {
    plan.steps.iter().any(|step| matches!(step, Step::MakeHome { home, .. } if socket.starts_with(home)))
}

fn verify(dir: &Path, events: &mut dyn FnMut(Event)) -> Result<(), ActError> {
    let mut told = |probe: &ProbeResult| events(Event::Probe(probe.clone()));
    let report = crate::verify::verify_with(dir, &mut told).map_err(|error| ActError::Other(error.to_string()))?;
    events(Event::Verified(report.clone()));
    let failed: Vec<String> = report.failed().map(|probe| format!("{}: {}", probe.id, probe.detail)).collect();
    if failed.is_empty() { Ok(()) } else { Err(ActError::Other(failed.join("; "))) }
}
