//! All values together, whoever gave them.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::{field, fields};
use crate::secret::Source;
use crate::tree::suggest;

/// The value of `mode` by which an installed estate is changed.
pub const CONFIGURE: &str = "configure";

/// The field of the secret that a site uses before a change.
pub const PREVIOUS_FIELD: &str = "secret.previous_from";

/// The table of the answer file that holds what a site's profiles ask, each product in a table of its own.
pub const SITE_TABLE: &str = "site";

/// A field's value. A secret is never among them: only the reference to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Value {
    /// Text, a choice's id, or a secret's source.
    Text(String),
    /// A whole number.
    Number(i64),
    /// Ids.
    List(Vec<String>),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Number(number) => number.fmt(f),
            Self::List(items) => f.write_str(&items.join(", ")),
        }
    }
}

/// Who gave a value. The greater one wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Origin {
    /// Nobody: the field's own default.
    Default,
    /// Found on this host.
    Detected,
    /// Recorded by an earlier run.
    Record,
    /// The answer file.
    Answers,
    /// The environment.
    Env,
    /// The command line.
    Flag,
    /// The person at the wizard.
    Typed,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Default => "default",
            Self::Detected => "detected",
            Self::Record => "earlier record",
            Self::Answers => "answer file",
            Self::Env => "environment",
            Self::Flag => "flag",
            Self::Typed => "typed",
        })
    }
}

/// A value and who gave it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The value.
    pub value: Value,
    /// Who gave it.
    pub origin: Origin,
}

/// One answer for every field. Rules between them are [`super::missing`]'s to judge, so that a wizard can hold answers
/// that are not finished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answers {
    by_field: BTreeMap<&'static str, Answer>,
}

impl Default for Answers {
    fn default() -> Self {
        let by_field = fields()
            .map(|(_, field)| (field.id, Answer { value: (field.default)(), origin: Origin::Default }))
            .collect();
        Self { by_field }
    }
}

impl Answers {
    /// Gives a field a value, whoever gave the one before. The error is the rule of the field's kind, without the value.
    pub fn set(&mut self, id: &str, value: Value, origin: Origin) -> Result<(), String> {
        let field = field(id).ok_or_else(|| unknown(id))?;
        field.kind.holds(&value)?;
        self.by_field.insert(field.id, Answer { value, origin });
        Ok(())
    }

    /// Like [`Answers::set`], but a value from a stronger origin stays.
    pub fn offer(&mut self, id: &str, value: Value, origin: Origin) -> Result<(), String> {
        let field = field(id).ok_or_else(|| unknown(id))?;
        if self.origin(field.id) > origin { field.kind.holds(&value) } else { self.set(id, value, origin) }
    }

    /// The answer to a field; `None` for an id that no field has.
    pub fn get(&self, id: &str) -> Option<&Answer> {
        self.by_field.get(id)
    }

    /// A field's value. An id that no field has gives an empty text.
    pub fn value(&self, id: &str) -> &Value {
        static NOTHING: Value = Value::Text(String::new());
        debug_assert!(self.by_field.contains_key(id), "no field has the id {id}");
        self.get(id).map_or(&NOTHING, |answer| &answer.value)
    }

    /// Who gave a field's value.
    pub fn origin(&self, id: &str) -> Origin {
        self.get(id).map_or(Origin::Default, |answer| answer.origin)
    }

    /// A text; empty for a field of another kind.
    pub fn text(&self, id: &str) -> &str {
        match self.value(id) {
            Value::Text(text) => text,
            Value::Number(_) | Value::List(_) => "",
        }
    }

    /// A whole number; 0 for a field of another kind, or while it is not finished.
    pub fn number(&self, id: &str) -> i64 {
        match self.value(id) {
            Value::Number(number) => *number,
            Value::Text(_) | Value::List(_) => 0,
        }
    }

    /// A port; 0 while it is not one.
    pub fn port(&self, id: &str) -> u16 {
        u16::try_from(self.number(id)).unwrap_or(0)
    }

    /// Ids; empty for a field of another kind.
    pub fn list(&self, id: &str) -> &[String] {
        match self.value(id) {
            Value::List(items) => items,
            Value::Text(_) | Value::Number(_) => &[],
        }
    }

    /// Where a secret comes from; [`Source::Prompt`] for a field of another kind.
    pub fn source(&self, id: &str) -> Source {
        self.text(id).parse().unwrap_or(Source::Prompt)
    }

    /// Whether an installed estate is to be changed.
    pub fn configures(&self) -> bool {
        self.text("mode") == CONFIGURE
    }

    /// Whether somebody said it in this run: not a default, not what was found or recorded.
    pub fn is_named(&self, id: &str) -> bool {
        self.origin(id) >= Origin::Answers
    }

    /// Whether a component is selected.
    pub fn has_component(&self, id: &str) -> bool {
        self.list("components").iter().any(|component| component == id)
    }
}

fn unknown(id: &str) -> String {
    let near = suggest::nearest(id, fields().map(|(_, field)| field.id));
    format!("is no field{}", near.map(|near| format!("; did you mean {near}?")).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_access_gives_what_was_set() {
        let mut answers = Answers::default();
        answers.set("authority.https_port", Value::Number(7453), Origin::Flag).expect("a port");
        answers.set("secret.from", "env:NAME".into(), Origin::Answers).expect("a source");
        assert_eq!(answers.port("authority.https_port"), 7453);
        assert_eq!(answers.source("secret.from"), Source::Env("NAME".into()));
        assert_eq!(answers.text("authority.domain"), "Synchrony");
        assert!(answers.has_component("b2bi-server"));
        assert_eq!(answers.origin("secret.from").to_string(), "answer file");
    }

    #[test]
    fn a_weaker_origin_does_not_replace_a_stronger_one() {
        let mut answers = Answers::default();
        answers.set("authority.host", "a".into(), Origin::Flag).expect("a host");
        answers.offer("authority.host", "b".into(), Origin::Answers).expect("a host");
        assert_eq!(answers.text("authority.host"), "a");
        answers.offer("authority.host", "c".into(), Origin::Typed).expect("a host");
        assert_eq!(answers.text("authority.host"), "c");
    }

    #[test]
    fn the_wrong_kind_and_an_unknown_field_are_refused() {
        let mut answers = Answers::default();
        assert!(answers.set("components", Value::Number(1), Origin::Flag).is_err());
        let error = answers.set("authority.hots", "a".into(), Origin::Flag).expect_err("no such field");
        assert_eq!(error, "is no field; did you mean authority.host?");
    }

    #[test]
    fn a_literal_secret_is_never_kept_nor_shown() {
        let mut answers = Answers::default();
        let error = answers.set("secret.from", "hunter2hunter2".into(), Origin::Flag).expect_err("a literal");
        assert!(!error.contains("hunter2"));
        assert_eq!(answers.source("secret.from"), Source::Generate);
    }
}
