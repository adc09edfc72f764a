//! The two databases behind one [`Executor`].

use sqlx::pool::PoolConnection;
use sqlx::{Error, PgConnection, PgPool, Postgres, SqliteConnection, Transaction};

use super::query::{Executor, Query};
use super::row::{Row, of_postgres, of_sqlite};
use super::sqlite::{Sqlite, Writing};
use super::value::Value;
use crate::passport::audit::Tail;
use crate::passport::config::FIRST_NODE;

/// Connections to one database.
#[derive(Debug, Clone)]
pub enum Pool {
    /// SQLite.
    Sqlite(Sqlite),
    /// PostgreSQL.
    Postgres(PgPool),
}

/// One connection: of the writer, or within a transaction that reads.
#[derive(Debug)]
pub struct Conn {
    link: Link,
    /// Who writes here.
    node: String,
    /// Where the chain of that node's audit rows ends in the open transaction. The table is told at its commit.
    pub(in crate::passport) tail: Tail,
}

#[derive(Debug)]
enum Link {
    /// SQLite, to write.
    Sqlite(Writing),
    /// PostgreSQL, to write.
    Postgres(PoolConnection<Postgres>),
    /// SQLite, to read.
    SqliteRead(Transaction<'static, sqlx::Sqlite>),
    /// PostgreSQL, to read.
    PostgresRead(Transaction<'static, Postgres>),
    /// None any longer.
    Closed,
}

/// What statements of either database run on.
enum Raw<'a> {
    Writing(&'a mut Writing),
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
        let link = match self {
            Self::Sqlite(file) => Link::Sqlite(file.writing()?),
            Self::Postgres(pool) => Link::Postgres(pool.acquire().await?),
        };
        Ok(Conn { link, node: node.to_owned(), tail: Tail::default() })
    }

    /// A look at the database as it is at one moment.
    pub(super) async fn read(&self) -> Result<Conn, Error> {
        let link = match self {
            Self::Sqlite(file) => Link::SqliteRead(file.readers.begin().await?),
            Self::Postgres(pool) => {
                Link::PostgresRead(pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?)
            }
        };
        Ok(Conn { link, node: FIRST_NODE.to_owned(), tail: Tail::default() })
    }

    /// Waits for every connection to come back and closes them.
    pub(super) async fn close(&self) {
        match self {
            Self::Sqlite(file) => file.readers.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

impl Conn {
    /// Which of the nodes writes here.
    pub fn node(&self) -> &str {
        &self.node
    }

    /// Gives the connection back to its pool; there is none any longer.
    pub(super) fn close(&mut self) {
        self.link = Link::Closed;
    }

    /// Begins to write, when no other process does any longer.
    pub(super) async fn begin(&mut self) -> Result<(), Error> {
        /// Names the lock by which the writers of several nodes take turns.
        const TURN: &str = "SELECT pg_advisory_xact_lock(5063475127263)";
        match self.raw()? {
            Raw::Writing(_) | Raw::Sqlite(_) => self.run("BEGIN IMMEDIATE").await,
            Raw::Postgres(_) => {
                self.run("BEGIN").await?;
                self.run(TURN).await
            }
        }
    }

    /// Runs statements without values, one after the other, in one way to the database.
    pub(super) async fn run(&mut self, sql: &'static str) -> Result<(), Error> {
        match self.raw()? {
            Raw::Writing(on) => on.run(sql),
            Raw::Sqlite(on) => sqlx::raw_sql(sql).execute(on).await.map(drop),
            Raw::Postgres(on) => sqlx::raw_sql(sql).execute(on).await.map(drop),
        }
    }

    fn raw(&mut self) -> Result<Raw<'_>, Error> {
        Ok(match &mut self.link {
            Link::Sqlite(connection) => Raw::Writing(connection),
            Link::SqliteRead(transaction) => Raw::Sqlite(transaction),
            Link::Postgres(connection) => Raw::Postgres(connection),
            Link::PostgresRead(transaction) => Raw::Postgres(transaction),
            Link::Closed => return Err(Error::PoolClosed),
        })
    }
}

impl Executor for &Pool {
    async fn rows(self, query: Query) -> Result<Vec<Row>, Error> {
        match self {
            Pool::Sqlite(file) => {
                prepared!(sqlx::Sqlite, query).fetch_all(&file.readers).await?.iter().map(of_sqlite).collect()
            }
            Pool::Postgres(pool) => prepared!(Postgres, query).fetch_all(pool).await?.iter().map(of_postgres).collect(),
        }
    }

    async fn change(self, query: Query) -> Result<u64, Error> {
        match self {
            Pool::Sqlite(file) => {
                prepared!(sqlx::Sqlite, query).execute(&file.readers).await.map(|done| done.rows_affected())
            }
            Pool::Postgres(pool) => prepared!(Postgres, query).execute(pool).await.map(|done| done.rows_affected()),
        }
    }
}

impl Executor for &mut Conn {
    async fn rows(self, query: Query) -> Result<Vec<Row>, Error> {
        match self.raw()? {
            Raw::Writing(on) => on.rows(&query),
            Raw::Sqlite(on) => prepared!(sqlx::Sqlite, query).fetch_all(on).await?.iter().map(of_sqlite).collect(),
            Raw::Postgres(on) => prepared!(Postgres, query).fetch_all(on).await?.iter().map(of_postgres).collect(),
        }
    }

    async fn change(self, query: Query) -> Result<u64, Error> {
        match self.raw()? {
            Raw::Writing(on) => on.change(&query),
            Raw::Sqlite(on) => prepared!(sqlx::Sqlite, query).execute(on).await.map(|done| done.rows_affected()),
            Raw::Postgres(on) => prepared!(Postgres, query).execute(on).await.map(|done| done.rows_affected()),
        }
    }
}
