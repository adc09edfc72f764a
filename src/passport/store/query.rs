//! One way to ask either database: statements in the SQL that both understand, with `$1`, `$2` … for values.

use std::borrow::BorrowMut;
use std::marker::PhantomData;

use sqlx::Error;

use super::connection::Conn;
use super::row::{FromRow, Row};
use super::value::{Bind, Column, Value};

/// A statement with its values.
#[derive(Debug)]
pub struct Query {
    pub(super) sql: &'static str,
    pub(super) values: Vec<Value>,
}

/// A statement whose rows are read as tuples.
#[derive(Debug)]
pub struct QueryAs<T>(Query, PhantomData<T>);

/// A statement whose first column matters.
#[derive(Debug)]
pub struct QueryScalar<T>(Query, PhantomData<T>);

/// Where statements read: inside of a transaction, or each by itself.
pub trait Executor: Send {
    /// Runs a statement that answers rows.
    fn rows(self, query: Query) -> impl Future<Output = Result<Vec<Row>, Error>> + Send;
}

/// A statement.
pub fn query(sql: &'static str) -> Query {
    Query { sql, values: Vec::new() }
}

/// A statement whose rows are read as tuples.
pub fn query_as<T: FromRow>(sql: &'static str) -> QueryAs<T> {
    QueryAs(query(sql), PhantomData)
}

/// A statement whose first column matters.
pub fn query_scalar<T: Column>(sql: &'static str) -> QueryScalar<T> {
    QueryScalar(query(sql), PhantomData)
}

impl Query {
    /// A statement with the values of these, one after the other.
    pub fn with_values_of(sql: &'static str, all: impl Iterator<Item = Self>) -> Self {
        Self { sql, values: all.flat_map(|one| one.values).collect() }
    }

    /// The value of the next placeholder.
    #[must_use]
    pub fn bind(mut self, value: impl Bind) -> Self {
        self.values.push(value.value());
        self
    }

    /// Runs it; how many rows it changed.
    pub async fn execute(self, mut to: impl BorrowMut<Conn> + Send) -> Result<u64, Error> {
        Box::pin(to.borrow_mut().change(self)).await
    }

    /// All rows.
    pub async fn fetch_all(self, from: impl Executor) -> Result<Vec<Row>, Error> {
        Box::pin(from.rows(self)).await
    }

    /// The first row, if there is one.
    pub async fn fetch_optional(self, from: impl Executor) -> Result<Option<Row>, Error> {
        Ok(Box::pin(from.rows(self)).await?.into_iter().next())
    }

    /// The first row; none is an error.
    pub async fn fetch_one(self, from: impl Executor) -> Result<Row, Error> {
        self.fetch_optional(from).await?.ok_or(Error::RowNotFound)
    }
}

macro_rules! typed {
    ($name:ident, $bound:ident, $read:expr) => {
        impl<T: $bound> $name<T> {
            /// The value of the next placeholder.
            #[must_use]
            pub fn bind(self, value: impl Bind) -> Self {
                Self(self.0.bind(value), PhantomData)
            }

            /// All of them.
            pub async fn fetch_all(self, from: impl Executor) -> Result<Vec<T>, Error> {
                self.0.fetch_all(from).await?.iter().map($read).collect()
            }

            /// The first, if there is one.
            pub async fn fetch_optional(self, from: impl Executor) -> Result<Option<T>, Error> {
                self.0.fetch_optional(from).await?.as_ref().map($read).transpose()
            }
        }
    };
}

typed!(QueryAs, FromRow, T::from_row);
typed!(QueryScalar, Column, |row: &Row| <(T,)>::from_row(row).map(|(value,)| value));

impl<T: Column> QueryScalar<T> {
    /// The first; none is an error.
    pub async fn fetch_one(self, from: impl Executor) -> Result<T, Error> {
        self.fetch_optional(from).await?.ok_or(Error::RowNotFound)
    }
}
