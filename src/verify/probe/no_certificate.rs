//! `no-certificate`: on the port for client authentication, nobody without a certificate gets any answer.

use std::io;
use std::sync::Arc;

use rustls::Error;
use rustls_pki_types::ServerName;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::Finding;
use crate::registration::tls::{Trust, client_config};
use crate::registration::wire::{AUTHORITY_NAME, STATUS_PATH};
use crate::verify::target::Target;

/// Enough of an answer to see that it is one, in bytes.
const ENOUGH: u64 = 64;

pub(super) async fn ask(target: &Target) -> Finding {
    let authority = target.authority();
    let number = authority.client_auth_port;
    let stream = match TcpStream::connect((authority.host.as_str(), number)).await {
        Ok(stream) => stream,
        Err(error) => return Finding::failed(format!("nobody answers on {number}: {error}")),
    };
    let trust = target.ca().map_or(Trust::Unpinned, Trust::Pinned);
    let (Ok(config), Ok(name)) = (client_config(trust, None), ServerName::try_from(AUTHORITY_NAME)) else {
        return Finding::cannot_tell("no connection without a certificate can be made ready");
    };
    let mut answer = Vec::new();
    let asked = async {
        let mut tls = TlsConnector::from(Arc::new(config)).connect(name, stream).await?;
        // In TLS 1.3 the client's handshake ends before the server has seen that no certificate came (RFC 8446, 4.4.2):
        // only a request and what follows it tell.
        tls.write_all(request().as_bytes()).await?;
        tls.flush().await?;
        tls.take(ENOUGH).read_to_end(&mut answer).await
    };
    let ended = asked.await.err();
    judge(number, ended.as_ref(), &answer)
}

fn request() -> String {
    format!("GET {STATUS_PATH} HTTP/1.1\r\nHost: {AUTHORITY_NAME}\r\nConnection: close\r\n\r\n")
}

fn judge(number: u16, ended: Option<&io::Error>, answer: &[u8]) -> Finding {
    if !answer.is_empty() {
        let text = String::from_utf8_lossy(answer);
        let line = text.lines().next().unwrap_or_default().trim();
        return Finding::failed(format!("{number} answers without a certificate: {line}"));
    }
    match ended.and_then(tls_error) {
        // Ours, not the server's: it never came to the question.
        Some(error) if !matches!(error, Error::AlertReceived(_)) => {
            Finding::failed(format!("{number} is not the authority that is known here: {error}"))
        }
        _ => Finding::ok(format!("{number} refuses connections without a certificate")),
    }
}

fn tls_error(error: &io::Error) -> Option<&Error> {
    error.get_ref()?.downcast_ref()
}

#[cfg(test)]
mod tests {
    use rustls::{AlertDescription, CertificateError};

    use super::*;
    use crate::verify::Verdict;

    #[test]
    fn only_silence_is_good() {
        let alert = Error::AlertReceived(AlertDescription::CertificateRequired);
        let stranger = Error::InvalidCertificate(CertificateError::UnknownIssuer);
        for (ended, answer, expected) in [
            (Some(io::Error::new(io::ErrorKind::InvalidData, alert)), "", Verdict::Ok),
            (Some(io::ErrorKind::ConnectionReset.into()), "", Verdict::Ok),
            (None, "", Verdict::Ok),
            (None, "HTTP/1.1 403 Forbidden\r\n", Verdict::Failed),
            (Some(io::ErrorKind::ConnectionReset.into()), "HTTP", Verdict::Failed),
            (Some(io::Error::new(io::ErrorKind::InvalidData, stranger)), "", Verdict::Failed),
        ] {
            assert_eq!(judge(6666, ended.as_ref(), answer.as_bytes()).verdict, expected, "{answer}");
        }
    }
}
