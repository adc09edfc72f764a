//! The vendor's own installer: silent files written for one run, the run, its verdict, and the files removed again
//! whatever it was. A run that was killed leaves them: whatever is done next with the change removes them first.

use std::path::Path;
use std::time::Duration;

use super::{ActError, Context};
use crate::fs::faults;
use crate::installer::run::run as run_installer;
use crate::installer::silent::{self, Tree};
use crate::installer::verdict::{Verdict, judge};
use crate::logfile::{Mark, compile};
use crate::plan::{Back, InstallerRun};
use crate::profile::Values;
use crate::secret::Secret;

/// Has the installer put the new secret in.
pub fn run(run: &InstallerRun, context: &Context) -> Result<(), ActError> {
    let secret = context.secret.as_deref().ok_or_else(|| ActError::Other("no secret was given".into()))?;
    drive(run, &run.command, Some(secret), context)
}

/// Has it put the previous one in, or take away what it installed.
pub fn undo(run: &InstallerRun, context: &Context) -> Result<(), ActError> {
    remove(&run.work)?;
    match &run.back {
        Back::Again => {
            let missing = || ActError::Other("the secret that was in use before is not known".into());
            drive(run, &run.command, Some(context.previous.as_deref().ok_or_else(missing)?), context)
        }
        _ if !run.home.exists() => Ok(()),
        Back::Command(command) => drive(run, command, None, context),
        Back::ByHand => Err(ActError::Other(format!(
            "remove {} from {} with the vendor's own tools: its profile has no command for that",
            run.name,
            run.home.display()
        ))),
    }
}

/// The recorded silent files with everything that this run changes in them.
///
/// # Errors
/// One line each for people: the files cannot be read or understood, or cannot hold what they should.
pub fn told(run: &InstallerRun, secret: Option<&Secret>) -> Result<Tree, Vec<String>> {
    let mut tree = Tree::read(&run.silent).map_err(|error| vec![error.to_string()])?;
    let settings = run.set.iter().map(|set| (&set.variable, &set.value));
    let selects = run.select.iter().map(|select| (&select.variable, &select.value));
    let mut problems: Vec<String> = settings
        .chain(selects)
        .filter_map(|(variable, value)| tree.set(variable, value).err().map(|error| error.to_string()))
        .collect();
    if let Some(secret) = secret {
        for place in &run.secret {
            let set = tree.set_secret(&place.variable, place.twin.as_deref(), secret);
            problems.extend(set.err().map(|error| error.to_string()));
        }
    }
    if problems.is_empty() { Ok(tree) } else { Err(problems) }
}

fn drive(run: &InstallerRun, command: &[String], secret: Option<&Secret>, context: &Context) -> Result<(), ActError> {
    remove(&run.work)?;
    let tree = told(run, secret).map_err(|problems| ActError::Other(problems.join("; ")))?;
    let log = Mark::of(&run.log).map_err(|error| ActError::File(run.log.clone(), error))?;
    let driven = tree
        .write_into(&run.work)
        .map_err(|error| ActError::File(run.work.clone(), error))
        .and_then(|master| run_and_judge(run, command, &master, log, context));
    // Whatever came of it: nothing that holds the secret in the clear stays.
    let removed = remove(&run.work);
    driven.and(removed)
}

fn run_and_judge(
    run: &InstallerRun,
    command: &[String],
    master: &Path,
    log: Mark,
    context: &Context,
) -> Result<(), ActError> {
    faults::point("silent files written");
    let command = Values::default().with("silent", master.display().to_string()).fill_all(command);
    let lock = context.lock.as_ref().and_then(|lock| lock.try_clone().ok());
    let ran = run_installer(&command, Duration::from_secs(run.deadline), lock)
        .map_err(|error| ActError::Other(error.to_string()))?;
    faults::point("installer done");
    let said = log.added().map_err(|error| ActError::File(run.log.clone(), error))?;
    let patterns = |texts: &[String]| compile(texts).map_err(|error| ActError::Other(error.to_string()));
    let (success, failure) = (patterns(&run.success)?, patterns(&run.failure)?);
    let name = &run.name;
    match judge(&ran, &said, &success, &failure, &context.redactor()) {
        Verdict::Succeeded => Ok(()),
        Verdict::Failed(why) => Err(ActError::Other(format!("{name}'s installer failed: {why}"))),
        Verdict::Unclear(why) => Err(ActError::Other(format!(
            "whether {name}'s installer did its work cannot be told, so it counts as failed: {why}"
        ))),
    }
}

/// Removes the silent files of a run; nothing there is no failure.
pub fn remove(work: &Path) -> Result<(), ActError> {
    silent::remove(work).map_err(|error| ActError::File(work.to_path_buf(), error))
}
