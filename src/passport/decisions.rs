//! What an administrator decides about requests and certificates.

use super::audit::{Entry, name};
use super::authority::Authority;
use super::components::{self, Component};
use super::requests::{Via, sign, standing};
use super::store::{Tx, query, query_as, query_scalar};
use super::{Fault, now, policy, properties};
use crate::registration::state::State;
use crate::registration::wire::{Identity, request_hash};

/// An administrator says yes: a request that waits for its validation is validated, one that waits for its signature
/// is signed. Returns the state it has then.
pub async fn approve(authority: &Authority, id: &str) -> Result<State, Fault> {
    let mut write = authority.store.write().await?;
    let Waiting { component, der, status, via } = waiting(&mut write, id).await?;
    let sign_now = status == State::WaitingSigning || properties::is_auto(&mut *write, properties::SIGNING).await?;
    if sign_now {
        let checked = policy::check(&der).map_err(Fault::refused)?;
        sign(authority, &mut write, &component, id, &checked, via).await?;
    } else {
        set_status(&mut write, id, &State::WaitingSigning, None).await?;
    }
    let status = standing(&mut write, id).await?.status;
    decided(authority, write, "approve", &component, &der, &status, None).await?;
    Ok(status)
}

/// An administrator says no.
pub async fn refuse(authority: &Authority, id: &str, reason: &str) -> Result<(), Fault> {
    let mut write = authority.store.write().await?;
    let Waiting { component, der, .. } = waiting(&mut write, id).await?;
    set_status(&mut write, id, &State::ValidationRefused, Some(reason)).await?;
    decided(authority, write, "refuse", &component, &der, &State::ValidationRefused, Some(reason)).await
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
    let mut revoked = Vec::new();
    let mut dropped = query("DELETE FROM requests WHERE component = $1 AND serial IS NULL")
        .bind(component.id)
        .execute(&mut *write)
        .await?;
    for serial in serials.into_iter().filter(|serial| !keep.contains(serial)) {
        dropped += query("DELETE FROM requests WHERE serial = $1").bind(&serial).execute(&mut *write).await?;
        if query("UPDATE certificates SET revoked = $2 WHERE serial = $1 AND revoked IS NULL")
            .bind(&serial)
            .bind(now())
            .execute(&mut *write)
            .await?
            == 1
        {
            revoked.push(serial);
        }
    }
    let mut entries = vec![Entry::new("admin", "requests forgotten").component(identity)];
    entries.extend(revoked.iter().map(|serial| Entry::new("admin", "revoke").component(identity).serial(serial)));
    believed_no_more(authority, write, &entries).await?;
    Ok(dropped)
}

/// Revokes one certificate of a component and drops the request that it came from. Repeated, it changes nothing.
pub async fn revoke(authority: &Authority, identity: &Identity, serial: &str) -> Result<(), Fault> {
    let serial = serial.to_lowercase();
    let mut write = authority.store.write().await?;
    let found: Option<(Option<i64>, Option<i64>)> =
        query_as("SELECT component, revoked FROM certificates WHERE serial = $1")
            .bind(&serial)
            .fetch_optional(&mut *write)
            .await?;
    let (owner, revoked) = found.ok_or_else(|| Fault::refused(format!("there is no certificate {serial}")))?;
    if revoked.is_some() {
        return Ok(());
    }
    let component = components::find(&mut write, identity).await?.map(|component| component.id);
    if component.is_none() || component != owner {
        return Err(Fault::refused(format!("the certificate {serial} is not one of {}", name(identity))));
    }
    query("UPDATE certificates SET revoked = $2 WHERE serial = $1")
        .bind(&serial)
        .bind(now())
        .execute(&mut *write)
        .await?;
    query("DELETE FROM requests WHERE serial = $1").bind(&serial).execute(&mut *write).await?;
    let entry = Entry::new("admin", "revoke").component(identity).serial(&serial);
    believed_no_more(authority, write, &[entry]).await
}

/// Ends a decision that revoked certificates: from the next connection on nobody believes them.
async fn believed_no_more(authority: &Authority, mut write: Tx, entries: &[Entry]) -> Result<(), Fault> {
    for entry in entries {
        entry.write(&mut *write).await?;
    }
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
    component: Component,
    der: Vec<u8>,
    status: State,
    via: Via,
}

async fn waiting(write: &mut Tx, id: &str) -> Result<Waiting, Fault> {
    let row: Option<(i64, Vec<u8>, String, bool)> =
        query_as("SELECT component, der, status, est FROM requests WHERE id = $1")
            .bind(id)
            .fetch_optional(&mut **write)
            .await?;
    let (component, der, status, est) = row.ok_or_else(|| Fault::refused(format!("there is no request {id}")))?;
    let status = State::from(status);
    if !status.is_pending() {
        return Err(Fault::refused(format!("the request {id} is decided already: {status}")));
    }
    let component = components::by_id(write, component).await?;
    Ok(Waiting { component, der, status, via: Via::from(est) })
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
