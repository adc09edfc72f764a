//! Saving the answers as a file, from Review.

use ratatui::crossterm::event::{Event, KeyEvent};
use tui_input::InputRequest;
use tui_input::backend::crossterm::EventHandler;

use super::overlay;
use crate::ui::session::answer_file::NotSaved;
use crate::ui::tui::message::Effect;
use crate::ui::tui::state::{Overlay, State};

/// Asks for the file.
pub fn ask(state: &mut State) {
    state.saving.problem = None;
    overlay::open(state, Overlay::Save);
}

/// The file was named.
pub fn save(state: &mut State) -> Vec<Effect> {
    vec![Effect::Save(state.overlay == Some(Overlay::Replace))]
}

/// It was written, or not.
pub fn saved(state: &mut State, result: Result<Vec<String>, NotSaved>) {
    if !matches!(state.overlay, Some(Overlay::Save | Overlay::Replace)) {
        return;
    }
    match result {
        Ok(about) => {
            state.saving.about = about;
            overlay::open(state, Overlay::Saved);
        }
        Err(NotSaved::IsThere) => overlay::open(state, Overlay::Replace),
        Err(NotSaved::Failed(why)) => {
            state.saving.problem = Some(why);
            overlay::open(state, Overlay::Save);
        }
    }
}

/// A key that types its name.
pub fn key(state: &mut State, key: KeyEvent) {
    state.saving.problem = None;
    let _ = state.saving.file.handle_event(&Event::Key(key));
}

/// A name that was pasted; a newline saves nothing.
pub fn paste(state: &mut State, pasted: &str) {
    state.saving.problem = None;
    for typed in pasted.chars().filter(|typed| !typed.is_control()) {
        let _ = state.saving.file.handle(InputRequest::InsertChar(typed));
    }
}
