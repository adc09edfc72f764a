//! Driving one registration: key pair, request, proof, certificate, keystore; safe to repeat after any interruption.

use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair, PKCS_ECDSA_P256_SHA256, PublicKeyData};
use rustls_pki_types::{PrivateKeyDer, pem::PemObject};
use thiserror::Error;
use x509_parser::prelude::{FromDer, X509Certificate};
use zeroize::Zeroizing;

use super::material::Validity;
use super::prove::{ProofError, prove};
use super::site::{Pending, Site};
use super::state::State;
use super::wire::{Bytes, Identity, Outcome, Purpose};
use crate::fs::{PRIVATE_FILE, replace};
use crate::keystore::{KeyEntry, KeystoreError, store};
use crate::secret::{Secret, generate_password};

/// How a registration stands after it was driven as far as it goes now.
#[derive(Debug)]
pub struct Registration {
    /// The state.
    pub state: State,
    /// The authority's reason, when it refused.
    pub reason: Option<String>,
}

/// Why a registration could not be driven. Each text is one line for people.
#[derive(Debug, Error)]
pub enum RegisterError {
    /// The proof did not succeed.
    #[error(transparent)]
    Proof(#[from] ProofError),
    /// The certificate that came does not fit.
    #[error("the certificate from the authority is not used: {0}")]
    Certificate(&'static str),
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
/// stays the same request.
pub async fn register(site: &Site, secret: &Secret) -> Result<Registration, RegisterError> {
    let files = |error| RegisterError::Files(site.conf.display().to_string(), error);
    let _lock = site.lock().map_err(files)?;
    if let Ok(Some(material)) = site.material()
        && material.valid_now()
    {
        site.remove_temporaries().map_err(files)?;
        return Ok(Registration { state: State::Registered, reason: None });
    }
    if site.keystore().exists() {
        // Expired or unreadable: kept for whoever wants to look, but no longer in the way.
        site.set_aside_locked().map_err(files)?;
    }
    let (key, mut pending) = match resume(site) {
        Some(unfinished) => unfinished,
        None => begin(site)?,
    };
    let peer = site.peer(None);
    let proved = prove(&peer, &site.identity, secret, Purpose::Enrol, Some(&pending.request.0)).await?;
    let Outcome { status, certificate, request_id, ca, reason } = proved.outcome;
    if let (State::Registered, Some(certificate)) = (&status, certificate) {
        let entry = key_entry(site, &key, certificate, ca)?;
        store(&site.keystore(), &entry, &generate_password())?;
        site.remove_temporaries().map_err(files)?;
    } else {
        pending = Pending { request_id, ca: ca.into_iter().next(), status: status.clone(), ..pending };
        write_pending(site, &pending)?;
    }
    Ok(Registration { state: status, reason })
}

/// The key pair and request of an interrupted registration, if both temporaries are whole.
fn resume(site: &Site) -> Option<(KeyPair, Pending)> {
    let pending = site.pending()?;
    let pem = Zeroizing::new(std::fs::read(site.beside("key")).ok()?);
    let der = PrivateKeyDer::from_pem_slice(&pem).ok()?;
    let key = KeyPair::from_der_and_sign_algo(&der, &PKCS_ECDSA_P256_SHA256).ok()?;
    Some((key, pending))
}

/// Makes key pair and request and writes the temporaries; the request is the last, since it makes the attempt whole.
fn begin(site: &Site) -> Result<(KeyPair, Pending), RegisterError> {
    let files = |error| RegisterError::Files(site.conf.display().to_string(), error);
    site.remove_temporaries().map_err(files)?;
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
    let mut params = CertificateParams::default();
    params.distinguished_name = subject(&site.identity);
    let request = params.serialize_request(&key)?;
    let pem = Zeroizing::new(key.serialize_pem());
    replace(&site.beside("key"), pem.as_bytes(), PRIVATE_FILE).map_err(files)?;
    replace(&site.beside("pub"), key.public_key_pem().as_bytes(), PRIVATE_FILE).map_err(files)?;
    let pending =
        Pending { request_id: None, request: Bytes(request.der().to_vec()), ca: None, status: State::Submitted };
    write_pending(site, &pending)?;
    Ok((key, pending))
}

fn subject(identity: &Identity) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::OrganizationName, "Countersign");
    name.push(DnType::CommonName, format!("{}/{}", identity.name, identity.instance));
    name
}

fn write_pending(site: &Site, pending: &Pending) -> Result<(), RegisterError> {
    let json = pending.to_json().map_err(std::io::Error::from);
    json.and_then(|json| replace(&site.beside("csrid"), &json, PRIVATE_FILE))
        .map_err(|error| RegisterError::Files(site.conf.display().to_string(), error))
}

/// The keystore entry, after the certificate was checked: our key, valid now, signed by the CA that came with it.
fn key_entry(site: &Site, key: &KeyPair, certificate: Bytes, ca: Vec<Bytes>) -> Result<KeyEntry, RegisterError> {
    let refuse = RegisterError::Certificate;
    let issuer = ca.first().ok_or(refuse("no CA came with it"))?;
    let (_, leaf) = X509Certificate::from_der(&certificate.0).map_err(|_| refuse("it cannot be read"))?;
    let (_, signer) = X509Certificate::from_der(&issuer.0).map_err(|_| refuse("its CA cannot be read"))?;
    if leaf.public_key().raw != key.subject_public_key_info() {
        return Err(refuse("it is for another key"));
    }
    if leaf.verify_signature(Some(signer.public_key())).is_err() {
        return Err(refuse("its CA did not sign it"));
    }
    if !Validity::of(&certificate.0).is_some_and(Validity::holds_now) {
        return Err(refuse("it is not valid now: compare the clocks of both hosts"));
    }
    let mut chain = vec![certificate.0];
    chain.extend(ca.into_iter().map(|certificate| certificate.0));
    Ok(KeyEntry {
        alias: site.repository.to_lowercase(),
        created: jiff::Timestamp::now(),
        key: Zeroizing::new(key.serialize_der()),
        chain,
    })
}
