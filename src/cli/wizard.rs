//! `countersign` without a verb: the full-screen wizard.

use super::Scope;
use super::exit::Exit;
use super::failure::Failure;
use crate::ui::report;
use crate::ui::session::Typed;
use crate::ui::tui;
use crate::wizard::{Answers, Origin, Value};

const NOTHING_TOUCHED: &str = "countersign: nothing was touched";
const INTERRUPTED: &str = "countersign: a change is unfinished: `countersign rollback` puts everything back";

/// Opens it with the defaults.
pub fn run(scope: &Scope) -> anyhow::Result<Exit> {
    let mut answers = Answers::default();
    if let Some(dir) = scope.given() {
        answers.set("estate.dir", Value::Text(dir.display().to_string()), Origin::Flag).map_err(Failure::refused)?;
    }
    with_answers(scope, answers)
}

/// Opens it with answers given so far.
pub fn with_answers(scope: &Scope, answers: Answers) -> anyhow::Result<Exit> {
    if !tui::has_terminal() {
        let text = "the wizard needs a terminal and there is none: \
                    run unattended with `countersign install --answers FILE --yes`";
        return Err(Failure::new(Exit::Usage, text).into());
    }
    let ended = tui::run(answers, Typed::default())?;
    // The pages are gone with the terminal's other screen: what a person wants to find again is said once more.
    match (&ended.plan, &ended.outcome) {
        (Some(plan), Some(outcome)) => scope.print(&report::outcome::text(plan, outcome), outcome),
        _ if ended.exit == Exit::Interrupted => scope.note(INTERRUPTED),
        _ => scope.note(NOTHING_TOUCHED),
    }
    Ok(ended.exit)
}
