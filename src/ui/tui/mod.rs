//! The full-screen wizard: one owner of the state, `update(state, message)`, a view that only reads.
//!
//! Pages and fields come from [`crate::wizard`], what is done from [`crate::ui::session`]; here is how it is shown and
//! typed. Secrets are typed into a buffer that never grows and is wiped; they leave it as [`crate::secret::Secret`].
//! A secret that a person has shown on the screen stays in the terminal library's buffers: when a run is over, the
//! program executes itself anew and shows the last pages without any of it.

mod age;
mod anew;
mod app;
pub mod console;
mod drive;
mod edits;
mod handover;
mod keys;
mod message;
mod modes;
mod obstacle;
mod polling;
mod progress;
mod state;
mod stops;
mod suspend;
mod terminal;
#[cfg(test)]
pub(super) mod tests;
mod text;
mod theme;
mod update;
mod view;
mod widgets;
mod worker;

use std::ffi::OsString;
use std::io::{IsTerminal, stdin, stdout};
use std::path::Path;

use anyhow::{Context, bail};

use app::Opened;

use super::session::bookmark::Slot;
use super::session::{Ended, Typed};
use crate::wizard::Answers;
pub use theme::{Theme, prefer};

/// Whether there is a terminal that can show the wizard: standard input and output are one, and it is not `dumb`.
pub fn has_terminal() -> bool {
    !is_dumb() && stdin().is_terminal() && stdout().is_terminal()
}

/// Whether the terminal shows lines only, as far as it says what it is.
pub fn is_dumb() -> bool {
    std::env::var_os("TERM").is_none_or(|term| term.is_empty() || term == "dumb")
}

/// Walks through the pages on the terminal, beginning with the answers and secrets that are there already, and carries
/// out what the person consents to. When a run is over, the program executes itself anew with the arguments `anew` and
/// the number of a descriptor, and is to call [`go_on`] with that. Who leaves before can go on from there when the wizard is
/// opened for the same estate again.
///
/// # Errors
/// There is no terminal, or it cannot be used.
pub fn run(answers: Answers, typed: Typed, estate: &Path, anew: &[OsString]) -> anyhow::Result<Ended> {
    if !has_terminal() {
        bail!(text::NO_TERMINAL);
    }
    app::run(answers, typed, Opened { anew, slot: Slot::of(estate) }).context(UNUSABLE)
}

/// Goes on from where the process before this one handed over.
///
/// # Errors
/// The descriptor is not what that process left, or the terminal cannot be used.
pub fn go_on(descriptor: u32, estate: &Path, anew: &[OsString]) -> anyhow::Result<Ended> {
    let handover = anew::take_over(descriptor).context(text::NOTHING_HANDED_OVER)?;
    app::go_on(handover, Opened { anew, slot: Slot::of(estate) }).context(UNUSABLE)
}

/// This host's name.
fn host() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

const UNUSABLE: &str = "the terminal cannot be used";
