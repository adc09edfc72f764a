//! What is said of a bag: its name, what ties key and certificate together, and that a certificate is trusted.

use der::asn1::{AnyRef, ObjectIdentifier, OctetStringRef};
use der::{Encode, Tag, Tagged};
use jiff::Timestamp;

use super::structure::{Attribute, broken, each};
use crate::keystore::{KeystoreError, utf16};

/// `friendlyName` (RFC 2985, 5.5.1).
const NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.20");
/// `localKeyId` (RFC 2985, 5.5.2).
const ID: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.21");
/// What Java marks trusted certificates with.
const TRUSTED: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.113894.746875.1.1");
/// Trusted for every use (RFC 5280, 4.2.1.12).
const ANY_USE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37.0");
/// How Java begins an identity, before the milliseconds since 1970.
const TIME: &str = "Time ";

/// A bag's attributes, as far as they say anything here.
#[derive(Default)]
pub(super) struct Attributes {
    /// The entry's name, in lower case.
    pub alias: Option<String>,
    /// The same on a key and on its certificate.
    pub id: Option<Vec<u8>>,
    /// Whether the certificate is trusted as it stands.
    pub trusted: bool,
}

impl Attributes {
    /// Reads them; those that are unknown are left out.
    pub(super) fn read(set: Option<AnyRef<'_>>) -> Result<Self, KeystoreError> {
        let mut read = Self::default();
        let Some(set) = set else { return Ok(read) };
        for attribute in each::<Attribute>(set, Tag::Set)? {
            let attribute = attribute?;
            match attribute.kind {
                NAME => read.alias = first(attribute.values)?.map(name).transpose()?,
                ID => {
                    let id = first(attribute.values)?.map(AnyRef::decode_as::<OctetStringRef>).transpose();
                    read.id = id.map_err(broken)?.map(|id| id.as_bytes().to_vec());
                }
                TRUSTED => read.trusted = true,
                _ => {}
            }
        }
        Ok(read)
    }

    /// When the entry was made, if that is known: Java keeps it in the identity.
    pub(super) fn created(&self) -> Option<Timestamp> {
        let text = std::str::from_utf8(self.id.as_deref()?).ok()?;
        Timestamp::from_millisecond(text.strip_prefix(TIME)?.parse().ok()?).ok()
    }

    /// The identity of what was made at a time, as Java makes it.
    pub(super) fn id_of(created: Timestamp) -> Vec<u8> {
        format!("{TIME}{}", created.as_millisecond()).into_bytes()
    }

    /// All of them as a SET, in the order that DER wants; `None` when there are none.
    pub(super) fn write(&self) -> der::Result<Option<Vec<u8>>> {
        let mut all = Vec::new();
        if let Some(alias) = &self.alias {
            let text = utf16(alias.encode_utf16());
            all.push(attribute(NAME, AnyRef::new(Tag::BmpString, &text)?)?);
        }
        if let Some(id) = &self.id {
            all.push(attribute(ID, OctetStringRef::new(id)?.into())?);
        }
        if self.trusted {
            all.push(attribute(TRUSTED, AnyRef::from(&ANY_USE))?);
        }
        if all.is_empty() {
            return Ok(None);
        }
        all.sort();
        AnyRef::new(Tag::Set, &all.concat())?.to_der().map(Some)
    }
}

fn attribute(kind: ObjectIdentifier, value: AnyRef<'_>) -> der::Result<Vec<u8>> {
    let value = value.to_der()?;
    Attribute { kind, values: AnyRef::new(Tag::Set, &value)? }.to_der()
}

fn first(values: AnyRef<'_>) -> Result<Option<AnyRef<'_>>, KeystoreError> {
    each(values, Tag::Set)?.next().transpose()
}

/// A name, which Java writes in UTF-16 whatever the standard says of characters past the first plane.
fn name(value: AnyRef<'_>) -> Result<String, KeystoreError> {
    let no_text = || KeystoreError::Damaged("a name is not text");
    let (pairs, odd) = value.value().as_chunks::<2>();
    if value.tag() != Tag::BmpString || !odd.is_empty() {
        return Err(no_text());
    }
    let units: Vec<u16> = pairs.iter().copied().map(u16::from_be_bytes).collect();
    String::from_utf16(&units).map(|name| name.to_lowercase()).map_err(|_| no_text())
}
