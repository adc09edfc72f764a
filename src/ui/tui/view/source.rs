//! A secret's field: the ways to give it, and the lines of the chosen one.

use ratatui::style::{Modifier, Style};
use ratatui::text::Span;

use super::column::Column;
use super::form::{Labels, attention, radio, write_input};
use super::words::{columns, cut, pad};
use crate::secret::{Source, Strength, strength};
use crate::ui::session::giving::Way;
use crate::ui::tui::edits::SourceEdit;
use crate::ui::tui::state::State;
use crate::ui::tui::stops::Stop;
use crate::ui::tui::text;
use crate::ui::tui::widgets::{DOTS, SecretInput};
use crate::wizard::Field;

/// Columns of the labels of both lines.
const LABEL: usize = 11;
/// A shown secret fills at most so many columns.
const LONGEST: usize = 40;
/// A reference does, too.
const REFERENCE: usize = 56;

/// Writes the ways and their lines.
pub fn write(state: &State, field: &'static Field, focus: Option<Stop>, labels: Labels, column: &mut Column) {
    let Some(edit) = state.edits.source(field.id) else { return };
    let ways = Way::of(field, &state.answers);
    let keeps = state.answers.source("secret.from") == Source::Keep;
    let widest = ways.iter().map(|way| columns(text::way(*way, keeps))).max().unwrap_or(0) + 3;
    for (at, way) in ways.into_iter().enumerate() {
        let chosen = edit.way == way;
        let focused = focus == Some(Stop::Way(field.id, way));
        let mut spans = vec![labels.lead(field, at == 0), radio(state, chosen)];
        let used = spans.iter().map(|span| columns(&span.content)).sum::<usize>() + widest;
        if used + columns(text::about_way(way)) <= column.width {
            spans.push(Span::raw(pad(text::way(way, keeps), widest)));
            spans.push(Span::styled(text::about_way(way), state.look.dim));
        } else {
            spans.push(Span::raw(text::way(way, keeps)));
        }
        column.row(focused, spans);
        match (chosen, way) {
            (true, Way::Type) => write_typed(state, field, edit, focus, labels.indent() + 4, column),
            (true, Way::Read) => write_reference(state, field, edit, focus, labels.indent() + 4, column),
            _ => {}
        }
    }
    let rule = if edit.way == Way::Type { field.problem(&state.answers) } else { unfinished(state, field, edit) };
    match rule {
        Some(rule) => column.hanging(vec![attention(state, labels.indent())], &rule, state.look.danger),
        None => column.blank(),
    }
}

/// What is wrong, once something was given.
fn unfinished(state: &State, field: &Field, edit: &SourceEdit) -> Option<String> {
    let empty = edit.way == Way::Read && edit.reference.value().is_empty();
    if empty { None } else { state.problem(field) }
}

fn write_reference(
    state: &State,
    field: &'static Field,
    edit: &SourceEdit,
    focus: Option<Stop>,
    indent: usize,
    column: &mut Column,
) {
    let focused = focus == Some(Stop::Reference(field.id));
    let lead = Span::raw(format!("{}{}", " ".repeat(indent), pad(text::READ_FROM, LABEL)));
    write_input(&edit.reference, lead, REFERENCE, focused, column);
    column.text(indent, text::REFERENCES, state.look.dim);
    if focused {
        column.with_focus();
    }
}

fn write_typed(
    state: &State,
    field: &'static Field,
    edit: &SourceEdit,
    focus: Option<Stop>,
    indent: usize,
    column: &mut Column,
) {
    let focused = focus == Some(Stop::Secret(field.id));
    write_secret(state, &edit.secret, text::SECRET, indent, focused, column);
    let (word, style) = about_secret(state, field, edit);
    column.hanging(vec![Span::raw(" ".repeat(indent + LABEL))], &word, style);
    if focused {
        column.with_focus();
    }
    let focused = focus == Some(Stop::Again(field.id));
    write_secret(state, &edit.again, text::AGAIN, indent, focused, column);
    let (word, style) = about_again(state, edit, focused);
    column.hanging(vec![Span::raw(" ".repeat(indent + LABEL))], word, style);
    if focused {
        column.with_focus();
    }
}

/// A hidden line has the same dots whatever its length; a shown one is shown to its end.
fn write_secret(state: &State, input: &SecretInput, label: &str, indent: usize, focused: bool, column: &mut Column) {
    let room = column.width.saturating_sub(indent + LABEL).clamp(1, LONGEST);
    let (shown, cursor) = if input.is_empty() {
        (String::new(), 0)
    } else if input.revealed() {
        let before = input.columns_before_cursor();
        let from = (before + 1).saturating_sub(room);
        (part(input.text(), from, room), before - from)
    } else {
        let dots = state.look.marks.dot.repeat(DOTS.min(room));
        let end = columns(&dots).min(room.saturating_sub(1));
        (dots, end)
    };
    let style = if focused { state.look.accent } else { state.look.normal };
    column.row(
        focused,
        vec![
            Span::raw(format!("{}{}", " ".repeat(indent), pad(label, LABEL))),
            Span::styled(pad(&shown, room), style.add_modifier(Modifier::UNDERLINED)),
        ],
    );
    if focused {
        column.cursor(indent + LABEL + cursor);
    }
}

fn part(text: &str, from: usize, width: usize) -> String {
    let rest = text.char_indices().find(|(at, _)| columns(&text[..*at]) >= from);
    cut(rest.map_or("", |(at, _)| &text[at..]), width, "")
}

fn about_secret(state: &State, field: &Field, edit: &SourceEdit) -> (String, Style) {
    let look = state.look;
    if edit.secret.is_empty() {
        let given = state.typed.get(field.id).is_some();
        return (if given { text::GIVEN_BEFORE } else { text::NOT_TYPED }.to_owned(), look.dim);
    }
    if let Some(rule) = edit.refused(field, &state.answers) {
        return (rule, look.danger);
    }
    let (strength, reason) = strength(edit.secret.text());
    let style = match strength {
        Strength::Weak => look.danger,
        Strength::Fair => look.accent,
        Strength::Strong => look.success,
    };
    (format!("{}: {reason}", strength.word()), style)
}

/// While the second line is being typed, that it differs is no mistake yet.
fn about_again(state: &State, edit: &SourceEdit, focused: bool) -> (&'static str, Style) {
    if edit.again.is_empty() {
        let word = if edit.secret.is_empty() { "" } else { text::TYPE_AGAIN };
        (word, state.look.dim)
    } else if edit.confirmed() {
        (text::THE_SAME, state.look.success)
    } else {
        (text::NOT_THE_SAME, if focused { state.look.dim } else { state.look.danger })
    }
}
