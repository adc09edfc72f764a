//! A client that costs little: HTTP/1.1 by hand over TLS 1.3, a connection and a full handshake for each exchange.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use countersign::registration::tls::{Trust, client_config};
use countersign::registration::wire::AUTHORITY_NAME;
use rustls_pki_types::ServerName;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// A server on the loopback interface. It may be anybody's: only the handshake's signature is checked.
#[derive(Clone)]
pub struct Target {
    port: u16,
    tls: TlsConnector,
    name: ServerName<'static>,
}

/// One connection.
pub struct Connection(TlsStream<TcpStream>);

/// What came back.
pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
}

impl Target {
    pub fn new(port: u16) -> Self {
        let tls = Arc::new(client_config(Trust::Unpinned, None).expect("a configuration")).into();
        Self { port, tls, name: AUTHORITY_NAME.try_into().expect("a name") }
    }

    /// Connects from this address.
    pub async fn connect(&self, from: Ipv4Addr) -> io::Result<Connection> {
        let socket = TcpSocket::new_v4()?;
        socket.bind(SocketAddr::from((from, 0)))?;
        let stream = socket.connect(SocketAddr::from((Ipv4Addr::LOCALHOST, self.port))).await?;
        stream.set_nodelay(true)?;
        self.tls.connect(self.name.clone(), stream).await.map(Connection)
    }

    /// One exchange on a connection of its own; the status of the answer.
    pub async fn ask(&self, from: Ipv4Addr, message: &[u8]) -> io::Result<u16> {
        let mut connection = self.connect(from).await?;
        Ok(connection.ask(message).await?.status)
    }
}

impl Connection {
    /// Sends a request and reads the answer, which must tell its length.
    pub async fn ask(&mut self, message: &[u8]) -> io::Result<Answer> {
        self.0.write_all(message).await?;
        self.0.flush().await?;
        let mut came = Vec::with_capacity(4096);
        loop {
            if self.0.read_buf(&mut came).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if let Some(answer) = whole(&came) {
                return Ok(answer);
            }
        }
    }

    /// What lies below HTTP.
    pub fn session(&self) -> &rustls::ClientConnection {
        self.0.get_ref().1
    }
}

/// The bytes of a request. Each line of `headers` ends with CR LF.
pub fn message(line: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("{line} HTTP/1.1\r\nhost: localhost\r\ncontent-length: {}\r\n{headers}\r\n", body.len());
    [head.as_bytes(), body].concat()
}

fn whole(came: &[u8]) -> Option<Answer> {
    let end = came.windows(4).position(|bytes| bytes == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(&came[..end]).expect("text").to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
    let length = length.map_or(0, |length| length.trim().parse().expect("a length"));
    let status = head.get(9..12)?.parse().expect("a status");
    let body = came.get(end..end + length)?.to_vec();
    Some(Answer { status, body })
}
