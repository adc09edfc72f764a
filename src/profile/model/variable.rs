//! What only the site knows.

use regex::Regex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::profile::words;

/// One thing that the site must supply, or may: `{id}` stands for it in the profile's commands, paths and patterns.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Variable {
    /// The word in braces.
    #[schemars(extend("pattern" = words::VARIABLE, "errorMessage" = words::VARIABLE_RULE))]
    pub id: String,
    /// What people are asked.
    #[schemars(length(min = 1))]
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
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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

impl VariableKind {
    /// The kind with this name in a file.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "text" => Self::Text,
            "path" => Self::Path,
            "program" => Self::Program,
            "host" => Self::Host,
            "port" => Self::Port,
            "pattern" => Self::Pattern,
            _ => return None,
        })
    }

    /// What must hold of a value.
    pub fn rule(self) -> &'static str {
        match self {
            Self::Text => "must be one line of text, not empty",
            Self::Path => "must be an absolute path, without `..`",
            Self::Program => {
                "must be one program, as an absolute path or a bare name; arguments stand in the profile's command"
            }
            Self::Host => "must be a host name or an address",
            Self::Port => "must be a whole number from 1 to 65535, in quotes",
            Self::Pattern => "must be a pattern (a regular expression)",
        }
    }

    /// Why a value is not of this kind; `None` when it is.
    pub fn refuses(self, value: &str) -> Option<&'static str> {
        let line = !value.is_empty() && !value.chars().any(char::is_control);
        let climbs = value.split('/').any(|part| part == "..");
        let word = !value.contains(char::is_whitespace);
        let right = line
            && match self {
                Self::Text => true,
                Self::Path => value.starts_with('/') && !climbs,
                Self::Program => {
                    let bare = !value.contains('/') && word && !value.starts_with('-');
                    let absolute = value.starts_with('/') && !climbs;
                    bare || absolute
                }
                Self::Host => word && !value.contains('/') && !value.starts_with('-'),
                Self::Port => value.parse::<u16>().is_ok_and(|port| port > 0),
                Self::Pattern => Regex::new(value).is_ok(),
            };
        (!right).then(|| self.rule())
    }
}
