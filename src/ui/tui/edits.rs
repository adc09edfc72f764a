//! What is being typed into the fields, before and while it becomes an answer.

use std::collections::BTreeMap;

use tui_input::Input;

use super::text;
use super::widgets::SecretInput;
use crate::secret::Source;
use crate::ui::session::giving::{self, Way};
use crate::wizard::{Answers, Field, FieldKind, fields};

/// An editor for every field that needs one, by field id.
pub struct Edits {
    texts: BTreeMap<&'static str, Input>,
    sources: BTreeMap<&'static str, SourceEdit>,
}

impl Edits {
    /// Editors that begin with the answers.
    pub fn new(answers: &Answers) -> Self {
        let mut edits = Self { texts: BTreeMap::new(), sources: BTreeMap::new() };
        for (_, field) in fields() {
            match field.kind {
                FieldKind::SecretSource { .. } => {
                    edits.sources.insert(field.id, SourceEdit::new(&answers.source(field.id)));
                }
                FieldKind::Components | FieldKind::Fields | FieldKind::Choice(_) => {}
                _ => {
                    edits.texts.insert(field.id, Input::new(answers.value(field.id).to_string()));
                }
            }
        }
        edits
    }

    /// The line of a text field.
    pub fn text(&self, field: &str) -> Option<&Input> {
        self.texts.get(field)
    }

    /// The line of a text field, to type into.
    pub fn text_mut(&mut self, field: &str) -> Option<&mut Input> {
        self.texts.get_mut(field)
    }

    /// The editor of a secret's source.
    pub fn source(&self, field: &str) -> Option<&SourceEdit> {
        self.sources.get(field)
    }

    /// The editor of a secret's source, to type into.
    pub fn source_mut(&mut self, field: &str) -> Option<&mut SourceEdit> {
        self.sources.get_mut(field)
    }

    /// Takes the editor of a field from others.
    pub fn take_over(&mut self, others: &mut Self, field: &'static str) {
        if let Some(input) = others.texts.remove(field) {
            self.texts.insert(field, input);
        }
        if let Some(edit) = others.sources.remove(field) {
            self.sources.insert(field, edit);
        }
    }

    /// Wipes every typed secret.
    pub fn wipe(&mut self) {
        for edit in self.sources.values_mut() {
            edit.secret.clear();
            edit.again.clear();
        }
    }
}

/// How one secret is given. It has no `Debug`.
pub struct SourceEdit {
    /// The way chosen.
    pub way: Way,
    /// Where it is read from.
    pub reference: Input,
    /// The secret, typed.
    pub secret: SecretInput,
    /// The secret, typed again.
    pub again: SecretInput,
}

impl SourceEdit {
    fn new(source: &Source) -> Self {
        let way = Way::to(source);
        let reference = if way == Way::Read { source.to_string() } else { String::new() };
        Self { way, reference: Input::new(reference), secret: SecretInput::default(), again: SecretInput::default() }
    }

    /// The source that the reference names, if the wizard can read it.
    pub fn referred(&self) -> Option<Source> {
        giving::readable(self.reference.value())
    }

    /// Whether the secret was typed twice, alike.
    pub fn confirmed(&self) -> bool {
        !self.secret.is_empty() && self.secret.same_as(&self.again)
    }

    /// What keeps this from being an answer. The text holds no part of the secret.
    pub fn problem(&self, field: &Field, answers: &Answers) -> Option<String> {
        match self.way {
            Way::Keep | Way::Same | Way::Generate => None,
            Way::Read => self.referred().is_none().then(|| text::NO_REFERENCE.to_owned()),
            Way::Type if self.secret.is_empty() => Some(text::NOT_TYPED.to_owned()),
            Way::Type => self.refused(field, answers).or_else(|| {
                let rule = if self.again.is_empty() { text::TYPE_AGAIN } else { text::NOT_THE_SAME };
                (!self.confirmed()).then(|| rule.to_owned())
            }),
        }
    }

    /// Why a place that would hold it cannot.
    pub fn refused(&self, field: &Field, answers: &Answers) -> Option<String> {
        giving::refused(field, &self.secret.to_secret(), answers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wizard::field;

    fn problem(edit: &SourceEdit) -> Option<String> {
        edit.problem(field("secret.from").expect("a field"), &Answers::default())
    }

    #[test]
    fn a_typed_secret_is_taken_when_both_lines_are_alike_and_every_place_accepts_it() {
        let mut edit = SourceEdit::new(&Source::Prompt);
        assert_eq!(problem(&edit), Some(text::NOT_TYPED.into()));
        assert!(edit.secret.insert("correct horse battery"));
        assert_eq!(problem(&edit), Some(text::TYPE_AGAIN.into()));
        assert!(edit.again.insert("correct horse batterx"));
        assert_eq!(problem(&edit), Some(text::NOT_THE_SAME.into()));
        edit.again.clear();
        assert!(edit.again.insert("correct horse battery"));
        assert_eq!(problem(&edit), None);
        edit.secret.clear();
        assert!(edit.secret.insert("schlüsselwort"));
        assert!(problem(&edit).is_some_and(|rule| rule.contains("does not take") && !rule.contains("wort")));
    }

    #[test]
    fn a_reference_must_be_one_that_the_wizard_can_read() {
        let mut edit = SourceEdit::new(&Source::Env("NAME".into()));
        assert_eq!((edit.way, problem(&edit)), (Way::Read, None));
        for wrong in ["", "hunter2hunter2", "stdin", "fd:0", "generate", "same"] {
            edit.reference = Input::new(wrong.into());
            assert_eq!(problem(&edit), Some(text::NO_REFERENCE.into()), "{wrong}");
        }
    }
}
