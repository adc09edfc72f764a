//! The console: an authority on a full screen, over its admin socket. It runs in the wizard's loop, with its theme and
//! its widgets.

mod data;
mod draw;
mod keys;
mod message;
mod state;
#[cfg(test)]
mod tests;
mod text;
mod update;
mod views;
mod worker;

use std::io;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Instant;

use anyhow::Context;
use ratatui::Frame;

use self::message::{Effect, Message};
use self::state::State;
use self::worker::Ask;
use super::drive::{App, drive};
use super::terminal::Screen;
use super::text::NO_SHELL;
use super::theme::Look;
use super::{UNUSABLE, host, suspend};
use crate::passport::Home;

/// Shows the authority of this home until a person leaves.
///
/// # Errors
/// The terminal cannot be used.
pub fn run(home: Home) -> anyhow::Result<()> {
    show(home).context(UNUSABLE)
}

fn show(home: Home) -> io::Result<()> {
    let screen = Screen::take()?;
    let state = State::new(Look::from_environment(), host(), screen.size()?, Instant::now());
    let (ask, asked) = channel();
    drive(&mut Console { state, ask, worker: Some((home, asked)) }, screen)
}

struct Console {
    state: State,
    ask: Sender<Ask>,
    /// What the worker needs, until it is there.
    worker: Option<(Home, Receiver<Ask>)>,
}

impl App for Console {
    type Message = Message;
    type Effect = Effect;
    type Ended = ();

    fn begin(&mut self) -> Vec<Effect> {
        vec![Effect::Show(self.state.tab)]
    }

    fn update(&mut self, message: Message) -> Vec<Effect> {
        update::update(&mut self.state, message)
    }

    fn perform(&mut self, effect: Effect, screen: &mut Screen, to: &Sender<Message>) -> io::Result<()> {
        if let Some((home, asked)) = self.worker.take() {
            worker::watch(home, asked, to.clone())?;
        }
        let ask = match effect {
            Effect::Show(tab) => Ask::Show(tab),
            Effect::Do(act) => Ask::Do(act),
            Effect::Suspend => {
                if !suspend::ask() {
                    self.state.note = Some(Err(NO_SHELL.to_owned()));
                }
                return Ok(());
            }
            Effect::Repaint => return screen.forget(),
        };
        self.ask.send(ask).map_err(|_| io::Error::other("nobody asks the authority any more"))
    }

    fn view(&self, frame: &mut Frame) {
        draw::view(&self.state, frame);
    }

    /// While an answer is awaited, so that it can be said when that takes its time.
    fn moves(&self) -> bool {
        self.state.asking.is_some() || self.state.acting.is_some()
    }

    fn clock(&mut self, now: Instant) {
        self.state.now = now;
    }

    fn ended(&mut self) -> Option<()> {
        self.state.over.then_some(())
    }
}
