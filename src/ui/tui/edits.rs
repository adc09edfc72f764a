//! What is being typed into the fields, before and while it becomes an answer.

use std::collections::BTreeMap;

use tui_input::Input;

use super::text;
use super::widgets::SecretInput;
use crate::profile;
use crate::secret::Source;
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

/// The ways in which a secret can be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// The one that the estate holds stays.
    Keep,
    /// The authority's.
    Same,
    /// A new one is made.
    Generate,
    /// It is typed or pasted here.
    Type,
    /// It is read from somewhere.
    Read,
}

impl Way {
    /// The ways that make sense for a kind of field; none for one that takes no secret. Only what an estate holds can be
    /// kept.
    pub fn of(kind: FieldKind, configures: bool) -> Vec<Self> {
        let FieldKind::SecretSource { same, generate, keep } = kind else { return Vec::new() };
        [
            (keep && configures, Self::Keep),
            (same, Self::Same),
            (generate, Self::Generate),
            (true, Self::Type),
            (true, Self::Read),
        ]
        .into_iter()
        .filter_map(|(offered, way)| offered.then_some(way))
        .collect()
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
        let (way, reference) = match source {
            Source::Keep => (Way::Keep, String::new()),
            Source::Same => (Way::Same, String::new()),
            Source::Generate => (Way::Generate, String::new()),
            Source::Prompt => (Way::Type, String::new()),
            other => (Way::Read, other.to_string()),
        };
        Self { way, reference: Input::new(reference), secret: SecretInput::default(), again: SecretInput::default() }
    }

    /// The source that the reference names, if the wizard can read it.
    pub fn referred(&self) -> Option<Source> {
        match self.reference.value().trim().parse().ok()? {
            // The terminal is what the wizard itself reads from.
            Source::Same | Source::Generate | Source::Keep | Source::Prompt | Source::Stdin | Source::Fd(0..=2) => None,
            source => Some(source),
        }
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
        if !is_shared(field) {
            return None;
        }
        let secret = self.secret.to_secret();
        profile::known()
            .iter()
            .flat_map(|profile| &profile.place)
            .filter(|place| answers.has_component(&place.component))
            .find_map(|place| place.refuses(&secret))
            .map(|rule| text::not_accepted(&rule))
    }
}

/// Whether a field's secret is the one that all places hold; the other is the password of the user `system`.
pub fn is_shared(field: &Field) -> bool {
    field.id == "secret.from" || field.key() == "secret"
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

    #[test]
    fn ways_are_offered_as_the_field_allows() {
        let of = |id| Way::of(field(id).expect("a field").kind, false);
        assert_eq!(of("secret.from"), [Way::Generate, Way::Type, Way::Read]);
        assert_eq!(of("integrator.secret"), [Way::Same, Way::Type, Way::Read]);
        assert_eq!(of("authority.host"), []);
        let kept = Way::of(field("secret.from").expect("a field").kind, true);
        assert_eq!(kept, [Way::Keep, Way::Generate, Way::Type, Way::Read]);
    }
}
