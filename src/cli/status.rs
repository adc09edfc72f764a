//! `countersign status`: what runs, what is registered, what is aligned.

use super::Scope;
use super::exit::Exit;
use crate::apply::journal;
use crate::ui::report;
use crate::ui::session::Refusal;
use crate::verify::status::{Interrupted, status};

/// Runs it.
pub fn run(scope: &Scope) -> anyhow::Result<Exit> {
    let estate = scope.estate()?;
    let mut status = status(&scope.dir(), &estate);
    if let Ok(Some(change)) = journal::unfinished(&scope.dir())
        && let Refusal::Interrupted { id, step, .. } = Refusal::interrupted(&change)
    {
        status.interrupted = Some(Interrupted { id, step });
    }
    scope.print(&report::status::text(&status), &status);
    Ok(scope.reading(Exit::Done))
}
