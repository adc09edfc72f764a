//! Retires the previous secret when its window is over, if no component can still hold it.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{sleep, timeout};

use super::by_hand::names;
use super::window::{is_any_waiting, waiting};
use super::{State, put};
use crate::passport::audit::Entry;
use crate::passport::authority::Authority;
use crate::passport::store::query_as;
use crate::passport::{Fault, now};

/// The longest sleep: the wall clock, by which windows end, may be set while the sleep goes by the other clock.
const LONGEST_SLEEP: Duration = Duration::from_mins(2);

/// Ends windows for as long as the authority runs. Sleeps until the earliest end; while none is set, until it is told
/// that something changed.
pub async fn keep_time(authority: Arc<Authority>) {
    let mut warned = Vec::new();
    loop {
        let sleep_for = end_windows(&authority, &mut warned).await;
        // Also when another node has retired the secret whose key is here.
        if let Err(fault) = authority.window_key.tidy(&authority.store).await {
            authority.log.warn(format_args!("the key of a retired secret could not be removed: {fault}"));
        }
        let told = authority.secrets_changed.notified();
        match sleep_for {
            Ok(None) => told.await,
            Ok(Some(time)) => drop(timeout(time, told).await),
            Err(fault) => {
                authority.log.warn(format_args!("the end of a window could not be seen to: {fault}"));
                sleep(LONGEST_SLEEP).await;
            }
        }
    }
}

/// Retires what is due; for how long nothing else will be, or `None` when no end is set.
async fn end_windows(authority: &Authority, warned: &mut Vec<String>) -> Result<Option<Duration>, Fault> {
    let ends: Vec<(String, i64)> =
        query_as("SELECT id, until FROM secrets WHERE state = 'retiring' AND until IS NOT NULL")
            .fetch_all(authority.store.reader())
            .await?;
    let Some(first) = ends.iter().map(|(_, until)| *until).min() else { return Ok(None) };
    match u64::try_from(first - now()) {
        Ok(seconds) if seconds > 0 => return Ok(Some(Duration::from_secs(seconds).min(LONGEST_SLEEP))),
        _ => {}
    }
    // Each new proof asks again: what a look tells needs no lock.
    let has_warned = ends.iter().filter(|(_, until)| *until <= now()).all(|(id, _)| warned.contains(id));
    if has_warned && is_any_waiting(&authority.store).await? {
        return Ok(Some(LONGEST_SLEEP));
    }
    let mut write = authority.store.write().await?;
    let due: Vec<(String,)> = query_as("SELECT id FROM secrets WHERE state = 'retiring' AND until <= $1")
        .bind(now())
        .fetch_all(&mut *write)
        .await?;
    let waiting = waiting(&mut write, None).await?;
    let mut entries = Vec::new();
    for (id,) in due {
        if waiting.is_empty() {
            put(&mut write, &id, State::Retired, Some(first)).await?;
            entries.push(Entry::new("policy", "secret retired").secret(&id).result("ok", Some("its window is over")));
        } else if !warned.contains(&id) {
            authority.log.warn(format_args!(
                "the window of {id} is over, but it stays accepted: the current secret was not proved since by {}",
                names(&waiting)
            ));
            warned.push(id);
        }
    }
    for entry in &entries {
        entry.write(&mut *write).await?;
    }
    write.commit().await?;
    for entry in &entries {
        authority.log.info(entry);
    }
    Ok(Some(if waiting.is_empty() { Duration::ZERO } else { LONGEST_SLEEP }))
}
