//! Writing a PKCS#12 file.

use der::asn1::{AnyRef, ObjectIdentifier, OctetStringRef};
use der::{Decode, Encode, Tag};
use zeroize::Zeroizing;

use super::attributes::Attributes;
use super::bags::{CERTIFICATE, HIDDEN_KEY, MOST, X509};
use super::structure::{
    CertBag, ContentInfo, DATA, ENCRYPTED_DATA, EncryptedContent, EncryptedData, EncryptedKey, MacData, Pfx, SafeBag,
    VERSION,
};
use super::{ROUNDS, mac, pbes2};
use crate::keystore::{Contents, KeyEntry, KeystoreError, TrustedEntry};
use crate::secret::Secret;

/// The most keys in a file: more would ask for more rounds than the reader grants.
const MOST_KEYS: usize = 900;

/// Writes a keystore whose keys have the keystore's own password.
///
/// Names are lower-cased as Java does, and should differ. The password must be printable ASCII: Java opens no other.
/// A chain must be one by the names in its certificates, since the format keeps no order among them.
pub fn write(contents: &Contents, password: &Secret) -> Result<Zeroizing<Vec<u8>>, KeystoreError> {
    write_entries(&contents.keys, &contents.trusted, password)
}

/// As [`write`], for entries that are not held together.
pub(in crate::keystore) fn write_entries(
    keys: &[KeyEntry],
    trusted: &[TrustedEntry],
    password: &Secret,
) -> Result<Zeroizing<Vec<u8>>, KeystoreError> {
    if !password.expose().bytes().all(|byte| (0x20..0x7F).contains(&byte)) {
        return Err(KeystoreError::PasswordNotAscii);
    }
    let certificates = keys.iter().map(|entry| entry.chain.len()).sum::<usize>() + trusted.len();
    if keys.len() > MOST_KEYS || keys.len() + certificates > MOST {
        return Err(KeystoreError::TooLarge);
    }
    // The one thing that can fail is a length past what DER's reader allows.
    file(keys, trusted, password, ROUNDS).map_err(|_| KeystoreError::TooLarge)
}

/// The file, with so many rounds over the password wherever it is used.
pub(super) fn file(
    keys: &[KeyEntry],
    trusted: &[TrustedEntry],
    password: &Secret,
    rounds: u32,
) -> der::Result<Zeroizing<Vec<u8>>> {
    let mut safes = Vec::new();
    if !keys.is_empty() {
        safes.extend(plain(&list(keys.iter().map(|entry| key(entry, password, rounds)))?)?);
    }
    let certificates = certificates(keys, trusted);
    if !certificates.is_empty() {
        let bags = list(certificates.iter().map(|(attributes, der)| certificate(attributes, der)))?;
        safes.extend(encrypted(&bags, password, rounds)?);
    }
    let safes = AnyRef::new(Tag::Sequence, &safes)?.to_der()?;
    let sum = mac::make(&safes, password, rounds)?;
    let file = Pfx {
        version: VERSION,
        safes: ContentInfo { kind: DATA, content: OctetStringRef::new(&safes)?.into() },
        mac: Some(MacData::from_der(&sum)?),
    };
    Ok(Zeroizing::new(file.to_der()?))
}

/// Every certificate with what is said of it: of each chain the first is tied to its key, then the rest once each,
/// then what is trusted.
fn certificates<'a>(keys: &'a [KeyEntry], trusted: &'a [TrustedEntry]) -> Vec<(Attributes, &'a [u8])> {
    let mut all: Vec<(Attributes, &[u8])> = Vec::new();
    for entry in keys {
        if let Some(own) = entry.chain.first() {
            all.push((of_key(entry), own));
        }
    }
    for issuer in keys.iter().flat_map(|entry| entry.chain.iter().skip(1)) {
        if !all.iter().any(|(_, known)| known == issuer) {
            all.push((Attributes::default(), issuer));
        }
    }
    for entry in trusted {
        let attributes = Attributes {
            alias: Some(entry.alias.to_lowercase()),
            id: Some(Attributes::id_of(entry.created)),
            trusted: true,
        };
        all.push((attributes, &entry.certificate));
    }
    all
}

/// The same on a key and on its certificate.
fn of_key(entry: &KeyEntry) -> Attributes {
    Attributes { alias: Some(entry.alias.to_lowercase()), id: Some(Attributes::id_of(entry.created)), trusted: false }
}

fn key(entry: &KeyEntry, password: &Secret, rounds: u32) -> der::Result<Vec<u8>> {
    let hidden = pbes2::seal(&entry.key, password, rounds)?;
    let value = EncryptedKey { algorithm: hidden.algorithm()?, hidden: hidden.bytes()? }.to_der()?;
    bag(HIDDEN_KEY, &value, &of_key(entry))
}

fn certificate(attributes: &Attributes, der: &[u8]) -> der::Result<Vec<u8>> {
    let value = CertBag { kind: X509, value: OctetStringRef::new(der)?.into() }.to_der()?;
    bag(CERTIFICATE, &value, attributes)
}

fn bag(kind: ObjectIdentifier, value: &[u8], attributes: &Attributes) -> der::Result<Vec<u8>> {
    let attributes = attributes.write()?;
    let attributes = attributes.as_deref().map(AnyRef::from_der).transpose()?;
    SafeBag { kind, value: AnyRef::from_der(value)?, attributes }.to_der()
}

fn list(bags: impl Iterator<Item = der::Result<Vec<u8>>>) -> der::Result<Vec<u8>> {
    let bags = bags.collect::<der::Result<Vec<_>>>()?.concat();
    AnyRef::new(Tag::Sequence, &bags)?.to_der()
}

fn plain(bags: &[u8]) -> der::Result<Vec<u8>> {
    ContentInfo { kind: DATA, content: OctetStringRef::new(bags)?.into() }.to_der()
}

fn encrypted(bags: &[u8], password: &Secret, rounds: u32) -> der::Result<Vec<u8>> {
    let hidden = pbes2::seal(bags, password, rounds)?;
    let content = EncryptedContent { kind: DATA, algorithm: hidden.algorithm()?, hidden: hidden.bytes()? };
    let safe = EncryptedData { version: 0, content }.to_der()?;
    ContentInfo { kind: ENCRYPTED_DATA, content: AnyRef::from_der(&safe)? }.to_der()
}
