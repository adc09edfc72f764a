//! What each message changes. Nothing here reads a socket, a clock or a terminal.

use ratatui::crossterm::event::{Event, KeyCode, KeyEvent};
use tui_input::backend::crossterm::EventHandler;
use tui_input::{Input, InputRequest};

use super::draw;
use super::keys::{self, Action};
use super::message::{Act, Effect, Message, Told};
use super::state::{Edit, Overlay, State};
use super::text::overlay as word;
use super::views::Tab;

/// Changes the state and says what to do outside it.
pub fn update(state: &mut State, message: Message) -> Vec<Effect> {
    match message {
        Message::Key(key) => {
            state.note = None;
            match keys::action(state, key) {
                Some(Action::Pick) => return pick(state, key),
                Some(action) => return act(state, action),
                None => types(state, key),
            }
        }
        Message::Paste(text) => {
            for letter in text.chars().filter(|letter| !letter.is_control()) {
                insert(state, letter);
            }
        }
        Message::Resize(size) => state.size = size,
        Message::Tick => {}
        Message::Told(told) => take(state, *told),
        Message::Away(why) => {
            state.away = Some(why);
            state.asking = None;
        }
        Message::Acted(result) => acted(state, result),
        Message::Terminate => state.over = true,
    }
    Vec::new()
}

fn take(state: &mut State, told: Told) {
    let Told { at, overview, part } = told;
    state.at = at;
    state.away = None;
    state.asking = None;
    state.data.overview = Some(overview);
    state.data.take(part);
}

fn act(state: &mut State, action: Action) -> Vec<Effect> {
    match action {
        Action::Next => return show(state, state.tab.place() + 1),
        Action::Previous => return show(state, state.tab.place() + Tab::ALL.len() - 1),
        Action::Pick => {}
        Action::Up => go(state, |at, _| at.saturating_sub(1)),
        Action::Down => go(state, |at, _| at + 1),
        Action::PageUp => go(state, usize::saturating_sub),
        Action::PageDown => go(state, |at, screen| at + screen),
        Action::First => go(state, |_, _| 0),
        Action::Last => go(state, |_, _| usize::MAX),
        Action::Details => {
            if let Some(key) = state.selected() {
                open(state, Overlay::Details(state.tab, key));
            }
        }
        Action::AskToApprove => {
            if let Some(id) = state.request().map(|request| request.id.clone()) {
                open(state, Overlay::Approve(id));
            }
        }
        Action::AskToRefuse => {
            if let Some(id) = state.request().map(|request| request.id.clone()) {
                open(state, Overlay::Refuse(id, Edit::default()));
            }
        }
        Action::AskToSet => ask_to_set(state),
        Action::Typed => typed(state),
        Action::Again => {
            if let Some(edit) = state.edit_mut() {
                edit.asked = false;
            }
        }
        Action::Approve(covers) => {
            if let Some(Overlay::Approve(id)) = &state.overlay {
                let act = Act::Approve(id.clone(), covers);
                return carry_out(state, act);
            }
        }
        Action::Consent => return consent(state),
        Action::Filter => state.filtering = true,
        Action::KeepFilter => state.filtering = false,
        Action::DropFilter => {
            state.filtering = false;
            state.list_mut().filter.reset();
        }
        Action::Ask => return vec![Effect::Show(state.tab)],
        Action::Keys => open(state, Overlay::Keys),
        Action::Close => {
            state.overlay = None;
            state.scroll = None;
        }
        Action::Leave => state.over = true,
        Action::Suspend => return vec![Effect::Suspend],
        Action::Repaint => return vec![Effect::Repaint],
    }
    Vec::new()
}

fn open(state: &mut State, overlay: Overlay) {
    state.overlay = Some(overlay);
    state.scroll = None;
}

fn pick(state: &mut State, key: KeyEvent) -> Vec<Effect> {
    let KeyCode::Char(typed) = key.code else { return Vec::new() };
    let number = typed.to_digit(10).and_then(|number| usize::try_from(number).ok()).unwrap_or(1);
    show(state, number - 1)
}

