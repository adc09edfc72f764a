//! Going on from where the wizard was left, and leaving it so that one can.

use super::navigate;
use crate::apply::Finished;
use crate::ui::session::bookmark::Leaves;
use crate::ui::tui::edits::Edits;
use crate::ui::tui::message::Effect;
use crate::ui::tui::state::{Overlay, State};
use crate::wizard::Walk;

/// Offers it once, where nobody has begun with anything else. A change that was interrupted comes first.
pub fn offer(state: &mut State) {
    let usable = state.standing.as_ref().is_some_and(|standing| standing.usable);
    let untouched = state.on("welcome") && !state.changed && state.overlay.is_none() && state.run.is_none();
    if usable && untouched && state.bookmark.is_some() {
        super::overlay::open(state, Overlay::Bookmark);
    }
}

/// The answers that were typed come back, and the page on which they were left.
pub fn take_up(state: &mut State) -> Vec<Effect> {
    let Some(bookmark) = state.bookmark.take() else { return Vec::new() };
    super::overlay::close(state);
    let dir = state.answers.text("estate.dir").to_owned();
    bookmark.restore(&mut state.answers);
    state.edits = Edits::new(&state.answers);
    state.revision += 1;
    state.changed = true;
    state.walk = Walk::left_at(&bookmark.page, &bookmark.furthest);
    if state.answers.text("estate.dir") != dir {
        // What is shown waits for the look at that folder.
        state.looked = None;
        return Vec::new();
    }
    navigate::show_present(state)
}

/// What becomes of the bookmark when the wizard is left now.
pub fn leaves(state: &State) -> Leaves {
    let nothing_to_do = state.on("done").then_some(Finished::NothingToDo);
    let furthest = state.walk.furthest().id;
    Leaves::of(&state.answers, state.finished().or(nothing_to_do), state.page().id, furthest)
}
