//! What the safes hold: loose keys and certificates.

use der::asn1::{AnyRef, ObjectIdentifier};
use der::{Encode, Tag, Tagged};
use zeroize::Zeroizing;

use super::attributes::Attributes;
use super::decrypt;
use super::structure::{
    CertBag, ContentInfo, DATA, ENCRYPTED_DATA, EncryptedData, EncryptedKey, SafeBag, broken, each, octets,
};
use super::work::Work;
use crate::keystore::KeystoreError;
use crate::secret::Secret;

pub(super) const KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.1");
pub(super) const HIDDEN_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.2");
pub(super) const CERTIFICATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.3");
const SAFE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.6");
pub(super) const X509: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.22.1");

/// The most keys and certificates that one file may hold.
pub(super) const MOST: usize = 10_000;

/// All that was found so far, in the order of the file.
pub(super) struct Bags<'a> {
    password: &'a Secret,
    work: Work,
    pub keys: Vec<Key>,
    pub certificates: Vec<Certificate>,
}

/// A key without its certificates.
pub(super) struct Key {
    pub attributes: Attributes,
    pub der: Zeroizing<Vec<u8>>,
}

/// A certificate on its own.
pub(super) struct Certificate {
    pub attributes: Attributes,
    pub der: Vec<u8>,
}

impl<'a> Bags<'a> {
    /// None yet; the work that is left for them.
    pub(super) fn new(password: &'a Secret, work: Work) -> Self {
        Self { password, work, keys: Vec::new(), certificates: Vec::new() }
    }

    /// Opens one safe and takes what is in it.
    pub(super) fn open(&mut self, safe: &ContentInfo<'_>) -> Result<(), KeystoreError> {
        match safe.kind {
            DATA => self.take_all(octets(&safe.content)?),
            ENCRYPTED_DATA => {
                let safe: EncryptedData = safe.content.decode_as().map_err(broken)?;
                let (algorithm, hidden) = (safe.content.algorithm, safe.content.hidden.as_bytes());
                let plain = decrypt(algorithm, hidden, self.password, &mut self.work)?
                    .ok_or(KeystoreError::Damaged("a part of it does not open under its password"))?;
                self.take_all(&plain)
            }
            _ => Err(KeystoreError::Unsupported("something encrypted for a certificate")),
        }
    }

    fn take_all(&mut self, safe: &[u8]) -> Result<(), KeystoreError> {
        for bag in each::<SafeBag>(AnyRef::try_from(safe).map_err(broken)?, Tag::Sequence)? {
            self.take(&bag?)?;
            if self.keys.len() + self.certificates.len() > MOST {
                return Err(KeystoreError::Damaged("it holds over 10000 keys and certificates"));
            }
        }
        Ok(())
    }

    /// Takes one bag. Revocation lists and secret keys are none of ours, and left where they are, as Java does.
    fn take(&mut self, bag: &SafeBag<'_>) -> Result<(), KeystoreError> {
        match bag.kind {
            KEY => self.take_key(bag, Zeroizing::new(bag.value.to_der().map_err(broken)?)),
            HIDDEN_KEY => {
                let key: EncryptedKey = bag.value.decode_as().map_err(broken)?;
                let plain = decrypt(key.algorithm, key.hidden.as_bytes(), self.password, &mut self.work)?;
                self.take_key(bag, plain.ok_or(KeystoreError::KeyPassword)?)
            }
            CERTIFICATE => self.take_certificate(bag),
            SAFE => Err(KeystoreError::Unsupported("a safe within a safe")),
            _ => Ok(()),
        }
    }

    fn take_key(&mut self, bag: &SafeBag<'_>, der: Zeroizing<Vec<u8>>) -> Result<(), KeystoreError> {
        // The padding of a wrong key fits now and then; a whole structure does not.
        if AnyRef::try_from(der.as_slice()).is_ok_and(|key| key.tag() == Tag::Sequence) {
            self.keys.push(Key { attributes: Attributes::read(bag.attributes)?, der });
            Ok(())
        } else {
            Err(KeystoreError::KeyPassword)
        }
    }

    fn take_certificate(&mut self, bag: &SafeBag<'_>) -> Result<(), KeystoreError> {
        let certificate: CertBag = bag.value.decode_as().map_err(broken)?;
        if certificate.kind != X509 {
            return Err(KeystoreError::Unsupported("a certificate that is not X.509"));
        }
        let der = octets(&certificate.value)?.to_vec();
        self.certificates.push(Certificate { attributes: Attributes::read(bag.attributes)?, der });
        Ok(())
    }
}
