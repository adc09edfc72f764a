//! What a site's profile asks of one product: what is missing one by one, then all of it as a numbered list.

use super::console::Reply;
use super::question::{self, Turn, numbered};
use super::{Wizard, text, walk};
use crate::wizard::{Field, FieldKind, Page};

/// Whether a page asks for variables.
pub fn are_asked_on(page: &Page) -> bool {
    page.fields.first().is_some_and(is_one)
}

/// Whether a field is a variable.
pub fn is_one(field: &Field) -> bool {
    matches!(field.kind, FieldKind::Variable(_))
}

/// Asks until every variable of the page is right.
pub fn ask(wizard: &mut Wizard, page: &'static Page) -> Turn {
    for field in page.fields {
        if wizard.problem(field).is_some() {
            match question::ask(wizard, field) {
                Turn::Next => {}
                turn => return turn,
            }
        }
    }
    loop {
        for (at, field) in page.fields.iter().enumerate() {
            let line = text::entry_of(field.label, &wizard.answers.value(field.id).to_string());
            wizard.console.lines(&text::numbered(at + 1, &line));
        }
        match wizard.console.ask(text::CHANGE) {
            Reply::Text(said) if said.is_empty() => return Turn::Next,
            Reply::Text(said) => match numbered(page.fields, &said) {
                Some(field) => match question::ask(wizard, field) {
                    turn @ (Turn::Quit | Turn::To(_)) => return turn,
                    Turn::Next | Turn::Back | Turn::Stay => {}
                },
                None => wizard.console.lines(text::NO_SUCH_NUMBER),
            },
            Reply::Back => return Turn::Back,
            Reply::Pages => return walk::choose_page(wizard).map_or(Turn::Stay, Turn::To),
            Reply::Quit => return Turn::Quit,
            Reply::Help => wizard.console.text(text::CHANGING),
        }
    }
}
