//! One field, asked until the answer keeps its rules.

use super::console::Reply;
use super::{Wizard, components, secret, text, walk};
use crate::ui::session::changes::shown;
use crate::wizard::{Choice, Field, FieldKind, Origin, Value};

/// Where to go after a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// To the next one.
    Next,
    /// To the one before.
    Back,
    /// To this one.
    To(usize),
    /// To the same once more.
    Stay,
    /// Out.
    Quit,
}

/// Asks a field.
pub fn ask(wizard: &mut Wizard, field: &'static Field) -> Turn {
    match field.kind {
        FieldKind::Components => components::ask(wizard, field),
        FieldKind::Choice(choices) => ask_choice(wizard, field, choices),
        FieldKind::SecretSource { .. } => secret::ask(wizard, field),
        _ => ask_text(wizard, field),
    }
}

fn ask_text(wizard: &mut Wizard, field: &'static Field) -> Turn {
    if let FieldKind::Variable(variable) = field.kind {
        wizard.console.text(&variable.question);
    }
    loop {
        let value = shown(&wizard.answers, field.id);
        let can_be_emptied =
            matches!(field.kind, FieldKind::Optional(_)) && *wizard.answers.value(field.id) != Value::from("");
        let question = if can_be_emptied { text::line_or_empty } else { text::line };
        let told = match wizard.console.ask(&question(field.label, &value)) {
            Reply::Text(said) if said.is_empty() => wizard.keep(field),
            Reply::Text(said) if can_be_emptied && said == text::EMPTY => wizard.take(field, Value::from("")),
            Reply::Text(said) => wizard.take(field, field.kind.parse(&said)),
            other => match wizard.other(field, &other) {
                Some(turn) => return turn,
                None => continue,
            },
        };
        match told {
            Ok(()) => return Turn::Next,
            Err(rule) => wizard.console.text(&text::broken(field, &rule)),
        }
    }
}

fn ask_choice(wizard: &mut Wizard, field: &'static Field, choices: &'static [Choice]) -> Turn {
    let choices = Choice::offered(choices);
    loop {
        wizard.console.lines(&text::heading(field.label));
        for (at, choice) in choices.iter().enumerate() {
            wizard.console.lines(&text::numbered(at + 1, choice.label));
        }
        let chosen = choices.iter().position(|choice| choice.id == wizard.answers.text(field.id));
        let number = chosen.map_or_else(String::new, |at| (at + 1).to_string());
        let told = match wizard.console.ask(&text::line(text::NUMBER, &number)) {
            Reply::Text(said) if said.is_empty() => wizard.keep(field),
            Reply::Text(said) => {
                let Some(choice) = numbered(&choices, &said) else {
                    wizard.console.lines(text::NO_SUCH_NUMBER);
                    continue;
                };
                wizard.take(field, choice.id.into())
            }
            other => match wizard.other(field, &other) {
                Some(turn) => return turn,
                None => continue,
            },
        };
        match told {
            Ok(()) => return Turn::Next,
            Err(rule) => wizard.console.text(&text::broken(field, &rule)),
        }
    }
}

/// What stands at a number of a list.
pub fn numbered<'a, T>(list: &'a [T], said: &str) -> Option<&'a T> {
    list.get(said.parse::<usize>().ok()?.checked_sub(1)?)
}

impl Wizard {
    /// Keeps the present answer, if it keeps the rules.
    pub fn keep(&self, field: &Field) -> Result<(), String> {
        self.problem(field).map_or(Ok(()), Err)
    }

    /// Takes a value as an answer, if it keeps the rules.
    pub fn take(&mut self, field: &Field, value: Value) -> Result<(), String> {
        field.accepts(&value, &self.answers)?;
        self.answers.set(field.id, value, Origin::Typed)
    }

    /// Everything but an answer: help is given at once, and the question asked again.
    pub fn other(&self, field: &Field, reply: &Reply) -> Option<Turn> {
        match reply {
            Reply::Back => Some(Turn::Back),
            Reply::Quit => Some(Turn::Quit),
            Reply::Pages => Some(walk::choose_page(self).map_or(Turn::Stay, Turn::To)),
            Reply::Help | Reply::Text(_) => {
                self.console.text(field.help);
                self.console.text(text::COMMANDS);
                None
            }
        }
    }
}
