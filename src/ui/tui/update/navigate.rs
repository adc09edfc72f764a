//! From page to page, from field to field, and up and down what is longer than the window.

use super::{overlay, review};
use crate::ui::tui::message::Effect;
use crate::ui::tui::state::{Overlay, Places, State, position_of};
use crate::ui::tui::stops::{self, Stop};
use crate::ui::tui::{text, view};
use crate::wizard::{Page, Step, Walk};

/// To the next page. What is invalid may be left; only what lies past Review is gated.
pub fn next(state: &mut State) -> Vec<Effect> {
    let moved = state.walk.next(&state.answers);
    arrive(state, moved)
}

/// To the page before.
pub fn back(state: &mut State) -> Vec<Effect> {
    let here = position_of(state.page().id);
    let open = |page: &&Page| position_of(page.id) < here && state.reachable(page);
    let Some(page) = Walk::visible(&state.answers).filter(open).last() else { return Vec::new() };
    jump(state, page.id)
}

/// To a page that was seen before.
pub fn jump(state: &mut State, page: &str) -> Vec<Effect> {
    if let Some(run) = &mut state.run {
        run.follows = false;
    }
    let target = crate::wizard::pages().iter().find(|known| known.id == page);
    if target.is_some_and(|page| state.settled() && !state.reachable(page)) {
        state.note = Some(text::SETTLED.to_owned());
        return Vec::new();
    }
    let moved = state.walk.jump(page, &state.answers);
    arrive(state, moved)
}

/// Past a plan with nothing in it.
pub fn finish(state: &mut State) -> Vec<Effect> {
    while state.walk.next(&state.answers) == Step::Moved {}
    arrive(state, Step::Moved)
}

fn arrive(state: &mut State, moved: Step) -> Vec<Effect> {
    if moved != Step::Moved {
        return Vec::new();
    }
    overlay::close(state);
    if let Some(run) = &mut state.run {
        run.page_since = state.now;
    }
    show_present(state)
}

/// What the present page needs to be shown.
pub fn show_present(state: &mut State) -> Vec<Effect> {
    match state.page().id {
        "alignment" => look(state, state.settled()),
        "review" if !state.settled() => review::prepare(state, false),
        _ => Vec::new(),
    }
}

/// Once more what the page shows.
pub fn again(state: &mut State) -> Vec<Effect> {
    match state.page().id {
        "alignment" => look(state, true),
        "review" => review::prepare(state, true),
        _ => Vec::new(),
    }
}

fn look(state: &mut State, anew: bool) -> Vec<Effect> {
    let known = matches!(&state.places, Places::Found(revision, _) if *revision == state.revision);
    if known && !anew {
        return Vec::new();
    }
    state.places = Places::Looking(state.now);
    ask_places(state)
}

/// The places may be different: asked anew at once where they are shown, and what is shown stays until the answer.
pub fn refresh(state: &mut State) -> Vec<Effect> {
    if state.on("alignment") {
        return ask_places(state);
    }
    state.places = Places::Never;
    Vec::new()
}

fn ask_places(state: &mut State) -> Vec<Effect> {
    state.ticket += 1;
    state.asked = state.ticket;
    vec![Effect::Look(state.ticket)]
}

/// To the first stop of the next field; a line of its own counts as a field.
pub fn next_field(state: &mut State) {
    let stops = stops::stops(state);
    let Some(here) = place(state, &stops) else { return };
    let at = (here + 1..stops.len()).find(|at| begins(&stops, *at)).unwrap_or(0);
    focus(state, chosen_of(state, &stops, at));
}

/// To the first stop of the field before.
pub fn previous_field(state: &mut State) {
    let stops = stops::stops(state);
    let Some(here) = place(state, &stops) else { return };
    let own = (0..=here).rev().find(|at| begins(&stops, *at)).unwrap_or(0);
    let at = (0..own).rev().chain((own..stops.len()).rev()).find(|at| begins(&stops, *at)).unwrap_or(0);
    focus(state, chosen_of(state, &stops, at));
}

/// Whether Tab stops here: choices are one stop, every line and every product one of its own.
fn begins(stops: &[Stop], at: usize) -> bool {
    match (at.checked_sub(1).map(|before| stops[before]), stops[at]) {
        (_, Stop::Component(_)) => false,
        (Some(Stop::Choice(before, _)), Stop::Choice(field, _))
        | (Some(Stop::Way(before, _) | Stop::Reference(before) | Stop::Again(before)), Stop::Way(field, _)) => {
            before != field
        }
        _ => true,
    }
}

/// The chosen one of the choices that begin here.
fn chosen_of(state: &State, stops: &[Stop], at: usize) -> Stop {
    let first = stops[at];
    let same = |stop: &&Stop| matches!(stop, Stop::Choice(..) | Stop::Way(..)) && stop.field() == first.field();
    if !matches!(first, Stop::Choice(..) | Stop::Way(..)) {
        return first;
    }
    stops.iter().filter(same).copied().find(|stop| stops::is_chosen(state, *stop)).unwrap_or(first)
}

fn place(state: &State, stops: &[Stop]) -> Option<usize> {
    let focused = stops::focused(state)?;
    stops.iter().position(|stop| *stop == focused)
}

/// Gives a stop of the present page the focus.
pub fn focus(state: &mut State, stop: Stop) {
    state.focus.insert(state.walk.current().id, stop);
    state.scroll = None;
}

/// Up by some lines.
pub fn up(state: &mut State, lines: usize) {
    move_by(state, lines, false);
}

/// Down by some lines.
pub fn down(state: &mut State, lines: usize) {
    move_by(state, lines, true);
}

fn move_by(state: &mut State, lines: usize, down: bool) {
    if let Some(Overlay::Pages(at)) = state.overlay {
        state.overlay = Some(Overlay::Pages(overlay::move_pointer(state, at, down)));
        return;
    }
    let stops = stops::stops(state);
    if state.overlay.is_none() && !stops.is_empty() {
        let here = place(state, &stops).unwrap_or(0);
        let there = if down { here + 1 } else { here.saturating_sub(1) };
        focus(state, stops[there.min(stops.len() - 1)]);
    } else if state.overlay.is_none() && state.on("review") && !state.review.in_text {
        review::select(state, lines, down);
    } else {
        scroll(state, lines, down);
    }
}

/// One screen up.
pub fn screen_up(state: &mut State) {
    scroll(state, view::screen(state), false);
}

/// One screen down.
pub fn screen_down(state: &mut State) {
    scroll(state, view::screen(state), true);
}

fn scroll(state: &mut State, lines: usize, down: bool) {
    let present = view::scrolled(state);
    state.scroll = Some(if down { present + lines } else { present.saturating_sub(lines) });
    limit_scroll(state);
}

/// Keeps what is scrolled within what there is.
pub fn limit_scroll(state: &mut State) {
    if let Some(scroll) = state.scroll {
        state.scroll = Some(scroll.min(view::scroll_limit(state)));
    }
}
