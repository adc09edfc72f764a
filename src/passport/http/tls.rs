//! What both ports show and whom they believe, exchanged as a whole whenever a certificate was revoked.

use std::sync::{Arc, PoisonError, RwLock};

use rustls::ServerConfig;
use rustls_pki_types::{CertificateDer, CertificateRevocationListDer, PrivatePkcs8KeyDer};

use crate::passport::Fault;
use crate::passport::authority::Identity;
use crate::registration::material::Material;
use crate::registration::tls::{ClientAuth, server_config};

/// Which of the two ports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Port {
    /// Registration and proofs.
    Https,
    /// Everything that needs a client certificate.
    ClientAuth,
}

/// The configurations of both ports.
pub struct Tls {
    shown: RwLock<[Material; 2]>,
    ca: CertificateDer<'static>,
    now: RwLock<[Arc<ServerConfig>; 2]>,
}

impl Tls {
    /// With these certificates, and nothing revoked yet.
    pub fn new(https: Identity, client_auth: Identity, ca: CertificateDer<'static>) -> Result<Self, Fault> {
        let shown = materials([https, client_auth], &ca);
        let now = RwLock::new(configurations(&shown, &ca, &[])?);
        Ok(Self { shown: RwLock::new(shown), ca, now })
    }

    /// Shows these certificates, once it is told anew whom to [believe](Self::believe).
    pub fn show(&self, identities: [Identity; 2]) {
        *self.shown.write().unwrap_or_else(PoisonError::into_inner) = materials(identities, &self.ca);
    }

    /// From the next connection on, certificates on this list are not believed.
    pub fn believe(&self, revoked: CertificateRevocationListDer<'static>) -> Result<(), Fault> {
        let shown = self.shown.read().unwrap_or_else(PoisonError::into_inner);
        let new = configurations(&shown, &self.ca, &[revoked])?;
        *self.now.write().unwrap_or_else(PoisonError::into_inner) = new;
        Ok(())
    }

    /// The configuration for the next connection.
    pub fn of(&self, port: Port) -> Arc<ServerConfig> {
        self.now.read().unwrap_or_else(PoisonError::into_inner)[port as usize].clone()
    }
}

fn materials(identities: [Identity; 2], ca: &CertificateDer<'static>) -> [Material; 2] {
    identities.map(|identity| Material {
        key: PrivatePkcs8KeyDer::from(identity.private.to_vec()).into(),
        chain: vec![identity.certificate, ca.clone()],
    })
}

fn configurations(
    [https, client_auth]: &[Material; 2],
    ca: &CertificateDer<'static>,
    revoked: &[CertificateRevocationListDer<'static>],
) -> Result<[Arc<ServerConfig>; 2], Fault> {
    let make = |material, auth| {
        server_config(material, ca, revoked.to_vec(), auth).map(Arc::new).map_err(|error| Fault::Tls(error.to_string()))
    };
    Ok([make(https, ClientAuth::Asked)?, make(client_auth, ClientAuth::Required)?])
}
