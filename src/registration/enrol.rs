//! Driving one registration: key pair, request, proof, certificate, keystore; safe to repeat after any interruption.

use std::time::Duration;

use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair, PublicKeyData};
use thiserror::Error;
use zeroize::Zeroizing;

use super::attempt::Attempt;
use super::est::EstError;
use super::issued::{self, Unfit};
use super::prove::ProofError;
use super::signer::{Answer, Signer};
use super::site::{Pending, Site};
use super::state::State;
use super::wire::{Bytes, Identity};
use crate::keystore::{KeyEntry, KeystoreError, store};
use crate::secret::{Secret, generate_password};

/// How a registration stands after it was driven as far as it goes now.
#[derive(Debug)]
pub struct Registration {
    /// The state.
    pub state: State,
    /// The authority's reason, when it refused.
    pub reason: Option<String>,
    /// When the authority wants to be asked again, where it says so.
    pub retry_after: Option<Duration>,
}

/// Why a registration could not be driven. Each text is one line for people.
#[derive(Debug, Error)]
pub enum RegisterError {
    /// The proof did not succeed.
    #[error(transparent)]
    Proof(#[from] ProofError),
    /// A foreign EST server could not be asked.
    #[error(transparent)]
    Est(#[from] EstError),
    /// The certificate that came does not fit.
    #[error("the certificate from the authority is not used: {0}")]
    Certificate(#[from] Unfit),
    /// The keystore cannot be written or read.
    #[error(transparent)]
    Keystore(#[from] KeystoreError),
    /// A file cannot be written.
    #[error("the registration's files in {0} cannot be written: {1}")]
    Files(String, std::io::Error),
    /// A key or request could not be made.
    #[error("the certificate request cannot be made: {0}")]
    Request(#[from] rcgen::Error),
}

/// Registers a component, or goes on where an earlier attempt stopped.
///
/// A valid keystore is left as it is. A pending request is submitted again with exactly the same bytes, so that it
/// stays the same request; at once, whatever the authority said of when to ask: somebody wants to know now.
pub async fn register(site: &Site, signer: &Signer, secret: &Secret) -> Result<Registration, RegisterError> {
    drive(site, signer, secret, |_| None).await
}

/// The same for a process that nobody waits for: it asks no earlier than the authority wants to be asked, and tells what
/// it was told until then.
pub async fn register_in_turn(site: &Site, signer: &Signer, secret: &Secret) -> Result<Registration, RegisterError> {
    drive(site, signer, secret, Pending::wait_left).await
}

async fn drive(
    site: &Site,
    signer: &Signer,
    secret: &Secret,
    wait: impl FnOnce(&Pending) -> Option<Duration>,
) -> Result<Registration, RegisterError> {
    let attempt = Attempt::First(site);
    let files = |error| attempt.failed(error);
    let _lock = site.lock().map_err(files)?;
    if let Ok(Some(material)) = site.material()
        && material.valid_now()
    {
        site.remove_temporaries().map_err(files)?;
        return Ok(Registration { state: State::Registered, reason: None, retry_after: None });
    }
    if site.keystore().exists() {
        // Expired or unreadable: kept for whoever wants to look, but no longer in the way.
        site.set_aside_locked().map_err(files)?;
    }
    let (key, pending) = match attempt.resume() {
        Some(unfinished) => unfinished,
        None => attempt.begin(&first_request(&site.identity))?,
    };
    if let Some(left) = wait(&pending) {
        return Ok(pending.waits(left));
    }
    let answer = signer.ask(site, secret, None, &pending.request.0).await?;
    if answer.is_signed() {
        store(&site.keystore(), &key_entry(site, &key, &answer)?, &generate_password())?;
        attempt.remove().map_err(files)?;
    } else {
        attempt.keep(&answer.noted(pending))?;
    }
    Ok(answer.into_registration())
}

fn first_request(identity: &Identity) -> CertificateParams {
    let mut name = DistinguishedName::new();
    name.push(DnType::OrganizationName, "Countersign");
    name.push(DnType::CommonName, format!("{}/{}", identity.name, identity.instance));
    let mut params = CertificateParams::default();
    params.distinguished_name = name;
    params
}

/// The keystore entry, after the certificate was checked: our key, valid now, signed by a CA that is pinned.
pub(super) fn key_entry(site: &Site, key: &KeyPair, answer: &Answer) -> Result<KeyEntry, RegisterError> {
    let chain = issued::chain(&key.subject_public_key_info(), &answer.came, &answer.pinned)?;
    Ok(KeyEntry {
        alias: site.repository.to_lowercase(),
        created: jiff::Timestamp::now(),
        key: Zeroizing::new(key.serialize_der()),
        chain,
    })
}

impl Answer {
    /// Whether a certificate came.
    pub(super) fn is_signed(&self) -> bool {
        self.status == State::Registered && !self.came.is_empty()
    }

    /// What is kept of it while it is not signed.
    pub(super) fn noted(&self, pending: Pending) -> Pending {
        let ca = self.pinned.first().map(|ca| Bytes(ca.to_vec()));
        let at = |after: Duration| jiff::Timestamp::now().as_second().saturating_add_unsigned(after.as_secs());
        let ask_after = self.retry_after.map(at);
        Pending { request_id: self.request_id.clone(), ca, status: self.status.clone(), ask_after, ..pending }
    }

    /// What it comes to.
    pub(super) fn into_registration(self) -> Registration {
        Registration { state: self.status, reason: self.reason, retry_after: self.retry_after }
    }
}

impl Pending {
    /// What it comes to while the authority does not want to be asked.
    pub(super) fn waits(self, left: Duration) -> Registration {
        Registration { state: self.status, reason: None, retry_after: Some(left) }
    }
}
