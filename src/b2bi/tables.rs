//! The database of both engines: `data/b2bi.db`, SQLite, with numbered migrations.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::migrate::{Migrate, Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqliteSynchronous};
use sqlx::{SqlSafeStr, Transaction};

use super::failure::Failure;
use crate::database;
use crate::fs::PRIVATE_FILE;

/// How long one engine waits for the other's transaction.
const BUSY: Duration = Duration::from_secs(10);

const MIGRATIONS: [(&str, &str); 3] = [
    ("integration", include_str!("migrations/0001_integration.sql")),
    ("maps", include_str!("migrations/0002_maps.sql")),
    ("documents", include_str!("migrations/0003_documents.sql")),
];

/// The tables, up to date.
#[derive(Debug, Clone)]
pub struct Tables {
    /// The connections.
    pub pool: SqlitePool,
    /// Version of the tables: the number of the last migration.
    pub version: i64,
}

impl Tables {
    /// Opens the database and brings its tables up to date. Both engines may do this at once.
    ///
    /// # Errors
    /// A database that a newer program wrote, or one that cannot be written.
    pub async fn open(path: &Path) -> Result<Self, Failure> {
        let cannot = |error: &dyn std::fmt::Display| {
            Failure::Failed(format!("the database {} cannot be brought up to date: {error}", path.display()))
        };
        // SQLite's migrator takes no lock of its own, and two processes must not change to WAL at once either.
        let _alone = lock(path).await.map_err(|error| cannot(&error))?;
        make_private(path).map_err(|error| cannot(&error))?;
        let options = options(path).journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Full);
        let pool = database::pool(4).connect_with(options).await?;
        let migrator = Migrator::with_migrations(migrations());
        migrator.run(&pool).await.map_err(|error| cannot(&error))?;
        let version = version(&pool, &migrator).await.map_err(|error| cannot(&error))?;
        Ok(Self { pool, version })
    }

    /// Opens the database only if it is there, for reading alone and without a change to its tables.
    pub async fn peek(path: &Path) -> Result<Option<SqlitePool>, sqlx::Error> {
        if !path.exists() {
            return Ok(None);
        }
        let options = options(path).read_only(true);
        database::pool(1).connect_with(options).await.map(Some)
    }

    /// Begins a transaction that may write; another engine's is waited for.
    pub async fn write(&self) -> Result<Transaction<'static, sqlx::Sqlite>, sqlx::Error> {
        self.pool.begin_with("BEGIN IMMEDIATE").await
    }
}

/// The number of the last migration that this program knows.
pub fn known_version() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

fn migrations() -> Vec<Migration> {
    (1..)
        .zip(MIGRATIONS)
        .map(|(number, (name, sql))| {
            Migration::new(number, name.into(), MigrationType::Simple, sql.into_sql_str(), false)
        })
        .collect()
}

async fn version(pool: &SqlitePool, migrator: &Migrator) -> Result<i64, sqlx::migrate::MigrateError> {
    let applied = pool.acquire().await?.list_applied_migrations(&migrator.table_name).await?;
    Ok(applied.iter().map(|migration| migration.version).max().unwrap_or(0))
}

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new().filename(path).create_if_missing(false).busy_timeout(BUSY).foreign_keys(true)
}

/// SQLite gives the files beside a database the database's own mode.
fn make_private(path: &Path) -> io::Result<()> {
    OpenOptions::new().append(true).create(true).mode(PRIVATE_FILE).open(path).map(drop)
}

async fn lock(database: &Path) -> io::Result<File> {
    let mut name = database.as_os_str().to_owned();
    name.push(".lock");
    let path = PathBuf::from(name);
    tokio::task::spawn_blocking(move || crate::fs::lock::wait(&path)).await.map_err(io::Error::other)?
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[tokio::test]
    async fn tables_are_made_once_and_are_closed_to_others() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("b2bi.db");
        assert!(Tables::peek(&path).await.expect("asked").is_none());
        for _ in 0..2 {
            let tables = Tables::open(&path).await.expect("opened");
            assert_eq!(tables.version, known_version());
            tables.pool.close().await;
        }
        assert!(Tables::peek(&path).await.expect("asked").is_some());
        for file in std::fs::read_dir(dir.path()).expect("listed") {
            let file = file.expect("a file");
            assert_eq!(file.metadata().expect("there").permissions().mode() & 0o777, 0o600, "{:?}", file.path());
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn many_may_open_a_new_database_at_once() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("b2bi.db");
        let opened = (0..8).map(|_| {
            let path = path.clone();
            tokio::spawn(async move { Tables::open(&path).await.map(|tables| tables.version) })
        });
        for task in opened.collect::<Vec<_>>() {
            assert_eq!(task.await.expect("ran").expect("opened"), known_version());
        }
    }

    #[tokio::test]
    async fn a_database_of_a_newer_program_is_refused() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("b2bi.db");
        let tables = Tables::open(&path).await.expect("opened");
        sqlx::query("INSERT INTO _sqlx_migrations VALUES (99, 'later', CURRENT_TIMESTAMP, 1, x'00', 0)")
            .execute(&tables.pool)
            .await
            .expect("written");
        let refused = Tables::open(&path).await.expect_err("refused").to_string();
        assert!(refused.contains("99"), "{refused}");
    }
}
