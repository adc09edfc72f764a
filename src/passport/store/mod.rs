//! The authority's database: SQLite, or PostgreSQL where several nodes share the work. Written durably, one writer at a
//! time.

mod connection;
mod gathering;
mod node;
mod postgres;
mod query;
mod row;
mod sqlite;
mod value;
mod writer;

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, SqlSafeStr};

use super::config::Config;
use super::{Fault, Home};
use crate::fs::PRIVATE_FILE;
use crate::secret::Secret;
pub use connection::{Conn, Pool, Small};
pub use node::Node;
pub use postgres::Maker;
pub use query::{Executor, Query, query, query_as, query_scalar};
pub use row::Row;
use sqlite::Sqlite;
pub use writer::Tx;
use writer::Writer;

/// How long a writer waits for another process that writes (an administrator's verb beside the server).
const BUSY: Duration = Duration::from_secs(10);
/// Readers beside the one writer.
const READERS: u32 = 4;

const MIGRATIONS: [(i64, &str, &str); 8] = [
    (1, "authority", include_str!("migrations/0001_authority.sql")),
    (2, "changes", include_str!("migrations/0002_changes.sql")),
    (3, "audit chain", include_str!("migrations/0003_audit_chain.sql")),
    (4, "people", include_str!("migrations/0004_people.sql")),
    (5, "est", include_str!("migrations/0005_est.sql")),
    (6, "certificates", include_str!("migrations/0006_certificates.sql")),
    (7, "nodes", include_str!("migrations/0007_nodes.sql")),
    (8, "instances", include_str!("migrations/0008_instances.sql")),
];

/// The open database.
///
/// There is one connection that writes: writers of this process wait for it in turn instead of polling the file's lock,
/// and a reader inside of a write can never wait for a connection that another writer keeps.
#[derive(Debug, Clone)]
pub struct Store {
    readers: Pool,
    writer: Writer,
    node: Arc<Node>,
}

impl Store {
    /// Opens the database of an authority.
    ///
    /// # Errors
    /// [`Fault::Refused`] when there is no authority in that folder, or its database cannot be reached.
    pub async fn of(home: &Home) -> Result<Self, Fault> {
        if home.database_address().exists() {
            let address = std::fs::read_to_string(home.database_address())?;
            let node = Node::of(&Config::read(home)?.node, Node::read_key(&home.node_key())?);
            Self::connect(&Secret::new(address), node).await
        } else if home.database().exists() {
            Self::open(&home.database()).await
        } else {
            Err(Fault::refused(format!("there is no PassPort in {}", home.path().display())))
        }
    }

    /// Connects to a PostgreSQL as one of its nodes and brings its tables up to date.
    pub async fn connect(address: &Secret, node: Node) -> Result<Self, Fault> {
        let pool = postgres::connect(address).await?;
        migrator(|sql| postgres::translated(sql).into()).run(&pool).await?;
        let (pool, node) = (Pool::Postgres(pool), Arc::new(node));
        Ok(Self { readers: pool.clone(), writer: Writer::new(pool, node.clone()).await?, node })
    }

    /// Makes a new database, closed to others, with its tables.
    pub async fn create(path: &Path) -> Result<Self, Fault> {
        // SQLite gives its companion files the mode of the database itself.
        crate::fs::create(path, b"", PRIVATE_FILE)?;
        Self::open(path).await
    }

    /// Opens an existing database and brings its tables up to date.
    pub async fn open(path: &Path) -> Result<Self, Fault> {
        let (pool, node) = (Pool::Sqlite(Sqlite::open(path).await?), Arc::new(Node::only()));
        Ok(Self { readers: pool.clone(), writer: Writer::new(pool, node.clone()).await?, node })
    }

    /// Which of the nodes this is.
    pub fn node(&self) -> &Node {
        &self.node
    }

    /// Where single reads run; nothing can be changed there.
    pub fn reader(&self) -> &Pool {
        &self.readers
    }

    /// Where single reads of a few rows run, that are found by an index: they are answered without a detour.
    pub fn small(&self) -> Small<'_> {
        Small(&self.readers)
    }

    /// Begins a write: from here on what is read is what will be changed.
    pub async fn write(&self) -> Result<Tx, sqlx::Error> {
        self.writer.begin().await.map(Tx::Write)
    }

    /// A write of one statement; how many rows it changed.
    pub async fn change(&self, statement: Query) -> Result<u64, sqlx::Error> {
        let mut write = self.write().await?;
        let changed = statement.execute(&mut *write).await?;
        write.commit().await?;
        Ok(changed)
    }

    /// Begins a look at the database as it is at one moment.
    pub async fn read(&self) -> Result<Tx, sqlx::Error> {
        self.readers.read().await.map(|on| Tx::Read(Box::new(on)))
    }

    /// Writes everything into the one file and closes it.
    pub async fn close(self) {
        self.writer.end().await;
    }
}

