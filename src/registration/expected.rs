//! A certificate that somebody exported from the authority: the port must show it, or one that it signed.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rustls_pki_types::{CertificateDer, ServerName, pem::PemObject};
use thiserror::Error;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use x509_parser::prelude::{FromDer, X509Certificate};

use super::issued::signed;
use super::site::Site;
use super::tls::{Trust, client_config};
use super::wire::AUTHORITY_NAME;

/// The longest file that is read, in bytes.
const LONGEST: u64 = 256 * 1024;
/// How long the port may take to show its certificate.
const DEADLINE: Duration = Duration::from_secs(10);

/// Which of the authority's two ports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Port {
    /// Requests and proofs.
    Https,
    /// Everything after the registration.
    ClientAuth,
}

/// A certificate for one of the ports, in a file: PEM or DER, of the server itself or of a CA above it.
#[derive(Debug, Clone)]
pub struct Expected {
    /// The file.
    pub file: PathBuf,
    /// The port that it is for.
    pub port: Port,
}

/// Why a port is not believed to be the authority's. Each text is one line for people.
#[derive(Debug, Error)]
pub enum Unexpected {
    /// The file cannot be used.
    #[error("{0} {1}")]
    File(String, String),
    /// The port cannot be asked.
    #[error("the authority at {0} cannot be reached: {1}")]
    Unreachable(String, String),
    /// It shows another certificate.
    #[error(
        "the server at {0} does not show the certificate in {1}, nor one that it signed (it shows {2}): export the \
         right one from the authority, or give none"
    )]
    Other(String, String, String),
}

impl Expected {
    /// Asks the port for its certificate, and compares.
    pub async fn is_shown(&self, site: &Site) -> Result<(), Unexpected> {
        let given = read(&self.file).map_err(|why| Unexpected::File(self.file.display().to_string(), why))?;
        let port = match self.port {
            Port::Https => site.https_port,
            Port::ClientAuth => site.client_auth_port,
        };
        let address = format!("{}:{port}", site.host);
        let shown = tokio::time::timeout(DEADLINE, shown(site, port)).await;
        let unreachable = |why: String| Unexpected::Unreachable(address.clone(), why);
        let chain = shown
            .map_err(|_| unreachable(format!("no answer within {} s", DEADLINE.as_secs())))?
            .map_err(|error| unreachable(error.to_string()))?;
        if fits(&chain, &given) {
            return Ok(());
        }
        let leaf = chain.first().and_then(|leaf| X509Certificate::from_der(leaf).ok());
        let subject = leaf.map_or_else(|| "none".to_owned(), |(_, leaf)| leaf.subject().to_string());
        Err(Unexpected::Other(address, self.file.display().to_string(), subject))
    }
}

/// The certificate in a file, PEM or DER. The error reads on after the file's name.
pub fn read(file: &Path) -> Result<CertificateDer<'static>, String> {
    let size = std::fs::metadata(file).map(|about| about.len());
    if size.map_err(|error| format!("cannot be read: {error}"))? > LONGEST {
        return Err("is too long for a certificate".to_owned());
    }
    let bytes = std::fs::read(file).map_err(|error| format!("cannot be read: {error}"))?;
    let is_der = bytes.first() == Some(&0x30);
    let der = if is_der { CertificateDer::from(bytes) } else { from_pem(&bytes)? };
    match X509Certificate::from_der(&der) {
        Ok((&[], _)) => Ok(der.into_owned()),
        _ => Err("holds no certificate that can be read".to_owned()),
    }
}

fn from_pem(bytes: &[u8]) -> Result<CertificateDer<'static>, String> {
    let mut all = CertificateDer::pem_slice_iter(bytes);
    match (all.next(), all.next()) {
        (Some(Ok(only)), None) => Ok(only),
        (Some(Ok(_)), Some(_)) => Err("holds several certificates: give one".to_owned()),
        _ => Err("holds no certificate that can be read".to_owned()),
    }
}

/// What the port shows, itself first. The handshake's signature is checked, and nothing else.
async fn shown(site: &Site, port: u16) -> std::io::Result<Vec<CertificateDer<'static>>> {
    let config = client_config(Trust::Unpinned, None).map_err(std::io::Error::other)?;
    let stream = match site.address {
        Some(address) => TcpStream::connect((address, port)).await?,
        None => TcpStream::connect((site.host.as_str(), port)).await?,
    };
    let name = ServerName::try_from(AUTHORITY_NAME).map_err(std::io::Error::other)?;
    let tls = TlsConnector::from(Arc::new(config)).connect(name, stream).await?;
    let chain = tls.get_ref().1.peer_certificates().unwrap_or_default();
    Ok(chain.iter().map(|one| one.clone().into_owned()).collect())
}

/// Whether a chain is of this certificate: it is the server's own, or signed the end of the chain.
pub fn fits(chain: &[CertificateDer<'_>], given: &CertificateDer<'_>) -> bool {
    let Ok((_, ca)) = X509Certificate::from_der(given) else { return false };
    let Some((leaf, above)) = chain.split_first() else { return false };
    if leaf == given {
        return true;
    }
    let Ok((_, mut last)) = X509Certificate::from_der(leaf) else { return false };
    for next in above {
        match X509Certificate::from_der(next) {
            Ok((_, next)) if next.is_ca() && signed(&last, &next) => last = next,
            _ => break,
        }
        if next == given {
            return true;
        }
    }
    ca.is_ca() && signed(&last, &ca)
}

#[cfg(test)]
mod tests {
    use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};

    use super::*;

    fn ca(name: &str, above: Option<&CertifiedIssuer<'static, KeyPair>>) -> CertifiedIssuer<'static, KeyPair> {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        match above {
            None => CertifiedIssuer::self_signed(params, key).expect("signed"),
            Some(above) => CertifiedIssuer::signed_by(params, key, above).expect("signed"),
        }
    }

    #[test]
    fn the_server_s_own_certificate_fits_and_each_above_it_and_no_other() {
        let (root, other) = (ca("root", None), ca("root", None));
        let between = ca("between", Some(&root));
        let key = KeyPair::generate().expect("a key");
        let leaf = CertificateParams::default().signed_by(&key, &between).expect("signed").der().clone();
        let chain = [leaf.clone(), between.der().clone()];
        for given in [&leaf, between.der(), root.der()] {
            assert!(fits(&chain, given));
        }
        assert!(!fits(&chain, other.der()) && !fits(&chain[..1], root.der()) && !fits(&[], root.der()));
    }
}
