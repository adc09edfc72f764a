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
    https: Material,
    client_auth: Material,
    ca: CertificateDer<'static>,
    now: RwLock<[Arc<ServerConfig>; 2]>,
}

impl Tls {
    /// With these certificates, and nothing revoked yet.
    pub fn new(https: Identity, client_auth: Identity, ca: CertificateDer<'static>) -> Result<Self, Fault> {
        let material = |identity: Identity| Material {
            key: PrivatePkcs8KeyDer::from(identity.private.to_vec()).into(),
            chain: vec![identity.certificate, ca.clone()],
        };
        let (https, client_auth) = (material(https), material(client_auth));
        let now = RwLock::new(configurations(&https, &client_auth, &ca, &[])?);
        Ok(Self { https, client_auth, ca, now })
    }

    /// From the next connection on, certificates on this list are not believed.
    pub fn believe(&self, revoked: CertificateRevocationListDer<'static>) -> Result<(), Fault> {
        let new = configurations(&self.https, &self.client_auth, &self.ca, &[revoked])?;
        *self.now.write().unwrap_or_else(PoisonError::into_inner) = new;
        Ok(())
    }

    /// The configuration for the next connection.
    pub fn of(&self, port: Port) -> Arc<ServerConfig> {
        self.now.read().unwrap_or_else(PoisonError::into_inner)[port as usize].clone()
    }
}

fn configurations(
    https: &Material,
    client_auth: &Material,
    ca: &CertificateDer<'static>,
    revoked: &[CertificateRevocationListDer<'static>],
) -> Result<[Arc<ServerConfig>; 2], Fault> {
    let make = |material, auth| {
        server_config(material, ca, revoked.to_vec(), auth).map(Arc::new).map_err(|error| Fault::Tls(error.to_string()))
    };
    Ok([make(https, ClientAuth::Asked)?, make(client_auth, ClientAuth::Required)?])
}
