//! What an attempt to get a certificate keeps until it has one: key pair and request, in temporaries beside the keystore.

use std::io;
use std::path::PathBuf;

use rcgen::{CertificateParams, KeyPair, PKCS_ECDSA_P256_SHA256};
use rustls_pki_types::{PrivateKeyDer, pem::PemObject};
use zeroize::Zeroizing;

use super::enrol::RegisterError;
use super::site::{Pending, Site};
use super::state::State;
use super::wire::Bytes;
use crate::fs::{PRIVATE_FILE, remove_file, replace, shred};

/// One of the two attempts that a component can be at.
#[derive(Clone, Copy)]
pub(super) enum Attempt<'a> {
    /// For its first certificate. The public key lies there too, as the vendor's components leave it.
    First(&'a Site),
    /// For the certificate after the present one, which stays in use meanwhile.
    Renewal(&'a Site),
}

impl Attempt<'_> {
    /// The key pair and request of an interrupted attempt, if both temporaries are whole.
    pub fn resume(self) -> Option<(KeyPair, Pending)> {
        let pending = serde_json::from_slice(&std::fs::read(self.request_file()).ok()?).ok()?;
        let pem = Zeroizing::new(std::fs::read(self.key_file()).ok()?);
        let der = PrivateKeyDer::from_pem_slice(&pem).ok()?;
        let key = KeyPair::from_der_and_sign_algo(&der, &PKCS_ECDSA_P256_SHA256).ok()?;
        Some((key, pending))
    }

    /// Makes key pair and request and writes the temporaries; the request is the last, since it makes the attempt whole.
    pub fn begin(self, params: &CertificateParams) -> Result<(KeyPair, Pending), RegisterError> {
        self.remove().map_err(|error| self.failed(error))?;
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let request = params.serialize_request(&key)?;
        let pem = Zeroizing::new(key.serialize_pem());
        let write = |path: PathBuf, text: &[u8]| replace(&path, text, PRIVATE_FILE).map_err(|error| self.failed(error));
        write(self.key_file(), pem.as_bytes())?;
        if let Self::First(site) = self {
            write(site.beside("pub"), key.public_key_pem().as_bytes())?;
        }
        let request = Bytes(request.der().to_vec());
        let pending = Pending { request_id: None, request, ca: None, status: State::Submitted, ask_after: None };
        self.keep(&pending)?;
        Ok((key, pending))
    }

    /// Keeps what the authority said.
    pub fn keep(self, pending: &Pending) -> Result<(), RegisterError> {
        let json = pending.to_json().map_err(io::Error::from);
        let written = json.and_then(|json| replace(&self.request_file(), &json, PRIVATE_FILE));
        written.map_err(|error| self.failed(error))
    }

    /// Removes the temporaries; the private key is overwritten before.
    pub fn remove(self) -> io::Result<()> {
        match self {
            Self::First(site) => site.remove_temporaries(),
            Self::Renewal(_) => {
                shred(&self.key_file())?;
                remove_file(&self.request_file())
            }
        }
    }

    /// A file of it that cannot be written, as an error.
    pub fn failed(self, error: io::Error) -> RegisterError {
        RegisterError::Files(self.site().conf.display().to_string(), error)
    }

    fn key_file(self) -> PathBuf {
        match self {
            Self::First(site) => site.beside("key"),
            Self::Renewal(site) => site.beside(Site::NEXT_KEY),
        }
    }

    fn request_file(self) -> PathBuf {
        match self {
            Self::First(site) => site.beside("csrid"),
            Self::Renewal(site) => site.beside(Site::NEXT_REQUEST),
        }
    }

    fn site(&self) -> &Site {
        match self {
            Self::First(site) | Self::Renewal(site) => site,
        }
    }
}
