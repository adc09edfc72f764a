//! Rows of either database, taken over as values of ours.

use std::sync::Arc;

use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Column as _, ColumnIndex, Decode, Error, Type, TypeInfo, ValueRef};

use super::value::{Column, Value};

/// One row.
#[derive(Debug)]
pub struct Row {
    columns: Arc<[String]>,
    values: Vec<Value>,
}

impl Row {
    /// A row of these columns, which all rows of an answer share.
    pub(super) fn new(columns: Arc<[String]>, values: Vec<Value>) -> Self {
        Self { columns, values }
    }

    /// The value of this column.
    ///
    /// # Errors
    /// There is no such column, or it holds something else.
    pub fn try_get<T: Column>(&self, name: &str) -> Result<T, Error> {
        let at = self.columns.iter().position(|column| column == name);
        self.at(at.ok_or_else(|| Error::ColumnNotFound(name.to_owned()))?)
    }

    fn at<T: Column>(&self, at: usize) -> Result<T, Error> {
        let value = self.values.get(at).ok_or_else(|| Error::ColumnNotFound(at.to_string()))?;
        T::read(value.clone()).ok_or_else(|| Error::ColumnDecode {
            index: self.columns.get(at).cloned().unwrap_or_default(),
            source: "the column holds a value of another kind".into(),
        })
    }
}

/// What a whole row can be read as: a tuple of its columns, in their order.
pub trait FromRow: Sized {
    /// Reads it.
    ///
    /// # Errors
    /// A column is missing or holds something else.
    fn from_row(row: &Row) -> Result<Self, Error>;
}

macro_rules! tuples {
    ($($($name:ident $at:literal),+;)*) => {$(
        impl<$($name: Column),+> FromRow for ($($name,)+) {
            fn from_row(row: &Row) -> Result<Self, Error> {
                Ok(($(row.at::<$name>($at)?,)+))
            }
        }
    )*};
}

tuples! {
    A 0;
    A 0, B 1;
    A 0, B 1, C 2;
    A 0, B 1, C 2, D 3;
    A 0, B 1, C 2, D 3, E 4;
    A 0, B 1, C 2, D 3, E 4, F 5;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7;
}

/// A row of SQLite. What a column holds is told by each value, not by the column.
pub(super) fn of_sqlite(row: &SqliteRow) -> Result<Row, Error> {
    taken_over(row, |at, kind| match kind {
        "INTEGER" | "BOOLEAN" => get(row, at).map(Value::Number),
        "BLOB" => get(row, at).map(Value::Bytes),
        _ => get(row, at).map(Value::Text),
    })
}

/// A row of PostgreSQL.
pub(super) fn of_postgres(row: &PgRow) -> Result<Row, Error> {
    taken_over(row, |at, kind| match kind {
        "INT8" => get(row, at).map(Value::Number),
        "INT4" => get::<Option<i32>, _>(row, at).map(|number| Value::Number(number.map(i64::from))),
        "BOOL" => get::<Option<bool>, _>(row, at).map(|truth| Value::Number(truth.map(i64::from))),
        "BYTEA" => get(row, at).map(Value::Bytes),
        _ => get(row, at).map(Value::Text),
    })
}

fn taken_over<R>(row: &R, value: impl Fn(usize, &str) -> Result<Value, Error>) -> Result<Row, Error>
where
    R: sqlx::Row,
    usize: ColumnIndex<R>,
{
    let columns: Arc<[String]> = row.columns().iter().map(|column| column.name().to_owned()).collect();
    let one = |at| value(at, row.try_get_raw(at)?.type_info().name());
    let values = (0..columns.len()).map(one).collect::<Result<_, _>>()?;
    Ok(Row { columns, values })
}

fn get<'r, T, R>(row: &'r R, at: usize) -> Result<T, Error>
where
    R: sqlx::Row,
    usize: ColumnIndex<R>,
    T: Decode<'r, R::Database> + Type<R::Database>,
{
    row.try_get_unchecked(at)
}
