//! `countersign` without a verb: the wizard, on the full screen or line by line.

use std::ffi::OsString;
use std::path::Path;

use clap::Args;

use super::Scope;
use super::exit::Exit;
use super::failure::Failure;
use crate::daemon::descriptors;
use crate::ui::session::{Ended, Typed};
use crate::ui::tui;
use crate::ui::{line, report};
use crate::wizard::{Answers, Origin, Value};

const NOTHING_TOUCHED: &str = "countersign: nothing was touched";
const KEPT: &str =
    "countersign: what you answered is kept, secrets apart: the next start offers to go on from where you left";
const INTERRUPTED: &str = "countersign: a change is unfinished: `countersign resume` finishes it, `countersign rollback` puts everything back";

/// Opens it with the defaults.
pub fn run(scope: &Scope) -> anyhow::Result<Exit> {
    let mut answers = Answers::default();
    if let Some(dir) = scope.given() {
        answers.set("estate.dir", Value::Text(dir.display().to_string()), Origin::Flag).map_err(Failure::refused)?;
    }
    with_answers(scope, answers, false)
}

/// Opens it with answers given so far; line by line where that is asked for, or where the terminal cannot show more.
pub fn with_answers(scope: &Scope, answers: Answers, plain: bool) -> anyhow::Result<Exit> {
    let plain = plain || scope.plain || tui::is_dumb();
    let has_terminal = if plain { line::has_terminal() } else { tui::has_terminal() };
    if !has_terminal {
        let mode = answers.text("mode");
        let text = format!(
            "the wizard needs a terminal and there is none: run unattended with `countersign {mode} --answers FILE --yes`"
        );
        return Err(Failure::new(Exit::Usage, text).into());
    }
    let dir = std::path::absolute(answers.text("estate.dir")).unwrap_or_default();
    if plain {
        return Ok(say(scope, &line::run(answers, Typed::default(), &dir)));
    }
    let ended = tui::run(answers, Typed::default(), &dir, &anew(scope, &dir))?;
    Ok(say(scope, &ended))
}

/// Where the wizard goes on after it executed itself anew. Nobody else has a use for it.
#[derive(Debug, Args)]
pub struct GoOn {
    /// The descriptor from which it takes over
    descriptor: u32,
}

impl GoOn {
    /// Runs it.
    pub fn run(&self, scope: &Scope) -> anyhow::Result<Exit> {
        descriptors::keep_from_children();
        let dir = scope.dir();
        let ended = tui::go_on(self.descriptor, &dir, &anew(scope, &dir))?;
        Ok(say(scope, &ended))
    }
}

/// The arguments with which the program goes on, with the profiles of the estate that it began with.
fn anew(scope: &Scope, dir: &Path) -> Vec<OsString> {
    let json = scope.json.then_some("--json").map(OsString::from);
    let estate = [OsString::from("--estate"), dir.as_os_str().to_owned()];
    let ascii = scope.ascii.then_some("--ascii").map(OsString::from);
    let theme = scope.theme.map(|theme| format!("--theme={}", theme.name()).into());
    let look = ascii.into_iter().chain(theme);
    json.into_iter().chain(estate).chain(look).chain([OsString::from("go-on")]).collect()
}

fn say(scope: &Scope, ended: &Ended) -> Exit {
    // The pages are gone with the terminal's other screen: what a person wants to find again is said once more.
    match (&ended.plan, &ended.outcome) {
        (Some(plan), Some(outcome)) => scope.print(&report::outcome::text(plan, outcome), outcome),
        _ if ended.exit == Exit::Interrupted => scope.note(INTERRUPTED),
        _ => scope.note(NOTHING_TOUCHED),
    }
    if ended.kept {
        scope.note(KEPT);
    }
    ended.exit
}
