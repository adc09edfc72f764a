//! How the secret is written within its place: as it is, in quotes, or encoded.

use std::fmt;
use std::str::FromStr;

use super::FormError;

/// How the secret is written within its place.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Form {
    /// As the format writes any text.
    #[default]
    Plain,
    /// Always in quotes: the format's own, else double ones with `\"` and `\\` in them.
    Quoted,
    /// Base64 (RFC 4648, section 4) of its UTF-8 bytes.
    Base64,
    /// Two hexadecimal digits for each of its UTF-8 bytes.
    Hex,
    /// In a way that only the vendor's tool knows: never read or written here, compared by proof.
    Opaque,
}

impl Form {
    /// Every form.
    pub const ALL: [Self; 5] = [Self::Plain, Self::Quoted, Self::Base64, Self::Hex, Self::Opaque];

    /// Its name in profiles and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Quoted => "quoted",
            Self::Base64 => "base64",
            Self::Hex => "hex",
            Self::Opaque => "opaque",
        }
    }
}

impl FromStr for Form {
    type Err = FormError;

    fn from_str(text: &str) -> Result<Self, FormError> {
        Self::ALL.into_iter().find(|form| form.name() == text).ok_or_else(|| FormError::UnknownForm(text.into()))
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
