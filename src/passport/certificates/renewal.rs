//! Renewal: the certificate that was shown when a new one was asked for stays valid until the new one was used.
//!
//! Only a request over a connection that shows a certificate renews it. A registration that begins anew shows none and
//! replaces nothing, so whatever it was made for can be undone with the earlier certificate still good.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use super::revoke::{Revoked, SUPERSEDED, revoke};
use crate::passport::audit::Entry;
use crate::passport::authority::Authority;
use crate::passport::components::Component;
use crate::passport::store::{Tx, query, query_as, query_scalar};
use crate::passport::{Fault, now};

/// The most serials remembered; above that all are looked up once more.
const MOST_SEEN: usize = 4096;

/// The certificates that were looked at since the authority started: each is looked at once.
#[derive(Debug, Default)]
pub struct Seen(Mutex<HashSet<String>>);

impl Seen {
    fn is_new(&self, serial: &str) -> bool {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= MOST_SEEN {
            seen.clear();
        }
        seen.insert(serial.to_owned())
    }

    fn forget(&self, serial: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(serial);
    }
}

/// The serial that a component's new request renews: the certificate that it shows, if that is one of its own.
pub async fn replaced(write: &mut Tx, component: &Component, shown: Option<&str>) -> Result<Option<String>, Fault> {
    let Some(shown) = shown else { return Ok(None) };
    Ok(query_scalar("SELECT serial FROM certificates WHERE serial = $1 AND component = $2 AND revoked IS NULL")
        .bind(shown)
        .bind(component.id)
        .fetch_optional(&mut **write)
        .await?)
}

/// A client has proved in a handshake that it holds the key of this certificate. When it is a renewed one and shown for
/// the first time, the one that it replaces is revoked, and every earlier renewal of that.
pub async fn used(authority: &Authority, serial: &str) {
    if !authority.seen.is_new(serial) {
        return;
    }
    if let Err(fault) = supersede(authority, serial).await {
        authority.seen.forget(serial);
        authority.log.warn(format_args!("what the certificate {serial} replaces could not be revoked: {fault}"));
    }
}

async fn supersede(authority: &Authority, serial: &str) -> Result<(), Fault> {
    let replaces: Option<String> = query_scalar(
        "SELECT replaces FROM certificates WHERE serial = $1 AND replaces IS NOT NULL AND used IS NULL AND revoked IS NULL",
    )
    .bind(serial)
    .fetch_optional(authority.store.reader())
    .await?;
    let Some(replaces) = replaces else { return Ok(()) };
    let mut write = authority.store.write().await?;
    let first = query("UPDATE certificates SET used = $2 WHERE serial = $1 AND used IS NULL")
        .bind(serial)
        .bind(now())
        .execute(&mut *write)
        .await?;
    if first == 0 {
        return Ok(());
    }
    let older: Vec<(String,)> = query_as(
        "SELECT serial FROM certificates WHERE revoked IS NULL AND (serial = $2 OR (replaces = $2 AND not_before <
         (SELECT not_before FROM certificates WHERE serial = $1)))",
    )
    .bind(serial)
    .bind(&replaces)
    .fetch_all(&mut *write)
    .await?;
    let mut entries: Vec<Entry> = Vec::new();
    for (older,) in &older {
        let revoked = Revoked { serial: older, reason: Some(SUPERSEDED), owner: None };
        entries.extend(revoke(&mut write, "policy", &revoked).await?);
    }
    write.commit().await?;
    for entry in &entries {
        authority.log.info(entry);
    }
    authority.refresh_revoked().await
}
