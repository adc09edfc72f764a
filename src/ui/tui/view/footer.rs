//! The last line: the keys that work now, or a word about the last one.

use ratatui::Frame;
use ratatui::crossterm::event::{KeyCode, KeyModifiers};
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::words::{columns, cut};
use crate::ui::tui::keys;
use crate::ui::tui::keys::entry::{Key, Keyed};
use crate::ui::tui::state::State;
use crate::ui::tui::theme::Look;

/// Draws it.
pub fn draw(state: &State, frame: &mut Frame, area: Rect) {
    match &state.note {
        Some(note) => line(frame, area, &remark(state.look, note, usize::from(area.width).saturating_sub(2))),
        None => draw_keys(state.look, &keys::working(state), frame, area),
    }
}

/// Draws the keys that work now.
pub fn draw_keys<K: Keyed>(look: Look, working: &[&Key<K>], frame: &mut Frame, area: Rect) {
    line(frame, area, &bar(look, working, usize::from(area.width).saturating_sub(2)));
}

fn line(frame: &mut Frame, area: Rect, line: &Line<'static>) {
    frame.buffer_mut().set_line(area.x.saturating_add(1), area.y, line, area.width.saturating_sub(1));
}

fn remark(look: Look, note: &str, width: usize) -> Line<'static> {
    let note = format!("{} {note}", look.marks.attention);
    Line::from(Span::styled(cut(&note, width, look.marks.ellipsis), look.danger))
}

/// How a key is written, also where arrows cannot be.
pub fn shown<K: Keyed>(look: Look, key: &Key<K>) -> &'static str {
    match key.shown {
        arrow if !look.marks.focus.is_ascii() => arrow,
        "↑" => "Up",
        "↓" => "Down",
        "←" => "Left",
        "→" => "Right",
        word => word,
    }
}

/// As many keys as fit, in the order of the table; the one for help always does.
fn bar<K: Keyed>(look: Look, working: &[&Key<K>], width: usize) -> Line<'static> {
    let named = || working.iter().copied().filter(|key| key.footer);
    let length = |key: &Key<K>| columns(shown(look, key)) + columns(key.label) + 3;
    let is_help = |key: &Key<K>| key.chords[0] == (KeyCode::F(1), KeyModifiers::NONE);
    let mut room = width + 2;
    room = room.saturating_sub(named().filter(|key| is_help(key)).map(length).sum());
    let mut full = false;
    let mut spans = Vec::new();
    for key in named() {
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
        spans.push(Span::styled(shown(look, key), look.accent));
        spans.push(Span::styled(format!(" {}", key.label), look.dim));
    }
    Line::from(spans)
}
