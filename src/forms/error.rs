//! Why a value cannot be read or written where it should stand.

use thiserror::Error;

use super::{Form, Format};

/// Why a form refuses. The text names key, line number and rule, never the line or the value.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FormError {
    /// No format of this name.
    #[error("'{0}' is no file format known here: use {names}", names = names(Format::ALL.map(Format::name)))]
    Unknown(String),
    /// No form of this name.
    #[error("'{0}' is no form known here: use {names}", names = names(Form::ALL.map(Form::name)))]
    UnknownForm(String),
    /// The form is opaque.
    #[error("only the vendor's tool reads or writes this place, so it is compared by proof")]
    Opaque,
    /// The key is none that the format could look for.
    #[error("{key:?} {rule}")]
    Key {
        /// Which key.
        key: String,
        /// What is wrong, and the remedy.
        rule: &'static str,
    },
    /// The key to write is not in the file.
    #[error("{key} is not in the file: add it there with any value")]
    Missing {
        /// Which key.
        key: String,
    },
    /// The key is in the file more than once, so it is not clear which one counts.
    #[error("{key} is in the file more than once: keep one, or name it by a longer path")]
    Twice {
        /// Which key.
        key: String,
    },
    /// The new value has something in it that the format cannot hold.
    #[error("{key}: {rule}")]
    Value {
        /// Which key.
        key: String,
        /// What the format cannot hold.
        rule: &'static str,
    },
    /// What stands under the key now is not a plain value.
    #[error("{key} {rule}")]
    Present {
        /// Which key.
        key: String,
        /// What is wrong, and the remedy.
        rule: &'static str,
    },
    /// The file is not in its format.
    #[error("line {line}: {rule}")]
    File {
        /// Where, counted from 1.
        line: usize,
        /// What is wrong there.
        rule: &'static str,
    },
    /// The value was written and did not read back the same.
    #[error("{key}: the value would not read back as it was given, so it is not written")]
    NotKept {
        /// Which key.
        key: String,
    },
}

impl FormError {
    /// An error in the file itself, at this byte.
    pub(super) fn file(text: &[u8], at: usize, rule: &'static str) -> Self {
        let before = &text[..at.min(text.len())];
        Self::File { line: before.split(|byte| *byte == b'\n').count(), rule }
    }
}

/// "a, b or c".
fn names<const N: usize>(names: [&str; N]) -> String {
    let (last, others) = names.split_last().unwrap_or((&"", &[]));
    format!("{} or {last}", others.join(", "))
}
