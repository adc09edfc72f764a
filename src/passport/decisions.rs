//! What an administrator decides about requests and certificates.

use super::audit::Entry;
use super::authority::Authority;
use super::certificates::{self, Revoked};
use super::components::{self, Component};
use super::requests::{Via, sign, standing};
use super::store::{Tx, query, query_as, query_scalar};
use super::{Fault, policy, properties};
use crate::registration::state::State;
use crate::registration::wire::{Identity, request_hash};

/// The longest reason of a refusal, in bytes.
const MAX_REASON: usize = 500;

/// Which of the two steps an administrator's yes covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Covers {
    /// Whichever the request waits for.
    #[default]
    Waiting,
    /// The validation alone.
    Validation,
    /// The signature alone, of a request that is validated.
    Signing,
    /// Whatever is still to come.
    Both,
}

/// What became of a request.
pub struct Decided {
    /// Its whole id.
    pub id: String,
    /// The state it has now.
    pub status: State,
}

/// An administrator says yes to the request with this id, or whose id alone begins so. A validated one is signed too
/// when signing goes by itself.
pub async fn approve(authority: &Authority, id: &str, covers: Covers) -> Result<Decided, Fault> {
    let mut write = authority.store.write().await?;
    let Waiting { id, component, der, status, via } = waiting(&mut write, id).await?;
    match (covers, &status) {
        (Covers::Signing, State::WaitingValidation) => {
            return Err(Fault::refused(format!("the request {id} is not validated yet: approve both steps at once")));
        }
        (Covers::Validation, State::WaitingSigning) => {
            return Err(Fault::refused(format!("the request {id} is validated already: {status}")));
        }
        _ => {}
    }
    let signs_itself = properties::policy(&mut *write).await?.signs;
    if status == State::WaitingSigning || covers == Covers::Both || signs_itself {
        let checked = policy::check(&der).map_err(Fault::refused)?;
        sign(authority, &mut write, &component, &id, &checked, via).await?;
    } else {
        set_status(&mut write, &id, &State::WaitingSigning, None).await?;
    }
    let status = standing(&mut write, &id).await?.status;
    decided(authority, write, "approve", &component, &der, &status, None).await?;
    Ok(Decided { id, status })
}

/// An administrator says no to the request with this id, or whose id alone begins so.
pub async fn refuse(authority: &Authority, id: &str, reason: &str) -> Result<Decided, Fault> {
    let reason = reason.trim();
    if reason.is_empty() || reason.len() > MAX_REASON || reason.chars().any(char::is_control) {
        return Err(Fault::refused(format!("the reason must be one line of 1 to {MAX_REASON} bytes")));
    }
    let mut write = authority.store.write().await?;
    let Waiting { id, component, der, .. } = waiting(&mut write, id).await?;
    let status = State::ValidationRefused;
    set_status(&mut write, &id, &status, Some(reason)).await?;
    decided(authority, write, "refuse", &component, &der, &status, Some(reason)).await?;
    Ok(Decided { id, status })
}

/// Undoes a component's registrations: revokes its certificates and drops its requests, but those of the serials in
/// `keep`. Returns how many requests.
pub async fn forget(authority: &Authority, identity: &Identity, keep: &[String]) -> Result<u64, Fault> {
    let mut write = authority.store.write().await?;
    let Some(component) = components::find(&mut write, identity).await? else { return Ok(0) };
    let serials: Vec<String> = query_scalar("SELECT serial FROM certificates WHERE component = $1")
        .bind(component.id)
        .fetch_all(&mut *write)
        .await?;
    let mut dropped = query("DELETE FROM requests WHERE component = $1 AND serial IS NULL")
        .bind(component.id)
        .execute(&mut *write)
        .await?;
    let forgotten = Entry::new("admin", "requests forgotten").component(identity);
    forgotten.write(&mut *write).await?;
    let mut entries = vec![forgotten];
    for serial in serials.iter().filter(|serial| !keep.contains(serial)) {
        dropped += query("DELETE FROM requests WHERE serial = $1").bind(serial).execute(&mut *write).await?;
        let revoked = Revoked { serial, reason: None, owner: None };
        entries.extend(certificates::revoke(&mut write, "admin", &revoked).await?);
    }
    believed_no_more(authority, write, &entries).await?;
    Ok(dropped)
}

/// Revokes one certificate and drops the request that it came from; `false` when it was revoked already.
pub async fn revoke(authority: &Authority, revoked: &Revoked<'_>) -> Result<bool, Fault> {
    let mut write = authority.store.write().await?;
    let Some(entry) = certificates::revoke(&mut write, "admin", revoked).await? else { return Ok(false) };
    believed_no_more(authority, write, &[entry]).await?;
    Ok(true)
}

/// Ends a decision that revoked certificates: from the next connection on nobody believes them.
pub(super) async fn believed_no_more(authority: &Authority, write: Tx, entries: &[Entry]) -> Result<(), Fault> {
    write.commit().await?;
    for entry in entries {
        authority.log.info(entry);
    }
    authority.refresh_revoked().await?;
    authority.decided.notify_waiters();
    Ok(())
}

/// A request that waits for an administrator.
struct Waiting {
    id: String,
    component: Component,
    der: Vec<u8>,
    status: State,
    via: Via,
}

/// The request with this id, or the only one whose id begins so; it must wait.
async fn waiting(write: &mut Tx, id: &str) -> Result<Waiting, Fault> {
    let rows: Vec<(String, i64, Vec<u8>, String, bool)> = query_as(
        "SELECT id, component, der, status, est FROM requests WHERE id = $1 OR id LIKE $2 ORDER BY id LIMIT 2",
    )
    .bind(id)
    .bind(beginning(id))
    .fetch_all(&mut **write)
    .await?;
    let is_begun_by_many = rows.len() > 1;
    let exact = rows.into_iter().next().filter(|(found, ..)| found == id || (!is_begun_by_many && !id.is_empty()));
    let Some((id, component, der, status, est)) = exact else {
        let text = if is_begun_by_many { "several requests begin with" } else { "there is no request" };
        return Err(Fault::refused(format!("{text} {id}")));
    };
    let status = State::from(status);
    if !status.is_pending() {
        return Err(Fault::refused(format!("the request {id} is decided already: {status}")));
    }
    let component = components::by_id(write, component).await?;
    Ok(Waiting { id, component, der, status, via: Via::from(est) })
}

/// What `LIKE` takes for all ids with this beginning; nothing when no id can begin so.
fn beginning(id: &str) -> String {
    let fits = id.bytes().all(|byte| byte == b'-' || byte.is_ascii_alphanumeric());
    if fits { format!("{id}%") } else { String::new() }
}

async fn set_status(write: &mut Tx, id: &str, status: &State, reason: Option<&str>) -> Result<(), Fault> {
    query("UPDATE requests SET status = $2, reason = $3 WHERE id = $1")
        .bind(id)
        .bind(status.to_string())
        .bind(reason)
        .execute(&mut **write)
        .await?;
    Ok(())
}

async fn decided(
    authority: &Authority,
    mut write: Tx,
    act: &'static str,
    component: &Component,
    der: &[u8],
    status: &State,
    reason: Option<&str>,
) -> Result<(), Fault> {
    let hash = request_hash(Some(der));
    let entry = Entry::new("admin", act).component(&component.identity).request(&hash).result(status, reason);
    entry.write(&mut *write).await?;
    write.commit().await?;
    authority.log.info(&entry);
    authority.decided.notify_waiters();
    Ok(())
}
