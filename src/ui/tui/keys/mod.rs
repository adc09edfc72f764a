//! Every key, as data: what is pressed, what it does, when it works. The footer and the key sheet are drawn from it.

mod table;
mod when;

use std::ops::Deref;

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::state::{Overlay, State};
pub use table::KEYS;

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
    /// Ask in which file to save the answers.
    AskToSave,
    /// Save them there.
    Save,
    /// Show the pages.
    Pages,
    /// To the page pointed at.
    PickPage,
    /// Close what lies over the page.
    Close,
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

/// One key, in one situation.
pub struct Key {
    /// What is pressed; any of these.
    pub chords: &'static [(KeyCode, KeyModifiers)],
    /// How it is written.
    pub shown: &'static str,
    /// What it does, in a word or three.
    pub label: &'static str,
    /// What it does.
    pub action: Action,
    /// When it works.
    pub when: fn(&Now<'_>) -> bool,
    /// Whether the footer names it.
    pub footer: bool,
}

/// What a key does now, if it does anything but type.
pub fn action(state: &State, key: KeyEvent) -> Option<Action> {
    let pressed = normal(key);
    working(state).find(|key| key.chords.contains(&pressed)).map(|key| key.action)
}

/// The keys that work now; of several for the same chord the first.
pub fn working(state: &State) -> impl Iterator<Item = &'static Key> + '_ {
    of_situation(state, state.overlay)
}

/// The keys that would work if nothing lay over the page.
pub fn working_below(state: &State) -> impl Iterator<Item = &'static Key> + '_ {
    of_situation(state, None)
}

fn of_situation(state: &State, overlay: Option<Overlay>) -> impl Iterator<Item = &'static Key> + '_ {
    let works = move |key: &Key| (key.when)(&Now { state, overlay });
    KEYS.iter().enumerate().filter(move |(_, key)| works(key)).filter_map(move |(at, key)| {
        let taken = KEYS[..at].iter().any(|earlier| earlier.chords[0] == key.chords[0] && works(earlier));
        (!taken).then_some(key)
    })
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

/// Shift is part of the character itself.
fn normal(key: KeyEvent) -> (KeyCode, KeyModifiers) {
    match key.code {
        KeyCode::Char(typed) if key.modifiers.contains(KeyModifiers::CONTROL) => {
            (KeyCode::Char(typed.to_ascii_lowercase()), key.modifiers - KeyModifiers::SHIFT)
        }
        KeyCode::Char(_) | KeyCode::BackTab => (key.code, key.modifiers - KeyModifiers::SHIFT),
        _ => (key.code, key.modifiers),
    }
}
