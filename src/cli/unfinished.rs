//! `countersign resume` and `rollback`: a change that was interrupted is finished, or undone.

use super::Scope;
use super::exit::Exit;
use super::failure::Failure;
use crate::apply::{Finished, Outcome};
use crate::ui::report;
use crate::ui::session::{Way, settle};

/// Finishes it.
pub fn resume(scope: &Scope) -> anyhow::Result<Exit> {
    run(scope, Way::Resume)
}

/// Undoes it.
pub fn rollback(scope: &Scope) -> anyhow::Result<Exit> {
    run(scope, Way::PutBack)
}

fn run(scope: &Scope, way: Way) -> anyhow::Result<Exit> {
    let settled = settle(&scope.dir(), way, &mut |plan, event| {
        if let Some(line) = report::outcome::progress(plan, &event) {
            scope.note(&line);
        }
    });
    let Some((change, outcome)) = settled.map_err(Failure::from)? else {
        let outcome = Outcome::nothing();
        scope.print("No change was interrupted: nothing to do.", &outcome);
        return Ok(Exit::Done);
    };
    scope.print(&report::outcome::text(&change.plan, &outcome), &outcome);
    // What was asked for is done when everything is back.
    let asked_for = way == Way::PutBack && outcome.result == Finished::PutBack;
    Ok(if asked_for { Exit::Done } else { outcome.result.into() })
}
