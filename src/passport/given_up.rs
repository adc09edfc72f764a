//! What a component that registered anew gives up: its earlier certificate and request, which nobody shall believe any
//! more. The component has proved the secret; a certificate must be the one that its connection shows.

use super::Fault;
use super::audit::{Entry, hex};
use super::authority::Authority;
use super::certificates::{Revoked, revoke};
use super::components::Component;
use super::store::{Tx, query, query_as, query_scalar};
use crate::registration::wire::GivesUp;

/// Why, in the audit and for whoever looks at the certificate.
const REASON: &str = "given up by its component, which registered anew";

/// One thing that was given up: its audit row, and one line for the component.
pub struct Given {
    entry: Entry,
    line: String,
}

/// Revokes and drops it, in the transaction of the proof. What is gone already is passed over.
pub async fn drop_all(
    tx: &mut Tx,
    component: &Component,
    gives_up: &GivesUp,
    shown: Option<&str>,
) -> Result<Vec<Given>, Fault> {
    let mut given = Vec::new();
    if let (true, Some(serial)) = (gives_up.certificate, shown) {
        given.extend(certificate(tx, component, serial).await?);
    }
    if let Some(hash) = &gives_up.request_hash {
        given.extend(request(tx, component, &hash.0).await?);
    }
    Ok(given)
}

/// Tells of it once the transaction is committed: from the next connection on nobody believes it.
pub async fn told(authority: &Authority, given: Vec<Given>) -> Result<Vec<String>, Fault> {
    if given.is_empty() {
        return Ok(Vec::new());
    }
    for one in &given {
        authority.log.info(&one.entry);
    }
    authority.refresh_revoked().await?;
    Ok(given.into_iter().map(|one| one.line).collect())
}

async fn certificate(tx: &mut Tx, component: &Component, serial: &str) -> Result<Option<Given>, Fault> {
    let own: Option<String> =
        query_scalar("SELECT serial FROM certificates WHERE serial = $1 AND component = $2 AND revoked IS NULL")
            .bind(serial)
            .bind(component.id)
            .fetch_optional(&mut **tx)
            .await?;
    let Some(serial) = own else { return Ok(None) };
    let revoked = Revoked { serial: &serial, reason: Some(REASON), owner: None };
    let entry = revoke(tx, "component", &revoked).await?;
    Ok(entry.map(|entry| Given { entry, line: format!("the certificate {serial} is revoked") }))
}

async fn request(tx: &mut Tx, component: &Component, hash: &[u8]) -> Result<Option<Given>, Fault> {
    let found: Option<(String, Option<String>)> =
        query_as("SELECT id, serial FROM requests WHERE component = $1 AND hash = $2")
            .bind(component.id)
            .bind(hash)
            .fetch_optional(&mut **tx)
            .await?;
    match found {
        None => Ok(None),
        Some((_, Some(serial))) => certificate(tx, component, &serial).await,
        Some((id, None)) => {
            query("DELETE FROM requests WHERE id = $1").bind(&id).execute(&mut **tx).await?;
            let reason = format!("request {id} with SHA-256 {} {REASON}", hex(hash));
            let entry = Entry::new("component", "request forgotten").component(&component.identity);
            let entry = entry.result("ok", Some(&reason));
            entry.write(&mut **tx).await?;
            Ok(Some(Given { entry, line: format!("the request {id} is dropped") }))
        }
    }
}
