//! The JKS file format, as the JDK's `JavaKeyStore` class reads and writes it.
//!
//! A magic number, a version, counted entries, then SHA-1 over password, a fixed phrase and all before. All numbers
//! are big-endian. Private keys are protected one by one with Sun's own XOR stream. Both are weak by today's
//! measure: what guards the key is the file's mode 0600 and a long random password.

mod der;
mod protect;
mod read;
mod text;
mod write;

use sha1::{Digest, Sha1};
use zeroize::Zeroizing;

use super::utf16;
use crate::secret::Secret;

pub use read::read;
pub use write::write;
pub(super) use write::write_entries;

const MAGIC: u32 = 0xFEED_FEED;
/// The version written; version 1, which names no certificate type, is read too.
const VERSION: u32 = 2;
const PRIVATE_KEY: u32 = 1;
const TRUSTED_CERTIFICATE: u32 = 2;
const CERTIFICATE_TYPE: &str = "X.509";
const DIGEST_LENGTH: usize = 20;

/// The digest that ends the file.
fn integrity(password: &Secret, body: &[u8]) -> [u8; DIGEST_LENGTH] {
    let mut hash = Sha1::new();
    hash.update(password_bytes(password));
    hash.update(b"Mighty Aphrodite");
    hash.update(body);
    hash.finalize().into()
}

/// The password as Java takes it into its digests.
fn password_bytes(password: &Secret) -> Zeroizing<Vec<u8>> {
    utf16(password.expose().encode_utf16())
}

#[cfg(test)]
mod tests;
