//! The formats by name.

use std::fmt;
use std::str::FromStr;

use super::FormError;

/// The syntax of a file that holds a value under a key.
///
/// Keys of `ini`, `toml`, `json` and `yaml` are paths from the root: parts with `/` between them, where `~1` in a part
/// stands for `/` and `~0` for `~` (as in RFC 6901).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Java's `.properties` (`java.util.Properties.load` over a stream). The key is the property's name.
    Properties,
    /// Sections of `key = value` lines. The key is `section/key`, or the key alone before the first section.
    Ini,
    /// TOML 1.1. The key's last part names a string.
    Toml,
    /// XML 1.0. The key names an element, or the end of its path, as in `access/sharedSecret`.
    Xml,
    /// JSON, with comments and trailing commas where the file has them. Elements of arrays are numbered from 0.
    Json,
    /// YAML 1.2, one document. Elements of sequences are numbered from 0.
    Yaml,
    /// Lines of words with blanks between them. The key is a line's first words and the number of the word that is the
    /// value, counted from 1: `10.0.0.1:1812 2`.
    Words,
    /// The whole file is the value, but for one line break at its end. There is no key.
    Whole,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 8] =
        [Self::Properties, Self::Ini, Self::Toml, Self::Xml, Self::Json, Self::Yaml, Self::Words, Self::Whole];

    /// Its name in profiles.
    pub fn name(self) -> &'static str {
        match self {
            Self::Properties => "properties",
            Self::Ini => "ini",
            Self::Toml => "toml",
            Self::Xml => "xml",
            Self::Json => "json",
            Self::Yaml => "yaml",
            Self::Words => "words",
            Self::Whole => "whole",
        }
    }
}

impl FromStr for Format {
    type Err = FormError;

    fn from_str(text: &str) -> Result<Self, FormError> {
        Self::ALL.into_iter().find(|format| format.name() == text).ok_or_else(|| FormError::Unknown(text.into()))
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
