//! The first line: product, host, mode; and where the pages are not listed, the page.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::rail;
use super::words::{columns, cut};
use crate::ui::tui::state::State;
use crate::ui::tui::text;
use crate::ui::tui::theme::Look;
use crate::wizard::Walk;

/// Draws it.
pub fn draw(state: &State, frame: &mut Frame, area: Rect, with_page: bool) {
    let mut words = vec![state.host.clone()];
    words.extend(mode(state));
    if state.committed() {
        words.push(text::run::COMMITTED.to_owned());
    }
    bar(state.look, words, if with_page { page(state) } else { Vec::new() }, frame, area);
}

/// Draws a first line: the product and these words, and at the right what is told in the first of these parts and
/// repeated by the others.
pub fn bar(look: Look, words: Vec<String>, mut right: Vec<Span<'static>>, frame: &mut Frame, area: Rect) {
    let between = format!(" {} ", look.marks.between);
    let mut left = vec![Span::raw(" "), Span::styled(text::PRODUCT, look.strong)];
    for word in words {
        left.push(Span::styled(between.clone(), look.dim));
        left.push(Span::styled(word, look.dim));
    }
    let width = |spans: &[Span]| spans.iter().map(|span| columns(&span.content)).sum::<usize>();
    if width(&left[..2]) + width(&right) + 4 > usize::from(area.width) {
        // The dots repeat what the numbers say.
        right.truncate(1);
    }
    let room = usize::from(area.width).saturating_sub(width(&right) + 2);
    while width(&left) > room && left.len() > 2 {
        left.truncate(left.len() - 2);
    }
    let buffer = frame.buffer_mut();
    buffer.set_line(area.x, area.y, &Line::from(left), area.width);
    let at = area.right().saturating_sub(u16::try_from(width(&right) + 1).unwrap_or(0));
    buffer.set_line(at, area.y, &Line::from(right), area.width);
}

/// What is done here.
fn mode(state: &State) -> Option<String> {
    if let Some(course) = state.run.as_ref().and_then(|run| run.course) {
        return Some(text::course::badge(course).to_owned());
    }
    if state.interrupted().is_some() {
        return Some(text::course::BADGE.to_owned());
    }
    let mut letters = state.answers.text("mode").chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect())
}

/// `3/12 Authority` and a dot a page.
fn page(state: &State) -> Vec<Span<'static>> {
    let pages: Vec<_> = Walk::visible(&state.answers).collect();
    let here = pages.iter().position(|page| state.on(page.id)).unwrap_or(0);
    let title = format!("{}/{} {} ", here + 1, pages.len(), cut(state.page().title, 24, state.look.marks.ellipsis));
    let mut spans = vec![Span::styled(title, state.look.strong)];
    spans.extend(pages.iter().map(|page| {
        let (mark, style) = rail::mark(state, page);
        Span::styled(mark, style)
    }));
    spans
}
