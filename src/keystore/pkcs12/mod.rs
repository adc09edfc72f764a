//! The PKCS#12 file format (RFC 7292), as Java 17 and OpenSSL 3 read and write it.
//!
//! A list of *safes*, each plain or encrypted under the password, and a keyed check sum over all of them. A safe holds
//! *bags*: keys, each encrypted once more, and certificates. A key and its certificate are tied by an attribute; the
//! rest of a chain is found by the names in the certificates.
//!
//! Written is what both read: AES-256 under PBKDF2 with HMAC-SHA-256, and an HMAC-SHA-256 check sum. Read is also what
//! older versions of both have written: 3DES and RC2 under the format's own derivation with SHA-1.

mod attributes;
mod bags;
mod chains;
mod cipher;
mod hash;
mod legacy;
mod mac;
mod pbes2;
mod read;
mod structure;
mod work;
mod write;

pub use read::read;
pub use write::write;
pub(super) use write::write_entries;

use zeroize::Zeroizing;

use super::{KeystoreError, utf16};
use crate::secret::Secret;

use structure::Algorithm;
use work::Work;

/// How often the password is hashed for a key, for a safe and for the check sum; Java 17's default.
const ROUNDS: u32 = 10_000;
/// Random bytes with each derivation.
const SALT_LENGTH: usize = 20;

/// What was hidden; `None` when the password does not open it.
type Opened = Result<Option<Zeroizing<Vec<u8>>>, KeystoreError>;

/// Opens what is hidden under the password, in whatever way the file names.
fn decrypt(algorithm: Algorithm<'_>, hidden: &[u8], password: &Secret, work: &mut Work) -> Opened {
    let parameters = algorithm.parameters.ok_or(KeystoreError::Damaged("an algorithm has no parameters"))?;
    if algorithm.oid == pbes2::OID {
        return pbes2::open(parameters, hidden, password, work);
    }
    let cipher = legacy::named(algorithm.oid)
        .ok_or(KeystoreError::Unsupported("something encrypted otherwise than with AES, 3DES or RC2"))?;
    legacy::open(cipher, parameters, hidden, password, work)
}

/// The password as the format's own derivation takes it (RFC 7292, B.1): UTF-16 and a zero after it.
fn terminated(password: &Secret) -> Zeroizing<Vec<u8>> {
    utf16(password.expose().encode_utf16().chain([0]))
}

#[cfg(test)]
mod tests;
