//! The one loop: it waits for a message, takes in all that came, and draws when something changed.

use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use ratatui::Frame;
use ratatui::crossterm::event::KeyEvent;
use ratatui::layout::Size;
use zeroize::Zeroizing;

use super::terminal::Screen;
use super::{suspend, worker};

/// How often a moving screen is drawn. One that does not move wakes nobody.
const FRAME: Duration = Duration::from_millis(100);

/// What reaches every full screen from the terminal, the clock and the system. It has no `Debug`: keys and pastes may be
/// parts of a secret.
pub enum Input {
    /// A key was pressed.
    Key(KeyEvent),
    /// Text was pasted.
    Paste(Zeroizing<String>),
    /// The window has another size.
    Resize(Size),
    /// Time passed while something moves.
    Tick,
    /// The system or the closed terminal wants us to end.
    Terminate,
}

/// A full screen: the one owner of its state.
pub trait App {
    /// What changes the state.
    type Message: From<Input> + Send + 'static;
    /// Something to do outside the state.
    type Effect;
    /// How it ended.
    type Ended;

    /// What to do before the first message.
    fn begin(&mut self) -> Vec<Self::Effect>;

    /// Changes the state and says what to do outside it.
    fn update(&mut self, message: Self::Message) -> Vec<Self::Effect>;

    /// Does that; work that takes its time answers by message.
    fn perform(&mut self, effect: Self::Effect, screen: &mut Screen, to: &Sender<Self::Message>) -> io::Result<()>;

    /// Draws the state.
    fn view(&self, frame: &mut Frame);

    /// Whether something moves on the screen, so that time has to be told.
    fn moves(&self) -> bool;

    /// When time has to be told though nothing moves.
    fn due(&self) -> Option<Instant> {
        None
    }

    /// Tells the time.
    fn clock(&mut self, now: Instant);

    /// How it ended, once it has.
    fn ended(&mut self) -> Option<Self::Ended>;

    /// Every message that was here is heeded, and nothing is drawn yet.
    fn all_heeded(&mut self, _screen: &Screen) {}

    /// Whether it can stand still for a while, as a shell's job.
    fn may_stop(&mut self) -> bool {
        true
    }
}

/// Shows it until it is over.
pub fn drive<A: App>(app: &mut A, mut screen: Screen) -> io::Result<A::Ended> {
    let (to, messages) = channel();
    worker::read_keys(to.clone())?;
    worker::heed_signals(to.clone())?;
    for effect in app.begin() {
        app.perform(effect, &mut screen, &to)?;
    }
    loop {
        if screen.draw(|frame| app.view(frame)).is_err() {
            // The terminal is gone. What is under way still comes to its end.
            app.update(Input::Terminate.into());
            if let Some(ended) = app.ended() {
                return Ok(ended);
            }
        }
        let until = if app.moves() { Some(Instant::now() + FRAME) } else { app.due() };
        let Some(first) = wait(&messages, until) else {
            return Err(io::Error::other("nothing can reach the screen any more"));
        };
        app.clock(Instant::now());
        for message in std::iter::once(first).chain(messages.try_iter()) {
            for effect in app.update(message) {
                app.perform(effect, &mut screen, &to)?;
            }
            if let Some(ended) = app.ended() {
                return Ok(ended);
            }
        }
        app.all_heeded(&screen);
        if suspend::is_wanted() && app.may_stop() {
            suspend::stop(&mut screen);
        }
        if suspend::is_over() {
            screen.take_again()?;
            // Nobody tells of another size while the program is stopped.
            let size = Input::Resize(screen.size()?);
            for effect in app.update(size.into()) {
                app.perform(effect, &mut screen, &to)?;
            }
        }
    }
}

/// The next message; a tick when none came until then.
fn wait<M: From<Input>>(messages: &Receiver<M>, until: Option<Instant>) -> Option<M> {
    let Some(until) = until else {
        return messages.recv().ok();
    };
    match messages.recv_timeout(until.saturating_duration_since(Instant::now())) {
        Ok(message) => Some(message),
        Err(RecvTimeoutError::Timeout) => Some(Input::Tick.into()),
        Err(RecvTimeoutError::Disconnected) => None,
    }
}
