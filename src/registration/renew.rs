//! Renewing a certificate before it ends: asked for with the present one, for another key; the old keystore stays until
//! the new one was used.

use std::path::PathBuf;
use std::time::Duration;

use rcgen::{CertificateParams, DistinguishedName, DnType, DnValue, KeyPair, PublicKeyData, SanType};
use x509_parser::prelude::{FromDer, GeneralName, X509Certificate};

use super::attempt::Attempt;
use super::enrol::{RegisterError, Registration, key_entry};
use super::material::Material;
use super::signer::Signer;
use super::site::Site;
use crate::keystore::{KeystoreError, password_file, store};
use crate::secret::{Secret, Source};

/// What became of it.
#[derive(Debug)]
pub enum Renewal {
    /// Nothing is due yet, or there is nothing that could be renewed.
    NotDue,
    /// The keystore holds the new certificate; the old keystore stands in this folder until the new one was used.
    Renewed(PathBuf),
    /// The authority holds the request, or refused it; the present certificate stays in use.
    Waits(Registration),
}

/// Renews the certificate of a keystore when less than a third of its validity is left. Safe to repeat after any
/// interruption: a request that is held is submitted again with the same bytes, no earlier than the authority wants it.
pub async fn renew(site: &Site, signer: &Signer, secret: &Secret) -> Result<Renewal, RegisterError> {
    let attempt = Attempt::Renewal(site);
    let _lock = site.lock().map_err(|error| attempt.failed(error))?;
    let present = site.material()?.filter(Material::valid_now);
    if present.is_some() {
        // A whole keystore ends its registration, whatever an interruption left beside it.
        Attempt::First(site).remove().map_err(|error| attempt.failed(error))?;
    }
    let present = present.filter(Material::is_due);
    let Some(present) = present else {
        // One that was interrupted just before its end leaves temporaries behind.
        attempt.remove().map_err(|error| attempt.failed(error))?;
        return Ok(Renewal::NotDue);
    };
    let other_key = |key: &KeyPair| !present.is_for(&key.subject_public_key_info());
    let (key, pending) = match attempt.resume().filter(|(key, _)| other_key(key)) {
        Some(unfinished) => unfinished,
        None => attempt.begin(&same_names(&present)?)?,
    };
    if let Some(left) = pending.wait_left() {
        return Ok(Renewal::Waits(pending.waits(left)));
    }
    let answer = signer.ask(site, secret, Some(&present), &pending.request.0).await?;
    if answer.is_signed() {
        let entry = key_entry(site, &key, &answer)?;
        let folder = site.keep_old().map_err(|error| attempt.failed(error))?;
        let password = Source::File(password_file(&site.keystore())).read().map_err(KeystoreError::from)?;
        store(&site.keystore(), &entry, &password)?;
        attempt.remove().map_err(|error| attempt.failed(error))?;
        return Ok(Renewal::Renewed(folder));
    }
    if answer.status.is_pending() {
        attempt.keep(&answer.noted(pending))?;
    } else {
        // A refused request stays refused; the next attempt makes another.
        attempt.remove().map_err(|error| attempt.failed(error))?;
    }
    Ok(Renewal::Waits(answer.into_registration()))
}

/// Uses a renewed certificate where that was not done yet, and then gives the old keystore up. Tells whether it did.
pub async fn use_renewed(site: &Site, signer: &Signer, secret: &Secret) -> Result<bool, RegisterError> {
    let failed = |error| Attempt::Renewal(site).failed(error);
    let _lock = site.lock().map_err(failed)?;
    let Some(folder) = site.old() else { return Ok(false) };
    let Some(material) = site.material()?.filter(Material::valid_now) else { return Ok(false) };
    signer.show(site, secret, &material).await?;
    site.give_up_old(&folder).map_err(failed)?;
    Ok(true)
}

/// How long until the certificate of this material is due: nothing once it is.
pub fn time_left(material: &Material) -> Duration {
    let left = material.due_at().saturating_sub(jiff::Timestamp::now().as_second());
    Duration::from_secs(u64::try_from(left).unwrap_or_default())
}

/// A request for the subject and names of the present certificate (RFC 7030 section 4.2.2).
fn same_names(present: &Material) -> Result<CertificateParams, RegisterError> {
    let unreadable = || RegisterError::Request(rcgen::Error::CouldNotParseCertificate);
    let (_, parsed) = X509Certificate::from_der(present.leaf()).map_err(|_| unreadable())?;
    let mut params = CertificateParams::default();
    let mut subject = DistinguishedName::new();
    for attribute in parsed.subject().iter_attributes() {
        let kind: Vec<u64> = attribute.attr_type().iter().ok_or_else(unreadable)?.collect();
        let text = attribute.as_str().map_err(|_| unreadable())?;
        subject.push(DnType::from_oid(&kind), DnValue::Utf8String(text.to_owned()));
    }
    params.distinguished_name = subject;
    let names = parsed.subject_alternative_name().map_err(|_| unreadable())?;
    for name in names.iter().flat_map(|names| &names.value.general_names) {
        if let GeneralName::DNSName(name) = name {
            params.subject_alt_names.push(SanType::DnsName((*name).try_into()?));
        }
    }
    Ok(params)
}
