//! One key of a table, whoever's table it is: what is pressed, what it does, when it works.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// What is pressed.
pub type Chord = (KeyCode, KeyModifiers);

pub const ENTER: &[Chord] = &[bare(KeyCode::Enter)];
pub const ESC: &[Chord] = &[bare(KeyCode::Esc)];
pub const SPACE: &[Chord] = &[plain(' ')];
pub const TAB: &[Chord] = &[bare(KeyCode::Tab)];
pub const SHIFT_TAB: &[Chord] = &[bare(KeyCode::BackTab)];
pub const UP: &[Chord] = &[bare(KeyCode::Up)];
pub const DOWN: &[Chord] = &[bare(KeyCode::Down)];
pub const LEFT: &[Chord] = &[bare(KeyCode::Left)];
pub const RIGHT: &[Chord] = &[bare(KeyCode::Right)];
pub const PAGE_UP: &[Chord] = &[bare(KeyCode::PageUp)];
pub const PAGE_DOWN: &[Chord] = &[bare(KeyCode::PageDown)];
pub const F1: &[Chord] = &[bare(KeyCode::F(1))];
pub const F2: &[Chord] = &[bare(KeyCode::F(2))];
pub const QUIT: &[Chord] = &[control('q'), control('c')];

const fn bare(code: KeyCode) -> Chord {
    (code, KeyModifiers::NONE)
}

pub const fn plain(letter: char) -> Chord {
    bare(KeyCode::Char(letter))
}

pub const fn control(letter: char) -> Chord {
    (KeyCode::Char(letter), KeyModifiers::CONTROL)
}

/// Something whose keys are a table.
pub trait Keyed {
    /// What its keys do.
    type Action: Copy;
    /// The situation by which it is decided which of them work.
    type Now<'a>;
}

/// One key, in one situation.
pub struct Key<K: Keyed> {
    /// What is pressed; any of these.
    pub chords: &'static [Chord],
    /// How it is written.
    pub shown: &'static str,
    /// What it does, in a word or three.
    pub label: &'static str,
    /// What it does.
    pub action: K::Action,
    /// When it works.
    pub when: fn(&K::Now<'_>) -> bool,
    /// Whether the footer names it.
    pub footer: bool,
}

/// What a key does now, if it does anything but type.
pub fn action<K: Keyed>(table: &'static [Key<K>], now: &K::Now<'_>, key: KeyEvent) -> Option<K::Action> {
    let pressed = normal(key);
    working(table, now).into_iter().find(|key| key.chords.contains(&pressed)).map(|key| key.action)
}

/// The keys that work now; of several for the same chord the first.
pub fn working<K: Keyed>(table: &'static [Key<K>], now: &K::Now<'_>) -> Vec<&'static Key<K>> {
    let mut working: Vec<&Key<K>> = Vec::new();
    for key in table {
        let is_taken = working.iter().any(|earlier| earlier.chords[0] == key.chords[0]);
        if !is_taken && (key.when)(now) {
            working.push(key);
        }
    }
    working
}

/// Shift is part of the character itself.
fn normal(key: KeyEvent) -> Chord {
    match key.code {
        KeyCode::Char(typed) if key.modifiers.contains(KeyModifiers::CONTROL) => {
            (KeyCode::Char(typed.to_ascii_lowercase()), key.modifiers - KeyModifiers::SHIFT)
        }
        KeyCode::Char(_) | KeyCode::BackTab => (key.code, key.modifiers - KeyModifiers::SHIFT),
        _ => (key.code, key.modifiers),
    }
}
