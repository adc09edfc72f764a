//! The certificate that a process shows, which a renewal exchanges while connections go on.

use std::sync::{Arc, PoisonError, RwLock};

use rustls::SignatureScheme;
use rustls::client::ResolvesClientCert;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use super::material::Material;
use super::tls::provider;

/// What is shown from the next handshake on.
#[derive(Debug)]
pub struct Shown(RwLock<Arc<CertifiedKey>>);

impl Shown {
    /// Shows this one.
    pub fn new(material: &Material) -> Result<Arc<Self>, rustls::Error> {
        Ok(Arc::new(Self(RwLock::new(certified(material)?))))
    }

    /// Shows this one from now on.
    pub fn exchange(&self, material: &Material) -> Result<(), rustls::Error> {
        let new = certified(material)?;
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = new;
        Ok(())
    }

    /// Whether it is this one that is shown.
    pub fn is(&self, material: &Material) -> bool {
        self.now().cert.first() == Some(material.leaf())
    }

    fn now(&self) -> Arc<CertifiedKey> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn certified(material: &Material) -> Result<Arc<CertifiedKey>, rustls::Error> {
    CertifiedKey::from_der(material.leaf_chain(), material.key.clone_key(), &provider()).map(Arc::new)
}

impl ResolvesServerCert for Shown {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.now())
    }
}

impl ResolvesClientCert for Shown {
    fn resolve(&self, _hints: &[&[u8]], _schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        Some(self.now())
    }

    fn has_certs(&self) -> bool {
        true
    }
}
