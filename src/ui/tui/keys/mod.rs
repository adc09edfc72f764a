//! Every key, as data: what is pressed, what it does, when it works. The footer and the key sheet are drawn from it.

pub mod entry;
mod table;
mod when;

use std::ops::Deref;

use ratatui::crossterm::event::KeyEvent;

use super::state::{Overlay, State};
use entry::Keyed;
use table::KEYS;

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// To the next page.
    Next,
    /// To the page before.
    Back,
    /// To the next field.
    NextField,
    /// To the field before.
    PreviousField,
    /// One line up.
    Up,
    /// One line down.
    Down,
    /// One screen up.
    PageUp,
    /// One screen down.
    PageDown,
    /// Choose or toggle what has the focus.
    Choose,
    /// Select the rest of a group.
    Complete,
    /// Show or hide a secret.
    Reveal,
    /// Into the text of a step.
    IntoText,
    /// Back to the list of steps.
    OutOfText,
    /// To the field that would remove what is in the way.
    GoTo,
    /// Look again.
    Again,
    /// Ask for the consent.
    AskConsent,
    /// The consent.
    Consent,
    /// Ask whether to settle the interrupted change in the way that has the focus.
    AskToSettle,
    /// Settle it.
    Settle,
    /// To Review, to try once more.
    TryAgain,
    /// To the first page, as if nothing had been asked.
    StartOver,
    /// To the last page.
    Finish,
    /// Show help on the field.
    Help,
    /// Show every key.
    Keys,
    /// Show every answer and its origin.
    Origins,
    /// Show what happened in the run.
    Log,
    /// Ask in which file to save the answers.
    AskToSave,
    /// Save them there.
    Save,
    /// Show the pages.
    Pages,
    /// To the page pointed at.
    PickPage,
    /// Have the doctor look for the cause of a failure.
    Doctor,
    /// Close what lies over the page.
    Close,
    /// Ask the authority once more about a registration that it holds.
    AskAgain,
    /// Go on from where the wizard was left.
    GoOn,
    /// Ask whether to leave.
    Quit,
    /// Leave.
    Leave,
    /// Stop as a shell's job.
    Suspend,
    /// Draw everything anew.
    Repaint,
}

/// One key of the wizard.
pub type Key = entry::Key<State>;

impl Keyed for State {
    type Action = Action;
    type Now<'a> = Now<'a>;
}

/// What a key does now, if it does anything but type.
pub fn action(state: &State, key: KeyEvent) -> Option<Action> {
    entry::action(KEYS, &Now { state, overlay: state.overlay }, key)
}

/// The keys that work now; of several for the same chord the first.
pub fn working(state: &State) -> Vec<&'static Key> {
    entry::working(KEYS, &Now { state, overlay: state.overlay })
}

/// The keys that would work if nothing lay over the page.
pub fn working_below(state: &State) -> Vec<&'static Key> {
    entry::working(KEYS, &Now { state, overlay: None })
}

/// The state, as if this lay over the page.
pub struct Now<'a> {
    state: &'a State,
    /// What lies over the page.
    pub overlay: Option<Overlay>,
}

impl Deref for Now<'_> {
    type Target = State;

    fn deref(&self) -> &State {
        self.state
    }
}
