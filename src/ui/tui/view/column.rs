//! A page as lines of text: what is longer than the window is scrolled, and nothing else about the window matters.

use std::ops::Range;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::ui::tui::theme::Look;
use crate::ui::tui::view::words::{columns, cut, wrap};

/// Columns that the bar beside the focus takes, on every line, so that nothing moves.
pub const MARGIN: usize = 2;
/// Fewer lines than this are not left to scrolling.
const LEAST_SCROLLED: usize = 8;

/// Lines of a page.
pub struct Column {
    look: Look,
    /// Columns that a line may fill after the margin.
    pub width: usize,
    lines: Vec<Line<'static>>,
    /// Lines at the top that stay where they are.
    pinned: usize,
    /// Whether the top is shown first where it is too long to stay.
    top_first: bool,
    focus: Option<Range<usize>>,
    cursor: Option<(usize, usize)>,
}

impl Column {
    /// No lines yet, for a window of so many columns.
    pub fn new(look: Look, width: u16) -> Self {
        let width = usize::from(width).saturating_sub(MARGIN).max(1);
        Self { look, width, lines: Vec::new(), pinned: 0, top_first: false, focus: None, cursor: None }
    }

    /// How it looks.
    pub fn look(&self) -> Look {
        self.look
    }

    /// How many lines there are.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Keeps what is there so far at the top, however far the rest is scrolled.
    pub fn pin(&mut self) {
        self.pinned = self.lines.len();
    }

    /// Shows the top first, not the focus, where the top is too long to stay.
    pub fn top_first(&mut self) {
        self.top_first = true;
    }

    /// Lines that can be scrolled in a window of so many.
    pub fn room(&self, height: usize) -> usize {
        height - self.pinned_in(height)
    }

    /// A low window is not given away to what is pinned.
    fn pinned_in(&self, height: usize) -> usize {
        if self.pinned + LEAST_SCROLLED <= height { self.pinned } else { 0 }
    }

    /// An empty line.
    pub fn blank(&mut self) {
        self.lines.push(Line::default());
    }

    /// A line.
    pub fn line(&mut self, spans: Vec<Span<'static>>) {
        self.row(false, spans);
    }

    /// A line that may have the focus.
    pub fn row(&mut self, focused: bool, spans: Vec<Span<'static>>) {
        if focused {
            let here = self.lines.len()..self.lines.len() + 1;
            self.focus = Some(self.focus.take().map_or(here.clone(), |focus| focus.start..here.end));
        }
        let mut all = vec![Span::raw(" ".repeat(MARGIN))];
        if focused {
            all = vec![Span::styled(self.look.marks.focus, self.look.accent), Span::raw(" ")];
        }
        all.extend(spans);
        self.lines.push(Line::from(all));
    }

    /// Text, wrapped and indented.
    pub fn text(&mut self, indent: usize, text: &str, style: Style) {
        for line in wrap(text, self.width.saturating_sub(indent)) {
            self.line(vec![Span::raw(" ".repeat(indent)), Span::styled(line, style)]);
        }
    }

    /// Text that fills one line and no more: indented as far as there is room, else further to the left.
    pub fn note(&mut self, indent: usize, text: &str, style: Style) {
        let indent = indent.min(self.width.saturating_sub(columns(text)));
        let text = cut(text, self.width.saturating_sub(indent), self.look.marks.ellipsis);
        self.line(vec![Span::raw(" ".repeat(indent)), Span::styled(text, style)]);
    }

    /// Text of which only the first line stands beside something else.
    pub fn hanging(&mut self, first: Vec<Span<'static>>, text: &str, style: Style) {
        let indent = first.iter().map(|span| columns(&span.content)).sum();
        let mut lines = wrap(text, self.width.saturating_sub(indent)).into_iter();
        let mut spans = first;
        spans.push(Span::styled(lines.next().unwrap_or_default(), style));
        self.line(spans);
        for line in lines {
            self.line(vec![Span::raw(" ".repeat(indent)), Span::styled(line, style)]);
        }
    }

    /// Puts the cursor into the last line, so many columns after the margin.
    pub fn cursor(&mut self, column: usize) {
        self.cursor = Some((column + MARGIN, self.lines.len().saturating_sub(1)));
    }

    /// Makes the last line, too, one that must be seen.
    pub fn with_focus(&mut self) {
        let end = self.lines.len();
        if let Some(focus) = &mut self.focus {
            focus.end = end;
        }
    }

    /// The first line shown, where a person scrolled, or so that the focus is in the middle.
    pub fn offset(&self, scroll: Option<usize>, height: usize) -> usize {
        let pinned = self.pinned_in(height);
        let middle = self.focus.as_ref().map_or(0, |focus| usize::midpoint(focus.start, focus.end));
        let centred = middle.saturating_sub(pinned).saturating_sub((height - pinned) / 2);
        let unasked = if self.top_first && pinned == 0 { 0 } else { centred };
        scroll.unwrap_or(unasked).min(self.limit(height))
    }

    /// The greatest offset in a window of so many lines.
    pub fn limit(&self, height: usize) -> usize {
        self.lines.len().saturating_sub(height)
    }

    /// Draws it, with a hint where there is more.
    pub fn draw(&self, frame: &mut Frame, area: Rect, scroll: Option<usize>) {
        let height = usize::from(area.height);
        let offset = self.offset(scroll, height);
        let pinned = self.pinned_in(height);
        let buffer = frame.buffer_mut();
        let shown = self.lines.iter().take(pinned).chain(self.lines.iter().skip(pinned + offset));
        for (line, y) in shown.zip(area.top()..area.bottom()) {
            buffer.set_line(area.x, y, line, area.width);
        }
        let right = area.right().saturating_sub(1);
        let (above, below) = if self.look.marks.focus.is_ascii() { ("^", "v") } else { ("↑", "↓") };
        if offset > 0 && height > 1 {
            let first = area.top() + u16::try_from(pinned).unwrap_or(0);
            buffer.set_string(right, first, above, self.look.accent);
        }
        if offset + height < self.lines.len() && height > 1 {
            buffer.set_string(right, area.bottom() - 1, below, self.look.accent);
        }
        let shown = self.cursor.and_then(|(x, y)| Some((x, if y < pinned { y } else { y.checked_sub(offset)? })));
        if let Some((x, y)) = shown.filter(|(x, y)| *x < usize::from(area.width) && *y < height) {
            let cell = |start: u16, by: usize| start.saturating_add(u16::try_from(by).unwrap_or(u16::MAX));
            frame.set_cursor_position(Position::new(cell(area.x, x), cell(area.y, y)));
        }
    }
}
