//! Why a server of ours does not run, or does not do what it was asked.

use thiserror::Error;

use super::control::{NOT_ACCEPTED, Refusal};
use crate::exit::Exit;
use crate::registration::expected::Unexpected;

/// What went wrong, sorted by what its caller does about it. Each text is one line for people.
#[derive(Debug, Error)]
pub enum Failure {
    /// It runs already.
    #[error("{0}")]
    AlreadyRunning(String),
    /// Refused before anything was done: settings that make no sense, a port in use.
    #[error("{0}")]
    Refused(String),
    /// Something could not be read or reached in time.
    #[error("{0}")]
    CannotTell(String),
    /// The authority holds the registration.
    #[error("{0}")]
    Pending(String),
    /// The secret is not accepted, or the registration was refused or failed.
    #[error("{0}")]
    NotAccepted(String),
    /// Anything else that stops it.
    #[error("{0}")]
    Failed(String),
}

impl Failure {
    /// The code that a verb ends with.
    pub fn exit(&self) -> Exit {
        match self {
            Self::AlreadyRunning(_) => Exit::Done,
            Self::Refused(_) => Exit::Refused,
            Self::CannotTell(_) => Exit::CannotTell,
            Self::Pending(_) => Exit::Pending,
            Self::NotAccepted(_) => Exit::NotAccepted,
            Self::Failed(_) => Exit::PutBack,
        }
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        // Anything else says nothing about the secret: that PassPort could not be reached, for one.
        let code = matches!(failure, Failure::NotAccepted(_)).then(|| NOT_ACCEPTED.to_owned());
        Self { text: failure.to_string(), code }
    }
}

impl From<Unexpected> for Failure {
    fn from(error: Unexpected) -> Self {
        let text = format!("self-registration is not begun: {error}");
        match error {
            Unexpected::File(..) => Self::Refused(text),
            Unexpected::Unreachable(..) => Self::CannotTell(text),
            Unexpected::Other(..) => Self::NotAccepted(text),
        }
    }
}
