//! `countersign rollback`: undo a change that was interrupted.

use super::Scope;
use super::exit::Exit;
use super::failure::Failure;
use super::install::exit_of;
use crate::apply::{self, Finished, Lock, Outcome, journal};
use crate::ui::report;
use crate::ui::session::Refusal;

/// Runs it.
pub fn run(scope: &Scope) -> anyhow::Result<Exit> {
    let dir = scope.dir();
    if !dir.is_dir() {
        return Err(Failure::refused(format!("there is no estate in {}", dir.display())).into());
    }
    let lock = Lock::take(&dir, "rollback").map_err(|error| Failure::from(Refusal::from(error)))?;
    let Some(change) = journal::unfinished(&dir).map_err(|error| Failure::from(Refusal::from(error)))? else {
        let outcome = Outcome::nothing();
        scope.print("No change was interrupted: nothing to do.", &outcome);
        return Ok(Exit::Done);
    };
    let outcome = apply::rollback(&change, &mut |event| {
        if let Some(line) = report::outcome::progress(&change.plan, &event) {
            scope.note(&line);
        }
    })?;
    lock.release()?;
    scope.print(&report::outcome::text(&change.plan, &outcome), &outcome);
    // What was asked for is done when everything is back.
    Ok(if outcome.result == Finished::PutBack { Exit::Done } else { exit_of(&outcome) })
}
