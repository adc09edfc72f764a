//! What one certificate says.

use serde::Serialize;
use sha2::{Digest, Sha256};
use x509_parser::prelude::{ExtendedKeyUsage, GeneralName, X509Certificate};
use x509_parser::public_key::PublicKey;

use super::list::{Listed, parse};
use crate::passport::Fault;
use crate::passport::audit::hex;

/// A certificate in full.
#[derive(Debug, Clone, Serialize)]
pub struct Details {
    /// What the list tells.
    #[serde(flatten)]
    pub listed: Listed,
    /// Who signed it.
    pub issuer: String,
    /// The kind of its key.
    pub key: String,
    /// What it is good for.
    pub usages: Vec<&'static str>,
    /// The names of a server.
    pub names: Vec<String>,
    /// SHA-256 over the whole, in hexadecimal.
    pub sha256: String,
}

impl Details {
    /// Reads them.
    pub fn of(listed: Listed) -> Result<Self, Fault> {
        let parsed = parse(&listed.der)?;
        Ok(Self {
            issuer: parsed.issuer().to_string(),
            key: key(&parsed),
            usages: usages(&parsed),
            names: names(&parsed),
            sha256: hex(&Sha256::digest(&listed.der)),
            listed,
        })
    }

    /// As lines for people, a value each.
    pub fn lines(&self) -> Vec<String> {
        let listed = &self.listed;
        let validity = format!("from {} to {}", listed.not_before, listed.not_after);
        let state = match &listed.reason {
            Some(reason) => format!("{}: {reason}", listed.state),
            None => listed.state.to_string(),
        };
        let lines = [
            ("serial", listed.serial.clone()),
            ("of", listed.owner()),
            ("subject", listed.subject.clone()),
            ("issuer", self.issuer.clone()),
            ("valid", validity),
            ("state", state),
            ("key", self.key.clone()),
            ("usages", self.usages.join(", ")),
            ("names", self.names.join(", ")),
            ("replaces", listed.replaces.clone().unwrap_or_default()),
            ("SHA-256", self.sha256.clone()),
        ];
        let told = lines.into_iter().filter(|(_, value)| !value.is_empty());
        told.map(|(name, value)| format!("{name:<8}  {value}")).collect()
    }
}

fn key(certificate: &X509Certificate<'_>) -> String {
    match certificate.public_key().parsed() {
        Ok(PublicKey::EC(point)) => format!("P-{}", point.key_size()),
        Ok(PublicKey::RSA(key)) => format!("RSA {}", key.key_size()),
        _ => "unknown".to_owned(),
    }
}

fn usages(certificate: &X509Certificate<'_>) -> Vec<&'static str> {
    if certificate.is_ca() {
        return vec!["signing certificates"];
    }
    let told = |usage: &ExtendedKeyUsage<'_>| {
        let known = [(usage.client_auth, "client authentication"), (usage.server_auth, "server authentication")];
        known.into_iter().filter(|(is_set, _)| *is_set).map(|(_, name)| name).collect()
    };
    certificate.extended_key_usage().ok().flatten().map(|usage| told(usage.value)).unwrap_or_default()
}

fn names(certificate: &X509Certificate<'_>) -> Vec<String> {
    let Ok(Some(names)) = certificate.subject_alternative_name() else { return Vec::new() };
    names.value.general_names.iter().filter_map(name).collect()
}

fn name(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => match <[u8; 4]>::try_from(*bytes) {
            Ok(bytes) => Some(std::net::Ipv4Addr::from(bytes).to_string()),
            Err(_) => Some(std::net::Ipv6Addr::from(<[u8; 16]>::try_from(*bytes).ok()?).to_string()),
        },
        _ => None,
    }
}
