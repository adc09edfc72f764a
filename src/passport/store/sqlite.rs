//! SQLite: the file, its migrations and readers by sqlx, and connections that answer where they are asked.
//!
//! sqlx gives each connection a thread of its own, so that every statement is two switches between threads: dearer than
//! most statements, and an enrolment has several, one after the other.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::error::Error as StdError;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, ErrorCode, OpenFlags, Statement};
use sqlx::SqlitePool;
use sqlx::error::{DatabaseError, ErrorKind};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::task::{block_in_place, spawn_blocking};

use super::query::Query;
use super::row::Row;
use super::value::Value;
use super::{BUSY, READERS};
use crate::database;

/// What every connection is told, whichever driver's. Nothing that was deleted, such as the record of a retired secret,
/// stays readable in free pages, and no page gets into a temporary file: a group of writes would need one to take a
/// single one of them back. The log is carried over into the file at 16 MiB: a page that was written many times meanwhile
/// is carried over once.
const PRAGMAS: [(&str, &str); 5] = [
    ("synchronous", "FULL"),
    ("foreign_keys", "ON"),
    ("secure_delete", "ON"),
    ("temp_store", "MEMORY"),
    ("wal_autocheckpoint", "4096"),
];

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
pub(super) struct Direct {
    connection: Connection,
    known: HashMap<&'static str, Known>,
}

/// What stays the same of a statement, however often it runs.
#[derive(Debug)]
struct Known {
    /// The columns of its rows.
    columns: Arc<[String]>,
    /// Where its values go: `$1`, `$2` … may stand in any order, and to look one up means to look through them all.
    places: Vec<Option<usize>>,
}

impl Sqlite {
    /// Opens an existing database and brings its tables up to date.
    pub(super) async fn open(path: &Path) -> Result<Self, sqlx::Error> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(false)
            .journal_mode(SqliteJournalMode::Wal)
            .busy_timeout(BUSY);
        let options = PRAGMAS.iter().fold(options, |options, (name, value)| options.pragma(*name, *value));
        let first = database::pool::<sqlx::Sqlite>(1).connect_with(options.clone()).await?;
        super::migrator(Cow::Borrowed).run(&first).await?;
        let options = options.pragma("query_only", "ON");
        let readers = database::pool(READERS).connect_with(options).await?;
        first.close().await;
        let small = Direct::open(path)?;
        small.connection.pragma_update(None, "query_only", "ON").map_err(ours)?;
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
        // Otherwise a statement is planned anew for every value that its plan might depend on.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(ours)?;
        for (name, value) in PRAGMAS {
            connection.pragma_update(None, name, value).map_err(ours)?;
        }
        Ok(Self { connection, known: HashMap::new() })
    }

    /// Runs a statement that answers rows.
    pub(super) fn rows(&mut self, query: &Query) -> Result<Vec<Row>, sqlx::Error> {
        let (mut statement, known) = self.prepared(query).map_err(ours)?;
        let mut found = statement.raw_query();
        let mut rows = Vec::new();
        while let Some(row) = found.next().map_err(ours)? {
            let values = (0..known.columns.len()).map(|at| row.get_ref(at).map(taken_over).map_err(ours));
            rows.push(Row::new(known.columns.clone(), values.collect::<Result<_, sqlx::Error>>()?));
        }
        Ok(rows)
    }

    /// Runs a statement that changes something; how many rows it changed.
    pub(super) fn change(&mut self, query: &Query) -> Result<u64, sqlx::Error> {
        let changed = self.prepared(query).and_then(|(mut statement, _)| statement.raw_execute()).map_err(ours)?;
        Ok(changed as u64)
    }

    /// Runs statements without values, one after the other.
    pub(super) fn run(&mut self, sql: &'static str) -> Result<(), sqlx::Error> {
        let mut statements = sql.split(';').map(str::trim);
        statements.try_for_each(|sql| step(&self.connection, sql)).map_err(ours)
    }

    /// Begins to write. As long as another process does, it waits, and others run meanwhile.
    pub(super) fn begin(&mut self) -> Result<(), sqlx::Error> {
        const BEGIN: &str = "BEGIN IMMEDIATE";
        self.connection.busy_timeout(Duration::ZERO).map_err(ours)?;
        let begun = step(&self.connection, BEGIN);
        self.connection.busy_timeout(BUSY).map_err(ours)?;
        match begun {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {
                let wait = || step(&self.connection, BEGIN).map_err(ours);
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
            let committed = step(&self.connection, "COMMIT").map_err(ours);
            (Some(self), committed)
        });
        committed.await.unwrap_or_else(|error| (None, Err(sqlx::Error::Io(std::io::Error::other(error)))))
    }

    /// With its values.
    fn prepared(&mut self, query: &Query) -> rusqlite::Result<(CachedStatement<'_>, &Known)> {
        let mut statement = self.connection.prepare_cached(query.sql)?;
        let known = match self.known.entry(query.sql) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(Known::of(&statement, query.values.len())?),
        };
        for (place, value) in known.places.iter().zip(&query.values) {
            if let Some(place) = place {
                statement.raw_bind_parameter(*place, value)?;
            }
        }
        Ok((statement, known))
    }
}

/// Runs a statement without values, whose rows, if there are any, nobody wants.
fn step(on: &Connection, sql: &str) -> rusqlite::Result<()> {
    let mut statement = on.prepare_cached(sql)?;
    while statement.raw_query().next()?.is_some() {}
    Ok(())
}

impl Known {
    fn of(statement: &Statement<'_>, values: usize) -> rusqlite::Result<Self> {
        let columns = statement.column_names().into_iter().map(str::to_owned).collect();
        let places = (1..=values).map(|number| statement.parameter_index(&format!("${number}")));
        Ok(Self { columns, places: places.collect::<rusqlite::Result<_>>()? })
    }
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
