//! Answers given on the full screen, key by key.

use super::wizard::Wizard;
use crate::ui::session::giving::Way;
use crate::ui::session::standing::Standing;
use crate::ui::tui::stops::{Stop, focused, is_chosen, stops};
use crate::wizard::{Answers, Field, FieldKind, Value, components};

/// The answers of a person who gives these where they are asked, and keeps every other; over an estate, where one stands.
pub fn answered(given: &[(&'static Field, Value)], estate: Option<&Standing>) -> Answers {
    let mut wizard = Wizard::new(100, 40);
    wizard.stands = estate.cloned().unwrap_or(wizard.stands);
    while !wizard.state.on("review") {
        let asked = wizard.state.page().fields;
        for (field, value) in given.iter().filter(|(field, _)| asked.iter().any(|known| known.id == field.id)) {
            answer(&mut wizard, field, value);
        }
        let here = wizard.state.page().id;
        wizard.press("Enter");
        // Enter chooses what has the focus and is not chosen; it is all chosen here.
        assert_ne!(wizard.state.page().id, here, "{}", wizard.screen());
    }
    wizard.state.answers
}

fn answer(wizard: &mut Wizard, field: &'static Field, value: &Value) {
    match (field.kind, value) {
        (FieldKind::Choice(choices), Value::Text(id)) => {
            let choice = choices.iter().find(|choice| choice.id == id).expect("a choice");
            choose(wizard, Stop::Choice(field.id, choice.id));
        }
        (FieldKind::SecretSource { .. }, Value::Text(source)) => {
            let way = Way::to(&source.parse().expect("a source"));
            choose(wizard, Stop::Way(field.id, way));
            if way == Way::Read {
                write(wizard, Stop::Reference(field.id), source);
            }
        }
        (FieldKind::Components, Value::List(wanted)) => {
            for id in components::ids() {
                if wizard.state.answers.has_component(id) != wanted.iter().any(|known| known == id) {
                    go(wizard, Stop::Component(id));
                    wizard.press("Space");
                }
            }
        }
        _ => write(wizard, Stop::Text(field.id), &value.to_string()),
    }
}

fn choose(wizard: &mut Wizard, stop: Stop) {
    go(wizard, stop);
    if !is_chosen(&wizard.state, stop) {
        wizard.press("Space");
    }
}

fn write(wizard: &mut Wizard, stop: Stop, text: &str) {
    go(wizard, stop);
    wizard.press("Ctrl-u");
    wizard.types(text);
}

/// Up or down to where the focus is to be.
fn go(wizard: &mut Wizard, stop: Stop) {
    let stops = stops(&wizard.state);
    let at = |wanted: Stop| stops.iter().position(|known| *known == wanted);
    let (here, there) =
        (focused(&wizard.state).and_then(at).expect("a focus"), at(stop).expect("it can have the focus"));
    let key = if there > here { "Down" } else { "Up" };
    for _ in 0..here.abs_diff(there) {
        wizard.press(key);
    }
}
