//! A run: its steps, one row each, and how it ended.

use std::time::Instant;

use ratatui::style::Style;
use ratatui::text::Span;

use super::column::Column;
use super::words::{cut_path, pad};
use super::{done, footer};
use crate::apply::{Finished, Outcome};
use crate::plan::{Phase, Step};
use crate::ui::tui::keys::{self, Action, Key};
use crate::ui::tui::polling;
use crate::ui::tui::progress::{Mark, Run};
use crate::ui::tui::state::State;
use crate::ui::tui::text::{self, run as word};
use crate::ui::tui::theme::Look;

/// Columns of a duration at the right.
const DURATION: usize = 10;

/// Writes the Apply page.
pub fn write_apply(state: &State, column: &mut Column) {
    let Some(run) = &state.run else { return };
    let (undone, to_undo) = run.undone();
    let count = if run.puts_back() { word::undone(undone, to_undo) } else { count(run) };
    write_head(state, run, count, column);
    for step in (0..run.plan.steps.len()).filter(|step| shown_on_apply(run, *step)) {
        write_step(state, run, step, &run.describe(step), column);
    }
    write_elsewhere(state, run, Phase::Apply, column);
    write_finish(state, run, column);
}

fn count(run: &Run) -> String {
    word::count(run.done(), run.plan.steps.len())
}

/// What is put back is told on one page, whatever it was.
fn shown_on_apply(run: &Run, step: usize) -> bool {
    if run.puts_back() { run.marks[step] != Mark::Waiting } else { run.plan.steps[step].phase() == Phase::Apply }
}

/// The steps that follow the commit.
fn write_finish(state: &State, run: &Run, column: &mut Column) {
    if !run.committed || run.plan.finish.is_empty() {
        return;
    }
    column.blank();
    column.text(0, word::FOLLOWS, state.look.success);
    let next = run.finished.iter().position(|done| !done);
    for (at, (step, done)) in run.plan.finish.iter().zip(&run.finished).enumerate() {
        let mark = match (*done, &run.outcome) {
            (true, _) => Mark::Earlier,
            (false, Some(outcome)) if next == Some(at) => Mark::Failed(outcome.reason.clone().unwrap_or_default()),
            (false, None) if next == Some(at) => Mark::Running(run.page_since),
            (false, _) => Mark::Waiting,
        };
        write_row(state, &mark, &step.describe(&run.plan.dir), column);
    }
}

/// Writes the Registration page.
pub fn write_registration(state: &State, column: &mut Column) {
    let Some(run) = &state.run else { return };
    write_head(state, run, count(run), column);
    for step in run.of_phase(Phase::Registration) {
        let Step::Register { name, site, .. } = &run.plan.steps[step] else { continue };
        let stands = run.registration(step);
        let title = format!("{name}: {stands}");
        if stands.is_pending() && run.outcome.is_some() {
            let mark = Span::styled(format!("{} ", state.look.marks.attention), state.look.accent);
            column.line(vec![mark, Span::raw(title)]);
        } else {
            write_step(state, run, step, &title, column);
        }
        // How it ended is told above.
        let told = run.outcome.as_ref().and_then(|outcome| outcome.reason.clone());
        if let Some(message) = stands.message().filter(|message| told.as_ref() != Some(message)) {
            column.text(2, &message, state.look.normal);
        }
        let keystore = site.keystore();
        let shown = keystore.strip_prefix(&run.plan.dir).unwrap_or(&keystore).display().to_string();
        let shown = cut_path(&shown, column.width.saturating_sub(2), state.look.marks.ellipsis);
        column.text(2, &shown, state.look.dim);
    }
    if run.of_phase(Phase::Registration).next().is_none() {
        column.text(0, word::NO_REGISTRATIONS, state.look.dim);
    }
    write_elsewhere(state, run, Phase::Registration, column);
}

/// How far it is, or how it ended: above the steps, where it is seen however many they are.
pub fn write_head(state: &State, run: &Run, count: String, column: &mut Column) {
    let took = text::duration(run.elapsed(state.now));
    let (doing, style) = match run.outcome.as_ref().map(|outcome| outcome.result) {
        None if run.putting_back && !run.puts_back() => (word::PUTTING_BACK.to_owned(), state.look.danger),
        Some(ended @ (Finished::PutBack | Finished::NotPutBack | Finished::Interrupted)) => {
            let style = if run.succeeded() { state.look.success } else { state.look.danger };
            (done::ended(state, ended, &run.plan.act).to_owned(), style)
        }
        _ => (count, state.look.strong),
    };
    column.line(vec![
        Span::styled(doing, style),
        Span::styled(format!(" {} {took}", state.look.marks.between), state.look.dim),
    ]);
    for warning in &run.warnings {
        column.hanging(
            vec![Span::styled(format!("{} ", state.look.marks.attention), state.look.accent)],
            warning,
            state.look.normal,
        );
    }
    if let Some(outcome) = &run.outcome {
        write_end(state, run, outcome, column);
        write_next(state, run, column);
    }
    column.blank();
    column.pin();
}

