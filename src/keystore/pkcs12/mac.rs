//! The check sum over all safes, keyed by the password (RFC 7292, 5.1).

use der::Encode;
use der::asn1::{AnyRef, OctetStringRef};
use subtle::ConstantTimeEq;

use super::hash::{Hash, Purpose};
use super::structure::{Algorithm, DigestInfo, MacData};
use super::work::Work;
use super::{SALT_LENGTH, terminated};
use crate::keystore::KeystoreError;
use crate::secret::Secret;

/// Whether the check sum over the safes is the password's.
pub(super) fn check(mac: &MacData<'_>, safes: &[u8], password: &Secret, work: &mut Work) -> Result<(), KeystoreError> {
    let hash = Hash::named(mac.sum.algorithm.oid)
        .ok_or(KeystoreError::Unsupported("a check sum of an algorithm other than HMAC with SHA-1 or SHA-2"))?;
    work.take(mac.rounds)?;
    let sum = sum(hash, safes, password, mac.salt.as_bytes(), mac.rounds);
    if sum.ct_eq(mac.sum.digest.as_bytes()).into() { Ok(()) } else { Err(KeystoreError::WrongPassword) }
}

/// A check sum over the safes under a fresh salt, in DER.
pub(super) fn make(safes: &[u8], password: &Secret, rounds: u32) -> der::Result<Vec<u8>> {
    let salt: [u8; SALT_LENGTH] = rand::random();
    let digest = sum(Hash::Sha256, safes, password, &salt, rounds);
    MacData {
        sum: DigestInfo {
            algorithm: Algorithm { oid: Hash::Sha256.oid(), parameters: Some(AnyRef::NULL) },
            digest: OctetStringRef::new(&digest)?,
        },
        salt: OctetStringRef::new(&salt)?,
        rounds,
    }
    .to_der()
}

fn sum(hash: Hash, safes: &[u8], password: &Secret, salt: &[u8], rounds: u32) -> Vec<u8> {
    let key = hash.derive(Purpose::CheckSum, &terminated(password), salt, rounds, hash.length());
    hash.hmac(&key, safes)
}
