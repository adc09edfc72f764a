//! The wizard in the loop: how it begins, and what its effects do.

use std::ffi::OsString;
use std::io;
use std::sync::mpsc::Sender;
use std::time::Instant;

use ratatui::Frame;

use super::anew;
use super::drive::{App, drive};
use super::handover::Handover;
use super::message::{Effect, Message};
use super::state::State;
use super::terminal::Screen;
use super::theme::Look;
use super::update::{begin, update};
use super::{host, view, worker};
use crate::ui::session::{Ended, Typed};
use crate::wizard::Answers;

/// Shows the wizard until it is over.
pub fn run(answers: Answers, typed: Typed, anew: &[OsString]) -> io::Result<Ended> {
    let screen = Screen::take()?;
    let state = State::new(answers, typed, Look::from_environment(), host(), screen.size()?, Instant::now());
    drive(&mut Wizard { state, anew, renew: false }, screen)
}

/// Shows the last pages until it is over.
pub fn go_on(handover: Handover, anew: &[OsString]) -> io::Result<Ended> {
    let screen = Screen::take_over(handover.modes)?;
    let state = handover.into_state(Look::from_environment(), host(), screen.size()?, Instant::now());
    drive(&mut Wizard { state, anew, renew: false }, screen)
}

struct Wizard<'a> {
    state: State,
    /// The arguments with which the program executes itself anew.
    anew: &'a [OsString],
    /// Whether it is to do so.
    renew: bool,
}

impl App for Wizard<'_> {
    type Message = Message;
    type Effect = Effect;
    type Ended = Ended;

    fn begin(&mut self) -> Vec<Effect> {
        vec![begin(&mut self.state)]
    }

    fn update(&mut self, message: Message) -> Vec<Effect> {
        update(&mut self.state, message)
    }

    fn perform(&mut self, effect: Effect, screen: &mut Screen, to: &Sender<Message>) -> io::Result<()> {
        let state = &mut self.state;
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
            Effect::ExecuteAnew => {
                self.renew = true;
                Ok(())
            }
        }
    }

    fn view(&self, frame: &mut Frame) {
        view::view(&self.state, frame);
    }

    fn moves(&self) -> bool {
        self.state.moves()
    }

    fn clock(&mut self, now: Instant) {
        self.state.now = now;
    }

    fn ended(&mut self) -> Option<Ended> {
        self.state.ended.take()
    }

    /// Not before every key that is here was heeded. Where executing comes back, it failed, and the wizard goes on as it
    /// is.
    fn all_heeded(&mut self, screen: &Screen) {
        if !std::mem::take(&mut self.renew) {
            return;
        }
        if let Some(handover) = screen.before().and_then(|before| Handover::of(&mut self.state, before)) {
            let _ = anew::execute(&handover, self.anew, &self.state.answers);
            handover.give_back(&mut self.state);
        }
    }
}
