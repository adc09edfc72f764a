//! What only the site knows.

use serde::Deserialize;

/// One thing that the site must supply, or may: `{id}` stands for it in the profile's commands, paths and patterns.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variable {
    /// The word in braces.
    pub id: String,
    /// What people are asked.
    pub question: String,
    /// What a value looks like.
    #[serde(default)]
    pub kind: VariableKind,
    /// What is taken when nobody says otherwise; without it the site must say.
    pub default: Option<String>,
    /// Where the default comes from, or where the site finds the value.
    #[serde(default)]
    pub origin: String,
}

/// What a variable's value looks like.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VariableKind {
    /// Any line of text.
    #[default]
    Text,
    /// An absolute path.
    Path,
    /// A program, as an absolute path or a bare name.
    Program,
    /// A host name or address.
    Host,
    /// A port.
    Port,
    /// A pattern (regular expression).
    Pattern,
}