/// After a failure: how much was put back, and the keys that lead on from here.
fn write_next(state: &State, run: &Run, column: &mut Column) {
    let (undone, _) = run.undone();
    if run.failure().is_none() {
        return;
    }
    if undone > 0 && !run.puts_back() {
        column.text(0, &word::put_back_before(undone), state.look.normal);
    }
    let leads =
        |key: &&Key| key.footer && !matches!(key.action, Action::Back | Action::Help | Action::Keys | Action::Pages);
    let mut spans = vec![Span::styled(word::SAFE_NEXT, state.look.strong)];
    for key in keys::working_below(state).into_iter().filter(leads) {
        spans.push(Span::styled(format!("  {}", footer::shown(state.look, key)), state.look.accent));
        spans.push(Span::raw(format!(" {}", key.label)));
    }
    column.line(spans);
}

/// A step: mark, what it does, how long; below it why it failed.
pub fn write_step(state: &State, run: &Run, step: usize, title: &str, column: &mut Column) {
    write_row(state, &run.marks[step], title, column);
}

fn write_row(state: &State, mark: &Mark, title: &str, column: &mut Column) {
    let look = state.look;
    let (symbol, style, took) = shown(look, mark, state.now);
    let room = column.width.saturating_sub(2 + DURATION);
    let title = pad(&cut_path(title, room, look.marks.ellipsis), room);
    let title_style = if *mark == Mark::Waiting { look.dim } else { look.normal };
    let running = matches!(mark, Mark::Running(_));
    let spans = vec![
        Span::styled(format!("{symbol} "), style),
        Span::styled(title, title_style),
        Span::styled(format!("{took:>DURATION$}"), look.dim),
    ];
    column.row(running || matches!(mark, Mark::Failed(_)), spans);
    if let Mark::Failed(why) | Mark::NotUndone(why) = mark {
        column.text(2, why, look.danger);
    }
}

fn shown(look: Look, mark: &Mark, now: Instant) -> (&'static str, Style, String) {
    let marks = look.marks;
    match mark {
        Mark::Waiting => (marks.todo, look.dim, String::new()),
        Mark::Running(since) => {
            let since = now.saturating_duration_since(*since);
            let took = if since.as_secs() >= 1 { text::duration(since) } else { String::new() };
            (Look::spinner(since.as_millis()), look.accent, took)
        }
        Mark::Earlier => (marks.done, look.success, String::new()),
        Mark::Done(took) => (marks.done, look.success, text::duration(*took)),
        Mark::Failed(_) | Mark::NotUndone(_) => (marks.failed, look.danger, String::new()),
        Mark::Undone => (marks.undone, look.normal, String::new()),
    }
}

/// A step of another page that runs while this one is shown.
fn write_elsewhere(state: &State, run: &Run, phase: Phase, column: &mut Column) {
    let Some(step) = run.current().filter(|step| run.plan.steps[*step].phase() != phase) else { return };
    column.blank();
    let title = format!("{}: {}", word::NOW, run.describe(step));
    write_step(state, run, step, &title, column);
}

/// How it ended, and what can be done next.
fn write_end(state: &State, run: &Run, outcome: &Outcome, column: &mut Column) {
    match outcome.result {
        Finished::Done | Finished::NothingToDo => {}
        Finished::PutBack | Finished::Interrupted => {
            write_cause(state, run, outcome, column);
        }
        Finished::NotPutBack => {
            // What is to be done by hand comes first, and its cause with it, however long the list of steps is.
            if let Some(reason) = &outcome.reason {
                column.text(0, reason, state.look.danger);
            }
            column.top_first();
            write_by_hand(state, outcome, column);
        }
        Finished::Pending if run.all_registered() => column.text(0, word::ALL_REGISTERED, state.look.success),
        Finished::Pending if run.was_held() => column.text(0, word::NO_LONGER_HELD, state.look.normal),
        Finished::Pending => {
            if let Some(reason) = &outcome.reason {
                column.text(0, reason, state.look.accent);
            }
            column.text(0, word::PENDING, state.look.normal);
            if polling::waits(state) {
                column.text(0, word::POLLED, state.look.dim);
            }
        }
    }
}

/// The cause, where its own row is on another page.
fn write_cause(state: &State, run: &Run, outcome: &Outcome, column: &mut Column) {
    if let Some(reason) = outcome.reason.as_ref().filter(|_| !state.on(run.last_page())) {
        column.text(0, reason, state.look.danger);
    }
}

/// What a person must do.
pub fn write_by_hand(state: &State, outcome: &Outcome, column: &mut Column) {
    column.text(0, word::BY_HAND, state.look.normal);
    for line in &outcome.by_hand {
        column.hanging(vec![Span::raw(format!("  {} ", state.look.marks.attention))], line, state.look.normal);
    }
    column.text(2, word::ROLLBACK, state.look.normal);
}

/// A word about work that takes a while.
pub fn working(state: &State, what: &str, since: Instant, column: &mut Column) {
    let since = state.now.saturating_duration_since(since);
    column.line(vec![
        Span::styled(format!("{} ", Look::spinner(since.as_millis())), state.look.accent),
        Span::raw(what.to_owned()),
    ]);
}
