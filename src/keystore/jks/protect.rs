//! How JKS protects one private key: an XOR stream of SHA-1 over password and salt, as the JDK's `KeyProtector` does.

use sha1::{Digest, Sha1};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::der::{self, OCTET_STRING, SEQUENCE};
use super::{DIGEST_LENGTH, password_bytes};
use crate::keystore::KeystoreError;
use crate::secret::Secret;

const SALT_LENGTH: usize = DIGEST_LENGTH;

/// The object identifier 1.3.6.1.4.1.42.2.17.1.1 as a DER element.
const KEY_PROTECTOR: [u8; 12] = [0x06, 0x0A, 0x2B, 0x06, 0x01, 0x04, 0x01, 0x2A, 0x02, 0x11, 0x01, 0x01];
/// The algorithm's parameters as Java writes them: a DER NULL.
const NO_PARAMETERS: [u8; 2] = [0x05, 0x00];

/// Wraps a PKCS#8 key as an `EncryptedPrivateKeyInfo` (RFC 5208, section 6) under a fresh salt.
pub(super) fn protect(key: &[u8], password: &Secret) -> Vec<u8> {
    let password = password_bytes(password);
    let salt: [u8; SALT_LENGTH] = rand::random();
    let protected = [&salt[..], &stream(key, &password, salt), &check_sum(key, &password)].concat();
    let algorithm = der::element(SEQUENCE, &[&KEY_PROTECTOR[..], &NO_PARAMETERS].concat());
    der::element(SEQUENCE, &[algorithm, der::element(OCTET_STRING, &protected)].concat())
}

/// Unwraps what [`protect`] or Java wrapped.
pub(super) fn unprotect(wrapped: &[u8], password: &Secret) -> Result<Zeroizing<Vec<u8>>, KeystoreError> {
    let protected = protected_bytes(wrapped)?;
    let damaged = || KeystoreError::Damaged("a key is too short");
    let (salt, rest) = protected.split_first_chunk::<SALT_LENGTH>().ok_or_else(damaged)?;
    let (hidden, sum) = rest.split_last_chunk::<DIGEST_LENGTH>().ok_or_else(damaged)?;
    let password = password_bytes(password);
    let key = stream(hidden, &password, *salt);
    if check_sum(&key, &password).ct_eq(sum).into() { Ok(key) } else { Err(KeystoreError::KeyPassword) }
}

/// Salt, hidden key and check sum, out of their wrapping. The parameters may be missing or NULL.
fn protected_bytes(wrapped: &[u8]) -> Result<&[u8], KeystoreError> {
    let damaged = || KeystoreError::Damaged("a key is not wrapped as it should be");
    let (whole, after) = der::split(SEQUENCE, wrapped).ok_or_else(damaged)?;
    let (algorithm, rest) = der::split(SEQUENCE, whole).ok_or_else(damaged)?;
    let (protected, unknown) = der::split(OCTET_STRING, rest).ok_or_else(damaged)?;
    let parameters = algorithm
        .strip_prefix(&KEY_PROTECTOR)
        .ok_or(KeystoreError::Unsupported("a key protected by an algorithm other than Java's own"))?;
    if after.is_empty() && unknown.is_empty() && (parameters.is_empty() || parameters == NO_PARAMETERS) {
        Ok(protected)
    } else {
        Err(damaged())
    }
}

/// XOR with a stream whose every block hashes the password and the block before, the salt being the first.
fn stream(input: &[u8], password: &[u8], salt: [u8; SALT_LENGTH]) -> Zeroizing<Vec<u8>> {
    let mut out = Zeroizing::new(Vec::with_capacity(input.len()));
    let mut block = Zeroizing::new(salt);
    for part in input.chunks(DIGEST_LENGTH) {
        *block = check_sum(block.as_slice(), password);
        out.extend(part.iter().zip(block.iter()).map(|(byte, mask)| byte ^ mask));
    }
    out
}

/// SHA-1 over the password and then the data.
fn check_sum(data: &[u8], password: &[u8]) -> [u8; DIGEST_LENGTH] {
    Sha1::new().chain_update(password).chain_update(data).finalize().into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{protect, unprotect};
    use crate::keystore::KeystoreError;
    use crate::secret::Secret;

    proptest! {
        #[test]
        fn every_key_comes_back_under_its_password_only(key in any::<Vec<u8>>(), password in "\\PC{1,20}") {
            let wrapped = protect(&key, &Secret::new(password.clone()));
            let back = unprotect(&wrapped, &Secret::new(password.clone())).map(|key| key.to_vec());
            prop_assert_eq!(back.ok(), Some(key));
            let other = unprotect(&wrapped, &Secret::new(password + "x"));
            prop_assert!(matches!(other, Err(KeystoreError::KeyPassword)));
        }

        #[test]
        fn any_bytes_are_survived(bytes in any::<Vec<u8>>()) {
            prop_assert!(unprotect(&bytes, &Secret::new("changeit".into())).is_err());
        }
    }
}
