//! A run: its beginning, following it from page to page, its end.

use super::{leave, navigate, overlay};
use crate::apply::{Finished, Outcome};
use crate::plan::Phase;
use crate::registration::state::State as Registration;
use crate::ui::session::obstacle::Refused;
use crate::ui::session::{Refusal, Situation, Typed};
use crate::ui::tui::message::Effect;
use crate::ui::tui::polling::{self, Question};
use crate::ui::tui::progress::{Run, SHOWN_AT_LEAST};
use crate::ui::tui::state::{Draft, Overlay, Places, Ready, State, position_of};
use crate::ui::tui::stops::{self, Stop};
use crate::ui::tui::text;
use crate::wizard::{Step, Walk};

/// The consent was given.
pub fn begin(state: &mut State) -> Vec<Effect> {
    overlay::close(state);
    let Some(plan) = state.ready().filter(|ready| ready.prepared.is_some()).map(|ready| ready.plan.clone()) else {
        return Vec::new();
    };
    state.run = Some(Run::new(plan, state.now));
    navigate::next(state);
    vec![Effect::Run]
}

/// Asks whether to settle the interrupted change in the way that has the focus.
pub fn ask_to_settle(state: &mut State) {
    if let Some(Stop::Course(course)) = stops::focused(state) {
        overlay::open(state, Overlay::Settle(course));
    }
}

/// The interrupted change is taken up.
pub fn settle(state: &mut State) -> Vec<Effect> {
    let Some(Overlay::Settle(course)) = state.overlay else { return Vec::new() };
    overlay::close(state);
    let Some(run) = state.interrupted().map(|change| Run::settling(change, course, state.now)) else {
        return Vec::new();
    };
    let ready = Ready::carried_out(run.plan.clone(), Situation::Fresh);
    state.review.draft = Draft::Ready(Box::new(ready));
    state.review.basis = state.revision;
    state.run = Some(run);
    state.walk.carry_out();
    vec![Effect::Settle(course)]
}

/// Everything is as it was before the change that was interrupted: back to the first page.
pub fn start_over(state: &mut State) {
    state.run = None;
    state.walk = Walk::default();
    state.review.draft = Draft::None;
    state.places = Places::Never;
    state.standing = None;
    state.looked = None;
    state.scroll = None;
}

/// Time passed: looks where a registration under way stands, asks about one that is held when it is time to, and goes on.
pub fn tick(state: &mut State) -> Vec<Effect> {
    let run = state.run.as_ref();
    let registers =
        run.and_then(|run| run.current().filter(|step| run.plan.steps[*step].phase() == Phase::Registration));
    let mut effects = follow(state);
    effects.extend(registers.map(Effect::LookAtRegistration));
    if state.due().is_some_and(|due| due <= state.now) {
        effects.extend(ask(state, None, false));
    }
    effects
}

/// Asks the authority at once about the registrations that it holds, one after the other.
pub fn ask_again(state: &mut State) -> Vec<Effect> {
    ask(state, None, true).into_iter().collect()
}

fn ask(state: &mut State, after: Option<usize>, wanted: bool) -> Option<Effect> {
    let step = polling::next(state.run.as_ref()?, after)?;
    let question = Question { step, wanted };
    state.polling.open = Some(question);
    Some(Effect::Ask(question))
}

/// What it says; then the next one is asked about.
pub fn asked(state: &mut State, step: usize, answer: Result<Registration, String>) -> Vec<Effect> {
    let wanted = state.polling.open.take().is_some_and(|question| question.wanted);
    state.polling.answered = Some(state.now);
    state.note = match answer {
        Ok(stands) => state.run.as_mut().and_then(|run| {
            let is_news = run.registration(step) != stands;
            let said = (wanted || is_news).then(|| text::run::stands(run.name(step), &stands));
            run.registrations.insert(step, stands);
            said
        }),
        Err(why) => Some(why),
    };
    ask(state, Some(step), wanted).into_iter().collect()
}

/// Goes on to the page of the phase that has begun, when the present page was shown long enough.
pub fn follow(state: &mut State) -> Vec<Effect> {
    let Some(run) = &mut state.run else { return Vec::new() };
    let long_enough = state.now.saturating_duration_since(run.page_since) >= SHOWN_AT_LEAST;
    if !run.follows || !long_enough {
        return Vec::new();
    }
    let target = if run.outcome.is_some() { run.last_page() } else { run.page() };
    let (here, there) = (position_of(state.walk.current().id), position_of(target));
    if there > here {
        return navigate::next(state);
    }
    if run.outcome.is_some() {
        run.follows = false;
    }
    Vec::new()
}

/// The run is over. A refusal came before anything was touched.
pub fn ended(state: &mut State, result: Result<Outcome, Refusal>) -> Vec<Effect> {
    let mut effects = Vec::new();
    match result {
        Ok(outcome) => {
            carried_out(state, outcome);
            effects.push(Effect::ExecuteAnew);
        }
        Err(refusal) if state.run.as_ref().is_some_and(|run| run.course.is_some()) => {
            start_over(state);
            state.note = Some(refusal.to_string());
        }
        Err(refusal) => {
            state.run = None;
            navigate::jump(state, "review");
            state.review.selected = 0;
            state.review.draft = Draft::Refused(Refused::new(&refusal));
        }
    }
    if state.leaving {
        leave(state);
    }
    effects
}

fn carried_out(state: &mut State, outcome: Outcome) {
    let put_back = outcome.result == Finished::PutBack;
    let Some(run) = &mut state.run else { return };
    run.end(outcome, state.now);
    let failed_on = run.failure().is_some().then(|| run.last_page());
    if put_back {
        // What stands in the folder may be different now: the next look makes a new plan.
        state.review.draft = Draft::None;
    } else {
        forget_secrets(state);
    }
    if let Some(page) = failed_on {
        show(state, page);
    }
}

/// Goes to the page of the step that failed, and stays there.
fn show(state: &mut State, page: &str) {
    while position_of(state.page().id) < position_of(page) && state.walk.next(&state.answers) == Step::Moved {}
    if !state.on(page) {
        navigate::jump(state, page);
    }
    overlay::close(state);
    if let Some(run) = &mut state.run {
        run.follows = false;
    }
}

/// Nothing needs them any more.
fn forget_secrets(state: &mut State) {
    state.typed = Typed::default();
    state.edits.wipe();
    if let Draft::Ready(ready) = &mut state.review.draft {
        ready.prepared = None;
    }
}
