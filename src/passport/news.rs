//! What the nodes of one authority tell each other: that something they all must look at has changed, and who failed a
//! proof. It goes by the database's own notifications; what they miss while the database is away is looked at when it is
//! back.

use std::sync::Arc;

use sqlx::postgres::PgListener;
use tokio::sync::Notify;
use tokio::sync::futures::Notified;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::{Duration, sleep};

use super::authority::Authority;
use super::limits::Failure;
use super::store::{Pool, query};

const CHANNEL: &str = "countersign_passport";
/// How long to wait before the database is tried again.
const PAUSE: Duration = Duration::from_secs(1);

/// One piece of news.
#[derive(Debug, Clone)]
pub enum News {
    /// An administrator decided about a request.
    Decided,
    /// A secret changed its state, or a component proved another one.
    Secrets,
    /// A certificate was revoked.
    Revoked,
    /// A new secret was set: nobody waits for what was before.
    Cleared,
    /// A proof failed.
    Failed(Failure),
}

/// Where news for the other nodes are handed in.
#[derive(Debug, Clone)]
pub struct Post(UnboundedSender<News>);

/// News that were handed in and not sent yet.
pub type Outgoing = UnboundedReceiver<News>;

impl Post {
    /// Opens it.
    pub fn open() -> (Self, Outgoing) {
        let (post, outgoing) = unbounded_channel();
        (Self(post), outgoing)
    }

    /// Hands one in.
    pub fn tell(&self, news: News) {
        // Nobody is there any longer: the authority ends, and the others have their own clocks.
        let _ = self.0.send(news);
    }
}

/// A [`Notify`] that wakes those who wait in other nodes too.
#[derive(Debug)]
pub struct Bell {
    here: Notify,
    post: Post,
    news: News,
}

impl Bell {
    /// Brings these news to the others.
    pub fn new(post: &Post, news: News) -> Self {
        Self { here: Notify::new(), post: post.clone(), news }
    }

    /// Wakes all who wait now.
    pub fn notify_waiters(&self) {
        self.here.notify_waiters();
        self.post.tell(self.news.clone());
    }

    /// Wakes one who waits, now or next.
    pub fn notify_one(&self) {
        self.here.notify_one();
        self.post.tell(self.news.clone());
    }

    /// Waits.
    pub fn notified(&self) -> Notified<'_> {
        self.here.notified()
    }

    fn ring(&self) {
        self.here.notify_waiters();
        self.here.notify_one();
    }
}

/// Sends and receives for as long as the authority runs. With one node there is nobody to tell.
pub async fn exchange(authority: Arc<Authority>, mut outgoing: Outgoing) {
    let Pool::Postgres(_) = authority.store.reader() else {
        while outgoing.recv().await.is_some() {}
        return;
    };
    let (send, receive) = (send(&authority, outgoing), receive(&authority));
    tokio::join!(send, receive);
}

async fn send(authority: &Authority, mut outgoing: Outgoing) {
    while let Some(news) = outgoing.recv().await {
        let Some(text) = news.text() else { continue };
        let line = format!("{} {text}", authority.store.node().name);
        let told = query("SELECT pg_notify($1, $2)").bind(CHANNEL).bind(line).fetch_all(authority.store.reader()).await;
        if let Err(error) = told {
            authority.log.warn(format_args!("the other nodes could not be told: {error}"));
        }
    }
}

async fn receive(authority: &Authority) {
    loop {
        if let Err(error) = listen(authority).await {
            authority.log.warn(format_args!("the other nodes cannot be heard: {error}"));
        }
        sleep(PAUSE).await;
    }
}

async fn listen(authority: &Authority) -> Result<(), sqlx::Error> {
    let Pool::Postgres(pool) = authority.store.reader() else { return Ok(()) };
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(CHANNEL).await?;
    for missed in [News::Decided, News::Secrets, News::Revoked] {
        take(authority, missed).await;
    }
    let own = format!("{} ", authority.store.node().name);
    while let Some(told) = listener.try_recv().await? {
        if let Some((_, text)) = told.payload().split_once(' ').filter(|_| !told.payload().starts_with(&own))
            && let Some(news) = News::read(text)
        {
            take(authority, news).await;
        }
    }
    Ok(())
}

async fn take(authority: &Authority, news: News) {
    match news {
        News::Decided => authority.decided.ring(),
        News::Secrets => authority.secrets_changed.ring(),
        News::Cleared => authority.limits.clear_here(),
        News::Failed(failure) => authority.limits.failed_elsewhere(failure),
        News::Revoked => {
            if let Err(fault) = authority.believe_no_revoked().await {
                authority.log.warn(format_args!("the revoked certificates could not be looked at: {fault}"));
            }
        }
    }
}

impl News {
    fn text(&self) -> Option<String> {
        Some(match self {
            Self::Decided => "decided".into(),
            Self::Secrets => "secrets".into(),
            Self::Revoked => "revoked".into(),
            Self::Cleared => "cleared".into(),
            Self::Failed(failure) => format!("failed {}", serde_json::to_string(failure).ok()?),
        })
    }

    fn read(text: &str) -> Option<Self> {
        match text.split_once(' ') {
            None if text == "decided" => Some(Self::Decided),
            None if text == "secrets" => Some(Self::Secrets),
            None if text == "revoked" => Some(Self::Revoked),
            None if text == "cleared" => Some(Self::Cleared),
            Some(("failed", failure)) => Some(Self::Failed(serde_json::from_str(failure).ok()?)),
            _ => None,
        }
    }
}
