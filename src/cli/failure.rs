//! How a verb fails: an exit code and one clear line (or one a problem).

use thiserror::Error;

use super::exit::Exit;
use crate::answers::Problems;
use crate::ui::session::Refusal;

/// A verb's failure.
#[derive(Debug, Error)]
#[error("{text}")]
pub struct Failure {
    /// The exit code.
    pub exit: Exit,
    /// What, where, what to do; one line a problem.
    pub text: String,
}

impl Failure {
    /// With any exit code.
    pub fn new(exit: Exit, text: impl Into<String>) -> Self {
        Self { exit, text: text.into() }
    }

    /// Refused before anything was touched.
    pub fn refused(text: impl Into<String>) -> Self {
        Self::new(Exit::Refused, text)
    }

    /// Anything that nobody decided on: something could not be read or reached.
    pub fn from_error(error: anyhow::Error) -> Self {
        error.downcast::<Self>().unwrap_or_else(|error| Self::new(Exit::CannotTell, format!("{error:#}")))
    }
}

impl From<Problems> for Failure {
    fn from(problems: Problems) -> Self {
        Self::refused(problems.to_string())
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::new(refusal.exit(), refusal.to_string())
    }
}
