//! Keystore files: the formats JKS and PKCS#12, and how a component's keystore and its `.pass` lie beside each other on
//! disk.

#[cfg(test)]
mod damage;
mod error;
mod files;
mod format;
pub mod jks;
mod kind;
mod name;
pub mod pkcs12;
#[cfg(test)]
mod sample;

pub use error::KeystoreError;
pub use files::{open, password_file, store};
pub use format::{read, write};
pub use kind::Kind;
pub use name::file_name;

use jiff::Timestamp;
use zeroize::Zeroizing;

/// A private key with the certificates that vouch for it.
pub struct KeyEntry {
    /// The entry's name. Java lower-cases it, and so does the writer.
    pub alias: String,
    /// When the entry was made; a keystore keeps whole milliseconds.
    pub created: Timestamp,
    /// The key as PKCS#8 in DER (RFC 5208).
    pub key: Zeroizing<Vec<u8>>,
    /// Certificates in DER, the key's own first, the CA's last.
    pub chain: Vec<Vec<u8>>,
}

/// A certificate that is trusted as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedEntry {
    /// The entry's name. Java lower-cases it, and so does the writer.
    pub alias: String,
    /// When the entry was made; a keystore keeps whole milliseconds.
    pub created: Timestamp,
    /// The certificate in DER.
    pub certificate: Vec<u8>,
}

/// All that a keystore holds. The order among keys, and among trusted certificates, is kept.
#[derive(Default)]
pub struct Contents {
    /// Private keys with their chains.
    pub keys: Vec<KeyEntry>,
    /// Trusted certificates.
    pub trusted: Vec<TrustedEntry>,
}

/// A text in UTF-16, high byte first, as both formats take passwords and PKCS#12 takes names.
fn utf16(units: impl Iterator<Item = u16> + Clone) -> Zeroizing<Vec<u8>> {
    // The exact size at once, so that growing leaves no copy behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(units.clone().count() * 2));
    units.for_each(|unit| bytes.extend(unit.to_be_bytes()));
    bytes
}
