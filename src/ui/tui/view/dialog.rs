//! A dialog over the page: a box in the middle, or where there is no room for borders the whole window but the keys.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;
use ratatui::widgets::{Block, Clear, Widget};

use super::column::Column;
use super::footer::shown;
use super::words::{columns, cut, pad};
use super::zones::Zones;
use crate::ui::tui::keys::entry::{Key, Keyed};
use crate::ui::tui::theme::Look;

/// A dialog is not wider than this.
pub const WIDE: u16 = 72;
/// A list of answers may be.
pub const WIDEST: u16 = 110;

/// Its lines, and where they are drawn.
pub fn place(look: Look, zones: Zones, widest: u16, write: impl FnOnce(&mut Column)) -> (Column, Rect) {
    let window = zones.window();
    let width = if zones.borders { window.width.saturating_sub(8).min(widest) } else { window.width };
    let mut column = Column::new(look, width.saturating_sub(1));
    write(&mut column);
    if !zones.borders {
        let full = without_footer(window);
        return (column, Rect { y: full.y + 1, height: full.height.saturating_sub(1), ..full });
    }
    let lines = u16::try_from(column.len()).unwrap_or(u16::MAX);
    let height = lines.min(window.height.saturating_sub(6));
    let inner =
        Rect { x: window.x + (window.width - width) / 2, y: window.y + (window.height - height) / 2, width, height };
    (column, inner)
}

/// Draws it.
pub fn draw(frame: &mut Frame, zones: Zones, title: &str, column: &Column, inner: Rect, scroll: Option<usize>) {
    let look = column.look();
    let outer = if zones.borders { grown(inner) } else { without_footer(zones.window()) };
    Clear.render(outer, frame.buffer_mut());
    frame.buffer_mut().set_style(outer, look.base);
    if zones.borders {
        Block::bordered()
            .border_set(look.marks.border)
            .border_style(look.accent)
            .title(format!(" {title} "))
            .render(outer, frame.buffer_mut());
    } else {
        let line = cut(title, usize::from(outer.width), look.marks.ellipsis);
        frame.buffer_mut().set_string(outer.x + 1, outer.y, line, look.strong);
    }
    column.draw(frame, inner, scroll);
}

/// Writes what each of these keys does.
pub fn write_keys<K: Keyed>(look: Look, keys: &[&Key<K>], column: &mut Column) {
    let widest = keys.iter().map(|key| columns(shown(look, key))).max().unwrap_or(0) + 2;
    for key in keys {
        column.line(vec![Span::styled(pad(shown(look, key), widest), look.accent), Span::raw(key.label)]);
    }
}

/// Writes the keys that answer a question, under it.
pub fn write_answers<K: Keyed + 'static>(look: Look, keys: impl Iterator<Item = &'static Key<K>>, column: &mut Column) {
    column.blank();
    let mut spans = Vec::new();
    for key in keys {
        spans.push(Span::styled(shown(look, key), look.accent));
        spans.push(Span::raw(format!(" {}     ", key.label)));
    }
    column.line(spans);
}

fn grown(inner: Rect) -> Rect {
    Rect { x: inner.x - 1, y: inner.y - 1, width: inner.width + 2, height: inner.height + 2 }
}

fn without_footer(window: Rect) -> Rect {
    Rect { height: window.height.saturating_sub(1), ..window }
}
