//! A page that asks: its fields, one below the other, each with a line kept free for what is wrong with it.

use ratatui::style::Modifier;
use ratatui::text::Span;
use tui_input::Input;

use super::column::Column;
use super::words::{columns, cut, pad};
use super::{source, tree};
use crate::ui::tui::state::State;
use crate::ui::tui::stops::{self, Stop};
use crate::ui::tui::text::{self, standing as word};
use crate::ui::words::review::inherited as of_authority;
use crate::wizard::repositories::inherited;
use crate::wizard::{Choice, Field, FieldKind};

/// From this width on the labels stand at the left of what they name.
const BESIDE: usize = 54;
/// A line to type into is not longer than this.
const LONGEST: usize = 48;
/// The same for a port.
const PORT: usize = 7;

/// How the labels of a page are laid out.
#[derive(Debug, Clone, Copy)]
pub struct Labels {
    /// Columns of a label beside its input; `None` where the label has a line of its own or says nothing new.
    pub beside: Option<usize>,
    /// Whether the label has a line of its own.
    pub above: bool,
}

impl Labels {
    /// The one field of a page is named by its title.
    fn of(fields: &[&'static Field], alone: bool, width: usize) -> Self {
        let wide = width >= BESIDE;
        let widest = fields.iter().map(|field| columns(field.label)).max().unwrap_or(0) + 2;
        Self { beside: (wide && !alone).then_some(widest), above: !wide && !alone }
    }

    /// Columns before the input.
    pub fn indent(self) -> usize {
        self.beside.unwrap_or(if self.above { 2 } else { 0 })
    }

    /// What stands before the input: the label on the first line, blanks on the others.
    pub fn lead(self, field: &Field, first: bool) -> Span<'static> {
        match self.beside {
            Some(width) if first => Span::raw(pad(field.label, width)),
            _ => Span::raw(" ".repeat(self.indent())),
        }
    }
}

/// Writes the fields of the present page.
pub fn write(state: &State, column: &mut Column) {
    let fields: Vec<_> = stops::asked(state).collect();
    let focus = stops::focused(state);
    let names_itself = fields.len() == 1 && fields[0].label == state.page().title;
    let labels = Labels::of(&fields, state.page().fields.len() == 1 || names_itself, column.width);
    for field in fields {
        if labels.above {
            column.line(vec![Span::raw(field.label)]);
        }
        match field.kind {
            FieldKind::Components => tree::write(state, focus, column),
            FieldKind::Choice(choices) => write_choice(state, field, choices, focus, labels, column),
            FieldKind::SecretSource { .. } => source::write(state, field, focus, labels, column),
            FieldKind::Fields => {}
            _ => write_text(state, field, focus, labels, column),
        }
    }
    if state.on("welcome") {
        write_standing(state, labels, column);
        write_courses(state, focus, column);
        write_way(state, column);
    }
}

/// How it goes, for whoever is here for the first time.
fn write_way(state: &State, column: &mut Column) {
    if state.answers.configures() || state.interrupted().is_some() {
        return;
    }
    let widest = text::welcome::WAY.iter().map(|(act, _)| columns(act)).max().unwrap_or(0) + 2;
    column.blank();
    for (number, (act, about)) in (1..).zip(text::welcome::WAY) {
        let lead = vec![
            Span::styled(format!("{number}  "), state.look.accent),
            Span::styled(pad(act, widest), state.look.strong),
        ];
        column.hanging(lead, about, state.look.dim);
    }
}

/// The ways out of an interrupted change.
fn write_courses(state: &State, focus: Option<Stop>, column: &mut Column) {
    for course in stops::courses(state) {
        column.blank();
        let focused = focus == Some(Stop::Course(*course));
        let style = if focused { state.look.accent } else { state.look.strong };
        column.row(focused, vec![Span::styled(text::course::name(*course), style)]);
        column.text(2, text::course::about(*course), state.look.dim);
    }
}

/// What stands in the folder.
fn write_standing(state: &State, labels: Labels, column: &mut Column) {
    let Some(standing) = &state.standing else { return };
    let (look, marks) = (state.look, state.look.marks);
    let (mark, style) = if standing.usable { (marks.done, look.success) } else { (marks.attention, look.danger) };
    let lead = Span::styled(format!("{}{mark} ", " ".repeat(labels.indent())), style);
    let text = match &standing.recorded {
        Some(_) if !state.answers.configures() => word::INSTALL_AGAIN,
        _ => &standing.text,
    };
    column.hanging(vec![lead], text, if standing.usable { look.normal } else { look.danger });
    if standing.recorded.is_some() && state.answers.configures() {
        column.blank();
        column.text(labels.indent(), word::MAY_CHANGE, look.strong);
        for change in word::CHANGES {
            let lead = Span::styled(format!("{}{} ", " ".repeat(labels.indent()), marks.between), look.dim);
            column.hanging(vec![lead], change, look.normal);
        }
        column.text(labels.indent(), word::KEPT, look.dim);
    }
}

