//! Keys and certificates: the CA, the certificates of the authority's two ports, and what it issues to components.

use std::net::IpAddr;
use std::time::Duration;

use rand::RngExt;
use rcgen::{
    BasicConstraints, Certificate, CertificateParams, CertificateRevocationListParams, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, IsCa, Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose, PublicKeyData, RevocationReason,
    RevokedCertParams, SanType, SerialNumber,
};
use rustls_pki_types::{CertificateDer, CertificateRevocationListDer};
use x509_parser::prelude::{FromDer, GeneralName, X509Certificate};

use super::audit::{hex, unhex};
use super::{Fault, now};
use crate::registration::wire::AUTHORITY_NAME;
use crate::schedule::Period;

/// How far into the past a certificate's validity begins, so that a client whose clock is behind can use it at once.
const BACKDATED: i64 = 10 * 60;
const DAY: i64 = 24 * 60 * 60;
const YEAR: i64 = 365 * DAY;
/// Validity of the CA, in seconds.
const CA_VALIDITY: i64 = 20 * YEAR;
/// Validity of the ports' certificates, in seconds: as long as the CA, because third parties import them one by one.
const SERVER_VALIDITY: i64 = 20 * YEAR - DAY;
/// How long a revocation list says that it is good for, in seconds.
const LIST_VALIDITY: i64 = 7 * DAY;
const ORGANISATION: &str = "Countersign";

/// The CA, ready to sign.
pub struct Ca {
    certificate: CertificateDer<'static>,
    issuer: Issuer<'static, KeyPair>,
}

/// A certificate just made.
pub struct Issued {
    /// DER.
    pub der: CertificateDer<'static>,
    /// Its serial in hexadecimal.
    pub serial: String,
    /// Seconds since 1970.
    pub not_before: i64,
    /// Seconds since 1970.
    pub not_after: i64,
}

/// One revoked certificate, for a list.
pub struct Revocation {
    /// Its serial in hexadecimal.
    pub serial: String,
    /// When it was revoked, in seconds since 1970.
    pub at: i64,
    /// Whether it was renewed and the newer one was used.
    pub is_superseded: bool,
}

/// What policy lets a component's certificate say.
pub struct Profile<'a> {
    /// The common name.
    pub common_name: &'a str,
    /// The one DNS name of a component that listens; without it the certificate is for clients only.
    pub listens_as: Option<&'a str>,
    /// Further DNS names, which make nobody a server.
    pub names: &'a [String],
}

