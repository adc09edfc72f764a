//! The wizard in the loop: how it begins, and what its effects do.

use std::ffi::OsString;
use std::io;
use std::sync::mpsc::Sender;
use std::time::Instant;

use ratatui::Frame;
use tokio::sync::oneshot;

use super::anew;
use super::drive::{App, drive};
use super::handover::Handover;
use super::message::{Effect, Message};
use super::state::State;
use super::terminal::Screen;
use super::theme::Look;
use super::update::{begin, bookmark, doctor, update};
use super::{host, suspend, text, view, worker};
use crate::plan::Step;
use crate::ui::session::answer_file::{about, save};
use crate::ui::session::bookmark::Slot;
use crate::ui::session::{Ended, Typed};
use crate::wizard::Answers;

/// What the wizard was opened with.
pub struct Opened<'a> {
    /// The arguments with which the program executes itself anew.
    pub anew: &'a [OsString],
    /// Where a bookmark of this estate is kept.
    pub slot: Option<Slot>,
}

/// Shows the wizard until it is over.
pub fn run(answers: Answers, typed: Typed, opened: Opened<'_>) -> io::Result<Ended> {
    let screen = Screen::take()?;
    let mut state = State::new(answers, typed, Look::from_environment(), host(), screen.size()?, Instant::now());
    match opened.slot.as_ref().map_or(Ok(None), Slot::look) {
        Ok(bookmark) => state.bookmark = bookmark,
        Err(why) => state.note = Some(why),
    }
    drive(&mut Wizard::new(state, opened), screen)
}

/// Shows the last pages until it is over.
pub fn go_on(handover: Handover, opened: Opened<'_>) -> io::Result<Ended> {
    let screen = Screen::take_over(handover.modes)?;
    let state = handover.into_state(Look::from_environment(), host(), screen.size()?, Instant::now());
    drive(&mut Wizard::new(state, opened), screen)
}

struct Wizard<'a> {
    state: State,
    opened: Opened<'a>,
    /// Whether the program is to execute itself anew.
    renew: bool,
    /// Held as long as somebody wants to know when the places change.
    watched: Option<oneshot::Sender<()>>,
}

impl<'a> Wizard<'a> {
    fn new(mut state: State, opened: Opened<'a>) -> Self {
        state.can_keep = opened.slot.is_some();
        Self { state, opened, renew: false, watched: None }
    }
}

impl App for Wizard<'_> {
    type Message = Message;
    type Effect = Effect;
    type Ended = Ended;

    fn begin(&mut self) -> Vec<Effect> {
        let mut effects = vec![begin(&mut self.state)];
        effects.extend(doctor::go_on(&mut self.state));
        effects
    }

    fn update(&mut self, message: Message) -> Vec<Effect> {
        update(&mut self.state, message)
    }

    fn perform(&mut self, effect: Effect, screen: &mut Screen, to: &Sender<Message>) -> io::Result<()> {
        let state = &mut self.state;
        match effect {
            Effect::Prepare(ticket) => worker::prepare(ticket, state.answers.clone(), state.typed.clone(), to.clone()),
            Effect::Detect(ticket) => worker::detect(ticket, state.answers.text("estate.dir").to_owned(), to.clone()),
            Effect::Look(ticket) => {
                let (watched, unwanted) = oneshot::channel();
                self.watched = Some(watched);
                worker::look(ticket, state.answers.clone(), unwanted, to.clone())
            }
            Effect::Save(over) => {
                let saved = save(&state.answers, state.saving.file.value(), over);
                // Nobody listens any more when the wizard is over already.
                let _ = to.send(Message::Saved(saved.map(|file| about(&state.answers, &file))));
                Ok(())
            }
            Effect::Run => match state.ready().and_then(|ready| ready.prepared.clone()) {
                Some(prepared) => worker::run(prepared, to.clone()),
                None => Ok(()),
            },
            Effect::Diagnose(ticket) => match &state.run {
                Some(run) => worker::diagnose(ticket, run.plan.dir.clone(), to.clone()),
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
            Effect::Suspend => {
                if !suspend::ask() {
                    state.note = Some(text::NO_SHELL.to_owned());
                }
                Ok(())
            }
            Effect::Ask(question) => match state.run.as_ref().and_then(|run| run.plan.steps.get(question.step)) {
                Some(Step::Register { command, site, .. }) => {
                    let dir = state.run.as_ref().map(|run| run.plan.dir.clone()).unwrap_or_default();
                    worker::ask(question, dir, command.clone(), site.clone(), to.clone())
                }
                _ => Ok(()),
            },
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

    fn due(&self) -> Option<Instant> {
        self.state.due()
    }

    fn clock(&mut self, now: Instant) {
        self.state.now = now;
    }

    fn ended(&mut self) -> Option<Ended> {
        let ended = self.state.ended.take()?;
        Some(Ended { kept: self.state.leaves.settle(self.opened.slot.as_ref()), ..ended })
    }

    /// A change that is under way has deadlines to keep.
    fn may_stop(&mut self) -> bool {
        if self.state.running() {
            self.state.note = Some(text::CANNOT_STOP.to_owned());
        }
        !self.state.running()
    }

    /// Not before every key that is here was heeded. Where executing comes back, it failed, and the wizard goes on as it
    /// is.
    fn all_heeded(&mut self, screen: &Screen) {
        if !std::mem::take(&mut self.renew) {
            return;
        }
        // What the next process does not come to is done now.
        bookmark::leaves(&self.state).settle(self.opened.slot.as_ref());
        if let Some(handover) = screen.before().and_then(|before| Handover::of(&mut self.state, before)) {
            let _ = anew::execute(&handover, self.opened.anew, &self.state.answers);
            handover.give_back(&mut self.state);
        }
    }
}
