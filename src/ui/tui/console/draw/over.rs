//! What lies over a view: keys, details, and the questions before an act.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;

use super::list::write_facts;
use crate::ui::tui::console::keys::{self, Action, Key};
use crate::ui::tui::console::state::{Edit, Overlay, State};
use crate::ui::tui::console::text::overlay as word;
use crate::ui::tui::console::views::{Seen, Tab};
use crate::ui::tui::view::column::Column;
use crate::ui::tui::view::dialog::{self, WIDE};
use crate::ui::tui::view::form::write_input;
use crate::ui::tui::view::zones::Zones;

/// Draws it, if there is something.
pub fn draw(state: &State, frame: &mut Frame, zones: Zones) {
    let (Some(overlay), Some((column, inner))) = (&state.overlay, column(state, zones)) else { return };
    dialog::draw(frame, zones, title(overlay), &column, inner, state.scroll);
}

/// Its lines, and where they are drawn.
pub fn column(state: &State, zones: Zones) -> Option<(Column, Rect)> {
    let overlay = state.overlay.as_ref()?;
    Some(dialog::place(state.look, zones, WIDE, |column| write(state, overlay, column)))
}

fn title(overlay: &Overlay) -> &'static str {
    match overlay {
        Overlay::Keys => word::KEYS_TITLE,
        Overlay::Details(tab, _) => tab.view().title,
        Overlay::Approve(_) => word::APPROVE,
        Overlay::Refuse(..) => word::REFUSE,
        Overlay::Set(..) => word::SET,
    }
}

fn write(state: &State, overlay: &Overlay, column: &mut Column) {
    match overlay {
        Overlay::Keys => dialog::write_keys(state.look, &keys::working_below(state), column),
        Overlay::Details(tab, key) => write_row(state, *tab, key, column),
        Overlay::Approve(id) => {
            write_row(state, Tab::Requests, id, column);
            column.blank();
            let waits = state.request().is_some_and(|request| request.status.is_pending());
            column.text(0, if waits { word::ONE_CERTIFICATE } else { word::DECIDED }, state.look.dim);
            write_answers(state, column);
        }
        Overlay::Refuse(id, edit) => {
            write_row(state, Tab::Requests, id, column);
            column.blank();
            column.text(0, if edit.asked { word::STAYS_REFUSED } else { word::WHY }, state.look.dim);
            write_edit(state, edit, column);
        }
        Overlay::Set(name, edit) => {
            write_row(state, Tab::Properties, name, column);
            column.blank();
            write_edit(state, edit, column);
        }
    }
}

fn write_row(state: &State, tab: Tab, key: &str, column: &mut Column) {
    let facts = (tab.view().facts)(&Seen::of(state), key);
    if facts.is_empty() {
        column.text(0, word::GONE, state.look.dim);
    }
    write_facts(&facts, column);
}

/// The typed line, what is wrong with it, and the keys. The line for what is wrong is always there, so that nothing
/// jumps.
fn write_edit(state: &State, edit: &Edit, column: &mut Column) {
    write_input(&edit.line, Span::raw(""), column.width, !edit.asked, column);
    let problem = edit.problem.as_deref().filter(|_| !edit.asked).unwrap_or_default();
    column.text(0, problem, state.look.danger);
    let keys = keys::working(state).into_iter().filter(|key| key.footer);
    dialog::write_answers(state.look, keys, column);
    column.with_focus();
}

/// The keys that answer a question, under it.
fn write_answers(state: &State, column: &mut Column) {
    let answers = |key: &&Key| key.footer && matches!(key.action, Action::Approve(_) | Action::Close);
    dialog::write_answers(state.look, keys::working(state).into_iter().filter(answers), column);
}
