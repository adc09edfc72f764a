//! The bodies of requests and answers: base64, written the way most servers take it and read whatever way it comes.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustls_pki_types::CertificateDer;

use super::cms::{self, Damaged};

/// How long a line of base64 is (RFC 7468 section 2).
const LINE: usize = 64;

/// How a request's base64 is written: no form is taken by every server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// In lines that end with LF: libest takes no other.
    Wrapped,
    /// On one line without an end: some take no other.
    Single,
}

/// A request as it is sent.
pub(super) fn written(request: &[u8], form: Form) -> String {
    let text = STANDARD.encode(request);
    match form {
        Form::Single => text,
        Form::Wrapped => {
            // Base64 is ASCII, so every split is between characters.
            let lines = text.as_bytes().chunks(LINE).map(|line| String::from_utf8_lossy(line) + "\n");
            lines.collect()
        }
    }
}

/// The certificates of an answer's body: base64 in any lines (RFC 8951 section 3.1), or the bytes themselves.
///
/// # Errors
/// It holds none, or cannot be read; the error reads on after "the answer".
pub fn certificates(body: &[u8]) -> Result<Vec<CertificateDer<'static>>, Damaged> {
    let text: Vec<u8> = body.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    match STANDARD.decode(&text) {
        Ok(der) => cms::certificates(&der),
        Err(_) if body.first() == Some(&0x30) => cms::certificates(body),
        Err(_) => Err(Damaged("is neither base64 nor DER")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_wrapped_or_on_one_line() {
        let request = [7; 100];
        let single = written(&request, Form::Single);
        let wrapped = written(&request, Form::Wrapped);
        assert_eq!(wrapped.replace('\n', ""), single);
        assert_eq!(wrapped.lines().map(str::len).collect::<Vec<_>>(), [64, 64, 8]);
        assert!(wrapped.ends_with('\n') && !single.contains('\n'));
    }

    #[test]
    fn garbage_is_told_from_certificates() {
        for (body, said) in [(&b""[..], "cut off"), (b"<html></html>", "neither"), (b"MAMCAQE=", "no CMS")] {
            let error = certificates(body).expect_err("garbage").to_string();
            assert!(error.contains(said), "{error}");
        }
    }
}
