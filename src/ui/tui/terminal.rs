//! The terminal while a full screen has it: taken over, and given back however the program ends.

use std::io::{self, Stdout, stdout};
use std::panic;
use std::sync::{Mutex, MutexGuard, Once, PoisonError};
use std::time::Duration;

use ratatui::backend::CrosstermBackend;
use ratatui::crossterm::cursor::Show;
use ratatui::crossterm::event::{self, DisableBracketedPaste, EnableBracketedPaste};
use ratatui::crossterm::execute;
use ratatui::crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen};
use ratatui::layout::{Rect, Size};
use ratatui::{Frame, Terminal};

use super::modes::Modes;

/// The terminal as it was before it became ours; `None` while it is not.
static BEFORE: Mutex<Option<Modes>> = Mutex::new(None);

/// The terminal, taken over. Dropping gives it back; so does a panic, before its message is printed.
pub struct Screen {
    terminal: Terminal<CrosstermBackend<Stdout>>,
}

impl Screen {
    /// Takes the terminal over. The mouse stays with the terminal, so that text can be marked and copied.
    pub fn take() -> io::Result<Self> {
        let before = Modes::present()?;
        Self::have(before, take_over)
    }

    /// Takes it over from the process that this one was before: it is as we need it, and was so before that.
    pub fn take_over(before: Modes) -> io::Result<Self> {
        let mut screen = Self::have(before, || Ok(()))?;
        screen.forget()?;
        Ok(screen)
    }

    fn have(before: Modes, make: impl FnOnce() -> io::Result<()>) -> io::Result<Self> {
        give_back_on_panic();
        *modes() = Some(before);
        match make().and_then(|()| Terminal::new(CrosstermBackend::new(stdout()))) {
            Ok(terminal) => Ok(Self { terminal }),
            Err(error) => {
                give_back();
                Err(error)
            }
        }
    }

    /// The terminal as it was before it became ours.
    pub fn before(&self) -> Option<Modes> {
        *modes()
    }

    /// How large it is. Whoever reads keys learns of every other size from here on: asking once makes it listen.
    pub fn size(&self) -> io::Result<Size> {
        event::poll(Duration::ZERO)?;
        self.terminal.size()
    }

    /// Draws a view, unless a panic has given the terminal back.
    pub fn draw(&mut self, view: impl FnOnce(&mut Frame)) -> io::Result<()> {
        if modes().is_some() {
            self.terminal.draw(view)?;
        }
        Ok(())
    }

    /// Gives the terminal back for a while; until [`Self::take_again`] nothing is drawn.
    pub fn give_back(&mut self) {
        give_back();
    }

    /// Takes the terminal over again, whoever had it in between.
    pub fn take_again(&mut self) -> io::Result<()> {
        let before = match self.before() {
            Some(before) => before,
            None => Modes::present()?,
        };
        *modes() = Some(before);
        take_over()?;
        self.forget()
    }

    /// Makes the next drawing begin from nothing. Not with `clear`: that asks the terminal where the cursor is, and
    /// the answer would go to the thread that reads keys.
    pub fn forget(&mut self) -> io::Result<()> {
        let size = self.terminal.size()?;
        self.terminal.resize(Rect::new(0, 0, size.width, size.height))
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

fn take_over() -> io::Result<()> {
    Modes::make_raw()?;
    execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste)
}

/// Puts everything back, once.
fn give_back() {
    let before = modes().take();
    if let Some(before) = before {
        // A terminal that is gone needs nothing.
        let _ = execute!(stdout(), DisableBracketedPaste, LeaveAlternateScreen, Show);
        let _ = before.restore();
    }
}

fn modes() -> MutexGuard<'static, Option<Modes>> {
    BEFORE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn give_back_on_panic() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            give_back();
            before(info);
        }));
    });
}
