//! What lies over the page: help, keys, origins, pages, and the two questions.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;

use super::column::Column;
use super::dialog;
use super::doctor;
use super::form::write_input;
use super::rail;
use super::words::{columns, cut, pad};
use super::zones::Zones;
use crate::ui::session::Way as Course;
use crate::ui::session::changes::changes;
use crate::ui::tui::keys::{self, Action, Key};
use crate::ui::tui::state::{Overlay, State};
use crate::ui::tui::stops;
use crate::ui::tui::text::{answer_file as file, bookmark as left, course as settling, log, overlay as word, review};
use crate::wizard::{Walk, fields};

/// Draws it, if there is one.
pub fn draw(state: &State, frame: &mut Frame, zones: Zones) {
    let Some((column, inner)) = column(state, zones) else { return };
    dialog::draw(frame, zones, title(state), &column, inner, state.scroll);
}

/// Its lines, and where they are drawn.
pub fn column(state: &State, zones: Zones) -> Option<(Column, Rect)> {
    let overlay = state.overlay?;
    let widest = if matches!(overlay, Overlay::Origins | Overlay::Log | Overlay::Doctor) {
        dialog::WIDEST
    } else {
        dialog::WIDE
    };
    Some(dialog::place(state.look, zones, widest, |column| write(state, overlay, column)))
}

fn title(state: &State) -> &'static str {
    match state.overlay {
        Some(Overlay::Help) => stops::focused_field(state).map_or("", |field| field.label),
        Some(Overlay::Keys) => word::KEYS_TITLE,
        Some(Overlay::Origins) => word::ORIGINS_TITLE,
        Some(Overlay::Pages(_)) => word::PAGES_TITLE,
        Some(Overlay::Log) => log::TITLE,
        Some(Overlay::Doctor) => doctor::TITLE,
        Some(Overlay::Consent) => review::CONSENT_TITLE,
        Some(Overlay::Settle(_)) => settling::TITLE,
        Some(Overlay::Bookmark) => word::BOOKMARK_TITLE,
        Some(Overlay::Save | Overlay::Replace | Overlay::Saved) => word::SAVE_TITLE,
        Some(Overlay::Quit) => word::QUIT_TITLE,
        None => "",
    }
}

fn write(state: &State, overlay: Overlay, column: &mut Column) {
    match overlay {
        Overlay::Help => write_help(state, column),
        Overlay::Keys => dialog::write_keys(state.look, &keys::working_below(state), column),
        Overlay::Origins => write_origins(state, column),
        Overlay::Pages(at) => write_pages(state, at, column),
        Overlay::Log => write_log(state, column),
        Overlay::Doctor => doctor::write(state, column),
        Overlay::Consent => write_consent(state, column),
        Overlay::Settle(course) => write_settling(state, course, column),
        Overlay::Bookmark => write_bookmark(state, column),
        Overlay::Save => write_saving(state, column),
        Overlay::Replace => {
            column.text(0, state.saving.file.value(), state.look.strong);
            column.text(0, file::REPLACE, state.look.normal);
            write_answers(state, column);
        }
        Overlay::Saved => state.saving.about.iter().for_each(|line| column.text(0, line, state.look.normal)),
        Overlay::Quit => {
            column.text(0, if state.can_keep { word::QUIT_KEPT } else { word::QUIT }, state.look.normal);
            write_answers(state, column);
        }
    }
}

fn write_help(state: &State, column: &mut Column) {
    let Some(field) = stops::focused_field(state) else { return };
    column.text(0, field.help, state.look.normal);
    column.blank();
    column.text(0, &format!("{} {}.", word::VALUE, field.kind.rule()), state.look.dim);
    column.text(0, &format!("{} {}", word::IN_A_FILE, field.id), state.look.dim);
}

