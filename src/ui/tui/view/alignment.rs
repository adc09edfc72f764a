//! The alignment matrix.

use ratatui::style::Style;
use ratatui::text::Span;

use super::column::Column;
use super::run::working;
use super::words::{columns, cut_path, pad};
use crate::alignment::Verdict;
use crate::ui::session::matrix::{Matrix, Row};
use crate::ui::tui::state::{NOTICEABLE, Places, State};
use crate::ui::tui::text::alignment as word;

/// Columns of a level, and of a verdict.
const LEVEL: usize = 9;
const VERDICT: usize = 15;

/// Writes it.
pub fn write(state: &State, column: &mut Column) {
    match &state.places {
        Places::Never => {}
        Places::Looking(since) => {
            if state.now.saturating_duration_since(*since) >= NOTICEABLE {
                working(state, word::LOOKING, *since, column);
            }
        }
        Places::Found(_, Err(error)) => column.text(0, error, state.look.danger),
        Places::Found(_, Ok(matrix)) => write_matrix(state, matrix, column),
    }
}

fn write_matrix(state: &State, matrix: &Matrix, column: &mut Column) {
    if matrix.rows.is_empty() {
        column.text(0, word::NOBODY, state.look.dim);
        return;
    }
    let component = matrix.rows.iter().map(|row| columns(&row.component)).max().unwrap_or(0).max(9) + 2;
    let place = column.width.saturating_sub(component + LEVEL + VERDICT).max(1);
    let [heading, second, third, now, then] = word::HEADINGS;
    let last = if matrix.fresh { then } else { now };
    let headings = format!("{}{}{}{last}", pad(heading, component), pad(second, place), pad(third, LEVEL));
    column.line(vec![Span::styled(headings, state.look.dim)]);
    let mut before = "";
    for row in &matrix.rows {
        let name = if row.component == before { "" } else { &row.component };
        before = &row.component;
        write_row(state, row, name, (component, place), column);
    }
    column.blank();
    if let Some(authority) = &matrix.authority {
        column.text(0, &word::authority(authority), state.look.dim);
    }
    column.text(0, &matrix.summary(), state.look.normal);
}

fn write_row(state: &State, row: &Row, name: &str, widths: (usize, usize), column: &mut Column) {
    let (component, place) = widths;
    let shown = if row.place.is_empty() { word::PROCESS } else { &row.place };
    let shown = cut_path(shown, place.saturating_sub(2), state.look.marks.ellipsis);
    let mut spans = vec![
        Span::raw(pad(name, component)),
        Span::raw(pad(&shown, place)),
        Span::styled(pad(&row.level.to_string(), LEVEL), state.look.dim),
    ];
    match row.now {
        None => spans.push(Span::raw(word::WILL_BE)),
        Some(verdict) => {
            let (mark, style) = mark(state, verdict);
            spans.push(Span::styled(format!("{mark} {verdict}"), style));
        }
    }
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
