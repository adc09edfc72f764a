//! `passport console`: the authority on a full screen.

use super::{Exit, Failure, Home, Scope};
use crate::passport::serve::ServeError;
use crate::ui::tui;

/// What does the same without anybody watching.
const VERBS: &str = "`countersign passport` status, requests, approve, refuse, component, secret, certificate, audit and \
                     property tell and do the same";

pub(super) fn run(home: Home, scope: &Scope) -> anyhow::Result<Exit> {
    if scope.json {
        return Err(Failure::new(Exit::Usage, format!("the console prints no JSON: {VERBS}")).into());
    }
    if !tui::has_terminal() {
        let text = format!("the console needs a terminal that can show a full screen: {VERBS}");
        return Err(Failure::new(Exit::Usage, text).into());
    }
    if !home.config().exists() {
        let error = ServeError::NoHome(home.path().display().to_string());
        return Err(Failure::refused(error.to_string()).into());
    }
    tui::console::run(home)?;
    Ok(Exit::Done)
}
