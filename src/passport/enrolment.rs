//! What an EST request leads to, once it is known who asks: the same requests, rows and waits as after a proof.

use x509_parser::certification_request::X509CertificationRequest;
use x509_parser::extensions::{GeneralName, ParsedExtension};
use x509_parser::prelude::{FromDer, X509Certificate, X509Extension};
use x509_parser::x509::X509Name;

use super::audit::Entry;
use super::authority::Authority;
use super::components::{self, Component};
use super::outcome::{conclude, failed};
use super::requests::{self, Standing, Submission, Via};
use super::store::{Tx, query_as};
use super::{Fault, csd, properties};
use crate::registration::wire::{Identity, PROBE_COMPONENT, request_hash};

/// Version and group of a component that is taken in by its name alone.
const NOT_TOLD: &str = "unknown";

/// Who asks for a certificate.
#[derive(Debug)]
pub enum Asker {
    /// Somebody who gave this accepted secret in the name of a component.
    Secret {
        /// Component name.
        name: String,
        /// Component instance.
        instance: String,
        /// The secret.
        secret_id: String,
    },
    /// The holder of the certificate with this serial.
    Certificate(String),
}

/// The answer to a request.
#[derive(Debug)]
pub enum Answer {
    /// It was taken in or found again.
    Standing(Standing),
    /// There is no such component: to be told like a wrong secret.
    NoComponent,
    /// The label is another component's.
    OtherLabel,
}

/// Takes a request in and waits for its certificate as long as the property says.
pub async fn enrol(
    authority: &Authority,
    entry: Entry,
    asker: &Asker,
    label: Option<&str>,
    der: &[u8],
) -> Result<Answer, Fault> {
    let shown = if let Asker::Certificate(serial) = asker { Some(serial.as_str()) } else { None };
    let submission = Submission::new(der, Via::Est, shown);
    let mut tx = authority.store.write().await?;
    let found = match asker {
        Asker::Secret { name, instance, .. } => by_name(&mut tx, name, instance).await?,
        Asker::Certificate(serial) => by_certificate(&mut tx, serial, der).await?,
    };
    let entry = entry.request(&request_hash(Some(der)));
    let component = match found {
        Found::Component(component) => component,
        Found::Nobody(reason) => {
            let entry = entry.result("refused", Some(&reason));
            entry.write(&mut *tx).await?;
            tx.commit().await?;
            authority.log.info(&entry);
            return Ok(Answer::NoComponent);
        }
        Found::Refused(reason) => {
            return Ok(Answer::Standing(conclude(authority, tx, entry, failed(reason), false).await?));
        }
    };
    if label.is_some_and(|label| label != component.identity.name) {
        return Ok(Answer::OtherLabel);
    }
    let entry = entry.component(&component.identity);
    let holds_another = match asker {
        Asker::Secret { secret_id, .. } => components::proved(&mut tx, &component, secret_id).await?,
        Asker::Certificate(_) => false,
    };
    let standing = requests::submit(authority, &mut tx, &component, &submission).await?;
    Ok(Answer::Standing(conclude(authority, tx, entry, standing, holds_another).await?))
}

enum Found {
    Component(Component),
    /// In one line why, for the audit alone.
    Nobody(String),
    /// In one line why, for whoever asks.
    Refused(String),
}

async fn by_name(tx: &mut Tx, name: &str, instance: &str) -> Result<Found, Fault> {
    let mut known = components::named(tx, name, instance).await?;
    match (known.pop(), known.is_empty()) {
        (Some(component), true) => Ok(Found::Component(component)),
        (Some(_), false) => Ok(Found::Refused(format!(
            "several components are called {name:?} with the instance {instance:?}: remove those of other versions"
        ))),
        (None, _) => stranger(tx, name, instance).await,
    }
}

async fn stranger(tx: &mut Tx, name: &str, instance: &str) -> Result<Found, Fault> {
    let is_usable = csd::usable(name) && csd::usable(instance) && name != PROBE_COMPONENT;
    if !is_usable || properties::get(&mut **tx, properties::UNKNOWN_COMPONENTS).await? != "accept" {
        return Ok(Found::Nobody(format!("no component is called {name:?} with the instance {instance:?}")));
    }
    let identity = Identity {
        name: name.to_owned(),
        version: NOT_TOLD.to_owned(),
        group: NOT_TOLD.to_owned(),
        instance: instance.to_owned(),
    };
    Ok(Found::Component(components::take_in(tx, &identity).await?))
}

/// The component that a certificate was issued to, if this request may renew it.
async fn by_certificate(tx: &mut Tx, serial: &str, der: &[u8]) -> Result<Found, Fault> {
    let row: Option<(Option<i64>, Vec<u8>, Option<i64>)> =
        query_as("SELECT component, der, revoked FROM certificates WHERE serial = $1")
            .bind(serial)
            .fetch_optional(&mut **tx)
            .await?;
    // A connection that was open when its certificate was revoked must not go on.
    let Some((Some(component), certificate, None)) = row else {
        return Ok(Found::Refused("the certificate was revoked, or its component is not known any more".into()));
    };
    if let Err(reason) = may_renew(&certificate, der) {
        return Ok(Found::Refused(reason.into()));
    }
    Ok(Found::Component(components::by_id(tx, component).await?))
}

/// A request renews a certificate only for the same names (RFC 7030, 4.2.2). A certificate that is good for a server
/// too came with a proof and is renewed by one: EST gives certificates for clients. A request that cannot be read is
/// told so by whoever takes it in.
fn may_renew(certificate: &[u8], request: &[u8]) -> Result<(), &'static str> {
    let (_, old) = X509Certificate::from_der(certificate).map_err(|_| "the certificate cannot be read")?;
    let Ok((_, request)) = X509CertificationRequest::from_der(request) else { return Ok(()) };
    if old.extended_key_usage().ok().flatten().is_some_and(|usage| usage.value.server_auth) {
        return Err("the certificate is good for a server too: EST renews certificates for clients only");
    }
    if parts(old.subject()) != parts(&request.certification_request_info.subject) {
        return Err("the request's subject is not that of the certificate to renew");
    }
    let asked = request.requested_extensions().into_iter().flatten();
    if names(old.iter_extensions().map(X509Extension::parsed_extension)) != names(asked) {
        return Err("the request's alternative names are not those of the certificate to renew");
    }
    Ok(())
}

/// A name as types and texts, however these are encoded.
fn parts(name: &X509Name<'_>) -> Vec<(String, String)> {
    let part = |attribute: &x509_parser::x509::AttributeTypeAndValue<'_>| {
        let text = attribute.as_str().map_or_else(|_| super::audit::hex(attribute.as_slice()), str::to_owned);
        (attribute.attr_type().to_id_string(), text)
    };
    name.iter_attributes().map(part).collect()
}

/// Alternative names without their order; host names in lower case.
fn names<'a>(extensions: impl Iterator<Item = &'a ParsedExtension<'a>>) -> Vec<String> {
    let names = extensions.filter_map(|extension| match extension {
        ParsedExtension::SubjectAlternativeName(names) => Some(&names.general_names),
        _ => None,
    });
    let one = |name: &GeneralName<'_>| match name {
        GeneralName::DNSName(name) => name.to_ascii_lowercase(),
        other => format!("{other:?}"),
    };
    let mut names: Vec<String> = names.flatten().map(one).collect();
    names.sort();
    names
}
