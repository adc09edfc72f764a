//! The ASN.1 types of RFC 7292, RFC 5652 and RFC 8018 that a keystore is made of. All of them borrow from the file.

use std::iter;

use der::asn1::{AnyRef, ObjectIdentifier, OctetStringRef};
use der::{Decode, Reader, Sequence, SliceReader, Tag, Tagged};

use crate::keystore::KeystoreError;

/// Plain content (RFC 5652, 4).
pub(super) const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
/// Content encrypted under a password (RFC 5652, 8).
pub(super) const ENCRYPTED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.6");
/// The one version of the format that there is.
pub(super) const VERSION: u8 = 3;

/// The whole file (RFC 7292, 4).
#[derive(Sequence)]
pub(super) struct Pfx<'a> {
    pub version: u8,
    pub safes: ContentInfo<'a>,
    #[asn1(optional = "true")]
    pub mac: Option<MacData<'a>>,
}

/// Content of a named type (RFC 5652, 3).
#[derive(Sequence)]
pub(super) struct ContentInfo<'a> {
    pub kind: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    pub content: AnyRef<'a>,
}

/// The check sum (RFC 7292, 4).
#[derive(Sequence)]
pub(super) struct MacData<'a> {
    pub sum: DigestInfo<'a>,
    pub salt: OctetStringRef<'a>,
    #[asn1(default = "one")]
    pub rounds: u32,
}

fn one() -> u32 {
    1
}

/// A digest and what made it (RFC 2315, 9.4).
#[derive(Sequence)]
pub(super) struct DigestInfo<'a> {
    pub algorithm: Algorithm<'a>,
    pub digest: OctetStringRef<'a>,
}

/// An algorithm with its parameters (RFC 5280, 4.1.1.2).
#[derive(Clone, Copy, Sequence)]
pub(super) struct Algorithm<'a> {
    pub oid: ObjectIdentifier,
    #[asn1(optional = "true")]
    pub parameters: Option<AnyRef<'a>>,
}

/// A safe that is encrypted (RFC 5652, 8).
#[derive(Sequence)]
pub(super) struct EncryptedData<'a> {
    pub version: u8,
    pub content: EncryptedContent<'a>,
}

/// What is encrypted in it (RFC 5652, 6.1).
#[derive(Sequence)]
pub(super) struct EncryptedContent<'a> {
    pub kind: ObjectIdentifier,
    pub algorithm: Algorithm<'a>,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT")]
    pub hidden: OctetStringRef<'a>,
}

/// One key, certificate or other thing (RFC 7292, 4.2).
#[derive(Sequence)]
pub(super) struct SafeBag<'a> {
    pub kind: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    pub value: AnyRef<'a>,
    #[asn1(optional = "true")]
    pub attributes: Option<AnyRef<'a>>,
}

/// What is said of a bag besides its value (RFC 2985).
#[derive(Sequence)]
pub(super) struct Attribute<'a> {
    pub kind: ObjectIdentifier,
    pub values: AnyRef<'a>,
}

/// A key under a password (RFC 5208, 6).
#[derive(Sequence)]
pub(super) struct EncryptedKey<'a> {
    pub algorithm: Algorithm<'a>,
    pub hidden: OctetStringRef<'a>,
}

/// A certificate (RFC 7292, 4.2.3).
#[derive(Sequence)]
pub(super) struct CertBag<'a> {
    pub kind: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    pub value: AnyRef<'a>,
}

/// What the format's own derivation is given (RFC 7292, C).
#[derive(Sequence)]
pub(super) struct PbeParameters<'a> {
    pub salt: OctetStringRef<'a>,
    pub rounds: u32,
}

/// A derivation and the cipher that takes its key (RFC 8018, A.4).
#[derive(Sequence)]
pub(super) struct Pbes2Parameters<'a> {
    pub derivation: Algorithm<'a>,
    pub cipher: Algorithm<'a>,
}

/// What PBKDF2 is given (RFC 8018, A.2).
#[derive(Sequence)]
pub(super) struct Pbkdf2Parameters<'a> {
    pub salt: OctetStringRef<'a>,
    pub rounds: u32,
    #[asn1(optional = "true")]
    pub key_length: Option<u16>,
    #[asn1(optional = "true")]
    pub hash: Option<Algorithm<'a>>,
}

/// What stands in a list, one after the other and never all at once: a list may claim more than memory holds.
pub(super) fn each<'a, T: Decode<'a>>(
    list: AnyRef<'a>,
    tag: Tag,
) -> Result<impl Iterator<Item = Result<T, KeystoreError>>, KeystoreError> {
    if list.tag() != tag {
        return Err(KeystoreError::Damaged("a list is none"));
    }
    let mut rest = SliceReader::new(list.value()).map_err(broken)?;
    Ok(iter::from_fn(move || (!rest.is_finished()).then(|| T::decode(&mut rest).map_err(broken))))
}

/// The bytes in an OCTET STRING.
pub(super) fn octets<'a>(value: &AnyRef<'a>) -> Result<&'a [u8], KeystoreError> {
    value.decode_as::<OctetStringRef>().map(|octets| octets.as_bytes()).map_err(broken)
}

/// The parser's own reason says nothing to people.
pub(super) fn broken(_: der::Error) -> KeystoreError {
    KeystoreError::Damaged("its structure is broken")
}
