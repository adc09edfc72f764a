//! A database that cannot be used, as an engine's failure.

pub use crate::daemon::failure::Failure;

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed(format!("the database data/b2bi.db cannot be used: {error}"))
    }
}