impl Ca {
    /// Makes a new one: P-256, no intermediate below it. Returns its private key (PKCS#8 DER) too.
    pub fn make() -> Result<(Self, Vec<u8>), Fault> {
        let key = KeyPair::generate()?;
        let (mut params, ..) = params("Countersign PassPort CA", CA_VALIDITY)?;
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages =
            vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign, KeyUsagePurpose::DigitalSignature];
        let certificate = params.self_signed(&key)?;
        let private = key.serialize_der();
        Ok((Self { certificate: certificate.der().clone(), issuer: Issuer::new(params, key) }, private))
    }

    /// The CA as the database holds it.
    pub fn load(private: &[u8], certificate: Vec<u8>) -> Result<Self, Fault> {
        let certificate = CertificateDer::from(certificate);
        let key = KeyPair::try_from(private)?;
        Ok(Self { issuer: Issuer::from_ca_cert_der(&certificate, key)?, certificate })
    }

    /// Its certificate.
    pub fn certificate(&self) -> &CertificateDer<'static> {
        &self.certificate
    }

    /// A certificate for one of the authority's ports, with a key of its own (PKCS#8 DER).
    pub fn server(&self, host: &str) -> Result<(CertificateDer<'static>, Vec<u8>), Fault> {
        let key = KeyPair::generate()?;
        let (mut params, ..) = params("PassPortSecured", SERVER_VALIDITY)?;
        params.subject_alt_names = server_names(host)?;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let certificate = self.sign(params, &key)?;
        Ok((certificate.der().clone(), key.serialize_der()))
    }

    /// A component's certificate over the key of its request, valid for so long from now on. Nothing else is taken
    /// over but what the profile says.
    pub fn component(
        &self,
        key: &impl PublicKeyData,
        profile: &Profile<'_>,
        validity: Period,
    ) -> Result<Issued, Fault> {
        let validity = BACKDATED + i64::try_from(validity.seconds()).unwrap_or(YEAR);
        let (mut params, not_before, not_after) = params(profile.common_name, validity)?;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        if let Some(name) = profile.listens_as {
            params.extended_key_usages.push(ExtendedKeyUsagePurpose::ServerAuth);
            params.subject_alt_names.push(SanType::DnsName(name.try_into()?));
        }
        for name in profile.names {
            params.subject_alt_names.push(SanType::DnsName(name.as_str().try_into()?));
        }
        let serial = params.serial_number.as_ref().map(SerialNumber::to_bytes).unwrap_or_default();
        let certificate = self.sign(params, key)?;
        Ok(Issued { der: certificate.into(), serial: hex(&serial), not_before, not_after })
    }

    /// The list of what was revoked. A list that is given out needs a higher number than all before.
    pub fn revocations(
        &self,
        number: i64,
        revoked: &[Revocation],
    ) -> Result<CertificateRevocationListDer<'static>, Fault> {
        let entry = |one: &Revocation| {
            Ok(RevokedCertParams {
                serial_number: SerialNumber::from(unhex(&one.serial).ok_or(Fault::Damaged("a certificate's serial"))?),
                revocation_time: rcgen::date_time_ymd(1970, 1, 1) + duration(one.at)?,
                reason_code: one.is_superseded.then_some(RevocationReason::Superseded),
                invalidity_date: None,
            })
        };
        let list = CertificateRevocationListParams {
            this_update: rcgen::date_time_ymd(1970, 1, 1) + duration(now() - BACKDATED)?,
            next_update: rcgen::date_time_ymd(1970, 1, 1) + duration(now() + LIST_VALIDITY)?,
            crl_number: SerialNumber::from(u64::try_from(number).unwrap_or_default()),
            issuing_distribution_point: None,
            revoked_certs: revoked.iter().map(entry).collect::<Result<_, Fault>>()?,
            key_identifier_method: KeyIdMethod::Sha256,
        };
        Ok(list.signed_by(&self.issuer)?.into())
    }

    fn sign(&self, mut params: CertificateParams, key: &impl PublicKeyData) -> Result<Certificate, Fault> {
        params.use_authority_key_identifier_extension = true;
        Ok(params.signed_by(key, &self.issuer)?)
    }
}

/// The serial number in a certificate, in hexadecimal.
pub fn serial_of(certificate: &[u8]) -> Result<String, Fault> {
    let (_, parsed) = X509Certificate::from_der(certificate).map_err(|_| Fault::Damaged("a certificate"))?;
    Ok(hex(parsed.raw_serial()))
}

/// Whether a port's certificate carries this host.
pub fn names_host(certificate: &[u8], host: &str) -> bool {
    any_name(certificate, |names| names.iter().any(|name| is_host(name, host)))
}

/// Whether a port's certificate was made for this host: its first name.
pub fn made_for(certificate: &[u8], host: &str) -> bool {
    any_name(certificate, |names| names.first().is_some_and(|name| is_host(name, host)))
}