fn write_text(state: &State, field: &'static Field, focus: Option<Stop>, labels: Labels, column: &mut Column) {
    let Some(input) = state.edits.text(field.id) else { return };
    let focused = focus == Some(Stop::Text(field.id));
    let longest =
        if matches!(field.kind, FieldKind::Port | FieldKind::Optional(FieldKind::Port)) { PORT } else { LONGEST };
    write_input(input, labels.lead(field, true), longest, focused, column);
    if let Some(value) = inherited(field.id, &state.answers).filter(|_| input.value().is_empty()) {
        column.text(labels.indent(), &of_authority(&value), state.look.dim);
    }
    if let FieldKind::Variable(variable) = field.kind {
        column.text(labels.indent(), &variable.question, state.look.dim);
    }
    write_problem(state, field, labels.indent(), focused, column);
    if focused {
        column.with_focus();
    }
}

/// A line of typed text, scrolled so that the cursor is seen.
pub fn write_input(input: &Input, lead: Span<'static>, longest: usize, focused: bool, column: &mut Column) {
    let before = columns(&lead.content);
    let room = column.width.saturating_sub(before).clamp(1, longest);
    let scroll = input.visual_scroll(room.saturating_sub(1));
    let shown = window(input.value(), scroll, room);
    let look = column.look();
    let style = if focused { look.accent } else { look.normal };
    column.row(focused, vec![lead, Span::styled(pad(&shown, room), style.add_modifier(Modifier::UNDERLINED))]);
    if focused {
        column.cursor(before + input.visual_cursor().saturating_sub(scroll).min(room.saturating_sub(1)));
    }
}

/// The columns of a text from `from` on.
fn window(text: &str, from: usize, width: usize) -> String {
    let mut skipped = 0;
    let rest = text.char_indices().find(|(at, _)| {
        skipped = columns(&text[..*at]);
        skipped >= from
    });
    cut(rest.map_or("", |(at, _)| &text[at..]), width, "")
}

/// The line that is kept free: the rule that a field breaks, else a word of help while the field has the focus. It is
/// never more than one, so that nothing moves.
pub fn write_problem(state: &State, field: &Field, indent: usize, focused: bool, column: &mut Column) {
    match state.problem(field) {
        Some(rule) => write_rule(state, &rule, indent, column),
        None => write_hint(state, field, indent, focused, column),
    }
}

/// A word of help on the field that has the focus.
pub fn write_hint(state: &State, field: &Field, indent: usize, focused: bool, column: &mut Column) {
    if focused {
        column.note(indent, first_sentence(field.help), state.look.dim);
    } else {
        column.blank();
    }
}

/// What is wrong, under the input as far as there is room, else further to the left.
pub fn write_rule(state: &State, rule: &str, indent: usize, column: &mut Column) {
    let mark = format!("{} ", state.look.marks.attention);
    let indent = indent.min(column.width.saturating_sub(columns(&mark) + columns(rule)));
    let room = column.width.saturating_sub(indent + columns(&mark));
    let rule = cut(rule, room, state.look.marks.ellipsis);
    column.line(vec![Span::raw(" ".repeat(indent)), Span::styled(mark + &rule, state.look.danger)]);
}

/// The help that fits into a line; F1 shows the rest.
fn first_sentence(help: &str) -> &str {
    help.find(". ").map_or(help, |end| &help[..=end])
}

/// The mark before what is wrong.
pub fn attention(state: &State, indent: usize) -> Span<'static> {
    Span::styled(format!("{}{} ", " ".repeat(indent), state.look.marks.attention), state.look.danger)
}

fn write_choice(
    state: &State,
    field: &'static Field,
    choices: &'static [Choice],
    focus: Option<Stop>,
    labels: Labels,
    column: &mut Column,
) {
    let within = focus.is_some_and(|stop| stop.field() == field.id);
    for (at, choice) in Choice::offered(choices).into_iter().enumerate() {
        let stop = Stop::Choice(field.id, choice.id);
        let focused = focus == Some(stop);
        let mark = radio(state, stops::is_chosen(state, stop));
        let room = column.width.saturating_sub(labels.indent() + columns(&mark.content));
        let label = cut(choice.label, room, state.look.marks.ellipsis);
        column.row(focused, vec![labels.lead(field, at == 0), mark, Span::styled(label, state.look.normal)]);
    }
    write_problem(state, field, labels.indent(), within, column);
}

/// The mark of one of a few.
pub fn radio(state: &State, chosen: bool) -> Span<'static> {
    let marks = state.look.marks;
    if chosen {
        Span::styled(format!("{} ", marks.chosen), state.look.accent)
    } else {
        Span::raw(format!("{} ", marks.unchosen))
    }
}
