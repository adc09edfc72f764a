//! The one loop: it waits for a message, takes in all that came, and draws when something changed.

use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use super::message::{Effect, Message};
use super::state::{Ended, State};
use super::terminal::Screen;
use super::theme::Look;
use super::update::{begin, update};
use super::worker;
use crate::ui::session::Typed;
use crate::wizard::Answers;

/// How often a moving screen is drawn. One that does not move wakes nobody.
const FRAME: Duration = Duration::from_millis(100);

/// Shows the wizard until it is over.
pub fn run(answers: Answers, typed: Typed) -> io::Result<Ended> {
    let mut screen = Screen::take()?;
    let (to, messages) = channel();
    worker::read_keys(to.clone())?;
    worker::heed_signals(to.clone())?;
    let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
    let mut state = State::new(answers, typed, Look::from_environment(), host, screen.size()?, Instant::now());
    perform(begin(&mut state), &mut state, &mut screen, &to)?;
    loop {
        if screen.draw(&state).is_err() {
            // The terminal is gone. A run that is under way still comes to its end.
            update(&mut state, Message::Terminate);
            if let Some(ended) = state.ended.take() {
                return Ok(ended);
            }
        }
        let Some(first) = wait(&messages, state.moves()) else {
            return Err(io::Error::other("nothing can reach the wizard any more"));
        };
        state.now = Instant::now();
        for message in std::iter::once(first).chain(messages.try_iter()) {
            for effect in update(&mut state, message) {
                perform(effect, &mut state, &mut screen, &to)?;
            }
            if let Some(ended) = state.ended.take() {
                return Ok(ended);
            }
        }
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
        Effect::LookAtRegistration(step) => {
            if let Some(run) = &mut state.run {
                run.look_at_registration(step);
            }
            Ok(())
        }
        Effect::Repaint => screen.forget(),
    }
}
