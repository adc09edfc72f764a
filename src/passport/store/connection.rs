//! The two databases behind one [`Executor`].

use sqlx::pool::PoolConnection;
use sqlx::{Error, PgPool, Postgres, Transaction};

use super::query::{Executor, Query};
use super::row::{Row, of_postgres, of_sqlite};
use super::sqlite::{Direct, Sqlite};
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
    /// To write.
    Writing(Writing),
    /// To read.
    Reading(Reading),
    /// None any longer.
    Closed,
}

#[derive(Debug)]
enum Writing {
    Sqlite(Direct),
    Postgres(PoolConnection<Postgres>),
}

#[derive(Debug)]
enum Reading {
    Sqlite(Transaction<'static, sqlx::Sqlite>),
    Postgres(Transaction<'static, Postgres>),
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
            Self::Sqlite(file) => Writing::Sqlite(file.writing()?),
            Self::Postgres(pool) => Writing::Postgres(pool.acquire().await?),
        };
        Ok(Conn { link: Link::Writing(link), node: node.to_owned(), tail: Tail::default() })
    }

    /// A look at the database as it is at one moment.
    pub(super) async fn read(&self) -> Result<Conn, Error> {
        let link = match self {
            Self::Sqlite(file) => Reading::Sqlite(file.readers.begin().await?),
            Self::Postgres(pool) => {
                Reading::Postgres(pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?)
            }
        };
        Ok(Conn { link: Link::Reading(link), node: FIRST_NODE.to_owned(), tail: Tail::default() })
    }

    /// Waits for every connection to come back and closes them.
    pub(super) async fn close(&self) {
        match self {
            Self::Sqlite(file) => file.close().await,
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
        match self.writing()? {
            Writing::Sqlite(on) => on.begin(),
            Writing::Postgres(_) => {
                self.run("BEGIN").await?;
                self.run(TURN).await
            }
        }
    }

    /// Makes what was written durable. Must run to its end: broken off, the connection is lost.
    pub(super) async fn commit(&mut self) -> Result<(), Error> {
        match std::mem::replace(&mut self.link, Link::Closed) {
            Link::Writing(Writing::Sqlite(on)) => {
                let (on, committed) = on.commit().await;
                self.link = on.map_or(Link::Closed, |on| Link::Writing(Writing::Sqlite(on)));
                committed
            }
            link => {
                self.link = link;
                self.run("COMMIT").await
            }
        }
    }

    /// Runs statements without values, one after the other, in one way to the database.
    pub(super) async fn run(&mut self, sql: &'static str) -> Result<(), Error> {
        match self.writing()? {
            Writing::Sqlite(on) => on.run(sql),
            Writing::Postgres(on) => sqlx::raw_sql(sql).execute(&mut **on).await.map(drop),
        }
    }

    /// Runs a statement that changes something; how many rows it changed.
    pub(super) async fn change(&mut self, query: Query) -> Result<u64, Error> {
        match self.writing()? {
            Writing::Sqlite(on) => on.change(&query),
            Writing::Postgres(on) => {
                prepared!(Postgres, query).execute(&mut **on).await.map(|done| done.rows_affected())
            }
        }
    }

    fn writing(&mut self) -> Result<&mut Writing, Error> {
        match &mut self.link {
            Link::Writing(on) => Ok(on),
            Link::Reading(_) => Err(Error::Protocol("nothing is written where one reads".into())),
            Link::Closed => Err(Error::PoolClosed),
        }
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
}

/// Where single reads of a few rows run, at once.
#[derive(Debug, Clone, Copy)]
pub struct Small<'a>(pub(super) &'a Pool);

impl Executor for Small<'_> {
    async fn rows(self, query: Query) -> Result<Vec<Row>, Error> {
        match self.0 {
            Pool::Sqlite(file) => file.few(&query),
            pool @ Pool::Postgres(_) => pool.rows(query).await,
        }
    }
}

impl Executor for &mut Conn {
    async fn rows(self, query: Query) -> Result<Vec<Row>, Error> {
        let on = match &mut self.link {
            Link::Writing(Writing::Sqlite(on)) => return on.rows(&query),
            Link::Reading(Reading::Sqlite(on)) => {
                return prepared!(sqlx::Sqlite, query).fetch_all(&mut **on).await?.iter().map(of_sqlite).collect();
            }
            Link::Writing(Writing::Postgres(on)) => &mut **on,
            Link::Reading(Reading::Postgres(on)) => &mut **on,
            Link::Closed => return Err(Error::PoolClosed),
        };
        prepared!(Postgres, query).fetch_all(on).await?.iter().map(of_postgres).collect()
    }
}
