//! What silent files have in common, from the shipped data.

use std::sync::LazyLock;

use regex::Regex;
use serde::{Deserialize, Deserializer, de};

/// The shipped data, which a test reads.
pub(super) static KNOWN: LazyLock<Known> =
    LazyLock::new(|| toml::from_str(include_str!("../../../installer-assets/silent-files.toml")).unwrap_or_default());

/// What silent files have in common, whatever the product.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Known {
    /// Actions whose folder holds whole answers.
    pub actions: Vec<String>,
    /// The name of a file, with the groups `product` and `version`.
    pub file_name: Pattern,
    /// The variable that holds the folder of the installation.
    pub install_directory: String,
    /// Variables that hold its name.
    pub logical_names: Vec<String>,
    /// Variables that may hold a shared secret.
    pub secret: Pattern,
    /// Variables whose value may be encrypted.
    pub password: Pattern,
    /// Endings of a variable that confirms another.
    pub confirmations: Vec<String>,
    /// Names of encryptions.
    pub formats: Vec<String>,
    /// What an encrypted value looks like.
    pub encrypted: Pattern,
    /// How modules are told.
    pub module: ModuleRows,
}

/// How modules are told.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ModuleRows {
    /// The value of `.Type`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The property that tells whether it is there.
    pub state: String,
    /// That property's value when it is.
    pub present: String,
    /// Properties by which people know it.
    pub names: Vec<String>,
}

/// A regular expression in data; by default one that fits nothing.
#[derive(Default)]
pub(super) struct Pattern(Option<Regex>);

impl Pattern {
    /// A pattern of a profile. One that is broken fits nothing: `profile validate` tells of it.
    pub fn new(text: &str) -> Self {
        Self(Regex::new(text).ok())
    }

    pub fn fits(&self, text: &str) -> bool {
        self.0.as_ref().is_some_and(|regex| regex.is_match(text))
    }

    /// What the groups `product` and `version` hold.
    pub fn product<'a>(&self, text: &'a str) -> Option<(&'a str, &'a str)> {
        let found = self.0.as_ref()?.captures(text)?;
        Some((found.name("product")?.as_str(), found.name("version")?.as_str()))
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Regex::new(&String::deserialize(from)?).map(|regex| Self(Some(regex))).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_data_is_read() {
        assert!(toml::from_str::<Known>(include_str!("../../../installer-assets/silent-files.toml")).is_ok());
        assert_eq!(KNOWN.file_name.product("Install_Some_Thing_V4.10.0.properties"), Some(("Some_Thing", "4.10.0")));
        assert_eq!(KNOWN.file_name.product("some.properties"), None);
        assert!(!Pattern::new("(").fits("("));
    }
}
