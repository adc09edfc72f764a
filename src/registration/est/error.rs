//! Why a request to an EST server did not succeed.

use thiserror::Error;

use super::cms::Damaged;
use crate::registration::prove::MAX_CLOCK_DIFFERENCE;

/// What went wrong. Each text is one line for people.
#[derive(Debug, Error)]
pub enum EstError {
    /// User name and secret do not fit, or the certificate that was shown is not believed.
    #[error("the EST server at {0} does not accept {1}")]
    NotAccepted(String, String),
    /// Nobody answers there.
    #[error("the EST server at {0} cannot be reached: {1}")]
    Unreachable(String, String),
    /// The server's certificate is not one of the pinned CA for this host.
    #[error("the server at {0} has no certificate of the CA that is pinned, for this host: {1}")]
    Untrusted(String, String),
    /// The clocks differ too much; positive when the server is ahead.
    #[error(
        "the EST server's clock differs by {0} s: synchronise the clocks (up to {MAX_CLOCK_DIFFERENCE} s is accepted)"
    )]
    Clock(i64),
    /// An answer that cannot be read.
    #[error("the answer of the EST server at {0} {1}")]
    Damaged(String, Damaged),
    /// Any other answer than the ones that RFC 7030 gives.
    #[error("the EST server at {0} answered {1}")]
    Answer(String, String),
    /// What is set here cannot be used.
    #[error("{0}")]
    Setting(String),
}
