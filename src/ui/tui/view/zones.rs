//! Where everything is, for every size of window.

use ratatui::layout::{Constraint, Layout, Rect, Size};

/// Below this nothing but a request for a larger window is shown.
pub const LEAST: Size = Size { width: 40, height: 10 };
/// From this many columns the pages are listed at the left.
const WITH_RAIL: u16 = 90;
/// Columns of that list.
const RAIL: u16 = 22;
/// Below this no borders are drawn.
const WITH_BORDERS: Size = Size { width: 60, height: 16 };
/// Lines of text longer than this are hard to read.
const READABLE: u16 = 79;

/// The parts of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Zones {
    /// Product, host, mode; the page where there is no rail.
    pub header: Rect,
    /// The list of pages.
    pub rail: Option<Rect>,
    /// All that the page may use.
    pub page: Rect,
    /// The same, not wider than what reads well.
    pub text: Rect,
    /// The keys.
    pub footer: Rect,
    /// Whether there is room for borders.
    pub borders: bool,
}

impl Zones {
    /// The whole window.
    pub fn window(&self) -> Rect {
        self.header.union(self.footer)
    }
}

/// Divides a window; `None` when it is too small.
pub fn zones(window: Rect) -> Option<Zones> {
    if window.width < LEAST.width || window.height < LEAST.height {
        return None;
    }
    let [header, body, footer] =
        Layout::vertical([Constraint::Length(1), Constraint::Min(0), Constraint::Length(1)]).areas(window);
    let [_, body] = Layout::vertical([Constraint::Length(1), Constraint::Min(0)]).areas(body);
    let (rail, page) = if window.width >= WITH_RAIL {
        let [rail, _, page] =
            Layout::horizontal([Constraint::Length(RAIL), Constraint::Length(1), Constraint::Min(0)]).areas(body);
        (Some(rail), page)
    } else {
        (None, body)
    };
    let page = Rect { width: page.width.saturating_sub(1), ..page };
    Some(Zones {
        header,
        rail,
        page,
        text: Rect { width: page.width.min(READABLE), ..page },
        footer,
        borders: window.width >= WITH_BORDERS.width && window.height >= WITH_BORDERS.height,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(width: u16, height: u16) -> Option<Zones> {
        zones(Rect::new(0, 0, width, height))
    }

    #[test]
    fn sizes_decide_what_is_there() {
        assert!(of(39, 24).is_none() && of(80, 9).is_none());
        assert!(of(40, 10).is_some_and(|zones| zones.rail.is_none() && !zones.borders));
        assert!(of(60, 16).is_some_and(|zones| zones.borders));
        assert!(of(89, 24).is_some_and(|zones| zones.rail.is_none()));
        assert!(of(90, 24).is_some_and(|zones| zones.rail.is_some_and(|rail| rail.width == 22)));
        assert!(of(200, 24).is_some_and(|zones| zones.text.width == 79 && zones.page.width > 150));
    }
}
