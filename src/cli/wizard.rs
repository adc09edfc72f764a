//! `countersign` without a verb: the full-screen wizard.

use std::io::IsTerminal;

use super::Scope;
use super::exit::Exit;
use super::failure::Failure;
use crate::ui::session::Typed;
use crate::ui::tui;
use crate::wizard::{Answers, Origin, Value};

/// Opens it with the defaults.
pub fn run(scope: &Scope) -> anyhow::Result<Exit> {
    let mut answers = Answers::default();
    if let Some(dir) = scope.given() {
        answers.set("estate.dir", Value::Text(dir.display().to_string()), Origin::Flag).map_err(Failure::refused)?;
    }
    with_answers(scope, answers)
}

/// Opens it with answers given so far.
pub fn with_answers(_scope: &Scope, answers: Answers) -> anyhow::Result<Exit> {
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        let text = "the wizard needs a terminal and there is none: \
                    run unattended with `countersign install --answers FILE --yes`";
        return Err(Failure::new(Exit::Usage, text).into());
    }
    Ok(tui::run(answers, Typed::default())?.exit)
}
