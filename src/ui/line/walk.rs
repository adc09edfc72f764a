//! From question to question, and back.

use std::ops::ControlFlow;

use super::console::Reply;
use super::question::{self, Turn};
use super::{Passed, Wizard, folder, text, variables};
use crate::secret::Source;
use crate::ui::session::changes::shown;
use crate::ui::words;
use crate::wizard::{Field, FieldKind, Origin, Page, Walk, fields, pages};

/// Every question that there may be. The mode follows from what stands in the folder; the variables of a product are one
/// question, which its first one stands for.
fn questions() -> Vec<(&'static Page, &'static Field)> {
    let goes_along = |page: &Page, field: &Field| variables::is_one(field) && page.fields[0].id != field.id;
    let is_question = |(page, field): &(&'static Page, &'static Field)| {
        field.id != "mode" && !matches!(field.kind, FieldKind::Fields) && !goes_along(page, field)
    };
    fields().filter(is_question).collect()
}

/// Where a field's question is.
pub fn position(id: &str) -> usize {
    let asks = |page: &Page, field: &Field| {
        field.id == id || variables::are_asked_on(page) && page.fields.iter().any(|field| field.id == id)
    };
    questions().iter().position(|(page, field)| asks(page, field)).unwrap_or(0)
}

/// The first question of a page, or of those behind it.
pub fn beginning(page: &str) -> usize {
    let at = |id: &str| pages().iter().position(|page| page.id == id);
    let questions = questions();
    questions.iter().position(|(asking, _)| at(asking.id) >= at(page)).unwrap_or(questions.len())
}

/// The last question that is asked.
pub fn last(wizard: &Wizard) -> usize {
    before(wizard, questions().len()).unwrap_or(0)
}

/// Asks from this question on to the last; goes on with Review.
pub fn ask_from(wizard: &mut Wizard, from: usize) -> Passed {
    let questions = questions();
    let mut at = from;
    while let Some((page, field)) = questions.get(at) {
        if !is_visible(wizard, page, field) {
            at += 1;
            continue;
        }
        wizard.turn_to(page.id);
        let turn = if variables::is_one(field) {
            if page.fields.iter().all(|field| wizard.is_given(field)) {
                Turn::Next
            } else {
                variables::ask(wizard, page)
            }
        } else if wizard.is_given(field) {
            let value = shown(&wizard.answers, field.id);
            wizard.console.text(&text::given(field, &value, wizard.answers.origin(field.id)));
            Turn::Next
        } else {
            question::ask(wizard, field)
        };
        match turn {
            Turn::Next if field.id == "estate.dir" => match folder::look(wizard) {
                ControlFlow::Continue(true) => at += 1,
                ControlFlow::Continue(false) => {
                    wizard.opened.insert(field.id);
                }
                ControlFlow::Break(ended) => return ControlFlow::Break(ended),
            },
            Turn::Next => at += 1,
            Turn::Back => match before(wizard, at) {
                Some(earlier) => at = earlier,
                None => wizard.console.lines(text::FIRST),
            },
            Turn::To(there) => {
                // Who goes there wants to be asked.
                wizard.opened.extend(questions.get(there).map(|(_, field)| field.id));
                at = there;
            }
            Turn::Stay => {}
            Turn::Quit => return ControlFlow::Break(wizard.left()),
        }
    }
    ControlFlow::Continue(at)
}

/// A page that was seen before; its first question.
pub fn choose_page(wizard: &Wizard) -> Option<usize> {
    let at = |id: &str| pages().iter().position(|page| page.id == id);
    let seen = |page: &&Page| at(page.id) <= at(wizard.furthest) && at(page.id) <= at("review");
    let all: Vec<_> = Walk::visible(&wizard.answers).enumerate().collect();
    for (number, page) in all.iter().filter(|(_, page)| seen(page)) {
        wizard.console.lines(&text::numbered(number + 1, page.title));
    }
    let Reply::Text(said) = wizard.console.ask(text::WHICH_PAGE) else { return None };
    let page = question::numbered(&all, &said).map(|(_, page)| page).filter(|page| seen(page));
    if page.is_none() {
        wizard.console.lines(text::NO_SUCH_NUMBER);
    }
    page.map(|page| beginning(page.id))
}

fn before(wizard: &Wizard, at: usize) -> Option<usize> {
    let questions = questions();
    (0..at).rev().find(|at| {
        let (page, field) = questions[*at];
        is_visible(wizard, page, field) && !wizard.is_given(field)
    })
}

fn is_visible(wizard: &Wizard, page: &Page, field: &Field) -> bool {
    (page.visible_if)(&wizard.answers) && (field.visible_if)(&wizard.answers)
}

impl Wizard {
    /// Whether a flag or a file answered a field, so that it is not asked.
    fn is_given(&self, field: &Field) -> bool {
        let given = self.answers.is_named(field.id) && self.answers.origin(field.id) != Origin::Typed;
        let left_to_us = self.answers.list("ask").iter().any(|id| id == field.id);
        given && !left_to_us && !self.opened.contains(field.id) && self.problem(field).is_none()
    }

    /// The rule that the present answer breaks.
    pub fn problem(&self, field: &Field) -> Option<String> {
        let is_secret = matches!(field.kind, FieldKind::SecretSource { .. });
        let untyped = self.answers.source(field.id) == Source::Prompt && self.typed.get(field.id).is_none();
        field.problem(&self.answers).or_else(|| (is_secret && untyped).then(|| words::NOT_TYPED.to_owned()))
    }

    /// Writes the heading of a page, unless it is the present one.
    pub fn turn_to(&mut self, id: &'static str) {
        let Some(page) = pages().iter().find(|page| page.id == id).filter(|page| page.id != self.page) else { return };
        self.page = id;
        let at = |id: &str| pages().iter().position(|page| page.id == id);
        if at(id) > at(self.furthest) {
            self.furthest = id;
        }
        let visible: Vec<&str> = Walk::visible(&self.answers).map(|page| page.id).collect();
        let at = visible.iter().position(|visible| *visible == id).unwrap_or(0) + 1;
        self.console.lines(&text::page(at, visible.len(), page));
        self.console.text(page.text);
    }
}
