//! What reaches the console, and what it wants done in return.

use jiff::Timestamp;
use ratatui::crossterm::event::KeyEvent;
use ratatui::layout::Size;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::data::{Overview, Part};
use super::views::Tab;
use crate::ui::tui::drive::Input;

/// Something happened.
pub enum Message {
    /// A key was pressed.
    Key(KeyEvent),
    /// Text was pasted.
    Paste(Zeroizing<String>),
    /// The window has another size.
    Resize(Size),
    /// Time passed while something moves.
    Tick,
    /// The authority told how it stands.
    Told(Box<Told>),
    /// It does not answer; why.
    Away(String),
    /// What became of an act, in a line.
    Acted(Result<String, String>),
    /// The system or the closed terminal wants us to end.
    Terminate,
}

impl From<Input> for Message {
    fn from(input: Input) -> Self {
        match input {
            Input::Key(key) => Self::Key(key),
            Input::Paste(text) => Self::Paste(text),
            Input::Resize(size) => Self::Resize(size),
            Input::Tick => Self::Tick,
            Input::Terminate => Self::Terminate,
        }
    }
}

/// What was told.
#[derive(Debug)]
pub struct Told {
    /// When.
    pub at: Timestamp,
    /// What the authority is.
    pub overview: Overview,
    /// What the shown view shows.
    pub part: Part,
}

/// Something to do outside the state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Ask for what this view shows, now and from now on.
    Show(Tab),
    /// Have an act done.
    Do(Act),
    /// Stop as a shell's job, until it lets us go on.
    Suspend,
    /// Draw everything anew.
    Repaint,
}

/// Which of the two steps a yes covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Covers {
    Validation,
    Signing,
    Both,
}

/// Something that the authority shall do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Say yes to a request.
    Approve(String, Covers),
    /// Say no to a request, and why.
    Refuse(String, String),
    /// Give a property a value.
    Set(String, String),
}

impl Act {
    /// As the admin socket takes it.
    pub fn request(&self) -> Value {
        match self {
            Self::Approve(id, covers) => {
                let covers = match covers {
                    Covers::Validation => "validation",
                    Covers::Signing => "signing",
                    Covers::Both => "both",
                };
                json!({ "do": "approve", "id": id, "covers": covers })
            }
            Self::Refuse(id, reason) => json!({ "do": "refuse", "id": id, "reason": reason }),
            Self::Set(name, value) => json!({ "do": "property-set", "name": name, "value": value }),
        }
    }

    /// What it did, in a line.
    pub fn done(&self, answer: &Value) -> String {
        match self {
            Self::Approve(id, _) | Self::Refuse(id, _) => {
                format!("{id}: {}", answer["status"].as_str().unwrap_or_default())
            }
            Self::Set(name, value) => format!("{name} = {value}"),
        }
    }
}
