//! The CA certificates that are pinned: read from a file that somebody imports, and written as one text.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustls_pki_types::{CertificateDer, pem::PemObject};
use x509_parser::prelude::{FromDer, X509Certificate};

/// The longest file that is read, in bytes.
pub const LONGEST: u64 = 256 * 1024;
/// The most certificates that a file may hold.
const MOST: usize = 16;

/// The CA certificates in a file: PEM, one or several, or one as DER.
///
/// # Errors
/// What is wrong with it; reads on after the file's name.
pub fn read(bytes: &[u8]) -> Result<Vec<CertificateDer<'static>>, &'static str> {
    let found = read_any(bytes)?;
    let is_ca = |certificate: &CertificateDer<'_>| {
        X509Certificate::from_der(certificate).is_ok_and(|(_, parsed)| parsed.is_ca())
    };
    if found.iter().all(is_ca) { Ok(found) } else { Err("holds a certificate that is no CA's") }
}

/// The same, whatever they certify.
///
/// # Errors
/// What is wrong with it; reads on after the file's name.
pub fn read_any(bytes: &[u8]) -> Result<Vec<CertificateDer<'static>>, &'static str> {
    let is_der = bytes.first() == Some(&0x30);
    let found: Vec<CertificateDer<'static>> = if is_der {
        vec![CertificateDer::from(bytes.to_vec())]
    } else {
        let all = CertificateDer::pem_slice_iter(bytes).collect::<Result<_, _>>();
        all.map_err(|_| "holds a certificate that cannot be read")?
    };
    if found.is_empty() || found.len() > MOST {
        return Err("holds no certificate, or more than 16");
    }
    for certificate in &found {
        match X509Certificate::from_der(certificate) {
            Ok((&[], _)) => {}
            _ => return Err("holds a certificate that cannot be read"),
        }
    }
    Ok(found)
}

/// The certificates as PEM (RFC 7468).
pub fn to_pem(certificates: &[CertificateDer<'_>]) -> String {
    let one = |certificate: &CertificateDer<'_>| {
        let text = STANDARD.encode(certificate);
        let lines: String = text.as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line) + "\n").collect();
        format!("-----BEGIN CERTIFICATE-----\n{lines}-----END CERTIFICATE-----\n")
    };
    certificates.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair};

    use super::*;

    fn certificate(is_ca: IsCa) -> CertificateDer<'static> {
        let mut params = CertificateParams::default();
        params.is_ca = is_ca;
        params.self_signed(&KeyPair::generate().expect("a key")).expect("signed").der().clone()
    }

    #[test]
    fn pem_and_der_are_read_and_only_cas_are_pinned() {
        let cas = [0, 1].map(|_| certificate(IsCa::Ca(BasicConstraints::Unconstrained)));
        assert_eq!(read(to_pem(&cas).as_bytes()).as_deref(), Ok(&cas[..]));
        assert_eq!(read(&cas[0]).as_deref(), Ok(&cas[..1]));
        let leaf = to_pem(&[certificate(IsCa::NoCa)]);
        assert_eq!(read(leaf.as_bytes()), Err("holds a certificate that is no CA's"));
        assert!(read(b"").is_err() && read(b"hello").is_err() && read(&[0x30, 1, 2]).is_err());
    }
}
