//! The certificate that was given for a port: shown by the server, or the one that signed what it shows.

use std::path::Path;

use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use x509_parser::prelude::{FromDer, X509Certificate};

/// Compares what a server shows with the certificate in a file, PEM or DER.
///
/// # Errors
/// Why it does not match, in one line.
pub fn matches(file: &Path, shown: &[CertificateDer<'_>]) -> Result<(), String> {
    let bytes = std::fs::read(file).map_err(|error| format!("{} cannot be read: {error}", file.display()))?;
    let given = CertificateDer::from_pem_slice(&bytes).unwrap_or_else(|_| CertificateDer::from(bytes));
    let unreadable = || format!("{} is no certificate in PEM or DER", file.display());
    let (_, given) = X509Certificate::from_der(&given).map_err(|_| unreadable())?;
    let shown: Vec<X509Certificate<'_>> =
        shown.iter().filter_map(|one| X509Certificate::from_der(one).ok()).map(|(_, read)| read).collect();
    let fits = |one: &X509Certificate<'_>| {
        one.as_raw() == given.as_raw()
            || one.issuer().as_raw() == given.subject().as_raw()
                && one.verify_signature(Some(given.public_key())).is_ok()
    };
    match shown.first() {
        Some(leaf) if fits(leaf) => Ok(()),
        Some(leaf) => {
            Err(format!("it shows {}, and {} is given as {}", leaf.subject(), file.display(), given.subject()))
        }
        None => Err("it shows no certificate".to_owned()),
    }
}
