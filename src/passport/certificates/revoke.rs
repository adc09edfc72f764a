//! Revoking one certificate.

use super::list::{none, serial};
use crate::passport::audit::{Entry, Who, name};
use crate::passport::components;
use crate::passport::store::{Tx, query, query_as};
use crate::passport::{Fault, now};
use crate::registration::wire::Identity;

/// The reason of a certificate that was renewed.
pub const SUPERSEDED: &str = "superseded";

/// A revocation on its way: whose it is, which, why.
#[derive(Debug, Clone)]
pub struct Revoked<'a> {
    /// The serial, in hexadecimal.
    pub serial: &'a str,
    /// Why, in words for people.
    pub reason: Option<&'a str>,
    /// The component that it must be one of, where the caller says so.
    pub owner: Option<&'a Identity>,
}

/// Revokes a certificate of a component and drops the request that it came from, which must not bring it back. Returns
/// the audit entry that was written; none when it was revoked already.
pub async fn revoke(write: &mut Tx, who: impl Into<Who>, revoked: &Revoked<'_>) -> Result<Option<Entry>, Fault> {
    let serial = serial(revoked.serial);
    let found: Option<(Option<i64>, Option<i64>)> =
        query_as("SELECT component, revoked FROM certificates WHERE serial = $1")
            .bind(&serial)
            .fetch_optional(&mut **write)
            .await?;
    let (owner, before) = found.ok_or_else(|| none(revoked.serial))?;
    if before.is_some() {
        return Ok(None);
    }
    if let Some(identity) = revoked.owner {
        let component = components::find(write, identity).await?.map(|component| component.id);
        if component.is_none() || component != owner {
            return Err(Fault::refused(format!("the certificate {serial} is not one of {}", name(identity))));
        }
    }
    query("UPDATE certificates SET revoked = $2, reason = $3 WHERE serial = $1")
        .bind(&serial)
        .bind(now())
        .bind(revoked.reason)
        .execute(&mut **write)
        .await?;
    query("DELETE FROM requests WHERE serial = $1").bind(&serial).execute(&mut **write).await?;
    let mut entry = Entry::new(who, "revoke").serial(&serial).result("ok", revoked.reason);
    if let Some(owner) = owner {
        entry = entry.component(&components::by_id(write, owner).await?.identity);
    }
    entry.write(&mut **write).await?;
    Ok(Some(entry))
}