fn migrator(words: impl Fn(&'static str) -> Cow<'static, str>) -> Migrator {
    let migration = |(version, name, sql): (i64, &'static str, &'static str)| {
        // Ours all of it, whichever words were exchanged.
        let sql = AssertSqlSafe(words(sql).into_owned()).into_sql_str();
        Migration::new(version, name.into(), MigrationType::Simple, sql, false)
    };
    Migrator::with_migrations(MIGRATIONS.map(migration).to_vec())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[tokio::test]
    async fn every_file_of_the_database_is_closed_to_others_and_it_opens_again() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("passport.db");
        let store = Store::create(&path).await.expect("made");
        let mut write = store.write().await.expect("begun");
        query("INSERT INTO properties VALUES ('a', 'b')").execute(&mut *write).await.expect("written");
        write.commit().await.expect("committed");
        for file in std::fs::read_dir(dir.path()).expect("listed") {
            let file = file.expect("there");
            let mode = file.metadata().expect("there").permissions().mode() & 0o777;
            assert_eq!(mode, 0o600, "{}", file.path().display());
        }
        store.close().await;
        assert_eq!(std::fs::read_dir(dir.path()).expect("listed").count(), 1, "one file when closed");
        let again = Store::open(&path).await.expect("opened");
        let value: String = query_scalar("SELECT value FROM properties").fetch_one(again.reader()).await.expect("read");
        assert_eq!(value, "b");
    }

    #[tokio::test]
    async fn there_is_one_current_secret_and_a_retired_one_has_no_record() {
        let dir = tempfile::tempdir().expect("a folder");
        let store = Store::create(&dir.path().join("passport.db")).await.expect("made");
        let put = |id: &'static str, state: &'static str, record: Option<&'static [u8]>| {
            let insert = "INSERT INTO secrets (id, state, record, ksf, made, changed) VALUES ($1, $2, $3, 1, 0, 0)";
            store.change(query(insert).bind(id).bind(state).bind(record))
        };
        put("a", "current", Some(b"r")).await.expect("the first");
        assert!(put("b", "current", Some(b"r")).await.is_err());
        assert!(put("c", "retired", Some(b"r")).await.is_err());
        put("d", "retired", None).await.expect("without a record");
    }

    async fn put(store: &Store, name: &str) -> Result<(), sqlx::Error> {
        store.change(query("INSERT INTO properties VALUES ($1, 'x')").bind(name)).await.map(drop)
    }

    async fn names(store: &Store) -> Vec<String> {
        query_scalar("SELECT name FROM properties ORDER BY name").fetch_all(store.reader()).await.expect("read")
    }

    #[tokio::test]
    async fn a_write_that_is_dropped_takes_nothing_of_the_others_with_it() {
        let dir = tempfile::tempdir().expect("a folder");
        let store = Store::create(&dir.path().join("passport.db")).await.expect("made");
        let before = store.write().await.expect("begun");
        // They all wait behind the first, and are made durable together.
        let both = futures_util::future::join3(put(&store, "a"), put(&store, "a"), put(&store, "b"));
        let dropped = async {
            let mut write = store.write().await.expect("begun");
            query("INSERT INTO properties VALUES ('c', 'x')").execute(&mut *write).await.expect("written");
        };
        let first = async { before.commit().await };
        let ((a, twice, b), (), first) = Box::pin(futures_util::future::join3(both, dropped, first)).await;
        assert!(a.is_ok() && twice.is_err() && b.is_ok() && first.is_ok());
        assert_eq!(names(&store).await, ["a", "b"]);
    }

    #[tokio::test]
    async fn what_cannot_be_committed_is_told_to_all_who_wrote_it() {
        let dir = tempfile::tempdir().expect("a folder");
        let store = Store::create(&dir.path().join("passport.db")).await.expect("made");
        let mut bad = store.write().await.expect("begun");
        bad.run("PRAGMA defer_foreign_keys = ON").await.expect("set");
        let request = "INSERT INTO requests (id, component, hash, der, subject, status, received)
                       VALUES ('r', 99, x'00', x'00', '', 'New', 0)";
        bad.run(request).await.expect("written, its component to come");
        let (good, bad) = futures_util::future::join(put(&store, "a"), bad.commit()).await;
        assert!(good.is_err() && bad.is_err());
        assert!(names(&store).await.is_empty());
        put(&store, "b").await.expect("the next one is not concerned");
        assert_eq!(names(&store).await, ["b"]);
    }
}
