//! In which situation a key works.

use super::Now;
use crate::apply::Finished;
use crate::ui::session::Way as Course;
use crate::ui::session::giving::Way;
use crate::ui::tui::polling;
use crate::ui::tui::progress::Run;
use crate::ui::tui::state::{Draft, Overlay, position_of};
use crate::ui::tui::stops::{self, Stop};
use crate::wizard::{Walk, components, missing};

pub fn always(_: &Now<'_>) -> bool {
    true
}

/// Nothing lies over the page.
pub fn bare(state: &Now<'_>) -> bool {
    state.overlay.is_none()
}

pub fn consent(state: &Now<'_>) -> bool {
    state.overlay == Some(Overlay::Consent)
}

pub fn asked_to_settle(state: &Now<'_>) -> bool {
    matches!(state.overlay, Some(Overlay::Settle(_)))
}

pub fn asked_to_resume(state: &Now<'_>) -> bool {
    state.overlay == Some(Overlay::Settle(Course::Resume))
}

pub fn asked_to_put_back(state: &Now<'_>) -> bool {
    state.overlay == Some(Overlay::Settle(Course::PutBack))
}

pub fn bookmark(state: &Now<'_>) -> bool {
    state.overlay == Some(Overlay::Bookmark)
}

pub fn saves(state: &Now<'_>) -> bool {
    state.overlay == Some(Overlay::Save)
}

pub fn replaces(state: &Now<'_>) -> bool {
    state.overlay == Some(Overlay::Replace)
}

/// Answers that a file could say, before they are carried out.
pub fn can_save(state: &Now<'_>) -> bool {
    reviews(state) && !state.settled() && missing(&state.answers).is_empty()
}

pub fn quit(state: &Now<'_>) -> bool {
    state.overlay == Some(Overlay::Quit)
}

pub fn pages(state: &Now<'_>) -> bool {
    matches!(state.overlay, Some(Overlay::Pages(_)))
}

pub fn help(state: &Now<'_>) -> bool {
    state.overlay == Some(Overlay::Help)
}

/// Something to read lies over the page.
pub fn sheet(state: &Now<'_>) -> bool {
    matches!(
        state.overlay,
        Some(Overlay::Help | Overlay::Keys | Overlay::Origins | Overlay::Log | Overlay::Doctor | Overlay::Saved)
    )
}

pub fn sheet_or_pages(state: &Now<'_>) -> bool {
    sheet(state) || pages(state)
}

pub fn log(state: &Now<'_>) -> bool {
    state.overlay == Some(Overlay::Log)
}

pub fn doctor(state: &Now<'_>) -> bool {
    state.overlay == Some(Overlay::Doctor)
}

/// The run is over, not as it was meant to be, and left an estate to look at.
pub fn can_diagnose(state: &Now<'_>) -> bool {
    (on_run_page(state) || done(state)) && state.run.as_ref().is_some_and(Run::leaves_a_patient)
}

/// A page of a run.
pub fn runs(state: &Now<'_>) -> bool {
    on_run_page(state)
}

/// Letters are keys, not text.
pub fn not_typing(state: &Now<'_>) -> bool {
    bare(state) && !stops::focused(state).is_some_and(Stop::types)
}

pub fn has_help(state: &Now<'_>) -> bool {
    bare(state) && stops::focused_field(state).is_some()
}

pub fn can_go_back(state: &Now<'_>) -> bool {
    bare(state) && previous_is_open(state)
}

pub fn at_the_beginning(state: &Now<'_>) -> bool {
    bare(state) && !previous_is_open(state) && !state.settled()
}

fn previous_is_open(state: &Now<'_>) -> bool {
    let here = position_of(state.page().id);
    Walk::visible(&state.answers).any(|page| position_of(page.id) < here && state.reachable(page))
}

pub fn has_stops(state: &Now<'_>) -> bool {
    bare(state) && stops::stops(state).len() > 1
}

fn focus(state: &Now<'_>) -> Option<Stop> {
    if bare(state) { stops::focused(state) } else { None }
}

pub fn unchosen(state: &Now<'_>) -> bool {
    focus(state).is_some_and(|stop| matches!(stop, Stop::Choice(..) | Stop::Way(..)) && !stops::is_chosen(state, stop))
}

pub fn tree(state: &Now<'_>) -> bool {
    focus(state).is_some_and(|stop| matches!(stop, Stop::Product(_) | Stop::Component(_)))
}

pub fn incomplete(state: &Now<'_>) -> bool {
    tree(state) && {
        let mut whole = state.answers.list("components").to_vec();
        components::complete_group(&mut whole);
        whole.len() > state.answers.list("components").len()
    }
}

