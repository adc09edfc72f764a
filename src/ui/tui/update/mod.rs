//! What each message changes. Nothing here reads a file, a clock or a terminal.

pub mod bookmark;
pub mod doctor;
mod form;
mod navigate;
mod overlay;
mod review;
mod run;
mod saving;
mod tree;

use super::edits::Edits;
use super::keys::{self, Action};
use super::message::{Effect, Message};
use super::progress::Run;
use super::state::{Overlay, Places, State};
use super::text;
use crate::apply::Outcome;
use crate::exit::Exit;
use crate::ui::session::Ended;
use crate::ui::session::standing::{self, Standing};
use crate::ui::tui::state::Draft;
use crate::wizard::fields;

/// Changes the state and says what to do outside it.
pub fn update(state: &mut State, message: Message) -> Vec<Effect> {
    let mut effects = take(state, message);
    if state.looked.is_none() {
        effects.push(begin(state));
    }
    effects
}

/// What to do before the first message: look at the folder.
pub fn begin(state: &mut State) -> Effect {
    state.ticket += 1;
    state.looked = Some(state.ticket);
    Effect::Detect(state.ticket)
}

fn take(state: &mut State, message: Message) -> Vec<Effect> {
    match message {
        Message::Key(key) => {
            state.note = None;
            match keys::action(state, key) {
                Some(action) => act(state, action),
                None => overlay::typed(state, key).unwrap_or_else(|| {
                    form::key(state, key);
                    Vec::new()
                }),
            }
        }
        Message::Paste(pasted) => {
            state.note = None;
            form::paste(state, &pasted);
            Vec::new()
        }
        Message::Resize(size) => {
            state.size = size;
            navigate::limit_scroll(state);
            Vec::new()
        }
        Message::Tick => run::tick(state),
        Message::Prepared(ticket, result) => {
            review::prepared(state, ticket, *result);
            // A command that gave the secret may have written to the terminal.
            vec![Effect::Repaint]
        }
        Message::Looked(ticket, result) => {
            if state.asked == ticket {
                state.places = Places::Found(state.revision, result);
            }
            Vec::new()
        }
        Message::Changed(ticket) => {
            if state.asked == ticket {
                return navigate::refresh(state);
            }
            Vec::new()
        }
        Message::Saved(result) => {
            saving::saved(state, result);
            Vec::new()
        }
        Message::Stands(ticket, standing) => {
            if state.looked == Some(ticket) && !state.settled() {
                let before = state.revision;
                adopt(state, standing);
                bookmark::offer(state);
                if state.revision != before {
                    // What is shown of the answers before is of another estate.
                    return navigate::show_present(state);
                }
            }
            Vec::new()
        }
        Message::Progress(event) => {
            if let Some(run) = &mut state.run {
                run.take(event, state.now);
            }
            run::follow(state)
        }
        Message::Registration(step, stands) => {
            if let Some(run) = &mut state.run {
                run.registrations.insert(step, stands);
            }
            Vec::new()
        }
        Message::Asked(step, answer) => run::asked(state, step, answer),
        Message::Diagnosed(ticket, result) => {
            doctor::found(state, ticket, result);
            Vec::new()
        }
        Message::RunEnded(result) => run::ended(state, result),
        Message::Lost => {
            let exit = if state.running() { Exit::Interrupted } else { Exit::PutBack };
            state.leaves = bookmark::leaves(state);
            state.ended = Some(Ended { exit, outcome: None, plan: None, kept: false });
            Vec::new()
        }
        Message::Terminate => {
            state.leaving = true;
            if !state.running() {
                leave(state);
            }
            Vec::new()
        }
    }
}

/// Takes over what stands in the folder; its recorded answers stand in the fields then.
fn adopt(state: &mut State, standing: Standing) {
    let before = state.answers.clone();
    standing::adopt(&mut state.answers, &standing);
    if state.answers != before {
        let mut anew = Edits::new(&state.answers);
        for (_, field) in fields().filter(|(_, field)| before.get(field.id) != state.answers.get(field.id)) {
            state.edits.take_over(&mut anew, field.id);
        }
        state.revision += 1;
    }
    state.standing = Some(standing);
}

fn act(state: &mut State, action: Action) -> Vec<Effect> {
    match action {
        Action::Next => return navigate::next(state),
        Action::Back => return navigate::back(state),
        Action::NextField => navigate::next_field(state),
        Action::PreviousField => navigate::previous_field(state),
        Action::Up => navigate::up(state, 1),
        Action::Down => navigate::down(state, 1),
        Action::PageUp => navigate::screen_up(state),
        Action::PageDown => navigate::screen_down(state),
        Action::Choose => form::choose(state),
        Action::Complete => tree::complete(state),
        Action::Reveal => form::reveal(state),
        Action::IntoText => review::into_text(state, true),
        Action::OutOfText => review::into_text(state, false),
        Action::GoTo => return review::go_to(state),
        Action::Again => return navigate::again(state),
        Action::AskConsent => overlay::open(state, Overlay::Consent),
        Action::Consent => return run::begin(state),
        Action::AskToSettle => run::ask_to_settle(state),
        Action::Settle => return run::settle(state),
        Action::TryAgain => return navigate::jump(state, "review"),
        Action::AskAgain => return run::ask_again(state),
        Action::StartOver => run::start_over(state),
        Action::Finish => return navigate::finish(state),
        Action::Help => overlay::open(state, Overlay::Help),
        Action::Keys => overlay::open(state, Overlay::Keys),
        Action::Origins => overlay::open(state, Overlay::Origins),
        Action::Log => overlay::open(state, Overlay::Log),
        Action::Doctor => return doctor::ask(state),
        Action::AskToSave => saving::ask(state),
        Action::Save => return saving::save(state),
        Action::Pages => overlay::open_pages(state),
        Action::PickPage => return overlay::pick_pointed(state),
        Action::Close => overlay::close(state),
        Action::GoOn => return bookmark::take_up(state),
        Action::Quit => quit(state),
        Action::Leave => leave(state),
        Action::Suspend => return vec![Effect::Suspend],
        Action::Repaint => return vec![Effect::Repaint],
    }
    Vec::new()
}

fn quit(state: &mut State) {
    if state.committed() {
        state.leaving = true;
        state.note = Some(text::LEAVES_SOON.to_owned());
    } else if state.running() {
        state.note = Some(text::UNDER_WAY.to_owned());
    } else if state.overlay == Some(Overlay::Quit) || !state.changed || state.settled() {
        leave(state);
    } else {
        overlay::open(state, Overlay::Quit);
    }
}

/// Ends the wizard; what the shell is told is how far it came.
fn leave(state: &mut State) {
    state.leaves = bookmark::leaves(state);
    let finished = state.finished();
    let succeeded = state.run.as_ref().is_some_and(Run::succeeded);
    let outcome = state.run.as_mut().and_then(|run| run.outcome.take());
    let exit = match (finished, &state.review.draft) {
        // What was asked for is done, also when that was to put an interrupted change back.
        (Some(_), _) if succeeded => Exit::Done,
        (Some(finished), _) => finished.into(),
        (None, _) if state.interrupted().is_some() => Exit::Interrupted,
        (None, _) if state.on("done") => Exit::Done,
        (None, Draft::Refused(refused)) => refused.exit,
        (None, _) => Exit::Refused,
    };
    let nothing = state.on("done").then(Outcome::nothing);
    let plan = state.run.as_ref().map(|run| &run.plan).or(state.ready().map(|ready| &ready.plan)).cloned();
    state.ended = Some(Ended { exit, outcome: outcome.or(nothing), plan, kept: false });
}
