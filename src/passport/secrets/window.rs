//! The window in which the previous secret is still accepted, and the key that opens its sealed value that long.

use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tokio::sync::Mutex;
use tokio::task::spawn_blocking;
use zeroize::Zeroizing;

use super::change::{self, Kind};
use super::settle::SETTLED;
use crate::fs::{PRIVATE_FILE, clear_temporary, replace, shred};
use crate::passport::csd::DEFAULT_INSTANCE;
use crate::passport::store::{Store, Tx, query_as, query_scalar};
use crate::passport::{Fault, now, time_text};
use crate::registration::admin::WINDOW_KEY;

type Key = Zeroizing<[u8; WINDOW_KEY]>;

/// The previous secret, to go back to.
pub struct Previous {
    /// Its id.
    pub id: String,
    /// When its window ends, in seconds since 1970.
    pub until: i64,
    /// The key that opens its sealed value.
    pub key: Key,
}

/// `data/window.key`: one line, the id of the secret that the key is for, and the key in base64.
pub struct WindowKey(Mutex<PathBuf>);

impl WindowKey {
    /// The key file at this path, whether it is there or not.
    pub fn new(path: PathBuf) -> Self {
        Self(Mutex::new(path))
    }

    /// Keeps the key of this secret, durably, and no other.
    pub(super) async fn keep(&self, id: &str, key: Key) -> Result<(), Fault> {
        let path = self.0.lock().await;
        let (file, line) = (path.clone(), Zeroizing::new(format!("{id} {}\n", *Zeroizing::new(STANDARD.encode(*key)))));
        blocking(move || {
            if Zeroizing::new(std::fs::read(&file).unwrap_or_default()).as_slice() == line.as_bytes() {
                return Ok(());
            }
            shred(&file)?;
            replace(&file, line.as_bytes(), PRIVATE_FILE)
        })
        .await
    }

    /// Overwrites and removes the key when its secret is not retiring (any longer). One that an open change goes back
    /// to may be retiring again, so its key stays.
    pub async fn tidy(&self, store: &Store) -> Result<(), Fault> {
        let path = self.0.lock().await;
        let half_written = path.clone();
        blocking(move || clear_temporary(&half_written)).await?;
        if !path.exists() {
            return Ok(());
        }
        let id = read(path.clone()).await?.map(|(id, _)| id);
        let is_needed: bool = query_scalar(
            "SELECT EXISTS (SELECT 1 FROM secrets WHERE id = $1 AND state = 'retiring')
             OR EXISTS (SELECT 1 FROM changes WHERE brings = $1 AND kind = 'back' AND state = 'switched')",
        )
        .bind(id)
        .fetch_one(store.reader())
        .await?;
        let file = path.clone();
        if is_needed { Ok(()) } else { blocking(move || shred(&file)).await }
    }

    async fn of(&self, id: &str) -> Result<Option<Key>, Fault> {
        let path = self.0.lock().await;
        Ok(read(path.clone()).await?.filter(|(owner, _)| owner == id).map(|(_, key)| key))
    }
}

/// The retiring secret within its window. Refused with the reason when there is no going back.
pub async fn previous(store: &Store, key: &WindowKey) -> Result<Previous, Fault> {
    let mut read = store.read().await?;
    if let Some(open) = change::open(&mut read).await? {
        return Err(open.in_the_way());
    }
    let last = change::last_settled(&mut read).await?;
    let last = last.ok_or_else(|| Fault::refused("the secret was never rotated: there is none to go back to"))?;
    let id = last.leaves;
    let reason = match last.kind {
        Kind::Overlap => None,
        Kind::Back => Some(format!("the last change went back already: {id}, which it left, is retired")),
        Kind::Cutover => Some(format!("the last change was a cutover: {id}, which it left, is retired")),
    };
    if let Some(reason) = reason {
        return Err(Fault::refused(reason));
    }
    let row: Option<(String, i64)> = query_as("SELECT state, until FROM secrets WHERE id = $1 AND until IS NOT NULL")
        .bind(&id)
        .fetch_optional(&mut *read)
        .await?;
    let until = match row {
        Some((state, until)) if state == "retiring" && until > now() => until,
        Some((_, until)) if until <= now() => {
            return Err(Fault::refused(format!("the window of {id} is over since {}", time_text(until))));
        }
        _ => return Err(Fault::refused(format!("{id} was retired before the end of its window"))),
    };
    match key.of(&id).await? {
        Some(key) => Ok(Previous { id, until, key }),
        None => Err(no_key(&mut read, &id, &last.name, &store.node().name).await?),
    }
}

