//! The revocation list (RFC 5280, section 5): for the authority's own ports, and for whoever asks.

use std::sync::Arc;

use rustls_pki_types::CertificateRevocationListDer;
use tokio::sync::Mutex;

use super::revoke::SUPERSEDED;
use crate::passport::audit::Entry;
use crate::passport::ca::{Ca, Revocation};
use crate::passport::store::{Conn, Store, query_as, query_scalar};
use crate::passport::{Fault, now};

/// How long a list is given out before a new one is made, in seconds.
const FRESH: i64 = 24 * 60 * 60;
/// How long after its end a revoked certificate stays on the list, in seconds: clocks differ.
const AFTER_END: i64 = 24 * 60 * 60;

/// The list that is given out now.
#[derive(Debug, Default)]
pub struct Published(Mutex<Option<(i64, Arc<[u8]>)>>);

impl Published {
    /// The list (DER); a new one when there is none or it is a day old.
    pub async fn get(&self, store: &Store, ca: &Ca) -> Result<Arc<[u8]>, Fault> {
        let mut published = self.0.lock().await;
        if let Some((made, list)) = &*published
            && (*made..*made + FRESH).contains(&now())
        {
            return Ok(list.clone());
        }
        let list: Arc<[u8]> = issue(store, ca).await?.as_ref().into();
        *published = Some((now(), list.clone()));
        Ok(list)
    }

    /// The next one to ask gets a new list.
    pub async fn outdated(&self) {
        *self.0.lock().await = None;
    }
}

/// Makes a list with the next number. Whoever compares two: the higher number knows more.
pub async fn issue(store: &Store, ca: &Ca) -> Result<CertificateRevocationListDer<'static>, Fault> {
    let mut write = store.write().await?;
    let number: i64 =
        query_scalar("UPDATE revocation_lists SET number = number + 1 WHERE issuer = 'ca' RETURNING number")
            .fetch_one(&mut *write)
            .await?;
    let revoked = revoked(&mut write).await?;
    let list = ca.revocations(number, &revoked)?;
    let reason = format!("number {number}, {} certificates", revoked.len());
    Entry::new("policy", "revocation list").result("ok", Some(&reason)).write(&mut *write).await?;
    write.commit().await?;
    Ok(list)
}

/// Everything that is revoked and would be valid otherwise.
pub async fn revoked(from: &mut Conn) -> Result<Vec<Revocation>, Fault> {
    let rows: Vec<(String, i64, Option<String>)> = query_as(
        "SELECT serial, revoked, reason FROM certificates WHERE revoked IS NOT NULL AND not_after > $1 ORDER BY revoked, serial",
    )
    .bind(now() - AFTER_END)
    .fetch_all(from)
    .await?;
    let one = |(serial, at, reason): (String, i64, Option<String>)| Revocation {
        serial,
        at,
        is_superseded: reason.as_deref() == Some(SUPERSEDED),
    };
    Ok(rows.into_iter().map(one).collect())
}
