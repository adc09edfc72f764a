//! The one style of answers that every client we know of can read.

use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, USER_AGENT, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use der::asn1::AnyRef;
use der::oid::db::rfc5911::{ID_DATA, ID_SIGNED_DATA};
use der::{Encode, Tag, TagNumber};

use crate::passport::Fault;
use crate::registration::state::State;

/// How long a client whose request is pending shall wait before it asks again, in seconds. Never a date: some clients
/// fail over one.
const ASK_AGAIN: &str = "2";
const CERTIFICATES: &str = "application/pkcs7-mime; smime-type=certs-only";
const TRANSFER_ENCODING: HeaderName = HeaderName::from_static("content-transfer-encoding");
const REQUEST_ID: HeaderName = HeaderName::from_static("countersign-request");
const REQUEST_STATE: HeaderName = HeaderName::from_static("countersign-state");
const REALM: &str = "Basic realm=\"Countersign\"";
/// libest reads no line that is longer; strongSwan and est-ca read nothing that is wrapped.
const LONGEST_LINE: usize = 1000;
/// Where lines end for libest (RFC 2045, 6.8 allows up to 76).
const LINE: usize = 64;

/// 200 with exactly one certificate, since a client of ours knows of no more: the issuer's come from `cacerts`.
pub fn certificate(der: &[u8], headers: &HeaderMap) -> Result<Response, Fault> {
    let message = certs_only(der).map_err(|_| Fault::Damaged("a certificate"))?;
    let mut text = STANDARD.encode(message);
    if text.len() > LONGEST_LINE && is_libest(headers) {
        text = wrapped(&text);
    }
    text.push('\n');
    Ok(([(CONTENT_TYPE, CERTIFICATES), (TRANSFER_ENCODING, "base64")], text).into_response())
}

/// 202 with an empty body: some clients fail over anything else.
pub fn later() -> Response {
    (StatusCode::ACCEPTED, [(RETRY_AFTER, ASK_AGAIN)]).into_response()
}

/// The same for a request that waits for an administrator; how it stands is told in headers.
pub fn pending(id: Option<&str>, state: &State) -> Response {
    let mut response = later();
    let state = state.to_string().to_lowercase().replace(' ', "-");
    for (name, value) in [(REQUEST_ID, id.unwrap_or_default()), (REQUEST_STATE, &state)] {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// 401 with an empty body: the same for no credentials and for wrong ones, whatever is wrong.
pub fn unauthorised() -> Response {
    (StatusCode::UNAUTHORIZED, [(WWW_AUTHENTICATE, REALM)]).into_response()
}

/// A status with one line for people.
pub fn line(status: StatusCode, text: &str) -> Response {
    (status, format!("{}\n", text.replace(char::is_control, " "))).into_response()
}

/// A certs-only message (RFC 5652, 5.1; RFC 7030, 4.1.3): signed data without signers, around a certificate as it is. With
/// an empty list of revocations, as OpenSSL writes it.
fn certs_only(certificate: &[u8]) -> der::Result<Vec<u8>> {
    const fn tagged(number: TagNumber) -> Tag {
        Tag::ContextSpecific { constructed: true, number }
    }
    const ZERO: Tag = tagged(TagNumber::N0);
    let of = |tag, content: &[u8]| AnyRef::new(tag, content)?.to_der();
    let nothing = of(Tag::Set, &[])?;
    let content = of(Tag::Sequence, &ID_DATA.to_der()?)?;
    let lists = [of(ZERO, certificate)?, of(tagged(TagNumber::N1), &[])?].concat();
    let signed = [&1_u8.to_der()?, &nothing, &content, &lists, &nothing].map(Vec::as_slice).concat();
    let signed = of(ZERO, &of(Tag::Sequence, &signed)?)?;
    of(Tag::Sequence, &[ID_SIGNED_DATA.to_der()?, signed].concat())
}

fn is_libest(headers: &HeaderMap) -> bool {
    headers.get(USER_AGENT).is_some_and(|agent| agent.as_bytes().starts_with(b"libest"))
}

fn wrapped(text: &str) -> String {
    let lines: Vec<_> = text.as_bytes().chunks(LINE).map(String::from_utf8_lossy).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use cms::cert::x509::Certificate;
    use cms::content_info::ContentInfo;
    use der::Decode;

    use super::*;

    #[test]
    fn a_certificate_is_wrapped_as_a_library_would() {
        let key = rcgen::KeyPair::generate().expect("a key");
        let certificate = rcgen::CertificateParams::default().self_signed(&key).expect("signed");
        let read = Certificate::from_der(certificate.der()).expect("read");
        let expected = ContentInfo::try_from(read).and_then(|content| content.to_der()).expect("wrapped");
        assert_eq!(certs_only(certificate.der()).expect("wrapped"), expected);
    }

    #[tokio::test]
    async fn long_answers_are_wrapped_for_libest_alone() {
        let key = rcgen::KeyPair::generate().expect("a key");
        let of = |names: usize| {
            let names: Vec<_> = (0..names).map(|number| format!("name{number}.example")).collect();
            let params = rcgen::CertificateParams::new(names).expect("params");
            params.self_signed(&key).expect("signed").der().to_vec()
        };
        for (names, agent, wraps) in [(1, "libest 3.2", false), (60, "libest 3.2", true), (60, "strongSwan", false)] {
            let headers = HeaderMap::from_iter([(USER_AGENT, HeaderValue::from_static(agent))]);
            let answer = certificate(&of(names), &headers).expect("answered");
            let body = axum::body::to_bytes(answer.into_body(), 1 << 16).await.expect("read");
            let body = String::from_utf8(body.to_vec()).expect("text");
            assert!(body.ends_with('\n') && !body.ends_with("\n\n"));
            let is_wrapped = body.lines().count() > 1;
            assert_eq!(is_wrapped, wraps, "{agent}, {names} names");
        }
    }
}
