//! The forms in which clients send a request: base64 on one line, with or without its end, wrapped with LF or CRLF, PEM,
//! and plain DER. What the headers say of it differs from client to client and decides nothing.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use thiserror::Error;

/// The first byte of every request in DER: a SEQUENCE.
const SEQUENCE: u8 = 0x30;
const LABELS: [&str; 2] = ["CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"];

/// Why a body is none of the forms. One line for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Unreadable {
    /// Nothing in it.
    #[error("the body is empty")]
    Empty,
    /// Neither DER nor text.
    #[error("the body is neither base64, PEM nor DER")]
    NoText,
    /// Text that is no base64.
    #[error("the body is no base64")]
    NoBase64,
    /// PEM of something else, or without its end.
    #[error("the body's PEM is no whole CERTIFICATE REQUEST")]
    OtherPem,
}

/// The request's DER. What is in it is judged elsewhere.
pub fn decode(body: &[u8]) -> Result<Vec<u8>, Unreadable> {
    if body.first() == Some(&SEQUENCE) {
        return Ok(body.to_vec());
    }
    let text = std::str::from_utf8(body).map_err(|_| Unreadable::NoText)?;
    let base64 = match text.split_once("-----BEGIN ") {
        Some((_, pem)) => inside(pem).ok_or(Unreadable::OtherPem)?,
        None => text,
    };
    let base64: String = base64.chars().filter(|character| !character.is_ascii_whitespace()).collect();
    if base64.is_empty() {
        return Err(Unreadable::Empty);
    }
    STANDARD.decode(base64).map_err(|_| Unreadable::NoBase64)
}

/// What stands between the lines of a PEM block, behind `-----BEGIN `.
fn inside(pem: &str) -> Option<&str> {
    let (label, rest) = pem.split_once("-----")?;
    let (inside, _) = rest.split_once(&format!("-----END {label}-----"))?;
    LABELS.contains(&label).then_some(inside)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Bytes in every form that clients send; each form reads back as those bytes.
    fn forms(der: &[u8]) -> Vec<Vec<u8>> {
        let line = STANDARD.encode(der);
        let wrapped = |end: &str| -> String {
            line.as_bytes().chunks(64).map(|part| format!("{}{end}", String::from_utf8_lossy(part))).collect()
        };
        let pem = |label| format!("-----BEGIN {label}-----\n{}-----END {label}-----\n", wrapped("\n"));
        let texts = [
            line.clone(),
            format!("{line}\n"),
            wrapped("\n"),
            wrapped("\r\n"),
            pem(LABELS[0]),
            pem(LABELS[1]),
            format!("Certificate Request:\n    Data: -\n{}", pem(LABELS[0])),
        ];
        texts.into_iter().map(String::into_bytes).chain([der.to_vec()]).collect()
    }

    #[test]
    fn what_is_none_of_the_forms_is_told_apart() {
        let cut = "-----BEGIN CERTIFICATE REQUEST-----\nMAA=\n";
        let other = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
        for (body, expected) in [
            (&b""[..], Unreadable::Empty),
            (b" \r\n", Unreadable::Empty),
            (b"\xff\xfe", Unreadable::NoText),
            (b"MAA", Unreadable::NoBase64),
            (b"a=b&c=d", Unreadable::NoBase64),
            (cut.as_bytes(), Unreadable::OtherPem),
            (other.as_bytes(), Unreadable::OtherPem),
        ] {
            assert_eq!(decode(body), Err(expected));
        }
    }

    proptest! {
        #[test]
        fn every_form_reads_back(content in proptest::collection::vec(any::<u8>(), 0..600)) {
            let der: Vec<u8> = [SEQUENCE].into_iter().chain(content).collect();
            for form in forms(&der) {
                prop_assert_eq!(decode(&form), Ok(der.clone()));
            }
        }

        #[test]
        fn nothing_makes_the_reader_panic_or_grow(body in proptest::collection::vec(any::<u8>(), 0..600)) {
            if let Ok(der) = decode(&body) {
                prop_assert!(der.len() <= body.len());
            }
        }

        #[test]
        fn nor_does_any_text(body in "(-----(BEGIN|END) )?(NEW )?(CERTIFICATE REQUEST)?(-----)?[A-Za-z0-9+/= \r\n-]{0,80}") {
            let _ = decode(body.as_bytes());
        }
    }
}
