//! Why an engine does not run, or does not do what it was asked.

use thiserror::Error;

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
    /// A database that cannot be used.
    pub(super) fn database(error: &sqlx::Error) -> Self {
        Self::Failed(format!("the database data/b2bi.db cannot be used: {error}"))
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self::database(&error)
    }
}
