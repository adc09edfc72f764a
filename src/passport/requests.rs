//! Certificate requests from submission to certificate. The same request from the same component is the same request,
//! and a certificate is issued once.

use tokio::time::{Instant, timeout_at};

use super::audit::Entry;
use super::authority::Authority;
use super::ca::{Issued, Profile};
use super::certificates;
use super::components::Component;
use super::secrets::random_id;
use super::store::{Query, Row, Store, Tx, query, query_as, query_scalar};
use super::{Fault, now, policy, properties, time_text};
use crate::registration::state::State;
use crate::registration::wire::{Identity, request_hash};
use crate::schedule::Period;

/// How a request came; its certificate is made accordingly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    /// With a proof, by a component that is ours.
    Proof,
    /// By EST, from a third party: a certificate for clients, with the DNS names that policy leaves.
    Est,
}

impl From<bool> for Via {
    fn from(est: bool) -> Self {
        if est { Self::Est } else { Self::Proof }
    }
}

/// Where a request stands.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The request's number; none when the request could not be taken in at all.
    pub id: Option<String>,
    /// Its state.
    pub status: State,
    /// The certificate, DER.
    pub certificate: Option<Vec<u8>>,
    /// Why it was refused.
    pub reason: Option<String>,
}

/// A request as an administrator sees it.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Listed {
    /// Its number.
    pub id: String,
    /// Component name.
    pub component: String,
    /// Component instance.
    pub instance: String,
    /// The subject that was asked for.
    pub subject: String,
    /// Its state.
    pub status: State,
    /// When it came (RFC 3339).
    pub received: String,
    /// Why it was refused.
    pub reason: Option<String>,
}

/// A request as it came.
pub struct Submission<'a> {
    der: &'a [u8],
    checked: Result<policy::Checked, &'static str>,
    via: Via,
    shown: Option<&'a str>,
}

impl<'a> Submission<'a> {
    /// Checks it: best before the write begins, since others wait for that. `shown` is the serial of the certificate
    /// that the connection shows; if it is the component's, the request renews it.
    pub fn new(der: &'a [u8], via: Via, shown: Option<&'a str>) -> Self {
        Self { der, checked: policy::check(der), via, shown }
    }
}

/// Takes a request in, or finds the one it repeats, and drives it as far as it goes without an administrator.
pub async fn submit(
    authority: &Authority,
    write: &mut Tx,
    component: &Component,
    submission: &Submission<'_>,
) -> Result<Standing, Fault> {
    let Submission { der, checked, via, shown } = submission;
    let hash = request_hash(Some(der));
    let known: Option<String> = query_scalar("SELECT id FROM requests WHERE component = $1 AND hash = $2")
        .bind(component.id)
        .bind(hash.as_slice())
        .fetch_optional(&mut **write)
        .await?;
    if let Some(id) = known {
        return standing(write, &id).await;
    }
    let checked = match checked {
        Ok(checked) => checked,
        Err(reason) => {
            let reason = Some((*reason).to_owned());
            return Ok(Standing { id: None, status: State::ValidationRefused, certificate: None, reason });
        }
    };
    let policy = properties::policy(&mut **write).await?;
    let replaces = certificates::replaced(write, component, *shown).await?;
    let mut standing = Standing { id: Some(random_id('r')), status: State::New, certificate: None, reason: None };
    let mut serial = None;
    standing.status = match (policy.validates, policy.signs) {
        (false, _) => State::WaitingValidation,
        (true, false) => State::WaitingSigning,
        (true, true) => {
            let issued =
                issue(authority, write, component, checked, *via, policy.validity, replaces.as_deref()).await?;
            (serial, standing.certificate) = (Some(issued.serial), Some(issued.der.to_vec()));
            State::Registered
        }
    };
    query(
        "INSERT INTO requests (id, component, hash, der, subject, status, received, est, replaces, serial, number)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, (SELECT COALESCE(MAX(number), 0) + 1 FROM requests))",
    )
    .bind(&standing.id)
    .bind(component.id)
    .bind(hash.as_slice())
    .bind(*der)
    .bind(&checked.subject)
    .bind(standing.status.to_string())
    .bind(now())
    .bind(*via == Via::Est)
    .bind(replaces)
    .bind(serial)
    .execute(&mut **write)
    .await?;
    Ok(standing)
}

/// Waits for an administrator's decision, as long as the property says; then tells where the request stands.
pub async fn wait(authority: &Authority, mut standing: Standing) -> Result<Standing, Fault> {
    let Some(id) = standing.id.clone().filter(|_| standing.status.is_pending()) else { return Ok(standing) };
    let deadline = Instant::now() + properties::wait_time(&authority.store).await?;
    while standing.status.is_pending() {
        let decided = authority.decided.notified();
        tokio::pin!(decided);
        decided.as_mut().enable();
        standing = self::standing(&mut authority.store.read().await?, &id).await?;
        if !standing.status.is_pending() || timeout_at(deadline, decided).await.is_err() {
            break;
        }
    }
    Ok(standing)
}

