//! The two databases behind one [`Executor`].

use sqlx::pool::PoolConnection;
use sqlx::{Error, PgConnection, PgPool, Postgres, Sqlite, SqliteConnection, SqlitePool, Transaction};

use super::query::{Executor, Query, query};
use super::row::{Row, of_postgres, of_sqlite};
use super::value::Value;
use crate::passport::config::FIRST_NODE;

/// Connections to one database.
#[derive(Debug, Clone)]
pub enum Pool {
    /// SQLite.
    Sqlite(SqlitePool),
    /// PostgreSQL.
    Postgres(PgPool),
}

/// One connection: of the writer, or within a transaction that reads.
#[derive(Debug)]
pub enum Conn {
    /// SQLite, to write.
    Sqlite(PoolConnection<Sqlite>),
    /// PostgreSQL, to write, with the name of the node that writes.
    Postgres(PoolConnection<Postgres>, String),
    /// SQLite, to read.
    SqliteRead(Transaction<'static, Sqlite>),
    /// PostgreSQL, to read.
    PostgresRead(Transaction<'static, Postgres>),
    /// None any longer.
    Closed,
}

/// What statements of either database run on.
enum Raw<'a> {
    Sqlite(&'a mut SqliteConnection),
    Postgres(&'a mut PgConnection),
}

/// A statement as sqlx takes it.
macro_rules! prepared {
    ($database:ty, $query:expr) => {
        $query.values.into_iter().fold(sqlx::query::<$database>($query.sql), |query, value| match value {
            Value::Number(number) => query.bind(number),
            Value::Text(text) => query.bind(text),
            Value::Bytes(bytes) => query.bind(bytes),
        })
    };
}

impl Pool {
    /// A connection to write on, as this node.
    pub(super) async fn writer(&self, node: &str) -> Result<Conn, Error> {
        match self {
            Self::Sqlite(pool) => pool.acquire().await.map(Conn::Sqlite),
            Self::Postgres(pool) => pool.acquire().await.map(|connection| Conn::Postgres(connection, node.to_owned())),
        }
    }

    /// A look at the database as it is at one moment.
    pub(super) async fn read(&self) -> Result<Conn, Error> {
        match self {
            Self::Sqlite(pool) => pool.begin().await.map(Conn::SqliteRead),
            Self::Postgres(pool) => {
                let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
                pool.begin_with(begin).await.map(Conn::PostgresRead)
            }
        }
    }

    /// Waits for every connection to come back and closes them.
    pub(super) async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

impl Conn {
    /// Which of the nodes writes here.
    pub fn node(&self) -> &str {
        if let Self::Postgres(_, node) = self { node } else { FIRST_NODE }
    }

    /// Begins to write, when no other process does any longer.
    pub(super) async fn begin(&mut self) -> Result<(), Error> {
        /// Names the lock by which the writers of several nodes take turns.
        const TURN: &str = "SELECT pg_advisory_xact_lock(5063475127263)";
        match self.raw()? {
            Raw::Sqlite(_) => self.run("BEGIN IMMEDIATE").await,
            Raw::Postgres(_) => {
                self.run("BEGIN").await?;
                self.run(TURN).await
            }
        }
    }

    /// Runs a statement without values.
    pub(super) async fn run(&mut self, sql: &'static str) -> Result<(), Error> {
        query(sql).execute(self).await.map(drop)
    }

    fn raw(&mut self) -> Result<Raw<'_>, Error> {
        Ok(match self {
            Self::Sqlite(connection) => Raw::Sqlite(connection),
            Self::SqliteRead(transaction) => Raw::Sqlite(transaction),
            Self::Postgres(connection, _) => Raw::Postgres(connection),
            Self::PostgresRead(transaction) => Raw::Postgres(transaction),
            Self::Closed => return Err(Error::PoolClosed),
        })
    }
}

impl Executor for &Pool {
    async fn rows(self, query: Query) -> Result<Vec<Row>, Error> {
        match self {
            Pool::Sqlite(pool) => prepared!(Sqlite, query).fetch_all(pool).await?.iter().map(of_sqlite).collect(),
            Pool::Postgres(pool) => prepared!(Postgres, query).fetch_all(pool).await?.iter().map(of_postgres).collect(),
        }
    }

    async fn change(self, query: Query) -> Result<u64, Error> {
        match self {
            Pool::Sqlite(pool) => prepared!(Sqlite, query).execute(pool).await.map(|done| done.rows_affected()),
            Pool::Postgres(pool) => prepared!(Postgres, query).execute(pool).await.map(|done| done.rows_affected()),
        }
    }
}

impl Executor for &mut Conn {
    async fn rows(self, query: Query) -> Result<Vec<Row>, Error> {
        match self.raw()? {
            Raw::Sqlite(on) => prepared!(Sqlite, query).fetch_all(on).await?.iter().map(of_sqlite).collect(),
            Raw::Postgres(on) => prepared!(Postgres, query).fetch_all(on).await?.iter().map(of_postgres).collect(),
        }
    }

    async fn change(self, query: Query) -> Result<u64, Error> {
        match self.raw()? {
            Raw::Sqlite(on) => prepared!(Sqlite, query).execute(on).await.map(|done| done.rows_affected()),
            Raw::Postgres(on) => prepared!(Postgres, query).execute(on).await.map(|done| done.rows_affected()),
        }
    }
}
