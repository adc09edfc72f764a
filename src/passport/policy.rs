//! Which requests the authority signs: their signature proves the key, and the key is strong enough. And which of the
//! names that an EST client asks for it gets.

use rcgen::SubjectPublicKeyInfo;
use x509_parser::certification_request::X509CertificationRequest;
use x509_parser::extensions::{GeneralName, ParsedExtension};
use x509_parser::oid_registry::{OID_EC_P256, OID_KEY_TYPE_EC_PUBLIC_KEY};
use x509_parser::prelude::FromDer;
use x509_parser::public_key::PublicKey;

/// The smallest RSA key that is signed, in bits.
const LEAST_RSA: usize = 2048;

/// Ends every name that the authority alone gives.
const INTERNAL: &str = "countersign.internal";
/// The most names that a certificate gets, and the longest one in bytes (RFC 1035, 2.3.4).
const MOST_NAMES: usize = 16;
const LONGEST_NAME: usize = 253;

/// A request that may be signed. Usages that it asks for are not even read: policy decides them.
#[derive(Debug)]
pub struct Checked {
    /// The key to certify.
    pub key: SubjectPublicKeyInfo,
    /// The subject that was asked for, for the list of requests.
    pub subject: String,
    /// The DNS names that were asked for; see [`kept`].
    pub names: Vec<String>,
}

/// Reads a PKCS#10 request (DER) and proves that its sender holds the key (RFC 2986). The error is for people.
pub fn check(der: &[u8]) -> Result<Checked, &'static str> {
    let (rest, request) =
        X509CertificationRequest::from_der(der).map_err(|_| "the request is no certificate request (PKCS#10)")?;
    if !rest.is_empty() {
        return Err("the request has bytes after its end");
    }
    let info = &request.certification_request_info;
    // Before the signature: a key that is too short is not even used.
    strong_enough(&info.subject_pki)?;
    request.verify_signature().map_err(|_| "the request's signature does not fit its key")?;
    let key = SubjectPublicKeyInfo::from_der(info.subject_pki.raw).map_err(|_| KEYS)?;
    Ok(Checked { key, subject: info.subject.to_string(), names: names(&request) })
}

/// Of the DNS names that an EST client asked for those that it may have: none of the authority's own domain, none that
/// means this host to everybody, not the authority's, no wildcard, and nothing that is no host name (RFC 1123, 2.1).
pub fn kept(asked: &[String], authority: &str) -> Vec<String> {
    let mut kept = Vec::new();
    for name in asked {
        let name = name.to_ascii_lowercase();
        let is_under = |domain| name.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        let is_taken = is_under(INTERNAL) || is_under("localhost") || name.eq_ignore_ascii_case(authority);
        if is_host_name(&name) && !is_taken && !kept.contains(&name) && kept.len() < MOST_NAMES {
            kept.push(name);
        }
    }
    kept
}

fn is_host_name(name: &str) -> bool {
    let is_label = |label: &str| {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        (1..=63).contains(&label.len()) && label.bytes().all(fits) && !label.starts_with('-') && !label.ends_with('-')
    };
    // A name whose last label is a number is read as an address.
    let is_address = name.rsplit('.').next().is_none_or(|last| last.bytes().all(|byte| byte.is_ascii_digit()));
    name.len() <= LONGEST_NAME && name.split('.').all(is_label) && !is_address
}

fn names(request: &X509CertificationRequest<'_>) -> Vec<String> {
    let extensions = request.requested_extensions().into_iter().flatten();
    let names = extensions.filter_map(|extension| match extension {
        ParsedExtension::SubjectAlternativeName(names) => Some(&names.general_names),
        _ => None,
    });
    let dns = names.flatten().filter_map(|name| match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        _ => None,
    });
    dns.collect()
}

const KEYS: &str = "the request's key must be P-256, or RSA of 2048 bits or more";

fn strong_enough(key: &x509_parser::x509::SubjectPublicKeyInfo<'_>) -> Result<(), &'static str> {
    let curve = || key.algorithm.parameters.as_ref().and_then(|parameters| parameters.as_oid().ok());
    let fits = match key.parsed() {
        Ok(PublicKey::RSA(rsa)) => rsa.key_size() >= LEAST_RSA,
        Ok(PublicKey::EC(_)) => {
            key.algorithm.algorithm == OID_KEY_TYPE_EC_PUBLIC_KEY && curve().is_some_and(|oid| oid == OID_EC_P256)
        }
        _ => false,
    };
    if fits { Ok(()) } else { Err(KEYS) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rcgen::{
        CertificateParams, KeyPair, PKCS_ECDSA_P384_SHA384, PKCS_ED25519, PKCS_RSA_SHA256, SignatureAlgorithm,
    };

    use super::*;

    fn request(algorithm: &'static SignatureAlgorithm) -> Vec<u8> {
        let key = KeyPair::generate_for(algorithm).expect("a key");
        let params = CertificateParams::new(vec!["localhost".to_owned()]).expect("params");
        params.serialize_request(&key).expect("a request").der().to_vec()
    }

    #[test]
    fn p256_and_rsa_are_signed_and_other_keys_are_not() {
        assert!(check(&request(&rcgen::PKCS_ECDSA_P256_SHA256)).is_ok());
        assert!(check(&request(&PKCS_RSA_SHA256)).is_ok());
        for other in [&PKCS_ECDSA_P384_SHA384, &PKCS_ED25519] {
            assert!(check(&request(other)).is_err());
        }
    }

    #[test]
    fn no_changed_byte_changes_what_is_certified() {
        let good = request(&rcgen::PKCS_ECDSA_P256_SHA256);
        let expected = check(&good).expect("good");
        for at in 0..good.len() {
            let mut bad = good.clone();
            bad[at] ^= 1;
            // The tag of the algorithm's name lies outside of what is signed and is read leniently.
            if let Ok(checked) = check(&bad) {
                let expected = (expected.key.clone(), expected.subject.clone(), expected.names.clone());
                assert_eq!((checked.key, checked.subject, checked.names), expected, "byte {at}");
            }
        }
    }

    #[test]
    fn an_est_client_keeps_its_own_names_and_gets_nobody_else_s() {
        let asked = [
            "Printer.Example.com",
            "printer.example.com",
            "localhost",
            "a.LOCALHOST",
            "passport.example.com",
            "authority.countersign.internal",
            "Countersign.Internal",
            "countersign.internal.",
            "notcountersign.internal",
            "*.example.com",
            "127.0.0.1",
            "",
            "a..b",
            "-a.example",
            "x\0.example",
        ];
        let asked = asked.map(str::to_owned);
        assert_eq!(kept(&asked, "Passport.example.com"), ["printer.example.com", "notcountersign.internal"]);
        let many: Vec<String> = (0..99).map(|number| format!("n{number}.example")).collect();
        assert_eq!(kept(&many, "passport.example.com").len(), MOST_NAMES);
    }

    proptest! {
        #[test]
        fn nothing_makes_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..512)) {
            prop_assert!(check(&bytes).is_err());
        }
    }
}
