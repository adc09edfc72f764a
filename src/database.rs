//! Connections to databases, whoever keeps one.

use sqlx::Database;
use sqlx::pool::PoolOptions;

/// At most so many connections, kept as long as their pool. So it needs no task that looks for old ones: that of sqlx may
/// count them while one changes hands, arrive at 2^64 and never come back, and a process that has one such task never
/// ends (sqlx issue 3645).
pub fn pool<DB: Database>(connections: u32) -> PoolOptions<DB> {
    PoolOptions::new().max_connections(connections).idle_timeout(None).max_lifetime(None)
}
