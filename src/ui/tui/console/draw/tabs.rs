//! The first line and the views' names: at the left where there is room, else in a line, else as dots.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::ui::tui::console::state::State;
use crate::ui::tui::console::text;
use crate::ui::tui::console::views::Tab;
use crate::ui::tui::view::words::columns;
use crate::ui::tui::view::zones::Zones;
use crate::ui::tui::view::{header, rail};

/// Draws them.
pub fn draw(state: &State, frame: &mut Frame, zones: Zones) {
    let mut words = vec![state.host.clone(), text::OF.to_owned()];
    words.extend(state.away.as_ref().map(|_| text::AWAY.to_owned()));
    let line = line(state);
    let width: usize = line.iter().map(|span| columns(&span.content)).sum();
    let is_line = zones.rail.is_none() && width < usize::from(zones.header.width);
    let right = if zones.rail.is_some() || is_line { Vec::new() } else { dots(state) };
    header::bar(state.look, words, right, frame, zones.header);
    if is_line {
        let area = Rect { y: zones.header.y + 1, ..zones.header };
        frame.buffer_mut().set_line(area.x, area.y, &Line::from(line), area.width);
    }
    if let Some(area) = zones.rail {
        draw_rail(state, frame, area);
    }
}

fn draw_rail(state: &State, frame: &mut Frame, area: Rect) {
    for (tab, y) in Tab::ALL.into_iter().zip(area.top()..area.bottom()) {
        let title = match attention(state, tab) {
            0 => tab.view().title.to_owned(),
            count => format!("{} {count}", tab.view().title),
        };
        let style = if tab == state.tab { state.look.strong } else { state.look.normal };
        let width = usize::from(area.width);
        let line = rail::line(state.look, mark(state, tab), tab.place(), &Span::styled(title, style), width);
        frame.buffer_mut().set_line(area.x, y, &line, area.width);
    }
}

/// Here, in need of attention, or nothing to say.
fn mark(state: &State, tab: Tab) -> (&'static str, Style) {
    let (look, marks) = (state.look, state.look.marks);
    match attention(state, tab) {
        _ if tab == state.tab => (marks.here, look.accent),
        0 => (" ", look.dim),
        _ => (marks.attention, look.accent),
    }
}

fn attention(state: &State, tab: Tab) -> u64 {
    (tab.view().attention)(&state.data)
}

/// All names with their marks.
fn line(state: &State) -> Vec<Span<'static>> {
    let look = state.look;
    let one = |tab: Tab| {
        let (mark, style) = mark(state, tab);
        let title = if tab == state.tab { look.strong } else { look.normal };
        [Span::styled(format!(" {mark} "), style), Span::styled(tab.view().title, title)]
    };
    Tab::ALL.into_iter().flat_map(one).collect()
}

/// `1/7 Requests` and a dot a view.
fn dots(state: &State) -> Vec<Span<'static>> {
    let title = format!("{}/{} {} ", state.tab.place() + 1, Tab::ALL.len(), state.tab.view().title);
    let dot = |tab| match mark(state, tab) {
        (" ", style) => Span::styled(state.look.marks.todo, style),
        (mark, style) => Span::styled(mark, style),
    };
    std::iter::once(Span::styled(title, state.look.strong)).chain(Tab::ALL.into_iter().map(dot)).collect()
}
