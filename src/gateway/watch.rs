//! One connection to PassPort that is kept only to see it end: so an outage is noticed at once, and not by a user.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use rustls::AlertDescription;
use rustls_pki_types::ServerName;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::registration::wire::{AUTHORITY_NAME, STATUS_PATH};

/// How long the connection may take to come about, and an answer to come.
const PATIENCE: Duration = Duration::from_secs(3);
/// How long it is left alone; PassPort gives up what is idle for 30 s.
const LOOK: Duration = Duration::from_secs(15);

/// A connection on which PassPort answered.
pub struct Watch(TlsStream<TcpStream>);

impl Watch {
    /// Connects and asks for the status. The error is one line for people.
    pub async fn open(addresses: &[SocketAddr], tls: &TlsConnector) -> Result<Self, String> {
        let late = |_| format!("no answer within {} s", PATIENCE.as_secs());
        timeout(PATIENCE, connected(addresses, tls)).await.map_err(late)?.map_err(|error| reason(&error))
    }

    /// Ends once PassPort closes the connection or does not answer on it.
    pub async fn closed(mut self) {
        let mut buffer = [0; 1024];
        loop {
            match timeout(LOOK, self.0.read(&mut buffer)).await {
                Ok(Ok(1..)) => {}
                Ok(_) => return,
                Err(_) => {
                    if !matches!(timeout(PATIENCE, answered(&mut self.0)).await, Ok(Ok(()))) {
                        return;
                    }
                }
            }
        }
    }
}

async fn connected(addresses: &[SocketAddr], tls: &TlsConnector) -> io::Result<Watch> {
    let stream = TcpStream::connect(addresses).await?;
    let _ = stream.set_nodelay(true);
    let name = ServerName::try_from(AUTHORITY_NAME).map_err(io::Error::other)?;
    let mut stream = tls.connect(name, stream).await?;
    // Only the answer shows that the certificate was believed (RFC 8446, section 4.6.2 leaves it to the server when).
    answered(&mut stream).await?;
    Ok(Watch(stream))
}

async fn answered(stream: &mut TlsStream<TcpStream>) -> io::Result<()> {
    let request = format!("GET {STATUS_PATH} HTTP/1.1\r\nhost: {AUTHORITY_NAME}\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    stream.flush().await?;
    let mut head = [0; 1024];
    let length = stream.read(&mut head).await?;
    if head[..length].starts_with(b"HTTP/1.1 200 ") {
        Ok(())
    } else {
        Err(io::Error::new(io::ErrorKind::UnexpectedEof, "it closed the connection, or is no PassPort"))
    }
}

/// An error for people; a certificate that is not believed any more is the manual's "was registered, now not trusted".
fn reason(error: &io::Error) -> String {
    let tls = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    match tls {
        Some(rustls::Error::AlertReceived(alert)) if is_about_ours(*alert) => format!(
            "it does not believe the certificate of this repository ({alert:?}): register anew with \
             `countersign gateway register --again`"
        ),
        Some(rustls::Error::InvalidCertificate(why)) => {
            format!("the server is not the PassPort that was pinned at the registration: {why:?}")
        }
        _ => error.to_string(),
    }
}

fn is_about_ours(alert: AlertDescription) -> bool {
    use AlertDescription as Alert;
    matches!(
        alert,
        Alert::BadCertificate
            | Alert::UnsupportedCertificate
            | Alert::CertificateRevoked
            | Alert::CertificateExpired
            | Alert::CertificateUnknown
            | Alert::UnknownCA
            | Alert::DecryptError
    )
}
