//! SQLite: the file, its migrations and readers by sqlx, and connections that answer where they are asked.
//!
//! sqlx gives each connection a thread of its own, so that every statement is two switches between threads: dearer than
//! most statements, and an enrolment has several, one after the other.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, Statement};
use sqlx::SqlitePool;
use sqlx::error::{DatabaseError, ErrorKind};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::task::{block_in_place, spawn_blocking};

use super::query::Query;
use super::row::Row;
use super::value::Value;
use super::{BUSY, READERS};

/// What every connection is told, whichever driver's. Nothing that was deleted, such as the record of a retired secret,
/// stays readable in free pages.
const PRAGMAS: [(&str, &str); 3] = [("synchronous", "FULL"), ("foreign_keys", "ON"), ("secure_delete", "ON")];

/// Statements that a connection keeps prepared: all that there are.
const STATEMENTS: usize = 200;

/// A database in a file: connections that read it.
#[derive(Debug, Clone)]
pub struct Sqlite {
    /// For whatever may take its time.
    pub(super) readers: SqlitePool,
    /// For questions that a few rows answer.
    small: Arc<Mutex<Option<Direct>>>,
    path: PathBuf,
}

/// A connection that answers where it is asked.
#[derive(Debug)]
pub(super) struct Direct(Connection);

impl Sqlite {
    /// Opens an existing database and brings its tables up to date.
    pub(super) async fn open(path: &Path) -> Result<Self, sqlx::Error> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(false)
            .journal_mode(SqliteJournalMode::Wal)
            .busy_timeout(BUSY);
        let options = PRAGMAS.iter().fold(options, |options, (name, value)| options.pragma(*name, *value));
        let first = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await?;
        super::migrator(Cow::Borrowed).run(&first).await?;
        let options = options.pragma("query_only", "ON");
        let readers = SqlitePoolOptions::new().max_connections(READERS).connect_with(options).await?;
        first.close().await;
        let small = Direct::open(path)?;
        small.0.pragma_update(None, "query_only", "ON").map_err(ours)?;
        Ok(Self { readers, small: Arc::new(Mutex::new(Some(small))), path: path.to_path_buf() })
    }

    /// One more connection, to write.
    pub(super) fn writing(&self) -> Result<Direct, sqlx::Error> {
        Direct::open(&self.path)
    }

    /// Rows that are few and found at once.
    pub(super) fn few(&self, query: &Query) -> Result<Vec<Row>, sqlx::Error> {
        let mut small = self.small.lock().unwrap_or_else(PoisonError::into_inner);
        small.as_mut().ok_or(sqlx::Error::PoolClosed)?.rows(query)
    }

    /// Closes all connections that read.
    pub(super) async fn close(&self) {
        self.readers.close().await;
        self.small.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

impl Direct {
    fn open(path: &Path) -> Result<Self, sqlx::Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(ours)?;
        connection.busy_timeout(BUSY).map_err(ours)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        for (name, value) in PRAGMAS {
            connection.pragma_update(None, name, value).map_err(ours)?;
        }
        Ok(Self(connection))
    }

    /// Runs a statement that answers rows.
    pub(super) fn rows(&mut self, query: &Query) -> Result<Vec<Row>, sqlx::Error> {
        let mut statement = self.prepared(query).map_err(ours)?;
        let names: Vec<String> = statement.column_names().into_iter().map(str::to_owned).collect();
        let mut found = statement.raw_query();
        let mut rows = Vec::new();
        while let Some(row) = found.next().map_err(ours)? {
            let value = |(at, name): (usize, &String)| {
                let value = row.get_ref(at).map_err(ours)?;
                Ok((name.clone(), taken_over(value)))
            };
            rows.push(Row::new(names.iter().enumerate().map(value).collect::<Result<_, sqlx::Error>>()?));
        }
        Ok(rows)
    }

    /// Runs a statement that changes something; how many rows it changed.
    pub(super) fn change(&mut self, query: &Query) -> Result<u64, sqlx::Error> {
        let changed = self.prepared(query).and_then(|mut statement| statement.raw_execute()).map_err(ours)?;
        Ok(changed as u64)
    }

    /// Runs statements without values, one after the other.
    pub(super) fn run(&mut self, sql: &str) -> Result<(), sqlx::Error> {
        self.0.execute_batch(sql).map_err(ours)
    }

    /// Begins to write. As long as another process does, it waits, and others run meanwhile.
    pub(super) fn begin(&mut self) -> Result<(), sqlx::Error> {
        const BEGIN: &str = "BEGIN IMMEDIATE";
        self.0.busy_timeout(Duration::ZERO).map_err(ours)?;
        let begun = self.0.execute_batch(BEGIN);
        self.0.busy_timeout(BUSY).map_err(ours)?;
        match begun {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {
                let wait = || self.0.execute_batch(BEGIN).map_err(ours);
                match Handle::try_current() {
                    Ok(runtime) if runtime.runtime_flavor() == RuntimeFlavor::MultiThread => block_in_place(wait),
                    _ => wait(),
                }
            }
            begun => begun.map_err(ours),
        }
    }

    /// Makes what was written durable; the disk is waited for elsewhere.
    pub(super) async fn commit(self) -> (Option<Self>, Result<(), sqlx::Error>) {
        let committed = spawn_blocking(move || {
            let committed = self.0.execute_batch("COMMIT").map_err(ours);
            (Some(self), committed)
        });
        committed.await.unwrap_or_else(|error| (None, Err(sqlx::Error::Io(std::io::Error::other(error)))))
    }

    /// With its values, which are named `$1`, `$2` … and may come in any order.
    fn prepared(&self, query: &Query) -> rusqlite::Result<rusqlite::CachedStatement<'_>> {
        let mut statement = self.0.prepare_cached(query.sql)?;
        bind(&mut statement, &query.values)?;
        Ok(statement)
    }
}

