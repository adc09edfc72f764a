//! Results as text for people. What programs read is the same values as JSON (see `alignment`, `verify`, `apply`).
//!
//! Plain UTF-8 without escapes, 80 columns wide, columns aligned by what a terminal shows. A verdict is always a mark
//! and a word, never a colour alone.

pub mod alignment;
pub mod doctor;
pub mod history;
pub mod journal;
mod mark;
pub mod outcome;
pub mod profile;
pub mod status;
mod table;
pub mod verify;
pub(super) mod wrap;

/// Columns that every terminal has.
pub const WIDTH: usize = 80;

/// `count` of something, in its right number.
fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
