//! The one loop: it waits for a message, takes in all that came, and draws when something changed.

use std::ffi::OsString;
use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use ratatui::crossterm::event;
use ratatui::layout::Size;

use super::anew;
use super::handover::Handover;
use super::message::{Effect, Message};
use super::state::State;
use super::terminal::Screen;
use super::theme::Look;
use super::update::{begin, bookmark, update};
use super::worker;
use crate::ui::session::bookmark::Slot;
use crate::ui::session::{Ended, Typed};
use crate::wizard::Answers;

/// How often a moving screen is drawn. One that does not move wakes nobody.
const FRAME: Duration = Duration::from_millis(100);

/// Shows the wizard until it is over.
pub fn run(answers: Answers, typed: Typed, opened: &Opened<'_>) -> io::Result<Ended> {
    let screen = Screen::take()?;
    let size = size(&screen)?;
    let mut state = State::new(answers, typed, Look::from_environment(), host(), size, Instant::now());
    match opened.slot.as_ref().map_or(Ok(None), Slot::look) {
        Ok(bookmark) => state.bookmark = bookmark,
        Err(why) => state.note = Some(why),
    }
    show(state, screen, opened)
}

/// Shows the last pages until it is over.
pub fn go_on(handover: Handover, opened: &Opened<'_>) -> io::Result<Ended> {
    let screen = Screen::take_over(handover.modes)?;
    let size = size(&screen)?;
    let state = handover.into_state(Look::from_environment(), host(), size, Instant::now());
    show(state, screen, opened)
}

fn host() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

/// How large the window is. Whoever reads keys learns of every other size from here on: asking once makes it listen.
fn size(screen: &Screen) -> io::Result<Size> {
    event::poll(Duration::ZERO)?;
    screen.size()
}

/// What the wizard was opened with.
pub struct Opened<'a> {
    /// The arguments with which the program executes itself anew.
    pub anew: &'a [OsString],
    /// Where a bookmark of this estate is kept.
    pub slot: Option<Slot>,
}

fn show(mut state: State, mut screen: Screen, opened: &Opened<'_>) -> io::Result<Ended> {
    let slot = opened.slot.as_ref();
    state.can_keep = slot.is_some();
    let (to, messages) = channel();
    worker::read_keys(to.clone())?;
    worker::heed_signals(to.clone())?;
    perform(begin(&mut state), &mut state, &mut screen, &to)?;
    loop {
        if screen.draw(&state).is_err() {
            // The terminal is gone. A run that is under way still comes to its end.
            update(&mut state, Message::Terminate);
            if let Some(ended) = state.ended.take() {
                return Ok(Ended { kept: state.leaves.settle(slot), ..ended });
            }
        }
        let Some(first) = wait(&messages, state.moves()) else {
            return Err(io::Error::other("nothing can reach the wizard any more"));
        };
        state.now = Instant::now();
        let mut renew = false;
        for message in std::iter::once(first).chain(messages.try_iter()) {
            for effect in update(&mut state, message) {
                renew |= effect == Effect::ExecuteAnew;
                perform(effect, &mut state, &mut screen, &to)?;
            }
            if let Some(ended) = state.ended.take() {
                return Ok(Ended { kept: state.leaves.settle(slot), ..ended });
            }
        }
        // Not before every key that is here was heeded.
        if renew {
            // What the next process does not come to is done now.
            bookmark::leaves(&state).settle(slot);
            execute_anew(&mut state, &screen, opened.anew);
        }
    }
}

/// Where this comes back, it failed, and the wizard goes on as it is.
fn execute_anew(state: &mut State, screen: &Screen, arguments: &[OsString]) {
    if let Some(handover) = screen.before().and_then(|before| Handover::of(state, before)) {
        let _ = anew::execute(&handover, arguments, &state.answers);
        handover.give_back(state);
    }
}

/// The next message; a tick when something moves and nothing else came.
fn wait(messages: &Receiver<Message>, moves: bool) -> Option<Message> {
    if !moves {
        return messages.recv().ok();
    }
    match messages.recv_timeout(FRAME) {
        Ok(message) => Some(message),
        Err(RecvTimeoutError::Timeout) => Some(Message::Tick),
        Err(RecvTimeoutError::Disconnected) => None,
    }
}

fn perform(effect: Effect, state: &mut State, screen: &mut Screen, to: &Sender<Message>) -> io::Result<()> {
    match effect {
        Effect::Prepare(ticket) => worker::prepare(ticket, state.answers.clone(), state.typed.clone(), to.clone()),
        Effect::Detect(ticket) => worker::detect(ticket, state.answers.text("estate.dir").to_owned(), to.clone()),
        Effect::Look(ticket) => worker::look(ticket, state.answers.clone(), to.clone()),
        Effect::Run => match state.ready().and_then(|ready| ready.prepared.clone()) {
            Some(prepared) => worker::run(prepared, to.clone()),
            None => Ok(()),
        },
        Effect::Settle(course) => match &state.run {
            Some(run) => worker::settle(run.plan.dir.clone(), course, to.clone()),
            None => Ok(()),
        },
        Effect::LookAtRegistration(step) => {
            if let Some(run) = &mut state.run {
                run.look_at_registration(step);
            }
            Ok(())
        }
        Effect::Repaint => screen.forget(),
        Effect::ExecuteAnew => Ok(()),
    }
}
