//! Drawing. Every function here reads the state and changes nothing.
//!
//! ```text
//! product, host, what                                  header
//!  1 Requests  2 Components …                          tabs; from 90 columns they are listed at the left
//!  title, how it stands                     place
//!  the list
//!  what is told of the row
//!  what became of the last act                         status
//! keys                                                 footer
//! ```

mod list;
mod over;
mod tabs;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Position, Rect};
use ratatui::text::{Line, Span};

use super::keys;
use super::state::State;
use super::text;
use crate::ui::tui::state::NOTICEABLE;
use crate::ui::tui::view::column::MARGIN;
use crate::ui::tui::view::words::{columns, cut};
use crate::ui::tui::view::zones::{Zones, zones};
use crate::ui::tui::view::{footer, too_small};

/// A list with less room than this is not shortened for what is told of one row.
const LEAST_LIST: u16 = 9;

/// Draws the window.
pub fn view(state: &State, frame: &mut Frame) {
    let area = frame.area();
    frame.buffer_mut().set_style(area, state.look.base);
    let Some(zones) = zones(area) else { return too_small(frame, area) };
    tabs::draw(state, frame, zones);
    let parts = parts(state, zones);
    list::draw(state, frame, parts);
    draw_status(state, frame, parts.status);
    footer::draw_keys(state.look, &keys::working(state), frame, zones.footer);
    over::draw(state, frame, zones);
}

/// The parts of a view.
#[derive(Debug, Clone, Copy)]
struct Parts {
    title: Rect,
    list: Rect,
    /// Empty where there is no room for it.
    told: Rect,
    status: Rect,
}

impl Parts {
    /// What is told of a row stands right under a list that is short, however many of its rows are let through.
    fn drawn_together(self, rows: usize) -> Self {
        let wanted = u16::try_from(rows.saturating_add(1)).unwrap_or(u16::MAX).max(LEAST_LIST);
        let spare = self.list.height.saturating_sub(wanted);
        let list = Rect { height: self.list.height - spare, ..self.list };
        Self { list, told: Rect { y: self.told.y - spare, ..self.told }, ..self }
    }
}

fn parts(state: &State, zones: Zones) -> Parts {
    let wanted = state.tab.view().pane;
    let height = zones.page.height;
    let told = if height >= LEAST_LIST + wanted + 3 { wanted } else { 0 };
    let gap = u16::from(told > 0);
    let air = u16::from(height >= LEAST_LIST + 3);
    let [title, _, list, _, told, status] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(air),
        Constraint::Min(0),
        Constraint::Length(gap),
        Constraint::Length(told),
        Constraint::Length(1),
    ])
    .areas(zones.page);
    Parts { title, list, told, status }
}

/// The line over the keys: what is typed, what became of the last act, whether anybody answers.
fn draw_status(state: &State, frame: &mut Frame, area: Rect) {
    let (look, marks) = (state.look, state.look.marks);
    let area = Rect { x: area.x + 2, width: area.width.saturating_sub(2), ..area };
    let since = |moment: Option<std::time::Instant>| {
        moment.is_some_and(|moment| state.now.saturating_duration_since(moment) >= NOTICEABLE)
    };
    let (line, style) = if state.filtering {
        return draw_filter(state, frame, area);
    } else if since(state.acting) {
        (text::ACTING.to_owned(), look.dim)
    } else if let Some(note) = &state.note {
        match note {
            Ok(done) => (format!("{} {done}", marks.done), look.success),
            Err(problem) => (format!("{} {problem}", marks.failed), look.danger),
        }
    } else if let Some(why) = &state.away {
        (format!("{} {}", marks.attention, text::away(why)), look.danger)
    } else if since(state.asking) {
        (text::ASKING.to_owned(), look.dim)
    } else {
        return;
    };
    let line = cut(&line, usize::from(area.width), marks.ellipsis);
    frame.buffer_mut().set_string(area.x, area.y, line, style);
}

fn draw_filter(state: &State, frame: &mut Frame, area: Rect) {
    let input = &state.list().filter;
    let lead = "/ ";
    let room = usize::from(area.width).saturating_sub(columns(lead) + 1);
    let scroll = input.visual_scroll(room);
    let shown: String = input.value().chars().skip(scroll).collect();
    let line = Line::from(vec![Span::styled(lead, state.look.accent), Span::raw(cut(&shown, room, ""))]);
    frame.buffer_mut().set_line(area.x, area.y, &line, area.width);
    let at = columns(lead) + input.visual_cursor().saturating_sub(scroll).min(room);
    let x = area.x.saturating_add(u16::try_from(at).unwrap_or(0));
    frame.set_cursor_position(Position::new(x.min(area.right().saturating_sub(1)), area.y));
}

/// The rows that one key for a whole screen goes on by.
pub fn screen(state: &State) -> usize {
    let window = Rect::from((Position::ORIGIN, state.size));
    // One line is for the headings, and one that was seen stays to be seen.
    zones(window).map_or(1, |zones| usize::from(parts(state, zones).list.height).saturating_sub(2).max(1))
}

/// Of what lies over the view: the first line that is shown, the lines of a screen, and the greatest first line.
pub fn scrolled(state: &State) -> (usize, usize, usize) {
    let window = Rect::from((Position::ORIGIN, state.size));
    let shown = zones(window).and_then(|zones| over::column(state, zones));
    shown.map_or((0, 1, 0), |(column, area)| {
        let height = usize::from(area.height);
        (column.offset(state.scroll, height), height.saturating_sub(1).max(1), column.limit(height))
    })
}

/// Columns of a page's text.
fn width(area: Rect) -> usize {
    usize::from(area.width).saturating_sub(MARGIN + 1)
}
