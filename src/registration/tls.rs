//! TLS configurations of components and authority: TLS 1.3 and 1.2, one provider, certificates of the authority's CA.

use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::ClientCertVerifier;
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, ServerConfig, SignatureScheme};
use rustls_pki_types::{CertificateDer, CertificateRevocationListDer, ServerName, UnixTime};
use x509_parser::prelude::{FromDer, X509Certificate};

use super::material::Material;

/// The one cryptographic provider.
pub fn provider() -> Arc<CryptoProvider> {
    Arc::new(aws_lc_rs::default_provider())
}

/// Whether a server insists on a client certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientAuth {
    /// Asked for; one that is given must verify.
    Asked,
    /// No certificate, no connection.
    Required,
}

/// Whom a client believes.
pub enum Trust {
    /// Nobody is known yet: the handshake's signature is checked, the name and the chain are not. Only for exchanges
    /// that prove the server by other means (the proof's channel binding).
    Unpinned,
    /// Certificates of this CA, for the name given when connecting.
    Pinned(CertificateDer<'static>),
    /// Certificates of any of these CAs, for the name given when connecting.
    Anchors(Vec<CertificateDer<'static>>),
    /// The certificate of the component with this common name, of this CA, whatever host is connected to. For
    /// components whose certificates come from a foreign authority: those are for clients and name no host.
    Component(CertificateDer<'static>, String),
}

/// A server that shows `material` and believes client certificates of the CA `clients`.
pub fn server_config(
    material: &Material,
    clients: &CertificateDer<'static>,
    revoked: Vec<CertificateRevocationListDer<'static>>,
    auth: ClientAuth,
) -> Result<ServerConfig, rustls::Error> {
    let verifier = WebPkiClientVerifier::builder_with_provider(roots(std::slice::from_ref(clients))?, provider())
        .with_crls(revoked)
        .allow_unknown_revocation_status();
    let verifier = match auth {
        ClientAuth::Asked => verifier.allow_unauthenticated(),
        ClientAuth::Required => verifier,
    }
    .build()
    .map_err(|error| rustls::Error::General(error.to_string()))?;
    let mut config = ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()?
        .with_client_cert_verifier(verifier)
        .with_single_cert(material.leaf_chain(), material.key.clone_key())?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    // Resumed sessions would skip the client's certificate check after a revocation.
    config.session_storage = Arc::new(rustls::server::NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    Ok(config)
}

/// A client that believes `trust` and shows `identity` when it has one.
pub fn client_config(trust: Trust, identity: Option<&Material>) -> Result<ClientConfig, rustls::Error> {
    let verifier: Arc<dyn ServerCertVerifier> = match trust {
        Trust::Unpinned => Arc::new(AnyServer(provider())),
        Trust::Pinned(ca) => server_verifier(&[ca])?,
        Trust::Anchors(anchors) => server_verifier(&anchors)?,
        Trust::Component(ca, common_name) => {
            let chain = WebPkiClientVerifier::builder_with_provider(roots(&[ca])?, provider()).build();
            let chain = chain.map_err(|error| rustls::Error::General(error.to_string()))?;
            Arc::new(OneComponent { chain, common_name })
        }
    };
    let builder = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(verifier);
    let mut config = match identity {
        Some(material) => builder.with_client_auth_cert(material.leaf_chain(), material.key.clone_key())?,
        None => builder.with_no_client_auth(),
    };
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config.resumption = rustls::client::Resumption::disabled();
    Ok(config)
}

fn server_verifier(anchors: &[CertificateDer<'static>]) -> Result<Arc<dyn ServerCertVerifier>, rustls::Error> {
    let verifier = WebPkiServerVerifier::builder_with_provider(roots(anchors)?, provider()).build();
    Ok(verifier.map_err(|error| rustls::Error::General(error.to_string()))?)
}

fn roots(anchors: &[CertificateDer<'static>]) -> Result<Arc<RootCertStore>, rustls::Error> {
    let mut store = RootCertStore::empty();
    anchors.iter().try_for_each(|anchor| store.add(anchor.clone()))?;
    Ok(Arc::new(store))
}

/// The subject's common name, if there is exactly one.
pub fn common_name(certificate: &CertificateDer<'_>) -> Option<String> {
    let (_, parsed) = X509Certificate::from_der(certificate).ok()?;
    let mut names = parsed.subject().iter_common_name();
    let name = names.next()?.as_str().ok()?.to_owned();
    names.next().is_none().then_some(name)
}

/// Believes the one component with this common name.
#[derive(Debug)]
struct OneComponent {
    chain: Arc<dyn ClientCertVerifier>,
    common_name: String,
}

impl ServerCertVerifier for OneComponent {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        self.chain.verify_client_cert(end_entity, intermediates, now)?;
        if common_name(end_entity).as_deref() == Some(&*self.common_name) {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(CertificateError::NotValidForName.into())
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.chain.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.chain.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.chain.supported_verify_schemes()
    }
}

/// Believes every certificate whose key signs the handshake.
#[derive(Debug)]
struct AnyServer(Arc<CryptoProvider>);

impl ServerCertVerifier for AnyServer {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
