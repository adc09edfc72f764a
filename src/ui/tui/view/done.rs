//! The last page: how it ended, what to keep, how to ask again.

use ratatui::text::Span;

use super::column::Column;
use super::run::write_by_hand;
use super::words::{columns, pad};
use crate::apply::Finished;
use crate::ui::session::closing::{self, Entry};
use crate::ui::tui::progress::Run;
use crate::ui::tui::state::State;
use crate::ui::tui::text::{done as word, run};
use crate::ui::words::run::besides;

/// Writes it.
pub fn write(state: &State, column: &mut Column) {
    let look = state.look;
    let finished = state.finished().unwrap_or(Finished::NothingToDo);
    let plan = state.run.as_ref().map(|run| &run.plan).or(state.ready().map(|ready| &ready.plan));
    let style = match finished {
        _ if state.run.as_ref().is_some_and(Run::succeeded) => look.success,
        Finished::Done | Finished::NothingToDo => look.success,
        Finished::Pending | Finished::Interrupted => look.accent,
        Finished::PutBack | Finished::NotPutBack => look.danger,
    };
    column.text(0, ended(state, finished, plan.map_or("", |plan| &plan.act)), style);
    let outcome = state.run.as_ref().and_then(|run| run.outcome.as_ref());
    for line in outcome.map(besides).unwrap_or_default() {
        column.text(0, &line, look.normal);
    }
    column.blank();
    let Some(plan) = plan.filter(|plan| plan.act != "uninstall") else { return };
    if let Some(outcome) = outcome.filter(|outcome| !outcome.by_hand.is_empty()) {
        write_by_hand(state, outcome, column);
        return;
    }
    heading(state, word::KEEP, column);
    write_entries(state, &closing::kept(&state.answers, &plan.dir), column);
    column.blank();
    heading(state, word::ASK, column);
    write_entries(state, &closing::commands(finished == Finished::Pending, plan), column);
}

/// How the run ended, in one line.
pub fn ended(state: &State, finished: Finished, act: &str) -> &'static str {
    match &state.run {
        Some(run) if run.puts_back() => run::put_back(finished),
        _ => run::ended(finished, act),
    }
}

fn heading(state: &State, text: &str, column: &mut Column) {
    column.text(0, text, state.look.strong);
}

/// Beside each other where all fit, else what it is for below.
fn write_entries(state: &State, entries: &[Entry], column: &mut Column) {
    let what = entries.iter().map(|(what, _)| columns(what)).max().unwrap_or(0) + 3;
    let about = entries.iter().map(|(_, about)| columns(about)).max().unwrap_or(0);
    let beside = 2 + what + about <= column.width;
    for (text, about) in entries {
        if beside {
            column.line(vec![Span::raw(format!("  {}", pad(text, what))), Span::styled(*about, state.look.dim)]);
        } else {
            column.text(2, text, state.look.normal);
            column.text(4, about, state.look.dim);
        }
    }
}
