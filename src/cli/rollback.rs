//! `countersign rollback`: undo a change that was interrupted.

use std::sync::Arc;

use super::Scope;
use super::exit::Exit;
use super::failure::Failure;
use crate::apply::{self, Context, Finished, Lock, Outcome, journal};
use crate::ui::report;
use crate::ui::session::Refusal;

/// Runs it.
pub fn run(scope: &Scope) -> anyhow::Result<Exit> {
    let dir = scope.dir();
    if !dir.is_dir() {
        return Err(Failure::refused(format!("there is no estate in {}", dir.display())).into());
    }
    let lock = Lock::take_after_death(&dir, "rollback").map_err(|error| Failure::from(Refusal::from(error)))?;
    let Some(change) = journal::unfinished(&dir).map_err(|error| Failure::from(Refusal::from(error)))? else {
        let outcome = Outcome::nothing();
        scope.print("No change was interrupted: nothing to do.", &outcome);
        return Ok(Exit::Done);
    };
    let context = Context { lock: lock.share().ok().map(Arc::new), ..Context::default() };
    let outcome = apply::rollback(&change, &context, &mut |event| {
        if let Some(line) = report::outcome::progress(&change.plan, &event) {
            scope.note(&line);
        }
    })?;
    lock.release()?;
    scope.print(&report::outcome::text(&change.plan, &outcome), &outcome);
    // What was asked for is done when everything is back.
    Ok(if outcome.result == Finished::PutBack { Exit::Done } else { outcome.result.into() })
}