/// Whether the component has a certificate that is good now.
pub async fn has_certificate(write: &mut Tx, component: &Component) -> Result<bool, Fault> {
    let found: bool = query_scalar(
        "SELECT EXISTS (SELECT 1 FROM certificates WHERE component = $1 AND revoked IS NULL AND not_after > $2)",
    )
    .bind(component.id)
    .bind(now())
    .fetch_one(&mut **write)
    .await?;
    Ok(found)
}

/// The requests of the table, in this order before the newest first.
macro_rules! listed {
    ($order:literal) => {
        query(concat!(
            "SELECT requests.*, components.name, components.instance FROM requests
             JOIN components ON components.id = requests.component ORDER BY ",
            $order,
            "received DESC, requests.number DESC LIMIT $1"
        ))
    };
}

/// All requests, the newest first.
pub async fn list(store: &Store) -> Result<Vec<Listed>, Fault> {
    rows(store, listed!(""), i64::MAX).await
}

/// Those that wait for an administrator and then the others, at most so many; the newest first.
pub async fn waiting_first(store: &Store, limit: u32) -> Result<Vec<Listed>, Fault> {
    let waiting_first = listed!("CASE WHEN status IN ('Waiting Validation', 'Waiting Signing') THEN 0 ELSE 1 END, ");
    rows(store, waiting_first, i64::from(limit)).await
}

async fn rows(store: &Store, query: Query, limit: i64) -> Result<Vec<Listed>, Fault> {
    let rows = query.bind(limit).fetch_all(store.reader()).await?;
    rows.iter().map(|row| listed(row).map_err(Fault::from)).collect()
}

fn listed(row: &Row) -> Result<Listed, sqlx::Error> {
    Ok(Listed {
        id: row.try_get("id")?,
        component: row.try_get("name")?,
        instance: row.try_get("instance")?,
        subject: row.try_get("subject")?,
        status: State::from(row.try_get::<String>("status")?),
        received: time_text(row.try_get("received")?),
        reason: row.try_get("reason")?,
    })
}

/// Issues the certificate of a request that waits.
pub(super) async fn sign(
    authority: &Authority,
    write: &mut Tx,
    component: &Component,
    id: &str,
    checked: &policy::Checked,
    via: Via,
) -> Result<(), Fault> {
    let validity = properties::policy(&mut **write).await?.validity;
    let replaces: Option<String> =
        query_scalar("SELECT replaces FROM requests WHERE id = $1").bind(id).fetch_one(&mut **write).await?;
    let issued = issue(authority, write, component, checked, via, validity, replaces.as_deref()).await?;
    query("UPDATE requests SET status = $2, serial = $3 WHERE id = $1")
        .bind(id)
        .bind(State::Registered.to_string())
        .bind(&issued.serial)
        .execute(&mut **write)
        .await?;
    Ok(())
}

async fn issue(
    authority: &Authority,
    write: &mut Tx,
    component: &Component,
    checked: &policy::Checked,
    via: Via,
    validity: Period,
    replaces: Option<&str>,
) -> Result<Issued, Fault> {
    let Identity { name, instance, .. } = &component.identity;
    let (listens_as, names) = match via {
        Via::Proof => (component.listens.then(|| component.identity.dns_name()), Vec::new()),
        Via::Est => (None, policy::kept(&checked.names, &authority.config.host)),
    };
    let common_name = format!("{name}/{instance}");
    let profile = Profile { common_name: &common_name, listens_as: listens_as.as_deref(), names: &names };
    let issued = authority.ca.component(&checked.key, &profile, validity)?;
    query(
        "INSERT INTO certificates (serial, component, der, not_before, not_after, replaces)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(&issued.serial)
    .bind(component.id)
    .bind(issued.der.as_ref())
    .bind(issued.not_before)
    .bind(issued.not_after)
    .bind(replaces)
    .execute(&mut **write)
    .await?;
    let entry = Entry::new("policy", "issue").component(&component.identity).serial(&issued.serial);
    entry.write(&mut **write).await?;
    authority.log.info(&entry);
    Ok(issued)
}

/// Where the request with this number stands.
pub(super) async fn standing(write: &mut Tx, id: &str) -> Result<Standing, Fault> {
    let row: Option<(String, Option<String>, Option<Vec<u8>>)> = query_as(
        "SELECT requests.status, requests.reason, certificates.der FROM requests
         LEFT JOIN certificates ON certificates.serial = requests.serial WHERE requests.id = $1",
    )
    .bind(id)
    .fetch_optional(&mut **write)
    .await?;
    if let Some((status, reason, certificate)) = row {
        Ok(Standing { id: Some(id.to_owned()), status: State::from(status), certificate, reason })
    } else {
        let reason = Some("the request was dropped by an administrator".to_owned());
        Ok(Standing { id: None, status: State::Failed, certificate: None, reason })
    }
}
