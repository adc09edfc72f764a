//! One line in which a secret is typed. Its buffer never grows, so no copy is left behind, and is wiped when dropped.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use subtle::ConstantTimeEq;
use unicode_width::UnicodeWidthStr;
use zeroize::Zeroizing;

use crate::secret::{MAX_LENGTH, Secret};

/// Dots shown for a hidden secret, whatever its length.
pub const DOTS: usize = 8;

/// A secret that is being typed. It has no `Debug` and no `Clone`.
pub struct SecretInput {
    /// UTF-8; its capacity is [`MAX_LENGTH`] from the beginning.
    bytes: Zeroizing<Vec<u8>>,
    cursor: usize,
    revealed: bool,
}

impl Default for SecretInput {
    fn default() -> Self {
        Self { bytes: Zeroizing::new(Vec::with_capacity(MAX_LENGTH)), cursor: 0, revealed: false }
    }
}

impl SecretInput {
    /// What was typed so far.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes).unwrap_or_default()
    }

    /// Whether nothing was typed.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Whether it is shown.
    pub fn revealed(&self) -> bool {
        self.revealed
    }

    /// Shows or hides it. Hidden, the cursor is at the end, since nobody could see where else it is.
    pub fn reveal(&mut self, revealed: bool) {
        self.revealed = revealed;
        self.cursor = self.bytes.len();
    }

    /// The columns before the cursor, when it is shown.
    pub fn columns_before_cursor(&self) -> usize {
        self.text().get(..self.cursor).unwrap_or_default().width()
    }

    /// Whether both hold the same, compared in constant time.
    pub fn same_as(&self, other: &Self) -> bool {
        self.bytes.as_slice().ct_eq(other.bytes.as_slice()).into()
    }

    /// A secret of what was typed.
    pub fn to_secret(&self) -> Secret {
        Secret::copy_of(self.text())
    }

    /// Wipes it.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Takes pasted text in; `false` and nothing taken when it has control characters or is too long.
    pub fn insert(&mut self, text: &str) -> bool {
        if text.chars().any(char::is_control) || self.bytes.len() + text.len() > MAX_LENGTH {
            return false;
        }
        // In place: the room was there from the beginning.
        let tail = self.bytes.len() - self.cursor;
        self.bytes.extend_from_slice(text.as_bytes());
        self.bytes[self.cursor..].rotate_left(tail);
        self.cursor += text.len();
        true
    }

    /// Takes a key; `true` when the text changed.
    pub fn key(&mut self, key: KeyEvent) -> bool {
        match (key.code, key.modifiers) {
            (KeyCode::Char(typed), KeyModifiers::NONE | KeyModifiers::SHIFT) => {
                let mut buffer = Zeroizing::new([0; 4]);
                return self.insert(typed.encode_utf8(&mut *buffer));
            }
            (KeyCode::Char('u'), KeyModifiers::CONTROL) => {
                let revealed = self.revealed;
                self.clear();
                self.revealed = revealed;
                return true;
            }
            (KeyCode::Backspace, _) if self.cursor > 0 => {
                let from = self.before();
                return self.remove(from, self.cursor);
            }
            (KeyCode::Delete, _) if self.cursor < self.bytes.len() => return self.remove(self.cursor, self.after()),
            (KeyCode::Left, _) if self.revealed => self.cursor = self.before(),
            (KeyCode::Right, _) if self.revealed => self.cursor = self.after(),
            (KeyCode::Home, _) if self.revealed => self.cursor = 0,
            (KeyCode::End, _) => self.cursor = self.bytes.len(),
            _ => {}
        }
        false
    }

    fn before(&self) -> usize {
        self.text()[..self.cursor].char_indices().next_back().map_or(0, |(at, _)| at)
    }

    fn after(&self) -> usize {
        self.cursor + self.text()[self.cursor..].chars().next().map_or(0, char::len_utf8)
    }

    fn remove(&mut self, from: usize, to: usize) -> bool {
        let old = self.bytes.len();
        self.bytes.drain(from..to);
        let new = self.bytes.len();
        // What moved down left its last bytes behind.
        self.bytes.resize(old, 0);
        self.bytes.truncate(new);
        self.cursor = from;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(input: &mut SecretInput, code: KeyCode) -> bool {
        input.key(KeyEvent::new(code, KeyModifiers::NONE))
    }

    fn typed(text: &str) -> SecretInput {
        let mut input = SecretInput::default();
        for letter in text.chars() {
            press(&mut input, KeyCode::Char(letter));
        }
        input
    }

    #[test]
    fn typing_and_removing_never_moves_the_buffer() {
        let mut input = SecretInput::default();
        let place = input.bytes.as_ptr();
        for letter in "correct horse é".chars() {
            assert!(press(&mut input, KeyCode::Char(letter)));
        }
        assert_eq!(input.text(), "correct horse é");
        assert!(press(&mut input, KeyCode::Backspace));
        assert_eq!(input.text(), "correct horse ");
        while !input.is_empty() {
            press(&mut input, KeyCode::Backspace);
        }
        assert!(!press(&mut input, KeyCode::Backspace));
        assert!(input.insert(&"x".repeat(MAX_LENGTH)) && !input.insert("y"));
        assert!(std::ptr::eq(place, input.bytes.as_ptr()));
    }

    #[test]
    fn in_the_middle_only_when_shown() {
        let mut input = typed("ac");
        press(&mut input, KeyCode::Left);
        press(&mut input, KeyCode::Char('d'));
        assert_eq!(input.text(), "acd");
        input.reveal(true);
        press(&mut input, KeyCode::Home);
        press(&mut input, KeyCode::Right);
        assert!(input.insert("bb"));
        assert_eq!((input.text(), input.columns_before_cursor()), ("abbcd", 3));
        assert!(press(&mut input, KeyCode::Delete));
        assert_eq!(input.text(), "abbd");
        input.reveal(false);
        press(&mut input, KeyCode::Backspace);
        assert_eq!(input.text(), "abb");
    }

    #[test]
    fn several_lines_are_not_taken() {
        let mut input = SecretInput::default();
        assert!(!input.insert("one\ntwo") && input.is_empty());
    }

    #[test]
    fn comparing_and_handing_over() {
        let input = typed("correct horse");
        assert!(input.same_as(&typed("correct horse")) && !input.same_as(&typed("correct horsf")));
        assert_eq!(input.to_secret().expose(), "correct horse");
    }
}
