//! Drawing. Every function here reads the state and changes nothing.

mod alignment;
pub mod column;
pub mod dialog;
mod doctor;
mod done;
pub mod footer;
pub mod form;
pub mod header;
mod overlay;
pub mod rail;
mod review;
mod run;
mod source;
mod tree;
mod verification;
pub mod words;
pub mod zones;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use super::state::State;
use super::text;
use column::Column;
use zones::Zones;

/// Draws the window.
pub fn view(state: &State, frame: &mut Frame) {
    let area = frame.area();
    frame.buffer_mut().set_style(area, state.look.base);
    let Some(zones) = zones::zones(area) else { return too_small(frame, area) };
    header::draw(state, frame, zones.header, zones.rail.is_none());
    if let Some(rail) = zones.rail {
        rail::draw(state, frame, rail);
    }
    match column(state, zones) {
        Some(column) => column.draw(frame, zones.text, own_scroll(state)),
        None => review::draw(state, frame, zones),
    }
    footer::draw(state, frame, zones.footer);
    overlay::draw(state, frame, zones);
}

/// Says that nothing fits.
pub fn too_small(frame: &mut Frame, area: Rect) {
    let text = format!("{} (now {}x{})", text::TOO_SMALL, area.width, area.height);
    let line = words::cut(&text, usize::from(area.width), "~");
    if area.height > 0 {
        frame.buffer_mut().set_string(area.x, area.y, line, ratatui::style::Style::new());
    }
}

/// The page as lines; `None` for Review with a plan, which has two parts.
fn column(state: &State, zones: Zones) -> Option<Column> {
    let mut column = Column::new(state.look, zones.text.width);
    if zones.rail.is_some() {
        column.text(0, state.page().title, state.look.strong);
    }
    column.text(0, intro(state), state.look.normal);
    column.blank();
    match state.page().id {
        "alignment" => alignment::write(state, &mut column),
        "review" if state.shown_plan().is_some_and(|ready| !ready.plan.is_empty()) => return None,
        "review" => review::write(state, &mut column),
        "apply" => run::write_apply(state, &mut column),
        "registration" => run::write_registration(state, &mut column),
        "verification" => verification::write(state, &mut column),
        "done" => done::write(state, &mut column),
        _ => form::write(state, &mut column),
    }
    Some(column)
}

/// What the page is about, as far as the run has come.
fn intro(state: &State) -> &'static str {
    match &state.run {
        Some(run) if state.on("apply") && run.puts_back() => text::course::PUTS_BACK,
        Some(run) if state.on("apply") && run.committed => text::run::IS_COMMITTED,
        _ => state.page().text,
    }
}

/// What is scrolled now, if anything is: an overlay, the text of a step, or the page.
struct Scrolled {
    column: Column,
    height: usize,
}

impl Scrolled {
    fn of(state: &State) -> Option<Self> {
        let window = Rect::from((Position::ORIGIN, state.size));
        let zones = zones::zones(window)?;
        let (column, area) = match (overlay::column(state, zones), column(state, zones)) {
            (Some((column, area)), _) => (column, area),
            (None, Some(column)) => (column, zones.text),
            (None, None) => review::text(state, zones)?,
        };
        Some(Self { column, height: usize::from(area.height) })
    }
}

/// The person's scrolling of the page; while an overlay is open it belongs to that.
fn own_scroll(state: &State) -> Option<usize> {
    if state.overlay.is_none() { state.scroll } else { None }
}

/// The first line shown now.
pub fn scrolled(state: &State) -> usize {
    Scrolled::of(state).map_or(0, |shown| shown.column.offset(state.scroll, shown.height))
}

/// The last line that can be the first one shown.
pub fn scroll_limit(state: &State) -> usize {
    Scrolled::of(state).map_or(0, |shown| shown.column.limit(shown.height))
}

/// The lines that one key for a whole screen goes on by.
pub fn screen(state: &State) -> usize {
    Scrolled::of(state).map_or(1, |shown| shown.column.room(shown.height).saturating_sub(1).max(1))
}