fn show(state: &mut State, place: usize) -> Vec<Effect> {
    state.tab = Tab::ALL[place % Tab::ALL.len()];
    state.scroll = None;
    state.asking = Some(state.now).filter(|_| state.away.is_none());
    vec![Effect::Show(state.tab)]
}

/// To another row, or line of what lies over the view; `to` is given where it is and the size of a screen.
fn go(state: &mut State, to: fn(usize, usize) -> usize) {
    if state.overlay.is_some() {
        let (at, screen, limit) = draw::scrolled(state);
        state.scroll = Some(to(at, screen).min(limit));
        return;
    }
    let Some((rows, _)) = state.rows() else { return };
    let at = to(state.pointed(&rows), draw::screen(state)).min(rows.len().saturating_sub(1));
    // At the end of a list that grows there, what comes is followed.
    let follows = state.tab.view().grows_at_the_end && at + 1 == rows.len();
    let key = rows.get(at).map(|row| row.key.clone()).filter(|_| !follows);
    let list = state.list_mut();
    (list.key, list.at) = (key, at);
}

fn ask_to_set(state: &mut State) {
    let Some(property) = state.selected().and_then(|name| state.data.property(&name)) else { return };
    let edit = Edit { line: Input::new(property.value.clone()), ..Edit::default() };
    open(state, Overlay::Set(property.name.clone(), edit));
}

/// The line is typed: asks, unless there is nothing to ask.
fn typed(state: &mut State) {
    let unchanged = match &state.overlay {
        Some(Overlay::Set(name, edit)) => {
            state.data.property(name).is_some_and(|property| property.value == edit.line.value().trim())
        }
        _ => false,
    };
    if unchanged {
        state.overlay = None;
        return;
    }
    let is_reason = matches!(state.overlay, Some(Overlay::Refuse(..)));
    if let Some(edit) = state.edit_mut() {
        let is_empty = is_reason && edit.line.value().trim().is_empty();
        edit.problem = is_empty.then(|| word::EMPTY.to_owned());
        edit.asked = !is_empty;
    }
}

fn consent(state: &mut State) -> Vec<Effect> {
    let act = match &state.overlay {
        Some(Overlay::Refuse(id, edit)) => Act::Refuse(id.clone(), edit.line.value().trim().to_owned()),
        Some(Overlay::Set(name, edit)) => Act::Set(name.clone(), edit.line.value().trim().to_owned()),
        _ => return Vec::new(),
    };
    carry_out(state, act)
}

/// What asks for it stays where it is until the authority has answered: what it refuses can be typed again there.
fn carry_out(state: &mut State, act: Act) -> Vec<Effect> {
    if state.acting.is_some() {
        return Vec::new();
    }
    state.acting = Some(state.now);
    vec![Effect::Do(act)]
}

fn acted(state: &mut State, result: Result<String, String>) {
    state.acting = None;
    if let (Err(problem), Some(Overlay::Refuse(_, edit) | Overlay::Set(_, edit))) = (&result, &mut state.overlay) {
        edit.asked = false;
        edit.problem = Some(problem.clone());
        return;
    }
    if matches!(state.overlay, Some(Overlay::Approve(_) | Overlay::Refuse(..) | Overlay::Set(..))) {
        state.overlay = None;
    }
    state.note = Some(result);
}

/// A key that types, where something is typed.
fn types(state: &mut State, key: KeyEvent) {
    if state.acting.is_some() {
        return;
    }
    if let Some(line) = line(state) {
        line.handle_event(&Event::Key(key));
    }
}

fn insert(state: &mut State, letter: char) {
    if let Some(line) = line(state) {
        line.handle(InputRequest::InsertChar(letter));
    }
}

fn line(state: &mut State) -> Option<&mut Input> {
    if state.overlay.is_some() {
        return state.edit_mut().filter(|edit| !edit.asked).map(|edit| &mut edit.line);
    }
    if state.filtering { Some(&mut state.list_mut().filter) } else { None }
}
