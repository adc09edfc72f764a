//! The commit of a change: what it leaves behind is retired, at once or at the end of the window.

use zeroize::Zeroizing;

use super::change::{self, Change, Kind, Stage};
use super::window::WindowKey;
use super::{State, put};
use crate::passport::audit::Entry;
use crate::passport::store::{Store, Tx, query_scalar};
use crate::passport::{Fault, now};
use crate::registration::admin::WINDOW_KEY;

/// The longest window, in seconds; a longer one is cut to it.
const LONGEST_WINDOW: u64 = 10 * 366 * 24 * 60 * 60;

/// The act of the audit row of a commit.
pub(super) const SETTLED: &str = "secret settled";

/// For how long the previous secret stays, and with which key its value can be had that long.
pub struct Window {
    /// Seconds; none is zero.
    pub seconds: Option<u64>,
    /// The key.
    pub key: Option<Zeroizing<[u8; WINDOW_KEY]>>,
}

/// Commits a change that has switched the current secret. Repeated, it changes nothing.
///
/// What an earlier change left retiring is retired here, whatever its window said, so that three are accepted at most.
/// The key is on disk before the transaction ends: a retiring secret is never without the key that was given for it.
pub async fn settle(store: &Store, key: &WindowKey, name: &str, window: Window) -> Result<(), Fault> {
    let mut write = store.write().await?;
    let change = match change::find(&mut write, name).await? {
        Some(change) if change.stage == Stage::Settled => return key.tidy(store).await,
        Some(change) if change.stage == Stage::Switched => change,
        _ => {
            return Err(Fault::refused(format!(
                "the change {name} has switched no secret: there is nothing to commit"
            )));
        }
    };
    let retiring: Vec<String> =
        query_scalar("SELECT id FROM secrets WHERE state = 'retiring'").fetch_all(&mut *write).await?;
    let is_kept = |id: &String| change.kind == Kind::Overlap && *id == change.leaves;
    for id in retiring.iter().filter(|id| !is_kept(id)) {
        retire(&mut write, id, name).await?;
    }
    match change.kind {
        Kind::Overlap => {
            let seconds = window.seconds.unwrap_or(0).min(LONGEST_WINDOW);
            let until = now().saturating_add_unsigned(seconds);
            put(&mut write, &change.leaves, State::Retiring, Some(until)).await?;
            if let Some(bytes) = window.key {
                key.keep(&change.leaves, bytes).await?;
            }
        }
        Kind::Cutover => retire(&mut write, &change.leaves, name).await?,
        Kind::Back => {}
    }
    Change { stage: Stage::Settled, ..change.clone() }.save(&mut write, SETTLED, &change.brings).await?;
    write.commit().await?;
    key.tidy(store).await
}

async fn retire(write: &mut Tx, id: &str, change: &str) -> Result<(), Fault> {
    put(write, id, State::Retired, None).await?;
    Ok(Entry::new("admin", "secret retired").secret(id).change(change).write(&mut **write).await?)
}
