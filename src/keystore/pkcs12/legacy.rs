//! Encryption as the format had it of its own (RFC 7292, C): read only, for what Java 8 and OpenSSL 1 have written.

use der::asn1::{AnyRef, ObjectIdentifier};

use super::cipher::Cipher;
use super::hash::{Hash, Purpose};
use super::structure::{PbeParameters, broken};
use super::work::Work;
use super::{Opened, terminated};
use crate::secret::Secret;

/// The cipher of this name; `None` for one that is not of this kind, and for RC4, which nobody's default was.
pub(super) fn named(oid: ObjectIdentifier) -> Option<Cipher> {
    const TRIPLE_DES: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.3");
    const TWO_KEY_TRIPLE_DES: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.4");
    const RC2_128: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.5");
    const RC2_40: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.6");
    match oid {
        TRIPLE_DES => Some(Cipher::TripleDes),
        TWO_KEY_TRIPLE_DES => Some(Cipher::TwoKeyTripleDes),
        RC2_128 => Some(Cipher::Rc2WithBits(128)),
        RC2_40 => Some(Cipher::Rc2WithBits(40)),
        _ => None,
    }
}

/// Opens what is hidden under the password; `None` when the password is another.
pub(super) fn open(
    cipher: Cipher,
    parameters: AnyRef<'_>,
    hidden: &[u8],
    password: &Secret,
    work: &mut Work,
) -> Opened {
    let given: PbeParameters = parameters.decode_as().map_err(broken)?;
    // Three blocks of SHA-1 at most: two for the key, one for the vector.
    work.take(given.rounds.saturating_mul(3))?;
    let password = terminated(password);
    let derive = |purpose, length| Hash::Sha1.derive(purpose, &password, given.salt.as_bytes(), given.rounds, length);
    let key = derive(Purpose::Encryption, cipher.key_length());
    let vector = derive(Purpose::Vector, cipher.vector_length());
    Ok(cipher.open(&key, &vector, hidden))
}
