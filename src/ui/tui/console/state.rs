//! All that the console knows. One owner; only `update` changes it, the drawing only reads it.

use std::time::Instant;

use jiff::Timestamp;
use ratatui::layout::Size;
use tui_input::Input;

use super::data::{Data, Request};
use super::views::{Row, Seen, Tab};
use crate::ui::tui::theme::Look;

/// What lies over the view.
pub enum Overlay {
    /// Every key that works now.
    Keys,
    /// All that is told of one row.
    Details(Tab, String),
    /// Whether to say yes to this request.
    Approve(String),
    /// Why to say no to this request; and once that is typed, whether to.
    Refuse(String, Edit),
    /// What this property shall be; and once that is typed, whether to.
    Set(String, Edit),
}

/// A line that is being typed, to be consented to.
#[derive(Default)]
pub struct Edit {
    /// The line.
    pub line: Input,
    /// Whether it is typed, and the question asked.
    pub asked: bool,
    /// What was wrong with it when it was tried.
    pub problem: Option<String>,
}

/// A list: where it is, and what of it is shown.
#[derive(Default)]
pub struct List {
    /// The row that is pointed at; `None` is the one at which a list begins.
    pub key: Option<String>,
    /// Where that row was last, for when it is gone.
    pub at: usize,
    /// Only rows that hold this are shown.
    pub filter: Input,
}

/// The console.
pub struct State {
    /// How it looks.
    pub look: Look,
    /// This host's name.
    pub host: String,
    /// The window.
    pub size: Size,
    /// The time, as of the last message.
    pub now: Instant,
    /// The time, as of the last answer.
    pub at: Timestamp,
    /// The view that is shown.
    pub tab: Tab,
    /// Since when its first answer is awaited.
    pub asking: Option<Instant>,
    /// What is known.
    pub data: Data,
    /// Why the authority does not answer.
    pub away: Option<String>,
    /// A list for each view.
    pub lists: [List; Tab::ALL.len()],
    /// Whether the filter is being typed.
    pub filtering: bool,
    /// What lies over the view.
    pub overlay: Option<Overlay>,
    /// How far the person scrolled what lies over the view.
    pub scroll: Option<usize>,
    /// Since when an act is under way.
    pub acting: Option<Instant>,
    /// What became of the last act, until the next key.
    pub note: Option<Result<String, String>>,
    /// Whether it is over.
    pub over: bool,
}

impl State {
    /// At the first view, with nothing known.
    pub fn new(look: Look, host: String, size: Size, now: Instant) -> Self {
        Self {
            look,
            host,
            size,
            now,
            at: Timestamp::UNIX_EPOCH,
            tab: Tab::Requests,
            asking: Some(now),
            data: Data::default(),
            away: None,
            lists: std::array::from_fn(|_| List::default()),
            filtering: false,
            overlay: None,
            scroll: None,
            acting: None,
            note: None,
            over: false,
        }
    }

    /// The list of the shown view.
    pub fn list(&self) -> &List {
        &self.lists[self.tab.place()]
    }

    /// The same, to change it.
    pub fn list_mut(&mut self) -> &mut List {
        &mut self.lists[self.tab.place()]
    }

    /// The rows of the shown view that its filter lets through, and how many there are in all; `None` while nobody told.
    pub fn rows(&self) -> Option<(Vec<Row>, usize)> {
        let mut rows = (self.tab.view().rows)(&Seen::of(self))?;
        let all = rows.len();
        let wanted = self.list().filter.value().to_lowercase();
        rows.retain(|row| row.cells.iter().any(|cell| cell.text.to_lowercase().contains(&wanted)));
        Some((rows, all))
    }

    /// The place of the row that is pointed at.
    pub fn pointed(&self, rows: &[Row]) -> usize {
        let list = self.list();
        let end = rows.len().saturating_sub(1);
        match &list.key {
            None if self.tab.view().grows_at_the_end => end,
            None => 0,
            Some(key) => rows.iter().position(|row| row.key == *key).unwrap_or(list.at.min(end)),
        }
    }

    /// The key of the row that is pointed at.
    pub fn selected(&self) -> Option<String> {
        let (rows, _) = self.rows()?;
        let at = self.pointed(&rows);
        rows.into_iter().nth(at).map(|row| row.key)
    }

    /// The request that an act would be about.
    pub fn request(&self) -> Option<&Request> {
        if self.tab != Tab::Requests {
            return None;
        }
        let id = match &self.overlay {
            Some(Overlay::Details(_, id) | Overlay::Approve(id) | Overlay::Refuse(id, _)) => id.clone(),
            _ => self.selected()?,
        };
        self.data.request(&id)
    }

    /// The line that is being typed over the view.
    pub fn edit(&self) -> Option<&Edit> {
        match &self.overlay {
            Some(Overlay::Refuse(_, edit) | Overlay::Set(_, edit)) => Some(edit),
            _ => None,
        }
    }

    /// The same, to type into.
    pub fn edit_mut(&mut self) -> Option<&mut Edit> {
        match &mut self.overlay {
            Some(Overlay::Refuse(_, edit) | Overlay::Set(_, edit)) => Some(edit),
            _ => None,
        }
    }
}
