//! PassPort as the binary carries it: the authority that checks the shared secret and signs requests.
//!
//! The rest of the program reaches it as it reaches any product: over its two ports, its admin socket and its files.

pub mod admin;
pub mod audit;
mod authority;
mod basic;
mod ca;
pub mod certificates;
pub mod components;
pub mod config;
pub mod csd;
mod decisions;
mod descriptors;
mod enrolment;
pub mod home;
pub mod http;
pub mod init;
mod instances;
mod limits;
pub mod local;
mod log;
mod news;
mod nodes;
mod outcome;
pub mod policy;
mod properties;
mod reload;
pub mod requests;
mod secrets;
pub mod serve;
mod store;
pub mod users;

pub use home::Home;
pub use store::Node;

use thiserror::Error;

/// Why the authority could not do what it was asked.
#[derive(Debug, Error)]
pub enum Fault {
    /// What was asked cannot be done; the text says why, in one line for people.
    #[error("{0}")]
    Refused(String),
    /// The database failed.
    #[error("the database failed: {0}")]
    Database(#[from] sqlx::Error),
    /// The tables could not be made.
    #[error("the database's tables could not be made: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A key or certificate could not be made.
    #[error("a certificate could not be made: {0}")]
    Certificate(#[from] rcgen::Error),
    /// The ports' TLS could not be set up.
    #[error("TLS could not be set up: {0}")]
    Tls(String),
    /// A file could not be read or written.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// What the database holds is not what this program wrote.
    #[error("the database holds something unreadable: {0}")]
    Damaged(&'static str),
}

impl Fault {
    /// A [`Fault::Refused`] with this text.
    pub(crate) fn refused(text: impl Into<String>) -> Self {
        Self::Refused(text.into())
    }
}

/// Seconds since 1970, as every time in the database is kept.
pub(crate) fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}

/// A database time, in seconds since 1970; text in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Time(pub i64);

impl std::fmt::Display for Time {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&time_text(self.0))
    }
}

impl serde::Serialize for Time {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A database time as text for people and JSON (RFC 3339, UTC).
pub(crate) fn time_text(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds).map_or_else(|_| seconds.to_string(), |time| time.to_string())
}
