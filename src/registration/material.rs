//! A component's private key and certificate chain, as its keystore holds them.

use rustls_pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::keystore::{Contents, KeystoreError};

/// Key and chain; the leaf comes first, the CA last.
pub struct Material {
    /// The private key.
    pub key: PrivateKeyDer<'static>,
    /// The chain, at least leaf and CA.
    pub chain: Vec<CertificateDer<'static>>,
}

/// When a certificate is valid, in seconds since 1970, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// Not before.
    pub from: i64,
    /// Not after.
    pub until: i64,
}

impl Validity {
    /// Of a DER certificate; `None` when it cannot be read.
    pub fn of(certificate: &[u8]) -> Option<Self> {
        X509Certificate::from_der(certificate).ok().map(|(_, parsed)| Self::of_parsed(&parsed))
    }

    /// Of a certificate that was read.
    pub fn of_parsed(certificate: &X509Certificate<'_>) -> Self {
        let validity = certificate.validity();
        Self { from: validity.not_before.timestamp(), until: validity.not_after.timestamp() }
    }

    /// From when on less than a third of it is left, in seconds since 1970.
    pub fn due_at(self) -> i64 {
        self.until.saturating_sub(self.until.saturating_sub(self.from) / 3)
    }

    /// Whether it is valid at this moment.
    pub fn holds_now(self) -> bool {
        let now = jiff::Timestamp::now().as_second();
        self.from <= now && now <= self.until
    }
}

impl Material {
    /// Takes the one key entry of a keystore. `None` when it holds no key with a chain of at least two.
    pub fn from_contents(mut contents: Contents) -> Option<Self> {
        let entry = contents.keys.pop().filter(|entry| entry.chain.len() >= 2)?;
        Some(Self {
            key: PrivatePkcs8KeyDer::from(entry.key.to_vec()).into(),
            chain: entry.chain.into_iter().map(CertificateDer::from).collect(),
        })
    }

    /// The certificate of the component itself.
    pub fn leaf(&self) -> &CertificateDer<'static> {
        &self.chain[0]
    }

    /// The CA that signed it: the pin.
    pub fn ca(&self) -> &CertificateDer<'static> {
        &self.chain[self.chain.len() - 1]
    }

    /// What is sent in a handshake: the chain without the CA, which the other side has.
    pub fn leaf_chain(&self) -> Vec<CertificateDer<'static>> {
        self.chain[..self.chain.len().saturating_sub(1).max(1)].to_vec()
    }

    /// Whether the component's certificate is for this key (`SubjectPublicKeyInfo`, DER).
    pub fn is_for(&self, key: &[u8]) -> bool {
        X509Certificate::from_der(self.leaf()).is_ok_and(|(_, parsed)| parsed.public_key().raw == key)
    }

    /// The serial number of the component's certificate, lower-case hexadecimal.
    pub fn serial(&self) -> Option<String> {
        let (_, parsed) = X509Certificate::from_der(self.leaf()).ok()?;
        Some(parsed.raw_serial().iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}")))
    }

    /// From when on the component's certificate is to be renewed, in seconds since 1970.
    pub fn due_at(&self) -> i64 {
        Validity::of(self.leaf()).map_or(i64::MAX, Validity::due_at)
    }

    /// Whether less than a third of the component's certificate's validity is left.
    pub fn is_due(&self) -> bool {
        self.due_at() <= jiff::Timestamp::now().as_second()
    }

    /// Whether every certificate of the chain is valid at this moment.
    pub fn valid_now(&self) -> bool {
        self.chain.iter().all(|certificate| Validity::of(certificate).is_some_and(Validity::holds_now))
    }
}

/// Reads the keystore at `path`; `None` when there is none.
///
/// # Errors
/// A keystore that cannot be opened, or that holds no key with its chain.
pub fn read(path: &std::path::Path) -> Result<Option<Material>, KeystoreError> {
    match crate::keystore::open(path)? {
        None => Ok(None),
        Some(contents) => Material::from_contents(contents).map(Some).ok_or(KeystoreError::NoKey),
    }
}
