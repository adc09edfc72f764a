//! The list of pages at the left.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::words::cut;
use crate::ui::tui::progress::Run;
use crate::ui::tui::state::{State, position_of};
use crate::ui::tui::theme::Look;
use crate::wizard::{Page, Walk};

/// Draws it.
pub fn draw(state: &State, frame: &mut Frame, area: Rect) {
    let pages = Walk::visible(&state.answers).enumerate();
    for ((at, page), y) in pages.zip(area.top()..area.bottom()) {
        let line = entry(state, page, at, usize::from(area.width));
        frame.buffer_mut().set_line(area.x, y, &line, area.width);
    }
}

/// A page's line: mark, number, title.
pub fn entry(state: &State, page: &'static Page, at: usize, width: usize) -> Line<'static> {
    let look = state.look;
    let style = if state.on(page.id) {
        look.strong
    } else if state.reachable(page) {
        look.normal
    } else {
        look.dim
    };
    line(look, mark(state, page), at, &Span::styled(page.title, style), width)
}

/// A line of the list: mark, number from 0, title.
pub fn line(
    look: Look,
    (mark, mark_style): (&'static str, Style),
    at: usize,
    title: &Span<'static>,
    width: usize,
) -> Line<'static> {
    let cut = cut(&title.content, width.saturating_sub(7), look.marks.ellipsis);
    Line::from(vec![
        Span::raw(" "),
        Span::styled(mark, mark_style),
        Span::styled(format!(" {:>2} ", at + 1), look.dim),
        Span::styled(cut, title.style),
    ])
}

/// A page's mark: here, done, in need of attention, to come.
pub fn mark(state: &State, page: &Page) -> (&'static str, Style) {
    let (look, marks) = (state.look, state.look.marks);
    if state.on(page.id) {
        return (marks.here, look.accent);
    }
    if !state.walk.visited(page) {
        return (marks.todo, look.dim);
    }
    if failed_on(state, page) {
        return (marks.failed, look.danger);
    }
    if state.needs_attention(page) {
        return (marks.attention, look.danger);
    }
    if state.run.as_ref().is_some_and(|run| run.course.is_some()) && position_of(page.id) < position_of("review") {
        return (marks.skipped, look.dim);
    }
    if position_of(page.id) < position_of("apply") {
        return (marks.done, look.success);
    }
    match &state.run {
        None => (marks.skipped, look.dim),
        Some(run) if run.is_through(page.id) => (marks.done, look.success),
        Some(_) => (marks.todo, look.normal),
    }
}

fn failed_on(state: &State, page: &Page) -> bool {
    state.run.as_ref().filter(|run| run.failure().is_some()).map(Run::last_page) == Some(page.id)
}