pub fn secret(state: &Now<'_>) -> bool {
    focus(state).is_some_and(|stop| matches!(stop, Stop::Secret(_) | Stop::Again(_)))
}

/// A secret that can be read on the screen now.
pub fn shown_secret(state: &Now<'_>) -> bool {
    secret(state)
        && focus(state).and_then(|stop| state.edits.source(stop.field())).is_some_and(|it| it.secret.revealed())
}

pub fn resumes(state: &Now<'_>) -> bool {
    focus(state) == Some(Stop::Course(Course::Resume))
}

pub fn puts_back(state: &Now<'_>) -> bool {
    focus(state) == Some(Stop::Course(Course::PutBack))
}

/// The page that offers to settle an interrupted change.
pub fn interrupted(state: &Now<'_>) -> bool {
    bare(state) && !stops::courses(state).is_empty()
}

/// The first line of a typed secret, while the second is empty.
pub fn unconfirmed(state: &Now<'_>) -> bool {
    let Some(Stop::Secret(field)) = focus(state) else { return false };
    state
        .edits
        .source(field)
        .is_some_and(|edit| edit.way == Way::Type && !edit.secret.is_empty() && edit.again.is_empty())
}

pub fn asks(state: &Now<'_>) -> bool {
    bare(state) && position_of(state.page().id) < position_of("review")
}

pub fn alignment(state: &Now<'_>) -> bool {
    bare(state) && state.on("alignment")
}

fn review(state: &Now<'_>) -> bool {
    bare(state) && state.on("review")
}

pub fn in_the_way(state: &Now<'_>) -> bool {
    review(state) && !state.settled() && state.selected_obstacle().is_some_and(|obstacle| obstacle.field.is_some())
}

/// The plan was refused for something that no field changes.
pub fn refused(state: &Now<'_>) -> bool {
    review(state) && !state.settled() && matches!(state.review.draft, Draft::Refused(_))
}

pub fn ready(state: &Now<'_>) -> bool {
    review(state) && !state.settled() && state.ready().is_some_and(|ready| !ready.plan.is_empty())
}

pub fn nothing_to_do(state: &Now<'_>) -> bool {
    review(state) && !state.settled() && state.ready().is_some_and(|ready| ready.plan.is_empty())
}

pub fn has_plan(state: &Now<'_>) -> bool {
    review(state) && state.shown_plan().is_some_and(|ready| !ready.plan.is_empty())
}

pub fn in_list(state: &Now<'_>) -> bool {
    has_plan(state) && !state.review.in_text
}

pub fn in_text(state: &Now<'_>) -> bool {
    has_plan(state) && state.review.in_text
}

pub fn reviews(state: &Now<'_>) -> bool {
    review(state)
}

fn on_run_page(state: &Now<'_>) -> bool {
    let here = position_of(state.page().id);
    bare(state) && state.run.is_some() && (position_of("apply")..position_of("done")).contains(&here)
}

pub fn was_put_back(state: &Now<'_>) -> bool {
    on_run_page(state) && state.finished() == Some(Finished::PutBack)
}

/// An interrupted change was taken up, and all is as it was before it.
pub fn was_settled(state: &Now<'_>) -> bool {
    was_put_back(state) && state.run.as_ref().is_some_and(|run| run.course.is_some())
}

/// The authority holds a registration, and is not being asked about it already.
pub fn held(state: &Now<'_>) -> bool {
    bare(state) && polling::waits(state) && state.polling.open.is_none()
}

/// Something could not be put back: the change is unfinished, and the first page offers to put it back once more.
pub fn was_not_put_back(state: &Now<'_>) -> bool {
    on_run_page(state) && state.finished() == Some(Finished::NotPutBack)
}

/// What follows the commit is not done: the first page offers to finish it.
pub fn was_not_finished(state: &Now<'_>) -> bool {
    on_run_page(state) && state.finished() == Some(Finished::Interrupted)
}

pub fn committed(state: &Now<'_>) -> bool {
    state.committed()
}

/// A page that was seen before, or whose run is over, can be left forward.
pub fn forward(state: &Now<'_>) -> bool {
    let here = position_of(state.page().id);
    let next = Walk::visible(&state.answers).find(|page| position_of(page.id) > here);
    bare(state)
        && state.settled()
        && (!state.running() || next.is_some_and(|page| state.walk.visited(page)))
        && next.is_some()
}

pub fn done(state: &Now<'_>) -> bool {
    bare(state) && state.on("done")
}