fn any_name(certificate: &[u8], fits: impl FnOnce(&[GeneralName<'_>]) -> bool) -> bool {
    let Ok((_, parsed)) = X509Certificate::from_der(certificate) else { return false };
    parsed.subject_alternative_name().ok().flatten().is_some_and(|names| fits(&names.value.general_names))
}

fn is_host(name: &GeneralName<'_>, host: &str) -> bool {
    match name {
        GeneralName::DNSName(name) => name.eq_ignore_ascii_case(host),
        GeneralName::IPAddress(bytes) => host.parse::<IpAddr>().is_ok_and(|host| match host {
            IpAddr::V4(host) => host.octets() == *bytes,
            IpAddr::V6(host) => host.octets() == *bytes,
        }),
        _ => false,
    }
}

fn params(common_name: &str, validity: i64) -> Result<(CertificateParams, i64, i64), Fault> {
    let mut params = CertificateParams::default();
    let not_before = now() - BACKDATED;
    let not_after = not_before + validity;
    params.not_before = rcgen::date_time_ymd(1970, 1, 1) + duration(not_before)?;
    params.not_after = rcgen::date_time_ymd(1970, 1, 1) + duration(not_after)?;
    params.distinguished_name = subject(common_name);
    params.serial_number = Some(serial());
    params.key_identifier_method = KeyIdMethod::Sha256;
    Ok((params, not_before, not_after))
}

fn duration(seconds: i64) -> Result<Duration, Fault> {
    u64::try_from(seconds).map(Duration::from_secs).map_err(|_| Fault::refused("this machine's clock is before 1970"))
}

fn subject(common_name: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, common_name);
    name.push(DnType::OrganizationName, ORGANISATION);
    name
}

/// 127 random bits, positive and without a leading zero (RFC 5280, 4.1.2.2).
fn serial() -> SerialNumber {
    let mut bytes: [u8; 16] = rand::rng().random();
    bytes[0] = (bytes[0] & 0x7f) | 0x40;
    SerialNumber::from(bytes.to_vec())
}

fn server_names(host: &str) -> Result<Vec<SanType>, Fault> {
    let mut names: Vec<SanType> = Vec::new();
    for name in [host, "localhost", "127.0.0.1", "::1", AUTHORITY_NAME] {
        let name = match name.parse::<IpAddr>() {
            Ok(address) => SanType::IpAddress(address),
            Err(_) => SanType::DnsName(name.try_into()?),
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_ca_signs_as_the_new_one_did() {
        let (ca, private) = Ca::make().expect("made");
        let again = Ca::load(&private, ca.certificate().to_vec()).expect("loaded");
        let (server, _) = again.server("passport.example").expect("signed");
        let (_, issuer) = X509Certificate::from_der(ca.certificate()).expect("parsed");
        let (_, parsed) = X509Certificate::from_der(&server).expect("parsed");
        parsed.verify_signature(Some(issuer.public_key())).expect("chains");
        assert_eq!(issuer.subject().to_string(), "CN=Countersign PassPort CA, O=Countersign");
        let limit = issuer.basic_constraints().expect("read").expect("there").value.path_len_constraint;
        assert_eq!(limit, Some(0));
        for host in ["passport.example", "localhost", "127.0.0.1", "::1", AUTHORITY_NAME] {
            assert!(names_host(&server, host), "{host}");
        }
        assert!(!names_host(&server, "other.example"));
        assert!(made_for(&server, "passport.example") && !made_for(&server, "localhost"));
    }

    #[test]
    fn a_component_that_listens_gets_one_name_and_the_other_none() {
        let (ca, _) = Ca::make().expect("made");
        let key = KeyPair::generate().expect("made");
        let of = |listens_as| {
            let issued = ca
                .component(&key, &Profile { common_name: "a/default", listens_as, names: &[] }, Period::days(1))
                .expect("issued");
            let (_, parsed) = X509Certificate::from_der(&issued.der).expect("parsed");
            let usage = parsed.extended_key_usage().expect("read").expect("there").value.clone();
            let names = parsed.subject_alternative_name().expect("read").map_or(0, |n| n.value.general_names.len());
            assert!(usage.client_auth && parsed.validity().is_valid());
            assert_eq!(serial_of(&issued.der).expect("read"), issued.serial);
            (usage.server_auth, names, issued.serial)
        };
        let (quiet, listening) = (of(None), of(Some("default.a.component.countersign.internal")));
        assert_eq!((quiet.0, quiet.1), (false, 0));
        assert_eq!((listening.0, listening.1), (true, 1));
        assert_ne!(quiet.2, listening.2);
    }
}
