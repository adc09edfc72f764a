//! A secret's field: the ways to give it, and the lines of the chosen one.

use ratatui::style::{Modifier, Style};
use ratatui::text::Span;

use super::column::Column;
use super::form::{Labels, radio, write_hint, write_input, write_problem, write_rule};
use super::words::{columns, cut, pad};
use crate::secret::{Source, Strength, strength};
use crate::ui::session::giving::{self, Comparison, Way};
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
    match about_it(state, field, edit) {
        About::Wrong(rule) => write_rule(state, &rule, labels.indent(), column),
        About::Verdict(verdict) => write_verdict(state, verdict, labels.indent(), column),
        // What is wrong with a typed secret stands beside its lines.
        About::Nothing if edit.way == Way::Type => {
            write_hint(state, field, labels.indent(), is_within(focus, field), column);
        }
        About::Nothing => write_problem(state, field, labels.indent(), is_within(focus, field), column),
    }
}

fn is_within(focus: Option<Stop>, field: &Field) -> bool {
    focus.is_some_and(|stop| stop.field() == field.id)
}

/// What is to be said below the ways.
enum About {
    /// A rule is broken.
    Wrong(String),
    /// How a component's secret compares with the authority's.
    Verdict(Comparison),
    /// No more than the help.
    Nothing,
}

fn about_it(state: &State, field: &'static Field, edit: &SourceEdit) -> About {
    let rule = match edit.way {
        Way::Type => field.problem(&state.answers),
        Way::Read if edit.reference.value().is_empty() => None,
        Way::Read if edit.referred().is_none() => Some(text::NOT_ONE_OF_THESE.to_owned()),
        _ => state.problem(field),
    };
    match (rule, giving::compare(field, &state.answers, &state.typed)) {
        (Some(rule), _) => About::Wrong(rule),
        (None, Some(comparison)) if state.problem(field).is_none() => About::Verdict(comparison),
        _ => About::Nothing,
    }
}

fn write_verdict(state: &State, comparison: Comparison, indent: usize, column: &mut Column) {
    let (look, marks) = (state.look, state.look.marks);
    let (mark, style) = match comparison {
        Comparison::Same => (marks.done, look.success),
        Comparison::Differs => (marks.failed, look.danger),
        Comparison::Open => (marks.skipped, look.dim),
    };
    column.note(indent, &format!("{mark} {}", text::compared(comparison)), style);
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
    write_strength(state, field, edit, indent + LABEL, column);
    write_taken(state, field, edit, indent + LABEL, column);
    if focused {
        column.with_focus();
    }
    let focused = focus == Some(Stop::Again(field.id));
    write_secret(state, &edit.again, text::AGAIN, indent, focused, column);
    let (word, style) = about_again(state, edit, focused);
    column.note(indent + LABEL, word, style);
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

/// How hard it is to guess: a bar, a word and the reason.
fn write_strength(state: &State, field: &Field, edit: &SourceEdit, indent: usize, column: &mut Column) {
    let look = state.look;
    if edit.secret.is_empty() {
        let given = state.typed.get(field.id).is_some();
        return column.note(indent, if given { text::GIVEN_BEFORE } else { text::NOT_TYPED }, look.dim);
    }
    let (strength, reason) = strength(edit.secret.text());
    let (reached, style) = match strength {
        Strength::Weak => (1, look.danger),
        Strength::Fair => (2, look.accent),
        Strength::Strong => (3, look.success),
    };
    let [full, empty] = look.marks.bar;
    let bar = full.repeat(reached) + &empty.repeat(3 - reached);
    column.note(indent, &format!("{bar} {}: {reason}", strength.word()), style);
}

/// Whether every place that will hold it takes it; where one does not, which, and the character it forbids.
fn write_taken(state: &State, field: &Field, edit: &SourceEdit, indent: usize, column: &mut Column) {
    if edit.secret.is_empty() {
        return column.blank();
    }
    match giving::forbids(field, &edit.secret.to_secret(), &state.answers) {
        Some(rule) => write_rule(state, &rule, indent, column),
        None if edit.refused(field, &state.answers).is_none() => {
            column.note(indent, &format!("{} {}", state.look.marks.done, text::EVERY_PLACE), state.look.dim);
        }
        None => column.blank(),
    }
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
