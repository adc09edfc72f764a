//! One look at a port: name, connection, TLS, and the answer to a question that changes nothing.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use rustls::{AlertDescription, CertificateError, Error, PeerIncompatible, ProtocolVersion};
use rustls_pki_types::{CertificateDer, ServerName};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::answer::Answer;
use crate::registration::material::Material;
use crate::registration::tls::{Trust, client_config};
use crate::registration::wire::{AUTHORITY_NAME, STATUS_PATH};

/// How long a name may take, and a connection.
const REACHED: Duration = Duration::from_secs(3);
/// How long a handshake may take with its answer.
const ANSWERED: Duration = Duration::from_secs(4);
/// How long a server may take that speaks no TLS.
const PLAIN: Duration = Duration::from_millis(1500);
/// The most that is read of an answer, in bytes.
const MOST: u64 = 64 * 1024;

/// A port of an authority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Port {
    /// Host name or address.
    pub host: String,
    /// Where to connect to, if the host's name resolves nowhere.
    pub address: Option<IpAddr>,
    /// The port's number.
    pub number: u16,
}

/// What a look asks for.
pub struct Manner<'a> {
    /// Whom to believe.
    pub trust: Trust,
    /// What to show.
    pub identity: Option<&'a Material>,
    /// Whether TLS 1.3 is needed.
    pub newest: bool,
}

/// Why there was no answer over TLS.
#[derive(Debug)]
pub enum Miss {
    /// The name leads nowhere.
    Name(String),
    /// No connection comes about.
    Closed(String),
    /// What was waited for in vain.
    Late(&'static str),
    /// Something that speaks no TLS; what it said first.
    Plain(String),
    /// TLS of a version that is not enough; which.
    OldTls(String),
    /// The server ended it, and why.
    Alert(AlertDescription),
    /// Its certificate is not believed.
    Untrusted(CertificateError),
    /// Anything else.
    Other(String),
}

impl Port {
    /// `host:port`.
    pub fn shown(&self) -> String {
        format!("{}:{}", self.host, self.number)
    }

    /// Connects and asks for the authority's status.
    pub async fn look(&self, manner: Manner<'_>) -> Result<Answer, Miss> {
        let addresses = self.resolve().await?;
        let stream = connect(&addresses).await?;
        match timeout(ANSWERED, ask(stream, manner)).await {
            Ok(Err(Miss::Other(why))) => Err(plain(&addresses).await.unwrap_or(Miss::Other(why))),
            Ok(asked) => asked,
            Err(_) => Err(plain(&addresses).await.unwrap_or(Miss::Late("TLS and an answer"))),
        }
    }

    async fn resolve(&self) -> Result<Vec<SocketAddr>, Miss> {
        if let Some(address) = self.address {
            return Ok(vec![SocketAddr::new(address, self.number)]);
        }
        match timeout(REACHED, tokio::net::lookup_host((self.host.as_str(), self.number))).await {
            Ok(Ok(addresses)) => Ok(addresses.collect()),
            Ok(Err(error)) => Err(Miss::Name(error.to_string())),
            Err(_) => Err(Miss::Name(format!("the name service gave no answer within {} s", REACHED.as_secs()))),
        }
    }
}

async fn connect(addresses: &[SocketAddr]) -> Result<TcpStream, Miss> {
    match timeout(REACHED, TcpStream::connect(addresses)).await {
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(error)) => Err(Miss::Closed(error.to_string())),
        Err(_) => Err(Miss::Closed(format!("no connection within {} s", REACHED.as_secs()))),
    }
}

async fn ask(stream: TcpStream, manner: Manner<'_>) -> Result<Answer, Miss> {
    let config = client_config(manner.trust, manner.identity).map_err(|error| Miss::Other(error.to_string()))?;
    let name = ServerName::try_from(AUTHORITY_NAME).map_err(|error| Miss::Other(error.to_string()))?;
    let mut tls = TlsConnector::from(Arc::new(config)).connect(name, stream).await.map_err(|error| missed(&error))?;
    let session = tls.get_ref().1;
    if manner.newest && session.protocol_version() != Some(ProtocolVersion::TLSv1_3) {
        return Err(Miss::OldTls("it offers nothing newer than TLS 1.2".into()));
    }
    let chain: Vec<CertificateDer<'static>> =
        session.peer_certificates().unwrap_or_default().iter().map(|one| one.clone().into_owned()).collect();
    let question = format!("GET {STATUS_PATH} HTTP/1.1\r\nHost: {AUTHORITY_NAME}\r\nConnection: close\r\n\r\n");
    // In TLS 1.3 a client learns only from the first read that its certificate was not believed (RFC 8446, 4.4.2).
    let mut bytes = Vec::new();
    let ended = async {
        tls.write_all(question.as_bytes()).await?;
        tls.flush().await?;
        (&mut tls).take(MOST).read_to_end(&mut bytes).await
    };
    match ended.await {
        Err(error) if bytes.is_empty() => Err(match missed(&error) {
            Miss::Other(_) => Miss::Late("an answer"),
            miss => miss,
        }),
        _ => Ok(Answer::read(&bytes, chain)),
    }
}

/// What a server that is no TLS server says to a request in plain.
async fn plain(addresses: &[SocketAddr]) -> Option<Miss> {
    let mut stream = connect(addresses).await.ok()?;
    let mut said = [0; 512];
    let asked = async {
        stream.write_all(b"GET / HTTP/1.0\r\n\r\n").await?;
        stream.read(&mut said).await
    };
    let read = timeout(PLAIN, asked).await.ok()?.ok().filter(|read| *read > 0)?;
    let first = said[..read].split(|byte| *byte == b'\n').next().unwrap_or_default();
    let is_text = first.iter().all(|byte| byte.is_ascii_graphic() || byte.is_ascii_whitespace());
    is_text.then(|| Miss::Plain(String::from_utf8_lossy(first).trim().to_owned()))
}

fn missed(error: &io::Error) -> Miss {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) {
        Some(Error::AlertReceived(alert)) => match alert {
            AlertDescription::ProtocolVersion
            | AlertDescription::InsufficientSecurity
            | AlertDescription::HandshakeFailure => Miss::OldTls(format!("it ended the handshake: {alert:?}")),
            other => Miss::Alert(*other),
        },
        Some(Error::PeerIncompatible(why)) => Miss::OldTls(match why {
            PeerIncompatible::ServerDoesNotSupportTls12Or13 => "it offers nothing newer than TLS 1.1".into(),
            other => format!("it offers nothing that both know: {other:?}"),
        }),
        Some(Error::InvalidCertificate(why)) => Miss::Untrusted(why.clone()),
        _ => Miss::Other(error.to_string()),
    }
}
