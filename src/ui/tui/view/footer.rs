//! The last line: the keys that work now, or a word about the last one.

use ratatui::Frame;
use ratatui::crossterm::event::{KeyCode, KeyModifiers};
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::words::{columns, cut};
use crate::ui::tui::keys::{self, Key};
use crate::ui::tui::state::State;

/// Draws it.
pub fn draw(state: &State, frame: &mut Frame, area: Rect) {
    let width = usize::from(area.width).saturating_sub(2);
    let line = match &state.note {
        Some(note) => {
            let note = format!("{} {note}", state.look.marks.attention);
            Line::from(Span::styled(cut(&note, width, state.look.marks.ellipsis), state.look.danger))
        }
        None => bar(state, width),
    };
    frame.buffer_mut().set_line(area.x.saturating_add(1), area.y, &line, area.width.saturating_sub(1));
}

/// How a key is written, also where arrows cannot be.
pub fn shown(state: &State, key: &Key) -> &'static str {
    match key.shown {
        arrow if !state.look.marks.focus.is_ascii() => arrow,
        "↑" => "Up",
        "↓" => "Down",
        "←" => "Left",
        "→" => "Right",
        word => word,
    }
}

/// As many keys as fit, in the order of the table; the one for help always does.
fn bar(state: &State, width: usize) -> Line<'static> {
    let named: Vec<&Key> = keys::working(state).filter(|key| key.footer).collect();
    let length = |key: &Key| columns(shown(state, key)) + columns(key.label) + 3;
    let is_help = |key: &Key| key.chords[0] == (KeyCode::F(1), KeyModifiers::NONE);
    let mut room = width + 2;
    room = room.saturating_sub(named.iter().filter(|key| is_help(key)).map(|key| length(key)).sum());
    let mut full = false;
    let mut spans = Vec::new();
    for key in named {
        let fits = is_help(key) || (!full && length(key) <= room);
        if !fits {
            full = true;
            continue;
        }
        if !is_help(key) {
            room -= length(key);
        }
        if !spans.is_empty() {
            spans.push(Span::raw("  "));
        }
        spans.push(Span::styled(shown(state, key), state.look.accent));
        spans.push(Span::styled(format!(" {}", key.label), state.look.dim));
    }
    Line::from(spans)
}
