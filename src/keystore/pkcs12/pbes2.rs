//! Encryption as PBES2 does it (RFC 8018, 6.2): PBKDF2 with an HMAC, and a cipher with a vector beside it.

use der::asn1::{AnyRef, ObjectIdentifier, OctetStringRef};
use der::{Decode, Encode};
use zeroize::Zeroizing;

use super::cipher::{Cipher, hide};
use super::hash::Hash;
use super::structure::{Algorithm, Pbes2Parameters, Pbkdf2Parameters, broken, octets};
use super::work::Work;
use super::{Opened, SALT_LENGTH};
use crate::keystore::KeystoreError;
use crate::secret::Secret;

/// The scheme's name.
pub(super) const OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.13");
const PBKDF2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.12");
const AES_128: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.1.2");
const AES_192: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.1.22");
const AES_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.1.42");
const TRIPLE_DES: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.3.7");

/// Opens what is hidden under the password, here taken as UTF-8; `None` when the password is another.
pub(super) fn open(parameters: AnyRef<'_>, hidden: &[u8], password: &Secret, work: &mut Work) -> Opened {
    let scheme: Pbes2Parameters = parameters.decode_as().map_err(broken)?;
    let cipher = cipher(scheme.cipher.oid)?;
    let vector = octets(&scheme.cipher.parameters.ok_or(NO_PARAMETERS)?)?;
    let key = derive(scheme.derivation, cipher.key_length(), password, work)?;
    Ok(cipher.open(&key, vector, hidden))
}

fn cipher(oid: ObjectIdentifier) -> Result<Cipher, KeystoreError> {
    match oid {
        AES_128 => Ok(Cipher::Aes128),
        AES_192 => Ok(Cipher::Aes192),
        AES_256 => Ok(Cipher::Aes256),
        TRIPLE_DES => Ok(Cipher::TripleDes),
        _ => Err(KeystoreError::Unsupported("something encrypted otherwise than with AES, 3DES or RC2")),
    }
}

fn derive(
    derivation: Algorithm<'_>,
    length: usize,
    password: &Secret,
    work: &mut Work,
) -> Result<Zeroizing<Vec<u8>>, KeystoreError> {
    if derivation.oid != PBKDF2 {
        return Err(KeystoreError::Unsupported("a key derived otherwise than with PBKDF2"));
    }
    let given: Pbkdf2Parameters = derivation.parameters.ok_or(NO_PARAMETERS)?.decode_as().map_err(broken)?;
    if given.key_length.is_some_and(|given| usize::from(given) != length) {
        return Err(KeystoreError::Damaged("a key's length is not its cipher's"));
    }
    // RFC 8018, A.2: what is not named is SHA-1.
    let hash = match given.hash {
        None => Hash::Sha1,
        Some(named) => {
            Hash::of_hmac(named.oid).ok_or(KeystoreError::Unsupported("a key derived with an unknown hash"))?
        }
    };
    work.take(given.rounds)?;
    Ok(hash.pbkdf2(password.expose().as_bytes(), given.salt.as_bytes(), given.rounds, length))
}

const NO_PARAMETERS: KeystoreError = KeystoreError::Damaged("an algorithm has no parameters");

/// What was hidden, and how, in DER.
pub(super) struct Hidden {
    algorithm: Vec<u8>,
    bytes: Vec<u8>,
}

impl Hidden {
    /// The algorithm as it stands beside the bytes.
    pub(super) fn algorithm(&self) -> der::Result<Algorithm<'_>> {
        Algorithm::from_der(&self.algorithm)
    }

    /// The bytes.
    pub(super) fn bytes(&self) -> der::Result<OctetStringRef<'_>> {
        OctetStringRef::new(&self.bytes)
    }
}

/// Hides a text under a fresh salt and vector.
pub(super) fn seal(text: &[u8], password: &Secret, rounds: u32) -> der::Result<Hidden> {
    let (salt, vector): ([u8; SALT_LENGTH], [u8; 16]) = (rand::random(), rand::random());
    let mut key = Zeroizing::new([0; 32]);
    key.copy_from_slice(&Hash::Sha256.pbkdf2(password.expose().as_bytes(), &salt, rounds, 32));
    let bytes = hide(&key, &vector, text).unwrap_or_default();
    Ok(Hidden { algorithm: algorithm(&salt, &vector, rounds)?, bytes })
}

fn algorithm(salt: &[u8], vector: &[u8], rounds: u32) -> der::Result<Vec<u8>> {
    let derivation = Pbkdf2Parameters {
        salt: OctetStringRef::new(salt)?,
        rounds,
        key_length: Some(32),
        hash: Some(Algorithm { oid: Hash::Sha256.hmac_oid(), parameters: Some(AnyRef::NULL) }),
    }
    .to_der()?;
    let scheme = Pbes2Parameters {
        derivation: Algorithm { oid: PBKDF2, parameters: Some(AnyRef::from_der(&derivation)?) },
        cipher: Algorithm { oid: AES_256, parameters: Some(OctetStringRef::new(vector)?.into()) },
    }
    .to_der()?;
    Algorithm { oid: OID, parameters: Some(AnyRef::from_der(&scheme)?) }.to_der()
}
