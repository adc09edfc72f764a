//! The Review page: making the plan, reading it, going to what is in the way.

use super::navigate;
use crate::ui::session::Prepared;
use crate::ui::session::changes::changes;
use crate::ui::session::obstacle::Refused;
use crate::ui::tui::message::Effect;
use crate::ui::tui::obstacle::unfinished;
use crate::ui::tui::state::{Draft, Ready, State};
use crate::ui::tui::stops;
use crate::wizard::fields;

/// Has the plan made, unless it is there already or something is still missing.
pub fn prepare(state: &mut State, anew: bool) -> Vec<Effect> {
    if !unfinished(state).is_empty() || (state.ready().is_some() && !anew) {
        return Vec::new();
    }
    state.ticket += 1;
    state.review.basis = state.revision;
    state.review.changes = changes(state.recorded(), &state.answers);
    state.review.selected = 0;
    state.review.in_text = false;
    state.review.draft = Draft::Preparing(state.now, state.ticket);
    vec![Effect::Prepare(state.ticket)]
}

/// Takes the plan over; an answer to an earlier question is dropped.
pub fn prepared(state: &mut State, ticket: u64, result: Result<Prepared, Refused>) {
    if matches!(state.review.draft, Draft::Preparing(_, asked) if asked == ticket) {
        state.review.draft = match result {
            Ok(prepared) => Draft::Ready(Box::new(Ready::new(prepared))),
            Err(refused) => Draft::Refused(refused),
        };
    }
}

/// Points at another entry.
pub fn select(state: &mut State, lines: usize, down: bool) {
    let entries = match state.shown_plan() {
        Some(ready) => ready.items.len(),
        None => state.obstacles().len(),
    };
    let at = state.review.selected;
    let there = if down { at + lines } else { at.saturating_sub(lines) };
    state.review.selected = there.min(entries.saturating_sub(1));
    state.scroll = None;
}

/// Gives the keys to the text of a step or to the list.
pub fn into_text(state: &mut State, into: bool) {
    state.review.in_text = into;
}

/// To the field that would remove what is pointed at.
pub fn go_to(state: &mut State) -> Vec<Effect> {
    let Some(id) = state.selected_obstacle().and_then(|obstacle| obstacle.field) else { return Vec::new() };
    let Some((page, _)) = fields().find(|(_, field)| field.id == id) else { return Vec::new() };
    if id == "estate.dir" {
        // What stands there may be something else by now.
        state.looked = None;
    }
    let effects = navigate::jump(state, page.id);
    let of_field: Vec<_> = stops::stops(state).into_iter().filter(|stop| stop.field() == id).collect();
    let typed = of_field.iter().copied().find(|stop| stop.types());
    let chosen = of_field.iter().copied().find(|stop| stops::is_chosen(state, *stop));
    if let Some(stop) = typed.or(chosen).or(of_field.first().copied()) {
        navigate::focus(state, stop);
    }
    effects
}
