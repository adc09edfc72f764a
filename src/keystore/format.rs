//! The two formats side by side.

use std::path::Path;

use zeroize::Zeroizing;

use super::{Contents, KeyEntry, KeystoreError, Kind, TrustedEntry, jks, pkcs12};
use crate::secret::Secret;

/// Reads a keystore of either kind, told by how it begins, whose keys have the keystore's own password.
pub fn read(bytes: &[u8], password: &Secret) -> Result<Contents, KeystoreError> {
    // PKCS#12 is a SEQUENCE; JKS begins with a number of its own.
    if bytes.first() == Some(&0x30) { pkcs12::read(bytes, password) } else { jks::read(bytes, password) }
}

/// Writes a keystore of this kind.
pub fn write(contents: &Contents, kind: Kind, password: &Secret) -> Result<Zeroizing<Vec<u8>>, KeystoreError> {
    write_entries(&contents.keys, &contents.trusted, kind, password)
}

/// As [`write`], for entries that are not held together.
pub(super) fn write_entries(
    keys: &[KeyEntry],
    trusted: &[TrustedEntry],
    kind: Kind,
    password: &Secret,
) -> Result<Zeroizing<Vec<u8>>, KeystoreError> {
    match kind {
        Kind::Jks => Ok(jks::write_entries(keys, trusted, password)),
        Kind::Pkcs12 => pkcs12::write_entries(keys, trusted, password),
    }
}

/// The kind of the keystore that is to stand at a path: PKCS#12 for `.p12` and `.pfx`, else JKS.
pub(super) fn kind_of(path: &Path) -> Kind {
    let is = |extension| path.extension().is_some_and(|found| found.eq_ignore_ascii_case(extension));
    if is("p12") || is("pfx") { Kind::Pkcs12 } else { Kind::Jks }
}
