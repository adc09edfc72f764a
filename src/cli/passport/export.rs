//! What leaves the authority as a file: certificates, revocation lists, heads of the audit. All of it is public.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::Failure;

/// Mode of an exported file.
const PUBLIC_FILE: u32 = 0o644;
/// Characters of base64 on one line of PEM (RFC 7468, 2).
const PEM_LINE: usize = 64;

/// Writes a file, whether there was one or not.
pub(super) fn write(file: &Path, bytes: &[u8]) -> Result<(), Failure> {
    crate::fs::replace(file, bytes, PUBLIC_FILE)
        .map_err(|error| Failure::refused(format!("{} cannot be written: {error}", file.display())))
}

/// DER as it is, or as PEM text under this label.
pub(super) fn encoded(der: &[u8], label: &str, is_pem: bool) -> Vec<u8> {
    if !is_pem {
        return der.to_vec();
    }
    let text = STANDARD.encode(der);
    let lines: Vec<&str> =
        (0..text.len()).step_by(PEM_LINE).map(|at| &text[at..text.len().min(at + PEM_LINE)]).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n")).into_bytes()
}
