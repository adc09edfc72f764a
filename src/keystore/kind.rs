//! The kinds of keystores.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A keystore's format.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Java's own.
    #[default]
    Jks,
    /// PKCS#12 (RFC 7292).
    Pkcs12,
}

impl Kind {
    /// The extension of a file of this kind, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jks => "jks",
            Self::Pkcs12 => "p12",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Jks => "JKS",
            Self::Pkcs12 => "PKCS#12",
        })
    }
}
