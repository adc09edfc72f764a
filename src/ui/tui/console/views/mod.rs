//! The views, as data: what each is called, its columns, its rows, and what is told of one row.

mod audit;
mod certificates;
mod components;
mod ports;
mod properties;
mod requests;
mod secrets;

use jiff::Timestamp;
use ratatui::style::Style;

use super::data::Data;
use super::state::State;
use crate::ui::tui::theme::Look;

/// A view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    Requests,
    Components,
    Secrets,
    Certificates,
    Audit,
    Ports,
    Properties,
}

impl Tab {
    /// In the order in which they are shown.
    pub const ALL: [Self; 7] = [
        Self::Requests,
        Self::Components,
        Self::Secrets,
        Self::Certificates,
        Self::Audit,
        Self::Ports,
        Self::Properties,
    ];

    /// Its place among them.
    pub fn place(self) -> usize {
        Self::ALL.iter().position(|tab| *tab == self).unwrap_or(0)
    }

    /// What it shows.
    pub fn view(self) -> &'static View {
        match self {
            Self::Requests => &requests::VIEW,
            Self::Components => &components::VIEW,
            Self::Secrets => &secrets::VIEW,
            Self::Certificates => &certificates::VIEW,
            Self::Audit => &audit::VIEW,
            Self::Ports => &ports::VIEW,
            Self::Properties => &properties::VIEW,
        }
    }
}

/// What a view shows.
pub struct View {
    /// What it is called.
    pub title: &'static str,
    /// Its columns.
    pub headings: &'static [Heading],
    /// Its rows; nothing while nobody told.
    pub rows: fn(&Seen<'_>) -> Option<Vec<Row>>,
    /// What is told of the row with this key.
    pub facts: fn(&Seen<'_>, &str) -> Vec<Fact>,
    /// Lines that are kept for that under the list, where there is room.
    pub pane: u16,
    /// How it stands, in a line; the number of rows is told elsewhere.
    pub summary: fn(&Seen<'_>) -> Vec<(String, Style)>,
    /// How many things need attention.
    pub attention: fn(&Data) -> u64,
    /// What is said when there is no row.
    pub empty: &'static str,
    /// Whether the end of the list is where news come.
    pub grows_at_the_end: bool,
}

/// What a view is made from.
pub struct Seen<'a> {
    pub data: &'a Data,
    pub look: Look,
    /// The time, as of the last answer.
    pub now: Timestamp,
}

impl<'a> Seen<'a> {
    /// What the state has seen.
    pub fn of(state: &'a State) -> Self {
        Self { data: &state.data, look: state.look, now: state.at }
    }
}

/// A column.
pub struct Heading {
    pub title: &'static str,
    /// A column goes when there is no room for all: the one with the least of these first. None goes that has [`STAYS`].
    pub worth: u8,
    /// Fewer columns than it could fill are enough for it, down to this; 0 is for one that is never cut.
    pub least: usize,
}

/// The worth of what is always shown.
pub const STAYS: u8 = 9;

const fn heading(title: &'static str, worth: u8, least: usize) -> Heading {
    Heading { title, worth, least }
}

/// A row.
pub struct Row {
    /// Tells it from the others.
    pub key: String,
    /// One for each column.
    pub cells: Vec<Cell>,
}

/// One value of a row.
pub struct Cell {
    pub text: String,
    pub style: Style,
}

/// A value that is told of one row, with what it is.
pub struct Fact {
    pub name: &'static str,
    pub text: String,
    pub style: Style,
}

impl Seen<'_> {
    fn cell(&self, text: impl Into<String>) -> Cell {
        Cell { text: text.into(), style: self.look.normal }
    }

    fn dim(&self, text: impl Into<String>) -> Cell {
        Cell { text: text.into(), style: self.look.dim }
    }

    fn fact(&self, name: &'static str, text: impl Into<String>) -> Fact {
        Fact { name, text: text.into(), style: self.look.normal }
    }

    /// How long ago it was, in one unit.
    fn age(&self, time: Timestamp) -> String {
        let seconds = self.now.duration_since(time).as_secs();
        if seconds < 60 { "now".to_owned() } else { length(seconds) }
    }

    /// When it was, and how long ago.
    fn when(&self, time: Timestamp) -> String {
        match self.age(time).as_str() {
            "now" => shown(time),
            age => format!("{} ({age} ago)", shown(time)),
        }
    }
}

/// A moment, to the second.
fn shown(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// A length of time in seconds, as people say it: in its greatest unit.
pub fn length(seconds: i64) -> String {
    match seconds {
        ..60 => format!("{} s", seconds.max(0)),
        60..3600 => format!("{} min", seconds / 60),
        3600..86_400 => format!("{} h", seconds / 3600),
        _ => format!("{} d", seconds / 86_400),
    }
}

/// `1 request`, `2 requests`.
fn count(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
