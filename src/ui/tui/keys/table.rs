//! The table. Of several entries for one key the first that works counts.

use super::entry::{
    Chord, DOWN, ENTER, ESC, F1, F2, LEFT, PAGE_DOWN, PAGE_UP, QUIT, RIGHT, SHIFT_TAB, SPACE, TAB, UP, control, plain,
};
use super::{Action, Key, Now, when};
use crate::ui::tui::text::keys as word;

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
pub static KEYS: &[Key] = &[
    key(&[plain('y')], "y", word::APPLY, Action::Consent, when::consent),
    key(ESC, "n, Esc", word::NOT_YET, Action::Close, when::consent),
    quiet(&[plain('n')], "n", word::NOT_YET, Action::Close, when::consent),
    key(&[plain('y')], "y", word::FINISH_IT, Action::Settle, when::asked_to_resume),
    key(&[plain('y')], "y", word::PUT_BACK, Action::Settle, when::asked_to_put_back),
    key(ESC, "n, Esc", word::NOT_YET, Action::Close, when::asked_to_settle),
    quiet(&[plain('n')], "n", word::NOT_YET, Action::Close, when::asked_to_settle),
    key(&[plain('y')], "y", word::LEAVE, Action::Leave, when::quit),
    key(ESC, "n, Esc", word::STAY, Action::Close, when::quit),
    quiet(&[plain('n')], "n", word::STAY, Action::Close, when::quit),
    key(ENTER, "Enter", word::GO_ON, Action::GoOn, when::bookmark),
    key(ESC, "n, Esc", word::BEGIN_ANEW, Action::Close, when::bookmark),
    quiet(&[plain('y')], "y", word::GO_ON, Action::GoOn, when::bookmark),
    quiet(&[plain('n')], "n", word::BEGIN_ANEW, Action::Close, when::bookmark),
    key(ENTER, "Enter", word::SAVE, Action::Save, when::saves),
    key(&[plain('y')], "y", word::REPLACE, Action::Save, when::replaces),
    key(ESC, "n, Esc", word::OTHER_NAME, Action::AskToSave, when::replaces),
    quiet(&[plain('n')], "n", word::OTHER_NAME, Action::AskToSave, when::replaces),
    key(ESC, "Esc", word::CLOSE, Action::Close, when::saves),
    key(ENTER, "Enter", word::GO_THERE, Action::PickPage, when::pages),
    key(ESC, "Esc", word::CLOSE, Action::Close, when::sheet_or_pages),
    quiet(ENTER, "Enter", word::CLOSE, Action::Close, when::sheet),
    key(F1, "F1", word::ALL_KEYS, Action::Keys, when::help),
    quiet(&[plain('?')], "?", word::ALL_KEYS, Action::Keys, when::help),
    quiet(F1, "F1", word::CLOSE, Action::Close, when::sheet),
    quiet(F2, "F2", word::CLOSE, Action::Close, when::sheet_or_pages),
    quiet(UP, "↑", word::UP, Action::Up, when::sheet_or_pages),
    quiet(DOWN, "↓", word::DOWN, Action::Down, when::sheet_or_pages),
    quiet(PAGE_UP, "PgUp", word::SCREEN_UP, Action::PageUp, when::sheet),
    quiet(PAGE_DOWN, "PgDn", word::SCREEN_DOWN, Action::PageDown, when::sheet),
    key(ENTER, "Enter", word::FINISH_IT, Action::AskToSettle, when::resumes),
    key(ENTER, "Enter", word::PUT_BACK, Action::AskToSettle, when::puts_back),
    key(ENTER, "Enter", word::NEXT_FIELD, Action::NextField, when::interrupted),
    key(ENTER, "Enter", word::CHOOSE, Action::Choose, when::unchosen),
    key(ENTER, "Enter", word::NEXT_FIELD, Action::NextField, when::unconfirmed),
    key(ENTER, "Enter", word::GO_TO_IT, Action::GoTo, when::in_the_way),
    key(ENTER, "Enter", word::LOOK_AGAIN, Action::Again, when::refused),
    key(ENTER, "Enter", word::APPLY, Action::AskConsent, when::ready),
    key(ENTER, "Enter", word::FINISH, Action::Finish, when::nothing_to_do),
    key(ENTER, "Enter", word::GO_ON, Action::StartOver, when::was_settled),
    key(ENTER, "Enter", word::TRY_AGAIN, Action::TryAgain, when::was_put_back),
    key(ENTER, "Enter", word::LEAVE, Action::Leave, when::done),
    key(ENTER, "Enter", word::NEXT, Action::Next, when::forward),
    key(ENTER, "Enter", word::NEXT, Action::Next, when::asks),
    key(ESC, "Esc", word::BACK, Action::Back, when::can_go_back),
    quiet(ESC, "Esc", word::QUIT, Action::Quit, when::at_the_beginning),
    key(&[plain('a')], "a", word::COMPLETE, Action::Complete, when::incomplete),
    key(SPACE, "Space", word::CHOOSE, Action::Choose, when::unchosen),
    key(SPACE, "Space", word::TOGGLE, Action::Choose, when::tree),
    key(&[control('r')], "Ctrl-R", word::REVEAL, Action::Reveal, when::secret),
    key(RIGHT, "→", word::READ, Action::IntoText, when::in_list),
    key(LEFT, "←", word::LIST, Action::OutOfText, when::in_text),
    key(&[plain('o')], "o", word::ORIGINS, Action::Origins, when::reviews),
    key(&[plain('s')], "s", word::SAVE, Action::AskToSave, when::can_save),
    key(&[plain('r')], "r", word::LOOK_AGAIN, Action::Again, when::refused),
    key(&[plain('r')], "r", word::LOOK_AGAIN, Action::Again, when::alignment),
    quiet(&[plain('r')], "r", word::LOOK_AGAIN, Action::Again, when::ready),
    key(TAB, "Tab", word::FIELD, Action::NextField, when::has_stops),
    quiet(SHIFT_TAB, "Shift-Tab", word::PREVIOUS_FIELD, Action::PreviousField, when::has_stops),
    quiet(TAB, "Tab", word::READ, Action::IntoText, when::in_list),
    quiet(TAB, "Tab", word::LIST, Action::OutOfText, when::in_text),
    quiet(UP, "↑", word::UP, Action::Up, when::bare),
    quiet(DOWN, "↓", word::DOWN, Action::Down, when::bare),
    quiet(PAGE_UP, "PgUp", word::SCREEN_UP, Action::PageUp, when::bare),
    quiet(PAGE_DOWN, "PgDn", word::SCREEN_DOWN, Action::PageDown, when::bare),
    key(F1, "F1", word::HELP, Action::Help, when::has_help),
    key(F1, "F1", word::ALL_KEYS, Action::Keys, when::bare),
    key(F2, "F2", word::PAGES, Action::Pages, when::bare),
    quiet(&[plain('g')], "g", word::PAGES, Action::Pages, when::not_typing),
    quiet(&[plain('?')], "?", word::ALL_KEYS, Action::Keys, when::not_typing),
    key(QUIT, "Ctrl-Q", word::QUIT_FREELY, Action::Quit, when::committed),
    key(QUIT, "Ctrl-Q", word::QUIT, Action::Quit, when::always),
    quiet(&[control('z')], "Ctrl-Z", word::SUSPEND, Action::Suspend, when::always),
    quiet(&[control('l')], "Ctrl-L", word::REPAINT, Action::Repaint, when::always),
];
