//! Which requests the authority signs: their signature proves the key, and the key is strong enough.

use rcgen::SubjectPublicKeyInfo;
use x509_parser::certification_request::X509CertificationRequest;
use x509_parser::oid_registry::{OID_EC_P256, OID_KEY_TYPE_EC_PUBLIC_KEY};
use x509_parser::prelude::FromDer;
use x509_parser::public_key::PublicKey;

/// The smallest RSA key that is signed, in bits.
const LEAST_RSA: usize = 2048;

/// A request that may be signed. Names and usages that it asks for are not even read: policy decides them.
#[derive(Debug)]
pub struct Checked {
    /// The key to certify.
    pub key: SubjectPublicKeyInfo,
    /// The subject that was asked for, for the list of requests.
    pub subject: String,
}

/// Reads a PKCS#10 request (DER) and proves that its sender holds the key (RFC 2986). The error is for people.
pub fn check(der: &[u8]) -> Result<Checked, &'static str> {
    let (rest, request) =
        X509CertificationRequest::from_der(der).map_err(|_| "the request is no certificate request (PKCS#10)")?;
    if !rest.is_empty() {
        return Err("the request has bytes after its end");
    }
    request.verify_signature().map_err(|_| "the request's signature does not fit its key")?;
    let info = &request.certification_request_info;
    strong_enough(&info.subject_pki)?;
    let key = SubjectPublicKeyInfo::from_der(info.subject_pki.raw).map_err(|_| KEYS)?;
    Ok(Checked { key, subject: info.subject.to_string() })
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
                assert_eq!(
                    (checked.key, checked.subject),
                    (expected.key.clone(), expected.subject.clone()),
                    "byte {at}"
                );
            }
        }
    }

    proptest! {
        #[test]
        fn nothing_makes_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..512)) {
            prop_assert!(check(&bytes).is_err());
        }
    }
}
