//! What a page and a field are.

use std::fmt;

use super::{Answers, FieldKind, Value};

/// Tells whether something is asked.
pub type When = &'static (dyn Fn(&Answers) -> bool + Send + Sync);
/// Gives the value when nobody else does.
pub type Begin = &'static (dyn Fn() -> Value + Send + Sync);
/// Judges a value beside the other answers.
pub type Check = &'static (dyn Fn(&Value, &Answers) -> Result<(), String> + Send + Sync);

/// One page of the wizard.
pub struct Page {
    /// Its id in flags, JSON and tests.
    pub id: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// One or two sentences at its top.
    pub text: &'static str,
    /// What it asks.
    pub fields: &'static [Field],
    /// Whether the walk comes by it.
    pub visible_if: When,
}

/// One question, told in one value: its kind says what a value looks like, `check` how it must fit the other answers.
pub struct Field {
    /// `table.key` of the answer file; a key at its root is the bare name.
    pub id: &'static str,
    /// What stands before the input.
    pub label: &'static str,
    /// One to three sentences, shown on F1 and in the reference.
    pub help: &'static str,
    /// What a value looks like.
    pub kind: FieldKind,
    /// The value when nobody gives one.
    pub default: Begin,
    /// Whether it is asked, given the other answers.
    pub visible_if: When,
    /// The rules that other answers take part in. [`Field::accepts`] asks the kind first.
    pub check: Check,
}

impl fmt::Debug for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Page").field(&self.id).finish()
    }
}

impl fmt::Debug for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Field").field(&self.id).finish()
    }
}

impl Field {
    /// Judges a value for this field: the rule of its kind, then how it fits the other answers. The error is a rule
    /// that reads on after the field's name ("must be …") and never holds the value.
    pub fn accepts(&self, value: &Value, answers: &Answers) -> Result<(), String> {
        self.kind.check(value)?;
        (self.check)(value, answers)
    }

    /// The rule that the present answer breaks.
    pub fn problem(&self, answers: &Answers) -> Option<String> {
        self.accepts(answers.value(self.id), answers).err()
    }

    /// The table of the answer file; `None` at its root.
    pub fn table(&self) -> Option<&'static str> {
        self.id.rsplit_once('.').map(|(table, _)| table)
    }

    /// The key in its table.
    pub fn key(&self) -> &'static str {
        self.id.rsplit_once('.').map_or(self.id, |(_, key)| key)
    }
}

/// A rule that a visible field breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// The page's id.
    pub page: &'static str,
    /// The field's id.
    pub field: &'static str,
    /// What must hold; reads on after the field's name.
    pub rule: String,
}

/// For what is always asked.
pub(super) fn always(_: &Answers) -> bool {
    true
}

/// For what stands in the answer file only.
pub(super) fn never(_: &Answers) -> bool {
    false
}

/// For fields whose kind says it all.
#[expect(clippy::unnecessary_wraps, reason = "it stands where other fields have rules")]
pub(super) fn no_further_rule(_: &Value, _: &Answers) -> Result<(), String> {
    Ok(())
}
