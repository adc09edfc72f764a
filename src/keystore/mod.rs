//! Java keystore files: the JKS format, and how a component's `.jks` and `.pass` lie beside each other on disk.

mod error;
mod files;
pub mod jks;
mod kind;
mod name;
#[cfg(test)]
mod sample;

pub use error::KeystoreError;
pub use files::{open, password_file, store};
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
