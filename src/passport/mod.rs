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
mod decisions;
mod descriptors;
mod enrolment;
mod given_up;
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

pub use crate::registration::csd;
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

/// PostgreSQL's classes of errors that pass: lost connections, too little of something, conflicts, a server that ends
/// or starts (its manual, appendix A).
const PASSING_CLASSES: [&str; 4] = ["08", "53", "40", "57"];
/// The low byte of SQLite's codes for a database that is busy or locked.
const PASSING_CODES: [u32; 2] = [5, 6];

impl Fault {
    /// Whether the same may succeed later without anybody's doing: the database is away for a moment, or busy.
    pub(crate) fn is_temporary(&self) -> bool {
        use sqlx::Error;
        match self {
            Self::Database(Error::Io(_) | Error::PoolTimedOut) => true,
            Self::Database(Error::Database(error)) => error.code().is_some_and(|code| {
                let is_busy = code.parse().is_ok_and(|code: u32| PASSING_CODES.contains(&(code & 0xff)));
                if code.len() == 5 { PASSING_CLASSES.iter().any(|class| code.starts_with(class)) } else { is_busy }
            }),
            _ => false,
        }
    }

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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};

    use super::Fault;

    #[tokio::test]
    async fn a_busy_database_passes_and_a_broken_one_does_not() {
        let dir = tempfile::tempdir().expect("a folder");
        let options = || SqliteConnectOptions::new().filename(dir.path().join("x.db")).busy_timeout(Duration::ZERO);
        let one = SqlitePool::connect_with(options().create_if_missing(true)).await.expect("made");
        let other = SqlitePool::connect_with(options()).await.expect("opened");
        let broken = sqlx::query("SELECT * FROM nowhere").execute(&one).await.expect_err("no such table");
        let _writing = one.begin_with("BEGIN IMMEDIATE").await.expect("begun");
        let busy = sqlx::query("CREATE TABLE t (a)").execute(&other).await.expect_err("another one writes");
        assert!(Fault::from(busy).is_temporary());
        assert!(!Fault::from(broken).is_temporary());
        assert!(Fault::from(sqlx::Error::PoolTimedOut).is_temporary());
        assert!(!Fault::refused("no").is_temporary());
    }
}
