//! Typing, pasting and choosing: from editors to answers.

use ratatui::crossterm::event::{Event, KeyEvent};
use tui_input::InputRequest;
use tui_input::backend::crossterm::EventHandler;

use super::{navigate, saving, tree};
use crate::ui::session::giving::Way;
use crate::ui::tui::edits::SourceEdit;
use crate::ui::tui::state::{Overlay, State};
use crate::ui::tui::stops::{self, Stop};
use crate::ui::tui::text;
use crate::ui::tui::widgets::SecretInput;
use crate::wizard::{Origin, Value, field};

/// A key that does nothing but type.
pub fn key(state: &mut State, key: KeyEvent) {
    let Some(stop) = stops::focused(state) else { return };
    match stop {
        Stop::Text(id) => {
            let typed = state.edits.text_mut(id).and_then(|input| input.handle_event(&Event::Key(key)));
            if typed.is_some_and(|change| change.value) {
                take_text(state, id);
            }
        }
        Stop::Reference(id) => {
            let edit = state.edits.source_mut(id);
            let typed = edit.and_then(|edit| edit.reference.handle_event(&Event::Key(key)));
            if typed.is_some_and(|change| change.value) {
                take_source(state, id);
            }
        }
        Stop::Secret(id) | Stop::Again(id) if secret_mut(state, stop).is_some_and(|input| input.key(key)) => {
            take_source(state, id);
        }
        _ => {}
    }
}

/// Pasted text. A newline at its end does not count, and none ever goes to the next page.
pub fn paste(state: &mut State, pasted: &str) {
    if state.overlay == Some(Overlay::Save) {
        saving::paste(state, pasted);
    }
    if state.overlay.is_some() {
        return;
    }
    let Some(stop) = stops::focused(state) else { return };
    let line = pasted.trim_end_matches(['\r', '\n']);
    let requests = || line.chars().filter(|typed| !typed.is_control()).map(InputRequest::InsertChar);
    match stop {
        Stop::Text(id) => {
            if let Some(input) = state.edits.text_mut(id) {
                requests().for_each(|request| _ = input.handle(request));
                take_text(state, id);
            }
        }
        Stop::Reference(id) => {
            if let Some(edit) = state.edits.source_mut(id) {
                requests().for_each(|request| _ = edit.reference.handle(request));
                take_source(state, id);
            }
        }
        Stop::Secret(id) | Stop::Again(id) => {
            if secret_mut(state, stop).is_some_and(|input| input.insert(line)) {
                take_source(state, id);
            } else {
                state.note = Some(text::SEVERAL_LINES.to_owned());
            }
        }
        _ => {}
    }
}

/// Chooses or toggles what has the focus.
pub fn choose(state: &mut State) {
    match stops::focused(state) {
        Some(Stop::Choice(id, choice)) => give(state, id, choice.into()),
        Some(Stop::Way(id, way)) => {
            if let Some(edit) = state.edits.source_mut(id) {
                edit.way = way;
            }
            take_source(state, id);
            match way {
                Way::Type => navigate::focus(state, Stop::Secret(id)),
                Way::Read => navigate::focus(state, Stop::Reference(id)),
                Way::Keep | Way::Same | Way::Generate => {}
            }
        }
        Some(Stop::Product(id)) => tree::toggle_product(state, id),
        Some(Stop::Component(id)) => tree::toggle(state, id),
        _ => {}
    }
}

/// Shows or hides both lines of a typed secret.
pub fn reveal(state: &mut State) {
    let Some(Stop::Secret(id) | Stop::Again(id)) = stops::focused(state) else { return };
    if let Some(edit) = state.edits.source_mut(id) {
        let revealed = !edit.secret.revealed();
        edit.secret.reveal(revealed);
        edit.again.reveal(revealed);
    }
}

fn take_text(state: &mut State, id: &'static str) {
    let Some((field, input)) = field(id).zip(state.edits.text(id)) else { return };
    let value = field.kind.parse(input.value());
    give(state, id, value);
}

/// Makes an answer of an editor. While it is not finished, the answer is one that no plan can be made from.
fn take_source(state: &mut State, id: &'static str) {
    let Some(edit) = state.edits.source(id) else { return };
    let secret = (edit.way == Way::Type && edit.confirmed()).then(|| edit.secret.to_secret());
    let source = match edit.way {
        Way::Keep => "keep".to_owned(),
        Way::Same => "same".to_owned(),
        Way::Generate => "generate".to_owned(),
        Way::Type => "prompt".to_owned(),
        Way::Read => edit.referred().map_or_else(|| "prompt".to_owned(), |source| source.to_string()),
    };
    state.typed.take_away(id);
    if let Some(secret) = secret {
        state.typed.put(id, secret);
    }
    give(state, id, Value::Text(source));
}

/// Gives a field its value.
pub fn give(state: &mut State, id: &str, value: Value) {
    // The kinds that are typed here hold whatever was typed; the checks judge it.
    let _ = state.answers.set(id, value, Origin::Typed);
    state.revision += 1;
    state.changed = true;
    if id == "estate.dir" {
        state.looked = None;
    }
}

fn secret_mut(state: &mut State, stop: Stop) -> Option<&mut SecretInput> {
    let edit: &mut SourceEdit = state.edits.source_mut(stop.field())?;
    Some(if matches!(stop, Stop::Again(_)) { &mut edit.again } else { &mut edit.secret })
}
