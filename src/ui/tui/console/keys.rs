//! Every key of the console, as data.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::message::Covers;
use super::state::{Overlay, State};
use super::text::keys as word;
use super::views::Tab;
use crate::registration::state::State as Registration;
use crate::ui::tui::keys::entry::{
    self, Chord, DOWN, ENTER, ESC, F1, Keyed, LEFT, PAGE_DOWN, PAGE_UP, QUIT, RIGHT, SHIFT_TAB, TAB, UP, control, plain,
};

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// To the next view.
    Next,
    /// To the view before.
    Previous,
    /// To the view with the number that was pressed.
    Pick,
    /// One row up.
    Up,
    /// One row down.
    Down,
    /// One screen up.
    PageUp,
    /// One screen down.
    PageDown,
    /// To the first row.
    First,
    /// To the last row.
    Last,
    /// Show all of the row.
    Details,
    /// Ask whether to say yes to the request.
    AskToApprove,
    /// Say yes.
    Approve(Covers),
    /// Ask why to say no to the request.
    AskToRefuse,
    /// Ask what the property shall be.
    AskToSet,
    /// What was typed is what is meant.
    Typed,
    /// Back to the typed line.
    Again,
    /// The consent.
    Consent,
    /// Type the filter.
    Filter,
    /// The filter is typed.
    KeepFilter,
    /// Show every row.
    DropFilter,
    /// Ask the authority at once.
    Ask,
    /// Show every key.
    Keys,
    /// Close what lies over the view.
    Close,
    /// Leave.
    Leave,
    /// Stop, until the shell lets us go on.
    Suspend,
    /// Draw everything anew.
    Repaint,
}

/// One key of the console.
pub type Key = entry::Key<State>;

impl Keyed for State {
    type Action = Action;
    type Now<'a> = Now<'a>;
}

/// The state, as if this lay over the view.
pub struct Now<'a> {
    state: &'a State,
    overlay: Option<&'a Overlay>,
}

/// What a key does now, if it does anything but type.
pub fn action(state: &State, key: KeyEvent) -> Option<Action> {
    entry::action(KEYS, &Now { state, overlay: state.overlay.as_ref() }, key)
}

/// The keys that work now.
pub fn working(state: &State) -> Vec<&'static Key> {
    entry::working(KEYS, &Now { state, overlay: state.overlay.as_ref() })
}

/// The keys that would work if nothing lay over the view.
pub fn working_below(state: &State) -> Vec<&'static Key> {
    entry::working(KEYS, &Now { state, overlay: None })
}

const HOME: &[Chord] = &[(KeyCode::Home, KeyModifiers::NONE)];
const END: &[Chord] = &[(KeyCode::End, KeyModifiers::NONE)];
const NUMBERS: &[Chord] = &[plain('1'), plain('2'), plain('3'), plain('4'), plain('5'), plain('6'), plain('7')];