fn bind(statement: &mut Statement<'_>, values: &[Value]) -> rusqlite::Result<()> {
    for (number, value) in (1..).zip(values) {
        if let Some(at) = statement.parameter_index(&format!("${number}"))? {
            statement.raw_bind_parameter(at, value)?;
        }
    }
    Ok(())
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let value = match self {
            Self::Number(number) => number.map(ValueRef::Integer),
            Self::Text(text) => text.as_ref().map(|text| ValueRef::Text(text.as_bytes())),
            Self::Bytes(bytes) => bytes.as_ref().map(|bytes| ValueRef::Blob(bytes)),
        };
        Ok(ToSqlOutput::Borrowed(value.unwrap_or(ValueRef::Null)))
    }
}

/// What a column holds is told by each value, not by the column.
fn taken_over(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Text(None),
        ValueRef::Integer(number) => Value::Number(Some(number)),
        ValueRef::Real(number) => Value::Text(Some(number.to_string())),
        ValueRef::Text(text) => Value::Text(Some(String::from_utf8_lossy(text).into_owned())),
        ValueRef::Blob(bytes) => Value::Bytes(Some(bytes.to_vec())),
    }
}

/// An error of the connection that writes, to be told like those of all others.
#[derive(Debug)]
struct Failure {
    error: rusqlite::Error,
    message: String,
}

fn ours(error: rusqlite::Error) -> sqlx::Error {
    let message = error.to_string();
    sqlx::Error::Database(Box::new(Failure { error, message }))
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for Failure {}

impl DatabaseError for Failure {
    fn message(&self) -> &str {
        &self.message
    }

    fn code(&self) -> Option<Cow<'_, str>> {
        Some(self.error.sqlite_error()?.extended_code.to_string().into())
    }

    fn as_error(&self) -> &(dyn StdError + Send + Sync + 'static) {
        self
    }

    fn as_error_mut(&mut self) -> &mut (dyn StdError + Send + Sync + 'static) {
        self
    }

    fn into_error(self: Box<Self>) -> Box<dyn StdError + Send + Sync + 'static> {
        self
    }

    fn kind(&self) -> ErrorKind {
        ErrorKind::Other
    }
}
