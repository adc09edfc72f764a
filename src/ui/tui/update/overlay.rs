//! Opening and closing what lies over the page, and going from the list of pages.

use ratatui::crossterm::event::{KeyCode, KeyEvent};

use super::{navigate, saving};
use crate::ui::tui::message::Effect;
use crate::ui::tui::state::{Overlay, State};
use crate::wizard::{Page, Walk};

/// Lays something over the page.
pub fn open(state: &mut State, overlay: Overlay) {
    state.overlay = Some(overlay);
    state.scroll = None;
}

/// Takes away what lies over the page.
pub fn close(state: &mut State) {
    if state.overlay == Some(Overlay::Bookmark) {
        // It is offered once.
        state.bookmark = None;
    }
    state.overlay = None;
    state.scroll = None;
}

/// The list of pages, pointing at the furthest that was seen: from there one came.
pub fn open_pages(state: &mut State) {
    let furthest = listed(state).iter().rposition(|page| state.reachable(page)).unwrap_or(0);
    open(state, Overlay::Pages(furthest));
}

/// The next page in the list that can be gone to; the same where there is none.
pub fn move_pointer(state: &State, at: usize, down: bool) -> usize {
    let pages = listed(state);
    let open = |at: &usize| pages.get(*at).is_some_and(|page| state.reachable(page));
    let found = if down { (at + 1..pages.len()).find(open) } else { (0..at).rev().find(open) };
    found.unwrap_or(at)
}

/// To the page pointed at.
pub fn pick_pointed(state: &mut State) -> Vec<Effect> {
    let Some(Overlay::Pages(at)) = state.overlay else { return Vec::new() };
    go(state, at)
}

/// A letter of a file's name; a digit goes to the page with that number; `None` when nothing lies over the page.
pub fn typed(state: &mut State, key: KeyEvent) -> Option<Vec<Effect>> {
    let overlay = state.overlay?;
    if overlay == Overlay::Save {
        saving::key(state, key);
        return Some(Vec::new());
    }
    let KeyCode::Char(typed) = key.code else { return Some(Vec::new()) };
    let number = typed.to_digit(10).and_then(|number| usize::try_from(number).ok());
    Some(match (overlay, number.and_then(|number| number.checked_sub(1))) {
        (Overlay::Pages(_), Some(at)) => go(state, at),
        _ => Vec::new(),
    })
}

fn go(state: &mut State, at: usize) -> Vec<Effect> {
    let page = listed(state).get(at).copied().filter(|page| state.reachable(page));
    match page {
        Some(page) => {
            close(state);
            navigate::jump(state, page.id)
        }
        None => Vec::new(),
    }
}

fn listed(state: &State) -> Vec<&'static Page> {
    Walk::visible(&state.answers).collect()
}
