//! The alignment matrix.

use std::time::Instant;

use ratatui::style::Style;
use ratatui::text::Span;

use super::column::Column;
use super::run::working;
use super::words::{columns, cut_path, pad};
use crate::alignment::Verdict;
use crate::ui::session::matrix::{self, Matrix, Row};
use crate::ui::tui::state::{NOTICEABLE, Places, State};
use crate::ui::tui::text::alignment as word;

/// Columns of a level, and of a verdict.
const LEVEL: usize = 9;
const VERDICT: usize = 17;

/// Writes it.
pub fn write(state: &State, column: &mut Column) {
    match &state.places {
        Places::Never => {}
        Places::Looking(since) => {
            if state.now.saturating_duration_since(*since) >= NOTICEABLE {
                write_asking(state, *since, column);
            }
        }
        Places::Found(_, Err(error)) => column.text(0, error, state.look.danger),
        Places::Found(_, Ok(matrix)) => write_matrix(state, matrix, column),
    }
}

/// While they are asked, the places stand there already: nothing moves when the answers come.
fn write_asking(state: &State, since: Instant, column: &mut Column) {
    let dir = std::path::absolute(state.answers.text("estate.dir")).unwrap_or_default();
    let expected = matrix::expected(&dir, &state.answers);
    let widths = widths(&expected, column);
    write_heading(state, &expected, &format!("[0/{}]", expected.rows.len()), widths, column);
    let asking = Span::styled(word::ASKING, state.look.dim);
    write_rows(state, &expected, widths, |_| vec![asking.clone()], column);
    column.blank();
    working(state, word::LOOKING, since, column);
}

fn write_matrix(state: &State, matrix: &Matrix, column: &mut Column) {
    if matrix.rows.is_empty() {
        column.text(0, word::NOBODY, state.look.dim);
        return;
    }
    let widths = widths(matrix, column);
    let count = if matrix.fresh { String::new() } else { matrix.count() };
    write_heading(state, matrix, &count, widths, column);
    write_rows(state, matrix, widths, |row| verdict(state, row), column);
    column.blank();
    let (summary, authority) = (matrix.summary(), matrix.authority.as_deref().map(word::authority));
    let all = matrix.rows.iter().all(|row| row.now == Some(Verdict::Aligned));
    let any_wrong = matrix.rows.iter().any(|row| matches!(row.now, Some(Verdict::Differs | Verdict::Missing)));
    let style = if any_wrong {
        state.look.danger
    } else if all {
        state.look.success
    } else {
        state.look.normal
    };
    column.text(0, &summary, style);
    if let Some(authority) = authority {
        column.text(0, &authority, state.look.dim);
    }
}

/// Columns of the component, and of the place.
fn widths(matrix: &Matrix, column: &Column) -> (usize, usize) {
    let component = matrix.rows.iter().map(|row| columns(&row.component)).max().unwrap_or(0).max(9) + 2;
    (component, column.width.saturating_sub(component + LEVEL + VERDICT).max(1))
}

fn write_heading(state: &State, matrix: &Matrix, count: &str, (component, place): (usize, usize), column: &mut Column) {
    let [heading, second, third, now, then] = word::HEADINGS;
    let last = if matrix.fresh { then } else { now };
    let headings = format!("{}{}{}{last} {count}", pad(heading, component), pad(second, place), pad(third, LEVEL));
    column.line(vec![Span::styled(headings.trim_end().to_owned(), state.look.dim)]);
}

fn write_rows<'a>(
    state: &State,
    matrix: &'a Matrix,
    widths: (usize, usize),
    verdict: impl Fn(&'a Row) -> Vec<Span<'static>>,
    column: &mut Column,
) {
    let mut before = "";
    for row in &matrix.rows {
        let name = if row.component == before { "" } else { &row.component };
        before = &row.component;
        write_row(state, row, name, widths, verdict(row), column);
    }
}

/// What is known of a place, by shape and colour.
fn verdict(state: &State, row: &Row) -> Vec<Span<'static>> {
    let Some(verdict) = row.now else {
        return vec![Span::styled(format!("{} {}", state.look.marks.todo, word::WILL_BE), state.look.normal)];
    };
    let (mark, style) = mark(state, verdict);
    vec![Span::styled(format!("{mark} {verdict}"), style)]
}

fn write_row(
    state: &State,
    row: &Row,
    name: &str,
    (component, place): (usize, usize),
    verdict: Vec<Span<'static>>,
    column: &mut Column,
) {
    let shown = if row.place.is_empty() { word::PROCESS } else { &row.place };
    let shown = cut_path(shown, place.saturating_sub(2), state.look.marks.ellipsis);
    let mut spans = vec![
        Span::raw(pad(name, component)),
        Span::raw(pad(&shown, place)),
        Span::styled(pad(&row.level.to_string(), LEVEL), state.look.dim),
    ];
    spans.extend(verdict);
    column.line(spans);
    if row.now.is_some_and(|verdict| verdict != Verdict::Aligned) {
        column.text(component, &row.detail, state.look.dim);
    }
}

fn mark(state: &State, verdict: Verdict) -> (&'static str, Style) {
    let (look, marks) = (state.look, state.look.marks);
    match verdict {
        Verdict::Aligned => (marks.done, look.success),
        Verdict::CannotTell => (marks.skipped, look.accent),
        Verdict::Missing | Verdict::Differs => (marks.failed, look.danger),
    }
}