/// The latest first: what one looks for when something takes long.
fn write_log(state: &State, column: &mut Column) {
    let Some(run) = &state.run else { return };
    if run.log.is_empty() {
        column.text(0, log::EMPTY, state.look.dim);
    }
    for (after, line) in run.log.iter().rev() {
        let lead = Span::styled(format!("{:>7.1} s  ", after.as_secs_f64()), state.look.dim);
        column.hanging(vec![lead], line, state.look.normal);
    }
    if let Some(journal) = run.outcome.as_ref().and_then(|outcome| outcome.journal.as_ref()) {
        column.blank();
        column.text(0, &log::kept(journal), state.look.dim);
    }
}

fn write_origins(state: &State, column: &mut Column) {
    let asked: Vec<_> = fields()
        .filter(|(page, field)| (page.visible_if)(&state.answers) && (field.visible_if)(&state.answers))
        .map(|(_, field)| field)
        .collect();
    let label = asked.iter().map(|field| columns(field.label)).max().unwrap_or(0) + 2;
    let origin = 16;
    let changes =
        if state.settled() { state.review.changes.clone() } else { changes(state.recorded(), &state.answers) };
    for field in asked {
        let room = column.width.saturating_sub(label + origin).max(1);
        let value = state.answers.value(field.id).to_string();
        let was = changes.iter().find(|change| change.field == field.id).map(|change| change.was.as_str());
        let value = was.map_or(value.clone(), |was| format!("{was} {} {value}", review::WAS_IS));
        let value = cut(&value, room.saturating_sub(1), state.look.marks.ellipsis);
        let style = if was.is_some() { state.look.accent } else { state.look.strong };
        column.line(vec![
            Span::raw(pad(field.label, label)),
            Span::styled(pad(&value, room), style),
            Span::styled(state.answers.origin(field.id).to_string(), state.look.dim),
        ]);
    }
}

fn write_pages(state: &State, at: usize, column: &mut Column) {
    let width = column.width;
    for (index, page) in Walk::visible(&state.answers).enumerate() {
        column.row(index == at, rail::entry(state, page, index, width).spans);
    }
    column.blank();
    column.text(0, word::PAGES_NOTE, state.look.dim);
}

/// The keys that answer a question, under it.
fn write_answers(state: &State, column: &mut Column) {
    let answers = |key: &&Key| {
        key.footer
            && matches!(
                key.action,
                Action::Consent
                    | Action::Settle
                    | Action::GoOn
                    | Action::AskToSave
                    | Action::Save
                    | Action::Leave
                    | Action::Close
            )
    };
    dialog::write_answers(state.look, keys::working(state).into_iter().filter(answers), column);
}

fn write_bookmark(state: &State, column: &mut Column) {
    let Some(bookmark) = &state.bookmark else { return };
    column.text(0, &bookmark.about(), state.look.strong);
    column.blank();
    column.text(0, left::ASKED_AGAIN, state.look.dim);
    write_answers(state, column);
}

fn write_saving(state: &State, column: &mut Column) {
    let lead = Span::raw(format!("{}  ", file::FILE));
    write_input(&state.saving.file, lead, usize::from(dialog::WIDE), true, column);
    match &state.saving.problem {
        Some(problem) => column.text(0, problem, state.look.danger),
        None => column.text(0, word::SAVE_NOTE, state.look.dim),
    }
    write_answers(state, column);
}

fn write_settling(state: &State, course: Course, column: &mut Column) {
    let Some(change) = state.interrupted() else { return };
    column.text(0, &settling::question(course, &change.id), state.look.strong);
    column.blank();
    column.text(0, settling::note(course, change.committed), state.look.dim);
    write_answers(state, column);
}

fn write_consent(state: &State, column: &mut Column) {
    let Some(ready) = state.ready() else { return };
    column.text(0, &review::consent(ready.plan.steps.len(), &ready.plan.dir), state.look.strong);
    column.text(0, &ready.counts.to_string(), state.look.normal);
    column.blank();
    column.text(0, review::CONSENT_NOTE, state.look.dim);
    write_answers(state, column);
}
