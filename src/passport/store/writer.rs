//! Writing: one writer at a time, and one durable commit for all who wrote since the last.
//!
//! Making a commit durable costs far more than what is written in it. So a write ends by leaving its savepoint to the
//! next; then somebody queues up for the connection on behalf of all, behind those who write meanwhile.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use sqlx::Error;
use tokio::runtime::Handle;
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

use super::connection::{Conn, Pool};
use super::gathering::Gathering;
use super::node::Node;
use crate::passport::audit::{Mark, Seal};

/// Whoever writes waits here for a turn.
#[derive(Debug, Clone)]
pub(super) struct Writer {
    group: Arc<Mutex<Group>>,
    gathering: Gathering,
}

/// The connection that writes, and what was written on it that is not durable yet.
#[derive(Debug)]
struct Group {
    pool: Pool,
    connection: Conn,
    seal: Seal,
    /// Whether a transaction is open.
    is_open: bool,
    /// Whether the savepoint of an earlier write stands in it.
    has_savepoint: bool,
    /// Whether a write was dropped half done.
    is_half_done: bool,
    /// Where the audit's chain ended before the last write.
    before: Mark,
    /// Those whose writes are in the open transaction.
    waiting: Vec<oneshot::Sender<Result<(), Arc<Error>>>>,
}

/// A transaction. Dropped, it leaves nothing behind.
#[derive(Debug)]
pub enum Tx {
    /// Sees the database as it was at one moment.
    Read(Box<Conn>),
    /// What is read in it is what will be changed.
    Write(Write),
}

/// One write of a group.
#[derive(Debug)]
pub struct Write {
    group: OwnedMutexGuard<Group>,
    writer: Writer,
    is_done: bool,
}

impl Writer {
    /// With a connection of this pool, which stays taken, as this node.
    pub async fn new(pool: Pool, node: Arc<Node>) -> Result<Self, Error> {
        let connection = pool.writer(&node.name).await?;
        let seal = Seal::new(node);
        let group = Group {
            pool,
            connection,
            seal,
            is_open: false,
            has_savepoint: false,
            is_half_done: false,
            before: Mark::default(),
            waiting: Vec::new(),
        };
        Ok(Self { group: Arc::new(Mutex::new(group)), gathering: Gathering::default() })
    }

    /// Begins a write in its turn.
    pub async fn begin(&self) -> Result<Write, Error> {
        let mut group = self.group.clone().lock_owned().await;
        group.ready().await?;
        Ok(Write { group, writer: self.clone(), is_done: false })
    }

    /// Commits what is written.
    pub async fn settle(&self) {
        let mut group = self.group.lock().await;
        self.gathering.begin_anew();
        group.settle().await;
    }

    /// Commits what is written, and closes the connection after all others of its pool: there is no writing any longer.
    pub async fn end(&self) {
        let mut group = self.group.lock().await;
        group.settle().await;
        if let Pool::Postgres(_) = group.pool {
            // The pool waits for every connection to come back.
            group.connection.close();
        }
        group.pool.close().await;
        group.connection.close();
    }
}

impl Write {
    /// Has the group settled, unless somebody is about to. On its own: whoever asked may go away, and the others of the
    /// group must not wait for that.
    fn queue_up(&self, runtime: &Handle) {
        if self.writer.gathering.commits() {
            let writer = self.writer.clone();
            runtime.spawn(async move {
                writer.gathering.complete().await;
                writer.settle().await;
            });
        }
    }

    async fn commit(mut self) -> Result<(), Error> {
        self.is_done = true;
        let (settled, durable) = oneshot::channel();
        self.group.waiting.push(settled);
        self.queue_up(&Handle::current());
        self.writer.gathering.arrived();
        drop(self);
        let lost = |_| Error::Protocol("the commit was broken off".into());
        durable.await.map_err(lost)?.map_err(|error| Error::Protocol(error.to_string()))
    }
}

impl Tx {
    /// Makes it durable.
    ///
    /// # Errors
    /// It is not durable then.
    pub async fn commit(self) -> Result<(), Error> {
        match self {
            Self::Read(_) => Ok(()),
            Self::Write(write) => write.commit().await,
        }
    }
}

impl Drop for Write {
    fn drop(&mut self) {
        if !self.is_done {
            self.group.is_half_done = true;
            if let Ok(runtime) = Handle::try_current() {
                self.queue_up(&runtime);
            }
        }
    }
}

impl Deref for Tx {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        match self {
            Self::Read(connection) => connection,
            Self::Write(write) => &write.group.connection,
        }
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        match self {
            Self::Read(connection) => connection,
            Self::Write(write) => &mut write.group.connection,
        }
    }
}

impl Group {
    /// Ready for one more write.
    async fn ready(&mut self) -> Result<(), Error> {
        self.take_back().await;
        if !self.is_open {
            if let Err(error) = self.connection.begin().await {
                self.connect_again(error).await?;
                self.connection.begin().await?;
            }
            (self.is_open, self.has_savepoint) = (true, false);
            let found = Box::pin(self.seal.begin(&mut self.connection)).await;
            self.or_give_up(found).await?;
        }
        self.before = self.connection.tail.mark();
        let ready = if self.has_savepoint {
            self.connection.run("RELEASE SAVEPOINT one; SAVEPOINT one").await
        } else {
            self.connection.run("SAVEPOINT one").await
        };
        self.has_savepoint = true;
        self.or_give_up(ready).await
    }

    /// PostgreSQL may have gone and come back since the last write; a file has not.
    async fn connect_again(&mut self, error: Error) -> Result<(), Error> {
        if matches!(self.pool, Pool::Sqlite(_)) {
            return Err(error);
        }
        self.connection.close();
        self.connection = self.pool.writer(self.seal.node()).await?;
        Ok(())
    }

    /// Undoes a write that was dropped half done.
    async fn take_back(&mut self) {
        if std::mem::take(&mut self.is_half_done) && self.is_open {
            self.connection.tail.go_back(std::mem::take(&mut self.before));
            let taken_back = self.connection.run("ROLLBACK TO SAVEPOINT one").await;
            // Those who wait are told; nobody else has a part in it.
            let _ = self.or_give_up(taken_back).await;
        }
    }

    async fn settle(&mut self) {
        self.take_back().await;
        if self.is_open {
            let committed = match Box::pin(self.seal.sign(&mut self.connection)).await {
                Ok(()) => self.connection.commit().await,
                error => error,
            };
            if self.or_give_up(committed).await.is_ok() {
                self.is_open = false;
                self.seal.committed();
                self.tell(&Ok(()));
            }
        }
    }

    /// After an error nothing of the open transaction counts: a database may have ended it by itself.
    async fn or_give_up(&mut self, result: Result<(), Error>) -> Result<(), Error> {
        let Err(error) = result else { return Ok(()) };
        let _ = self.connection.run("ROLLBACK").await;
        self.is_open = false;
        let error = Arc::new(error);
        self.tell(&Err(error.clone()));
        Err(Error::Protocol(error.to_string()))
    }

    fn tell(&mut self, result: &Result<(), Arc<Error>>) {
        for waiting in self.waiting.drain(..) {
            // Whoever went away does not want to know.
            let _ = waiting.send(result.clone());
        }
    }
}