const fn key(
    chords: &'static [Chord],
    shown: &'static str,
    label: &'static str,
    action: Action,
    when: fn(&Now<'_>) -> bool,
) -> Key {
    Key { chords, shown, label, action, when, footer: true }
}

/// A key that the sheet names and the footer does not.
const fn quiet(
    chords: &'static [Chord],
    shown: &'static str,
    label: &'static str,
    action: Action,
    when: fn(&Now<'_>) -> bool,
) -> Key {
    Key { chords, shown, label, action, when, footer: false }
}

/// Every key. The order is the footer's.
static KEYS: &[Key] = &[
    key(&[plain('y')], "y", word::VALIDATE, Action::Approve(Covers::Validation), validates),
    key(&[plain('b')], "b", word::BOTH, Action::Approve(Covers::Both), validates),
    key(&[plain('y')], "y", word::SIGN, Action::Approve(Covers::Signing), signs),
    key(&[plain('y')], "y", word::REFUSE, Action::Consent, asked_to_refuse),
    key(&[plain('y')], "y", word::CHANGE, Action::Consent, asked_to_set),
    key(ENTER, "Enter", word::GO_ON, Action::Typed, typing),
    key(ESC, "n, Esc", word::NOT_YET, Action::Again, asked),
    quiet(&[plain('n')], "n", word::NOT_YET, Action::Again, asked),
    key(ESC, "n, Esc", word::NOT_YET, Action::Close, approves),
    quiet(&[plain('n')], "n", word::NOT_YET, Action::Close, approves),
    key(ENTER, "Enter", word::KEEP, Action::KeepFilter, filtering),
    key(ESC, "Esc", word::SHOW_ALL, Action::DropFilter, filtering),
    key(ESC, "Esc", word::CLOSE, Action::Close, covered),
    quiet(ENTER, "Enter", word::CLOSE, Action::Close, reading),
    key(ENTER, "Enter", word::CHANGE, Action::AskToSet, property),
    key(ENTER, "Enter", word::DETAILS, Action::Details, row),
    key(&[plain('a')], "a", word::APPROVE, Action::AskToApprove, waits),
    key(&[plain('x')], "x", word::REFUSE, Action::AskToRefuse, waits),
    key(ESC, "Esc", word::SHOW_ALL, Action::DropFilter, filtered),
    key(TAB, "Tab", word::VIEW, Action::Next, bare),
    key(&[plain('/')], "/", word::FILTER, Action::Filter, bare),
    key(&[plain('q')], "q", word::LEAVE, Action::Leave, bare),
    quiet(SHIFT_TAB, "Shift-Tab", word::VIEW_BEFORE, Action::Previous, bare),
    quiet(RIGHT, "→", word::VIEW, Action::Next, bare),
    quiet(LEFT, "←", word::VIEW_BEFORE, Action::Previous, bare),
    quiet(NUMBERS, "1 to 7", word::VIEW_NUMBER, Action::Pick, bare),
    quiet(UP, "↑", word::UP, Action::Up, moves),
    quiet(DOWN, "↓", word::DOWN, Action::Down, moves),
    quiet(PAGE_UP, "PgUp", word::SCREEN_UP, Action::PageUp, moves),
    quiet(PAGE_DOWN, "PgDn", word::SCREEN_DOWN, Action::PageDown, moves),
    quiet(HOME, "Home", word::FIRST, Action::First, bare),
    key(END, "End", word::FOLLOW, Action::Last, paused),
    quiet(END, "End", word::LAST, Action::Last, bare),
    quiet(&[plain('r')], "r", word::ASK, Action::Ask, bare),
    key(F1, "F1", word::ALL_KEYS, Action::Keys, bare),
    quiet(&[plain('?')], "?", word::ALL_KEYS, Action::Keys, bare),
    quiet(F1, "F1", word::CLOSE, Action::Close, reading),
    quiet(&[plain('?')], "?", word::CLOSE, Action::Close, reading),
    quiet(QUIT, "Ctrl-Q", word::LEAVE, Action::Leave, always),
    quiet(&[control('z')], "Ctrl-Z", word::SUSPEND, Action::Suspend, always),
    quiet(&[control('l')], "Ctrl-L", word::REPAINT, Action::Repaint, always),
];

fn always(_: &Now<'_>) -> bool {
    true
}

/// Nothing lies over the view, and letters are keys.
fn bare(now: &Now<'_>) -> bool {
    now.overlay.is_none() && !now.state.filtering
}

fn covered(now: &Now<'_>) -> bool {
    now.overlay.is_some()
}

/// Something to read lies over the view.
fn reading(now: &Now<'_>) -> bool {
    matches!(now.overlay, Some(Overlay::Keys | Overlay::Details(..)))
}

/// Rows or lines can be gone through.
fn moves(now: &Now<'_>) -> bool {
    now.overlay.is_none() || reading(now)
}

fn approves(now: &Now<'_>) -> bool {
    matches!(now.overlay, Some(Overlay::Approve(_)))
}

fn stands(now: &Now<'_>, status: &Registration) -> bool {
    now.state.request().is_some_and(|request| request.status == *status)
}

fn validates(now: &Now<'_>) -> bool {
    approves(now) && stands(now, &Registration::WaitingValidation)
}

fn signs(now: &Now<'_>) -> bool {
    approves(now) && stands(now, &Registration::WaitingSigning)
}

fn typing(now: &Now<'_>) -> bool {
    now.overlay.is_some() && now.state.edit().is_some_and(|edit| !edit.asked)
}

fn asked(now: &Now<'_>) -> bool {
    now.overlay.is_some() && now.state.edit().is_some_and(|edit| edit.asked)
}

fn asked_to_refuse(now: &Now<'_>) -> bool {
    asked(now) && matches!(now.overlay, Some(Overlay::Refuse(..)))
}

fn asked_to_set(now: &Now<'_>) -> bool {
    asked(now) && matches!(now.overlay, Some(Overlay::Set(..)))
}

fn filtering(now: &Now<'_>) -> bool {
    now.overlay.is_none() && now.state.filtering
}

fn filtered(now: &Now<'_>) -> bool {
    bare(now) && !now.state.list().filter.value().is_empty()
}

/// A row is pointed at of which there is more to tell.
fn row(now: &Now<'_>) -> bool {
    bare(now) && now.state.tab.view().pane > 0 && now.state.selected().is_some()
}

fn property(now: &Now<'_>) -> bool {
    bare(now) && now.state.tab == Tab::Properties && now.state.selected().is_some()
}

/// A request is pointed at that waits for somebody.
fn waits(now: &Now<'_>) -> bool {
    (bare(now) || matches!(now.overlay, Some(Overlay::Details(..))))
        && now.state.request().is_some_and(|request| request.status.is_pending())
}

/// News come at the end of the list, and something else is pointed at.
fn paused(now: &Now<'_>) -> bool {
    bare(now) && now.state.tab.view().grows_at_the_end && now.state.list().key.is_some()
}
