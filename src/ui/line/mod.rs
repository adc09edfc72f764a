//! The plain wizard: the same pages and fields as the full-screen one, asked one by one, for screen readers, serial lines
//! and terminals that show lines only.
//!
//! It reads lines from standard input and writes lines to standard error: no cursor control, no boxes, no colours. A
//! typed secret goes from the terminal into a buffer that never grows and is wiped; nothing else keeps it.

mod bookmark;
mod carry;
mod components;
mod console;
mod folder;
mod interrupted;
mod question;
mod review;
mod secret;
mod signals;
mod text;
mod variables;
mod walk;

use std::collections::BTreeSet;
use std::io::{IsTerminal, stderr, stdin};
use std::ops::ControlFlow;
use std::path::Path;

use super::session::bookmark::Slot;
use super::session::standing::Standing;
use super::session::{Ended, Typed};
use crate::exit::Exit;
use crate::secret::Secret;
use crate::wizard::Answers;

use console::{Console, Hidden};

/// Whether there is a terminal to ask on: standard input and standard error are one.
pub fn has_terminal() -> bool {
    stdin().is_terminal() && stderr().is_terminal()
}

/// Asks for a password on the terminal; nothing of it is shown. `None` when none was typed.
pub fn hidden(question: &str) -> Option<Secret> {
    match Console::new().ask_hidden(question) {
        Hidden::Typed(typed) => Some(typed).filter(|typed| !typed.is_empty()),
        Hidden::Unusable | Hidden::Quit => None,
    }
}

/// Asks every question on the terminal, beginning with the answers and secrets that are there already, and carries out
/// what the person consents to. Who leaves before can go on from there when the wizard is opened for the same estate again.
pub fn run(answers: Answers, typed: Typed, estate: &Path) -> Ended {
    let slot = Slot::of(estate);
    let mut wizard = Wizard::new(Console::new(), answers, typed);
    wizard.console.text(text::INTRODUCTION);
    let mut passed = bookmark::offer(&mut wizard, slot.as_ref());
    loop {
        passed = match passed {
            ControlFlow::Continue(from) => pass(&mut wizard, from),
            ControlFlow::Break(ended) => return bookmark::leave(&wizard, slot.as_ref(), ended),
        };
    }
}

/// From this question on to the end of Review.
fn pass(wizard: &mut Wizard, from: usize) -> Passed {
    walk::ask_from(wizard, from)?;
    review::agree(wizard)
}

/// Where to go on with the questions, or how it all ended.
type Passed = ControlFlow<Ended, usize>;

/// All that the wizard knows. It has no `Debug`: typed secrets are among it.
struct Wizard {
    console: Console,
    answers: Answers,
    typed: Typed,
    /// What stands in the folder, once that was looked at.
    standing: Option<Standing>,
    /// Fields that a flag or a file answered, and that are asked even so.
    opened: BTreeSet<&'static str>,
    /// The page whose heading was written last.
    page: &'static str,
    /// The furthest page whose heading was written.
    furthest: &'static str,
    /// How the program ends if the present refusal is left at that.
    refused: Option<Exit>,
}

impl Wizard {
    fn new(console: Console, answers: Answers, typed: Typed) -> Self {
        let (standing, opened) = (None, BTreeSet::new());
        Self { console, answers, typed, standing, opened, page: "", furthest: "", refused: None }
    }

    /// The person leaves; nothing was touched.
    fn left(&self) -> Ended {
        over(self.refused.unwrap_or(Exit::Refused))
    }
}

/// The end without a run.
fn over(exit: Exit) -> Ended {
    Ended { exit, outcome: None, plan: None, kept: false }
}

/// The answers that these replies give, one a line, when every question was asked; `None` where some were left or missing.
#[cfg(test)]
pub fn answered(replies: &str) -> Option<Answers> {
    use std::io::Write;
    let (input, mut person) = std::io::pipe().ok()?;
    // They fit into what the pipe holds.
    person.write_all(replies.as_bytes()).ok()?;
    drop(person);
    let mut wizard = Wizard::new(Console::replying(input), Answers::default(), Typed::default());
    walk::ask_from(&mut wizard, 0).is_continue().then_some(wizard.answers)
}
