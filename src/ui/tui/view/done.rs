//! The last page: how it ended, what to keep, how to ask again.

use std::path::Path;

use ratatui::text::Span;

use super::column::Column;
use super::run::write_by_hand;
use super::words::{columns, pad};
use crate::apply::Finished;
use crate::estate::record::ANSWERS;
use crate::ui::tui::state::State;
use crate::ui::tui::text::{self, done as word, run};

/// Writes it.
pub fn write(state: &State, column: &mut Column) {
    let look = state.look;
    let finished = state.finished().unwrap_or(Finished::NothingToDo);
    let style = match finished {
        Finished::Done | Finished::NothingToDo => look.success(),
        Finished::Pending => look.accent(),
        Finished::PutBack | Finished::NotPutBack => look.danger(),
    };
    column.text(0, run::ended(finished), style);
    column.blank();
    let plan = state.run.as_ref().map(|run| &run.plan).or(state.ready().map(|ready| &ready.plan));
    let Some(plan) = plan else { return };
    if let Some(outcome) = state.run.as_ref().and_then(|run| run.outcome.as_ref()).filter(|one| !one.by_hand.is_empty())
    {
        write_by_hand(state, outcome, column);
        return;
    }
    heading(state, word::KEEP, column);
    write_kept(state, &plan.dir, column);
    column.blank();
    heading(state, word::ASK, column);
    let pending = finished == Finished::Pending;
    let verbs = [("check", word::CHECK), ("verify", word::VERIFY), ("status", word::STATUS)];
    for (verb, about) in verbs {
        entry(state, &text::command(verb, &plan.dir), about, column);
    }
    if pending {
        entry(state, &text::command("register COMPONENT", &plan.dir), word::REGISTER, column);
    }
    entry(state, &text::command("uninstall", &plan.dir), word::UNINSTALL, column);
}

fn write_kept(state: &State, dir: &Path, column: &mut Column) {
    entry(state, &dir.display().to_string(), word::ESTATE, column);
    entry(state, &dir.join(ANSWERS).display().to_string(), word::ANSWERS, column);
    let password = dir.join("passport/conf/system.pass");
    if !state.authority_is_missing() {
        entry(state, &password.display().to_string(), word::SYSTEM, column);
    }
}

fn heading(state: &State, text: &str, column: &mut Column) {
    column.text(0, text, state.look.strong());
}

/// What, and below it what for; in one line where both fit.
fn entry(state: &State, what: &str, about: &str, column: &mut Column) {
    let wide = 44;
    if columns(what) + 2 < wide && wide + columns(about) <= column.width {
        column.line(vec![
            Span::raw(format!("  {}", pad(what, wide - 2))),
            Span::styled(about.to_owned(), state.look.dim()),
        ]);
    } else {
        column.text(2, what, state.look.normal());
        column.text(4, about, state.look.dim());
    }
}
