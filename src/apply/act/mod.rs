//! How each kind of step is done and undone. Undoing is safe for a step that was only half done, or not at all.

mod authority;
mod checks;
mod edits;
mod files;
mod installer;
mod online;
mod process;
mod registration;
mod take_over;
mod watched;

pub use edits::remember;
pub use installer::told as silent_files;
pub use online::holds;
pub use process::{runs, start as start_process, stop as stop_process};

use std::path::{Path, PathBuf};

use thiserror::Error;

use super::journal::Begun;
use super::vault::Vault;
use super::{Context, Event};
use crate::plan::{Back, Plan, Step};
use crate::profile::authority_name;
use crate::registration::admin;
use crate::registration::state::State;

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
    /// The secret was refused: the line that says so.
    #[error("{0}")]
    Refused(String),
    /// The authority.
    #[error("{name}: {0}", name = authority_name())]
    Authority(std::io::Error),
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

/// Does a step. Doing it once more is harmless after its undo.
pub fn act(step: &Step, plan: &Plan, context: &Context, events: &mut dyn FnMut(Event)) -> Result<Ended, ActError> {
    match step {
        Step::MakeHome { home, command, system_password_from, .. } => {
            process::make_home(home, command, system_password_from, context)?;
        }
        Step::MakeFolders { home, folders, .. } => files::make_folders(home, folders)?,
        Step::CreateFile { path, content } => files::create(path, content)?,
        Step::CreatePlace { path, template, format, form, key, twins, mode, .. } => {
            let keys: Vec<&str> = std::iter::once(key).chain(twins).map(String::as_str).collect();
            files::create_place(path, template, (format, form), &keys, *mode, context)?;
        }
        Step::EditFile { path, before, after } => edits::edit(path, before, after)?,
        Step::SetValues { home, path, format, values } => edits::set_values(home, path, format, values)?,
        Step::WriteSecret { spots, online, takes_over, .. } => {
            online::put(online, context)?;
            edits::write_secret(spots, context)?;
            return take_over::all(takes_over, context);
        }
        Step::SeeKept { spots, .. } => edits::see_kept(spots, context)?,
        Step::Start(process) => return process::start(process, context),
        Step::Stop(process) => process::stop(process, context)?,
        Step::SeeRefused(process) => process::see_refused(process, context)?,
        Step::Connect { command, .. } => process::run_to_end(command, context)?,
        Step::SetSecret { socket } => authority::set_secret(socket, context)?,
        Step::AddNext { socket, change, current } => authority::add_next(socket, change, current, context)?,
        Step::Promote { socket, change, current, to } => {
            admin::promote(socket, change, current, to.as_deref()).map_err(ActError::Authority)?;
        }
        Step::ReplaceSecret { socket, change, current } => {
            authority::replace_secret(socket, change, current, context)?;
        }
        Step::SettleSecret { socket, change, window } => authority::settle(socket, change, *window, plan, context)?,
        Step::ImportComponent { socket, csd, identity } => authority::import_component(socket, csd, identity)?,
        Step::RemoveComponent { socket, identity } => {
            admin::remove_component(socket, identity).map_err(ActError::Authority)?;
        }
        Step::Revoke { socket, identity, serial } => {
            admin::revoke_certificate(socket, identity, serial).map_err(ActError::Authority)?;
        }
        Step::Register { name, command, site, .. } => return registration::register(name, command, site, context),
        Step::RunInstaller(run) => installer::run(run, context)?,
        Step::MoveAside { path, to } => files::move_aside(path, to)?,
        Step::RemoveFolder { path } => files::remove_for_good(path)?,
        Step::Probe { id } => checks::probe(&plan.dir, id)?,
        Step::Check => checks::check(&plan.dir, events)?,
        Step::Verify => checks::verify(&plan.dir, events)?,
    }
    Ok(Ended::Done)
}

/// Undoes a step of which at least the beginning is in the journal.
pub fn undo(step: &Step, plan: &Plan, context: &Context, begun: &Begun, vault: Option<&Vault>) -> Result<(), ActError> {
    match step {
        Step::MakeHome { home, .. } | Step::MakeFolders { home, .. } => files::remove_home(home),
        Step::CreateFile { path, .. } => files::remove(path),
        Step::CreatePlace { path, .. } => files::remove_place(path),
        Step::EditFile { after, .. } => edits::undo_edit(begun.step, after, &begun.before, vault),
        Step::SetValues { home, format, values, .. } => {
            edits::undo_set_values(begun.step, home, (format, values), &begun.before, vault)
        }
        Step::WriteSecret { spots, online, takes_over, .. } => {
            edits::undo_write_secret(begun.step, spots, context, &begun.before, vault)?;
            online::put_back(online, context)?;
            take_over::all_back(takes_over, context)
        }
        Step::Start(process) | Step::SeeRefused(process) => process::stop(process, context),
        Step::Stop(process) => process::start(process, context).map(drop),
        Step::RunInstaller(run) => installer::undo(run, context),
        Step::Connect { back, .. } => process::run_to_end(back, context),
        Step::SetSecret { socket } if !goes_with_its_home(socket, plan) => authority::unset_secret(socket),
        Step::AddNext { socket, change, .. } => admin::drop_next(socket, change).map_err(ActError::Authority),
        Step::Promote { socket, change, .. } => admin::demote(socket, change).map_err(ActError::Authority),
        Step::ReplaceSecret { socket, change, .. } => admin::unreplace(socket, change).map_err(ActError::Authority),
        Step::ImportComponent { socket, identity, .. } if !goes_with_its_home(socket, plan) => {
            admin::remove_component(socket, identity).map_err(ActError::Authority)
        }
        Step::Register { site, socket, keep, .. } => {
            let socket = socket.as_deref().filter(|socket| !goes_with_its_home(socket, plan));
            registration::unregister(site, socket, keep)
        }
        Step::MoveAside { path, to } => files::move_back(path, to),
        Step::Verify => checks::clear(&plan.dir),
        // What goes with its home, what only looks, and what is done after the commit alone.
        Step::SetSecret { .. }
        | Step::ImportComponent { .. }
        | Step::Probe { .. }
        | Step::SeeKept { .. }
        | Step::Check
        | Step::SettleSecret { .. }
        | Step::RemoveComponent { .. }
        | Step::Revoke { .. }
        | Step::RemoveFolder { .. } => Ok(()),
    }
}

/// Undoes a step that was interrupted and is done anew right after it.
pub fn undo_to_do_anew(
    step: &Step,
    plan: &Plan,
    context: &Context,
    begun: &Begun,
    vault: Option<&Vault>,
) -> Result<(), ActError> {
    match step {
        // The same run puts all in that an earlier one left undone: nobody needs the previous secret in between.
        Step::RunInstaller(run) if run.back == Back::Again => installer::remove(&run.work),
        step => undo(step, plan, context, begun, vault),
    }
}

/// Whether the authority itself was made by this plan, so that undoing the plan removes all it knows.
fn goes_with_its_home(socket: &Path, plan: &Plan) -> bool {
    plan.steps.iter().any(|step| matches!(step, Step::MakeHome { home, .. } if socket.starts_with(home)))
}
