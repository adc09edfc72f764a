//! Reading a PKCS#12 file, whole or damaged.

use der::asn1::AnyRef;
use der::{Decode, Tag};

use super::bags::Bags;
use super::structure::{ContentInfo, DATA, Pfx, VERSION, broken, each, octets};
use super::work::Work;
use super::{chains, mac};
use crate::keystore::{Contents, KeystoreError};
use crate::secret::Secret;

/// Reads a keystore whose keys have the keystore's own password.
///
/// Nothing but the outermost structure is looked at before the check sum over all of it matches. No number in the file
/// is believed: what it holds is taken piece by piece, and the rounds it may ask for are counted.
///
/// A password beyond ASCII is taken as OpenSSL takes it; Java takes none for this format.
pub fn read(bytes: &[u8], password: &Secret) -> Result<Contents, KeystoreError> {
    let file = Pfx::from_der(bytes).map_err(broken)?;
    if file.version != VERSION {
        return Err(KeystoreError::Unsupported("a version of the format other than 3"));
    }
    if file.safes.kind != DATA {
        return Err(KeystoreError::Unsupported("a signature where a check sum under its password should be"));
    }
    let safes = octets(&file.safes.content)?;
    let sum = file.mac.ok_or(KeystoreError::Unsupported("no check sum under a password"))?;
    let mut work = Work::new();
    mac::check(&sum, safes, password, &mut work)?;
    let mut bags = Bags::new(password, work);
    for safe in each::<ContentInfo>(AnyRef::from_der(safes).map_err(broken)?, Tag::Sequence)? {
        bags.open(&safe?)?;
    }
    chains::contents(bags)
}
