//! A view's list, the line over it, and what is told of the row that is pointed at.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Parts, width};
use crate::ui::tui::console::state::State;
use crate::ui::tui::console::text;
use crate::ui::tui::console::views::{Fact, Heading, Row, STAYS, Seen};
use crate::ui::tui::view::column::{Column, MARGIN};
use crate::ui::tui::view::words::{columns, cut, pad, wrap};

/// Columns between two columns.
const GAP: usize = 2;
/// No column is cut to less than this.
const LEAST: usize = 6;
/// Columns of a fact's name.
const NAME: usize = 13;

/// Draws all three.
pub fn draw(state: &State, frame: &mut Frame, parts: Parts) {
    let rows = state.rows();
    let parts = rows.as_ref().map_or(parts, |(_, all)| parts.drawn_together(*all));
    let at = rows.as_ref().map_or(0, |(rows, _)| state.pointed(rows));
    draw_title(state, frame, parts.title, rows.as_ref().map(|(rows, all)| (at, rows.len(), *all)));
    let Some((rows, all)) = rows else { return };
    let mut column = Column::new(state.look, parts.list.width.saturating_sub(1));
    if rows.is_empty() {
        column.text(0, if all == 0 { state.tab.view().empty } else { text::NONE_FITS }, state.look.dim);
    } else {
        write_table(state, &rows, at, &mut column);
    }
    column.draw(frame, parts.list, None);
    if let Some(row) = rows.get(at).filter(|_| parts.told.height > 0) {
        let facts = (state.tab.view().facts)(&Seen::of(state), &row.key);
        draw_pane(state, frame, parts.told, &facts);
    }
}

/// What the view is, how it stands, and the place in the list.
fn draw_title(state: &State, frame: &mut Frame, area: Rect, place: Option<(usize, usize, usize)>) {
    let look = state.look;
    let between = || Span::styled(format!(" {} ", look.marks.between), look.dim);
    let mut spans = vec![Span::styled(state.tab.view().title, look.strong)];
    if state.data.overview.is_some() {
        for (text, style) in (state.tab.view().summary)(&Seen::of(state)) {
            spans.extend([between(), Span::styled(text, style)]);
        }
    }
    let filter = state.list().filter.value();
    if !filter.is_empty() {
        spans.extend([between(), Span::styled(format!("{} \"{filter}\"", text::FILTER), look.accent)]);
    }
    if state.tab.view().grows_at_the_end && state.list().key.is_some() {
        spans.extend([between(), Span::styled(text::PAUSED, look.accent)]);
    }
    let right = place.filter(|(_, shown, all)| *all > 0 && *shown > 0);
    let right = right.map_or_else(String::new, |(at, shown, all)| text::position(at + 1, shown, all));
    let room = width(area).saturating_sub(columns(&right) + 1);
    let mut left = 0;
    spans.retain(|span| {
        left += columns(&span.content);
        left <= room
    });
    if spans.last() == Some(&between()) {
        spans.pop();
    }
    let margin = u16::try_from(MARGIN).unwrap_or(0);
    let buffer = frame.buffer_mut();
    buffer.set_line(area.x + margin, area.y, &Line::from(spans), area.width.saturating_sub(margin));
    let x = area.right().saturating_sub(u16::try_from(columns(&right) + 1).unwrap_or(0));
    buffer.set_string(x, area.y, right, look.dim);
}

fn write_table(state: &State, rows: &[Row], at: usize, column: &mut Column) {
    let headings = state.tab.view().headings;
    let widths = fit(headings, rows, column.width);
    let titles = headings.iter().zip(&widths).filter_map(|(heading, width)| Some((heading.title, (*width)?)));
    let titles: String = titles.map(|(title, width)| pad(&cut(title, width, ""), width + GAP)).collect();
    column.line(vec![Span::styled(titles.trim_end().to_owned(), state.look.dim)]);
    column.pin();
    for (index, row) in rows.iter().enumerate() {
        let is_pointed = index == at;
        let cells = row.cells.iter().zip(&widths).filter_map(|(cell, width)| Some((cell, (*width)?)));
        let spans = cells.map(|(cell, width)| {
            let text = pad(&cut(&cell.text, width, state.look.marks.ellipsis), width + GAP);
            Span::styled(text, if is_pointed { cell.style.patch(state.look.strong) } else { cell.style })
        });
        column.row(is_pointed, spans.collect());
    }
}

/// The columns that each heading gets; none for one that has no room.
fn fit(headings: &[Heading], rows: &[Row], room: usize) -> Vec<Option<usize>> {
    let natural: Vec<usize> = (0..headings.len())
        .map(|at| {
            let cells = rows.iter().filter_map(|row| row.cells.get(at)).map(|cell| columns(&cell.text));
            cells.chain([columns(headings[at].title)]).max().unwrap_or(0)
        })
        .collect();
    let is_empty = |at: usize| rows.iter().all(|row| row.cells.get(at).is_none_or(|cell| cell.text.is_empty()));
    let mut shown: Vec<usize> =
        (0..headings.len()).filter(|at| headings[*at].worth == STAYS || !is_empty(*at)).collect();
    let least = |at: usize| match headings[at].least {
        0 => natural[at],
        least => natural[at].min(least),
    };
    let needed = |shown: &[usize]| shown.iter().map(|at| least(*at) + GAP).sum::<usize>().saturating_sub(GAP);
    while needed(&shown) > room {
        let Some(least) =
            shown.iter().copied().filter(|at| headings[*at].worth < STAYS).min_by_key(|at| headings[*at].worth)
        else {
            break;
        };
        shown.retain(|at| *at != least);
    }
    let mut spare = room.saturating_sub(needed(&shown));
    let mut missing = needed(&shown).saturating_sub(room);
    let mut widths = vec![None; headings.len()];
    // What is left goes to the ones that are worth most.
    shown.sort_by_key(|at| std::cmp::Reverse(headings[*at].worth));
    for at in shown {
        let more = (natural[at] - least(at)).min(spare);
        let less = if headings[at].least > 0 { missing.min(least(at).saturating_sub(LEAST)) } else { 0 };
        (spare, missing) = (spare - more, missing - less);
        widths[at] = Some((least(at) + more - less).min(room));
    }
    widths
}

fn draw_pane(state: &State, frame: &mut Frame, area: Rect, facts: &[Fact]) {
    let mut column = Column::new(state.look, area.width.saturating_sub(1));
    for fact in facts.iter().take(usize::from(area.height)) {
        let room = column.width.saturating_sub(NAME);
        let text = cut(&fact.text, room, state.look.marks.ellipsis);
        column.line(vec![Span::styled(pad(fact.name, NAME), state.look.dim), Span::styled(text, fact.style)]);
    }
    // What has no room is told by the details.
    column.draw(frame, area, Some(0));
}

/// Writes everything that is told of a row.
pub fn write_facts(facts: &[Fact], column: &mut Column) {
    let look = column.look();
    for fact in facts {
        let room = column.width.saturating_sub(NAME);
        for (index, part) in wrap(&fact.text, room).into_iter().enumerate() {
            let name = if index == 0 { fact.name } else { "" };
            column.line(vec![Span::styled(pad(name, NAME), look.dim), Span::styled(part, fact.style)]);
        }
    }
}
