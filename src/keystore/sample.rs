//! Real keys and certificates for the tests of this room.

use jiff::Timestamp;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};

use super::{Contents, KeyEntry};

/// A fresh P-256 key with its certificate and the CA's.
pub(super) fn key_entry(alias: &str) -> KeyEntry {
    let ca_key = KeyPair::generate().expect("a key");
    let mut ca = CertificateParams::new(Vec::new()).expect("parameters");
    ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    // Chains are found by names.
    ca.distinguished_name.push(DnType::CommonName, format!("authority of {alias}"));
    let ca_certificate = ca.self_signed(&ca_key).expect("signed");
    let key = KeyPair::generate().expect("a key");
    let leaf = CertificateParams::new(vec!["localhost".to_owned()])
        .expect("parameters")
        .signed_by(&key, &Issuer::new(ca, ca_key))
        .expect("signed");
    KeyEntry {
        alias: alias.into(),
        created: Timestamp::from_millisecond(1_763_760_000_123).expect("a time"),
        key: key.serialize_der().into(),
        chain: vec![leaf.der().to_vec(), ca_certificate.der().to_vec()],
    }
}

/// The error of what must have failed (contents of a keystore cannot be printed, so `expect_err` is no use).
pub(super) fn failure<T, E>(result: Result<T, E>) -> E {
    match result {
        Ok(_) => panic!("it should have failed"),
        Err(error) => error,
    }
}

/// Whether what was read is what was written.
pub(super) fn same(contents: &Contents, expected: &Contents) -> bool {
    contents.trusted == expected.trusted
        && contents.keys.len() == expected.keys.len()
        && contents.keys.iter().zip(&expected.keys).all(|(a, b)| {
            a.alias == b.alias.to_lowercase() && a.created == b.created && a.key == b.key && a.chain == b.chain
        })
}
