//! `countersign history`: every run of this estate.

use super::Scope;
use super::exit::Exit;
use crate::apply::history;
use crate::ui::report;

/// Runs it.
pub fn run(scope: &Scope) -> anyhow::Result<Exit> {
    let entries = history::entries(&scope.dir())?;
    scope.print(&report::history::text(&entries), &entries);
    Ok(scope.reading(Exit::Done))
}