/// Why this node has no key: it was not left, or with the node at which the change was committed.
async fn no_key(read: &mut Tx, id: &str, change: &str, here: &str) -> Result<Fault, Fault> {
    let place: Option<(String, String)> = query_as(
        "SELECT nodes.name, nodes.host FROM audit JOIN nodes ON nodes.name = audit.node
         WHERE audit.change = $1 AND audit.act = $2 ORDER BY audit.id DESC LIMIT 1",
    )
    .bind(change)
    .bind(SETTLED)
    .fetch_optional(&mut **read)
    .await?;
    Ok(Fault::refused(match place.filter(|(node, _)| node != here) {
        Some((node, host)) => {
            format!(
                "the key of {id} is not at this node: the secret was rotated at node {node} on {host}, go back there"
            )
        }
        None => format!("the key of {id} was not left with PassPort"),
    }))
}

/// Components that may still hold a retiring secret: they proved once or have a certificate, and the last that they
/// proved is not the current secret nor the next.
macro_rules! may_hold_it {
    ($columns:literal, $behind:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM components WHERE (proved_id IS NOT NULL
              OR EXISTS (SELECT 1 FROM certificates WHERE component = components.id AND revoked IS NULL))
             AND NOT EXISTS (SELECT 1 FROM secrets WHERE id = proved_id AND state IN ('current', 'next')) ",
            $behind
        )
    };
}

/// Their names, at most `limit`.
pub(super) async fn waiting(tx: &mut Tx, limit: Option<u32>) -> Result<Vec<String>, Fault> {
    let rows: Vec<(String, String)> =
        query_as(may_hold_it!("name, instance", r#"ORDER BY name, version, "group", instance LIMIT $1"#))
            .bind(limit.map_or(i64::MAX, i64::from))
            .fetch_all(&mut **tx)
            .await?;
    Ok(rows.into_iter().map(short).collect())
}

/// Whether there are any: it stops at the first, and keeps nobody from writing.
pub(super) async fn is_any_waiting(store: &Store) -> Result<bool, Fault> {
    let first: Option<i64> = query_scalar(may_hold_it!("id", "LIMIT 1")).fetch_optional(store.reader()).await?;
    Ok(first.is_some())
}

/// A component's name, with its instance where that is not the default one.
pub(super) fn short((name, instance): (String, String)) -> String {
    if instance == DEFAULT_INSTANCE { name } else { format!("{name}/{instance}") }
}

async fn read(path: PathBuf) -> Result<Option<(String, Key)>, Fault> {
    let read = spawn_blocking(move || std::fs::read(path).map(Zeroizing::new)).await;
    let bytes = match read.map_err(std::io::Error::other)? {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        read => read?,
    };
    let text = std::str::from_utf8(&bytes).unwrap_or_default();
    Ok(text.trim_end().split_once(' ').and_then(|(id, key)| {
        let bytes = Zeroizing::new(STANDARD.decode(key).ok()?);
        Some((id.to_owned(), Zeroizing::new(bytes.as_slice().try_into().ok()?)))
    }))
}

async fn blocking(work: impl FnOnce() -> std::io::Result<()> + Send + 'static) -> Result<(), Fault> {
    Ok(spawn_blocking(work).await.map_err(std::io::Error::other)??)
}
