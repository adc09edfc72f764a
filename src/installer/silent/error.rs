//! What is wrong with a silent file: where, and what to do. Never a value.

use std::fmt;
use std::path::PathBuf;

use thiserror::Error;

/// A place in a file; line and column count from 1, the column in characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At {
    /// The file.
    pub file: PathBuf,
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl At {
    /// The place of a byte in a file's text.
    pub(super) fn of(file: impl Into<PathBuf>, text: &[u8], byte: usize) -> Self {
        let before = &text[..byte.min(text.len())];
        let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
        let line = before.split(|byte| *byte == b'\n').count();
        Self { file: file.into(), line, column: super::escape::shown(&before[start..]).chars().count() + 1 }
    }

    /// A file as a whole.
    pub(super) fn start_of(file: impl Into<PathBuf>) -> Self {
        Self { file: file.into(), line: 1, column: 1 }
    }
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file.display(), self.line, self.column)
    }
}

/// What is wrong, and where: one line.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{at}: {rule}")]
pub struct SilentError {
    /// Where.
    pub at: At,
    /// What, and the remedy.
    pub rule: Rule,
}

impl SilentError {
    pub(super) fn new(at: At, rule: Rule) -> Self {
        Self { at, rule }
    }
}

/// A rule that a silent file breaks, or a value for one. The text names variables, never what they hold.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Rule {
    /// The system does not let us read it.
    #[error("it cannot be read ({0}): give the right path, or the right to read it")]
    Unreadable(String),
    /// Too many bytes for a silent file.
    #[error("it is larger than {0} MiB, so it is no silent file: name another one")]
    TooLarge(u64),
    /// More includes than any installation has.
    #[error("more than {0} files are included: name another master file")]
    TooMany(usize),
    /// Bytes that no text has.
    #[error("a zero byte: save the file as UTF-8 or Latin-1 text (UTF-16 has these)")]
    ZeroByte,
    /// What editors put before UTF-8.
    #[error("a byte order mark stands before this variable and hides it: save the file without the mark")]
    Mark,
    /// A line break of no system of today.
    #[error("a carriage return that no line feed follows: end lines with LF, or with CR and LF")]
    LoneReturn,
    /// Neither variable nor comment.
    #[error("this line is no `Variable = Value`: correct it, or put # before it")]
    NoAssignment,
    /// A backslash that stands alone.
    #[error("a single backslash: write two for each, as in C:\\\\folder")]
    Backslash,
    /// The same variable again in one file.
    #[error("{name} stands in line {line} already: remove one of the two lines")]
    Twice {
        /// The variable.
        name: String,
        /// The line that it stands in before.
        line: usize,
    },
    /// The same variable in several files, and no saying which is meant.
    #[error("{name} stands in {other} too: name it {choices}")]
    Several {
        /// The variable.
        name: String,
        /// The other place.
        other: Box<At>,
        /// How each is named.
        choices: String,
    },
    /// No such variable.
    #[error("there is no variable {0} here or in the files that this one includes: look for its name there")]
    Missing(String),
    /// An include without a file.
    #[error("the included file {0} is not there: copy it beside this one, or remove this line")]
    IncludeMissing(String),
    /// An include of a file that is being read.
    #[error("{0} includes itself in the end: remove one include of the circle")]
    Cycle(String),
    /// A file included by two lines.
    #[error("{name} was included by {other} already: remove one of the two lines")]
    IncludedTwice {
        /// The file.
        name: String,
        /// The line before.
        other: Box<At>,
    },
    /// An include that leaves the master's folder.
    #[error("{0} lies outside the master file's folder: copy it into that folder and include it by its name")]
    Outside(String),
    /// A value that the grammar cannot hold.
    #[error("{name}: {rule}")]
    Value {
        /// The variable.
        name: String,
        /// What it cannot hold, and the remedy.
        rule: &'static str,
    },
    /// Looks encrypted, and nothing says so.
    #[error(
        "{0} may be encrypted, but no line {0}.Format says how: add that line, or say that the value is plain; \
         it is not taken for plain"
    )]
    MaybeEncrypted(String),
    /// A confirmation with another value.
    #[error("{twin} confirms {name} (line {line}) and has another value: give both the same one")]
    TwinDiffers {
        /// The variable.
        name: String,
        /// Its confirmation.
        twin: String,
        /// The variable's line.
        line: usize,
    },
    /// An encryption that nobody described.
    #[error("{name} is of a format that is not known here: known are {known}")]
    UnknownFormat {
        /// The row, `Variable.Format`.
        name: String,
        /// Those that are.
        known: String,
    },
    /// No folder of an installer's run in it.
    #[error("no folder <date>_<action> of {0} with a silent file is in it: name the master file")]
    NoRun(String),
    /// No file in it includes others, or several do.
    #[error("{0} files in it include others, so it is not clear which one is the master: name it")]
    NoMaster(usize),
}

impl Rule {
    pub(super) fn unreadable(error: &std::io::Error) -> Self {
        let why = match error.kind() {
            std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
            std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
            _ => error.to_string(),
        };
        Self::Unreadable(why)
    }
}
